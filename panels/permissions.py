"""Who may do what: the only place that says so."""

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What a person is to a panel, or to the whole organisation."""

    OUTSIDER = "outsider"
    GUEST = "guest"
    RESIDENT = "resident"
    PARTNER = "partner"
    NOTE_TAKER = "note_taker"
    CALLER = "caller"
    MODERATOR = "moderator"
    FACILITATOR = "facilitator"
    COUNCIL_SECRETARY = "council_secretary"
    COUNCILLOR = "councillor"
    BODY_MEMBER = "body_member"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """Something a page or a button needs."""

    READ = "read"
    SIGNED_IN = "signed_in"
    JOIN = "join"
    VOTE = "vote"
    WRITE_STATEMENT = "write_statement"
    PROPOSE = "propose"
    COMMENT = "comment"
    MODERATE = "moderate"
    DECIDE_APPEALS = "decide_appeals"
    EDIT_PANEL = "edit_panel"
    CREATE_PANEL = "create_panel"
    READ_DRAFT = "read_draft"
    ENTER_ANSWERS = "enter_answers"
    WORK = "work"


P = Permission
DRAFTS = (P.EDIT_PANEL, P.MODERATE, P.READ_DRAFT)
"""Any of these lets somebody see a panel before it opens."""
EVERYBODY = frozenset({P.READ, P.JOIN})
TAKES_PART = EVERYBODY | {P.VOTE, P.WRITE_STATEMENT, P.PROPOSE, P.COMMENT}
GRANTED: dict[Role, frozenset[Permission]] = {
    Role.OUTSIDER: EVERYBODY,
    Role.GUEST: EVERYBODY | {P.VOTE},
    Role.RESIDENT: TAKES_PART,
    Role.PARTNER: EVERYBODY,
    Role.NOTE_TAKER: EVERYBODY,
    Role.CALLER: EVERYBODY | {P.WORK, P.ENTER_ANSWERS},
    Role.MODERATOR: EVERYBODY | {P.WORK, P.MODERATE, P.DECIDE_APPEALS},
    Role.FACILITATOR: EVERYBODY
    | {P.WORK, P.COMMENT, P.MODERATE, P.DECIDE_APPEALS, P.EDIT_PANEL, P.READ_DRAFT, P.ENTER_ANSWERS},
    Role.COUNCIL_SECRETARY: EVERYBODY | {P.WORK, P.READ_DRAFT},
    Role.COUNCILLOR: EVERYBODY,
    Role.BODY_MEMBER: EVERYBODY,
    Role.ADMINISTRATOR: EVERYBODY | {P.WORK, P.DECIDE_APPEALS, P.EDIT_PANEL, P.CREATE_PANEL},
}
STAFF = tuple(role for role in Role if role not in (Role.OUTSIDER, Role.GUEST, Role.RESIDENT))


def may(roles: Iterable[Role], permission: Permission) -> bool:
    """Return whether any of the roles has the permission; SIGNED_IN is asked of the login, not of a role."""
    return any(permission in GRANTED[role] for role in roles)
