"""The background questions and the channel, after the consents."""

import re

import pytest
from starlette.testclient import TestClient

from panels import profiles
from panels.database import Engine, reading, writing
from panels.members import Member, Reach
from panels.panels import Panel
from tests.conftest import Browser, texts

PANEL = "/fi/panels/library"
PROFILE, TELL, CHANNEL, REACH, WELCOME, CONSENT = (
    f"{PANEL}/members/{word}" for word in ("profile", "tell", "channel", "reach", "welcome", "consent")
)
AGREED = {"answer": "yes", "taking_part": "yes", "background": "yes", "contact": "yes"}


@pytest.fixture
def member(browser: Browser) -> TestClient:
    """Open the browser of Ville, who has joined and agreed to everything."""
    client = browser("ville")
    client.post(f"{PANEL}/members/seat")
    client.post(f"{PANEL}/members/agree", data=AGREED)
    return client


def seat(engine: Engine) -> Member:
    """Return the newest seat of the library's panel."""
    with reading(engine) as db:
        found = db.query(Member).filter_by(panel_id=1).order_by(-Member.id).first()
        assert found is not None
        return found


def told(engine: Engine) -> dict[str, str]:
    """Return what the newest member told."""
    with reading(engine) as db:
        return profiles.told(db, seat(engine).id)


def checked(page: str) -> list[str]:
    """Return the values of the ticked choices."""
    return re.findall(r'value="([^"]*)" checked', page)


def test_r4_one_question_a_page_with_progress_why_and_prefer_not_to_say(member: TestClient) -> None:
    """R4"""
    titles = []
    for place in (1, 2, 3, 4):
        page = member.get(f"{PROFILE}?question={place}").text
        assert f"Taustatiedot {place}/4" in page
        for words in ("En halua kertoa", "Miksi kysymme?", "Sinun ei tarvitse vastata."):
            assert words in page
        assert checked(page) == []
        titles += re.findall("<h1>(.*?)</h1>", page)
    assert titles == [
        "Minkä ikäinen olet?",
        "Mikä on sukupuolesi?",
        "Mikä on äidinkielesi?",
        "Mikä on koulutuksesi?",
    ]


def test_r4_back_keeps_answers_and_nothing_is_required(member: TestClient, engine: Engine) -> None:
    """R4"""
    answers = ("65-74", "", "untold", "higher")
    for place, answer in enumerate(answers, start=1):
        sent = member.post(TELL, data={"question": str(place), "answer": answer})
        assert sent.headers["location"] == f"{PROFILE}?question={place + 1}"
    assert told(engine) == {"age": "65-74", "language": "untold", "education": "higher"}
    back = member.get(f"{PROFILE}?question=2").text
    assert f'href="{PROFILE}?question=1"' in back
    assert checked(member.get(PROFILE).text) == ["65-74"]
    assert checked(back) == []
    assert member.get(f"{PROFILE}?question=5").headers["location"] == CHANNEL


def test_r4_an_error_stands_on_top_linked_to_its_field_and_announced(
    member: TestClient, engine: Engine
) -> None:
    """R4"""
    answer = member.post(TELL, data={"question": "2", "answer": "cat"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert '<a href="#answer">Valitse yksi vaihtoehdoista.' in answer.text
    assert 'id="answer" name="answer"' in answer.text
    assert told(engine) == {}
    assert member.post(TELL, data={"question": "9"}).headers["location"] == PROFILE


def test_a_panels_own_question_and_its_areas_have_its_words(member: TestClient, engine: Engine) -> None:
    own = {"code": "visits", "title": texts("How often?"), "options": [texts("Often"), texts("Seldom")]}
    with writing(engine) as db:
        areas = {"code": "area", "options": [texts("North"), texts("South")]}
        db.get_one(Panel, 1).background = [areas, own]
    area, visits = (member.get(f"{PROFILE}?question={place}").text for place in (1, 2))
    assert "Missä asut?" in area
    assert "South (fi)" in area
    assert "How often? (fi)" in visits
    assert "kenen kokemus puuttuu" in visits
    member.post(TELL, data={"question": "2", "answer": "2"})
    assert told(engine) == {"visits": "2"}


@pytest.mark.parametrize(
    ("channel", "expected"),
    [("email", ""), ("letter", "Rantatie 1\n00100 Kuuraniemi"), ("telephone", "040 123 4567")],
)
def test_r5_the_channel_is_email_letter_or_telephone(
    member: TestClient, engine: Engine, channel: str, expected: str
) -> None:
    """R5"""
    typed = {"letter": "Rantatie 1\r\n00100 Kuuraniemi", "telephone": "040 123 4567"}
    assert checked(member.get(CHANNEL).text) == []
    sent = member.post(REACH, data={"channel": channel, **typed})
    assert (sent.status_code, sent.headers["location"]) == (303, WELCOME)
    assert (seat(engine).channel, seat(engine).reach) == (Reach(channel), expected)
    page = member.get(CHANNEL).text
    assert checked(page) == [channel]
    assert expected in page


def test_no_channel_demands_an_address_or_a_number(member: TestClient, engine: Engine) -> None:
    for channel in Reach:
        assert member.post(REACH, data={"channel": channel}).status_code == 303
        assert (seat(engine).channel, seat(engine).reach) == (channel, "")


def test_a_channel_that_cannot_be_stored_is_explained(member: TestClient, engine: Engine) -> None:
    answer = member.post(REACH, data={"telephone": "040 123 4567"})
    assert (answer.status_code, '<a href="#channel">' in answer.text) == (422, True)
    assert 'value="040 123 4567"' in answer.text
    long = member.post(REACH, data={"channel": "telephone", "telephone": "0" * 201})
    assert (long.status_code, '<a href="#telephone">' in long.text) == (422, True)
    assert seat(engine).channel is None


def test_who_agreed_to_neither_is_asked_neither(browser: Browser, engine: Engine) -> None:
    client = browser("ville")
    client.post(f"{PANEL}/members/seat")
    assert client.get(PROFILE).headers["location"] == CONSENT
    for address in (CHANNEL, REACH):
        method = "GET" if address == CHANNEL else "POST"
        assert client.request(method, address).headers["location"] == WELCOME
    client.post(f"{PANEL}/members/agree", data={"answer": "yes", "taking_part": "yes"})
    assert client.get(PROFILE).headers["location"] == CHANNEL
    assert client.get(CHANNEL).headers["location"] == WELCOME
    assert client.post(TELL, data={"question": "1", "answer": "75+"}).headers["location"] == PROFILE
    assert client.post(REACH, data={"channel": "letter"}).headers["location"] == WELCOME
    assert (told(engine), seat(engine).channel) == ({}, None)


def test_the_page_of_consents_leads_to_what_was_told(member: TestClient) -> None:
    page = member.get(CONSENT).text
    assert f'href="{PROFILE}"' in page
    assert f'href="{CHANNEL}"' in page


def test_ones_own_data_say_in_words_what_was_told(member: TestClient) -> None:
    member.post(TELL, data={"question": "1", "answer": "65-74"})
    member.post(TELL, data={"question": "2", "answer": "untold"})
    member.post(REACH, data={"channel": "telephone", "telephone": "040 123 4567"})
    page = re.sub(r"<[^>]*>|\s+", " ", member.get("/fi/me").text)
    for words in ("Taustatiedot", "65–74 vuotta", "En halua kertoa", "Puhelimella", "040 123 4567"):
        assert words in page


FORM = f"{PANEL}/profiles/edit"
AREAS = {"fi": "Keskusta\nHaapasalmi", "sv": "Centrum\nAspsund"}


def typed(engine: Engine, **fields: str) -> dict[str, str]:
    """Return the form of the questions: the age, where one lives, and what else is given."""
    with reading(engine) as db:
        seen = db.get_one(Panel, 1).version
    areas = {f"area-options-{language}": words for language, words in AREAS.items()}
    return {"seen": str(seen), "ask-age": "yes", **areas, **fields}


def test_staff_choose_what_is_asked_and_a_member_meets_it_in_their_language(
    browser: Browser, engine: Engine, member: TestClient
) -> None:
    eero = browser("eero")
    own = {"own1-title-fi": "Käytkö kirjastossa?", "own1-title-sv": "Går du till biblioteket?"}
    own |= {"own1-options-fi": " Kyllä \n\nEn\n", "own1-options-sv": "Ja\nNej", "own2-title-fi": "  "}
    sent = eero.post(f"{PANEL}/profiles/update", data=typed(engine, **own))
    assert sent.headers["location"] == f"{FORM}?saved=1"
    page = eero.get(f"{FORM}?saved=1").text
    assert '<p class="flash" role="status">Tallennettu</p>' in page
    assert "Kyllä\nEn</textarea>" in page
    assert re.findall('name="(ask-[a-z]+)" value="yes" checked', page) == ["ask-age"]
    assert "Keskusta" in member.get(f"{PROFILE}?question=2").text
    third = member.get(f"{PROFILE}?question=3".replace("/fi/", "/sv/")).text
    assert "Går du till biblioteket?" in third
    assert "Bakgrundsuppgifter 3/3" in third


def test_a_slip_in_the_questions_is_told_at_its_field_and_nothing_is_stored(
    browser: Browser, engine: Engine
) -> None:
    eero = browser("eero")
    for fields, words in (
        (
            {"area-options-sv": "Centrum"},
            "Kirjoita joka kielellä yhtä monta riviä. Ensimmäisessä on 2, tässä 1.",
        ),
        ({"area-options-fi": "Keskusta\n" + "Ä" * 81}, "on liian pitkä. Enintään 80 merkkiä."),
        (
            {"area-options-fi": "Keskusta", "area-options-sv": "Centrum"},
            "Anna 2–12 vaihtoehtoa, yksi riville.",
        ),
        ({"own1-title-fi": "Usein?"}, ">Oma kysymys 1, Svenska: Täytä tämä kohta.</a>"),
    ):
        answer = eero.post(f"{PANEL}/profiles/update", data=typed(engine, **fields))
        assert answer.status_code == 422
        assert words in answer.text
        for field in fields.values():
            assert field in answer.text
    with reading(engine) as db:
        assert [one["code"] for one in db.get_one(Panel, 1).background] == [
            "age",
            "gender",
            "language",
            "education",
        ]
