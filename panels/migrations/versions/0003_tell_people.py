"""Tell people what happened."""

# A migration runs while the previous release still serves, and must not stop it:
# - Add, fill, switch; drop in a later release. No renaming: the previous release uses these tables too.
# - A new column may be empty or has a server_default, for the previous release does not fill it.
# - No long lock: on PostgreSQL fill a big table in steps, build its indexes in a migration of their own.
# - Plain SQL and `op` only: the models change later, a migration never does.
# - On SQLite alter a table by `with op.batch_alter_table(...)`, which makes it anew and keeps its rows.
# - Nothing goes back: a mistake is mended by the next migration.

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "follows",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("follows", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("follows_panel_id_of_panels")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("follows_person_id_of_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("panel_id", "person_id", name=op.f("follows_key")),
    )
    with op.batch_alter_table("follows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("follows_by_person_id"), ["person_id"], unique=False)

    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("listed_by", sa.Integer(), nullable=True),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listed_by"], ["people.id"], name=op.f("letters_listed_by_of_people"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("letters_panel_id_of_panels")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("letters_person_id_of_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("letters_key")),
    )
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("letters_by_person_id"), ["person_id"], unique=False)
        batch_op.create_index("letters_of_list", ["panel_id", "number"], unique=False)

    op.create_table(
        "mutes",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("mutes_person_id_of_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "topic", name=op.f("mutes_key")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("about", sa.Integer(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("told_on", sa.String(), nullable=True),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letters.id"], name=op.f("notices_letter_id_of_letters"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("notices_panel_id_of_panels")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("notices_person_id_of_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("notices_key")),
        sa.UniqueConstraint(
            "person_id",
            "panel_id",
            "event",
            "about",
            name=op.f("notices_person_id_panel_id_event_about_once"),
        ),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("notices_by_letter_id"), ["letter_id"], unique=False)
        batch_op.create_index(
            "notices_not_told",
            ["person_id"],
            unique=False,
            sqlite_where=sa.text("told_on is null and letter_id is null"),
            postgresql_where=sa.text("told_on is null and letter_id is null"),
        )
