"""Merges of statements."""

# A migration runs while the previous release still serves, and must not stop it:
# - Add, fill, switch; drop in a later release. No renaming: the previous release uses these tables too.
# - A new column may be empty or has a server_default, for the previous release does not fill it.
# - No long lock: on PostgreSQL fill a big table in steps, build its indexes in a migration of their own.
# - Plain SQL and `op` only: the models change later, a migration never does.
# - On SQLite alter a table by `with op.batch_alter_table(...)`, which makes it anew and keeps its rows.
# - Nothing goes back: a mistake is mended by the next migration.

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("merged_by", sa.Integer(), nullable=True),
        sa.Column("split_at", sa.Double(), nullable=True),
        sa.Column("split_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["first_id"], ["statements.id"], name=op.f("merges_first_id_of_statements")),
        sa.ForeignKeyConstraint(["merged_by"], ["people.id"], name=op.f("merges_merged_by_of_people")),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("merges_panel_id_of_panels")),
        sa.ForeignKeyConstraint(
            ["second_id"], ["statements.id"], name=op.f("merges_second_id_of_statements")
        ),
        sa.ForeignKeyConstraint(["split_by"], ["people.id"], name=op.f("merges_split_by_of_people")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statements.id"], name=op.f("merges_statement_id_of_statements")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("merges_key")),
        sa.UniqueConstraint("statement_id", name=op.f("merges_statement_id_once")),
    )
    with op.batch_alter_table("merges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("merges_by_panel_id"), ["panel_id"], unique=False)
