"""Count votes from the index alone."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("votes_counted", "votes", ["statement_id", "choice", "version"], unique=False)
    op.drop_index("votes_of_statement", "votes")
