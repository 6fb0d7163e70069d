"""Everything works without JavaScript (A3)."""

import re

from playwright.sync_api import expect
from sqlalchemy import func, select

from panels import codes
from panels.codes import CodeKind
from panels.database import reading, writing
from panels.moderation import Kind
from panels.queue import count
from panels.statements import State, Statement
from tests.pages.conftest import Site, Window

SENTENCE = "Kirjastossa on oltava hiljainen huone."


def test_a3_joining_by_the_code_of_a_letter(site: Site, window: Window) -> None:
    """A3"""
    with writing(site.engine) as db:
        (code,) = codes.add(db, "library", codes.draw(1), CodeKind.MEMBER)
    page = window(script=False)
    page.goto("/fi/join")
    page.locator("input[name=code]").fill(code.lower())
    page.locator("main form button").click()
    expect(page).to_have_url(re.compile(r"/fi/panels/library/members/consent$"))
    page.locator("input[name=taking_part]").check()
    page.locator("button[value=yes]").click()
    expect(page).to_have_url(re.compile(r"/fi/panels/library/members/welcome$"))
    page.goto("/fi/panels/library/statements")
    page.locator("button.is-agree").click()
    expect(page.locator("#progress")).to_have_text(re.compile(r"2\s*/\s*\d+"))


def test_a3_a_statement_is_sent_mended_and_published(site: Site, window: Window) -> None:
    """A3"""
    member = window(site.newcomer("plain-writer"), script=False)
    member.goto("/fi/panels/library/statements/new")
    form = member.locator("form[action$='/statements']")
    form.locator("textarea[name=text]").fill("Lyhyt")
    form.locator("button").click()
    expect(member.locator("[role=alert] a")).to_have_count(1)
    assert member.locator("textarea[name=text]").input_value() == "Lyhyt"
    member.locator("textarea[name=text]").fill(SENTENCE)
    member.locator("form[action$='/statements'] button").click()
    expect(member.locator(".flash")).to_be_visible()
    with reading(site.engine) as db:
        number = db.scalars(select(func.max(Statement.number)).where(Statement.panel_id == 1)).one()
        assert count(db, 1, [Kind.STATEMENT]) == 2
    moderator = window(site.token("minna@example.fi"), script=False)
    moderator.goto(f"/fi/panels/library/moderation/statement-{number}")
    moderator.locator("input[value=approve]").check()
    moderator.locator("form.item button").click()
    expect(moderator.locator(".flash")).to_be_visible()
    with reading(site.engine) as db:
        sent = db.scalars(select(Statement).where(Statement.number == number, Statement.panel_id == 1)).one()
        assert sent.state is State.PUBLISHED


def test_a3_a_proposal_and_its_comments(site: Site, window: Window) -> None:
    """A3"""
    page = window(site.token("aino@example.fi"), script=False)
    page.goto("/fi/panels/garden/proposals/new")
    page.locator("[name=title]").fill("Omenapuita pihaan")
    page.locator("textarea[name=body]").fill("Istutetaan **kolme** omenapuuta.")
    page.locator("main button.primary[form=write]").click()
    expect(page.locator("h1")).to_have_text("Omenapuita pihaan")
    page.locator("form[action$='/back'] button").click()
    page.locator("form[action$='/comments'] textarea").first.fill("Kuka ne kastelee?")
    page.locator("form[action$='/comments'] input[type=radio]").first.check()
    page.locator("form[action$='/comments'] button").first.click()
    expect(page.get_by_text("Kuka ne kastelee?", exact=True)).to_be_visible()


def test_a3_logging_out(site: Site, window: Window) -> None:
    """A3"""
    page = window(site.newcomer("plain-leaver"), script=False)
    page.goto("/fi/me")
    page.locator("form[action$='/logout'] button").first.click()
    answer = page.goto("/fi/me")
    assert answer is not None
    assert answer.status == 401
