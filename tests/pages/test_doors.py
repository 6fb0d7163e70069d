"""Other doors to a panel, as the people who use them press: a guest, the desk, a comment taken back."""

from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from panels import codes, panels, people
from panels.codes import Code, CodeKind
from panels.comments import Comment
from panels.database import reading, writing
from panels.members import Member, MemberKind
from panels.notices import Notice
from panels.permissions import Role
from panels.statements import Vote
from tests.pages.conftest import PATIENCE, Site, Window

PANEL = "/fi/panels/library"
GIVEN = 12


def printed(site: Site, panel: str = "library") -> tuple[str, int]:
    """Print a member's code for the panel; return it and its id."""
    with writing(site.engine) as db:
        (code,) = codes.add(db, panel, codes.draw(1), CodeKind.MEMBER)
        return code, db.scalars(select(Code.id).order_by(Code.id.desc())).first() or 0


def cast(site: Site, code: int) -> tuple[MemberKind, list[tuple[int | None, str]]]:
    """Return the kind of the seat that the code opened, and choice and channel of its votes."""
    with reading(site.engine) as db:
        seat = db.scalars(select(Member).join(Code, Code.member_id == Member.id).where(Code.id == code)).one()
        rows = db.execute(select(Vote.choice, Vote.channel).where(Vote.member_id == seat.id))
        return seat.kind, [(row[0], row[1]) for row in rows]


def test_r20_v47_a_guest_with_twelve_answers_becomes_a_member_and_keeps_them(
    site: Site, window: Window
) -> None:
    """R20 V47"""
    with writing(site.engine) as db:
        library = panels.by_slug(db, "library")
        library.guests = True
        panels.touch(library)
        seats = db.scalar(select(func.count()).select_from(Member))
    code, number = printed(site)
    page = window()
    page.goto(f"{PANEL}/statements")
    page.locator("form[action$='/members/guest'] button").click()
    for _ in range(GIVEN):
        before = page.locator("#card h1").inner_text()
        page.locator("button.is-agree").click()
        expect(page.locator("#card h1")).not_to_have_text(before, timeout=PATIENCE)
    page.goto(f"/fi/j/{code}")
    page.locator("main form button.primary").click()
    expect(page.locator("main")).to_contain_text(f"Vieraana antamasi {GIVEN} vastausta on tallessa.")
    page.locator("input[name=taking_part]").check()
    page.locator("button[name=answer][value=yes]").click()
    page.goto(f"{PANEL}/statements/mine")
    expect(page.locator(".own.is-agree")).to_have_count(GIVEN)
    assert cast(site, number) == (MemberKind.DRAWN, [(1, "web")] * GIVEN)
    with reading(site.engine) as db:
        assert db.scalar(select(func.count()).select_from(Member)) == (seats or 0) + 1, "one person, one seat"


def test_v18_v19_v20_the_code_alone_opens_the_statements_and_after_clearing_the_same_seat(
    site: Site, window: Window
) -> None:
    """V18 V19 V20"""
    statements = "/fi/panels/harbour/statements"
    with reading(site.engine) as db:
        seats = db.scalar(select(func.count()).select_from(Member)) or 0
    code, number = printed(site, "harbour")
    page = window()
    for vote in (1, 2):
        page.goto(statements)
        expect(page.locator("button.is-agree")).to_have_count(0)
        expect(page.locator("form[action$='/statements']")).to_have_count(0)
        page.locator("main form[action$='/join'] button").click()
        expect(page.get_by_role("alert")).to_be_focused()
        expect(page.get_by_role("alert")).to_contain_text("Täytä tämä kohta")
        page.locator("#code").fill(code)
        page.locator("main form button.primary").click()
        if vote == 1:
            page.locator("input[name=taking_part]").check()
            page.locator("button[name=answer][value=yes]").click()
        page.goto(f"{statements}/{vote}")
        page.locator("button.is-agree").click()
        expect(page.locator(".undo b")).to_have_text("Samaa mieltä", timeout=PATIENCE)
        page.context.clear_cookies()
    assert cast(site, number) == (MemberKind.DRAWN, [(1, "web")] * 2)
    with reading(site.engine) as db:
        assert db.scalar(select(func.count()).select_from(Member)) == seats + 1, "one person, one seat"


def test_n12_f4_two_people_key_a_paper_sheet_by_keyboard_alone(site: Site, window: Window) -> None:
    """N12, F4, R22"""
    code, number = printed(site)
    with writing(site.engine) as db:
        people.give_role(db, people.ensure(db, "kaisa@example.fi"), Role.CALLER, panel=1)

    def keyed(name: str, answers: str) -> Page:
        """Let somebody key the sheet: code, agreement, then a digit a statement, Enter for none."""
        page = window(site.token(f"{name}@example.fi"), width=1280)
        page.goto(PANEL)
        page.get_by_role("link", name="Työpöydälle").click()
        page.locator("a[href$='/members/entries']").click()
        page.locator("input[name=channel][value=paper]").focus()
        page.keyboard.press("Space")
        page.locator("#day").fill("2026-11-20")
        page.locator("#code").focus()
        page.keyboard.type(code.lower().replace("-", " "))
        for key in ("Tab", "Space", "Tab"):
            page.keyboard.press(key)
        for answer in answers:
            page.keyboard.press("Enter" if answer == " " else answer)
        page.locator("form[action$='/members/enter'] button.primary").focus()
        page.keyboard.press("Enter")
        return page

    page = keyed("kaisa", "12 3")
    expect(page.get_by_role("status")).to_contain_text("Lomake on kirjattu kerran.")
    expect(page.locator("#code")).to_be_focused()
    assert cast(site, number)[1] == []
    page = keyed("eero", "1123")
    expect(page.get_by_role("alert").get_by_role("link")).to_have_text(
        [f"Väittämä {n} kirjattiin ensimmäisellä kerralla toisin. Katso lomakkeesta." for n in (2, 3)]
    )
    page.get_by_role("alert").get_by_role("link").first.press("Enter")
    page.keyboard.press("2")
    page.keyboard.press("Backspace")  # the digit led on to the third, which has no answer
    page.locator("form[action$='/members/enter'] button.primary").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Vastaukset on tallennettu.")
    expect(page.locator("#entries")).to_contain_text("Paperi, 3 vastausta")
    kind, votes = cast(site, number)
    assert kind is MemberKind.DRAWN
    assert sorted(votes, key=str) == [(-1, "paper"), (0, "paper"), (1, "paper")]
    page.locator("#entries form button").first.press("Enter")
    expect(page.locator("#entries")).to_contain_text("Peruttu")
    assert [choice for choice, _ in cast(site, number)[1]] == [None] * 3


def test_r28_a_comment_taken_back_within_ten_seconds_is_told_to_nobody(site: Site, window: Window) -> None:
    """R28"""
    with reading(site.engine) as db:
        told = db.scalar(select(func.count()).select_from(Notice))
    page = window(site.token("aino@example.fi"))
    page.goto("/fi/panels/garden/proposals/1")
    page.locator("input[name=kind][value=concern]").check(force=True)
    page.locator("#text").fill("Kuka ne kastelee?")
    page.locator("#thread form button.primary").click()
    expect(page.locator("#thread")).to_contain_text("Kuka ne kastelee?")
    page.locator("#thread form[action$='/undo'] button").click()
    expect(page.get_by_role("status")).to_contain_text("Siitä ei ehditty kertoa kenellekään.")
    expect(page.locator("#thread")).not_to_contain_text("Kuka ne kastelee?")
    with reading(site.engine) as db:
        words = [comment.texts for comment in db.scalars(select(Comment))]
        assert {"fi": "Kuka ne kastelee?"} not in words
        assert db.scalar(select(func.count()).select_from(Notice)) == told
