"""Writing statements: a member's own and the organiser's."""

import re
from html import unescape

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from panels import statements
from panels.database import Engine, writing
from panels.organisation import Organisation
from panels.panels import Panel, touch
from panels.statements import Origin, State, Statement, Vote
from tests.conftest import NOON, Browser, texts

CARDS = "/fi/panels/library/statements"
WORDS = "Kirjaston pitää olla auki sunnuntaisin."
OTHERS = ("Kirjaston pitää olla auki lauantaisin.", "Kirjasto auki iltaisin.", "Kahvia kaikille.")


def send(client: TestClient, words: str = WORDS, *, key: str = "0" * 32) -> tuple[int, str]:
    """Send the words as a statement; return the status and the text of the page that follows."""
    response = client.post(CARDS, data={"text": words, "key": key})
    address = response.headers.get("location")
    return response.status_code, unescape(client.get(address).text if address else response.text)


def answer(client: TestClient, number: int) -> None:
    """Agree with the statement."""
    form = {"choice": "agree", "seen": "0", "key": f"{number:032x}"}
    assert client.post(f"{CARDS}/{number}/vote", data=form).status_code == 303


def written(engine: Engine) -> list[Statement]:
    with writing(engine) as db:
        return list(db.scalars(select(Statement).where(Statement.number > 3).order_by(Statement.number)))


def test_a_sent_statement_is_confirmed_and_the_field_cleared_v10(browser: Browser, engine: Engine) -> None:
    client = browser("aino")
    status, page = send(client)
    assert status == 303
    assert "Tarkistamme sen yhden arkipäivän kuluessa." in page
    assert re.search(r"<textarea[^>]*></textarea>", page)
    assert [statement.state for statement in written(engine)] == [State.WAITING]
    with writing(engine) as db:
        assert [vote.choice for vote in db.scalars(select(Vote))] == [1]


def test_the_same_form_sent_twice_is_one_statement(browser: Browser, engine: Engine) -> None:
    client = browser("aino")
    assert [send(client)[0], send(client)[0]] == [303, 303]
    assert len(written(engine)) == 1


def test_a_writer_is_never_asked_about_their_own_v10(browser: Browser, engine: Engine) -> None:
    client = browser("aino")
    send(client)
    with writing(engine) as db:
        statements.get(db, 1, 4).state = State.PUBLISHED
        touch(db.get_one(Panel, 1))
        db.scalars(select(Vote)).one().choice = None  # taken back: still not asked
    for number in (1, 2, 3):
        answer(client, number)
    assert "Olet vastannut kaikkiin väittämiin." in client.get(CARDS).text
    own = client.get(f"{CARDS}/4")
    assert own.status_code == 200
    assert 'class="vote"' in own.text


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "Täytä tämä kohta."),
        ("lyhyt", "10"),
        ("x" * 201, "200"),
        ("LIBRARY sentence 2 – fi", "Sama kuin väittämä 2."),
    ],
)
def test_what_is_wrong_is_said_and_the_text_kept_r11(
    browser: Browser, engine: Engine, words: str, sentence: str
) -> None:
    status, page = send(browser("aino"), words)
    assert status == 422
    assert sentence in page
    assert f">{words}</textarea>" in page
    assert written(engine) == []


def test_a_twin_is_one_press_from_its_statement_v45(browser: Browser) -> None:
    _, page = send(browser("aino"), "library sentence 2 (fi)")
    assert f'<a href="{CARDS}/2">' in page
    assert "Haluatko vastata siihen?" in page


def furnish_similar(engine: Engine) -> None:
    """Publish two sentences about opening hours and one about coffee."""
    with writing(engine) as db:
        for number, words in enumerate(OTHERS, start=11):
            row = Statement(panel_id=1, number=number, texts={"fi": words}, language="fi")
            row.origin, row.state, row.sent_at = Origin.SEED, State.PUBLISHED, NOON
            db.add(row)
        touch(db.get_one(Panel, 1))


def beside(page: str) -> list[str]:
    """Return what the buttons beside the similar statements send; a star marks the answer given."""
    shown = page.partition("Onko ajatuksesi jo näissä väittämissä?")[2].partition("</section>")[0]
    return [said + "*" * bool(is_own) for said, is_own in re.findall(BUTTON, shown)]


BUTTON = r'<button class="btn" name="answer" value="([^"]+)"( aria-pressed="true")?>'


def test_similar_statements_come_first_and_are_answered_beside_the_text_r11(
    browser: Browser, engine: Engine
) -> None:
    furnish_similar(engine)
    client, form = browser("aino"), {"text": WORDS, "key": "0" * 32}
    answer(client, 12)
    status, page = send(client)
    assert status == 200
    assert beside(page) == [
        *("11 agree 0", "11 disagree 0", "11 pass 0"),
        *("12 agree 1*", "12 disagree 1", "12 pass 1"),
    ]
    for pressed in (
        "11 disagree 0",
        "11 disagree 0",
        "12 pass 1",
        "11 agree 0",
    ):  # pressed twice, then outdated
        page = unescape(client.post(CARDS, data={**form, "answer": pressed}).text)
        assert f">{WORDS}</textarea>" in page
    assert beside(page) == [
        *("11 agree 1", "11 disagree 1*", "11 pass 1"),
        *("12 agree 2", "12 disagree 2", "12 pass 2*"),
    ]
    assert "yhden arkipäivän kuluessa" in page
    assert len(written(engine)) == len(OTHERS), "nothing of the text is stored yet"
    page = client.post(CARDS, data={**form, "text": "lyhyt", "answer": "12 agree 2"}).text
    assert ">lyhyt</textarea>" in page
    page = client.post(CARDS, data={**form, "text": "Aivan toista asiaa.", "answer": "12 agree 2"}).text
    assert ">Aivan toista asiaa.</textarea>" in page
    assert len(written(engine)) == len(OTHERS), "an answer sends no statement"


@pytest.mark.parametrize(("pressed", "status"), [("11", 422), ("11 perhaps 0", 422), ("99 agree 0", 404)])
def test_a_button_that_no_page_has_answers_nothing(
    browser: Browser, engine: Engine, pressed: str, status: int
) -> None:
    form = {"text": WORDS, "key": "0" * 32, "answer": pressed}
    assert browser("aino").post(CARDS, data=form).status_code == status
    assert written(engine) == []


def test_ones_own_words_are_sent_although_others_resemble_them_r11(browser: Browser, engine: Engine) -> None:
    furnish_similar(engine)
    form = {"text": WORDS, "key": "0" * 32, "anyway": "yes"}
    assert browser("aino").post(CARDS, data=form).headers["location"] == f"{CARDS}/new?sent=1"
    assert [row.texts for row in written(engine) if row.state is State.WAITING] == [{"fi": WORDS}]


def test_my_own_statements_tell_what_became_of_them(browser: Browser, engine: Engine) -> None:
    client = browser("aino")
    assert "Et ole kirjoittanut väittämiä." in client.get(f"{CARDS}/mine").text
    for n, words in enumerate(("Ensimmäinen oma väittämä.", "Toinen oma väittämä.", "Kolmas oma väittämä.")):
        send(client, words, key=f"{n:032x}")
    with writing(engine) as db:
        own = {row.number: row for row in db.scalars(select(Statement).where(Statement.number > 3))}
        own[4].state = State.PUBLISHED
        own[5].state, own[5].reason, own[5].message = State.SENT_BACK, "two_ideas", "Lähetä ne erikseen."
    page = client.get(f"{CARDS}/mine").text
    for words in ("Julkaistu", "Palautettu", "Väittämässä on kaksi asiaa.", "Lähetä ne erikseen.", "Odottaa"):
        assert words in page


def test_a_statement_sent_back_can_be_mended_and_sent_again_r12(browser: Browser, engine: Engine) -> None:
    client = browser("aino")
    send(client)
    with writing(engine) as db:
        own = statements.get(db, 1, 4)
        own.state, own.reason, own.message = State.SENT_BACK, "question", "Se on kysymys."
    assert f'href="{CARDS}/new?again=4"' in client.get(f"{CARDS}/mine").text
    assert f">{WORDS}</textarea>" in client.get(f"{CARDS}/new?again=4").text
    assert WORDS not in browser("nils").get(f"{CARDS}/new?again=4").text
    assert send(client, key="1" * 32)[0] == 303


def test_only_members_write_and_others_learn_how_to_join(browser: Browser) -> None:
    page = browser("ville").get(f"{CARDS}/new").text
    assert 'name="text"' not in page
    assert "/fi/panels/library/members/join" in page
    assert browser("ville").post(CARDS, data={"text": WORDS, "key": "0" * 32}).status_code == 403
    assert browser("").post(CARDS, data={"text": WORDS, "key": "0" * 32}).status_code == 401


def test_the_organiser_publishes_in_all_languages_at_once_v12(browser: Browser, engine: Engine) -> None:
    client = browser("eero")
    assert 'name="sv"' in client.get(f"{CARDS}/new").text
    form = {"fi": "Uusi väittämä suomeksi", "sv": "Ett påstående på svenska", "en": " "}
    response = client.post(f"{CARDS}/add", data=form)
    assert response.status_code == 303
    assert "Väittämä on julkaistu." in client.get(response.headers["location"]).text
    added = written(engine)[0]
    assert (added.state, added.texts) == (State.PUBLISHED, {"fi": form["fi"], "sv": form["sv"]})
    assert "Uusi" not in client.get("/fi/panels/library/moderation").text


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"fi": "Uusi väittämä suomeksi"}, "sv"),
        ({"fi": "Uusi väittämä suomeksi", "sv": "kort"}, "sv"),
        ({"fi": "Uusi väittämä suomeksi", "sv": "Ett påstående på svenska", "en": "short"}, "en"),
        ({"fi": "library sentence 1 (fi)", "sv": "Ett påstående på svenska"}, "text"),
    ],
)
def test_the_organisers_languages_are_complete(
    browser: Browser, engine: Engine, form: dict[str, str], field: str
) -> None:
    response = browser("eero").post(f"{CARDS}/add", data=form)
    assert response.status_code == 422
    assert f'href="#{field}"' in response.text
    assert form["fi"] in response.text
    assert written(engine) == []


def test_one_language_is_enough_where_there_is_one(browser: Browser, engine: Engine) -> None:
    with writing(engine) as db:
        town = Organisation(id=1, name=texts("Town"), phone="", hours={}, language="fi", bilingual=False)
        db.add(town)
    assert browser("eero").post(f"{CARDS}/add", data={"fi": "Uusi väittämä"}).status_code == 303


@pytest.mark.parametrize("name", ["aino", "minna", "outi"])
def test_only_who_edits_the_panel_adds_for_the_organiser(browser: Browser, name: str) -> None:
    assert browser(name).post(f"{CARDS}/add", data={"fi": "Uusi väittämä"}).status_code == 403
