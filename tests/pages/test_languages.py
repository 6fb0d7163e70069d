"""Changing the language in the middle of something (R1, R24)."""

from tests.pages.conftest import Site, Window
from tests.pages.looks import look


def test_r1_the_first_stops_of_the_tab_key_are_the_languages(window: Window) -> None:
    page = window()
    page.goto("/fi/panels/library")
    stops = []
    for _ in range(6):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert stops == ["Siirry sisältöön", "Raati", "FI", "SV", "EN", "Selkokieli"]


def test_r24_what_was_typed_stays_when_the_language_changes(window: Window, site: Site) -> None:
    page = window(site.token("aino@example.fi"))
    page.goto("/fi/panels/garden/proposals/new")
    page.locator("textarea").first.fill("Lisää puita\nrantaan.")
    for name, lang in (("Selkokieli", "fi"), ("SV", "sv"), ("FI", "fi")):
        page.locator(".site nav a", has_text=name).click()
        page.wait_for_load_state()
        assert page.locator("html").get_attribute("lang") == lang
        assert page.locator("textarea").first.input_value() == "Lisää puita\nrantaan."
    page.goto("/fi/panels/garden/proposals/new")
    assert page.locator("textarea").first.input_value() == ""


def test_n13_a_page_in_easy_language_is_accessible_and_fits(window: Window, site: Site) -> None:
    page = window(site.token("aino@example.fi"))
    page.goto("/fi/panels/library?easy=yes")
    assert page.locator("h1").inner_text().splitlines() == ["Kirjasto on vanha.", "Mitä pitää tehdä?"]
    assert look(page) == []
