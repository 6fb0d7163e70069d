import csv
from io import StringIO

import pytest

from panels import notices, people
from panels.database import Engine, reading, writing
from panels.members import MemberKind, take_seat
from panels.notices import Event
from panels.people import Person
from tests.conftest import NOON, Browser

LETTERS = "/fi/panels/library/letters"


@pytest.fixture
def veikko(engine: Engine) -> int:
    """Give Veikko, who has no e-mail address, a seat in the library's panel, and tell all of a phase."""
    with writing(engine) as db:
        person = Person(name="=Veikko", language="sv", created_at=NOON)
        db.add(person)
        db.flush()
        take_seat(db, 1, person.id, MemberKind.DRAWN)
        notices.tell_followers(db, Event.PHASE, 2, panel=1, at=NOON)
        return person.id


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_who_has_no_address_is_on_the_letter_list_once_r22(browser: Browser, veikko: int) -> None:
    eero = browser("eero")
    assert "Yksi ihminen odottaa kirjettä." in eero.get(LETTERS).text
    answer = eero.post(LETTERS)
    assert (answer.status_code, answer.headers["location"]) == (303, LETTERS)
    page = eero.get(LETTERS).text
    assert "Kukaan ei odota kirjettä." in page
    assert f'<a href="{LETTERS}/1">Lataa lista 1</a>' in page
    answer = eero.get(f"{LETTERS}/1")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="library-letters-1.csv"'
    header, letter = rows(answer.content)
    assert header == ["Paikka", "Nimi", "Kieli", "Osoite tai puhelin", "Kirje"]
    assert letter[1:3] == ["'=Veikko", "sv"]
    assert "Library (sv): en ny fas har börjat\nVote (sv) till och med 30.11.2026." in letter[4]
    assert "http" not in letter[4]
    assert eero.post(LETTERS).status_code == 303
    assert eero.get(f"{LETTERS}/2").status_code == 404
    assert rows(eero.get(f"{LETTERS}/1").content) == [header, letter]
    assert veikko


def test_something_new_makes_a_new_list_r22(browser: Browser, engine: Engine, veikko: int) -> None:
    eero = browser("eero")
    eero.post(LETTERS)
    with writing(engine) as db:
        notices.tell_followers(db, Event.CLOSING, 2, panel=1, at=NOON)
    eero.post(LETTERS)
    assert ["du kan ta ställning" in rows(eero.get(f"{LETTERS}/{n}").content)[1][4] for n in (1, 2)] == [
        False,
        True,
    ]
    page = eero.get(LETTERS).text
    assert page.index("Lataa lista 2") < page.index("Lataa lista 1")
    with reading(engine) as db:
        assert people.get(db, veikko).email is None


def test_the_letters_of_a_panel_are_not_its_neighbours(browser: Browser, veikko: int) -> None:
    assert veikko
    admin = browser("admin")
    admin.post(LETTERS)
    assert admin.get("/fi/panels/harbour/letters/1").status_code == 404
    assert "Kukaan ei odota kirjettä." in admin.get("/fi/panels/harbour/letters").text
    assert browser("aino").get(f"{LETTERS}/1").status_code == 403
