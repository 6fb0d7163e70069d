"""Notices: what people are told of, stored with its cause, and of what they want to be told."""

import base64
import hmac
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, delete, exists, select, text
from sqlalchemy.orm import Mapped, mapped_column

from panels.database import NOW, Base, Session
from panels.members import Member, Reach, Visitor
from panels.people import Person


class Topic(StrEnum):
    """What somebody may want mail about, or not."""

    OWN = "own"
    """What became of one's own texts."""
    PANELS = "panels"
    """What happens in the panels that one follows."""
    REMINDERS = "reminders"


class Event(StrEnum):
    """What happened; the number that goes with it says to what."""

    DECIDED = "decided"
    """A moderator decided on one's statement."""
    APPEAL_DECIDED = "appeal_decided"
    """Somebody else looked at the decision again."""
    MERGED = "merged"
    """One's statement was merged with another; the number is the merge's."""
    SPLIT = "split"
    """They stand for themselves again."""
    CORRECTED = "corrected"
    """Staff mended the wording of one's statement before anybody had answered it."""
    REASON_DECIDED = "reason_decided"
    """A moderator decided on why one answered as one did; the number is the statement's."""
    ANSWERED = "answered"
    """A facilitator answered one's comment; the number is the answer's."""
    AMENDMENT = "amendment"
    """A member proposes a change to one's proposal."""
    AMENDMENT_DECIDED = "amendment_decided"
    AMENDED = "amended"
    """A proposal that one backs has a new text; the number is the amendment's."""
    PHASE = "phase"
    SUMMARY = "summary"
    """The summary was published; the number is the snapshot's."""
    WAITING = "waiting"
    """Texts wait for the moderators of a panel; the number is the panel's."""
    MESSAGE = "message"
    """The staff wrote to all members."""
    CLOSING = "closing"
    """A phase ends soon in which one has not acted."""
    REMINDED = "reminded"
    """A facilitator reminds those who have not acted in a phase."""


TOPICS = {
    Event.DECIDED: Topic.OWN,
    Event.APPEAL_DECIDED: Topic.OWN,
    Event.MERGED: Topic.OWN,
    Event.SPLIT: Topic.OWN,
    Event.CORRECTED: Topic.OWN,
    Event.REASON_DECIDED: Topic.OWN,
    Event.ANSWERED: Topic.OWN,
    Event.AMENDMENT: Topic.OWN,
    Event.AMENDMENT_DECIDED: Topic.OWN,
    Event.AMENDED: Topic.OWN,
    Event.PHASE: Topic.PANELS,
    Event.SUMMARY: Topic.PANELS,
    Event.WAITING: Topic.PANELS,
    Event.MESSAGE: Topic.PANELS,
    Event.CLOSING: Topic.REMINDERS,
    Event.REMINDED: Topic.REMINDERS,
}


UNTOLD = "told_on is null and letter_id is null"


class Notice(Base):
    """Something that one person is told, by mail or by letter; their own page shows it at once."""

    __tablename__ = "notices"
    __table_args__ = (
        Index(
            "notices_untold_once",
            "person_id",
            "panel_id",
            "event",
            "about",
            unique=True,
            sqlite_where=text(UNTOLD),
            postgresql_where=text(UNTOLD),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    event: Mapped[Event]
    about: Mapped[int]
    at: Mapped[float]
    told_on: Mapped[str | None]
    """The day of its mail, written 2026-11-21, or when it would have had one; empty for none at all."""
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id", ondelete="SET NULL"), index=True)


class Letter(Base):
    """A letter on paper that somebody was sent; those of one list were printed together."""

    __tablename__ = "letters"
    __table_args__ = (Index("letters_of_list", "panel_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    number: Mapped[int]
    """The list, counted within the panel."""
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    listed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    at: Mapped[float]


class Mute(Base):
    """A topic of which a person wants no mail."""

    __tablename__ = "mutes"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[Topic] = mapped_column(primary_key=True)


class Follow(Base):
    """A person's own choice to follow a panel or not; without one, members follow and others do not."""

    __tablename__ = "follows"

    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    follows: Mapped[bool]


NOT_BY_MAIL = (
    exists()
    .where(Member.panel_id == Notice.panel_id, Member.person_id == Notice.person_id)
    .where(Member.channel.in_((Reach.LETTER, Reach.TELEPHONE)))
    .correlate(Notice)
)
"""Whether the member chose to hear of the notice's panel otherwise than by mail."""
TELL_SEAT = text(
    "insert into notices (person_id, panel_id, event, about, at)"
    " select person_id, panel_id, :event, :about, :at from members"
    " where id = :seat and person_id is not null"
    " on conflict (person_id, panel_id, event, about) where told_on is null and letter_id is null"
    " do update set at = excluded.at"
)
TELL_FOLLOWERS = text(
    "insert into notices (person_id, panel_id, event, about, at)"
    " select person_id, :panel, :event, :about, :at from ("
    "select person_id from follows where panel_id = :panel and follows"
    " union select person_id from members where panel_id = :panel and person_id is not null"
    " and kind <> 'guest' and takes_part"
    " and not exists (select 1 from follows where follows.panel_id = :panel"
    " and follows.person_id = members.person_id and not follows.follows)) as followers where true"
    " on conflict (person_id, panel_id, event, about) where told_on is null and letter_id is null"
    " do update set at = excluded.at"
)


TELL_MODERATORS = text(
    "insert into notices (person_id, panel_id, event, about, at)"
    " select distinct person_id, :panel, :event, :panel, :at from staff_roles"
    " where panel_id = :panel and role in ('moderator', 'facilitator')"
    " on conflict (person_id, panel_id, event, about) where told_on is null and letter_id is null"
    " do update set at = excluded.at"
)


def tell(db: Session, event: Event, about: int, *, seat: int | None, at: float) -> None:
    """Leave a notice to whoever holds the seat; what happens to the same thing again is told again.

    What nobody has told yet is told once.
    """
    values = {"event": event.value, "about": about, "seat": seat, "at": at}
    db.execute(TELL_SEAT, values)


def tell_followers(db: Session, event: Event, about: int, *, panel: int, at: float) -> None:
    """Leave a notice to all who follow the panel."""
    values = {"event": event.value, "about": about, "panel": panel, "at": at}
    db.execute(TELL_FOLLOWERS, values)


def tell_moderators(db: Session, panel: int, *, at: float) -> None:
    """Leave a notice of what waits to all who moderate the panel."""
    db.execute(TELL_MODERATORS, {"event": Event.WAITING.value, "panel": panel, "at": at})


def withdraw(db: Session, event: Event, about: int) -> None:
    """Forget the notices of something that was taken back before anybody was told."""
    db.execute(delete(Notice).where(Notice.event == event, Notice.about == about, Notice.at >= NOW))


def of_person(db: Session, person: int, most: int) -> list[Notice]:
    """Return the person's notices, newest first."""
    told = Notice.person_id == person, Notice.at <= NOW  # what was done just now may be taken back
    asked = select(Notice).where(*told).order_by(Notice.at.desc(), Notice.id.desc())
    return list(db.scalars(asked.limit(most)))


def muted(db: Session, person: int) -> set[Topic]:
    """Return the topics of which the person wants no mail."""
    return set(db.scalars(select(Mute.topic).where(Mute.person_id == person)))


def switch(db: Session, person: int, topic: Topic, *, on: bool) -> None:
    """Let the person have mail about the topic, or not."""
    if on:
        db.execute(delete(Mute).where(Mute.person_id == person, Mute.topic == topic))
    else:
        db.merge(Mute(person_id=person, topic=topic))
    db.flush()


def follows(db: Session, visitor: Visitor) -> bool:
    """Return whether the visitor follows the panel."""
    chosen = db.get(Follow, (visitor.panel, visitor.person))
    return visitor.member is not None if chosen is None else chosen.follows


def follow(db: Session, visitor: Visitor, *, on: bool) -> None:
    """Let somebody signed in follow the panel, or no longer."""
    db.merge(Follow(panel_id=visitor.panel, person_id=visitor.person, follows=on))
    db.flush()


def link(person: Person, key: str) -> str:
    """Return the end of the address at which the person chooses their mail without a login.

    It is computed with the installation's secret, opens nothing else, and works while the person is here.
    """
    whose = f"notices {person.id} {person.created_at}".encode()
    secret = base64.urlsafe_b64encode(hmac.digest(key.encode(), whose, "sha256"))
    return f"{person.id}-{secret.decode().rstrip('=')}"


def by_link(db: Session, found: str, key: str) -> Person | None:
    """Return whose link it is; None if it is not as we made it."""
    person = db.get(Person, int(found.partition("-")[0]))
    return person if person and hmac.compare_digest(link(person, key), found) else None
