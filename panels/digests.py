"""Digests: what people are told in at most one mail a day, or by letter if they have no address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select, text, update

from panels import jobs, messages, notices, queue, reasons
from panels.amendments import Amendment
from panels.appeals import Appeal
from panels.comments import Comment
from panels.corrections import Correction
from panels.database import NOW, Base, Session, now
from panels.merges import Merge
from panels.messages import Message
from panels.moderation import Kind
from panels.notices import NOT_BY_MAIL, TOPICS, Event, Notice, Topic
from panels.panels import ZONE, Panel, Phase
from panels.people import Person
from panels.proposals import Proposal
from panels.queue import Waiting
from panels.snapshots import Snapshot
from panels.statements import Statement

HOUR = 17
"""When the day's mails go out, by the clocks of Finland."""
DAY = 86_400
SOON = 2.5 * DAY  # a reminder comes this long before the end at most: two days before, at the hour
PAUSE = 2 * DAY  # between two reminders of one person
LATE = 2 * DAY  # a phase that began longer ago is no news
AT_ONCE = 20  # people whose mails are left in one transaction: a voter waits no longer for the turn to write


@dataclass(frozen=True)
class Item:
    """A notice with what it is about; ``matter`` is such as a statement, a phase or a snapshot."""

    event: Event
    at: float
    panel: Panel
    matter: Any


def day_of(at: float) -> str:
    """Return the day whose mails are due at the moment, empty before the hour."""
    moment = datetime.fromtimestamp(at, ZONE)
    return moment.date().isoformat() if moment.hour >= HOUR else ""


def notice_time(db: Session) -> None:
    """Leave notices of what the clock alone brings: phases that have begun, reminders, what still waits."""
    at = now(db)
    for panel in db.scalars(select(Panel.id).where(Panel.opened_at.is_not(None))).all():
        if queue.count(db, panel, list(Kind)):
            notices.tell_moderators(db, panel, at=at)
    for panel, phase in db.execute(BEGUN, {"at": at, "late": at - LATE}).all():
        notices.tell_followers(db, Event.PHASE, phase, panel=panel, at=at)
    db.execute(REMIND, {"at": at, "soon": at + SOON, "pause": at - PAUSE})


def leave_mails(db: Session, day: str) -> bool:
    """Leave the day's mails of some people; return False once there are none left.

    What a person wants no mail about counts as told, and nobody has two mails a day.
    """
    untold = Notice.at <= NOW, Notice.told_on.is_(None), Notice.letter_id.is_(None), ~NOT_BY_MAIL
    waits = exists().where(Notice.person_id == Person.id, *untold)
    had = exists().where(Notice.person_id == Person.id, Notice.told_on == day)
    asked = select(Person.id).where(Person.email.is_not(None), waits, ~had).order_by(Person.id)
    chosen = list(db.scalars(asked.limit(AT_ONCE)))
    telling = update(Notice).where(Notice.person_id.in_(chosen), *untold).values(told_on=day)
    told = set(db.scalars(telling.returning(Notice.person_id)))  # without whom somebody else told meanwhile
    for person in sorted(told):
        if items_of_mail(db, person, day):
            jobs.leave(db, "send_digest", template="digest", person=person, day=day)
    return bool(chosen)


def items_of_mail(db: Session, person: int, day: str) -> list[Item]:
    """Return what the person's mail of the day tells: first what is their own, then what came first."""
    asked = select(Notice).where(Notice.person_id == person, Notice.told_on == day)
    muted = notices.muted(db, person)
    rows = [row for row in db.scalars(asked.order_by(Notice.at, Notice.id)) if TOPICS[row.event] not in muted]
    order = list(Topic)
    return items(db, sorted(rows, key=lambda row: order.index(TOPICS[row.event])))


def items_of_person(db: Session, person: int, most: int) -> list[Item]:
    """Return the newest things that the person is told, newest first, and messages sent before they came."""
    told = items(db, notices.of_person(db, person, most))
    for message in messages.missed(db, person):
        panel = db.get_one(Panel, message.panel_id)
        told.append(Item(Event.MESSAGE, message.sent_at, panel, message))
    return sorted(told, key=lambda item: -item.at)[:most]


def items(db: Session, rows: Sequence[Notice]) -> list[Item]:
    """Return the notices with what they are about; one whose matter is gone is told no more."""
    found = [(row, matter(db, row)) for row in rows]
    return [Item(row.event, row.at, db.get_one(Panel, row.panel_id), about) for row, about in found if about]


def matter(db: Session, notice: Notice) -> Base | Waiting | None:
    """Return what the notice is about; of an answer the proposal under which it stands.

    A reminder is about nothing any more once the person has answered, nor is a queue that is empty.
    """
    whose = {"person": notice.person_id, "panel": notice.panel_id}
    if TOPICS[notice.event] is Topic.REMINDERS and db.execute(ANSWERED, whose).first():
        return None
    if notice.event is Event.WAITING:
        waiting = queue.waiting(db, notice.panel_id, list(Kind))
        return waiting if waiting.total else None
    if notice.event is Event.REASON_DECIDED:
        return reasons.decided(db, notice.person_id, notice.about)
    if notice.event is not Event.ANSWERED:
        return db.get(MATTERS[notice.event], notice.about)
    answer = db.get(Comment, notice.about)
    return db.get(Proposal, answer.proposal_id) if answer else None


MATTERS: dict[Event, type[Base]] = {
    Event.DECIDED: Statement,
    Event.APPEAL_DECIDED: Appeal,
    Event.MERGED: Merge,
    Event.SPLIT: Merge,
    Event.CORRECTED: Correction,
    Event.AMENDMENT: Amendment,
    Event.AMENDMENT_DECIDED: Amendment,
    Event.AMENDED: Amendment,
    Event.PHASE: Phase,
    Event.SUMMARY: Snapshot,
    Event.MESSAGE: Message,
    Event.CLOSING: Phase,
    Event.REMINDED: Phase,
}
BEGUN = text(
    "select panels.id, phases.id from phases join panels on panels.id = phases.panel_id"
    " where opened_at is not null and starts_at <= :at and starts_at > :late and ends_at > :at"
    " and not exists (select 1 from notices where event = 'phase' and about = phases.id)"
)
ANSWERED = text(
    "select 1 from votes join members on members.id = member_id"
    " where person_id = :person and panel_id = :panel and choice is not null limit 1"
)
SILENT = (
    " from phases join panels on panels.id = phases.panel_id and opened_at is not null"
    " join members on members.panel_id = phases.panel_id and members.kind <> 'guest' and takes_part"
    " join people on people.id = members.person_id"
    " where phases.name = 'vote' and starts_at <= :at and ends_at > :at"
    " and exists (select 1 from statements where panel_id = phases.panel_id and state = 'published')"
    " and not exists (select 1 from votes where member_id = members.id and choice is not null)"
    " and not exists (select 1 from mutes where mutes.person_id = people.id and topic = 'reminders')"
    " and not exists (select 1 from follows where follows.panel_id = members.panel_id"
    " and follows.person_id = people.id and not follows)"
    " and not exists (select 1 from notices as before where before.person_id = people.id"
    " and before.event in ('closing', 'reminded') and before.at > :pause)"
)
"""Who has not answered and may be reminded of it now, in all panels."""
BY_MAIL = "(channel is null or channel = 'email') and email is not null"
UNREMINDED = (
    " ends_at <= :soon and not exists (select 1 from notices as told where told.person_id = people.id"
    " and told.event = 'closing' and told.about = phases.id)"
)
REMIND = text(
    "insert into notices (person_id, panel_id, event, about, at)"
    f" select people.id, members.panel_id, 'closing', phases.id, :at {SILENT} and {BY_MAIL} and {UNREMINDED}"
)
