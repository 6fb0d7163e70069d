"""Comments on proposals, in two levels: for, concerns and questions, and what is replied to them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, and_, false, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from panels import notices, proposals, submissions
from panels.database import Base, Session, Texts
from panels.errors import ClosedError, ConflictError, ForbiddenError, NotFoundError, RefusedError
from panels.members import Member, Visitor
from panels.notices import Event
from panels.panels import PhaseName
from panels.people import Person
from panels.permissions import Role

DAY = 86_400
MOST_A_DAY = 30
UNDO = 10  # seconds in which a writer may take a comment back: nobody is told of it before
ON_A_PAGE = 50


class CommentKind(StrEnum):
    """What a comment brings: the first three stand on top, the others under one of them."""

    SUPPORT = "support"
    CONCERN = "concern"
    QUESTION = "question"
    REPLY = "reply"
    ANSWER = "answer"
    """A reply by a facilitator."""


TOP = (CommentKind.SUPPORT, CommentKind.CONCERN, CommentKind.QUESTION)


class Comment(Base):
    """A remark on a proposal, or a reply to one; plain text."""

    __tablename__ = "comments"
    __table_args__ = (Index("comments_of_proposal", "proposal_id", "parent_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"))
    kind: Mapped[CommentKind]
    texts: Mapped[Texts] = mapped_column(JSON)
    language: Mapped[str]
    """The language it was written in; its other texts are translations."""
    author_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    """The writer's seat; empty for an answer by a facilitator."""
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """The facilitator who answered."""
    sent_at: Mapped[float]


@dataclass(frozen=True)
class Draft:
    """A comment as its writer sends it; ``proposal`` is a number, ``parent`` the comment it replies to."""

    proposal: int
    kind: CommentKind
    texts: Texts
    language: str
    parent: int | None = None


@dataclass(frozen=True)
class Shown:
    """A comment as its readers see it, with what was replied."""

    id: int
    kind: CommentKind
    texts: Texts
    language: str
    sent_at: float
    author: str
    """The name that the writer chose, empty if none or if a facilitator answered."""
    is_fresh: bool
    """Whether its reader wrote it just now and may still take it back."""
    replies: tuple["Shown", ...] = ()


@dataclass(frozen=True)
class Thread:
    """A page of the comments on a proposal."""

    groups: Mapping[CommentKind, list[Shown]]
    total: int
    """Comments on top, without replies."""
    page: int
    pages: int


def add(db: Session, visitor: Visitor, draft: Draft, *, key: str) -> int:
    """Publish the comment and return its id, the same for a form that comes twice.

    Residents comment and reply while proposals are open; a facilitator answers in any phase.
    Raises ClosedError, ForbiddenError, NotFoundError; RefusedError after MOST_A_DAY of one seat in a day.
    """
    require_open(visitor, draft.kind)
    proposal = proposals.locate(db, visitor.panel, draft.proposal)
    require_place(db, proposal, draft)
    assert visitor.person is not None, "somebody unknown wrote a comment"
    words = json.dumps([proposal, draft.parent, draft.kind, draft.texts])
    comment = Comment(proposal_id=proposal, parent_id=draft.parent, kind=draft.kind, texts=draft.texts)
    comment.language, comment.sent_at = draft.language, visitor.now
    if draft.kind is CommentKind.ANSWER:
        comment.staff_id = visitor.person
    else:
        comment.author_id = visitor.seat
    with submissions.once(db, key=key, person=visitor.person, body=words, at=visitor.now) as is_first:
        if not is_first:
            return stored(db, visitor, draft)
        today = select(Comment.id).where(written_by(visitor), Comment.sent_at > visitor.now - DAY)
        if comment.author_id and len(db.scalars(today).all()) >= MOST_A_DAY:
            raise RefusedError("comments_a_day", "text", most=MOST_A_DAY)
        db.add(comment)
        db.flush()
        if draft.kind is CommentKind.ANSWER:
            asked = select(Comment.author_id).where(Comment.id == draft.parent)
            notices.tell(db, Event.ANSWERED, comment.id, seat=db.scalar(asked), at=visitor.now + UNDO)
    return comment.id


def stored(db: Session, visitor: Visitor, draft: Draft) -> int:
    """Return the comment that the same form brought before. Raises ConflictError if it was taken back."""
    own = select(Comment).where(written_by(visitor), Comment.kind == draft.kind).order_by(Comment.id.desc())
    for comment in db.scalars(own):
        if (comment.parent_id, comment.texts) == (draft.parent, draft.texts):
            return comment.id
    raise ConflictError("the comment was taken back")


def written_by(visitor: Visitor) -> ColumnElement[bool]:
    """Return what tells the visitor's own comments: as a member, or as a facilitator."""
    return or_(Comment.author_id == (visitor.member or 0), Comment.staff_id == (visitor.person or 0))


def take_back(db: Session, visitor: Visitor, proposal: int, comment: int) -> None:
    """Remove the visitor's own comment on the proposal id, within UNDO seconds and before anybody replied.

    Raises NotFoundError for what the visitor did not write; RefusedError when it is too late.
    """
    own = select(Comment).where(Comment.proposal_id == proposal, Comment.id == comment, written_by(visitor))
    found = db.scalars(own.with_for_update()).one_or_none()
    if found is None:
        raise NotFoundError(f"comment {comment}")
    if visitor.now - found.sent_at > UNDO:
        raise RefusedError("undo_ended", f"comment-{comment}", seconds=UNDO)
    if db.scalar(select(Comment.id).where(Comment.parent_id == comment).limit(1)) is not None:
        raise RefusedError("replied_already", f"comment-{comment}")
    db.delete(found)
    notices.withdraw(db, Event.ANSWERED, comment)
    db.flush()


def may_answer(visitor: Visitor) -> bool:
    """Return whether the visitor answers as a facilitator, which is possible in any phase."""
    return visitor.staff is Role.FACILITATOR and visitor.opened_at is not None and visitor.phase is not None


def require_open(visitor: Visitor, kind: CommentKind) -> None:
    """Raise ForbiddenError or ClosedError unless the visitor may write a comment of the kind now."""
    if (kind is CommentKind.ANSWER) != (visitor.staff is Role.FACILITATOR):
        raise ForbiddenError(kind)
    if kind is not CommentKind.ANSWER:
        visitor.require(PhaseName.PROPOSE)
    elif not may_answer(visitor):
        raise ClosedError(kind)


def require_place(db: Session, proposal: int, draft: Draft) -> None:
    """Raise unless a reply stands under a comment on top, and only a reply does."""
    if (draft.parent is None) != (draft.kind in TOP):
        raise RefusedError("not_an_option", "kind")
    if draft.parent is None:
        return
    on_top = select(Comment.id).where(Comment.proposal_id == proposal, Comment.parent_id.is_(None))
    held = on_top.where(Comment.id == draft.parent).with_for_update(read=True, key_share=True)
    if db.scalar(held) is None:
        raise NotFoundError(f"comment {draft.parent}")


SHOWN = (
    select(Comment.parent_id, Comment.id, Comment.kind, Comment.texts, Comment.language, Comment.sent_at)
    .add_columns(func.coalesce(Person.name, ""))
    .outerjoin(Member, Member.id == Comment.author_id)
    .outerjoin(Person, Person.id == Member.person_id)
    .order_by(Comment.id)
)


def thread(
    db: Session, visitor: Visitor, proposal: int, *, page: int = 1, showing: int | None = None
) -> Thread:
    """Return a page of the comments on a proposal id, oldest first, or the page ``showing`` a comment."""
    on_top = select(Comment.id).where(Comment.proposal_id == proposal, Comment.parent_id.is_(None))
    tops = list(db.scalars(on_top.order_by(Comment.id)))
    pages = max(1, -(-len(tops) // ON_A_PAGE))
    if showing in tops:
        page = tops.index(showing) // ON_A_PAGE + 1
    page = min(max(page, 1), pages)
    asked = tops[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    shown: dict[int, Shown] = {}
    replies: dict[int, list[Shown]] = {top: [] for top in asked}
    is_fresh = and_(written_by(visitor), Comment.sent_at >= visitor.now - UNDO)
    on_page = or_(Comment.id.in_(asked), Comment.parent_id.in_(asked))
    for parent, *columns in db.execute(SHOWN.add_columns(func.coalesce(is_fresh, false())).where(on_page)):
        comment = Shown(*columns)
        if parent is None:
            shown[comment.id] = comment
        else:
            replies[parent].append(comment)
    groups: dict[CommentKind, list[Shown]] = {kind: [] for kind in TOP}
    for top in asked:
        groups[shown[top].kind].append(replace(shown[top], replies=tuple(replies[top])))
    return Thread(groups, len(tops), page, pages)
