from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from panels import jobs, login, people
from panels.database import Engine, Session, set_clock, writing
from panels.errors import LimitError, NotFoundError
from panels.jobs import Job
from panels.login import LINK_LASTS, Login, LoginRequest, Wish, WrongCode
from tests.conftest import DAY, NOON

KEY = "k" * 32


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    with writing(engine) as db:
        yield db


def wish(email: str = "aino@example.fi", *, address: str = "here", browser: int | None = None) -> Wish:
    return Wish(email=email, language="fi", login=browser, address_key=address)


def person(db: Session, name: str = "aino") -> int:
    found = people.by_email(db, f"{name}@example.fi")
    assert found is not None
    return found.id


def test_a_known_and_an_unknown_address_leave_the_same_row_and_the_same_job(db: Session) -> None:
    known, unknown = login.ask(db, NOON, wish()), login.ask(db, NOON, wish("stranger@example.fi"))
    assert (known.person_id, unknown.person_id) == (person(db), None)
    left = list(db.scalars(select(Job).where(Job.task == "send_mail")))
    wanted = [{"template": "login", "request": request.id} for request in (known, unknown)]
    assert len(left) == len(wanted)
    assert all(arguments in [job.arguments for job in left] for arguments in wanted)


def test_neither_the_link_nor_the_code_is_stored(db: Session) -> None:
    request = login.ask(db, NOON, wish())
    row = db.execute(select(*LoginRequest.__table__.columns).where(LoginRequest.id == request.id)).one()
    stored = " ".join(map(str, row))
    assert request.secret(KEY) not in stored
    assert request.code(KEY) not in stored
    assert request.nonce.hex() not in request.secret(KEY)


def test_link_and_code_depend_on_the_installations_secret_and_on_the_request(db: Session) -> None:
    first, second = login.ask(db, NOON, wish()), login.ask(db, NOON, wish())
    assert len({first.secret(KEY), second.secret(KEY), first.secret("x" * 32)}) == 3
    assert len({first.code(KEY), second.code(KEY), first.code("x" * 32)}) == 3
    assert first.secret(KEY) == first.secret(KEY)


def test_a_link_with_a_wrong_secret_or_number_is_nobodys(db: Session) -> None:
    request = login.ask(db, NOON, wish())
    link = request.link(KEY).rpartition("/")[2]
    assert login.find(db, link, key=KEY) is request
    assert login.find(db, link, key="x" * 32) is None
    assert login.find(db, link[:-1] + ("A" if link[-1] != "A" else "B"), key=KEY) is None
    assert login.find(db, f"{request.id + 1}-{request.secret(KEY)}", key=KEY) is None


def test_a_link_is_used_once(db: Session) -> None:
    request = login.ask(db, NOON, wish())
    assert login.use(db, NOON + 1, request)
    assert not login.use(db, NOON + 2, request)
    assert request.used_at == NOON + 1


@pytest.mark.parametrize(("after", "works"), [(LINK_LASTS - 1, True), (LINK_LASTS, False)])
def test_a_link_lasts_thirty_minutes(db: Session, after: int, works: bool) -> None:
    request = login.ask(db, NOON, wish())
    assert request.is_open(NOON + after) is works
    assert login.use(db, NOON + after, request) is works


def test_five_wrong_codes_end_link_and_code(db: Session) -> None:
    request = login.ask(db, NOON, wish())
    for _ in range(4):
        login.miss(db, NOON, login=1, address_key="here", request=request)
    assert request.is_open(NOON)
    login.miss(db, NOON, login=1, address_key="here", request=request)
    assert not request.is_open(NOON)
    assert not login.use(db, NOON, request)


def test_the_code_is_read_without_case_spaces_and_hyphens(db: Session) -> None:
    request = login.ask(db, NOON, wish())
    code = request.code(KEY)
    assert login.is_code(request, f" {code[:4].lower()} - {code[4:]}", key=KEY)
    assert not login.is_code(request, code[:-1], key=KEY)
    assert not login.is_code(request, "ä" * 8, key=KEY)


def test_a_code_that_was_mailed_to_nobody_opens_nothing(db: Session) -> None:
    request = login.ask(db, NOON, wish("stranger@example.fi"))
    assert not login.is_code(request, request.code(KEY), key=KEY)


def test_a_mail_is_asked_for_three_times_in_a_quarter_of_an_hour(db: Session) -> None:
    for email in ("aino@example.fi", "stranger@example.fi"):
        for _ in range(3):
            login.ask(db, NOON, wish(email))
        with pytest.raises(LimitError) as error:
            login.ask(db, NOON + 60, wish(email))
        assert error.value.wait == 14 * 60
        login.ask(db, NOON + 15 * 60, wish(email))


def test_one_address_asks_for_twenty_mails_in_a_quarter_of_an_hour(db: Session) -> None:
    for n in range(20):
        login.ask(db, NOON, wish(f"r{n}@example.fi"))
    with pytest.raises(LimitError):
        login.ask(db, NOON, wish("one-more@example.fi"))
    login.ask(db, NOON, wish("one-more@example.fi", address="elsewhere"))


def test_all_together_ask_for_five_hundred_mails_an_hour(db: Session) -> None:
    for n in range(500):
        login.ask(db, NOON, wish(f"r{n}@example.fi", address=f"address {n}"))
    with pytest.raises(LimitError):
        login.ask(db, NOON, wish("one-more@example.fi", address="elsewhere"))
    login.ask(db, NOON + 3600, wish("one-more@example.fi", address="elsewhere"))


def test_wrong_codes_of_one_person_are_counted_over_several_mails(db: Session) -> None:
    first, second = login.ask(db, NOON, wish()), login.ask(db, NOON, wish())
    for request in (first, second, second, second):
        login.miss(db, NOON, login=1, address_key="here", request=request)
    login.check_code_limits(db, NOON, second)
    login.miss(db, NOON, login=1, address_key="here", request=second)
    with pytest.raises(LimitError):
        login.check_code_limits(db, NOON, second)
    login.check_code_limits(db, NOON + 300, second)


def test_requests_and_wrong_codes_are_forgotten_after_a_day(db: Session) -> None:
    request = login.ask(db, NOON, wish())
    login.miss(db, NOON, login=1, address_key="here", request=request)
    newest = login.ask(db, NOON + DAY + 1, wish())
    assert list(db.scalars(select(LoginRequest.nonce))) == [newest.nonce]
    assert db.scalar(select(func.count(WrongCode.id))) == 0


def test_a_person_has_five_logins_at_most_and_the_oldest_ends(db: Session) -> None:
    made = [login.begin(db, NOON + n, person=person(db))[0].id for n in range(6)]
    kept = set(db.scalars(select(Login.id).where(Login.person_id == person(db))))
    assert kept == set(made[1:])


def test_logins_that_are_over_are_deleted(db: Session) -> None:
    old, _ = login.begin(db, NOON, person=person(db))
    number = old.id
    login.begin(db, NOON + login.LONGEST, person=person(db, "nils"))
    assert number not in set(db.scalars(select(Login.id)))


@pytest.mark.parametrize(("shared", "idle"), [(False, 30 * 60), (True, 10 * 60)])
def test_a_login_works_until_it_has_been_idle(db: Session, shared: bool, idle: int) -> None:
    login.begin(db, NOON, person=person(db), shared=shared)
    assert len(login.of_person(db, person(db), NOON + idle - 1)) == 1
    assert login.of_person(db, person(db), NOON + idle) == []


def test_a_link_of_the_command_line_is_for_people_whom_raati_knows(db: Session) -> None:
    link, code = login.link_for(db, " Aino@Example.fi", key=KEY)
    assert link.startswith("/fi/login/")
    request = login.find(db, link.rpartition("/")[2], key=KEY)
    assert request is not None
    assert request.login_id is None
    assert login.is_code(request, code, key=KEY)
    assert len(code) == 9
    with pytest.raises(NotFoundError):
        login.link_for(db, "stranger@example.fi", key=KEY)
    assert jobs.due(db) == []


def test_the_newest_mail_of_the_browser_waits_for_its_code(db: Session) -> None:
    browser, _ = login.begin(db, NOON, person=None)
    assert login.pending(db, None) is None
    assert login.pending(db, browser.id) is None
    login.ask(db, NOON, wish(browser=browser.id))
    newest = login.ask(db, NOON, wish("nils@example.fi", browser=browser.id))
    assert login.pending(db, browser.id) is newest


def test_a_login_is_seen_later_never_earlier(db: Session) -> None:
    browser, _ = login.begin(db, NOON, person=None)
    for at in (NOON + 60, NOON + 30):
        login.note_seen(db, browser.id, at)
    db.refresh(browser)
    assert browser.seen_at == NOON + 60
    set_clock(db, NOON)
