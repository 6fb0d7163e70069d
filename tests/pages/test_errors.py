"""Pages that say what went wrong, in three languages: as accessible as all others (A1, A5)."""

import sqlite3

import pytest

from tests.pages.conftest import Site, Window
from tests.pages.looks import look, send, watch

KEY = "a" * 32
BALLOT = {"choice": "agree", "key": KEY, "seen": "0"}
SENTENCE = "Kirjasto olkoon auki myös sunnuntaisin."
in_each_language = pytest.mark.parametrize("language", ["fi", "sv", "en"])


@in_each_language
@pytest.mark.parametrize(
    ("status", "name", "path"),
    [
        (401, "", "me"),
        (403, "aino", "panels/library/moderation"),
        (404, "aino", "panels/library/statements/999"),
        (410, "", "login/1-" + "x" * 43),
        (409, "aino", "panels/library/proposals/new"),
    ],
)
def test_a1_an_address_that_does_not_open(
    status: int, name: str, path: str, language: str, site: Site, window: Window
) -> None:
    """A1"""
    page = window(site.token(f"{name}@example.fi") if name else "")
    complaints = watch(page)
    answer = page.goto(f"/{language}/{path}")
    assert answer is not None
    assert answer.status == status
    assert look(page, status, language=language) + complaints == []


@in_each_language
@pytest.mark.parametrize(
    ("status", "name", "path", "form"),
    [
        (401, "", "statements", {"text": SENTENCE, "key": KEY}),
        (422, "aino", "statements", {"text": "Ä" * 201, "key": KEY}),
        (422, "aino", "statements", {"text": "", "key": KEY}),
        (422, "admin", "materials", {"key": KEY, "title-fi": "Hinnat"}),
        (422, "admin", "update", {"seen": "1"}),
    ],
)
def test_a1_a5_a_form_that_is_refused(
    status: int, name: str, path: str, form: dict[str, str], language: str, site: Site, window: Window
) -> None:
    """A1, A5"""
    page = window(site.token(f"{name}@example.fi") if name else "")
    complaints = watch(page)
    assert send(page, f"/{language}/panels/library/{path}", form) == status
    assert look(page, status, language=language) + complaints == []
    typed = page.locator("main").inner_html()
    assert form.get("text", "") in typed + page.evaluate(TYPED)


@in_each_language
def test_a1_a_vote_that_was_given_in_another_window(language: str, site: Site, window: Window) -> None:
    """A1"""
    page = window(site.newcomer(f"double-{language}"))
    address = f"/{language}/panels/library/statements/1/vote"
    assert send(page, address, BALLOT) == 200
    assert send(page, address, {**BALLOT, "key": "b" * 32}) == 409
    assert look(page, 409, language=language) == []


TYPED = "Array.from(document.querySelectorAll('textarea, input'), field => field.value).join(' ')"


@in_each_language
def test_a1_too_many_mails(language: str, site: Site, window: Window) -> None:
    """A1"""
    page = window()
    statuses = [send(page, f"/{language}/login", {"email": f"{language}@example.fi"}) for _ in range(4)]
    assert statuses[-1] == 429
    assert look(page, 429, language=language) == []
    assert page.locator("html").get_attribute("lang") == language
    assert site.address in page.url


@in_each_language
def test_a1_a_database_that_is_busy(language: str, site: Site, window: Window) -> None:
    """A1"""
    page = window(site.newcomer(f"patient-{language}"))
    locker = sqlite3.connect(str(site.engine.url.database), isolation_level=None)
    locker.execute("begin immediate")
    try:
        assert send(page, f"/{language}/panels/library/statements/2/vote", BALLOT) == 503
    finally:
        locker.execute("rollback")
        locker.close()
    assert look(page, 503, language=language) == []
    assert send(page, f"/{language}/panels/library/statements/2/vote", BALLOT) == 200
