import re
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from io import BytesIO

import openpyxl
import pytest
from starlette.testclient import TestClient

from panels.database import Engine, reading
from panels.members import Member
from panels.statements import Statement
from server import imports
from tests.conftest import Browser

PLACE = "/fi/panels/library/imports"
FAULTY = {7: ("Lyhyt", ""), 50: ("", "Mer böcker till biblioteket."), 99: ("ä" * 201, "Något annat.")}


def rows(table: dict[int, tuple[str, str]] = FAULTY) -> list[tuple[str, str]]:
    """Return a hundred statements in two languages, those of ``table`` faulty."""
    sound = {row: (f"Väittämä numero {row} on tässä.", f"Påstående nummer {row}.") for row in range(2, 102)}
    return [("Suomi", "Svenska"), *(sound | table).values()]


def csv(table: Sequence[Sequence[str]]) -> bytes:
    return "\r\n".join(";".join(row) for row in table).encode("cp1252")


def check(client: TestClient, content: bytes, kind: str = "statements") -> tuple[int, str]:
    """Let the file be looked through; return the status and the page."""
    answer = client.post(f"{PLACE}/check", data={"kind": kind}, files={"file": ("a.csv", content)})
    return answer.status_code, answer.text


def hidden(page: str) -> dict[str, str]:
    """Return the fields that the form for storing carries."""
    return dict(re.findall('<input type="hidden" name="(\\w+)" value="([^"]*)">', page))


def stored(engine: Engine) -> int:
    with reading(engine) as db:
        return db.query(Statement).filter_by(panel_id=1).count()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_f17_a_dry_run_lists_the_faulty_rows_and_accepting_stores_the_others_once(
    form: str, browser: Browser, engine: Engine
) -> None:
    """F17"""
    eero, content, before = browser("eero"), csv(rows()), stored(engine)
    if form == "xlsx":
        book, kept = openpyxl.Workbook(), BytesIO()
        for row in rows():
            book.active.append(row)
        book.save(kept)
        content = kept.getvalue()
    assert eero.get(f"{PLACE}/new").status_code == 200
    status, page = check(eero, content)
    assert status == 200
    assert "97 riviä voidaan tuoda. 3 riviä ei voida." in page
    assert re.findall(r'<th scope="row">(\d+)</th><td>(\w+)</td>', page) == [
        *(("7", "fi"), ("7", "sv"), ("50", "fi"), ("99", "fi"))
    ]
    assert stored(engine) == before
    for _ in range(2):
        answer = eero.post(PLACE, data=hidden(page))
        assert (answer.status_code, answer.headers["location"]) == (303, f"{PLACE}/new?saved=1")
        assert stored(engine) == before + 97
    assert "Rivit on tuotu." in eero.get(f"{PLACE}/new?saved=1").text
    again = check(eero, content)[1]
    assert "0 riviä voidaan tuoda. 100 riviä ei voida." in again
    assert hidden(again) == {}


def test_f17_members_come_by_their_addresses(browser: Browser, engine: Engine) -> None:
    """F17"""
    table = [
        ("Sähköposti", "Nimi", "Kieli", "Puhelin"),
        ("uusi@example.fi", "=Uusi\x07", "ruotsi", "040"),
        ("", "", "", ""),
        ("toinen@example.fi", "", "", ""),
        ("aino@example.fi", "Aino", "fi", ""),
        ("ei-osoite", "X", "viro", ""),
    ]
    eero = browser("eero")
    status, page = check(eero, csv(table), "members")
    assert (status, "2 riviä voidaan tuoda. 2 riviä ei voida." in page) == (200, True)
    assert "Henkilö on jo raadin jäsen." in page
    assert re.findall(r'<th scope="row">(\d+)</th><td>(\w+)</td>', page) == [
        *(("5", "email"), ("6", "language"), ("6", "email"))
    ]
    assert eero.post(PLACE, data=hidden(page)).status_code == 303
    with reading(engine) as db:
        assert db.query(Member).filter_by(panel_id=1).count() == 4


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Tiedostossa ei ole tuotavia rivejä."),
        (b"fi;sv\n;\n", "Tiedostossa ei ole tuotavia rivejä."),
        (b"fi;other\nA;B", "Tiedoston ensimmäisellä rivillä ei ole saraketta ”sv”."),
        (b"PK\3\4", "Tiedostoa ei voitu lukea."),
        (b"fi;sv\n" * 2_002, "Tiedostossa on yli 2000 riviä."),
    ],
    ids=["empty", "no rows", "no column", "no table", "many rows"],
)
def test_f17_a_file_of_no_use_is_refused_in_words(content: bytes, words: str, browser: Browser) -> None:
    """F17"""
    status, page = check(browser("eero"), content)
    assert status == 422
    assert words in page


def test_f17_what_carries_the_file_on_is_checked_again(browser: Browser, engine: Engine) -> None:
    """F17, T25"""
    eero, before = browser("eero"), stored(engine)
    form = {"key": "a" * 32, "kind": "statements"}
    bomb = urlsafe_b64encode(zlib.compress(bytes(imports.MOST + 1))).decode()
    for packed, status in (("no file", 400), ("bm8=", 400), (bomb, 413), ("", 422)):
        assert eero.post(PLACE, data={**form, "file": packed}).status_code == status
    assert eero.post(PLACE, data={"kind": "statements"}).status_code == 422
    unknown = eero.post(f"{PLACE}/check", data={"kind": "cats"}, files={"file": ("a.csv", csv(rows()))})
    assert unknown.status_code == 422
    broken = {"Content-Type": "multipart/form-data"}
    assert eero.post(f"{PLACE}/check", content=b"--x", headers=broken).status_code == 400
    assert check(eero, bytes(imports.MOST))[0] == 413
    assert stored(engine) == before
