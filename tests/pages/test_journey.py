"""A newcomer's whole way through a panel: by keyboard, in text twice as large, without JavaScript."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Response, expect

from panels import codes
from panels.codes import CodeKind
from panels.database import writing
from tests.pages.conftest import Site, Window
from tests.pages.looks import AXE, HEAVIEST, MEASURE, violations, watch

LIBRARY = "/fi/panels/library"
WIDTHS = {"keyboard": 320, "large": 390, "plain": 320}
SHOWN = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== "none" || style.boxShadow !== "none";
}"""
CARD = """
- progressbar "Vastattu"
- article:
  - heading [level=1]
- form "Vastauksesi":
  - button "Samaa mieltä"
  - button "Eri mieltä"
  - button "Ohita tai en osaa sanoa"
"""
VOTES = 7
WORDS_A_MINUTE, PRESS = 100, 10  # of somebody who reads slowly, and seconds to find and press a button


@dataclass
class Traveller:
    """Somebody who goes from page to page in their own manner."""

    page: Page
    manner: str
    loaded: list[Response] = field(default_factory=list)
    lines: set[str] = field(default_factory=set)
    presses: int = 0

    def minutes(self) -> float:
        """Return how long a first visit takes somebody who reads every line once."""
        words = sum(len(line.split()) for line in self.lines)
        return words / WORDS_A_MINUTE + self.presses * PRESS / 60

    def press(self, target: Locator) -> None:
        """Press a button or a link: the next step begins, and its weight."""
        self.loaded.clear()
        self.presses += 1
        if self.manner == "keyboard":
            self.tab_to(target)
            self.page.keyboard.press("Enter")
        else:
            target.click()

    def follow(self, target: Locator) -> None:
        """Press what leads to another page, and look at that."""
        with self.page.expect_navigation():
            self.press(target)
        self.look()

    def save(self, target: Locator) -> bytes:
        """Press a link to a file and return the file."""
        with self.page.expect_download() as saved:
            self.press(target)
        return Path(saved.value.path()).read_bytes()

    def choose(self, target: Locator) -> None:
        """Tick a box or choose one of several, which Tab reaches together and the arrows one by one."""
        self.presses += 1
        if self.manner == "keyboard":
            group = self.page.locator(f"input[name={target.get_attribute('name')}]")
            self.tab_to(group.first)
            self.page.keyboard.press("Space")
            for _ in range(group.count()):
                if not target.is_checked():
                    self.page.keyboard.press("ArrowDown")
        else:
            target.check()
        expect(target).to_be_checked()

    def tab_to(self, target: Locator) -> None:
        """Press Tab until the target has the focus, and see that the focus shows."""
        expect(target).to_be_visible()
        for _ in range(100):
            self.page.keyboard.press("Tab")
            if target.evaluate("element => element === document.activeElement"):
                assert self.page.evaluate(SHOWN), f"nothing shows the focus of {target}"
                return
        pytest.fail(f"Tab never reaches {target}")

    def look(self) -> None:
        """See that the page is sound: one heading, its width and weight, the rules of accessibility."""
        expect(self.page.get_by_role("heading", level=1)).to_have_count(1)
        expect(self.page.get_by_role("main")).to_have_count(1)
        self.lines.update(self.page.get_by_role("main").inner_text().splitlines())
        if self.manner == "large":
            self.page.evaluate("document.documentElement.style.fontSize = '200%'")
        measured = self.page.evaluate(MEASURE)
        assert measured["wide"] <= 0, f"{self.page.url} is {measured['wide']} px wider than the window"
        weight = sum(int(answer.headers.get("content-length", 0)) for answer in self.loaded)
        assert 0 < weight <= HEAVIEST, f"the step to {self.page.url} weighs {weight} bytes"
        if self.manner != "plain":
            self.page.evaluate(AXE)
            assert violations(self.page) == [], self.page.url


@contextmanager
def travelling(page: Page, manner: str) -> Iterator[Traveller]:
    """Let somebody travel, and see at the end that no page complained, failed or asked another host."""
    traveller = Traveller(page, manner)
    found, policy = watch(page), "Content Security Policy"

    def arrives(answer: Response) -> None:
        traveller.loaded.append(answer)
        if answer.status >= 400:
            found.append(f"{answer.status} at {answer.url}")

    page.on("response", arrives)
    yield traveller
    if manner == "large":  # the test's own enlarging is against the policy
        found = [words for words in found if policy not in words]
    assert found == []


def join(self: Traveller, code: str) -> None:
    """Come by the letter's code, agree, tell nothing of the background, and choose letters (R3, R4, R5)."""
    page, on = self.page, self.page.locator("main form button.primary")
    page.goto(f"/fi/j/{code}")
    self.look()
    self.follow(on)
    expect(page).to_have_url(re.compile("/consent$"))
    expect(page.locator("main input:checked")).to_have_count(0)
    for kind in ("taking_part", "background", "contact"):
        self.choose(page.locator(f"input[name={kind}]"))
    self.follow(page.locator("button[value=yes]"))
    for number in range(1, 5):
        expect(page.locator("main")).to_contain_text(f"{number}/4")
        self.follow(on)
    expect(page).to_have_url(re.compile("/channel$"))
    self.choose(page.locator("#by-letter"))
    self.follow(on)
    expect(page).to_have_url(re.compile("/welcome$"))
    self.follow(page.locator("main .btn.primary"))
    self.follow(page.locator("main a.back"))
    expect(page).to_have_url(re.compile(f"{LIBRARY}$"))


def read(self: Traveller) -> None:
    """Save the dates (R7), read a text, and give a wrong answer to the check, which holds nobody up (R8)."""
    page = self.page
    expect(page.locator("[aria-current=step]")).to_have_count(1)
    calendar = self.save(page.locator("aside a[href$=calendar]"))
    *lines, end = calendar.split(b"\r\n")
    assert (lines[0], lines[-1], end) == (b"BEGIN:VCALENDAR", b"END:VCALENDAR", b"")
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    phases = page.locator(".tl li").count()
    assert lines.count(b"BEGIN:VEVENT") == lines.count(b"END:VEVENT") == phases > 0
    self.follow(page.locator("section.next .btn.primary"))
    self.press(page.locator("#mark form button"))
    expect(page.locator("#mark [role=status]")).to_be_visible()
    self.follow(page.locator("#mark a.quiet"))
    self.follow(page.locator("main a[href$=quiz]"))
    self.choose(page.locator("input[name=q1]").last)
    self.press(page.locator("main form button.primary"))
    expect(page.locator("#explained")).to_contain_text("Ei aivan.")
    self.look()
    self.follow(page.locator("#explained .btn"))


def answer(self: Traveller) -> None:
    """Answer statements, stop (R9), and change one of the answers (R10)."""
    page = self.page
    self.follow(page.locator("section.next a[href$=statements]"))
    for number in range(2, VOTES + 2):
        expect(page.locator("#card")).to_match_aria_snapshot(CARD)
        self.press(page.locator("button.is-agree"))
        expect(page.locator("#progress")).to_have_text(re.compile(rf"{number}\s*/"))
        self.lines.update(page.locator("#card").inner_text().splitlines())
        if self.manner != "plain":
            expect(page.locator("#card h1")).to_be_focused()
            expect(page.locator("#told")).to_contain_text(str(number))
    expect(page.locator(".stop")).to_be_visible()
    self.look()
    assert 3 < self.minutes() < 15
    mine = page.locator("main a[href$='statements/mine']")
    self.follow(mine)
    self.follow(page.locator(".answers .btn").first)
    self.press(page.locator("button.is-disagree"))
    expect(page.locator(".undo b")).to_have_text("Eri mieltä")
    self.follow(mine)
    expect(page.locator(".answers .own")).to_have_count(VOTES)
    expect(page.locator(".answers .own.is-disagree")).to_have_count(1)


def stand_and_leave(self: Traveller) -> None:
    """See where one stands, in words (R14), and what is stored of all this, and leave the panel (R16)."""
    page = self.page
    self.follow(page.locator("main a.back"))
    self.follow(page.locator("main a.back").first)
    self.follow(page.locator("section.next a[href$='summary/mine']"))
    expect(page.locator("main ul").first).to_be_attached()
    self.follow(page.locator(".me a"))
    stored = page.locator("section[aria-labelledby=stored]")
    for kind, rows in {"Vastaukset väittämiin": VOTES, "Lukemasi aineistot": 1, "Suostumukset": 3}.items():
        expect(stored.locator("summary").filter(has_text=kind)).to_contain_text(str(rows))
    votes = json.loads(self.save(stored.locator("a[download]")))["votes"]
    assert sorted(vote["choice"] for vote in votes) == [-1] + [1] * (VOTES - 1)
    self.follow(page.locator("main a[href$='leave/library']"))
    self.follow(page.locator("main form button.primary"))
    expect(page.locator("main a[href$='leave/library']")).to_have_count(0)


@pytest.mark.parametrize("manner", WIDTHS)
def test_a2_a3_a4_r3_r4_r5_r7_r8_r9_r10_r14_r16_r23_a_newcomer_goes_the_whole_way(
    manner: str, site: Site, window: Window
) -> None:
    """A2, A3, A4, A5, R3, R4, R5, R7, R8, R9, R10, R14, R16, R23"""
    with writing(site.engine) as db:
        (code,) = codes.add(db, "library", codes.draw(1), CodeKind.REGISTRATION)
    page = window(script=manner != "plain", width=WIDTHS[manner])
    with travelling(page, manner) as traveller:
        join(traveller, code)
        read(traveller)
        answer(traveller)
        stand_and_leave(traveller)
