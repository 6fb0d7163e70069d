"""Proposals: what residents suggest, and who backs it."""

import json
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import (
    JSON,
    ForeignKey,
    UniqueConstraint,
    bindparam,
    column,
    exists,
    func,
    select,
    table,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from panels import submissions
from panels.chance import shuffled
from panels.database import Base, Session, Texts, next_number
from panels.errors import NotFoundError, RefusedError
from panels.members import Member, Visitor
from panels.panels import PhaseName
from panels.people import Person
from panels.statements import bare

DAY = 86_400
MOST_A_DAY = 5


class Proposal(Base):
    """A resident's suggestion; ``body`` is Markdown."""

    __tablename__ = "proposals"
    __table_args__ = (UniqueConstraint("panel_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    number: Mapped[int]
    title: Mapped[Texts] = mapped_column(JSON)
    body: Mapped[Texts] = mapped_column(JSON)
    language: Mapped[str]
    """The language it was written in; its other texts are translations."""
    author_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    sent_at: Mapped[float]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    """Counts the texts that it has had: accepted amendments keep the earlier ones."""


class Backing(Base):
    """A member's support of a proposal."""

    __tablename__ = "backings"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)
    at: Mapped[float]


class Order(StrEnum):
    """How a list of proposals may be ordered; never by support, which would feed itself."""

    RANDOM = "random"
    NEW = "new"
    DISCUSSED = "discussed"


@dataclass(frozen=True)
class Draft:
    """A proposal as its writer sends it."""

    title: Texts
    body: Texts
    language: str


@dataclass(frozen=True)
class Listed:
    """What a list shows of a proposal."""

    number: int
    title: Texts
    language: str
    backers: int
    comments: int


@dataclass(frozen=True)
class Shown:
    """A proposal as its page shows it to one visitor."""

    id: int
    number: int
    title: Texts
    body: Texts
    language: str
    sent_at: float
    author: str
    """The name that the writer chose, empty if none."""
    version: int
    is_own: bool
    """Whether the visitor wrote it."""
    backers: int
    backed: bool
    """Whether the visitor backs it."""


def propose(db: Session, visitor: Visitor, draft: Draft, *, key: str) -> int:
    """Publish the proposal and return its number, the same for a form that comes twice.

    Raises ClosedError; RefusedError for a title that is there already or after MOST_A_DAY of a seat in a day.
    """
    visitor.require(PhaseName.PROPOSE)
    assert visitor.person is not None, "a seat without a person wrote a proposal"
    words = json.dumps([draft.title, draft.body])
    own = select(Proposal.number).where(Proposal.author_id == visitor.seat).order_by(Proposal.id.desc())
    with submissions.once(db, key=key, person=visitor.person, body=words, at=visitor.now) as is_first:
        if not is_first:
            return db.scalars(own.limit(1)).one()
        if len(db.scalars(own.where(Proposal.sent_at > visitor.now - DAY)).all()) >= MOST_A_DAY:
            raise RefusedError("proposals_a_day", "title", most=MOST_A_DAY)
        refuse_twin(db, visitor.panel, draft.title)
        number = next_number(db, visitor.panel, "proposals")
        proposal = Proposal(panel_id=visitor.panel, number=number, title=draft.title, body=draft.body)
        proposal.language, proposal.author_id, proposal.sent_at = draft.language, visitor.seat, visitor.now
        db.add(proposal)
    return number


def titles(db: Session, panel: int) -> dict[int, Texts]:
    """Return the titles of the panel's proposals by number."""
    asked = select(Proposal.number, Proposal.title).where(Proposal.panel_id == panel)
    return {row.number: row.title for row in db.execute(asked.order_by(Proposal.number))}


def refuse_twin(db: Session, panel: int, title: Texts) -> None:
    """Raise RefusedError if a proposal of the panel has the title, capitals and punctuation aside."""
    said = set(map(bare, title.values()))
    for number, known in titles(db, panel).items():
        if not said.isdisjoint(map(bare, known.values())):
            raise RefusedError("same_proposal", "title", number=number)


def back(db: Session, visitor: Visitor, number: int, *, backs: bool = True) -> None:
    """Let the member back the proposal, or no longer. Raises ClosedError, NotFoundError."""
    visitor.require(PhaseName.PROPOSE)
    row = {"proposal": locate(db, visitor.panel, number), "member": visitor.seat, "at": visitor.now}
    db.execute(BACK if backs else LEAVE, row)


BACK = text(
    "insert into backings (proposal_id, member_id, at) values (:proposal, :member, :at)"
    " on conflict do nothing"
)
LEAVE = text("delete from backings where proposal_id = :proposal and member_id = :member")


def locate(db: Session, panel: int, number: int) -> int:
    """Return the id of the panel's proposal of that number. Raises NotFoundError."""
    where = select(Proposal.id).where(Proposal.panel_id == panel, Proposal.number == number)
    found = db.scalar(where)
    if found is None:
        raise NotFoundError(f"proposal {number}")
    return found


COMMENTS = table("comments", column("proposal_id"))  # panels/comments.py has it, and looks up to this module
BACKERS = select(func.count()).where(Backing.proposal_id == Proposal.id).scalar_subquery()
COMMENTED = select(func.count()).where(COMMENTS.c.proposal_id == Proposal.id).scalar_subquery()
LISTED = select(Proposal.number, Proposal.title, Proposal.language, BACKERS, COMMENTED)
BACKED = exists().where(Backing.proposal_id == Proposal.id, Backing.member_id == bindparam("member"))
SHOWN = (
    select(Proposal.id, Proposal.number, Proposal.title, Proposal.body, Proposal.language, Proposal.sent_at)
    .add_columns(func.coalesce(Person.name, ""), Proposal.version)
    .add_columns(Proposal.author_id == bindparam("member"), BACKERS, BACKED)
    .join(Member, Member.id == Proposal.author_id)
    .outerjoin(Person, Person.id == Member.person_id)
    .where(Proposal.panel_id == bindparam("panel"), Proposal.number == bindparam("number"))
)


def listed(db: Session, visitor: Visitor, order: Order = Order.RANDOM) -> list[Listed]:
    """Return all proposals of the panel in the order asked for; by chance is the visitor's own order."""
    found = LISTED.where(Proposal.panel_id == visitor.panel).order_by(Proposal.number.desc())
    proposals = {row.number: Listed(*row) for row in db.execute(found)}
    if order is Order.RANDOM:
        return [proposals[number] for number in shuffled(proposals, visitor)]
    if order is Order.DISCUSSED:
        return sorted(proposals.values(), key=lambda proposal: -proposal.comments)
    return list(proposals.values())


def get(db: Session, visitor: Visitor, number: int) -> Shown:
    """Return the panel's proposal of that number as the visitor sees it. Raises NotFoundError."""
    values = {"panel": visitor.panel, "number": number, "member": visitor.member or 0}
    row = db.execute(SHOWN, values).one_or_none()
    if row is None:
        raise NotFoundError(f"proposal {number}")
    return Shown(*row)
