import pytest

from panels import corrections, history, statements
from panels.database import Session
from panels.errors import ConflictError, NotFoundError, RefusedError
from panels.notices import Event, of_person
from panels.sheets import Keying
from panels.statements import Choice, State
from panels.variants import VariantState, state
from tests.conftest import BOTH, texts
from tests.panels.conftest import Door

pytestmark = BOTH
MENDED = {"fi": "Kirjasto on auki.", "sv": "library sentence 1 (sv)", "en": "library sentence 1 (en)"}


def mend(db: Session, come: Door, number: int = 1, words: dict[str, str] = MENDED, seen: int = 1) -> None:
    statement = corrections.get(db, 1, number)
    corrections.correct(db, come("eero"), statement, words, seen=seen, compared=False)


def test_a_wording_is_corrected_before_the_first_answer_and_the_old_one_stays_f21(
    db: Session, come: Door
) -> None:
    for _ in range(2):  # the same form sent twice
        mend(db, come)
    (correction,) = corrections.made(db, 1)
    assert correction.before == texts("library sentence 1")
    assert [line for line in history.written(db, 1) if '"act":"statement_edited"' in line]
    assert correction.corrected_by == come("eero").person
    card = statements.deck(db, come("aino")).card(1)
    assert card.texts["fi"] == MENDED["fi"]
    assert state(card.texts, "sv", "fi") is VariantState.OUTDATED
    with pytest.raises(ConflictError):
        mend(db, come, words=texts("Other words"))
    for words, code in (({"fi": "x"}, "too_short"), (texts("library sentence 2"), "same_statement")):
        with pytest.raises(RefusedError, match=code):
            mend(db, come, words=words, seen=2)


def test_with_an_answer_the_wording_stays_f21(db: Session, come: Door) -> None:
    statements.cast_vote(db, come("aino"), 1, Choice.AGREE, key="a" * 32, seen=0)
    with pytest.raises(RefusedError, match="answered_already"):
        mend(db, come)
    assert corrections.made(db, 1) == []


def test_with_a_paper_sheet_that_waits_for_its_second_entry_the_wording_stays_f21(
    db: Session, come: Door
) -> None:
    visitor = come("aino")
    waiting = Keying(panel_id=1, member_id=visitor.seat, day="2026-11-21", answers={"1": 1}, at=visitor.now)
    db.add(waiting)
    assert [corrections.answered(db, statements.get(db, 1, number)) for number in (1, 2)] == [1, 0]
    with pytest.raises(RefusedError, match="answered_already"):
        mend(db, come)


def test_its_writers_own_answer_does_not_count_and_they_are_told_f21(db: Session, come: Door) -> None:
    sent = statements.send(db, come("aino"), {"fi": "Kirjsto auki."}, "fi", key="a" * 32)
    mend(db, come, sent.number, {"fi": "Kirjasto auki."})
    assert sent.texts == {"fi": "Kirjasto auki."}
    person = come("aino").person
    assert person is not None
    assert [notice.event for notice in of_person(db, person, 5)] == [Event.CORRECTED]
    statements.cast_vote(db, come("nils"), sent.id, Choice.AGREE, key="b" * 32, seen=0)
    with pytest.raises(RefusedError, match="answered_already"):
        mend(db, come, sent.number, {"fi": "Kirjasto kiinni."}, seen=2)


def test_what_is_not_to_be_answered_is_not_corrected_f21(db: Session) -> None:
    statements.get(db, 1, 1).state = State.SENT_BACK
    for panel, number in ((1, 1), (1, 77)):
        with pytest.raises(NotFoundError):
            corrections.get(db, panel, number)
