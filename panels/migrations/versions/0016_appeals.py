"""Appeals."""

# A migration runs while the previous release still serves, and must not stop it:
# - Add, fill, switch; drop in a later release. No renaming: the previous release uses these tables too.
# - A new column may be empty or has a server_default, for the previous release does not fill it.
# - No long lock: on PostgreSQL fill a big table in steps, build its indexes in a migration of their own.
# - Plain SQL and `op` only: the models change later, a migration never does.
# - On SQLite alter a table by `with op.batch_alter_table(...)`, which makes it anew and keeps its rows.
# - Nothing goes back: a mistake is mended by the next migration.

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appeals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("vote_reason_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("first_by", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("sent_at", sa.Double(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("decided_at", sa.Double(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("appeals_decided_by_of_people")),
        sa.ForeignKeyConstraint(["first_by"], ["people.id"], name=op.f("appeals_first_by_of_people")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("appeals_member_id_of_members")),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("appeals_panel_id_of_panels")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statements.id"], name=op.f("appeals_statement_id_of_statements")
        ),
        sa.ForeignKeyConstraint(
            ["vote_reason_id"],
            ["vote_reasons.id"],
            name=op.f("appeals_vote_reason_id_of_vote_reasons"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("appeals_key")),
        sa.UniqueConstraint("vote_reason_id", "version", name=op.f("appeals_vote_reason_id_version_once")),
    )
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("appeals_by_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("appeals_by_panel_id"), ["panel_id"], unique=False)
        batch_op.create_index(
            "appeals_of_statement_once",
            ["statement_id"],
            unique=True,
            sqlite_where=sa.text("vote_reason_id is null"),
            postgresql_where=sa.text("vote_reason_id is null"),
        )
