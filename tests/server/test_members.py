import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from panels import codes, organisation, panels, people, signs
from panels.codes import CodeKind
from panels.database import Engine, reading, set_clock, writing
from panels.login import LoginRequest, WrongCode
from panels.members import Member
from panels.organisation import About
from server.app import make_app
from server.settings import Settings
from tests.conftest import BASE, DAY, NOON, SAME_ORIGIN, Browser, texts

JOIN = "/fi/panels/library/members/join"
SEAT = "/fi/panels/library/members/seat"
CONSENT = "/fi/panels/library/members/consent"
AGREE = "/fi/panels/library/members/agree"
AGREED = {"answer": "yes", "taking_part": "yes"}
WELCOME = "/fi/panels/library/members/welcome"
NOT_AN_ELECTION = {
    "fi": "Tämä ei ole vaali eikä salainen äänestys."
    " Palvelun ylläpitäjä voi nähdä, miten kukin on vastannut.",
    "sv": "Det här är varken ett val eller en sluten omröstning."
    " Den som driver tjänsten kan se hur var och en har svarat.",
    "en": "This is neither an election nor a secret ballot."
    " Whoever runs this service can see how each person has answered.",
}
Printed = Callable[..., list[str]]


@pytest.fixture
def printed(engine: Engine) -> Printed:
    """Print codes for the library's panel."""

    def add(kind: CodeKind = CodeKind.REGISTRATION, number: int = 1) -> list[str]:
        drawn = codes.draw(number)
        with writing(engine) as db:
            return codes.add(db, "library", drawn, kind)

    return add


@pytest.fixture
def crowd(settings: Settings, engine: Engine) -> Iterator[Callable[[], TestClient]]:
    """Open browsers at one running server, each of which may be used in a thread of its own."""
    assert engine
    with TestClient(make_app(settings, jobs=False), base_url=BASE, headers=SAME_ORIGIN) as first:

        def another() -> TestClient:
            client = TestClient(first.app, base_url=BASE, headers=SAME_ORIGIN, follow_redirects=False)
            client.portal = first.portal
            return client

        yield another


def seats(engine: Engine) -> int:
    with reading(engine) as db:
        return db.execute(select(func.count(Member.id)).where(Member.panel_id == 1)).scalar_one()


def mailed(engine: Engine, settings: Settings) -> str:
    with reading(engine) as db:
        request = db.scalars(select(LoginRequest).order_by(-LoginRequest.id)).first()
        assert request is not None
        return request.link(settings.secret)


def test_r3_the_letters_code_lets_in_without_an_email_and_names_panel_and_municipality(
    browser: Browser, engine: Engine, printed: Printed
) -> None:
    """R3"""
    with writing(engine) as db:
        organisation.save(db, About(name=texts("Kuuraniemi"), phone="040 000 0000", hours=texts("weekdays")))
    client, (code,), before = browser(""), printed(), seats(engine)
    answer = client.post("/fi/join", data={"code": code.lower()})
    assert (answer.status_code, answer.headers["location"]) == (303, CONSENT)
    assert seats(engine) == before + 1
    assert "Kuuraniemi (fi), Library (fi)" in client.get(CONSENT).text
    assert client.get(WELCOME).headers["location"] == CONSENT
    assert client.post(AGREE, data=AGREED).status_code == 303
    page = client.get(WELCOME).text
    assert "Kuuraniemi (fi), Library (fi)" in page
    assert 'href="/fi/panels/library/statements"' in page
    assert "Lisää sähköpostiosoitteesi" in page
    assert client.get("/fi/me").status_code == 200


def test_the_qr_pictures_page_has_the_code_in_its_field_and_changes_nothing(
    browser: Browser, engine: Engine, printed: Printed
) -> None:
    (code,), before = printed(), seats(engine)
    page = browser("").get(f"/sv/j/{code}")
    assert page.status_code == 200
    assert f'value="{code}"' in page.text
    assert NOT_AN_ELECTION["sv"] in page.text
    assert seats(engine) == before
    assert browser("").post("/sv/join", data={"code": code}).status_code == 303


def test_r3_a_wrong_code_never_says_which_sign(browser: Browser, engine: Engine, printed: Printed) -> None:
    """R3"""
    with writing(engine) as db:
        organisation.save(db, About(name=texts("Town"), phone="040 000 0000", hours=texts("weekdays")))
    (code,) = printed()
    right = signs.plain(code)
    unknown = signs.draw()
    wrong_end = right[:4] + unknown[4:12]
    mistyped = right[:-1] + ("A" if right[-1] != "A" else "B")
    said = set()
    for typed in (unknown, wrong_end + signs.check_sign(wrong_end), mistyped, "7K4M", "ÄÖ"):
        answer = browser("").post("/fi/join", data={"code": typed})
        assert answer.status_code == 422
        assert f'value="{typed}"' in answer.text
        said.update(re.findall(r'<span class="problem"[^>]*>(.*?)</span>', answer.text))
    assert said == {"Koodi ei kelpaa. Tarkista se kirjeestä tai soita 040 000 0000."}


def test_without_a_telephone_number_a_wrong_code_leads_back_to_the_letter(browser: Browser) -> None:
    answer = browser("").post("/fi/join", data={"code": "7K4M"})
    assert "Koodi ei kelpaa. Tarkista se kirjeestä." in answer.text
    assert "Täytä tämä kohta." in browser("").post("/fi/join").text


def test_a_typing_error_is_not_counted_and_a_wrong_code_is(browser: Browser, engine: Engine) -> None:
    client = browser("")
    for typed in ("7K4M-Q2XD-9TRA-8", signs.draw()):
        client.post("/fi/join", data={"code": typed})
    with reading(engine) as db:
        assert db.execute(select(func.count(WrongCode.id))).scalar_one() == 1


def test_r3_after_five_wrong_codes_the_browser_waits_five_minutes(
    browser: Browser, engine: Engine, printed: Printed
) -> None:
    """R3"""
    client, (code,) = browser(""), printed()
    for _ in range(5):
        assert client.post("/fi/join", data={"code": signs.draw()}).status_code == 422
    answer = client.post("/fi/join", data={"code": code})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 301
    assert code in answer.text
    assert browser("").post("/fi/join", data={"code": code}).status_code == 303
    with writing(engine) as db:
        set_clock(db, NOON + 301)
    assert client.post("/fi/join", data={"code": printed()[0]}).status_code == 303


def test_ten_wrong_codes_from_one_address_make_all_its_browsers_wait(browser: Browser) -> None:
    for _ in range(10):
        assert browser("").post("/fi/join", data={"code": signs.draw()}).status_code == 422
    assert browser("").post("/fi/join", data={"code": signs.draw()}).status_code == 429


def test_a_typing_error_after_too_many_wrong_codes_must_wait_too(browser: Browser) -> None:
    for _ in range(10):
        browser("").post("/fi/join", data={"code": signs.draw()})
    assert browser("").post("/fi/join", data={"code": "7K4M"}).status_code == 429


def test_a_used_registration_code_hints_at_the_login(browser: Browser, printed: Printed) -> None:
    (code,) = printed()
    browser("").post("/fi/join", data={"code": code})
    answer = browser("").post("/fi/join", data={"code": code})
    assert answer.status_code == 422
    assert "Tämä koodi on jo käytetty." in answer.text
    assert "Kirjaudu sähköpostilla" in answer.text


def test_v19_a_members_code_opens_the_same_seat_after_the_browser_was_cleared(
    browser: Browser, engine: Engine, printed: Printed
) -> None:
    """V19"""
    (code,) = printed(CodeKind.MEMBER)
    before = seats(engine)
    for _ in range(3):
        client = browser("")
        entered = client.post("/fi/join", data={"code": code}).headers["location"]
        if entered == CONSENT:
            client.post(AGREE, data=AGREED)
        assert "Säilytä kirje" in client.get(WELCOME).text
    assert entered == WELCOME
    assert seats(engine) == before


def test_a_code_of_a_panel_that_has_ended_says_so(browser: Browser, engine: Engine, printed: Printed) -> None:
    (code,) = printed()
    with writing(engine) as db:
        set_clock(db, NOON + 9 * DAY)
    assert "raati ei ole nyt avoinna" in browser("").post("/fi/join", data={"code": code}).text


def test_t12_one_code_from_twenty_browsers_at_once_makes_one_seat(
    crowd: Callable[[], TestClient], engine: Engine, printed: Printed
) -> None:
    """T12"""
    (code,), before = printed(), seats(engine)
    clients = [crowd() for _ in range(20)]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda c: c.post("/fi/join", data={"code": code}).status_code, clients))
    assert sorted(answers) == [303] + [422] * 19
    assert seats(engine) == before + 1


def test_v24_a_hundred_newcomers_sixteen_at_a_time_get_a_hundred_seats(
    crowd: Callable[[], TestClient], engine: Engine, printed: Printed
) -> None:
    """V24"""
    letters, before = printed(number=100), seats(engine)
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda code: crowd().post("/fi/join", data={"code": code}), letters))
    assert {answer.status_code for answer in answers} == {303}
    assert seats(engine) == before + 100


@pytest.mark.parametrize("language", list(NOT_AN_ELECTION))
def test_r26_the_join_page_says_what_this_is_not_and_what_is_stored(browser: Browser, language: str) -> None:
    """R26"""
    page = browser("").get(JOIN.replace("/fi/", f"/{language}/"))
    assert page.status_code == 200
    assert NOT_AN_ELECTION[language] in page.text
    assert f"What about the library? ({language})" in page.text
    assert f'href="/{language}/privacy"' in page.text
    assert 'name="email"' in page.text


def test_a_newcomer_joins_by_email_decides_and_lands_on_the_statements(
    browser: Browser, engine: Engine, settings: Settings
) -> None:
    client, before = browser(""), seats(engine)
    assert client.post(SEAT, data={"email": "new@example.fi"}).headers["location"] == "/fi/login/sent"
    assert "Viesti on matkalla antamaasi osoitteeseen." in client.get("/fi/login/sent").text
    assert seats(engine) == before
    link = mailed(engine, settings)
    assert "Liity raatiin" in client.get(link).text
    answer = client.post(link)
    assert (answer.status_code, answer.headers["location"]) == (303, CONSENT)
    assert seats(engine) == before + 1
    client.post(AGREE, data=AGREED)
    page = client.get(WELCOME).text
    assert "Kirjaudu sähköpostiosoitteellasi." in page
    assert 'class="btn primary" href="/fi/panels/library/statements"' in page
    assert "Olet tämän raadin jäsen." in client.get(JOIN).text


def test_before_voting_a_newcomer_lands_on_the_panels_page(
    browser: Browser, engine: Engine, settings: Settings
) -> None:
    with writing(engine) as db:
        set_clock(db, NOON - 15 * DAY)
    client = browser("")
    client.post(SEAT, data={"email": "new@example.fi"})
    assert client.post(mailed(engine, settings)).headers["location"] == CONSENT
    client.post(AGREE, data=AGREED)
    assert 'class="btn primary" href="/fi/panels/library"' in client.get(WELCOME).text


def test_who_is_signed_in_joins_by_one_press(browser: Browser, engine: Engine) -> None:
    client, before = browser("ville"), seats(engine)
    assert 'name="email"' not in client.get(JOIN).text
    for _ in range(2):
        answer = client.post(SEAT)
        assert (answer.status_code, answer.headers["location"]) == (303, CONSENT)
    client.post(AGREE, data=AGREED)
    assert client.post(SEAT).headers["location"] == "/fi/panels/library/statements"
    assert seats(engine) == before + 1


def test_a_mistyped_address_is_kept_and_explained(browser: Browser) -> None:
    answer = browser("").post(SEAT, data={"email": "aino.example.fi"})
    assert answer.status_code == 422
    assert 'value="aino.example.fi"' in answer.text
    assert NOT_AN_ELECTION["fi"] in answer.text


def test_a_panel_for_letters_cannot_be_joined_by_email(browser: Browser) -> None:
    harbour = SEAT.replace("library", "harbour")
    page = browser("").get(JOIN.replace("library", "harbour")).text
    assert "Tämä raati on kirjeen saaneille." in page
    assert 'name="email"' not in page
    assert browser("").post(harbour, data={"email": "new@example.fi"}).status_code == 409
    assert browser("ville").post(harbour).status_code == 409


def test_joining_ends_with_the_voting(browser: Browser, engine: Engine, settings: Settings) -> None:
    client = browser("")
    client.post(SEAT, data={"email": "new@example.fi"})
    link = mailed(engine, settings)
    with writing(engine) as db:
        votes = {phase.name: phase for phase in panels.by_slug(db, "library").phases}["vote"]  # type: ignore[index]
        votes.ends_at = NOON
    assert "Liittymisaika on päättynyt." in client.get(JOIN).text
    assert client.post(link).status_code == 409
    with reading(engine) as db:
        assert people.by_email(db, "new@example.fi") is None


def test_the_welcome_is_for_members(browser: Browser) -> None:
    answer = browser("ville").get("/fi/panels/library/members/welcome")
    assert (answer.status_code, answer.headers["location"]) == (303, "/fi/panels/library")


@pytest.mark.parametrize("language", list(NOT_AN_ELECTION))
def test_the_page_of_the_code_says_what_this_is_not_and_what_to_do_without_a_letter(
    browser: Browser, language: str
) -> None:
    page = browser("").get(f"/{language}/join")
    assert page.status_code == 200
    assert NOT_AN_ELECTION[language] in page.text
    assert 'id="no-letter"' in page.text
    assert 'autocomplete="off"' in page.text
