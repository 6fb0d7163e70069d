from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from panels import codes, login, members, panels, people, signs
from panels.codes import Code, CodeKind
from panels.database import Engine, Session, writing
from panels.errors import LimitError, NotFoundError, RefusedError
from panels.login import Wish
from panels.members import Member, MemberKind
from panels.people import Person
from tests.conftest import DAY, NOON


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    with writing(engine) as db:
        yield db


def made(db: Session, kind: CodeKind, number: int = 1) -> list[str]:
    return codes.add(db, "library", codes.draw(number), kind)


def proven(db: Session, printed: str) -> int:
    code = signs.plain(printed)
    found = codes.prove(code, codes.look_up(db, code))
    assert found is not None
    return found


def enter(db: Session, printed: str, *, at: float = NOON) -> tuple[int, str]:
    return codes.open_seat(db, at, proven(db, printed), language="sv")


def seats(db: Session) -> int:
    return db.execute(select(func.count(Member.id))).scalar_one()


def test_codes_are_printed_once_and_stored_as_a_selector_and_a_hash(db: Session) -> None:
    printed = made(db, CodeKind.REGISTRATION, 3)
    rows = {row.selector: row for row in db.scalars(select(Code))}
    assert {signs.plain(code)[:4] for code in printed} == set(rows)
    for code in map(signs.plain, printed):
        assert rows[code[:4]].hash == codes.slow_hash(code, rows[code[:4]].salt)


def test_a_code_is_proven_by_the_whole_of_it(db: Session) -> None:
    (printed,) = made(db, CodeKind.REGISTRATION)
    code = signs.plain(printed)
    stored = codes.look_up(db, code)
    assert stored is not None
    assert codes.prove(code, stored) == stored.id
    other = code[:4] + signs.draw()[4:]
    assert codes.look_up(db, other) == stored
    assert codes.prove(other, stored) is None
    assert codes.prove(code, None) is None


def test_a_registration_code_makes_one_seat_once(db: Session) -> None:
    (printed,) = made(db, CodeKind.REGISTRATION)
    before = seats(db)
    person, slug = enter(db, printed)
    assert slug == "library"
    assert (seats(db), db.get_one(Person, person).email) == (before + 1, None)
    assert db.get_one(Person, person).language == "sv"
    seat = db.get_one(Member, members.arrive_as(db, slug, person).offered)
    assert (seat.kind, seat.takes_part) == (MemberKind.DRAWN, None)
    with pytest.raises(RefusedError) as error:
        enter(db, printed)
    assert error.value.code == "code_used"
    assert seats(db) == before + 1


def test_v19_a_members_code_opens_the_same_seat_again_and_again(db: Session) -> None:
    before = seats(db)
    (printed,) = made(db, CodeKind.MEMBER)
    assert seats(db) == before + 1
    assert {enter(db, printed) for _ in range(3)} == {enter(db, printed)}
    assert seats(db) == before + 1


@pytest.mark.parametrize("kind", list(CodeKind))
def test_a_code_opens_nothing_before_the_panel_opens_or_after_it_ended(db: Session, kind: CodeKind) -> None:
    (printed,) = made(db, kind)
    panel = panels.by_slug(db, "library")
    with pytest.raises(RefusedError, match="code_closed"):
        enter(db, printed, at=NOON + 9 * DAY)
    panel.opened_at = None
    with pytest.raises(RefusedError, match="code_closed"):
        enter(db, printed)
    panel.opened_at = NOON
    assert enter(db, printed, at=NOON + 9 * DAY - 1)


def test_an_email_address_takes_the_place_of_a_members_code(db: Session) -> None:
    (printed,) = made(db, CodeKind.MEMBER)
    person, slug = enter(db, printed)
    seat = members.arrive_as(db, slug, person).offered
    assert codes.opens_again(db, seat)
    wish = Wish(email="new@example.fi", language="fi", login=None, address_key="here", person=person)
    assert members.welcome(db, NOON, login.ask(db, NOON, wish)).id == person
    found = people.by_email(db, "new@example.fi")
    assert found is not None
    assert found.id == person
    assert not codes.opens_again(db, seat)
    with pytest.raises(RefusedError, match="code_used"):
        enter(db, printed)


def test_a_code_whose_selector_is_taken_is_left_out(db: Session) -> None:
    drawn = codes.draw(2)
    assert len(codes.add(db, "library", drawn[:1], CodeKind.REGISTRATION)) == 1
    assert codes.add(db, "library", drawn, CodeKind.REGISTRATION) == [signs.grouped(drawn[1].code)]


def test_drawn_codes_have_different_selectors(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = iter("7K4MQ2XD9TRA7K4MAAAAAAAAABCDQ2XD9TRA")
    monkeypatch.setattr("secrets.choice", lambda _: next(chance))
    assert [code.code[:4] for code in codes.draw(2)] == ["7K4M", "ABCD"]


def test_codes_for_a_panel_that_is_not_there_are_refused(db: Session) -> None:
    with pytest.raises(NotFoundError):
        codes.add(db, "nowhere", codes.draw(1), CodeKind.MEMBER)


def test_five_wrong_codes_of_a_browser_make_it_wait_five_minutes(db: Session) -> None:
    for n in range(5):
        codes.check_limits(db, NOON + n, browser=7, address_key="here")
        login.miss(db, NOON + n, login=7, address_key="here")
    with pytest.raises(LimitError) as error:
        codes.check_limits(db, NOON + 100, browser=7, address_key="elsewhere")
    assert error.value.wait == 200
    codes.check_limits(db, NOON + 100, browser=8, address_key="here")
    codes.check_limits(db, NOON + 301, browser=7, address_key="here")


def test_ten_wrong_codes_of_an_address_make_it_wait(db: Session) -> None:
    for n in range(10):
        codes.check_limits(db, NOON, browser=None, address_key="here")
        login.miss(db, NOON, login=n, address_key="here")
    with pytest.raises(LimitError):
        codes.check_limits(db, NOON, browser=None, address_key="here")
    codes.check_limits(db, NOON, browser=None, address_key="elsewhere")
