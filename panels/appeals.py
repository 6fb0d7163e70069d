"""Appeals: a writer asks for a second look at a text that was sent back, and somebody else decides."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, UniqueConstraint, and_, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from panels import history, notices, panels, statements
from panels.database import Base, Session
from panels.errors import ConflictError, ForbiddenError, NotFoundError, RefusedError
from panels.history import Act
from panels.members import Visitor
from panels.moderation import Kind, Reason
from panels.notices import Event
from panels.panels import ZONE
from panels.people import StaffRole
from panels.permissions import Role
from panels.reasons import VoteReason
from panels.statements import State, Statement

SHORTEST, LONGEST = 10, 500  # characters of why, and of the answer
DAYS = 14  # in which an appeal may be made
WORKING_DAYS = 3  # in which it is answered
DECIDERS = (Role.MODERATOR, Role.FACILITATOR, Role.ADMINISTRATOR)
"""Who may decide an appeal: it goes to the first of these that somebody else holds."""


class Outcome(StrEnum):
    """What has become of an appeal."""

    WAITING = "waiting"
    UPHELD = "upheld"
    PUBLISHED = "published"


class Appeal(Base):
    """What a writer says against a decision; each decision is looked at again once."""

    __tablename__ = "appeals"
    __table_args__ = (
        UniqueConstraint("vote_reason_id", "version"),
        Index(
            "appeals_of_statement_once",
            "statement_id",
            unique=True,
            sqlite_where=text("vote_reason_id is null"),
            postgresql_where=text("vote_reason_id is null"),
        ),
    )
    kind = Kind.APPEAL

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"))
    vote_reason_id: Mapped[int | None] = mapped_column(ForeignKey("vote_reasons.id", ondelete="CASCADE"))
    """The reason that was sent back; empty if it was the statement itself."""
    version: Mapped[int]
    """The version of the text that the decision left: a text sent anew has another."""
    rule: Mapped[Reason]
    """Why the text was sent back, and by whom."""
    first_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    why: Mapped[str]
    sent_at: Mapped[float]
    outcome: Mapped[Outcome] = mapped_column(default=Outcome.WAITING)
    answer: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[float | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    statement: Mapped[Statement] = relationship()
    vote_reason: Mapped[VoteReason | None] = relationship()

    @property
    def matter(self) -> Statement | VoteReason:
        """The text that was sent back."""
        return self.vote_reason or self.statement

    @classmethod
    def within(cls, panel: int) -> ColumnElement[bool]:
        """Return what tells the panel's appeals."""
        return cls.panel_id == panel

    @classmethod
    def numbered(cls, number: int) -> ColumnElement[bool]:
        """Return what tells the appeal that an address means."""
        return cls.id == number

    @property
    def place(self) -> str:
        """Its name in addresses of the queue."""
        return f"{self.kind}-{self.id}"

    @property
    def writer(self) -> int:
        """The seat of whoever appeals."""
        return self.member_id


def open_until(decided_at: float) -> float:
    """Return the moment until which a decision may be appealed against: the end of a day."""
    last = datetime.fromtimestamp(decided_at, ZONE).date() + timedelta(days=DAYS + 1)
    return datetime.combine(last, time(), ZONE).timestamp()


def answered_by(sent_at: float, days: int = WORKING_DAYS) -> date:
    """Return the day by which an appeal is answered: the last of so many working days, Monday to Friday."""
    day, left = datetime.fromtimestamp(sent_at, ZONE).date(), days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day


def own(db: Session, visitor: Visitor, number: int) -> Statement | VoteReason:
    """Return what the visitor was sent back: the statement of that number, or their reason on it.

    Raises NotFoundError, also for what somebody else wrote.
    """
    statement = statements.get(db, visitor.panel, number)
    if statement.author_id == visitor.seat and statement.state is State.SENT_BACK:
        return statement
    mine = VoteReason.member_id == visitor.seat, VoteReason.statement_id == statement.id
    found = db.scalar(select(VoteReason).where(*mine, VoteReason.state == State.SENT_BACK))
    if found is None:
        raise NotFoundError(f"decision on statement {number}")
    return found


def against(db: Session, matter: Statement | VoteReason) -> Appeal | None:
    """Return the appeal against the decision that stands on the text, or None."""
    if isinstance(matter, Statement):
        here = and_(Appeal.statement_id == matter.id, Appeal.vote_reason_id.is_(None))
    else:
        here = and_(Appeal.vote_reason_id == matter.id, Appeal.version == matter.version)
    return db.scalar(select(Appeal).where(here))


def of_member(db: Session, member: int) -> dict[Statement | VoteReason, Appeal]:
    """Return the member's appeals against decisions that stand, by the text that each is about."""
    asked = select(Appeal).outerjoin(Appeal.vote_reason).where(Appeal.member_id == member)
    return {appeal.matter: appeal for appeal in db.scalars(asked.where(STANDS))}


def send(db: Session, visitor: Visitor, matter: Statement | VoteReason, why: str) -> None:
    """Ask for a second look at what the visitor was sent back; the same again counts once.

    Raises RefusedError for a text too short or too long, after the last day, and for a second appeal.
    """
    db.refresh(matter, with_for_update=True)  # two tabs one after the other
    if len(why) < SHORTEST:
        raise RefusedError("too_short", "why", least=SHORTEST)
    if len(why) > LONGEST:
        raise RefusedError("too_long", "why", most=LONGEST, over=len(why) - LONGEST)
    before = against(db, matter)
    if before:
        if before.why != why:
            raise RefusedError("appealed_already", "why")
        return
    assert matter.decided_at is not None, "somebody sent it back"
    if visitor.now >= open_until(matter.decided_at):
        raise RefusedError("appeal_ended", "why", days=DAYS)
    sent = Appeal(panel_id=visitor.panel, member_id=visitor.seat, why=why, sent_at=visitor.now)
    sent.version, sent.rule, sent.first_by = matter.version, Reason(matter.reason), matter.decided_by
    if isinstance(matter, Statement):
        sent.statement_id = matter.id
    else:
        sent.statement_id, sent.vote_reason_id = matter.statement_id, matter.id
    db.add(sent)
    db.flush()


def waiting(panel: int) -> Select[int, float]:
    """Return the query of the panel's appeals that wait: ids, and when each was sent.

    Those whose writer has sent the text anew wait no more.
    """
    undecided = or_(Appeal.vote_reason_id.is_(None), VoteReason.state == State.SENT_BACK)
    asked = select(Appeal.id, Appeal.sent_at).outerjoin(Appeal.vote_reason)
    return asked.where(Appeal.panel_id == panel, Appeal.outcome == Outcome.WAITING, STANDS, undecided)


def get(db: Session, panel: int, appeal: int) -> Appeal:
    """Return the appeal. Raises NotFoundError, also for another panel's."""
    found = db.scalar(select(Appeal).where(Appeal.panel_id == panel, Appeal.id == appeal))
    if found is None:
        raise NotFoundError(f"appeal {appeal}")
    return found


def goes_to(db: Session, panel: int, first_by: int | None) -> Role | None:
    """Return the role of those who may decide after the first moderator; None if there is nobody else."""
    here = or_(StaffRole.panel_id == panel, StaffRole.panel_id.is_(None))
    others = select(StaffRole.role).where(here, StaffRole.person_id != first_by)
    held = set(db.scalars(others.where(StaffRole.role.in_(DECIDERS))))
    return next((role for role in DECIDERS if role in held), None)


def may_decide(visitor: Visitor, appeal: Appeal) -> bool:
    """Return whether the visitor neither decided first nor wrote the text."""
    return visitor.person != appeal.first_by and visitor.member != appeal.member_id


def decide(db: Session, visitor: Visitor, appeal: Appeal, outcome: Outcome, answer: str) -> None:
    """Uphold the decision or publish the text, and tell the writer; the same again changes nothing.

    Raises ForbiddenError for whoever decided first or wrote the text; RefusedError without an answer;
    ConflictError if somebody else decided or the writer has changed the text.
    """
    if not may_decide(visitor, appeal):
        raise ForbiddenError(f"appeal {appeal.id}")
    if not answer:
        raise RefusedError("missing", "answer")
    if len(answer) > LONGEST:
        raise RefusedError("too_long", "answer", most=LONGEST, over=len(answer) - LONGEST)
    matter = appeal.matter
    db.refresh(matter, with_for_update=True)
    db.refresh(appeal)
    if appeal.outcome is not Outcome.WAITING:
        if (appeal.outcome, appeal.answer) != (outcome, answer):
            raise ConflictError(f"appeal {appeal.id}")
        return
    if (matter.state, matter.version) != (State.SENT_BACK, appeal.version):
        raise ConflictError(f"appeal {appeal.id}")
    appeal.outcome, appeal.answer = outcome, answer
    appeal.decided_at, appeal.decided_by = visitor.now, visitor.person
    if outcome is Outcome.PUBLISHED:
        # Its version stays: by it the appeal belongs to the text.
        matter.state, matter.reason = State.PUBLISHED, ""
        matter.decided_at, matter.decided_by = visitor.now, visitor.person
        panels.touch(panels.get(db, visitor.panel))
    db.flush()
    notices.tell(db, Event.APPEAL_DECIDED, appeal.id, seat=appeal.member_id, at=visitor.now)
    told: dict[str, str | int] = {"statement": appeal.statement.number, "rule": appeal.rule.value}
    told |= {"text": "reason" if appeal.vote_reason else "statement", "outcome": outcome.value}
    history.append(db, visitor.panel, Act.APPEAL_DECIDED, told, at=visitor.now)


STANDS = or_(Appeal.vote_reason_id.is_(None), Appeal.version == VoteReason.version)
