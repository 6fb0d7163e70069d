import pytest

from panels import consents, members, notices, panels, people, profiles
from panels.consents import Born, ConsentKind
from panels.database import Session
from panels.errors import RefusedError
from panels.members import Member, MemberKind, Reach, Visitor
from panels.permissions import Permission, may
from tests.conftest import BOTH, NOON

pytestmark = BOTH

TAKING_PART, BACKGROUND, CONTACT = ConsentKind.TAKING_PART, ConsentKind.BACKGROUND, ConsentKind.CONTACT
GUARDIAN = ConsentKind.GUARDIAN


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
    assert stored(db, seat) == [
        (TAKING_PART, True, "1", True),
        (BACKGROUND, False, "1", True),
        (CONTACT, False, "1", True),
    ]
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
        BACKGROUND: False,
        CONTACT: False,
    }
    assert ville(db).offered == seat
    consents.change(db, seat, TAKING_PART, given=True)
    assert ville(db).member == seat


def test_background_answers_go_with_their_consent(db: Session, seat: int) -> None:
    consents.agree(db, seat, {TAKING_PART, BACKGROUND})
    age = profiles.asked(panels.get(db, 1))[0]
    profiles.tell(db, seat, age, "65-74")
    assert profiles.told(db, seat) == {"age": "65-74"}
    consents.change(db, seat, BACKGROUND, given=False)
    assert profiles.told(db, seat) == {}


def test_who_wants_no_news_follows_nothing_and_has_no_channel(db: Session, seat: int) -> None:
    consents.agree(db, seat, {TAKING_PART, CONTACT})
    members.choose_channel(db, seat, Reach.TELEPHONE, "040 000 0000")
    assert notices.follows(db, ville(db))
    consents.change(db, seat, CONTACT, given=False)
    assert not notices.follows(db, ville(db))
    member = db.get_one(Member, seat)
    assert (member.channel, member.reach) == (None, "")


def test_a_seat_that_only_paper_knows_can_agree(db: Session) -> None:
    paper = Member(panel_id=1, kind=MemberKind.DRAWN, takes_part=None, created_at=NOON)
    db.add(paper)
    db.flush()
    consents.agree(db, paper.id, {TAKING_PART, CONTACT})
    assert paper.takes_part


def test_a_panel_without_background_questions_asks_no_consent_to_them(db: Session, seat: int) -> None:
    panels.get(db, 1).background = []
    consents.agree(db, seat, {TAKING_PART})
    assert set(consents.standing(db, seat)) == {TAKING_PART, CONTACT}


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        (Born(2014), True),  # 12 this year
        (Born(2013), True),  # turns 13 this year and has not yet
        (Born(2013, turned=True), False),
        (Born(2012), False),
        (Born(1959), False),
    ],
)
def test_r21_a_child_of_12_needs_a_guardian_and_one_of_13_does_not(born: Born, *, expected: bool) -> None:
    """R21"""
    assert consents.needs_guardian(born, NOON) is expected


def test_r21_a_child_takes_part_when_the_guardian_agrees(db: Session, seat: int) -> None:
    """R21"""
    with pytest.raises(RefusedError, match="no_guardian"):
        consents.agree(db, seat, {TAKING_PART}, Born(2014))
    assert (stored(db, seat), ville(db).member) == ([], None)
    consents.agree(db, seat, {TAKING_PART, GUARDIAN}, Born(2014))
    assert db.get_one(Member, seat).birth_year == 2014
    assert consents.is_given(db, seat, GUARDIAN)
    consents.change(db, seat, GUARDIAN, given=False)
    assert ville(db).member is None


def test_r21_who_is_older_needs_no_guardian(db: Session, seat: int) -> None:
    """R21"""
    consents.agree(db, seat, {TAKING_PART, GUARDIAN}, Born(2010))
    assert not consents.is_given(db, seat, GUARDIAN)
    assert db.get_one(Member, seat).takes_part
