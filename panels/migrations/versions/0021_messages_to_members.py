"""messages to members."""

# A migration runs while the previous release still serves, and must not stop it:
# - Add, fill, switch; drop in a later release. No renaming: the previous release uses these tables too.
# - A new column may be empty or has a server_default, for the previous release does not fill it.
# - No long lock: on PostgreSQL fill a big table in steps, build its indexes in a migration of their own.
# - Plain SQL and `op` only: the models change later, a migration never does.
# - On SQLite alter a table by `with op.batch_alter_table(...)`, which makes it anew and keeps its rows.
# - Nothing goes back: a mistake is mended by the next migration.

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("messages_panel_id_of_panels")),
        sa.ForeignKeyConstraint(["sent_by"], ["people.id"], name=op.f("messages_sent_by_of_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("messages_key")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("messages_by_panel_id"), ["panel_id"], unique=False)
