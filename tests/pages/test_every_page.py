"""Every page in three languages, light and dark, narrow and wide (A1, A4, A5, V16)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Page as Window

from server.gate import Page
from tests.pages.conftest import PATIENCE, Site
from tests.pages.looks import SHOWN, english_left, look, viewer, watch, where

Shown = tuple[BrowserContext, Window]
in_each_language = pytest.mark.parametrize("language", ["fi", "sv", "en"])


@pytest.fixture(scope="module")
def windows(chromium: Browser, site: Site) -> Iterator[dict[str, Window]]:
    """Keep one window for each person: a new one for every page would take longer than the page."""
    opened = {}
    for name in ("", "aino", "ville", "eero", "minna", "admin"):
        context = chromium.new_context(base_url=site.address, reduced_motion="reduce")
        if name:
            token = site.token(f"{name}@example.fi")
            context.add_cookies([{"name": "login", "value": token, "url": site.address}])
        opened[name] = context.new_page()
        opened[name].set_default_timeout(PATIENCE)
    yield opened
    for window in opened.values():
        window.context.close()


@in_each_language
@pytest.mark.parametrize("page", SHOWN, ids=lambda page: page.name)
def test_a1_a4_a_page_is_accessible_fits_and_asks_nobody_else(
    page: Page, language: str, windows: dict[str, Window]
) -> None:
    """A1, A4, A5, V16"""
    window = windows[viewer(page)]
    complaints = watch(window)
    answer = window.goto(where(page, language))
    assert answer is not None
    wanted = {"login.show": 410, "home.demo": 404, "embeds.embed": 404, "notices.show": 404}.get(
        page.name, 200
    )
    assert answer.status == wanted
    assert window.locator("html").get_attribute("lang") == language
    assert look(window, answer.status, language=language) + english_left(window, language) + complaints == []
