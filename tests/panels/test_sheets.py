"""Staff enter paper sheets and calls on the seat of a code, on either database."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from panels import codes, members, panels, people, sheets, statements
from panels.codes import Code, CodeKind
from panels.database import Session
from panels.errors import ClosedError, NotFoundError, RefusedError
from panels.members import Member, Visitor
from panels.people import Person
from panels.sheets import UNDO, Channel, Entry, Sheet
from panels.statements import Choice, State, Vote
from tests.conftest import BOTH, DAY, NOON

pytestmark = BOTH

AGREE, DISAGREE, PASS = Choice.AGREE, Choice.DISAGREE, Choice.PASS
KEY = "a" * 32


def staff(db: Session, at: float = NOON, name: str = "eero") -> Visitor:
    """Return somebody who works on the library's panel at a moment."""
    person = people.by_email(db, f"{name}@example.fi")
    assert person is not None
    return members.arrive_as(db, "library", person.id)._replace(now=at)


def letter(db: Session, slug: str = "library", kind: CodeKind = CodeKind.MEMBER) -> int:
    """Print a code and return its id."""
    codes.add(db, slug, codes.draw(1), kind)
    return db.scalars(select(Code.id).order_by(Code.id.desc())).first() or 0


def entered(
    db: Session,
    code: int,
    answers: dict[int, Choice],
    *,
    at: float = NOON,
    key: str = KEY,
    agreed: bool = True,
) -> None:
    """Let Eero key what somebody says at the service desk."""
    sheet = Sheet(code, Channel.DESK, answers, agreed=agreed)
    sheets.enter(db, staff(db, at), sheet, key=key, language="sv")


def seat(db: Session, code: int) -> Member:
    """Return the code's seat."""
    return db.get_one(Member, db.get_one(Code, code).member_id)


def votes(db: Session, code: int) -> dict[int, tuple[int | None, str, int | None]]:
    """Return choice, channel and agent of each vote on the code's seat."""
    db.expire_all()
    rows = db.scalars(select(Vote).where(Vote.member_id == seat(db, code).id))
    return {row.statement_id: (row.choice, row.channel, row.agent_id) for row in rows}


def answer(db: Session, code: int, statement: int, choice: Choice, at: float) -> None:
    """Let the seat's own person answer on the web."""
    person = seat(db, code).person_id
    assert person is not None
    visitor = members.arrive_as(db, "library", person)._replace(now=at)
    seen = statements.answers(db, visitor).version(statement)
    statements.cast_vote(db, visitor, statement, choice, key=f"web-{statement}-{at}", seen=seen)


def test_r22_an_entry_is_kept_with_its_channel_and_who_keyed_it(db: Session) -> None:
    """R22: nobody needs an e-mail address for it."""
    code, eero = letter(db), staff(db).person
    entered(db, code, {1: AGREE, 2: DISAGREE, 3: PASS})
    assert votes(db, code) == {1: (1, "desk", eero), 2: (-1, "desk", eero), 3: (0, "desk", eero)}
    person = db.get_one(Person, seat(db, code).person_id)
    assert (person.email, person.language) == (None, "sv")
    (entry,) = sheets.recent(db, staff(db))
    assert (entry.answers, entry.channel, entry.member_id) == (3, Channel.DESK, seat(db, code).id)


def test_r22_somebody_has_to_agree_once_before_anything_is_entered(db: Session) -> None:
    """R22"""
    code = letter(db)
    with pytest.raises(RefusedError, match="not_agreed"), db.begin_nested():
        entered(db, code, {1: AGREE}, agreed=False)
    assert votes(db, code) == {}
    entered(db, code, {1: AGREE})
    assert seat(db, code).takes_part
    entered(db, code, {2: AGREE}, agreed=False, key="b" * 32)
    assert set(votes(db, code)) == {1, 2}


def test_r22_the_same_form_twice_counts_once(db: Session) -> None:
    """R22"""
    code = letter(db)
    for _ in range(2):
        entered(db, code, {1: AGREE})
    assert len(sheets.recent(db, staff(db))) == 1
    assert db.get_one(Vote, (seat(db, code).id, 1)).version == 1


def test_r22_an_answer_on_the_web_afterwards_counts_and_undoing_leaves_it(db: Session) -> None:
    """R22"""
    code, eero = letter(db), staff(db).person
    entered(db, code, {1: AGREE, 2: AGREE})
    answer(db, code, 1, DISAGREE, NOON + 60)
    assert votes(db, code) == {1: (-1, "web", None), 2: (1, "desk", eero)}
    sheets.undo(db, staff(db, NOON + 120), sheets.recent(db, staff(db))[0].id)
    assert votes(db, code) == {1: (-1, "web", None), 2: (None, "desk", eero)}


def test_r22_undoing_brings_back_what_was_there_and_once_only(db: Session) -> None:
    """R22"""
    code, eero = letter(db), staff(db).person
    entered(db, code, {1: AGREE})
    answer(db, code, 2, DISAGREE, NOON + 1)
    entered(db, code, {1: PASS, 2: AGREE, 3: AGREE}, at=NOON + 60, key="b" * 32)
    last = sheets.recent(db, staff(db))[0]
    for at in (NOON + 61, NOON + UNDO + 100):
        sheets.undo(db, staff(db, at), last.id)
        assert votes(db, code) == {1: (1, "desk", eero), 2: (-1, "web", None), 3: (None, "desk", eero)}
    assert (last.undone_at, last.before) == (NOON + 61, [])
    assert db.get_one(Vote, (seat(db, code).id, 2)).version == 3


def test_r22_after_ten_minutes_an_entry_stays_and_what_it_replaced_is_forgotten(db: Session) -> None:
    """R22"""
    code = letter(db)
    entered(db, code, {1: AGREE})
    entered(db, code, {1: PASS}, key="b" * 32)
    entry = sheets.recent(db, staff(db))[0].id
    assert db.get_one(Entry, entry).before != []
    with pytest.raises(RefusedError, match="entry_stays"):
        sheets.undo(db, staff(db, NOON + UNDO), entry)
    assert sheets.recent(db, staff(db, NOON + UNDO)) == []
    entered(db, code, {2: AGREE}, at=NOON + UNDO, key="c" * 32)
    db.expire_all()
    assert db.get_one(Entry, entry).before == []


def test_r22_only_who_keyed_an_entry_undoes_it(db: Session) -> None:
    """R22"""
    entered(db, letter(db), {1: AGREE})
    entry = sheets.recent(db, staff(db))[0].id
    for other in (staff(db, name="minna"), staff(db)._replace(panel=2)):
        assert sheets.recent(db, other) == []
        with pytest.raises(NotFoundError):
            sheets.undo(db, other, entry)


def test_r22_nothing_is_entered_or_undone_when_answering_has_ended(db: Session) -> None:
    """R22"""
    code = letter(db)
    closed = staff(db)._replace(phase=None)
    with pytest.raises(ClosedError):
        sheets.enter(db, closed, Sheet(code, Channel.PHONE, {1: AGREE}), key=KEY, language="fi")
    with pytest.raises(ClosedError):
        sheets.undo(db, closed, 1)


def test_r22_only_a_members_code_of_this_panel_opens_a_seat(db: Session) -> None:
    """R22"""
    registration = letter(db, kind=CodeKind.REGISTRATION)
    for code in (letter(db, "harbour"), registration):
        with pytest.raises(RefusedError, match="other_code"), db.begin_nested():
            entered(db, code, {1: AGREE})
    used = letter(db)
    db.get_one(Code, used).used_at = NOON
    with pytest.raises(RefusedError, match="code_used"), db.begin_nested():
        entered(db, used, {1: AGREE})
    assert sheets.recent(db, staff(db)) == []


TODAY = date(2026, 11, 21)
YESTERDAY = TODAY - timedelta(days=1)


def paper(code: int, answers: dict[int, Choice], day: date = TODAY) -> Sheet:
    """Return a paper sheet of somebody who has agreed."""
    return Sheet(code, Channel.PAPER, answers, day=day, agreed=True)


def key(db: Session, sheet: Sheet, name: str, form: str, at: float = NOON) -> bool:
    """Let somebody of the staff key the sheet, and return whether it counts."""
    with db.begin_nested():
        return sheets.enter(db, staff(db, at, name), sheet, key=form * 32, language="fi")


def test_n12_f4_a_paper_sheet_counts_when_two_people_have_keyed_it_alike(db: Session) -> None:
    """N12, F4"""
    code, eero, minna = letter(db), staff(db).person, staff(db, name="minna").person
    sheet = paper(code, {1: AGREE, 2: DISAGREE}, YESTERDAY)
    assert [key(db, sheet, "eero", "a") for _ in range(2)] == [False, False], "a retry is no second entry"
    assert votes(db, code) == {}
    assert [(one.agent_id, one.day) for one in sheets.waiting(db, staff(db))] == [(eero, "2026-11-20")]
    assert sheets.waiting(db, staff(db)._replace(panel=2)) == []
    assert [key(db, sheet, "minna", "b") for _ in range(2)] == [True, True]
    assert votes(db, code) == {1: (1, "paper", minna), 2: (-1, "paper", minna)}
    assert sheets.waiting(db, staff(db)) == []
    (entry,) = sheets.recent(db, staff(db, name="minna"))
    assert (entry.first_agent_id, entry.answers) == (eero, 2)
    sheets.undo(db, staff(db, NOON + UNDO - 1, "minna"), entry.id)
    assert {choice for choice, *_ in votes(db, code).values()} == {None}


def test_n12_f4_what_was_keyed_otherwise_is_listed_and_looked_at_again_before_it_counts(db: Session) -> None:
    """N12, F4"""
    code = letter(db)
    key(db, paper(code, {1: AGREE, 2: DISAGREE, 3: PASS}), "eero", "a")
    second = paper(code, {1: AGREE, 2: AGREE}, YESTERDAY)
    with pytest.raises(RefusedError, match="keyed_otherwise") as refused:
        key(db, second, "minna", "b")
    assert refused.value.values == {"places": {2, 3, "day"}}
    with pytest.raises(RefusedError, match="keyed_otherwise"):
        key(db, replace(second, compared=frozenset({2, 3})), "minna", "b")
    assert votes(db, code) == {}
    assert key(db, replace(second, compared=frozenset({2, 3, "day"})), "minna", "b")
    assert {id_: choice for id_, (choice, *_) in votes(db, code).items()} == {1: 1, 2: 1}


def test_n12_who_is_alone_says_so_before_keying_a_sheet_twice(db: Session) -> None:
    """N12"""
    sheet = paper(letter(db), {1: AGREE})
    key(db, sheet, "eero", "a")
    with pytest.raises(RefusedError, match="keyed_by_you"):
        key(db, sheet, "eero", "b")
    assert key(db, replace(sheet, alone=True), "eero", "b")


def test_n12_a_statement_hidden_between_the_two_entries_is_no_difference(db: Session) -> None:
    """N12"""
    code = letter(db)
    key(db, paper(code, {1: AGREE, 2: AGREE}), "eero", "a")
    statements.get(db, 1, 2).state = State.HIDDEN
    db.flush()
    panels.touch(panels.get(db, 1))
    db.flush()
    assert key(db, paper(code, {1: AGREE}), "minna", "b")


def test_n12_the_first_entry_can_be_taken_back_while_it_waits(db: Session) -> None:
    """N12"""
    sheet = paper(letter(db), {1: AGREE})
    key(db, sheet, "eero", "a")
    (waiting,) = sheets.waiting(db, staff(db))
    with pytest.raises(NotFoundError):
        sheets.take_back(db, staff(db, name="minna"), waiting.id)
    for _ in range(2):
        sheets.take_back(db, staff(db), waiting.id)
    assert sheets.waiting(db, staff(db)) == []
    assert not key(db, sheet, "minna", "b"), "it is the first entry again"


def test_f4_of_a_call_the_web_and_paper_each_statement_counts_once_by_its_newest_answer(db: Session) -> None:
    """F4, N12: the sheet of yesterday, keyed today, replaces what is older than that day and nothing else."""
    code, eero = letter(db), staff(db).person
    call = Sheet(code, Channel.PHONE, {1: AGREE, 2: AGREE}, agreed=True)
    sheets.enter(db, staff(db, NOON - 3 * DAY), call, key="p" * 32, language="fi")
    answer(db, code, 2, PASS, NOON - 60)
    sheet = paper(code, {1: DISAGREE, 2: DISAGREE, 3: DISAGREE}, YESTERDAY)
    key(db, sheet, "minna", "a")
    key(db, sheet, "eero", "b")
    counted = {1: (-1, "paper", eero), 2: (0, "web", None), 3: (-1, "paper", eero)}
    assert votes(db, code) == counted
    (entry,) = sheets.recent(db, staff(db))
    assert entry.answers == 3, "nobody is told which answers were there already"
    sheets.undo(db, staff(db), entry.id)
    assert votes(db, code) == {1: (1, "phone", eero), 2: (0, "web", None), 3: (None, "paper", eero)}


def test_a_second_sheet_of_the_same_day_counts_and_a_web_answer_of_that_day_stays(db: Session) -> None:
    code = letter(db)
    for form, choice in (("a", AGREE), ("c", PASS)):
        key(db, paper(code, {1: choice}), "eero", form)
        key(db, paper(code, {1: choice}), "minna", chr(ord(form) + 1))
    assert votes(db, code)[1][0] == 0
    answer(db, code, 1, DISAGREE, NOON - 3600)
    key(db, paper(code, {1: AGREE}), "eero", "e")
    key(db, paper(code, {1: AGREE}), "minna", "f")
    assert votes(db, code)[1][:2] == (-1, "web")


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), TODAY - timedelta(days=10)])
def test_nobody_answered_on_a_day_to_come_or_before_the_statements_opened(db: Session, day: date) -> None:
    with pytest.raises(RefusedError, match="no_answers_then"):
        key(db, paper(letter(db), {1: AGREE}, day), "eero", "a")
