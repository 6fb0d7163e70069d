"""Messages of the staff to all members of a panel: sent once, found by those who join later too."""

from collections.abc import Mapping

from sqlalchemy import JSON, ForeignKey, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from panels import organisation, submissions
from panels.database import NOW, Base, Session, Texts
from panels.errors import NotFoundError
from panels.members import TAKES_PART, Member, MemberKind, Visitor
from panels.notices import Event, Notice

LONGEST = {"title": 120, "body": 2000}


class Message(Base):
    """What the staff wrote to the members, in the languages of the organisation at least."""

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"), index=True)
    title: Mapped[Texts] = mapped_column(JSON)
    body: Mapped[Texts] = mapped_column(JSON)
    language: Mapped[str]
    """The organisation's own; whoever reads none of the message's languages gets this one."""
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    sent_at: Mapped[float]


def get(db: Session, panel: int, message: int) -> Message:
    """Return the panel's message. Raises NotFoundError."""
    found = db.get(Message, message)
    if found is None or found.panel_id != panel:
        raise NotFoundError(f"message {message}")
    return found


def sent(db: Session, panel: int) -> list[Message]:
    """Return the panel's messages, newest first."""
    asked = select(Message).where(Message.panel_id == panel)
    return list(db.scalars(asked.order_by(Message.sent_at.desc(), Message.id.desc())))


def send(db: Session, visitor: Visitor, title: Texts, body: Texts, *, key: str) -> None:
    """Store the message and tell all members; the same form sent again changes nothing.

    Raises ConflictError for another text under the key.
    """
    assert visitor.person is not None, "staff are signed in"
    words = f"{visitor.panel} {sorted(title.items())} {sorted(body.items())}"
    if not submissions.is_first(db, key=key, person=visitor.person, body=words, at=visitor.now):
        return
    message = Message(panel_id=visitor.panel, title=title, body=body, sent_at=visitor.now)
    message.language, message.sent_by = organisation.current(db).language, visitor.person
    db.add(message)
    db.flush()
    tell(db, visitor, message)


def tell(db: Session, visitor: Visitor, message: Message) -> int:
    """Leave a notice to each member who has none of the message; return how many that were.

    So a member who came later is told alone, and nobody is told twice.
    """
    values = {"panel": message.panel_id, "message": message.id, "at": visitor.now}
    return int(db.execute(TELL, values).rowcount)  # type: ignore[attr-defined]


def receivers(db: Session, panel: int) -> Mapping[int, tuple[int, int]]:
    """Return by message how many were told of it, and how many members have come since who were not."""
    told = select(Notice.about, func.count()).where(Notice.event == Event.MESSAGE, Notice.panel_id == panel)
    counts = {row[0]: row[1] for row in db.execute(told.group_by(Notice.about))}
    late = {row[0]: row[1] for row in db.execute(UNTOLD, {"panel": panel})}
    return {message.id: (counts.get(message.id, 0), late.get(message.id, 0)) for message in sent(db, panel)}


def missed(db: Session, person: int) -> list[Message]:
    """Return the messages to the person's panels of which no notice tells them: they came later."""
    seat = select(Member.panel_id).where(Member.person_id == person, TAKES_PART)
    told = select(Notice.about).where(Notice.person_id == person, Notice.event == Event.MESSAGE)
    here = Message.panel_id.in_(seat.where(Member.kind != MemberKind.GUEST)), Message.id.not_in(told)
    return list(db.scalars(select(Message).where(*here, Message.sent_at <= NOW)))


HEARERS = (
    " from messages join members on members.panel_id = messages.panel_id and members.kind <> 'guest'"
    " and takes_part and person_id is not null"
    " where not exists (select 1 from follows where follows.panel_id = members.panel_id"
    " and follows.person_id = members.person_id and not follows)"
    " and not exists (select 1 from notices where notices.person_id = members.person_id"
    " and event = 'message' and about = messages.id) and messages.panel_id = :panel"
)
"""Members who want to hear of the panel and were not told of a message."""
TELL = text(
    "insert into notices (person_id, panel_id, event, about, at)"
    f" select members.person_id, :panel, 'message', messages.id, :at {HEARERS} and messages.id = :message"
    " on conflict do nothing"
)
UNTOLD = text(f"select messages.id, count(*) {HEARERS} group by messages.id")
