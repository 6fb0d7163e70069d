import re

from sqlalchemy import select
from starlette.testclient import TestClient

from panels import codes, people
from panels.codes import CodeKind
from panels.database import Engine, reading, writing
from panels.login import Login, LoginRequest
from panels.people import Person
from server.settings import Settings
from tests.conftest import Browser


def details(engine: Engine, name: str = "aino") -> Person:
    with reading(engine) as db:
        found = people.by_email(db, f"{name}@example.fi")
        assert found is not None
        return found


def newcomer(browser: Browser, engine: Engine, kind: CodeKind) -> tuple[TestClient, str]:
    """Return the browser of somebody who came by a letter, and their code."""
    drawn = codes.draw(1)
    with writing(engine) as db:
        (code,) = codes.add(db, "library", drawn, kind)
    client = browser("")
    assert client.post("/fi/join", data={"code": code}).status_code == 303
    return client, code


def mailed(engine: Engine, settings: Settings) -> str:
    with reading(engine) as db:
        request = db.scalars(select(LoginRequest).order_by(-LoginRequest.id)).first()
        assert request is not None
        return request.link(settings.secret)


def test_the_page_shows_details_panels_roles_and_logins(browser: Browser) -> None:
    page = browser("aino").get("/fi/me").text
    for words in ("aino@example.fi", 'value="Aino"', "Library (fi)", "Jäsen", "Tämä selain"):
        assert words in page
    assert "Ohjaaja" in browser("eero").get("/fi/me").text
    assert "Sinulla ei vielä ole raateja." in browser("ville").get("/fi/me").text


def test_name_and_language_of_mails_are_stored(browser: Browser, engine: Engine) -> None:
    client = browser("aino")
    answer = client.post("/fi/me", data={"name": "Aino <b>K</b>", "language": "sv"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/fi/me")
    assert (details(engine).name, details(engine).language) == ("Aino <b>K</b>", "sv")
    page = client.get("/fi/me").text
    assert "<b>K</b>" not in page
    assert re.search(r'<option value="sv"[^>]* selected', page)


def test_what_cannot_be_stored_is_kept_and_explained(browser: Browser, engine: Engine) -> None:
    answer = browser("aino").post("/fi/me", data={"name": "A" * 81, "language": "xx"})
    assert answer.status_code == 422
    assert "A" * 81 in answer.text
    assert details(engine).name == "Aino"


def test_the_keys_are_off_until_they_are_switched_on(browser: Browser, engine: Engine) -> None:
    client = browser("aino")
    assert not details(engine).keys
    for switch, on in (("yes", True), ("no", False)):
        assert f'name="keys" value="{switch}"' in client.get("/fi/me").text
        assert client.post("/fi/me/keys", data={"keys": switch}).status_code == 303
        assert details(engine).keys is on


def test_one_login_is_ended_from_another(browser: Browser) -> None:
    here, there = browser("aino"), browser("aino")
    found = re.findall(r'name="login" value="(\d+)"', here.get("/fi/me").text)
    assert len(found) == 1
    assert here.post("/fi/me/end", data={"login": found[0]}).status_code == 303
    assert there.get("/fi/me").status_code == 401
    assert here.get("/fi/me").status_code == 200


def test_a_shared_computer_among_the_logins_is_told(browser: Browser, engine: Engine) -> None:
    client = browser("aino")
    browser("aino")
    with writing(engine) as db:
        newest = db.scalars(select(Login).order_by(-Login.id)).first()
        assert newest is not None
        newest.shared = True
    assert "Yhteiskäytössä oleva tietokone" in client.get("/fi/me").text


def test_nobody_ends_the_login_of_somebody_else(browser: Browser, engine: Engine) -> None:
    aino, nils = browser("aino"), browser("nils")
    with reading(engine) as db:
        others = db.scalars(select(Login.id).where(Login.person_id == details(engine, "nils").id)).all()
    for number in (*map(str, others), "999", "", "x"):
        assert aino.post("/fi/me/end", data={"login": number}).status_code == 303
    assert aino.get("/fi/me").status_code == 200
    assert nils.get("/fi/me").status_code == 200


def test_who_came_by_a_letter_adds_an_address_by_the_link_sent_to_it(
    browser: Browser, engine: Engine, settings: Settings
) -> None:
    client, code = newcomer(browser, engine, CodeKind.MEMBER)
    assert 'name="email"' in client.get("/fi/me").text
    assert client.post("/fi/me/email", data={"email": "new@example.fi"}).status_code == 303
    assert "new@example.fi" not in client.get("/fi/me").text
    answer = client.post(mailed(engine, settings))
    assert (answer.status_code, answer.headers["location"]) == (303, "/fi/me")
    page = client.get("/fi/me").text
    assert "new@example.fi" in page
    assert "Library (fi)" in page
    assert "Tämä koodi on jo käytetty." in browser("").post("/fi/join", data={"code": code}).text


def test_an_address_that_is_somebody_elses_lets_in_as_them_alone(
    browser: Browser, engine: Engine, settings: Settings
) -> None:
    client, _ = newcomer(browser, engine, CodeKind.REGISTRATION)
    client.post("/fi/me/email", data={"email": "ville@example.fi"})
    client.post(mailed(engine, settings))
    page = client.get("/fi/me").text
    assert "ville@example.fi" in page
    assert "Library (fi)" not in page


def test_a_mistyped_address_is_kept_and_explained(browser: Browser, engine: Engine) -> None:
    client, _ = newcomer(browser, engine, CodeKind.REGISTRATION)
    answer = client.post("/fi/me/email", data={"email": "new.example.fi"})
    assert answer.status_code == 422
    assert 'value="new.example.fi"' in answer.text


def test_who_has_an_address_cannot_change_it_here(browser: Browser, engine: Engine) -> None:
    client = browser("aino")
    assert 'name="email"' not in client.get("/fi/me").text
    assert client.post("/fi/me/email", data={"email": "new@example.fi"}).headers["location"] == "/fi/me"
    with reading(engine) as db:
        assert db.scalars(select(LoginRequest)).all() == []
