import json
import re

from sqlalchemy import select
from starlette.testclient import TestClient

from panels import codes, jobs, own_data, people
from panels.codes import CodeKind
from panels.database import Engine, reading, writing
from panels.login import Login, LoginRequest
from panels.members import Member
from panels.notices import Topic
from panels.panels import Panel
from panels.people import Person
from panels.permissions import Role
from panels.statements import Statement, Vote
from server.pages import TEMPLATES
from server.settings import Settings
from tests.conftest import NOON, Browser


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
    assert "<b>new@example.fi</b>" not in client.get("/fi/me").text
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


def test_r16_the_page_tells_what_is_stored_and_the_file_has_the_rows(
    browser: Browser, engine: Engine
) -> None:
    """R16"""
    client = browser("aino")
    vote(client, "agree")
    page = client.get("/fi/me").text
    for words in (
        "Mitä sinusta on tallennettu",
        "Vastaukset väittämiin",
        "library sentence 1 (fi)",
        "Samaa mieltä",
    ):
        assert words in page
    answer = client.get("/fi/me/data")
    assert answer.headers["content-disposition"] == 'attachment; filename="raati.json"'
    assert answer.headers["content-type"].startswith("application/json")
    with reading(engine) as db:
        stored = own_data.of_person(db, details(engine).id)
    assert answer.json() == json.loads(json.dumps(stored, default=bytes.hex))
    assert set(stored) == {"logins", "members", "people", "votes"}


def test_r16_every_table_and_every_value_has_words(engine: Engine) -> None:
    """R16"""
    with reading(engine) as db:
        empty = own_data.marks_of(db, details(engine).id)
    names = {table.name for table in own_data.every_table() if own_data.own(table, empty) is not None}
    for language in ("fi", "sv", "en"):
        words = TEMPLATES[language].get_template("people/words.html").module
        assert names == set(words.kinds), language  # type: ignore[attr-defined]
        row = {
            "choice": 0,
            "topic": Topic.OWN,
            "role": Role.MODERATOR,
            "shared": True,
            "language": "sv",
            "at": NOON,
            "name": "A",
        }
        said = [words.value(column, row, {}).strip() for column in row]  # type: ignore[attr-defined]
        assert all(said)
        assert "True" not in said


def vote(client: TestClient, choice: str) -> None:
    """Answer the library's first statement."""
    form = {"choice": choice, "key": "0" * 32, "seen": "0"}
    assert client.post("/fi/panels/library/statements/1/vote", data=form).status_code == 303


def test_r16_two_presses_delete_the_account_and_end_every_login(browser: Browser, engine: Engine) -> None:
    """R16"""
    here, there = browser("aino"), browser("aino")
    vote(here, "agree")
    assert 'href="/fi/me/erasure"' in here.get("/fi/me").text
    page = here.get("/fi/me/erasure").text
    assert "Tätä ei voi kumota." in page
    assert 'name="texts" value="keep"' in page
    answer = here.post("/fi/me/delete", data={"texts": "keep"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/fi/me/deleted")
    assert answer.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert "Tietosi on poistettu" in here.get("/fi/me/deleted").text
    assert [client.get("/fi/me").status_code for client in (here, there)] == [401, 401]
    with reading(engine) as db:
        assert people.by_email(db, "aino@example.fi") is None
        assert db.scalars(select(Vote)).all() == []
        assert [job.task for job in jobs.due(db)] == ["scrub"]


def write(client: TestClient, words: str) -> None:
    """Send a statement to the library's panel."""
    form = {"text": words, "language": "fi", "key": "1" * 32}
    assert client.post("/fi/panels/library/statements", data=form).status_code == 303


def test_r16_the_writer_must_choose_what_becomes_of_the_texts(browser: Browser, engine: Engine) -> None:
    """R16"""
    client = browser("aino")
    write(client, "Kirjastossa on oltava hiljainen huone.")
    page = client.get("/fi/me/erasure").text
    assert "Tekstejä poistuu: 1." in page
    answer = client.post("/fi/me/delete")
    assert answer.status_code == 422
    assert "Täytä tämä kohta." in answer.text
    assert details(engine).name == "Aino"
    assert client.post("/fi/me/delete", data={"texts": "remove"}).status_code == 303
    with reading(engine) as db:
        assert db.scalars(select(Statement).where(Statement.author_id.is_not(None))).all() == []


def test_r16_a_panel_is_left_by_two_presses(browser: Browser, engine: Engine) -> None:
    """R16"""
    client = browser("aino")
    vote(client, "agree")
    write(client, "Kirjastossa on oltava hiljainen huone.")
    assert 'href="/fi/me/leave/library"' in client.get("/fi/me").text
    page = client.get("/fi/me/leave/library").text
    assert "Voit tulla mukaan uudelleen" in page
    assert client.post("/fi/me/left/library").status_code == 422
    answer = client.post("/fi/me/left/library", data={"texts": "remove"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/fi/me")
    assert "Sinulla ei vielä ole raateja." in client.get("/fi/me").text
    with reading(engine) as db:
        assert db.scalars(select(Vote)).all() == []
        assert db.scalars(select(Member.left_at).where(Member.left_at.is_not(None))).all() != []


def test_a_panel_that_is_not_ones_own_is_not_left(browser: Browser) -> None:
    client = browser("ville")
    for answer in (
        client.get("/fi/me/leave/library"),
        client.post("/fi/me/left/library", data={"texts": "keep"}),
    ):
        assert (answer.status_code, answer.headers["location"]) == (303, "/fi/me")


def test_a_seat_that_cannot_be_had_again_is_told(browser: Browser, engine: Engine) -> None:
    client = browser("aino")
    with writing(engine) as db:
        db.query(Panel).filter_by(slug="library").update({"open_to_all": False})
    assert "Paikkaa ei saa takaisin." in client.get("/fi/me/leave/library").text
