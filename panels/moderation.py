"""What moderators decide on texts: one rule for all of them, and one place where each decision is kept."""

from abc import abstractmethod
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, Select, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from panels import history, notices, panels
from panels.database import Base, Session, Texts
from panels.errors import ConflictError, RefusedError
from panels.history import Act
from panels.members import Visitor
from panels.notices import Event

LONGEST = 2_000  # characters of a message
UNDO = 30  # seconds in which a moderator may undo a decision: its writer is told of it only afterwards


class State(StrEnum):
    """Where a text stands on its way to the readers."""

    WAITING = "waiting"
    PUBLISHED = "published"
    SENT_BACK = "sent_back"
    MERGED = "merged"
    HIDDEN = "hidden"
    SPLIT = "split"
    """It was merged of others, which stand for themselves again."""


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


ALWAYS_WRONG = (Reason.PERSONAL, Reason.PRIVATE, Reason.OFF_TOPIC, Reason.OFFENSIVE)
"""The reasons that fit texts of every kind."""


class Kind(StrEnum):
    """What may wait in the queue."""

    STATEMENT = "statement"
    REASON = "reason"
    """Why a member answered as they did."""
    APPEAL = "appeal"


class Moderated:
    """A text on which moderators decide; each noun says where it stands, whose it is and what fits it."""

    kind: ClassVar[Kind]
    event: ClassVar[Event]
    """What its writer is told of a decision."""
    refusals: ClassVar[Sequence[Reason]] = tuple(Reason)
    """Why it may be sent back."""

    id: Mapped[int] = mapped_column(primary_key=True)
    texts: Mapped[Texts] = mapped_column(JSON)
    language: Mapped[str]
    """The language it was written in; its other texts are translations."""
    state: Mapped[State]
    version: Mapped[int] = mapped_column(default=1)
    """Counts its texts, so that a moderator decides on what they read."""
    sent_at: Mapped[float]
    decided_at: Mapped[float | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(default="")
    """Why it was sent back, one of Reason."""
    message: Mapped[str] = mapped_column(default="", server_default="")
    """What its writer is told besides."""

    @classmethod
    @abstractmethod
    def within(cls, panel: int) -> ColumnElement[bool]:
        """Return what tells the panel's rows."""

    @classmethod
    def numbered(cls, number: int) -> ColumnElement[bool]:
        """Return what tells the row that an address means."""
        return cls.id == number

    @classmethod
    def waiting(cls, panel: int) -> Select[int, float]:
        """Return the query of what waits in the panel: ids, and when each was sent."""
        return select(cls.id, cls.sent_at).where(cls.within(panel), cls.state == State.WAITING)

    @property
    def place(self) -> str:
        """Its name in addresses of the queue."""
        return f"{self.kind}-{self.id}"

    @property
    @abstractmethod
    def writer(self) -> int | None:
        """The seat of whoever wrote it, None for staff."""

    @property
    def told(self) -> int:
        """The number that goes with the writer's notice."""
        return self.id

    @property
    @abstractmethod
    def details(self) -> dict[str, str | int]:
        """What the panel's history tells of it."""


class Ruling(NamedTuple):
    """What is decided on a text."""

    state: State
    reason: str = ""
    message: str = ""


class Decision(Base):
    """A decision on a text: kept when the text changes or goes, forgotten only when it is undone."""

    __tablename__ = "decisions"
    __table_args__ = (Index("decisions_of_panel", "panel_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    kind: Mapped[Kind]
    matter: Mapped[int]
    """The id of the text's row."""
    before: Mapped[State]
    outcome: Mapped[State]
    rule: Mapped[str]
    """Why it was sent back, one of Reason; empty for one that was published."""
    at: Mapped[float]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


ACTS = {
    (Kind.STATEMENT, State.PUBLISHED): Act.STATEMENT_PUBLISHED,
    (Kind.STATEMENT, State.SENT_BACK): Act.STATEMENT_SENT_BACK,
    (Kind.REASON, State.PUBLISHED): Act.REASON_PUBLISHED,
    (Kind.REASON, State.SENT_BACK): Act.REASON_SENT_BACK,
}


def approve(db: Session, visitor: Visitor, text: Moderated, *, seen: int) -> None:
    """Publish the text. Raises ConflictError if somebody decided since the form showed it."""
    decide(db, visitor, text, Ruling(State.PUBLISHED), seen=seen)


def send_back(
    db: Session, visitor: Visitor, text: Moderated, reason: Reason, message: str, *, seen: int
) -> None:
    """Send the text back to its writer, with why. Raises RefusedError, ConflictError."""
    if reason not in text.refusals:
        raise RefusedError("no_reason", "reason")
    if not message:
        raise RefusedError("missing", "message")
    if len(message) > LONGEST:
        raise RefusedError("too_long", "message", most=LONGEST, over=len(message) - LONGEST)
    decide(db, visitor, text, Ruling(State.SENT_BACK, reason, message), seen=seen)


def decide(db: Session, visitor: Visitor, text: Moderated, ruling: Ruling, *, seen: int) -> None:
    """Store the ruling and leave the writer a notice; the same ruling sent again changes nothing.

    Raises ConflictError if somebody decided or the text changed since ``seen``, its version in the form.
    """
    table: Any = type(text)
    values = {**ruling._asdict(), "decided_at": visitor.now, "decided_by": visitor.person}
    undecided = table.id == text.id, table.state == State.WAITING, table.version == seen
    stored = db.execute(update(table).where(*undecided).values(**values))
    db.refresh(text)
    if stored.rowcount:  # type: ignore[attr-defined]
        keep(db, visitor, text, State.WAITING)
    elif Ruling(text.state, text.reason, text.message) != ruling:
        raise ConflictError(text.place)


def keep(db: Session, visitor: Visitor, text: Moderated, before: State) -> None:
    """Keep the decision that was stored on the text, and tell its writer once it cannot be undone."""
    kept = Decision(panel_id=visitor.panel, kind=text.kind, matter=text.id, before=before, at=visitor.now)
    kept.outcome, kept.rule, kept.decided_by = text.state, text.reason, visitor.person
    db.add(kept)
    panels.touch(panels.get(db, visitor.panel))
    notices.tell(db, text.event, text.told, seat=text.writer, at=visitor.now + UNDO)
    details = text.details | ({"rule": text.reason} if text.reason else {})
    history.append(db, visitor.panel, ACTS[text.kind, text.state], details, at=visitor.now)


def just_decided(db: Session, visitor: Visitor) -> list[Decision]:
    """Return what the visitor decided last and may still undo: several decisions if they came together."""
    own = Decision.panel_id == visitor.panel, Decision.decided_by == visitor.person
    asked = select(Decision).where(*own, Decision.at >= visitor.now - UNDO)
    found = list(db.scalars(asked.order_by(Decision.at.desc(), Decision.id)))
    return [decision for decision in found if decision.at == found[0].at]


def undo(db: Session, visitor: Visitor, decision: Decision, text: Moderated | None) -> bool:
    """Let the text stand as before the visitor's decision; return False if it has changed since."""
    here = decision.outcome, decision.at
    if text is None or (text.state, text.decided_at) != here:
        return False
    text.state, text.reason, text.message = decision.before, "", ""
    text.decided_at, text.decided_by = None, None
    notices.withdraw(db, text.event, text.told)
    db.delete(decision)
    panels.touch(panels.get(db, visitor.panel))
    history.append(db, visitor.panel, Act.DECISION_UNDONE, text.details, at=visitor.now)
    return True


def decided_since(db: Session, panel: int, since: float) -> dict[State, int]:
    """Return how many texts were decided on since the moment, by what became of them."""
    asked = select(Decision.outcome, func.count()).where(Decision.panel_id == panel, Decision.at >= since)
    return {row[0]: row[1] for row in db.execute(asked.group_by(Decision.outcome))}
