"""Let people go: when a seat was left, and ids of people that are never given again."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("members", sa.Column("left_at", sa.Double(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("people", recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            pass  # made anew so that SQLite counts on; PostgreSQL always does
