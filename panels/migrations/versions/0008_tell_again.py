"""Let the same thing be told again once it has been told."""

# A migration runs while the previous release still serves, and must not stop it:
# - Add, fill, switch; drop in a later release. No renaming: the previous release uses these tables too.
# - A new column may be empty or has a server_default, for the previous release does not fill it.
# - No long lock: on PostgreSQL fill a big table in steps, build its indexes in a migration of their own.
# - Plain SQL and `op` only: the models change later, a migration never does.
# - On SQLite alter a table by `with op.batch_alter_table(...)`, which makes it anew and keeps its rows.
# - Nothing goes back: a mistake is mended by the next migration.

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("notices_not_told"), sqlite_where=sa.text("told_on is null and letter_id is null")
        )
        batch_op.drop_constraint(batch_op.f("notices_person_id_panel_id_event_about_once"), type_="unique")
        batch_op.create_index(
            "notices_untold_once",
            ["person_id", "panel_id", "event", "about"],
            unique=True,
            sqlite_where=sa.text("told_on is null and letter_id is null"),
            postgresql_where=sa.text("told_on is null and letter_id is null"),
        )
