"""Background questions, channels and ages of members."""

# A migration runs while the previous release still serves, and must not stop it:
# - Add, fill, switch; drop in a later release. No renaming: the previous release uses these tables too.
# - A new column may be empty or has a server_default, for the previous release does not fill it.
# - No long lock: on PostgreSQL fill a big table in steps, build its indexes in a migration of their own.
# - Plain SQL and `op` only: the models change later, a migration never does.
# - On SQLite alter a table by `with op.batch_alter_table(...)`, which makes it anew and keeps its rows.
# - Nothing goes back: a mistake is mended by the next migration.

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "backgrounds",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("backgrounds_member_id_of_members")),
        sa.PrimaryKeyConstraint("member_id", "question", name=op.f("backgrounds_key")),
    )
    with op.batch_alter_table("members") as table:
        table.add_column(sa.Column("channel", sa.String(), nullable=True))
        table.add_column(sa.Column("reach", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("birth_year", sa.Integer(), nullable=True))
    with op.batch_alter_table("panels") as table:
        table.add_column(sa.Column("background", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("admits_minors", sa.Boolean(), nullable=False, server_default=sa.false()))
