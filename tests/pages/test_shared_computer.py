"""At the library's computer, and with a mail scanner on the way (R17, R18)."""

import pytest
from sqlalchemy import select

from panels import login, people
from panels.database import reading
from panels.login import LoginRequest
from tests.pages.conftest import Site, Window
from tests.pages.looks import SHOWN, viewer, where
from tests.serve import SECRET

LOGGED_IN = "header form[action$='/login/logout']"


@pytest.mark.parametrize("name", ["aino", "eero", "admin"])
def test_r17_back_shows_nothing_of_any_page_after_logging_out(site: Site, window: Window, name: str) -> None:
    """R17, T19"""
    page = window(site.token(f"{name}@example.fi"))
    pages = [one for one in SHOWN if viewer(one) == name]
    for one in pages:
        page.goto(where(one, "fi"))
        assert page.locator(LOGGED_IN).count() == 1, one.name
    page.locator(f"{LOGGED_IN} button").click()
    page.wait_for_url("**/fi")
    for one in reversed(pages):
        page.go_back()
        assert page.locator(LOGGED_IN).count() == 0, one.name
        assert f"{name}@example.fi" not in page.content(), one.name
    assert len(pages) > 0


def test_r18_a_scanner_that_is_a_browser_leaves_the_link_to_the_person(site: Site, window: Window) -> None:
    """R18, T16"""
    person, scanner = window(), window()
    person.goto("/fi/login")
    person.locator("input[name=email]").fill("nils@example.fi")
    person.locator("main form button").click()
    person.wait_for_url("**/fi/login/sent")
    with reading(site.engine) as db:
        request = db.scalars(select(LoginRequest).order_by(-LoginRequest.id)).first()
        assert request is not None
        link = request.link(SECRET)
    scanner.goto(link)
    scanner.wait_for_load_state("networkidle")
    assert scanner.locator(LOGGED_IN).count() == 0
    person.goto(link)
    person.locator("main form button").click()
    person.wait_for_selector(LOGGED_IN)
    with reading(site.engine) as db:
        nils = people.by_email(db, "nils@example.fi")
        assert nils is not None
        assert len(login.of_person(db, nils.id, request.created_at)) == 1
    scanner.goto(link)
    assert scanner.locator("input[name=code]").count() == 0
