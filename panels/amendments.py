"""Amendments: how members would change the text of a proposal, and what its author decides."""

import json
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from panels import notices, submissions
from panels.database import Base, Session, Texts, next_number
from panels.errors import ConflictError, ForbiddenError, NotFoundError, RefusedError
from panels.members import Member, Visitor
from panels.notices import Event
from panels.panels import PhaseName
from panels.people import Person
from panels.proposals import Backing, Proposal


class State(StrEnum):
    """What the author of the proposal has decided."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Version(Base):
    """A text that a proposal had until a change was accepted."""

    __tablename__ = "proposal_versions"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[Texts] = mapped_column(JSON)
    body: Mapped[Texts] = mapped_column(JSON)
    until: Mapped[float]


class Amendment(Base):
    """A change that a member proposes to a proposal."""

    __tablename__ = "amendments"
    __table_args__ = (UniqueConstraint("panel_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    number: Mapped[int]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    version: Mapped[int]
    """The version of the proposal that it changes."""
    title: Mapped[str]
    """The new text, in the proposal's language; translations of the old one say something else."""
    body: Mapped[str]
    why: Mapped[str]
    state: Mapped[State] = mapped_column(default=State.WAITING)
    reason: Mapped[str] = mapped_column(default="")
    """What the author says to the decision."""
    sent_at: Mapped[float]
    decided_at: Mapped[float | None]
    proposal: Mapped[Proposal] = relationship()


@dataclass(frozen=True)
class Draft:
    """An amendment as its writer sends it; ``seen`` is the version of the proposal that the form showed."""

    title: str
    body: str
    why: str
    seen: int


@dataclass(frozen=True)
class Listed:
    """An amendment, with the name that its writer chose, empty if none."""

    amendment: Amendment
    author: str


def send(db: Session, visitor: Visitor, proposal: int, draft: Draft, *, key: str) -> int:
    """Lay the change before the proposal's author; return its number, the same for a form that comes twice.

    Raises ClosedError, NotFoundError; ForbiddenError for the author; RefusedError with what can be mended.
    """
    visitor.require(PhaseName.PROPOSE)
    assert visitor.person is not None, "a seat without a person wrote an amendment"
    found = hold(db, visitor.panel, proposal)
    if found.author_id == visitor.seat:
        raise ForbiddenError("one's own proposal")
    own = select(Amendment).where(Amendment.proposal_id == found.id, Amendment.author_id == visitor.seat)
    words = json.dumps([found.id, draft.title, draft.body, draft.why])
    with submissions.once(db, key=key, person=visitor.person, body=words, at=visitor.now) as is_first:
        if not is_first:
            return db.scalars(own.order_by(Amendment.id.desc()).limit(1)).one().number
        if db.scalars(own.where(Amendment.state == State.WAITING)).first():
            raise RefusedError("amendment_waiting", "body")
        refuse_stale(found, draft)
        number = next_number(db, visitor.panel, "amendments")
        sent = Amendment(panel_id=visitor.panel, number=number, proposal_id=found.id, author_id=visitor.seat)
        sent.title, sent.body, sent.why = draft.title, draft.body, draft.why
        sent.version, sent.sent_at = found.version, visitor.now
        db.add(sent)
        db.flush()
        notices.tell(db, Event.AMENDMENT, sent.id, seat=found.author_id, at=visitor.now)
    return number


def hold(db: Session, panel: int, number: int) -> Proposal:
    """Return the panel's proposal, whose text nobody else changes before the commit. Raises NotFoundError."""
    where = select(Proposal).where(Proposal.panel_id == panel, Proposal.number == number)
    found = db.scalars(where.with_for_update()).one_or_none()
    if found is None:
        raise NotFoundError(f"proposal {number}")
    return found


def refuse_stale(proposal: Proposal, draft: Draft) -> None:
    """Raise RefusedError for a change of what the proposal says no more, or of nothing."""
    if proposal.version != draft.seen:
        raise RefusedError("text_changed", "body")
    language = proposal.language
    if (proposal.title[language], proposal.body[language]) == (draft.title, draft.body):
        raise RefusedError("nothing_changed", "body")


def get(db: Session, panel: int, proposal: int, number: int) -> Listed:
    """Return the amendment of that number to the proposal of that number. Raises NotFoundError."""
    asked = NAMED.where(Amendment.panel_id == panel, Amendment.number == number)
    row = db.execute(asked.where(Proposal.number == proposal)).one_or_none()
    if row is None:
        raise NotFoundError(f"amendment {number}")
    return Listed(*row)


def of_proposal(db: Session, proposal: int) -> list[Listed]:
    """Return the amendments to the proposal id, newest first."""
    rows = db.execute(NAMED.where(Amendment.proposal_id == proposal).order_by(Amendment.id.desc()))
    return [Listed(*row) for row in rows]


def text_before(db: Session, amendment: Amendment) -> tuple[str, str]:
    """Return (title, body) that the change was written for, in the proposal's language."""
    proposal = amendment.proposal
    found = db.get(Version, (proposal.id, amendment.version)) or proposal
    return found.title[proposal.language], found.body[proposal.language]


def decide(
    db: Session, visitor: Visitor, proposal: int, number: int, *, state: State, reason: str
) -> Amendment:
    """Let the proposal's author accept the change into its text or reject it; the same again does nothing.

    Raises ClosedError; NotFoundError for anybody else; RefusedError for a rejection that says no reason or
    a change of an older text; ConflictError after another decision.
    """
    visitor.require(PhaseName.PROPOSE)
    found = hold(db, visitor.panel, proposal)
    amendment = get(db, visitor.panel, proposal, number).amendment
    if found.author_id != visitor.seat:
        raise NotFoundError(f"amendment {number} to one's own proposal")
    if amendment.state is not State.WAITING:
        if (amendment.state, amendment.reason) != (state, reason):
            raise ConflictError(f"amendment {number}")
        return amendment
    if state is State.REJECTED and not reason:
        raise RefusedError("missing", "reason")
    if state is State.ACCEPTED and found.version != amendment.version:
        raise RefusedError("text_changed_since", "decision")
    amendment.state, amendment.reason, amendment.decided_at = state, reason, visitor.now
    notices.tell(db, Event.AMENDMENT_DECIDED, amendment.id, seat=amendment.author_id, at=visitor.now)
    if state is State.ACCEPTED:
        take_over(db, found, amendment, at=visitor.now)
    db.flush()
    return amendment


def take_over(db: Session, proposal: Proposal, amendment: Amendment, *, at: float) -> None:
    """Give the proposal the new text, keep the old one, and tell the others who back it."""
    language = proposal.language
    old = Version(proposal_id=proposal.id, version=proposal.version, title=proposal.title, body=proposal.body)
    old.until = at
    db.add(old)
    proposal.title, proposal.body = {language: amendment.title}, {language: amendment.body}
    proposal.version += 1
    busy = (proposal.author_id, amendment.author_id)
    backers = select(Backing.member_id).where(
        Backing.proposal_id == proposal.id, Backing.member_id.not_in(busy)
    )
    for backer in db.scalars(backers):
        notices.tell(db, Event.AMENDED, amendment.id, seat=backer, at=at)


NAMED = (
    select(Amendment, func.coalesce(Person.name, ""))
    .join(Proposal, Proposal.id == Amendment.proposal_id)
    .join(Member, Member.id == Amendment.author_id)
    .outerjoin(Person, Person.id == Member.person_id)
)
