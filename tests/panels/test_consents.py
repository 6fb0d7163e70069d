from collections.abc import Iterator

import pytest

from panels import consents, members, people
from panels.consents import ConsentKind
from panels.database import Base, Session, connect, set_clock, writing
from panels.errors import RefusedError
from panels.members import MemberKind, Visitor
from panels.permissions import Permission, may
from tests.conftest import NOON, furnish

TAKING_PART, CONTACT = ConsentKind.TAKING_PART, ConsentKind.CONTACT


@pytest.fixture
def db(either_database: str) -> Iterator[Session]:
    engine = connect(either_database)
    Base.metadata.create_all(engine)
    with writing(engine) as db:
        set_clock(db, NOON)
        furnish(db)
        yield db
    engine.dispose()


def ville(db: Session) -> Visitor:
    """Return Ville at the library's door."""
    person = people.by_email(db, "ville@example.fi")
    assert person is not None
    return members.arrive_as(db, "library", person.id)


@pytest.fixture
def seat(db: Session) -> int:
    """Give Ville a seat of which he has not decided yet."""
    person = ville(db).person
    assert person is not None
    return members.take_seat(db, 1, person, MemberKind.OPEN, takes_part=None)


def stored(db: Session, seat: int) -> list[tuple[ConsentKind, bool, str, bool]]:
    rows = db.query(consents.Consent).filter_by(member_id=seat).order_by(consents.Consent.id)
    return [(row.kind, row.given, row.version, NOON <= row.at < NOON + 60) for row in rows]


def test_r5_each_consent_is_stored_apart_with_time_and_version_of_the_text(db: Session, seat: int) -> None:
    """R5"""
    assert (ville(db).member, ville(db).offered) == (None, seat)
    consents.agree(db, seat, {TAKING_PART})
    assert stored(db, seat) == [(TAKING_PART, True, "1", True), (CONTACT, False, "1", True)]
    assert (ville(db).member, ville(db).offered) == (seat, None)


def test_r5_without_taking_part_nothing_is_agreed_to(db: Session, seat: int) -> None:
    """R5"""
    with pytest.raises(RefusedError, match="no_consent"):
        consents.agree(db, seat, {CONTACT})
    assert stored(db, seat) == []
    assert ville(db).member is None


def test_r5_a_decline_is_stored_and_its_seat_does_not_vote(db: Session, seat: int) -> None:
    """R5"""
    consents.decline(db, seat)
    assert stored(db, seat) == [(TAKING_PART, False, "1", True)]
    assert ville(db).offered == seat
    assert not may(ville(db).roles, Permission.VOTE)


def test_a_consent_is_withdrawn_and_given_again(db: Session, seat: int) -> None:
    consents.agree(db, seat, {TAKING_PART, CONTACT})
    consents.change(db, seat, CONTACT, given=False)
    assert not consents.standing(db, seat)[CONTACT].given
    assert ville(db).member == seat
    consents.change(db, seat, CONTACT, given=True)
    assert consents.standing(db, seat)[CONTACT].given


def test_who_withdraws_from_taking_part_withdraws_from_all(db: Session, seat: int) -> None:
    consents.agree(db, seat, {TAKING_PART, CONTACT})
    consents.change(db, seat, TAKING_PART, given=False)
    assert {kind: row.given for kind, row in consents.standing(db, seat).items()} == {
        TAKING_PART: False,
        CONTACT: False,
    }
    assert ville(db).offered == seat
    consents.change(db, seat, TAKING_PART, given=True)
    assert ville(db).member == seat
