"""Keep each decision on a text."""

# A migration runs while the previous release still serves, and must not stop it:
# - Add, fill, switch; drop in a later release. No renaming: the previous release uses these tables too.
# - A new column may be empty or has a server_default, for the previous release does not fill it.
# - No long lock: on PostgreSQL fill a big table in steps, build its indexes in a migration of their own.
# - Plain SQL and `op` only: the models change later, a migration never does.
# - On SQLite alter a table by `with op.batch_alter_table(...)`, which makes it anew and keeps its rows.
# - Nothing goes back: a mistake is mended by the next migration.

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("matter", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("decisions_decided_by_of_people")),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("decisions_panel_id_of_panels")),
        sa.PrimaryKeyConstraint("id", name=op.f("decisions_key")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index("decisions_of_panel", ["panel_id", "at"], unique=False)
    with op.batch_alter_table("vote_reasons", schema=None) as batch_op:
        batch_op.add_column(sa.Column("message", sa.String(), server_default="", nullable=False))
    op.execute(STATEMENTS)
    op.execute(REASONS)


STATEMENTS = (
    "insert into decisions (panel_id, kind, matter, before, outcome, rule, at, decided_by)"
    " select panel_id, 'statement', id, 'waiting', state, reason, decided_at, decided_by from statements"
    " where origin = 'resident' and decided_at is not null and state in ('published', 'sent_back')"
)
REASONS = (
    "insert into decisions (panel_id, kind, matter, before, outcome, rule, at, decided_by)"
    " select statements.panel_id, 'reason', vote_reasons.id, 'waiting', vote_reasons.state,"
    " vote_reasons.reason, vote_reasons.decided_at, vote_reasons.decided_by from vote_reasons"
    " join statements on statements.id = statement_id where vote_reasons.decided_at is not null"
)
