"""What members add to their answers."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "important_statements",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("important_statements_member_id_of_members")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statements.id"], name=op.f("important_statements_statement_id_of_statements")
        ),
        sa.PrimaryKeyConstraint("member_id", "statement_id", name=op.f("important_statements_key")),
    )
    op.create_index(
        op.f("important_statements_by_statement_id"), "important_statements", ["statement_id"], unique=False
    )
    op.create_table(
        "vote_reasons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.Integer(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.Double(), nullable=False),
        sa.Column("decided_at", sa.Double(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["people.id"], name=op.f("vote_reasons_decided_by_of_people")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("vote_reasons_member_id_of_members")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statements.id"], name=op.f("vote_reasons_statement_id_of_statements")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("vote_reasons_key")),
        sa.UniqueConstraint(
            "member_id", "statement_id", name=op.f("vote_reasons_member_id_statement_id_once")
        ),
    )
    op.create_index(op.f("vote_reasons_by_statement_id"), "vote_reasons", ["statement_id"], unique=False)
