"""Consents of members, and what panels pay."""

# A migration runs while the previous release still serves, and must not stop it:
# - Add, fill, switch; drop in a later release. No renaming: the previous release uses these tables too.
# - A new column may be empty or has a server_default, for the previous release does not fill it.
# - No long lock: on PostgreSQL fill a big table in steps, build its indexes in a migration of their own.
# - Plain SQL and `op` only: the models change later, a migration never does.
# - On SQLite alter a table by `with op.batch_alter_table(...)`, which makes it anew and keeps its rows.
# - Nothing goes back: a mistake is mended by the next migration.

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("consents_member_id_of_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("consents_key")),
    )
    op.create_index(op.f("consents_by_member_id"), "consents", ["member_id"], unique=False)
    with op.batch_alter_table("members") as table:  # who has a seat already takes part
        table.add_column(sa.Column("takes_part", sa.Boolean(), nullable=True, server_default=sa.true()))
    with op.batch_alter_table("panels") as table:
        table.add_column(sa.Column("effort", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("fee", sa.JSON(), nullable=False, server_default="{}"))
