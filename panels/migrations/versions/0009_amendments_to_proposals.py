"""Amendments to proposals."""

# A migration runs while the previous release still serves, and must not stop it:
# - Add, fill, switch; drop in a later release. No renaming: the previous release uses these tables too.
# - A new column may be empty or has a server_default, for the previous release does not fill it.
# - No long lock: on PostgreSQL fill a big table in steps, build its indexes in a migration of their own.
# - Plain SQL and `op` only: the models change later, a migration never does.
# - On SQLite alter a table by `with op.batch_alter_table(...)`, which makes it anew and keeps its rows.
# - Nothing goes back: a mistake is mended by the next migration.

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "amendments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("sent_at", sa.Double(), nullable=False),
        sa.Column("decided_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["members.id"], name=op.f("amendments_author_id_of_members")),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("amendments_panel_id_of_panels")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("amendments_proposal_id_of_proposals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("amendments_key")),
        sa.UniqueConstraint("panel_id", "number", name=op.f("amendments_panel_id_number_once")),
    )
    with op.batch_alter_table("amendments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("amendments_by_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("amendments_by_proposal_id"), ["proposal_id"], unique=False)

    op.create_table(
        "proposal_versions",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("until", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("proposal_versions_proposal_id_of_proposals")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "version", name=op.f("proposal_versions_key")),
    )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
