import pytest

from panels import comments, proposals
from panels.comments import CommentKind
from panels.database import Session, set_clock
from panels.errors import ClosedError, ConflictError, NotFoundError, RefusedError
from panels.members import Visitor
from panels.proposals import Draft, Order
from tests.conftest import DAY, NOON
from tests.panels.conftest import Door

KEYS = [f"{n:032x}" for n in range(40)]


@pytest.fixture(autouse=True)
def _proposing(db: Session) -> None:
    set_clock(db, NOON - 20 * DAY)


def propose(db: Session, visitor: Visitor, words: str = "A bus on Tuesdays", *, key: str = KEYS[0]) -> int:
    return proposals.propose(
        db, visitor, Draft({"fi": words}, {"fi": "Because **many** walk."}, "fi"), key=key
    )


def test_a_proposal_is_published_at_once_under_its_number(db: Session, come: Door) -> None:
    aino = come("aino")
    number = propose(db, aino)
    shown = proposals.get(db, come("nils"), number)
    assert (shown.number, shown.title, shown.author, shown.language) == (
        1,
        {"fi": "A bus on Tuesdays"},
        "Aino",
        "fi",
    )
    assert (shown.backers, shown.backed) == (0, False)
    assert shown.sent_at == pytest.approx(NOON - 20 * DAY, abs=60)


def test_the_same_form_sent_twice_makes_one_proposal(db: Session, come: Door) -> None:
    aino = come("aino")
    assert propose(db, aino) == propose(db, aino) == 1
    assert len(proposals.listed(db, aino)) == 1
    with pytest.raises(ConflictError):
        propose(db, aino, "Another text")


def test_a_seat_makes_five_proposals_a_day_and_the_refused_form_may_come_again(
    db: Session, come: Door
) -> None:
    aino = come("aino")
    for key in KEYS[:5]:
        propose(db, aino, f"Proposal {key}", key=key)
    with pytest.raises(RefusedError) as error:
        propose(db, aino, key=KEYS[5])
    assert (error.value.code, error.value.field) == ("proposals_a_day", "title")
    assert propose(db, come("nils"), "A tram", key=KEYS[6]) == 6
    set_clock(db, NOON - 19 * DAY + 60)
    assert propose(db, come("aino"), key=KEYS[5]) == 7


def test_the_same_title_again_names_the_proposal_that_has_it_v45(db: Session, come: Door) -> None:
    """V45"""
    propose(db, come("nils"), "A tram")
    propose(db, come("aino"), key=KEYS[1])
    for again in ("A bus on Tuesdays", "  a BUS on tuesdays?", "»A bus«  on Tuesdays!"):
        with pytest.raises(RefusedError) as error:
            propose(db, come("nils"), again, key=KEYS[2])
        assert (error.value.code, error.value.field) == ("same_proposal", "title")
        assert error.value.values == {"number": 2}
    assert propose(db, come("nils"), "A bus on Thursdays", key=KEYS[2]) == 3


def test_nothing_is_proposed_or_backed_outside_the_phase(db: Session, come: Door) -> None:
    propose(db, come("aino"))
    set_clock(db, NOON)
    with pytest.raises(ClosedError):
        propose(db, come("aino"), key=KEYS[1])
    with pytest.raises(ClosedError):
        proposals.back(db, come("nils"), 1)


def test_a_member_backs_a_proposal_once_and_may_leave_it(db: Session, come: Door) -> None:
    number = propose(db, come("aino"))
    for _ in range(2):
        proposals.back(db, come("nils"), number)
    proposals.back(db, come("aino"), number)
    shown = proposals.get(db, come("nils"), number)
    assert (shown.backers, shown.backed) == (2, True)
    for _ in range(2):
        proposals.back(db, come("nils"), number, backs=False)
    shown = proposals.get(db, come("nils"), number)
    assert (shown.backers, shown.backed) == (1, False)
    assert not proposals.get(db, come("ville"), number).backed


def test_a_proposal_of_another_panel_is_not_found(db: Session, come: Door) -> None:
    number = propose(db, come("aino"))
    with pytest.raises(NotFoundError):
        proposals.get(db, come("aino", "harbour"), number)
    with pytest.raises(NotFoundError):
        proposals.locate(db, come("aino", "harbour").panel, number)


def test_the_list_may_be_ordered_by_lot_by_age_and_by_discussion(db: Session, come: Door) -> None:
    aino, nils = come("aino"), come("nils")
    for number in range(1, 6):
        propose(db, aino, f"Proposal {number}", key=KEYS[number])
    for number, key in ((2, KEYS[10]), (4, KEYS[11]), (4, KEYS[12])):
        draft = comments.Draft(number, CommentKind.SUPPORT, {"fi": "Good"}, "fi")
        comments.add(db, nils, draft, key=key)
    proposals.back(db, nils, 3)

    def numbers(visitor: Visitor, order: Order) -> list[int]:
        return [found.number for found in proposals.listed(db, visitor, order)]

    assert numbers(aino, Order.NEW) == [5, 4, 3, 2, 1]
    assert numbers(aino, Order.DISCUSSED) == [4, 2, 5, 3, 1]
    assert sorted(numbers(aino, Order.RANDOM)) == [1, 2, 3, 4, 5]
    assert numbers(aino, Order.RANDOM) == numbers(come("aino"), Order.RANDOM)
    assert numbers(aino, Order.RANDOM) != numbers(nils, Order.RANDOM)
    by_number = {found.number: found for found in proposals.listed(db, aino)}
    assert (by_number[4].comments, by_number[3].backers) == (2, 1)
