"""What members add to an answer: that it is important to them, and why they gave it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Select,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from panels import panels
from panels.database import Base, Session
from panels.errors import RefusedError
from panels.members import Member, Visitor
from panels.moderation import ALWAYS_WRONG, Kind, Moderated, State
from panels.notices import Event
from panels.panels import PhaseName
from panels.statements import Card, Statement, Vote

LONGEST = 300  # characters of a reason
DAY = 86_400
MOST_A_DAY = 30
SHOWN = 50  # reasons beside one statement


class Important(Base):
    """A statement that a member holds important."""

    __tablename__ = "important_statements"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"), primary_key=True, index=True)


class VoteReason(Moderated, Base):
    """Why a member answered as they did. It speaks for that choice alone: after another it is not shown."""

    __tablename__ = "vote_reasons"
    __table_args__ = (UniqueConstraint("member_id", "statement_id"),)
    kind, event, refusals = Kind.REASON, Event.REASON_DECIDED, ALWAYS_WRONG

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"), index=True)
    choice: Mapped[int]
    statement: Mapped[Statement] = relationship()

    @classmethod
    def within(cls, panel: int) -> ColumnElement[bool]:
        """Return what tells the reasons for answers in the panel."""
        return cls.statement.has(Statement.panel_id == panel)

    @classmethod
    def waiting(cls, panel: int) -> Select[int, float]:
        """Return the query of reasons that wait and speak for an answer that can still be seen."""
        visible = Statement.panel_id == panel, Statement.state == State.PUBLISHED
        asked = select(cls.id, cls.sent_at).join(cls.statement).join(Vote, SPEAKS)
        return asked.where(*visible, cls.state == State.WAITING)

    @property
    def writer(self) -> int:
        """The seat of whoever gave it."""
        return self.member_id

    @property
    def told(self) -> int:
        """The statement, which goes with the writer's notice."""
        return self.statement_id

    @property
    def details(self) -> dict[str, str | int]:
        """What the panel's history tells of it."""
        return {"statement": self.statement.number}


@dataclass(frozen=True)
class Added:
    """What a member has added to their answers, by statement id."""

    important: frozenset[int]
    reasons: Mapping[int, VoteReason]


class Draft(NamedTuple):
    """What a member adds to one answer, as the form brings it; an empty text is no reason."""

    important: bool
    text: str
    language: str


ANSWER = and_(Vote.member_id == VoteReason.member_id, Vote.statement_id == VoteReason.statement_id)
SPEAKS = and_(ANSWER, Vote.choice == VoteReason.choice)
MARKED = and_(Vote.member_id == Important.member_id, Vote.statement_id == Important.statement_id)
ADDED = (
    select(Vote.statement_id, Important.statement_id.is_not(None), VoteReason)
    .outerjoin(Important, MARKED)
    .outerjoin(VoteReason, ANSWER)
    .where(Vote.member_id == bindparam("member"))
    .where(or_(Important.statement_id.is_not(None), VoteReason.id.is_not(None)))
)


def added(db: Session, member: int) -> Added:
    """Return what the member has added to their answers."""
    rows = db.execute(ADDED, {"member": member}).all()
    important = frozenset(statement for statement, is_marked, _ in rows if is_marked)
    return Added(important, {statement: reason for statement, _, reason in rows if reason})


def decided(db: Session, person: int, statement: int) -> VoteReason | None:
    """Return the person's reason on which a moderator decided; None for none, or one that waits again."""
    own = Member.person_id == person, VoteReason.statement_id == statement
    asked = select(VoteReason).join(Member, Member.id == VoteReason.member_id).where(*own)
    return db.scalar(asked.where(VoteReason.decided_at.is_not(None)))


def published(db: Session, statement: int) -> list[VoteReason]:
    """Return the reasons that readers may see, at most SHOWN, the oldest first."""
    shown = VoteReason.statement_id == statement, VoteReason.state == State.PUBLISHED
    asked = select(VoteReason).join(Vote, SPEAKS).where(*shown)
    return list(db.scalars(asked.order_by(VoteReason.id).limit(SHOWN)))


def add(db: Session, visitor: Visitor, statement: Card, draft: Draft) -> None:
    """Store what the member adds to their answer; a new text waits for a moderator.

    Raises ClosedError; RefusedError without an answer, for a long text, and after MOST_A_DAY in a day.
    """
    visitor.require(PhaseName.VOTE)
    answer = Vote.member_id == visitor.seat, Vote.statement_id == statement.id
    choice = db.scalar(select(Vote.choice).where(*answer).with_for_update())  # two tabs one after the other
    if choice is None:
        raise RefusedError("not_answered", "important")
    if len(draft.text) > LONGEST:
        raise RefusedError("too_long", "text", most=LONGEST, over=len(draft.text) - LONGEST)
    before = added(db, visitor.seat)
    tell_why(db, visitor, VoteReason(statement_id=statement.id, choice=choice), draft, before)
    if draft.important != (statement.id in before.important):
        mark(db, visitor, statement.id, important=draft.important)


def tell_why(db: Session, visitor: Visitor, told: VoteReason, draft: Draft, before: Added) -> None:
    """Store the text in the place of an earlier reason; the same again changes nothing."""
    old, texts = before.reasons.get(told.statement_id), {draft.language: draft.text}
    if not draft.text:
        if old:
            db.delete(old)
    elif old is None:
        if sum(row.sent_at > visitor.now - DAY for row in before.reasons.values()) >= MOST_A_DAY:
            raise RefusedError("reasons_a_day", "text", most=MOST_A_DAY)
        told.member_id, told.texts, told.language = visitor.seat, texts, draft.language
        told.state, told.sent_at = State.WAITING, visitor.now
        db.add(told)
    elif (old.choice, old.texts) != (told.choice, texts):
        old.choice, old.texts, old.language = told.choice, texts, draft.language
        old.state, old.sent_at, old.version = State.WAITING, visitor.now, old.version + 1
        old.decided_at, old.decided_by, old.reason, old.message = None, None, "", ""
    db.flush()


def mark(db: Session, visitor: Visitor, statement: int, *, important: bool) -> None:
    """Store whether the member holds the statement important, and have the summary counted anew."""
    if important:
        db.add(Important(member_id=visitor.seat, statement_id=statement))
    else:
        mine = Important.member_id == visitor.seat, Important.statement_id == statement
        db.execute(delete(Important).where(*mine))
    panels.touch(panels.get(db, visitor.panel))
    db.flush()


def count_important(db: Session, panel: int) -> dict[int, int]:
    """Return how many of those who answered hold each statement important, by statement id."""
    asked = (
        select(Important.statement_id, func.count())
        .join(Vote, MARKED)
        .join(Statement, Statement.id == Important.statement_id)
        .where(Statement.panel_id == panel, Vote.choice.is_not(None))
        .group_by(Important.statement_id)
    )
    return {row[0]: row[1] for row in db.execute(asked)}
