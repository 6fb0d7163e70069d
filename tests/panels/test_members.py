from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from panels import login, members, panels, people
from panels.database import Engine, Session, set_clock, writing
from panels.errors import ClosedError, NotFoundError
from panels.login import LoginRequest, Wish
from panels.members import Member, MemberKind, Place
from panels.panels import PhaseName
from panels.permissions import Role
from tests.conftest import DAY, NOON, texts

LIBRARY = 1


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    with writing(engine) as db:
        yield db


def person(db: Session, name: str) -> int:
    found = people.by_email(db, f"{name}@example.fi")
    assert found is not None
    return found.id


def asked(db: Session, email: str, *, panel: int | None = LIBRARY) -> LoginRequest:
    wish = Wish(email=email, language="sv", login=None, address_key="here", panel=panel)
    return login.ask(db, NOON, wish)


def seats(db: Session) -> int:
    return db.execute(select(func.count(Member.id)).where(Member.panel_id == LIBRARY)).scalar_one()


def test_a_person_takes_one_seat_and_keeps_it(db: Session) -> None:
    before, ville = seats(db), person(db, "ville")
    seat = members.take_seat(db, LIBRARY, ville, MemberKind.OPEN)
    assert members.take_seat(db, LIBRARY, ville, MemberKind.DRAWN) == seat
    assert seats(db) == before + 1
    assert members.arrive_as(db, "library", ville).kind is MemberKind.OPEN


def test_v23_a_newcomer_by_email_gets_one_seat_however_often_they_come(db: Session) -> None:
    before = seats(db)
    found = {members.welcome(db, NOON, asked(db, "new@example.fi")).id for _ in range(3)}
    assert len(found) == 1
    assert seats(db) == before + 1
    newcomer = people.by_email(db, "new@example.fi")
    assert newcomer is not None
    assert newcomer.language == "sv"
    seat = db.get_one(Member, members.arrive_as(db, "library", newcomer.id).offered)
    assert (seat.kind, seat.takes_part) == (MemberKind.OPEN, None)


def test_a_link_without_a_panel_lets_in_and_gives_no_seat(db: Session) -> None:
    before = seats(db)
    request = asked(db, "ville@example.fi", panel=None)
    assert members.welcome(db, NOON, request).id == person(db, "ville")
    assert seats(db) == before


def test_who_has_a_seat_or_a_login_gets_in_after_joining_has_ended_but_nobody_new(db: Session) -> None:
    known, new = asked(db, "ville@example.fi"), asked(db, "new@example.fi")
    before, later = seats(db), NOON + 9 * DAY
    assert members.welcome(db, later, known).id == person(db, "ville")
    with pytest.raises(ClosedError):
        members.welcome(db, later, new)
    assert seats(db) == before
    assert people.by_email(db, "new@example.fi") is None


@pytest.mark.parametrize(
    ("change", "at", "expected"),
    [
        ({}, NOON, True),
        ({"open_to_all": False}, NOON, False),
        ({"opened_at": None}, NOON, False),
        ({}, NOON + 9 * DAY - 1, True),
        ({}, NOON + 9 * DAY, False),
    ],
)
def test_anybody_may_join_an_open_panel_until_voting_ends(
    db: Session, change: dict[str, object], at: float, expected: bool
) -> None:
    panel = panels.by_slug(db, "library")
    for name, value in change.items():
        setattr(panel, name, value)
    assert members.may_join(panel, at) is expected


def test_without_a_vote_people_take_part_until_the_last_phase_ends(db: Session) -> None:
    panel = panels.by_slug(db, "library")
    panel.phases = [phase for phase in panel.phases if phase.name is not PhaseName.VOTE]
    assert members.takes_part_until(panel) == NOON - 9 * DAY
    panel.phases = []
    assert not members.may_join(panel, NOON)


def test_who_is_signed_in_joins_once_and_only_while_it_is_open(db: Session) -> None:
    ville = members.arrive_as(db, "library", person(db, "ville"))
    seat = members.join(db, ville)
    seated = members.arrive_as(db, "library", person(db, "ville"))
    assert (seated.offered, members.join(db, seated)) == (seat, seat)
    db.get_one(Member, seat).takes_part = True
    db.flush()
    seated = members.arrive_as(db, "library", person(db, "ville"))
    assert (seated.member, seated.offered, members.join(db, seated)) == (seat, None, seat)
    with pytest.raises(ClosedError):
        members.join(db, members.arrive_as(db, "harbour", person(db, "ville")))
    set_clock(db, NOON + 9 * DAY)
    assert members.join(db, members.arrive_as(db, "library", person(db, "ville"))) == seat
    with pytest.raises(ClosedError):
        members.join(db, members.arrive_as(db, "library", person(db, "eero")))


def test_a_persons_places_are_their_seats_and_their_roles(db: Session) -> None:
    assert members.places(db, person(db, "aino")) == [
        Place("library", texts("Library"), MemberKind.DRAWN, None)
    ]
    assert members.places(db, person(db, "eero")) == [
        Place("library", texts("Library"), None, Role.FACILITATOR)
    ]
    assert members.places(db, person(db, "ville")) == []


def test_nobody_arrives_at_a_panel_that_is_not_there(db: Session) -> None:
    with pytest.raises(NotFoundError):
        members.arrive_as(db, "nowhere", person(db, "aino"))
    with pytest.raises(NotFoundError):
        members.arrive_as(db, "library", 999)
    with pytest.raises(NotFoundError):
        members.arrive(db, "nowhere", "", hold=False)


def test_a_visitors_roles_are_those_of_seat_and_staff(db: Session) -> None:
    aino = members.arrive_as(db, "library", person(db, "aino"))
    assert aino.roles == (Role.RESIDENT,)
    assert aino._replace(kind=MemberKind.GUEST, staff=Role.MODERATOR).roles == (Role.GUEST, Role.MODERATOR)
    assert aino._replace(kind=None).roles == (Role.OUTSIDER,)
    assert aino.seat == aino.member
