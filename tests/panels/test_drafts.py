import pytest

from panels import drafts
from panels.database import Session, set_clock
from panels.drafts import MOST, Draft
from panels.errors import ClosedError, ConflictError, NotFoundError, RefusedError
from tests.conftest import DAY, NOON
from tests.panels.conftest import Door

KEYS = [f"{n:032x}" for n in range(20)]
BUS = Draft("A bus", "On Tuesdays", "en")


@pytest.fixture(autouse=True)
def _proposing(db: Session) -> None:
    set_clock(db, NOON - 20 * DAY)


def test_a_draft_is_its_writers_alone_and_saved_again_it_is_the_same(db: Session, come: Door) -> None:
    aino, nils = come("aino"), come("nils")
    first = drafts.save(db, aino, BUS, key=KEYS[0])
    second = drafts.save(db, aino, Draft("", "A tram", "en"), key=KEYS[1])
    later = aino._replace(now=aino.now + 60)
    assert drafts.save(db, later, Draft("A bus", "On Fridays", "fi"), key=KEYS[0]) == first
    assert [draft.id for draft in drafts.of_visitor(db, aino)] == [first, second]
    found = drafts.get(db, aino, first)
    assert (found.title, found.body, found.language) == ("A bus", "On Fridays", "fi")
    assert drafts.of_visitor(db, nils) == drafts.of_visitor(db, come("ville")) == []
    with pytest.raises(NotFoundError):
        drafts.get(db, nils, first)
    with pytest.raises(ConflictError):
        drafts.save(db, nils, BUS, key=KEYS[0])
    drafts.forget(db, nils, key=KEYS[0])
    drafts.forget(db, aino, key=KEYS[1])
    assert [draft.id for draft in drafts.of_visitor(db, aino)] == [first]


def test_an_empty_draft_and_the_eleventh_are_refused(db: Session, come: Door) -> None:
    aino = come("aino")
    with pytest.raises(RefusedError) as error:
        drafts.save(db, aino, Draft("", "", "fi"), key=KEYS[0])
    assert (error.value.code, error.value.field) == ("missing", "title")
    for key in KEYS[:MOST]:
        drafts.save(db, aino, BUS, key=key)
    assert drafts.save(db, aino, BUS, key=KEYS[0])
    with pytest.raises(RefusedError) as error:
        drafts.save(db, aino, BUS, key=KEYS[MOST])
    assert error.value.code == "too_many_drafts"


def test_drafts_are_saved_only_while_proposals_are_open(db: Session, come: Door) -> None:
    drafts.save(db, come("aino"), BUS, key=KEYS[0])
    set_clock(db, NOON)
    with pytest.raises(ClosedError):
        drafts.save(db, come("aino"), BUS, key=KEYS[1])
    assert len(drafts.of_visitor(db, come("aino"))) == 1
