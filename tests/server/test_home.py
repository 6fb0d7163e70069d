import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from panels import home, organisation, panels, people
from panels.database import Engine, set_clock, writing
from panels.members import MemberKind, take_seat
from panels.organisation import About
from panels.statements import Vote
from server import mail
from server.app import make_app
from server.settings import Settings
from tests.conftest import BASE, DAY, NOON, SAME_ORIGIN, Browser, texts
from tests.server.conftest import Watch

LEGAL = ("privacy", "terms", "methodology", "accessibility")
LANGUAGES = ("fi", "sv", "en")


@pytest.fixture
def demo(settings: Settings, engine: Engine) -> TestClient:
    """Return a browser at a demo whose people are there."""
    with writing(engine) as db:
        for name in home.DEMO_PEOPLE:
            person = people.ensure(db, home.demo_address(name), name=name.title())
            if name == "aino":
                take_seat(db, 1, person.id, MemberKind.DRAWN)
    site = Settings(**{**settings.__dict__, "demo": True})
    return TestClient(make_app(site, jobs=False), base_url=BASE, headers=SAME_ORIGIN, follow_redirects=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_front_page_shows_question_promise_time_left_and_who_answered(
    browser: Browser, engine: Engine, language: str
) -> None:
    with writing(engine) as db:
        for number in range(2):
            seat = take_seat(db, 1, people.ensure(db, f"r{number}@example.fi").id, MemberKind.OPEN)
            db.add(Vote(member_id=seat, statement_id=1, choice=1, version=1, key="k", at=NOON))
    page = browser("").get(f"/{language}")
    assert page.status_code == 200
    words = {
        "fi": ("Avoinna 30.11. asti, 9 päivää jäljellä", "2 asukasta on vastannut", "Osallistu"),
        "sv": ("Öppet till och med 30.11, 9 dagar kvar", "2 invånare har svarat", "Delta"),
        "en": ("Open until 30 November, 9 days left", "2 residents have answered", "Take part"),
    }[language]
    for sentence in (f"What about the library? ({language})", f"The council answers. ({language})", *words):
        assert sentence in page.text


def test_an_overdue_answer_is_public(browser: Browser, engine: Engine) -> None:
    with writing(engine) as db:
        panels.by_slug(db, "library").answers_by = "2026-11-18"
        panels.by_slug(db, "library").owner = texts("The committee")
        panels.by_slug(db, "harbour").answers_by = "2026-12-01"
        set_clock(db, NOON + 9 * DAY)
    page = browser("").get("/fi").text
    assert "Vastaus on 12 päivää myöhässä" in page
    assert "The committee (fi) lupasi vastata viimeistään 18.11.2026." in page
    assert "1 päivä vastaukseen" in page
    with writing(engine) as db:
        set_clock(db, NOON + 10 * DAY)
    assert "Vastaus on luvattu täksi päiväksi" in browser("").get("/fi").text


def test_panels_that_ended_without_a_promise_are_listed(browser: Browser, engine: Engine) -> None:
    with writing(engine) as db:
        set_clock(db, NOON + 9 * DAY)
    page = browser("").get("/fi").text
    assert "Näin kävi" in page
    assert 'href="/fi/panels/library"' in page


def test_when_nothing_is_open_the_front_page_says_so(browser: Browser, engine: Engine) -> None:
    with writing(engine) as db:
        for slug in ("library", "harbour"):
            panels.by_slug(db, slug).opened_at = None
    page = browser("").get("/fi").text
    assert "Avoimia raateja ei nyt ole." in page
    assert "Päätös tulossa" not in page


def test_a_panel_on_its_last_day_and_one_that_has_not_begun(browser: Browser, engine: Engine) -> None:
    with writing(engine) as db:
        for slug, start, end in (("library", -5.0, 0.4), ("harbour", 5.0, 9.0)):
            panel = panels.by_slug(db, slug)
            panel.phases = [phase for phase in panel.phases if phase.name == "vote"]
            panel.phases[0].starts_at, panel.phases[0].ends_at = NOON + start * DAY, NOON + end * DAY
    page = browser("").get("/fi").text
    assert "Avoinna vielä tänään" in page
    assert "Alkaa 26.11." in page


def test_the_front_page_takes_at_most_six_statements(browser: Browser, watched: Watch) -> None:
    client = browser("aino")
    with watched() as seen:
        client.get("/fi")
    assert 0 < len(seen) <= 6


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LEGAL)
def test_v8_the_legal_pages_are_there_in_three_languages(browser: Browser, language: str, name: str) -> None:
    """V8"""
    client = browser("")
    page = client.get(f"/{language}/{name}")
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    assert page.text.count("<h2>") >= 4
    others = {client.get(f"/{other}/{name}").text for other in LANGUAGES if other != language}
    assert page.text not in others


@pytest.mark.parametrize("name", LEGAL)
def test_the_legal_pages_give_the_telephone_number(browser: Browser, engine: Engine, name: str) -> None:
    with writing(engine) as db:
        organisation.save(db, About(name=texts("Town"), phone="040 123 4567", hours=texts("weekdays")))
    for language in LANGUAGES:
        main = browser("").get(f"/{language}/{name}").text.partition("<footer")[0]
        assert ("040 123 4567" in main) == (name != "methodology")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_promise_no_anonymity(browser: Browser, language: str) -> None:
    for name in (*LEGAL, "panels/library/members/join"):
        page = browser("").get(f"/{language}/{name}").text
        assert re.search(r"nimetön|nimettöm|anonym", page, re.IGNORECASE) is None


def test_v8_the_bare_address_leads_to_a_language(browser: Browser) -> None:
    """V8"""
    client = browser("")
    answer = client.get("/", headers={"Accept-Language": "sv-FI,sv;q=0.9,en;q=0.8"})
    assert (answer.status_code, answer.headers["location"]) == (302, "/sv")


def test_v6_a_slash_at_the_end_leads_to_the_bare_address(browser: Browser) -> None:
    """V6"""
    for path in ("/fi", "/fi/privacy", "/fi/panels/library"):
        answer = browser("").get(path + "/")
        assert (answer.status_code, answer.headers["location"]) == (301, path)


@pytest.mark.usefixtures("demo")
def test_without_a_demo_there_is_no_demo_page_and_nobody_to_become(browser: Browser) -> None:
    assert browser("").get("/fi/demo").status_code == 404
    assert browser("").post("/fi/login/become", data={"person": "aino"}).status_code == 404


@pytest.mark.parametrize(
    ("name", "leads_to"), [("aino", "/fi/panels/library"), ("nils", "/fi/me"), ("outi", "/fi/me")]
)
def test_one_press_logs_in_as_one_of_the_demos_people(demo: TestClient, name: str, leads_to: str) -> None:
    with demo:
        assert f'value="{name}"' in demo.get("/fi/demo").text
        answer = demo.post("/fi/login/become", data={"person": name})
        assert (answer.status_code, answer.headers["location"]) == (303, leads_to)
        assert home.demo_address(name) in demo.get("/fi/me").text


@pytest.mark.parametrize("person", ["", "ville", "admin"])
def test_nobody_else_can_be_become(demo: TestClient, person: str) -> None:
    with demo:
        assert demo.post("/fi/login/become", data={"person": person}).status_code == 404


def test_the_demo_page_tells_the_demos_date_and_shows_the_mails_newest_first(
    demo: TestClient, engine: Engine, settings: Settings
) -> None:
    with demo:
        assert "Viestejä ei vielä ole lähetetty." in demo.get("/fi/demo").text
        for request in (1, 2):
            with writing(engine) as db:
                set_clock(db, NOON + 60 * request)
            demo.post("/fi/login", data={"email": home.demo_address("aino")})
            mail.send(settings, engine, template="login", request=request)
        page = demo.get("/fi/demo").text
        assert "21.11.2026 klo\u00a012.02" in page
        links = re.findall(r'<a href="(/fi/login/(\d)-[^"]+)">', page)
        assert [number for _, number in links] == ["2", "1"]
        assert demo.post(links[0][0]).status_code == 303


def test_only_our_own_links_in_a_mail_can_be_pressed_and_its_text_stays_text(
    demo: TestClient, settings: Settings
) -> None:
    folder = Path(settings.mail)
    folder.mkdir()
    (folder / "1.eml").write_text(
        "Subject: <b>bold</b>\nTo: x@example.fi\n\n"
        f"https://elsewhere.example/fi/login {BASE}.elsewhere.example/x {BASE}/fi/me\n"
        "<script>alert(1)</script>\n"
    )
    with demo:
        page = demo.get("/fi/demo").text
    assert re.findall(r'<pre>.*?href="([^"]*)"', page, re.DOTALL) == ["/fi/me"]
    assert "<script>alert" not in page
    assert "<b>bold" not in page


@pytest.mark.usefixtures("engine")
def test_a_demo_whose_mail_goes_by_smtp_shows_none(settings: Settings) -> None:
    site = Settings(**{**settings.__dict__, "demo": True, "mail": "smtp://127.0.0.1:1"})
    with TestClient(make_app(site, jobs=False), base_url=BASE) as client:
        page = client.get("/en/demo").text
    assert "No mail has been sent yet." in page
    assert "Run the command raati demo." in page
