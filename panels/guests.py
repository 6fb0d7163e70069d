"""Guests: seats without an account where the panel allows them, and the day they become members."""

from typing import NamedTuple

from sqlalchemy import delete, func, select, text

from panels import history, members, own_data, panels
from panels.database import Session
from panels.errors import ClosedError
from panels.history import Act
from panels.members import Member, MemberKind, Visitor, takes_part_until
from panels.panels import Panel, Phase
from panels.people import Person


class Brought(NamedTuple):
    """What a guest brought along: answers, and of these the ones that the member had given too."""

    answers: int
    clashes: int


def may_come(panel: Panel, at: float) -> bool:
    """Return whether anybody may take a guest's seat in the panel now."""
    return panel.opened_at is not None and panel.guests and at < takes_part_until(panel)


def sit_down(db: Session, visitor: Visitor, *, language: str) -> int:
    """Give the visitor a guest's seat and return the person on it, new if nobody is signed in.

    Raises ClosedError.
    """
    if not may_come(panels.get(db, visitor.panel), visitor.now):
        raise ClosedError(visitor.slug)
    person = visitor.person
    if person is None:
        new = Person(language=language, created_at=visitor.now)
        db.add(new)
        db.flush()
        person = new.id
    members.take_seat(db, visitor.panel, person, MemberKind.GUEST)
    return person


def is_guest(db: Session, person: int) -> bool:
    """Return whether nothing but guests' seats and their cookie know the person."""
    kinds = set(db.scalars(select(Member.kind).where(Member.person_id == person)))
    return kinds == {MemberKind.GUEST} and db.get_one(Person, person).email is None


def lasts_until(db: Session, person: int) -> float:
    """Return when the last of the panels ends in which the person has a seat."""
    ends = select(func.max(Phase.ends_at)).join(Member, Member.panel_id == Phase.panel_id)
    return float(db.execute(ends.where(Member.person_id == person)).scalar_one())


def bring_along(db: Session, at: float, *, guest: int | None, person: int) -> Brought:
    """Make the guest's seats the person's: one person, one seat, and of two answers the newer counts.

    Nobody but a guest brings anything, and nothing changes where answering has ended.
    """
    if guest is None or guest == person:
        return Brought(0, 0)
    hold(db, guest, person)
    if not is_guest(db, guest):
        return Brought(0, 0)
    answers = clashes = 0
    for seat in own_data.seats_of(db, guest):
        if takes_part_until(panels.get(db, seat.panel_id)) <= at:
            continue
        held = own_data.seat_in(db, seat.panel_id, person)
        both = {"guest": seat.id, "seat": held.id if held else None}
        answers += db.execute(GIVEN, both).scalar_one()
        clashes += db.execute(CLASHES, both).scalar_one()
        if held is None:
            seat.person_id = person
        else:
            merge(db, both)
            history.append(db, seat.panel_id, Act.SEAT_JOINED, {"kind": seat.kind.value, "seats": 1}, at=at)
    db.flush()
    if not own_data.seats_of(db, guest):
        own_data.erase(db, guest, remove=False)
    return Brought(answers, clashes)


def hold(db: Session, guest: int, person: int) -> None:
    """Let another request that would bring the same people along wait, and read what it left.

    A vote that is on its way to the guest's seat is stored first, and then moved with the others.
    """
    both = Person.id.in_((guest, person))
    db.execute(select(Person.id).where(both).order_by(Person.id).with_for_update())
    db.execute(select(Member.id).where(Member.person_id == guest).with_for_update())


def merge(db: Session, both: dict[str, int | None]) -> None:
    """Move what was done on the guest's seat to the member's, and end the guest's."""
    db.execute(VOTES, both)
    db.execute(READINGS, both)
    for table in reversed(own_data.every_table()):
        if "member_id" in table.c:
            db.execute(delete(table).where(table.c.member_id == both["guest"]))
    db.execute(delete(Member).where(Member.id == both["guest"]))


GIVEN = text("select count(*) from votes where member_id = :guest and choice is not null")
CLASHES = text(
    "select count(*) from votes join votes as held on held.statement_id = votes.statement_id"
    " and held.member_id = :seat where votes.member_id = :guest"
    " and votes.choice is not null and held.choice is not null"
)
VOTES = text(
    "insert into votes (member_id, statement_id, choice, version, key, channel, agent_id, at)"
    " select :seat, statement_id, choice, version + 1, key, channel, agent_id, at from votes"
    " where member_id = :guest"
    " on conflict (member_id, statement_id) do update"
    " set choice = excluded.choice, key = excluded.key, channel = excluded.channel,"
    " agent_id = excluded.agent_id, at = excluded.at, version = votes.version + 1"
    " where excluded.at > votes.at"
)
READINGS = text(
    "insert into readings (member_id, material_id, at)"
    " select :seat, material_id, at from readings where member_id = :guest"
    " on conflict (member_id, material_id) do nothing"
)
