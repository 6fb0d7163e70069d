from panels import messages, people
from panels.database import Engine, reading, writing
from panels.members import MemberKind, take_seat
from tests.conftest import Browser

PLACE = "/fi/panels/library/messages"
FORM = {
    "key": "a" * 32,
    "title-fi": "Kokoontuminen siirtyy",
    "body-fi": "Tapaamme torstaina.\n\nTuo <eväät>.",
    "title-sv": "Mötet flyttas",
    "body-sv": "Vi träffas på torsdag.",
}


def english(engine: Engine) -> None:
    """Give Ville, who reads English, a seat."""
    with writing(engine) as db:
        ville = people.ensure(db, "ville@example.fi")
        ville.language = "en"
        take_seat(db, 1, ville.id, MemberKind.OPEN)


def test_a_message_is_looked_through_in_each_language_and_sent_once_f10(
    browser: Browser, engine: Engine
) -> None:
    eero = browser("eero")
    assert "Kirjoita viesti" in eero.get(PLACE).text
    assert 'name="title-en"' in eero.get(f"{PLACE}/new").text
    shown = eero.post(f"{PLACE}/preview", data=FORM)
    assert shown.status_code == 200
    assert "Lähetä kaikille jäsenille" in shown.text
    assert "This message is in Finnish only." in shown.text
    assert '<p lang="fi">Tuo &lt;eväät&gt;.</p>' in shown.text
    with reading(engine) as db:
        assert messages.sent(db, 1) == []
    for _ in range(2):
        answer = eero.post(PLACE, data=FORM)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{PLACE}?saved=1")
    page = eero.get(f"{PLACE}?saved=1").text
    assert page.count("Siitä kerrottiin 2 jäsenelle.") == 1
    assert "Se lähtee päivän sähköpostissa." in page
    told = browser("nils").get("/sv/notices").text
    assert "Library (sv): Mötet flyttas" in told
    assert "<p>Vi träffas på torsdag.</p>" in told


def test_who_comes_later_finds_the_message_and_gets_it_with_one_press_f10(
    browser: Browser, engine: Engine
) -> None:
    eero = browser("eero")
    eero.post(PLACE, data=FORM)
    english(engine)
    for address in ("/en/notices", "/sv/notices"):
        assert ("This message is in Finnish only." in browser("ville").get(address).text) == (
            address == "/en/notices"
        )
    assert "Lähetä se myös 1 jäsenelle, joka on tullut sen jälkeen" in eero.get(PLACE).text
    assert eero.post(f"{PLACE}/1/add").status_code == 303
    assert "Siitä kerrottiin 3 jäsenelle." in eero.get(PLACE).text
    assert browser("admin").post("/fi/panels/harbour/messages/1/add").status_code == 404


def test_a_message_lacks_no_language_and_no_half_f10(browser: Browser, engine: Engine) -> None:
    eero = browser("eero")
    half = {**FORM, "title-sv": "", "body-en": "See you on Thursday."}
    for address in (PLACE, f"{PLACE}/preview"):
        answer = eero.post(address, data=half)
        assert answer.status_code == 422
        assert 'href="#title-sv"' in answer.text
        assert 'href="#title-en"' in answer.text
        assert "See you on Thursday." in answer.text
    assert eero.post(PLACE, data={**FORM, "key": ""}).status_code == 422
    with reading(engine) as db:
        assert messages.sent(db, 1) == []
