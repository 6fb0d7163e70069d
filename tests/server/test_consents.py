"""What new members are told and asked before they take part."""

import re
from hashlib import sha256

import pytest
from starlette.testclient import TestClient

from panels import consents, organisation
from panels.consents import ConsentKind
from panels.database import Engine, reading, writing
from panels.members import Member
from panels.organisation import About
from panels.panels import Panel
from server.languages import LANGUAGES
from tests.conftest import Browser, texts

PANEL = "/fi/panels/library"
CONSENT, AGREE, UPDATE = (f"{PANEL}/members/{word}" for word in ("consent", "agree", "update"))
TEXTS = {"1": "6aec5fef31"}
"""The fingerprint of each version of what people agree to."""
ALL = {"answer": "yes", "taking_part": "yes", "background": "yes", "contact": "yes"}
ASKED = [ConsentKind.TAKING_PART, ConsentKind.BACKGROUND, ConsentKind.CONTACT]
BOX = re.compile(r'<input type="checkbox"[^>]*>')


@pytest.fixture
def newcomer(browser: Browser) -> TestClient:
    """Open the browser of Ville, who has joined and not decided yet."""
    client = browser("ville")
    client.post(f"{PANEL}/members/seat")
    return client


def standing(engine: Engine) -> dict[ConsentKind, bool]:
    """Return the newest answers of the newest seat."""
    with reading(engine) as db:
        seat = db.query(Member).filter_by(panel_id=1).order_by(-Member.id).first()
        assert seat is not None
        return {kind: row.given for kind, row in consents.standing(db, seat.id).items()}


def test_r5_five_points_and_each_consent_apart_none_ticked(newcomer: TestClient) -> None:
    """R5"""
    page = newcomer.get(CONSENT).text
    assert re.findall(r"<dt>(.*?)</dt>", page) == [
        "Mitä",
        "Kuka näkee",
        "Kuinka kauan",
        "Voit lopettaa",
        "Palkkio ja vero",
    ]
    boxes = BOX.findall(page)
    assert len(boxes) == len(ASKED)
    assert not any("checked" in box for box in boxes)
    assert f'href="{PANEL}/members/agreement"' in page


def test_r5_what_was_agreed_to_is_stored_and_the_seat_votes(newcomer: TestClient, engine: Engine) -> None:
    """R5"""
    vote = {"choice": "agree", "key": "a" * 32, "seen": "0"}
    assert newcomer.post(f"{PANEL}/statements/1/vote", data=vote).status_code == 403
    assert newcomer.post(AGREE, data=ALL).headers["location"] == f"{PANEL}/members/profile"
    assert standing(engine) == dict.fromkeys(ASKED, True)
    assert newcomer.post(f"{PANEL}/statements/1/vote", data=vote).status_code == 303


def test_r5_nothing_chosen_is_explained_on_top_and_the_ticks_stay(
    newcomer: TestClient, engine: Engine
) -> None:
    """R5"""
    answer = newcomer.post(AGREE, data={"answer": "yes", "contact": "yes"})
    assert answer.status_code == 422
    assert '<a href="#taking_part">Merkitse, että osallistut' in answer.text
    assert [("checked" in box) for box in BOX.findall(answer.text)] == [False, False, True]
    assert newcomer.post(AGREE, data={"taking_part": "yes"}).status_code == 422
    assert standing(engine) == {}


def test_r5_a_decline_is_stored_and_can_be_taken_back(newcomer: TestClient, engine: Engine) -> None:
    """R5"""
    assert newcomer.post(AGREE, data={"answer": "no"}).headers["location"] == CONSENT
    assert standing(engine) == {ConsentKind.TAKING_PART: False}
    assert "Et osallistu tähän raatiin." in newcomer.get(CONSENT).text
    vote = {"choice": "agree", "key": "a" * 32, "seen": "0"}
    assert newcomer.post(f"{PANEL}/statements/1/vote", data=vote).status_code == 403
    assert f'href="{CONSENT}"' in newcomer.get(PANEL).text
    assert newcomer.get(f"{PANEL}/members/join").headers["location"] == CONSENT
    newcomer.post(AGREE, data={"answer": "yes", "taking_part": "yes"})
    assert newcomer.post(f"{PANEL}/statements/1/vote", data=vote).status_code == 303


def test_a_consent_is_withdrawn_in_two_presses(newcomer: TestClient, engine: Engine) -> None:
    newcomer.post(AGREE, data=ALL)
    assert f'href="{CONSENT}"' in newcomer.get(PANEL).text
    page = newcomer.get(CONSENT).text
    assert page.count("Peru suostumus") == 3
    assert "teksti 1" in page
    for given, expected in (("no", False), ("yes", True)):
        answer = newcomer.post(UPDATE, data={"kind": "contact", "given": given})
        assert (answer.status_code, answer.headers["location"]) == (303, CONSENT)
        assert standing(engine)[ConsentKind.CONTACT] is expected
    newcomer.post(UPDATE, data={"kind": "taking_part", "given": "no"})
    assert standing(engine) == dict.fromkeys(ASKED, False)
    assert newcomer.post(UPDATE, data={"kind": "contact", "given": "yes"}).headers["location"] == CONSENT
    assert standing(engine)[ConsentKind.CONTACT] is False


def test_who_had_a_seat_before_consents_were_asked_takes_part(browser: Browser) -> None:
    client = browser("aino")
    page = client.get(CONSENT).text
    assert "Osallistut." in page
    assert "Tätä ei ole vielä kysytty." in page
    assert client.post(AGREE, data={"answer": "no"}).headers["location"] == CONSENT
    assert client.post(UPDATE, data={"kind": "all", "given": "no"}).status_code == 422
    assert client.get(f"{PANEL}/statements").status_code == 200


def test_consents_are_for_those_with_a_seat(browser: Browser) -> None:
    assert browser("ville").get(CONSENT).headers["location"] == PANEL


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fee_a_time_and_a_telephone_number_are_told(
    newcomer: TestClient, engine: Engine, language: str
) -> None:
    with writing(engine) as db:
        panel = db.get_one(Panel, 1)
        panel.fee, panel.effort = texts("150 euros"), texts("Three evenings")
        organisation.save(db, About(name=texts("Town"), phone="040 000 0000", hours=texts("weekdays")))
    for word in ("consent", "agreement"):
        page = newcomer.get(f"{PANEL}/members/{word}".replace("/fi/", f"/{language}/")).text
        for told in (f"150 euros ({language})", f"Three evenings ({language})", "040 000 0000"):
            assert told in page


def test_another_text_has_another_version(newcomer: TestClient, engine: Engine) -> None:
    """Whoever changes what people agree to gives ``consents.VERSION`` a new name, and notes it here."""
    with writing(engine) as db:
        db.get_one(Panel, 1).admits_minors = True
    addresses = [f"/{language}/panels/library/members/" for language in LANGUAGES]
    pages = [newcomer.get(start + word).text for start in addresses for word in ("consent", "agreement")]
    read = "".join(page.partition("<main")[2].partition("</main>")[0] for page in pages)
    plain = re.sub(r"<[^>]*>|\s+", " ", read)
    assert TEXTS[consents.VERSION] == sha256(plain.encode()).hexdigest()[:10]


def test_r21_birth_years_are_asked_only_where_minors_are_admitted(
    newcomer: TestClient, engine: Engine
) -> None:
    """R21"""
    assert "Syntymävuosi" not in newcomer.get(CONSENT).text
    with writing(engine) as db:
        db.get_one(Panel, 1).admits_minors = True
    assert "Syntymävuosi" in newcomer.get(CONSENT).text
    missing = newcomer.post(AGREE, data=ALL)
    assert (missing.status_code, 'href="#birth_year"' in missing.text) == (422, True)
    child = ALL | {"birth_year": "2014"}
    refused = newcomer.post(AGREE, data=child)
    assert (refused.status_code, 'href="#guardian"' in refused.text) == (422, True)
    assert 'value="2014"' in refused.text
    assert standing(engine) == {}
    assert newcomer.post(AGREE, data=child | {"guardian": "yes"}).status_code == 303
    assert standing(engine)[ConsentKind.GUARDIAN]
    assert "Huoltajan suostumus" in newcomer.get(CONSENT).text


def test_r21_who_has_turned_13_agrees_alone(newcomer: TestClient, engine: Engine) -> None:
    """R21"""
    with writing(engine) as db:
        db.get_one(Panel, 1).admits_minors = True
    turns = ALL | {"birth_year": "2013"}
    assert newcomer.post(AGREE, data=turns).status_code == 422
    assert newcomer.post(AGREE, data=turns | {"turned": "yes"}).status_code == 303
