"""Paper sheets entered twice."""

# A migration runs while the previous release still serves, and must not stop it:
# - Add, fill, switch; drop in a later release. No renaming: the previous release uses these tables too.
# - A new column may be empty or has a server_default, for the previous release does not fill it.
# - No long lock: on PostgreSQL fill a big table in steps, build its indexes in a migration of their own.
# - Plain SQL and `op` only: the models change later, a migration never does.
# - On SQLite alter a table by `with op.batch_alter_table(...)`, which makes it anew and keeps its rows.
# - Nothing goes back: a mistake is mended by the next migration.

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "keyings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["people.id"], name=op.f("keyings_agent_id_of_people")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("keyings_member_id_of_members")),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("keyings_panel_id_of_panels")),
        sa.PrimaryKeyConstraint("id", name=op.f("keyings_key")),
        sa.UniqueConstraint("member_id", name=op.f("keyings_member_id_once")),
    )
    with op.batch_alter_table("keyings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("keyings_by_agent_id"), ["agent_id"], unique=False)
        batch_op.create_index(batch_op.f("keyings_by_panel_id"), ["panel_id"], unique=False)

    with op.batch_alter_table("desk_entries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_agent_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("desk_entries_by_first_agent_id"), ["first_agent_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("desk_entries_first_agent_id_of_people"), "people", ["first_agent_id"], ["id"]
        )
