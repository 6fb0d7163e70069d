"""First tables."""

# A migration runs while the previous release still serves, and must not stop it:
# - Add, fill, switch; drop in a later release. No renaming: the previous release uses these tables too.
# - A new column may be empty or has a server_default, for the previous release does not fill it.
# - No long lock: on PostgreSQL fill a big table in steps, build its indexes in a migration of their own.
# - Plain SQL and `op` only: the models change later, a migration never does.
# - On SQLite alter a table by `with op.batch_alter_table(...)`, which makes it anew and keeps its rows.
# - Nothing goes back: a mistake is mended by the next migration.

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clock_offsets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("clock_offsets_key")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("due_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("jobs_key")),
    )
    op.create_index(op.f("jobs_by_due_at"), "jobs", ["due_at"], unique=False)
    op.create_table(
        "numbers",
        sa.Column("panel_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("noun", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("panel_id", "noun", name=op.f("numbers_key")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("bilingual", sa.Boolean(), nullable=False),
        sa.Column("notice", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("organisations_key")),
    )
    op.create_table(
        "panels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("promise", sa.JSON(), nullable=False),
        sa.Column("not_decided", sa.JSON(), nullable=False),
        sa.Column("owner", sa.JSON(), nullable=False),
        sa.Column("organiser", sa.JSON(), nullable=False),
        sa.Column("considered_on", sa.String(), nullable=False),
        sa.Column("answers_by", sa.String(), nullable=False),
        sa.Column("record_number", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("open_to_all", sa.Boolean(), nullable=False),
        sa.Column("smallest", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.Double(), nullable=True),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("panels_key")),
        sa.UniqueConstraint("slug", name=op.f("panels_slug_once")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("keys", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("people_key")),
        sa.UniqueConstraint("email", name=op.f("people_email_once")),
    )
    op.create_table(
        "pulse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pulse_key")),
    )
    op.create_table(
        "submissions",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("submissions_key")),
    )
    op.create_table(
        "wrong_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login_id", sa.Integer(), nullable=False),
        sa.Column("address_key", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("wrong_codes_key")),
    )
    op.create_index(op.f("wrong_codes_by_address_key"), "wrong_codes", ["address_key"], unique=False)
    op.create_index(op.f("wrong_codes_by_at"), "wrong_codes", ["at"], unique=False)
    op.create_index(op.f("wrong_codes_by_email"), "wrong_codes", ["email"], unique=False)
    op.create_index(op.f("wrong_codes_by_login_id"), "wrong_codes", ["login_id"], unique=False)
    op.create_table(
        "logins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("staff_level", sa.Integer(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("seen_at", sa.Double(), nullable=False),
        sa.Column("ends_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("logins_person_id_of_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("logins_key")),
        sa.UniqueConstraint("token_hash", name=op.f("logins_token_hash_once")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("logins_by_ends_at"), "logins", ["ends_at"], unique=False)
    op.create_index(op.f("logins_by_person_id"), "logins", ["person_id"], unique=False)
    op.create_table(
        "materials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("source", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("added_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("materials_panel_id_of_panels")),
        sa.PrimaryKeyConstraint("id", name=op.f("materials_key")),
        sa.UniqueConstraint("panel_id", "number", name=op.f("materials_panel_id_number_once")),
    )
    op.create_table(
        "members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("members_panel_id_of_panels")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("members_person_id_of_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("members_key")),
        sa.UniqueConstraint("panel_id", "person_id", name=op.f("members_panel_id_person_id_once")),
    )
    op.create_index(op.f("members_by_person_id"), "members", ["person_id"], unique=False)
    op.create_table(
        "phases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("starts_at", sa.Double(), nullable=False),
        sa.Column("ends_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("phases_panel_id_of_panels")),
        sa.PrimaryKeyConstraint("id", name=op.f("phases_key")),
        sa.UniqueConstraint("panel_id", "name", name=op.f("phases_panel_id_name_once")),
    )
    op.create_index(op.f("phases_by_panel_id"), "phases", ["panel_id"], unique=False)
    op.create_table(
        "snapshots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.Double(), nullable=False),
        sa.Column("published_at", sa.Double(), nullable=True),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("versions", sa.BigInteger(), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("voters", sa.Integer(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("masked", sa.JSON(), nullable=False),
        sa.Column("rough", sa.JSON(), nullable=False),
        sa.Column("frozen", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("snapshots_panel_id_of_panels")),
        sa.PrimaryKeyConstraint("id", name=op.f("snapshots_key")),
    )
    op.create_index("snapshots_of_panel", "snapshots", ["panel_id", "id"], unique=False)
    op.create_table(
        "staff_roles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("staff_roles_panel_id_of_panels")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("staff_roles_person_id_of_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("staff_roles_key")),
        sa.UniqueConstraint("person_id", "panel_id", name=op.f("staff_roles_person_id_panel_id_once")),
    )
    op.create_index(
        "one_role_everywhere",
        "staff_roles",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("panel_id is null"),
        postgresql_where=sa.text("panel_id is null"),
    )
    op.create_table(
        "codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("selector", sa.String(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("used_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("codes_member_id_of_members")),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("codes_panel_id_of_panels")),
        sa.PrimaryKeyConstraint("id", name=op.f("codes_key")),
        sa.UniqueConstraint("selector", name=op.f("codes_selector_once")),
    )
    op.create_index(op.f("codes_by_member_id"), "codes", ["member_id"], unique=False)
    op.create_table(
        "login_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("next", sa.String(), nullable=False),
        sa.Column("address_key", sa.String(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("ends_at", sa.Double(), nullable=False),
        sa.Column("used_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["login_id"], ["logins.id"], name=op.f("login_requests_login_id_of_logins"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("login_requests_panel_id_of_panels")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("login_requests_person_id_of_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("login_requests_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("login_requests_by_address_key"), "login_requests", ["address_key"], unique=False)
    op.create_index(op.f("login_requests_by_created_at"), "login_requests", ["created_at"], unique=False)
    op.create_index(op.f("login_requests_by_email"), "login_requests", ["email"], unique=False)
    op.create_index(op.f("login_requests_by_login_id"), "login_requests", ["login_id"], unique=False)
    op.create_table(
        "places",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("places_member_id_of_members")),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshots.id"], name=op.f("places_snapshot_id_of_snapshots")
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("places_key")),
    )
    op.create_index(op.f("places_by_snapshot_id"), "places", ["snapshot_id"], unique=False)
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["members.id"], name=op.f("proposals_author_id_of_members")),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("proposals_panel_id_of_panels")),
        sa.PrimaryKeyConstraint("id", name=op.f("proposals_key")),
        sa.UniqueConstraint("panel_id", "number", name=op.f("proposals_panel_id_number_once")),
    )
    op.create_index(op.f("proposals_by_author_id"), "proposals", ["author_id"], unique=False)
    op.create_table(
        "statements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("theme", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.Double(), nullable=False),
        sa.Column("decided_at", sa.Double(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["members.id"], name=op.f("statements_author_id_of_members")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("statements_decided_by_of_people")),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("statements_panel_id_of_panels")),
        sa.PrimaryKeyConstraint("id", name=op.f("statements_key")),
        sa.UniqueConstraint("panel_id", "number", name=op.f("statements_panel_id_number_once")),
    )
    op.create_index(op.f("statements_by_author_id"), "statements", ["author_id"], unique=False)
    op.create_table(
        "backings",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("backings_member_id_of_members")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("backings_proposal_id_of_proposals")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "member_id", name=op.f("backings_key")),
    )
    op.create_index(op.f("backings_by_member_id"), "backings", ["member_id"], unique=False)
    op.create_table(
        "comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["members.id"], name=op.f("comments_author_id_of_members")),
        sa.ForeignKeyConstraint(["parent_id"], ["comments.id"], name=op.f("comments_parent_id_of_comments")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("comments_proposal_id_of_proposals")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["people.id"], name=op.f("comments_staff_id_of_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("comments_key")),
    )
    op.create_index(op.f("comments_by_author_id"), "comments", ["author_id"], unique=False)
    op.create_index("comments_of_proposal", "comments", ["proposal_id", "parent_id"], unique=False)
    op.create_table(
        "votes",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["people.id"], name=op.f("votes_agent_id_of_people")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("votes_member_id_of_members")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statements.id"], name=op.f("votes_statement_id_of_statements")
        ),
        sa.PrimaryKeyConstraint("member_id", "statement_id", name=op.f("votes_key")),
    )
    op.create_index("votes_of_statement", "votes", ["statement_id"], unique=False)
