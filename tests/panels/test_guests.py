"""Guests take part without an account and become members with their answers, on either database."""

from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from sqlalchemy import func, select, update

from panels import guests, materials, members, people, snapshots, statements, summary
from panels.database import Engine, Session, set_clock, writing
from panels.errors import ClosedError
from panels.guests import Brought
from panels.materials import Reading
from panels.members import Member, MemberKind, Visitor
from panels.panels import Panel, Phase, PhaseName
from panels.people import Person
from panels.statements import Choice, Vote
from tests.conftest import BOTH, DAY, NOON, texts

pytestmark = BOTH

LIBRARY, HARBOUR = 1, 2
AGREE, DISAGREE = Choice.AGREE, Choice.DISAGREE
NOTHING = Brought(0, 0)


@pytest.fixture(autouse=True)
def _guests(engine: Engine) -> None:
    """Let guests in everywhere."""
    with writing(engine) as db:
        db.execute(update(Panel).values(guests=True))


def person(db: Session, name: str) -> int:
    """Return somebody who has an address."""
    found = people.by_email(db, f"{name}@example.fi")
    assert found is not None
    return found.id


def stranger(db: Session, slug: str = "library") -> Visitor:
    """Return somebody unknown at the panel's door."""
    return members.arrive(db, slug, "", hold=False)


@pytest.fixture
def guest(db: Session) -> int:
    """Let somebody take a guest's seat in the library's panel."""
    return guests.sit_down(db, stranger(db), language="sv")


def cast(db: Session, who: int, choices: dict[int, Choice | None], at: float = NOON) -> None:
    """Let the person answer the library's statements at a moment."""
    visitor = members.arrive_as(db, "library", who)._replace(now=at)
    answers = statements.answers(db, visitor)
    for statement, choice in choices.items():
        seen = answers.version(statement)
        statements.cast_vote(db, visitor, statement, choice, key=f"{who}-{statement}", seen=seen)


def stored(db: Session, who: int) -> dict[int, int | None]:
    """Return the person's answers in the library's panel."""
    votes = statements.answers(db, members.arrive_as(db, "library", who))
    return {statement: answer.choice for statement, answer in votes.items()}


def votes(db: Session) -> int:
    """Return how many answers count."""
    return db.scalar(select(func.count()).select_from(Vote).where(Vote.choice.is_not(None))) or 0


def test_somebody_unknown_gets_a_guests_seat_and_answers(db: Session, guest: int) -> None:
    visitor = members.arrive_as(db, "library", guest)
    assert visitor.kind is MemberKind.GUEST
    assert guests.is_guest(db, guest)
    assert people.get(db, guest).language == "sv"
    cast(db, guest, {1: AGREE})
    assert stored(db, guest) == {1: AGREE}


def test_somebody_signed_in_sits_as_a_guest_under_their_own_name(db: Session) -> None:
    ville = person(db, "ville")
    visitor = members.arrive_as(db, "library", ville)
    assert guests.sit_down(db, visitor, language="fi") == ville
    assert members.arrive_as(db, "library", ville).kind is MemberKind.GUEST
    assert not guests.is_guest(db, ville)


def test_only_those_are_guests_whom_nothing_else_knows(db: Session, guest: int) -> None:
    assert not guests.is_guest(db, person(db, "aino"))
    members.take_seat(db, HARBOUR, guest, MemberKind.DRAWN)
    assert not guests.is_guest(db, guest)


@pytest.mark.parametrize("change", [{"guests": False}, {"opened_at": None}])
def test_v18_where_the_panel_does_not_allow_guests_nobody_sits_down(
    db: Session, change: dict[str, bool | None]
) -> None:
    """V18"""
    before = db.scalar(select(func.count(Person.id)))
    db.execute(update(Panel).values(change))
    with pytest.raises(ClosedError):
        guests.sit_down(db, stranger(db), language="fi")
    assert db.scalar(select(func.count(Person.id))) == before


def test_nobody_becomes_a_guest_when_voting_has_ended(db: Session) -> None:
    set_clock(db, NOON + 10 * DAY)
    with pytest.raises(ClosedError):
        guests.sit_down(db, stranger(db), language="fi")


def test_a_guests_cookie_lasts_until_the_last_of_their_panels_ends(db: Session, guest: int) -> None:
    assert guests.lasts_until(db, guest) == NOON + 9 * DAY
    longer = {"name": PhaseName.PUBLISH, "title": texts("Publish"), "panel_id": HARBOUR}
    db.add(Phase(starts_at=NOON + 9 * DAY, ends_at=NOON + 30 * DAY, **longer))
    db.flush()
    visitor = stranger(db, "harbour")._replace(person=guest)
    assert guests.sit_down(db, visitor, language="fi") == guest
    assert guests.lasts_until(db, guest) == NOON + 30 * DAY


def test_r20_the_answers_of_a_guest_become_the_members_and_count_once(db: Session, guest: int) -> None:
    """R20"""
    aino = person(db, "aino")
    cast(db, aino, {1: DISAGREE, 2: DISAGREE}, NOON)
    cast(db, guest, {1: AGREE, 3: AGREE}, NOON + 60)
    materials.add(db, LIBRARY, materials.Draft(title=texts("Costs"), body=texts("What it costs.")))
    db.add(Reading(member_id=members.arrive_as(db, "library", guest).seat, material_id=1, at=NOON))
    db.flush()
    state = snapshots.state(db, LIBRARY)
    assert guests.bring_along(db, NOON + 120, guest=guest, person=aino) == Brought(answers=2, clashes=1)
    assert stored(db, aino) == {2: DISAGREE, 1: AGREE, 3: AGREE}
    assert votes(db) == 3
    assert db.scalars(select(Reading.member_id)).all() == [members.arrive_as(db, "library", aino).seat]
    assert db.get(Person, guest) is None
    assert db.scalar(select(func.count(Member.id)).where(Member.kind == MemberKind.GUEST)) == 0
    assert snapshots.state(db, LIBRARY) != state


def test_r20_the_members_own_newer_answer_counts(db: Session, guest: int) -> None:
    """R20"""
    aino = person(db, "aino")
    cast(db, guest, {1: AGREE, 2: AGREE}, NOON)
    cast(db, aino, {1: DISAGREE, 2: DISAGREE}, NOON + 60)
    cast(db, aino, {2: None}, NOON + 61)
    assert guests.bring_along(db, NOON + 120, guest=guest, person=aino) == Brought(answers=2, clashes=1)
    assert stored(db, aino) == {1: DISAGREE, 2: None}


def test_r20_who_has_no_seat_yet_is_given_the_guests(db: Session, guest: int) -> None:
    """R20"""
    ville = person(db, "ville")
    cast(db, guest, {1: AGREE})
    assert guests.bring_along(db, NOON + 120, guest=guest, person=ville) == Brought(answers=1, clashes=0)
    assert stored(db, ville) == {1: AGREE}
    assert members.arrive_as(db, "library", ville).kind is MemberKind.GUEST
    assert db.get(Person, guest) is None


def test_r20_after_joining_the_same_seat_is_a_members(db: Session) -> None:
    """R20"""
    ville = person(db, "ville")
    guests.sit_down(db, members.arrive_as(db, "library", ville), language="fi")
    cast(db, ville, {1: AGREE})
    visitor = members.arrive_as(db, "library", ville)
    assert members.join(db, visitor) == visitor.seat
    joined = members.arrive_as(db, "library", ville)
    assert (joined.member, joined.offered) == (None, visitor.seat)
    assert db.get_one(Member, visitor.seat).kind is MemberKind.OPEN
    members.take_seat(db, LIBRARY, ville, MemberKind.GUEST)
    db.expire_all()
    assert db.get_one(Member, visitor.seat).kind is MemberKind.OPEN


def test_r20_nobody_but_a_guest_brings_anything(db: Session, guest: int) -> None:
    """R20"""
    aino, nils = person(db, "aino"), person(db, "nils")
    cast(db, nils, {1: AGREE})
    assert guests.bring_along(db, NOON, guest=None, person=aino) == NOTHING
    assert guests.bring_along(db, NOON, guest=guest, person=guest) == NOTHING
    assert guests.bring_along(db, NOON, guest=nils, person=aino) == NOTHING
    assert stored(db, aino) == {}


def test_r20_after_voting_has_ended_what_was_counted_stays_as_it_is(db: Session, guest: int) -> None:
    """R20"""
    aino = person(db, "aino")
    cast(db, guest, {1: AGREE})
    assert guests.bring_along(db, NOON + 9 * DAY, guest=guest, person=aino) == NOTHING
    assert stored(db, guest) == {1: AGREE}
    assert stored(db, aino) == {}
    assert db.get(Person, guest) is not None


def at_once(engine: Engine, pairs: list[tuple[int, int]]) -> list[Brought]:
    """Bring each guest along to a person, all while a vote of each guest is on its way."""

    def bring(guest: int, person: int) -> Brought:
        with writing(engine) as db:
            return guests.bring_along(db, NOON + 60, guest=guest, person=person)

    with ThreadPoolExecutor(len(pairs)) as crowd:
        with writing(engine) as db:
            for number, guest in enumerate({guest for guest, _ in pairs}, 1):
                cast(db, guest, {number: AGREE})
            asked = [crowd.submit(bring, *pair) for pair in pairs]
            wait(asked, timeout=0.3)  # by now each has come as far as it can
        return [one.result() for one in asked]


@pytest.mark.parametrize("names", [("aino", "ville"), ("ville", "aino"), ("ville", "ville")])
def test_r20_of_two_requests_at_once_one_brings_the_guest_along(
    engine: Engine, names: tuple[str, str]
) -> None:
    """R20"""
    with writing(engine) as db:
        guest = guests.sit_down(db, stranger(db), language="fi")
        both = [person(db, name) for name in names]
    brought = at_once(engine, [(guest, somebody) for somebody in both])
    assert sorted(brought) == [NOTHING, Brought(answers=1, clashes=0)]
    with writing(engine) as db:
        assert stored(db, both[brought.index(Brought(1, 0))]) == {1: AGREE}
        assert votes(db) == 1
        assert db.get(Person, guest) is None


def test_r20_who_was_a_guest_in_two_browsers_brings_all_answers_at_once(engine: Engine) -> None:
    """R20"""
    with writing(engine) as db:
        two = [guests.sit_down(db, stranger(db), language="fi") for _ in range(2)]
        ville = person(db, "ville")
    assert at_once(engine, [(guest, ville) for guest in two]) == [Brought(answers=1, clashes=0)] * 2
    with writing(engine) as db:
        assert stored(db, ville) == {1: AGREE, 2: AGREE}


def test_v47_the_summary_counts_guests_apart(db: Session, guest: int) -> None:
    """V47"""
    for name in ("aino", "nils"):
        cast(db, person(db, name), {1: AGREE})
    cast(db, guest, {1: DISAGREE})
    outcome = summary.analyse(summary.gather(db, LIBRARY))
    assert outcome.groups["kinds"] == {"drawn": 2, "guest": 1}
    assert outcome.voters == 3
