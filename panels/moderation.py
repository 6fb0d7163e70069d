"""The queue: what residents wrote is published or sent back with a reason, oldest first."""

from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import func, select, update

from panels import history, notices, panels, statements
from panels.database import Session
from panels.errors import ConflictError, NotFoundError, RefusedError
from panels.history import Act
from panels.members import Visitor
from panels.notices import Event
from panels.statements import Origin, State, Statement

LONGEST = 2_000  # characters of a message
SHOWN = 50  # statements of the queue on one page


class Reason(StrEnum):
    """Why a text is sent back: a closed list, and always about the text."""

    DUPLICATE = "duplicate"
    TWO_IDEAS = "two_ideas"
    QUESTION = "question"
    PERSONAL = "personal"
    PRIVATE = "private"
    NOT_POSSIBLE = "not_possible"
    OFF_TOPIC = "off_topic"
    OFFENSIVE = "offensive"


ACTS = {State.PUBLISHED: Act.STATEMENT_PUBLISHED, State.SENT_BACK: Act.STATEMENT_SENT_BACK}
"""How each decision stands in the history."""


class Decision(NamedTuple):
    """What is decided on a text."""

    state: State
    reason: str = ""
    message: str = ""


def get(db: Session, panel: int, number: int) -> Statement:
    """Return the resident's statement of that number: the organiser's never waited. Raises NotFoundError."""
    found = statements.get(db, panel, number)
    if found.origin is not Origin.RESIDENT:
        raise NotFoundError(f"statement {number} in the queue")
    return found


def waiting(db: Session, panel: int) -> list[Statement]:
    """Return the statements that wait for a decision, oldest first, at most SHOWN."""
    asked = select(Statement).where(Statement.panel_id == panel, Statement.state == State.WAITING)
    return list(db.scalars(asked.order_by(Statement.sent_at, Statement.id).limit(SHOWN)))


def count_waiting(db: Session, panel: int) -> int:
    """Return how many statements wait for a decision."""
    asked = select(func.count()).where(Statement.panel_id == panel, Statement.state == State.WAITING)
    return db.execute(asked).scalar_one()


def decided_since(db: Session, panel: int, since: float) -> dict[State, int]:
    """Return how many of the residents' statements were decided since the moment, by what became of them."""
    residents = Statement.panel_id == panel, Statement.origin == Origin.RESIDENT
    asked = select(Statement.state, func.count()).where(*residents, Statement.decided_at >= since)
    return {row[0]: row[1] for row in db.execute(asked.group_by(Statement.state))}


def approve(db: Session, visitor: Visitor, statement: Statement, *, seen: int) -> None:
    """Publish the statement. Raises ConflictError if somebody decided since the form showed it."""
    decide(db, visitor, statement, Decision(State.PUBLISHED), seen=seen)


def send_back(
    db: Session, visitor: Visitor, statement: Statement, reason: Reason, message: str, *, seen: int
) -> None:
    """Send the statement back to its writer, with why. Raises RefusedError, ConflictError."""
    if not message:
        raise RefusedError("missing", "message")
    if len(message) > LONGEST:
        raise RefusedError("too_long", "message", most=LONGEST, over=len(message) - LONGEST)
    decide(db, visitor, statement, Decision(State.SENT_BACK, reason, message), seen=seen)


def decide(db: Session, visitor: Visitor, statement: Statement, decision: Decision, *, seen: int) -> None:
    """Store the decision and leave the writer a notice; the same decision sent again changes nothing."""
    values = {**decision._asdict(), "decided_at": visitor.now, "decided_by": visitor.person}
    undecided = Statement.id == statement.id, Statement.state == State.WAITING, Statement.version == seen
    stored = db.execute(update(Statement).where(*undecided).values(version=seen + 1, **values))
    db.refresh(statement)
    if stored.rowcount:  # type: ignore[attr-defined]
        panels.touch(panels.get(db, visitor.panel))
        notices.tell(db, Event.DECIDED, statement.id, seat=statement.author_id, at=visitor.now)
        told: dict[str, str | int] = {"statement": statement.number}
        told |= {"rule": decision.reason} if decision.reason else {}
        history.append(db, visitor.panel, ACTS[decision.state], told, at=visitor.now)
    elif Decision(statement.state, statement.reason, statement.message) != decision:
        raise ConflictError(f"statement {statement.number}")
