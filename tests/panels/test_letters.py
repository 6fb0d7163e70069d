import pytest

from panels import letters, members, notices, people
from panels.database import Session
from panels.errors import NotFoundError
from panels.letters import Listed
from panels.members import Member, Reach, Visitor, arrive_as
from panels.notices import Event, Notice
from panels.people import Person
from tests.conftest import BOTH, NOON

pytestmark = BOTH


@pytest.fixture(autouse=True)
def _followers(db: Session) -> None:
    """Let Aino and Nils, who follow, have no e-mail address."""
    for name in ("aino", "nils"):
        people.ensure(db, f"{name}@example.fi").email = None


@pytest.fixture
def eero(db: Session) -> Visitor:
    return arrive_as(db, "library", people.ensure(db, "eero@example.fi").id)


def test_everybody_who_waits_is_on_a_list_once_r22(db: Session, eero: Visitor) -> None:
    ville = people.ensure(db, "ville@example.fi")
    notices.follow(db, arrive_as(db, "library", ville.id), on=True)
    ville.email = None
    notices.tell_followers(db, Event.PHASE, 2, panel=1, at=NOON)
    notices.tell_followers(db, Event.CLOSING, 2, panel=1, at=NOON + 1)
    assert letters.count_waiting(db, 1) == 3
    assert letters.make_list(db, eero) == 1
    assert letters.count_waiting(db, 1) == 0
    assert letters.make_list(db, eero) is None
    assert letters.lists(db, 1) == [Listed(1, eero.now, 3)]
    found = letters.of_list(db, 1, 1)
    assert sorted((letter.name, letter.language, letter.seat is None) for letter in found) == [
        ("Aino", "fi", False),
        ("Nils", "sv", False),
        ("Ville", "fi", True),
    ]
    assert all([item.event for item in letter.items] == [Event.PHASE, Event.CLOSING] for letter in found)
    with pytest.raises(NotFoundError):
        letters.of_list(db, 2, 1)


def test_who_chose_letters_or_calls_is_listed_with_where_they_are_reached_r22(
    db: Session, eero: Visitor
) -> None:
    for seat, channel, reach in ((1, Reach.LETTER, "Rantatie 1"), (2, Reach.TELEPHONE, "040 123 4567")):
        members.choose_channel(db, seat, channel, reach)
        db.get_one(Person, db.get_one(Member, seat).person_id).email = f"{seat}@example.fi"
    notices.tell_followers(db, Event.PHASE, 2, panel=1, at=NOON)
    assert letters.make_list(db, eero) == 1
    assert [letter.reach for letter in letters.of_list(db, 1, 1)] == ["Rantatie 1", "040 123 4567"]


def test_what_happens_again_is_told_again_and_a_new_list_is_counted_on(db: Session, eero: Visitor) -> None:
    for number in (1, 2):
        notices.tell_followers(db, Event.PHASE, 2, panel=1, at=NOON)
        assert letters.make_list(db, eero) == number
    assert [listed.number for listed in letters.lists(db, 1)] == [2, 1]
    assert all(len(letter.items) == 1 for n in (1, 2) for letter in letters.of_list(db, 1, n))


def test_nothing_is_written_of_what_is_gone(db: Session, eero: Visitor) -> None:
    notices.tell_followers(db, Event.SUMMARY, 999, panel=1, at=NOON)
    assert letters.make_list(db, eero) is None
    assert {notice.told_on for notice in db.query(Notice)} == {""}
