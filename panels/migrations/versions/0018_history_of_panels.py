"""History of panels."""

# A migration runs while the previous release still serves, and must not stop it:
# - Add, fill, switch; drop in a later release. No renaming: the previous release uses these tables too.
# - A new column may be empty or has a server_default, for the previous release does not fill it.
# - No long lock: on PostgreSQL fill a big table in steps, build its indexes in a migration of their own.
# - Plain SQL and `op` only: the models change later, a migration never does.
# - On SQLite alter a table by `with op.batch_alter_table(...)`, which makes it anew and keeps its rows.
# - Nothing goes back: a mistake is mended by the next migration.

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "history_lines",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("commitment", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("history_lines_panel_id_of_panels")),
        sa.PrimaryKeyConstraint("panel_id", "number", name=op.f("history_lines_key")),
    )
    op.create_table(
        "history_openings",
        sa.Column("panel_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("history_openings_member_id_of_members")
        ),
        sa.ForeignKeyConstraint(
            ["panel_id", "number"],
            ["history_lines.panel_id", "history_lines.number"],
            name=op.f("history_openings_panel_id_number_of_history_lines"),
        ),
        sa.PrimaryKeyConstraint("panel_id", "number", name=op.f("history_openings_key")),
    )
    with op.batch_alter_table("history_openings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("history_openings_by_member_id"), ["member_id"], unique=False)
