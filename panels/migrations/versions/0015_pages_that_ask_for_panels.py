"""Pages that ask for panels."""

# A migration runs while the previous release still serves, and must not stop it:
# - Add, fill, switch; drop in a later release. No renaming: the previous release uses these tables too.
# - A new column may be empty or has a server_default, for the previous release does not fill it.
# - No long lock: on PostgreSQL fill a big table in steps, build its indexes in a migration of their own.
# - Plain SQL and `op` only: the models change later, a migration never does.
# - On SQLite alter a table by `with op.batch_alter_table(...)`, which makes it anew and keeps its rows.
# - Nothing goes back: a mistake is mended by the next migration.

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "embed_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["given_by"], ["people.id"], name=op.f("embed_keys_given_by_of_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("embed_keys_key")),
    )
    op.create_table(
        "embedded_pages",
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("embedded_pages_panel_id_of_panels")),
        sa.PrimaryKeyConstraint("page", name=op.f("embedded_pages_key")),
        sa.UniqueConstraint("panel_id", name=op.f("embedded_pages_panel_id_once")),
    )
