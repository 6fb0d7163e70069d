"""Drafts of proposals: kept for their writer alone until they are sent."""

from dataclasses import dataclass

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from panels.database import Base, Session
from panels.errors import ConflictError, NotFoundError, RefusedError
from panels.members import Visitor
from panels.panels import PhaseName

MOST = 10  # drafts of one seat


class ProposalDraft(Base):
    """A proposal that its writer has not sent."""

    __tablename__ = "proposal_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    key: Mapped[str] = mapped_column(unique=True)
    """The key of its form: saved again it is the same draft, and sent it becomes one proposal."""
    title: Mapped[str]
    body: Mapped[str]
    language: Mapped[str]
    saved_at: Mapped[float]


@dataclass(frozen=True)
class Draft:
    """What has been written so far, and in which language."""

    title: str
    body: str
    language: str


def save(db: Session, visitor: Visitor, draft: Draft, *, key: str) -> int:
    """Keep what is written under the form's key and return the draft's id.

    Raises ClosedError; RefusedError for nothing written or more than MOST drafts; ConflictError for a key
    of somebody else.
    """
    visitor.require(PhaseName.PROPOSE)
    if not (draft.title or draft.body):
        raise RefusedError("missing", "title")
    found = db.scalars(select(ProposalDraft).where(ProposalDraft.key == key)).one_or_none()
    if found is None:
        if len(of_visitor(db, visitor)) >= MOST:
            raise RefusedError("too_many_drafts", "title", most=MOST)
        found = ProposalDraft(member_id=visitor.seat, key=key)
    if found.member_id != visitor.seat:
        raise ConflictError(key)
    found.title, found.body, found.language = draft.title, draft.body, draft.language
    found.saved_at = visitor.now
    db.add(found)
    db.flush()
    return found.id


def of_visitor(db: Session, visitor: Visitor) -> list[ProposalDraft]:
    """Return the visitor's own drafts, the latest first; none without a seat."""
    own = select(ProposalDraft).where(ProposalDraft.member_id == (visitor.member or 0))
    return list(db.scalars(own.order_by(ProposalDraft.saved_at.desc(), ProposalDraft.id.desc())))


def get(db: Session, visitor: Visitor, draft: int) -> ProposalDraft:
    """Return the visitor's own draft. Raises NotFoundError, also for somebody else's."""
    own = ProposalDraft.id == draft, ProposalDraft.member_id == visitor.seat
    found = db.scalars(select(ProposalDraft).where(*own)).one_or_none()
    if found is None:
        raise NotFoundError(f"draft {draft}")
    return found


def forget(db: Session, visitor: Visitor, *, key: str) -> None:
    """Delete the visitor's draft of the form's key, if there is one: it was sent."""
    own = ProposalDraft.key == key, ProposalDraft.member_id == visitor.seat
    db.execute(delete(ProposalDraft).where(*own))
