"""Voting by keyboard, without JavaScript and without network (A2, A3, R9)."""

import re
from itertools import count

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from panels import people
from panels.database import reading
from panels.members import Member
from panels.statements import Statement, Vote
from tests.pages.conftest import PATIENCE, Site, Window

STATEMENTS = "/fi/panels/library/statements"
AGREE, DISAGREE, PASS = "button.is-agree", "button.is-disagree", "button.is-pass"
names = (f"newcomer{number}" for number in count())
in_each_language = pytest.mark.parametrize("language", ["fi", "sv", "en"])


@pytest.fixture
def name() -> str:
    """A name that nobody in the panel has yet."""
    return next(names)


def votes(site: Site, name: str) -> dict[int, tuple[int | None, int]]:
    """Return choice and version of the person's votes by the statement's number."""
    with reading(site.engine) as db:
        person = people.by_email(db, f"{name}@example.fi")
        assert person is not None
        mine = select(Member.id).where(Member.person_id == person.id)
        rows = db.execute(
            select(Statement.number, Vote.choice, Vote.version).join(Vote).where(Vote.member_id.in_(mine))
        )
        return {number: (choice, version) for number, choice, version in rows}


def heading(page: Page) -> str:
    """Return the statement on the card."""
    return page.locator("#card h1").inner_text()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, and see that the focus shows."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"{selector} has the focus, and nothing shows it"
            return
    pytest.fail(f"Tab never reaches {selector}")


def expect_next(page: Page, before: str) -> str:
    """Wait for another statement and return it."""
    expect(page.locator("#card h1")).not_to_have_text(before, timeout=PATIENCE)
    return heading(page)


@in_each_language
def test_a2_r9_a_vote_needs_no_mouse(language: str, name: str, site: Site, window: Window) -> None:
    """A2, R9"""
    page = window(site.newcomer(name))
    page.goto(f"/{language}/panels/library/statements")
    first = heading(page)
    tab_to(page, DISAGREE)
    page.keyboard.press("Enter")
    second = expect_next(page, first)
    expect(page.locator("#card h1")).to_be_focused()
    expect(page.locator("#told")).not_to_be_empty()
    tab_to(page, PASS)
    page.keyboard.press("Space")
    expect_next(page, second)
    assert sorted(votes(site, name).values()) == [(-1, 1), (0, 1)]


def test_r9_the_keys_vote_only_when_they_are_switched_on(name: str, site: Site, window: Window) -> None:
    """R9"""
    page = window(site.newcomer(name))
    page.goto(STATEMENTS)
    page.keyboard.press("1")
    page.keyboard.press("3")
    page.goto(f"{STATEMENTS}/mine")
    assert votes(site, name) == {}
    page = window(site.newcomer(name, keys=True))
    page.goto(STATEMENTS)
    shown = heading(page)
    for key in ("1", "2", "3"):
        page.keyboard.press(key)
        shown = expect_next(page, shown)
    assert sorted(votes(site, name).values()) == [(-1, 1), (0, 1), (1, 1)]


def test_r9_three_equal_buttons_and_how_far_one_is(name: str, site: Site, window: Window) -> None:
    """R9"""
    page = window(site.newcomer(name), width=320)
    page.goto(STATEMENTS)
    boxes = [page.locator(button).bounding_box() for button in (AGREE, DISAGREE, PASS)]
    assert len({(box["width"], box["height"]) for box in boxes if box}) == 1
    expect(page.locator("#progress")).to_have_text(re.compile(r"1\s*/\s*\d+"))
    expect(page.locator(".stop")).to_be_visible()


def test_r9_a_press_without_network_is_kept_and_sent_once(name: str, site: Site, window: Window) -> None:
    """R9"""
    page = window(site.newcomer(name))
    page.goto(STATEMENTS)
    shown = heading(page)
    page.context.set_offline(True)
    page.locator(AGREE).click()
    expect(page.locator("#unsent")).not_to_be_empty()
    expect(page.locator(AGREE)).to_have_attribute("aria-pressed", "true")
    page.locator(AGREE).click()
    assert heading(page) == shown
    assert votes(site, name) == {}
    page.context.set_offline(False)
    expect_next(page, shown)
    expect(page.locator("#unsent")).to_be_empty()
    assert list(votes(site, name).values()) == [(1, 1)]


def test_r9_a_press_whose_answer_is_lost_counts_once(name: str, site: Site, window: Window) -> None:
    """R9"""
    page = window(site.newcomer(name))
    page.goto(STATEMENTS)
    shown = heading(page)
    lost = []

    def lose(route: object) -> None:
        route.fetch()  # type: ignore[attr-defined]
        lost.append(route)
        route.abort("connectionreset")  # type: ignore[attr-defined]

    page.route("**/vote", lose, times=1)
    page.locator(AGREE).click()
    expect(page.locator("#unsent")).not_to_be_empty()
    expect_next(page, shown)
    assert len(lost) == 1
    assert list(votes(site, name).values()) == [(1, 1)]


def test_a3_without_javascript_a_vote_is_stored_and_can_be_undone(
    name: str, site: Site, window: Window
) -> None:
    """A3"""
    page = window(site.newcomer(name), script=False)
    page.goto(STATEMENTS)
    first = heading(page)
    page.locator(AGREE).click()
    assert heading(page) != first
    assert list(votes(site, name).values()) == [(1, 1)]
    page.locator("form.undo button").click()
    assert heading(page) == first
    assert list(votes(site, name).values()) == [(None, 2)]
    page.locator(PASS).click()
    assert list(votes(site, name).values()) == [(0, 3)]


@pytest.mark.parametrize("script", [True, False])
def test_v46_after_an_answer_one_may_tell_why(name: str, site: Site, window: Window, *, script: bool) -> None:
    """V46"""
    page = window(site.newcomer(name), script=script)
    page.goto(STATEMENTS)
    first = heading(page)
    page.locator(DISAGREE).click()
    expect_next(page, first)
    page.locator("#why a").click()
    expect(page.locator("#why")).to_contain_text(first)
    if script:
        expect(page.locator("#why h2")).to_be_focused()
    page.locator("#why [name=important]").check()
    page.locator("#why textarea").fill("Minulla ei ole autoa.")
    page.locator("#why form button").click()
    expect(page.locator("#why [role=status]")).to_be_visible()
    page.goto(f"{STATEMENTS}/mine")
    expect(page.locator(".answers li")).to_contain_text("Minulla ei ole autoa.")
    assert list(votes(site, name).values()) == [(-1, 1)]


def test_a_swap_shows_what_the_whole_page_shows(name: str, site: Site, window: Window) -> None:
    """A3"""
    token = site.newcomer(name)
    page, plain = window(token), window(token, script=False)
    page.goto(STATEMENTS)
    first = heading(page)
    page.locator(AGREE).click()
    expect_next(page, first)
    plain.goto(STATEMENTS)
    assert bare(page) == bare(plain)


def bare(page: Page) -> str:
    """Return the card's HTML without what is new at each rendering."""
    html = page.locator("#card").evaluate("card => card.outerHTML")
    html = re.sub(r' (autofocus|class|style|data-[\w-]+|hx-[\w-]+)="[^"]*"', "", html)
    return re.sub(r'value="[0-9a-f]{32}"', 'value="key"', re.sub(r"\s+", " ", html))
