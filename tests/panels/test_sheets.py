"""Staff enter paper sheets and calls on the seat of a code, on either database."""

import pytest
from sqlalchemy import select

from panels import codes, members, people, sheets, statements
from panels.codes import Code, CodeKind
from panels.database import Session
from panels.errors import ClosedError, NotFoundError, RefusedError
from panels.members import Member, Visitor
from panels.people import Person
from panels.sheets import UNDO, Channel, Entry, Sheet
from panels.statements import Choice, Vote
from tests.conftest import BOTH, NOON

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
    """Let Eero key a paper sheet."""
    sheet = Sheet(code, Channel.PAPER, answers, agreed=agreed)
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


def test_r22_a_paper_sheet_is_kept_with_its_channel_and_who_keyed_it(db: Session) -> None:
    """R22: nobody needs an e-mail address for it."""
    code, eero = letter(db), staff(db).person
    entered(db, code, {1: AGREE, 2: DISAGREE, 3: PASS})
    assert votes(db, code) == {1: (1, "paper", eero), 2: (-1, "paper", eero), 3: (0, "paper", eero)}
    person = db.get_one(Person, seat(db, code).person_id)
    assert (person.email, person.language) == (None, "sv")
    (entry,) = sheets.recent(db, staff(db))
    assert (entry.answers, entry.channel, entry.member_id) == (3, Channel.PAPER, seat(db, code).id)


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
    assert votes(db, code) == {1: (-1, "web", None), 2: (1, "paper", eero)}
    sheets.undo(db, staff(db, NOON + 120), sheets.recent(db, staff(db))[0].id)
    assert votes(db, code) == {1: (-1, "web", None), 2: (None, "paper", eero)}


def test_r22_undoing_brings_back_what_was_there_and_once_only(db: Session) -> None:
    """R22"""
    code, eero = letter(db), staff(db).person
    entered(db, code, {1: AGREE})
    answer(db, code, 2, DISAGREE, NOON + 1)
    entered(db, code, {1: PASS, 2: AGREE, 3: AGREE}, at=NOON + 60, key="b" * 32)
    last = sheets.recent(db, staff(db))[0]
    for at in (NOON + 61, NOON + UNDO + 100):
        sheets.undo(db, staff(db, at), last.id)
        assert votes(db, code) == {1: (1, "paper", eero), 2: (-1, "web", None), 3: (None, "paper", eero)}
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
