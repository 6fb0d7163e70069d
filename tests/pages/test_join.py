"""The first screens that somebody who is invited sees."""

import pytest
from playwright.sync_api import Page, expect

from panels import codes
from panels.codes import CodeKind
from panels.database import writing
from tests.pages.conftest import Site, Window


def tabbed(page: Page, times: int) -> list[str]:
    """Return what has the focus after each press of Tab: a language, else the element's class."""
    stops = []
    for _ in range(times):
        page.keyboard.press("Tab")
        focused = "document.activeElement"
        stops.append(page.evaluate(f"{focused}.hreflang || {focused}.className"))
    return stops


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_r1_the_letters_page_speaks_its_language_and_offers_the_others_first(
    site: Site, window: Window, language: str
) -> None:
    """R1"""
    with writing(site.engine) as db:
        (code,) = codes.add(db, "library", codes.draw(1), CodeKind.REGISTRATION)
    page = window()
    page.goto(f"/{language}/j/{code}")
    assert page.locator("html").get_attribute("lang") == language
    assert tabbed(page, 5) == ["skip", "mark", "fi", "sv", "en"]
    expect(page.locator("input[name=code]")).to_have_value(code)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_r2_the_first_screen_tells_all_and_the_way_in_is_in_sight(window: Window, language: str) -> None:
    """R2"""
    page = window(width=360)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"/{language}/panels/garden/members/join")
    button = page.locator(".joinbar a")
    expect(button).to_be_in_viewport(ratio=1)
    top = page.locator(".joinbar").bounding_box()
    assert top is not None
    told = page.locator("main > p").first, *page.locator(".points div").all()
    assert len(told) == 5
    for row, words in zip(told, ("What grows?", "The council", "ten minutes", "150 euros", ""), strict=True):
        expect(row).to_contain_text(words)
        box = row.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= top["y"], words
    button.click()
    expect(page.locator("input[name=email]")).to_be_in_viewport(ratio=1)
