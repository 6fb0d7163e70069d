import re
from html import unescape

import pytest
from sqlalchemy import select

from panels import members, panels, people
from panels.database import Engine, reading, set_clock, writing
from panels.members import MemberKind
from panels.panels import Panel, Phase, PhaseName
from panels.statements import State, Statement
from tests.conftest import DAY, NOON, Browser
from tests.server.conftest import Watch

HOME = "/en/panels/library"
FORM = {
    "slug": "swimming-hall",
    "kind": "residents_panel",
    "title-fi": "Uimahalli",
    "title-sv": "Simhallen",
    "question-fi": "Missä uimahallin pitäisi olla?",
    "question-sv": "Var borde simhallen finnas?",
    "smallest": "5",
}
PROMISE = {
    "owner-fi": "Valtuusto",
    "owner-sv": "Fullmäktige",
    "promise-fi": "Valtuusto vastaa jokaiseen suositukseen.",
    "promise-sv": "Fullmäktige svarar på varje rekommendation.",
    "considered_on": "2027-02-08",
    "answers_by": "2027-03-08",
    "vote-first": "2026-11-02",
    "vote-last": "2026-11-29",
}


def words(html: str) -> str:
    """Return what a reader of the page sees, in one line."""
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(unescape(re.sub("<[^>]+>", " ", main)).split())


def move(engine: Engine, days: float) -> None:
    """Let the clock stand so many days after noon."""
    with writing(engine) as db:
        set_clock(db, NOON + days * DAY)


def phase(engine: Engine, name: PhaseName) -> None:
    """Turn the phase that is on now into another."""
    with writing(engine) as db:
        for found in db.scalars(select(Phase).where(Phase.name == PhaseName.VOTE)):
            found.name, found.title = name, {"en": name.title()}


def stored(engine: Engine, slug: str) -> Panel:
    """Return the panel with its phases, after the session."""
    with reading(engine) as db:
        panel = panels.by_slug(db, slug)
        assert isinstance(panel.phases, list)
        return panel


@pytest.mark.parametrize("name", ["", "aino", "eero"])
def test_a_panels_home_takes_few_statements(browser: Browser, watched: Watch, name: str) -> None:
    client = browser(name)
    with watched() as found:
        assert client.get(HOME).status_code == 200
    assert len(found) <= 12, found


def test_r7_the_home_says_what_to_do_next_and_who_answers(browser: Browser) -> None:
    client = browser("aino")
    assert "There are 3 statements. Answering takes about a minute." in words(client.get(HOME).text)
    client.post(f"{HOME}/statements/1/vote", data={"choice": "agree", "key": "a" * 32, "seen": "0"})
    seen = words(client.get(HOME).text)
    assert "You have answered one of 3 statements. The rest takes about a minute." in seen
    assert seen.index("Go on answering") < seen.index("Who answers, and when The council answers. (en)")
    for number in (2, 3):
        client.post(
            f"{HOME}/statements/{number}/vote", data={"choice": "pass", "key": f"{number:032x}", "seen": "0"}
        )
    seen = words(client.get(HOME).text)
    assert "You have answered every statement. You can change your answers until 30 November 2026." in seen
    assert "answered statements 1" in seen


def test_somebody_without_a_seat_is_told_how_to_join(browser: Browser) -> None:
    assert "Anybody who lives here may take part." in words(browser("").get(HOME).text)
    closed = browser("ville").get("/en/panels/harbour")
    assert "The members of this panel were invited by letter." in words(closed.text)
    assert 'href="/en/join"' in closed.text


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (PhaseName.RECRUIT, "You are in the panel"),
        (PhaseName.LEARN, "The texts are coming. Look in again."),
        (PhaseName.MEETINGS, "writes its recommendations by 30 November 2026"),
        (PhaseName.PUBLISH, "The results are here Read the results"),
        (PhaseName.RESPONSE, "It is the decision makers' turn Read the results"),
    ],
)
def test_each_phase_has_its_next_step(
    browser: Browser, engine: Engine, name: PhaseName, expected: str
) -> None:
    phase(engine, name)
    assert expected in words(browser("aino").get(HOME).text)


def test_while_proposals_are_open_the_step_is_to_propose(browser: Browser, engine: Engine) -> None:
    move(engine, -20)
    client = browser("aino")
    assert "There are no proposals yet. Make a proposal" in words(client.get(HOME).text)
    client.post(f"{HOME}/proposals", data={"title": "A bus", "body": "On Tuesdays", "key": "a" * 32})
    seen = words(client.get(HOME).text)
    assert "There is one proposal so far." in seen
    assert "A bus 0 back this All proposals (1)" in seen


def test_before_its_first_phase_and_after_its_last_a_panel_gives_dates_and_results(
    browser: Browser, engine: Engine
) -> None:
    move(engine, -40)
    assert "Propose (en), from 22 October 2026" in words(browser("aino").get(HOME).text)
    move(engine, 20)
    assert "This panel has ended Read the results" in words(browser("aino").get(HOME).text)


def test_between_two_phases_a_panel_says_when_it_goes_on(browser: Browser, engine: Engine) -> None:
    with writing(engine) as db:
        for found in db.scalars(select(Phase).where(Phase.name == PhaseName.VOTE)):
            found.starts_at = NOON + DAY
    assert "Vote (en), from 22 November 2026 Nothing is open just now." in words(
        browser("aino").get(HOME).text
    )


def test_staff_see_the_way_to_their_desk_and_residents_do_not(browser: Browser) -> None:
    for name in ("eero", "minna", "outi", "admin"):
        assert "To the desk" in words(browser(name).get(HOME).text), name
    for name in ("aino", "ville"):
        assert "To the desk" not in words(browser(name).get(HOME).text), name


def test_f1_a_panel_is_drafted_refused_without_its_promise_mended_and_opened(
    browser: Browser, engine: Engine
) -> None:
    admin = browser("admin")
    assert "New panel" in words(admin.get("/en/panels/new").text)
    made = admin.post("/en/panels", data=FORM)
    assert (made.status_code, made.headers["location"]) == (303, "/en/panels/swimming-hall/desk")
    draft = words(admin.get("/en/panels/swimming-hall").text)
    assert "This panel is a draft. Only its staff see it." in draft
    assert browser("aino").get("/en/panels/swimming-hall").status_code == 404
    refused = admin.post("/en/panels/swimming-hall/open")
    assert refused.status_code == 422
    assert "The promise is missing: who answers, what is promised and by when." in words(refused.text)
    assert stored(engine, "swimming-hall").opened_at is None
    mended = admin.post("/en/panels/swimming-hall/update", data={**FORM, **PROMISE, "seen": "1"})
    assert mended.status_code == 303
    assert admin.post("/en/panels/swimming-hall/open").status_code == 303
    opened = words(browser("aino").get("/en/panels/swimming-hall").text)
    assert "Considered 8 February 2027 Written answer by 8 March 2027" in opened


def test_a_form_shows_what_is_stored_and_stores_what_it_shows(browser: Browser, engine: Engine) -> None:
    admin, extra = (
        browser("admin"),
        {"invited": "2400", "open_to_all": "yes", "not_decided-en": "Closing halls."},
    )
    admin.post("/en/panels", data={**FORM, **PROMISE, **extra})
    before = stored(engine, "swimming-hall")
    html = admin.get("/en/panels/swimming-hall/edit").text
    form = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', html))
    form |= dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)<', html))
    assert (
        admin.post("/en/panels/swimming-hall/update", data={**form, "kind": "residents_panel"}).status_code
        == 303
    )
    after = stored(engine, "swimming-hall")
    for name in ("slug", "title", "question", "promise", "not_decided", "owner", "answers_by", "figures"):
        assert getattr(after, name) == getattr(before, name), name
    assert (after.open_to_all, after.figures, after.version) == (True, {"invited": 2400}, 2)
    assert [(p.name, p.title, p.starts_at, p.ends_at) for p in after.phases] == [
        (p.name, p.title, p.starts_at, p.ends_at) for p in before.phases
    ]
    assert after.phases[0].title["fi"] == "Ota kantaa väittämiin"


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"title-fi": ""}, "title-fi", "Name of the panel, Suomi: Fill in this field."),
        ({"slug": "Uimahalli!"}, "slug", "Use 3 to 40 small letters"),
        ({"slug": "library"}, "slug", "This address is taken."),
        ({"kind": ""}, "kind", "Fill in this field."),
        ({"kind": "party"}, "kind", "Choose one of the options."),
        ({"kind": "youth_council"}, "smallest", "The smallest group here is 10 people."),
        ({"smallest": "many"}, "smallest", "Write a whole number from 1 to 1000."),
        ({"answers_by": "2027-02-30"}, "answers_by", "Write the date as day, month and year."),
        ({"vote-first": "0001-01-01", "vote-last": "9999-12-31"}, "vote-last", "Write the date"),
        (
            {"vote-first": "2026-11-02"},
            "vote-last",
            "Give your view on statements, last day: Give both the first and the last day",
        ),
        ({"vote-last": "2026-11-02"}, "vote-first", "Give both the first and the last day"),
        ({"invited": "-5"}, "invited", "Write a whole number from 0 to"),
        ({"promise-sv": "x" * 1001}, "promise-sv", "Shorten this by 1 characters."),
    ],
)
def test_a_mistake_is_named_at_its_field_and_nothing_typed_is_lost(
    browser: Browser, engine: Engine, typed: dict[str, str], field: str, sentence: str
) -> None:
    answer = browser("admin").post("/en/panels", data={**FORM, **typed, "contact": "Eero <040>"})
    assert answer.status_code == 422
    assert re.search(f'<a href="#{field}">[^<]*{re.escape(sentence)}', unescape(answer.text))
    assert 'value="Eero &lt;040&gt;"' in answer.text
    with reading(engine) as db:
        assert set(db.scalars(select(Panel.slug))) == {"library", "harbour"}


def test_the_second_of_two_editors_gets_their_text_back(browser: Browser, engine: Engine) -> None:
    admin = browser("admin")
    admin.post("/en/panels", data=FORM)
    for contact, status in (("Eero, 040 1", 303), ("Outi, 040 2", 409)):
        answer = admin.post("/en/panels/swimming-hall/update", data={**FORM, "contact": contact, "seen": "1"})
        assert answer.status_code == status
    assert "Somebody changed this before you" in answer.text
    assert "Outi, 040 2" in answer.text
    assert stored(engine, "swimming-hall").contact == "Eero, 040 1"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"slug": "books"}, "The panel is open, so its address stays"),
        ({"title-fi": ""}, "Fill in this field."),
    ],
)
def test_a_refused_edit_shows_the_form_again(browser: Browser, typed: dict[str, str], sentence: str) -> None:
    form = {**FORM, **PROMISE, "slug": "library", "title-sv": "Biblioteket", **typed, "seen": "1"}
    answer = browser("eero").post(f"{HOME}/update", data=form)
    assert answer.status_code == 422
    assert sentence in words(answer.text)
    assert 'value="Biblioteket"' in answer.text


@pytest.mark.parametrize("name", ["", "aino", "ville", "outi", "minna"])
def test_v5_nobody_but_its_facilitator_edits_a_panel(browser: Browser, name: str) -> None:
    client, status = browser(name), 403 if name else 401
    assert client.get(f"{HOME}/edit").status_code == status
    assert client.post(f"{HOME}/update", data={**FORM, "seen": "1"}).status_code == status
    assert client.post(f"{HOME}/open").status_code == status
    assert client.get("/en/panels/new").status_code == status
    assert client.get(HOME).status_code == 200


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_text_without_the_readers_language_is_marked_with_its_own(
    browser: Browser, engine: Engine, language: str
) -> None:
    with writing(engine) as db:
        panels.by_slug(db, "library").question = {"fi": "Mitä <kirjasto> on?"}
    html = browser("aino").get(f"/{language}/panels/library").text
    question = "Mitä &lt;kirjasto&gt; on?"
    assert (
        f"<h1>{question}</h1>" in html
        if language == "fi"
        else f'<h1><span lang="fi">{question}</span></h1>' in html
    )


def test_f1_a_blueprint_fills_in_the_form_and_stores_nothing(browser: Browser, engine: Engine) -> None:
    admin = browser("admin")
    page = admin.get("/en/panels/new")
    assert page.text.count('type="radio" name="blueprint"') == 5
    assert 'name="first" value="2026-11-30"' in page.text
    html = admin.get("/en/panels/new?blueprint=three-evenings&first=2027-01-11").text
    seen = words(html)
    assert "The form is filled in for: Residents' panel, 3 evenings." in seen
    assert "Their members usually read: What it is about; Figures and costs;" in seen
    form = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', html))
    form |= dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)<', html))
    assert (form["recruit-first"], form["recruit-last"], form["learn-first"]) == (
        "2027-01-11",
        "2027-02-07",
        "2027-02-08",
    )
    assert form["effort-fi"] == "Kolme iltaa ja noin tunti kotona"
    assert '<option value="residents_panel" selected>' in html
    with reading(engine) as db:
        assert set(db.scalars(select(Panel.slug))) == {"library", "harbour"}
    form = {name: unescape(value) for name, value in form.items()} | {"first": "", "blueprint": ""}
    owner = {"owner-fi": "Valtuusto", "owner-sv": "Fullmäktige", "owner-en": "The council"}
    assert admin.post("/en/panels", data={**form, **FORM, **owner}).status_code == 303
    assert admin.post("/en/panels/swimming-hall/open").status_code == 303
    assert stored(engine, "swimming-hall").answers_by == form["answers_by"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("blueprint=party&first=2027-01-11", "Blueprint: Choose one of the options."),
        ("blueprint=three-evenings&first=2027-02-30", "First day of the panel: Write the date as day"),
        ("blueprint=three-evenings", "First day of the panel: Fill in this field."),
    ],
)
def test_a_blueprint_that_cannot_be_used_says_why(browser: Browser, query: str, sentence: str) -> None:
    answer = browser("admin").get(f"/en/panels/new?{query}")
    assert answer.status_code == 422
    assert sentence in words(answer.text)


def test_v1_a_new_round_takes_statements_of_residents_and_checks_them_first(
    browser: Browser, engine: Engine
) -> None:
    """V1"""
    admin = browser("admin")
    html = admin.get("/en/panels/new?blueprint=statement-round&first=2026-11-20").text
    form = dict(
        re.findall(r'<input[^>]*type="(?:text|date|number)"[^>]* name="([^"]+)" value="([^"]*)"', html)
    )
    form |= dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)<', html))
    form |= dict(re.findall(r'<input type="checkbox" name="([^"]+)" value="(yes)" checked', html))
    owner = {"owner-fi": "Valtuusto", "owner-sv": "Fullmäktige", "owner-en": "The council"}
    admin.post("/en/panels", data={**form, **FORM, **owner, "kind": "statement_round"})
    assert admin.post("/en/panels/swimming-hall/open").status_code == 303
    with writing(engine) as db:
        aino = people.by_email(db, "aino@example.fi")
        assert aino is not None
        members.take_seat(db, panels.by_slug(db, "swimming-hall").id, aino.id, MemberKind.OPEN)
    sent = browser("aino").post(
        "/en/panels/swimming-hall/statements", data={"text": "More lanes.", "key": "a" * 32}
    )
    assert sent.status_code in (200, 303)
    with reading(engine) as db:
        assert [row.state for row in db.scalars(select(Statement).where(Statement.panel_id > 2))] == [
            State.WAITING
        ]
    assert stored(engine, "swimming-hall").guests
