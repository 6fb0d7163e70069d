"""A moderator clears the queue by keyboard alone."""

from playwright.sync_api import expect
from sqlalchemy import select

from panels import people, queue
from panels.database import reading, writing
from panels.members import Member, MemberKind
from panels.moderation import Kind, State
from panels.permissions import Role
from panels.reasons import VoteReason
from panels.statements import Origin, Statement, Vote
from tests.conftest import NOON
from tests.pages.conftest import Site, Window

MANY = 12


def fill(site: Site) -> None:
    """Let statements and reasons wait in the harbour, with a moderator who has switched the keys on."""
    with writing(site.engine) as db:
        keeper = people.ensure(db, "keeper@example.fi")
        keeper.keys = True
        people.give_role(db, keeper, Role.MODERATOR, panel=2)
        seats = [Member(panel_id=2, kind=MemberKind.DRAWN, created_at=NOON) for _ in range(MANY // 2)]
        db.add_all(seats)
        db.flush()
        statement = db.scalars(select(Statement).where(Statement.panel_id == 2)).first()
        assert statement is not None
        for place, seat in enumerate(seats):
            waits = Statement(panel_id=2, number=500 + place, texts={"fi": f"Tuoli {place}"}, language="fi")
            waits.origin, waits.state, waits.sent_at = Origin.RESIDENT, State.WAITING, NOON - place
            waits.author_id = seat.id
            told = VoteReason(member_id=seat.id, statement_id=statement.id, choice=1, language="fi")
            told.texts, told.state, told.sent_at = {"fi": f"Syy {place}"}, State.WAITING, NOON - place
            vote = Vote(member_id=seat.id, statement_id=statement.id, choice=1, version=1, at=NOON)
            vote.key = f"{seat.id:032x}"
            db.add_all((waits, told, vote))


def test_a_moderator_clears_the_queue_by_keyboard_alone_f6(site: Site, window: Window) -> None:
    """F6"""
    fill(site)
    page = window(site.token("keeper@example.fi"), width=1280)
    page.goto("/fi/panels/harbour/moderation")
    for place in range(MANY):
        expect(page.locator("h1")).to_have_text(f"Jono: {MANY - place} odottaa")
        if place % 4:
            page.keyboard.press("a")
        else:
            page.keyboard.press("r")
            page.keyboard.press("Space")
            page.keyboard.press("Enter")
        expect(page.locator(".flash")).to_be_visible()
        expect(page.locator("#queue h2:focus, #queue h1:focus")).to_have_count(1)
    expect(page.locator("h1")).to_have_text("Jono: 0 odottaa")
    with reading(site.engine) as db:
        assert queue.count(db, 2, list(Kind)) == 0
