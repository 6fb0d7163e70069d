"""Corrections of statements."""

# A migration runs while the previous release still serves, and must not stop it:
# - Add, fill, switch; drop in a later release. No renaming: the previous release uses these tables too.
# - A new column may be empty or has a server_default, for the previous release does not fill it.
# - No long lock: on PostgreSQL fill a big table in steps, build its indexes in a migration of their own.
# - Plain SQL and `op` only: the models change later, a migration never does.
# - On SQLite alter a table by `with op.batch_alter_table(...)`, which makes it anew and keeps its rows.
# - Nothing goes back: a mistake is mended by the next migration.

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("corrected_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["corrected_by"], ["people.id"], name=op.f("corrections_corrected_by_of_people")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statements.id"], name=op.f("corrections_statement_id_of_statements")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("corrections_key")),
    )
    with op.batch_alter_table("corrections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("corrections_by_statement_id"), ["statement_id"], unique=False)
