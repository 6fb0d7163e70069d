"""Whatever is sent: a clear answer in the page's language, what was typed is kept, nothing is half stored."""

import re
from collections.abc import Iterator
from html import escape
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from panels import login, people
from panels.database import Engine, now, set_clock, writing
from panels.login import Wish
from panels.members import Member, MemberKind
from panels.statements import Statement, Vote
from server import settings as program
from server.gate import Page
from server.routes import PAGES
from server.sentences import say
from tests.addresses import address
from tests.conftest import DAY, NOON, Browser

FORMS = [page for page in PAGES if page.method == "POST" and not page.in_mail]
MEGABYTE = 1_000_000
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
STATEMENTS = "/fi/panels/library/statements"
BALLOT = {"choice": "agree", "key": "a" * 32, "seen": "0"}
SENTENCE = "Kirjasto olkoon auki myös sunnuntaisin."
every_form = pytest.mark.parametrize("page", FORMS, ids=lambda page: page.name)
languages = pytest.mark.parametrize("language", ["fi", "sv", "en"])


def title(language: str, page: str) -> str:
    """Return the page's heading, as far as it is plain text."""
    assert f'<html lang="{language}">' in page
    found = re.search(r"<h1[^>]*>([^<]*)", page)
    assert found is not None, page
    return found[1]


def chunks() -> Iterator[bytes]:
    """Yield ten megabytes whose length nobody was told before."""
    for _ in range(10):
        yield b"x" * MEGABYTE


@every_form
def test_ten_megabytes_are_too_much(page: Page, browser: Browser) -> None:
    client, where = browser("aino"), address(page)
    assert client.post(where, content=b"x" * 10 * MEGABYTE, headers=FORM).status_code == 413
    assert client.post(where, content=chunks(), headers=FORM).status_code == 413


@every_form
@pytest.mark.parametrize(
    "body", [b"text=a%00b", b"text=a\0b", b"text=%ED%A0%80", b"text=\xed\xa0\x80", b"text=%FF", b"\xff=a"]
)
def test_signs_that_are_no_text_are_refused(page: Page, body: bytes, browser: Browser) -> None:
    assert browser("aino").post(address(page), content=body, headers=FORM).status_code == 400


@every_form
def test_a_form_has_only_so_many_fields(page: Page, browser: Browser) -> None:
    body = "&".join(f"a{number}=1" for number in range(page.fields + 1))
    assert browser("aino").post(address(page), content=body, headers=FORM).status_code == 400


@every_form
def test_only_plain_forms_are_read(page: Page, browser: Browser) -> None:
    client, where = browser("aino"), address(page)
    assert page.file or client.post(where, files={"text": b"a file"}).status_code == 415
    assert client.post(where, json={"text": "a"}).status_code == 415


def test_an_unknown_choice_is_refused(browser: Browser, engine: Engine) -> None:
    for form in ({**BALLOT, "choice": "maybe"}, {**BALLOT, "seen": "-1"}, {**BALLOT, "key": "short"}, {}):
        assert browser("aino").post(f"{STATEMENTS}/1/vote", data=form).status_code == 422
    with writing(engine) as db:
        assert db.query(Vote).count() == 0


@languages
def test_a_statement_that_is_too_long_comes_back_with_what_to_mend(language: str, browser: Browser) -> None:
    typed = "Ä" * 201
    form = {"text": typed, "key": "a" * 32}
    answer = browser("aino").post(f"/{language}/panels/library/statements", data=form)
    assert answer.status_code == 422
    assert typed in answer.text
    limits = {"over": 1, "most": 200}
    assert say(language, "Shorten this by %(over)s characters. The limit is %(most)s.", limits) in answer.text


def test_a_statement_of_another_panel_is_not_there(browser: Browser, engine: Engine) -> None:
    with writing(engine) as db:
        aino = people.by_email(db, "aino@example.fi")
        assert aino is not None
        db.add(Member(panel_id=2, person_id=aino.id, kind=MemberKind.DRAWN, created_at=NOON))
        statement = db.query(Statement).filter_by(panel_id=1, number=3).one()
        statement.number = 99
    client = browser("aino")
    assert client.get(f"{STATEMENTS}/99").status_code == 200
    assert client.get("/fi/panels/harbour/statements/99").status_code == 404
    assert client.post("/fi/panels/harbour/statements/99/vote", data=BALLOT).status_code == 404
    with writing(engine) as db:
        assert db.query(Vote).count() == 0


@languages
def test_a_link_that_is_too_old_says_so(
    language: str, browser: Browser, engine: Engine, settings: program.Settings
) -> None:
    with writing(engine) as db:
        wish = Wish(email="aino@example.fi", language=language, login=None, address_key="")
        link = login.ask(db, now(db), wish).link(settings.secret)
        set_clock(db, NOON + 31 * 60)
    for method in ("GET", "POST"):
        answer = browser("").request(method, link)
        assert answer.status_code == 410
        assert title(language, answer.text) == escape(say(language, "This link works no more"))


@languages
def test_what_was_typed_survives_the_end_of_a_login(language: str, browser: Browser) -> None:
    form = {"text": SENTENCE, "key": "a" * 32}
    answer = browser("").post(f"/{language}/panels/library/statements", data=form)
    assert answer.status_code == 401
    assert title(language, answer.text) == say(language, "Log in to continue")
    assert SENTENCE in answer.text
    assert f'href="/{language}/login' in answer.text


@languages
def test_what_was_typed_survives_the_end_of_a_phase(language: str, browser: Browser, engine: Engine) -> None:
    with writing(engine) as db:
        set_clock(db, NOON + 10 * DAY)
    form = {"text": SENTENCE, "key": "a" * 32}
    answer = browser("aino").post(f"/{language}/panels/library/statements", data=form)
    assert answer.status_code == 409
    assert SENTENCE in answer.text
    with writing(engine) as db:
        assert db.query(Statement).filter_by(panel_id=1).count() == 3


def test_v16_an_unknown_language_is_not_there(browser: Browser) -> None:
    """V16"""
    for where in ("/de", "/de/panels/library", "/FI", "/fi-FI/", "/xx/panels/library/statements"):
        assert browser("").get(where).status_code in (301, 404), where
    assert browser("").get("/de/panels/library").status_code == 404


def test_v6_a_trailing_slash_leads_to_the_page_without_it(browser: Browser) -> None:
    """V6"""
    for page in PAGES:
        if page.method == "GET":
            answer = browser("").get(address(page) + "/")
            assert (answer.status_code, answer.headers["location"]) == (301, address(page))


def test_another_host_name_is_refused(browser: Browser) -> None:
    for host in ("evil.example", "127.0.0.1", "127.0.0.1:8000.evil.example", ""):
        assert browser("aino").get("/fi", headers={"Host": host}).status_code == 400


@pytest.fixture
def anybody(browser: Browser) -> list[TestClient]:
    """Return browsers of people with different rights."""
    return [browser(name) for name in ("", "aino", "eero", "minna", "admin")]


WORDS = st.sampled_from(
    ["fi", "sv", "en", "panels", "library", "statements", "1", "0", "999999999", "new", "vote"]
)
STRANGE = st.text(st.characters(exclude_characters="/?#", exclude_categories=["Cs"]), max_size=30)
PATHS = st.lists(WORDS | STRANGE, max_size=7).map("/".join)
NAMES = st.sampled_from(
    ["text", "choice", "key", "seen", "email", "code", "title", "body", "reason", "next", "kind", "page"]
)
FIELDS = st.dictionaries(NAMES | STRANGE, STRANGE | st.text(max_size=300) | st.just("a" * 32), max_size=8)


@given(
    who=st.integers(0, 4),
    page=st.sampled_from(PAGES),
    fields=FIELDS,
    number=st.sampled_from(["0", "1", "2", "999999999"]),
    headers=st.dictionaries(
        st.sampled_from(["HX-Request", "Accept-Language", "X-Forwarded-For", "Range"]),
        st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40),
    ),
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_form_makes_the_server_fail(
    anybody: list[TestClient],
    who: int,
    page: Page,
    fields: dict[str, str],
    number: str,
    headers: dict[str, str],
) -> None:
    where = address(page, statement=number, proposal=number, material=number)
    if page.method == "GET":
        answer = anybody[who].get(where, params=fields, headers=headers)
    else:
        clean = {name: value.encode("utf-8", "surrogatepass") for name, value in fields.items()}
        answer = anybody[who].post(where, data=clean, headers=headers)
    assert answer.status_code < 500


@given(path=PATHS, query=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
@example(path="fi/panels/library/statements/" + "9" * 400, query="")
@example(path="fi/" + "a/" * 2000, query="")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_address_makes_the_server_fail(anybody: list[TestClient], path: str, query: str) -> None:
    for client in anybody[:2]:
        assert client.get("/" + quote(path).lstrip("/"), params={"page": query}).status_code < 500
