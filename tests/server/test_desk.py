from typing import Any

import pytest
from sqlalchemy import Row, select

from panels import jobs, notices, panels
from panels.database import Base, Engine, now, set_clock, writing
from panels.members import arrive_as
from panels.notices import Event
from panels.panels import Panel, PanelKind
from panels.people import Person
from panels.permissions import GRANTED, Permission
from panels.statements import Origin, State, Statement
from server.gate import PREVIEWS
from server.routes import PAGES
from tests.addresses import address
from tests.conftest import DAY, NOON, Browser, texts
from tests.server.conftest import Watch
from tests.server.test_panels import FORM, words

DESK = "/en/panels/library/desk"


def wait(engine: Engine, statements: int) -> None:
    """Let so many statements of residents wait since Thursday."""
    with writing(engine) as db:
        for number in range(4, 4 + statements):
            row = Statement(panel_id=1, number=number, texts={"fi": f"Tuoleja {number}"}, language="fi")
            row.origin, row.state, row.sent_at = Origin.RESIDENT, State.WAITING, NOON - 2 * DAY
            db.add(row)


def test_the_desk_says_what_waits_and_leads_there(browser: Browser, engine: Engine) -> None:
    wait(engine, 3)
    with writing(engine) as db:
        panel = panels.get(db, 1)
        panel.owner, panel.answers_by = texts("The council"), "2026-11-20"
        aino = db.scalars(select(Person).where(Person.email == "aino@example.fi")).one()
        notices.tell(db, Event.PHASE, 2, seat=arrive_as(db, "library", aino.id).member, at=NOON)
        aino.email = None
    html = browser("eero").get(DESK).text
    seen = words(html)
    assert "Statements in the queue The oldest came on 19 November" in seen
    assert "It should be decided by 20 November 2026. 3 waiting, late" in seen
    assert "Reasons for answers Nothing waiting Requests for review Nothing waiting" in seen
    assert "Letters to print or calls to make 1 waiting Translations All done" in seen
    assert (
        "Vote (en) now, until 30 November The promised answer The council (en), by 20 November 2026" in seen
    )
    assert "The answer is 1 day overdue" in seen
    assert "members by invitation 2 answered statements 0" in seen
    for place in (
        "moderation?kind=statement",
        "moderation?kind=reason",
        "moderation?kind=appeal",
        "letters",
        "translations",
        "edit",
    ):
        assert f'href="/en/panels/library/{place}' in html, place
    assert "Before the panel opens" not in seen


@pytest.mark.parametrize(
    ("name", "shown", "hidden"),
    [
        (
            "minna",
            ["Statements in the queue"],
            ["Letters to print", "Edit the panel", "Draft of the summary"],
        ),
        ("outi", ["Draft of the summary", "What comes next"], ["What waits for you", "Edit the panel"]),
        ("admin", ["Edit the panel", "Requests for review"], ["Statements in the queue", "Enter answers"]),
    ],
)
def test_the_desk_shows_each_role_its_own_work(
    browser: Browser, name: str, shown: list[str], hidden: list[str]
) -> None:
    seen = words(browser(name).get(DESK).text)
    assert [text for text in shown if text not in seen] + [text for text in hidden if text in seen] == []


def test_the_desk_takes_as_many_statements_however_much_waits(
    browser: Browser, engine: Engine, watched: Watch
) -> None:
    eero = browser("eero")
    with watched() as few:
        eero.get(DESK)
    wait(engine, 30)
    with watched() as many:
        eero.get(DESK)
    assert len(few) == len(many) <= 20, many


def test_v4_staff_are_warned_until_a_statement_is_published(browser: Browser, engine: Engine) -> None:
    """V4"""
    for state, warned in ((State.WAITING, True), (State.PUBLISHED, False)):
        with writing(engine) as db:
            for statement in db.scalars(select(Statement)):
                statement.state = state
            for panel in db.scalars(select(Panel)):
                panels.touch(panel)
        assert ("No statement is published yet." in words(browser("eero").get(DESK).text)) == warned
    with writing(engine) as db:
        for statement in db.scalars(select(Statement).where(Statement.panel_id == 2)):
            db.delete(statement)
    assert "There are no statements yet." in words(browser("admin").get("/en/panels/harbour/desk").text)


def test_whoever_keeps_the_panel_hears_that_work_stands_still(browser: Browser, engine: Engine) -> None:
    with writing(engine) as db:
        jobs.leave(db, "send_mail")
        set_clock(db, now(db) + jobs.LATE + 5)
    seen = words(browser("eero").get(DESK).text)
    assert "Mails and summaries have waited for minutes." in seen
    assert "Mails reach nobody: no mail server is set." in seen
    assert "have waited" not in words(browser("minna").get(DESK).text)


def test_f1_a_new_panel_begins_at_its_desk_with_what_is_still_to_do(browser: Browser) -> None:
    admin = browser("admin")
    made = admin.post("/en/panels", data=FORM)
    assert made.headers["location"] == "/en/panels/swimming-hall/desk"
    seen = words(admin.get(made.headers["location"]).text)
    assert "The question Done The promise: who answers, and by when Needed before the opening" in seen
    assert "The first statements Not yet Members: letter codes, or open to all Not yet" in seen
    refused = admin.post("/en/panels/swimming-hall/open")
    assert refused.status_code == 422
    assert "The promise is missing: who answers, what is promised and by when." in words(refused.text)
    assert 'href="#setup"' in refused.text


def test_home_and_login_lead_the_staff_to_their_desk(browser: Browser) -> None:
    link = 'href="/en/panels/library/desk"'
    assert "Panels you work on Desk: Library (en)" in words(browser("eero").get("/en").text)
    for page in ("/en", "/en/panels/library", "/en/me"):
        assert link in browser("eero").get(page).text, page
        assert link not in browser("aino").get(page).text, page


def rows(engine: Engine) -> dict[str, list[Row[Any]]]:
    """Return everything that is stored, but for when browsers were last seen."""
    with engine.connect() as db:
        tables = [table for table in Base.metadata.sorted_tables if table.name != "logins"]
        return {table.name: list(db.execute(select(table))) for table in tables}


@pytest.mark.parametrize(("role", "slug"), [("resident", "attic"), ("councillor", "library")])
def test_f1_in_a_preview_every_page_opens_as_it_does_for_others_and_nothing_is_sent_or_stored(
    browser: Browser, engine: Engine, role: str, slug: str
) -> None:
    with writing(engine) as db:
        attic = Panel(slug="attic", kind=PanelKind.RESIDENTS_PANEL, title=texts("Attic"), created_at=NOON)
        attic.question = texts("What about the attic?")
        db.add(attic)
    client = browser("admin")
    started = client.post(f"/en/panels/{slug}/desk/preview", data={"as": role})
    assert (started.status_code, started.headers["location"]) == (303, f"/en/panels/{slug}")
    before = rows(engine)
    home = client.get(f"/en/panels/{slug}")
    assert "draft: nothing is sent or stored." in home.text
    assert "To the desk" not in home.text
    granted = GRANTED[PREVIEWS[role]] | {Permission.SIGNED_IN}
    for page in (page for page in PAGES if "{panel" in page.address and not page.as_oneself):
        answer = client.request(page.method, address(page, language="en", panel=slug))
        if page.permission not in granted or page.method == "POST":
            assert answer.status_code == 403, page.name
        else:
            assert answer.status_code in (200, 303, 404, 409), page.name
        assert ("This is a preview" in answer.text) == (page.method == "POST" and page.permission in granted)
    assert rows(engine) == before
    ended = client.post(f"/en/panels/{slug}/desk/preview")
    assert ended.headers["location"] == f"/en/panels/{slug}/desk"
    assert "End the preview" not in client.get(f"/en/panels/{slug}").text


def test_a_preview_is_of_one_panel_and_of_those_alone_who_edit_it(browser: Browser) -> None:
    admin, aino = browser("admin"), browser("aino")
    admin.post("/en/panels/library/desk/preview", data={"as": "resident"})
    assert "End the preview" not in admin.get("/en/panels/harbour").text
    assert "To the desk" in admin.get("/en/panels/harbour").text
    aino.cookies.set("preview", "library.councillor")
    assert "End the preview" not in aino.get("/en/panels/library").text
    other = browser("admin")
    other.cookies.set("preview", "library.mayor")
    assert "To the desk" in other.get("/en/panels/library").text
