import pytest
from sqlalchemy import delete

from panels import moderation, people, statements
from panels.appeals import open_until
from panels.database import Engine, set_clock, writing
from panels.members import arrive_as
from panels.moderation import Reason
from panels.people import StaffRole
from tests.conftest import NOON, Browser

PANEL = "/fi/panels/library"
NEW, MINE, QUEUE = (
    f"{PANEL}/statements/4/appeals/new",
    f"{PANEL}/statements/mine",
    f"{PANEL}/moderation/appeal-1",
)
WORDS = "Mitä kirjasto maksaa?"
WHY = "Tästä voi olla samaa mieltä."


@pytest.fixture(autouse=True)
def sent_back(engine: Engine) -> None:
    """Let Minna send back a statement of Aino's."""
    with writing(engine) as db:
        found = [people.by_email(db, f"{name}@example.fi") for name in ("aino", "minna")]
        aino, minna = (arrive_as(db, "library", person.id) for person in found if person)
        sent = statements.send(db, aino, {"fi": WORDS}, "fi", key="a" * 32)
        moderation.send_back(db, minna, sent, Reason.QUESTION, "Kirjoita se väittämäksi.", seen=1)


def ask(browser: Browser, why: str = WHY) -> tuple[int, str]:
    answer = browser("aino").post(f"{PANEL}/statements/4/appeals", data={"why": why})
    return answer.status_code, answer.text


def decide(browser: Browser, name: str, outcome: str, answer: str = "Niin voi.") -> tuple[int, str]:
    data = {"outcome": outcome, "answer": answer}
    found = browser(name).post(f"{PANEL}/moderation/appeals/1/decide", data=data)
    return found.status_code, found.text


def test_the_writer_sees_rule_reason_text_and_both_ways_on_r12(browser: Browser) -> None:
    page = browser("aino").get(MINE).text
    for words in (WORDS, "Kirjoita se väittämäksi.", "Korjaa ja lähetä uudelleen", "Pyydä uutta arviota"):
        assert words in page
    assert "viimeistään 5.12.2026" in page
    page = browser("aino").get(NEW).text
    assert "Asian päättää raadin ohjaaja, koska raadilla ei ole toista moderaattoria." in page
    assert WORDS in browser("aino").get(f"{PANEL}/statements/new?again=4").text


def test_a_request_waits_and_is_made_once_with_its_text_kept_r12(browser: Browser) -> None:
    status, page = ask(browser, "Ei ole.")
    assert (status, "Ei ole." in page, "vähintään 10 merkkiä" in page) == (422, True, True)
    assert ask(browser)[0] == 303
    page = browser("aino").get(NEW).text
    assert "Pyyntösi on saapunut." in page
    assert "Saat vastauksen viimeistään 25.11.2026." in page
    status, page = ask(browser, "Olen toista mieltä.")
    assert (status, "Olen toista mieltä." in page, "Olet jo pyytänyt" in page) == (422, True, True)
    assert "Arviopyyntö, suomeksi" in browser("eero").get(f"{PANEL}/moderation").text
    assert f"{PANEL}/moderation?kind=appeal" in browser("admin").get(f"{PANEL}/desk").text


def test_who_decided_first_has_no_button_and_is_refused_r12(browser: Browser) -> None:
    ask(browser)
    page = browser("minna").get(QUEUE).text
    assert "Päätit tästä ensin" in page
    assert 'name="outcome"' not in page
    status, page = decide(browser, "minna", "published")
    assert (status, "Toisen pitää päättää tästä" in page) == (403, True)
    page = browser("eero").get(QUEUE).text
    assert WHY in page
    assert "Aino" not in page


def test_somebody_else_publishes_the_text_r12(browser: Browser) -> None:
    ask(browser)
    for outcome, answer, words in (("", "Niin voi.", "Valitse, julkaisetko"), ("published", "", "Täytä")):
        status, page = decide(browser, "eero", outcome, answer)
        assert (status, words in page, answer in page) == (422, True, True)
    assert decide(browser, "eero", "published")[0] == 303
    assert "Teksti on julkaistu." in browser("eero").get(f"{PANEL}/moderation?done=published").text
    assert decide(browser, "eero", "upheld")[0] == 409
    page = browser("aino").get(MINE).text
    assert "Julkaistu pyytämäsi uuden arvion jälkeen." in page
    assert "Niin voi." in page
    assert "tekstisi on sittenkin julkaistu" in browser("aino").get("/fi/notices").text
    assert browser("nils").get(f"{PANEL}/statements/4").status_code == 200


def test_an_upheld_decision_is_told_with_its_answer_r12(browser: Browser) -> None:
    ask(browser)
    assert decide(browser, "admin", "upheld", "Se on yhä kysymys.")[0] == 303
    assert "Päätös pysyy." in browser("eero").get(f"{PANEL}/moderation?done=upheld").text
    assert "Se on yhä kysymys." in browser("aino").get(NEW).text
    assert "pyyntöösi uudesta arviosta on vastattu" in browser("aino").get("/fi/notices").text
    assert "your request for a review is answered" in browser("aino").get("/en/notices").text


def test_the_page_says_when_time_is_over_and_when_nobody_else_is_there_r12(
    browser: Browser, engine: Engine
) -> None:
    with writing(engine) as db:
        minna = people.by_email(db, "minna@example.fi")
        assert minna is not None
        db.execute(delete(StaffRole).where(StaffRole.person_id != minna.id))
    assert "kukaan muu ei voi päättää" in browser("aino").get(NEW).text
    with writing(engine) as db:
        set_clock(db, open_until(NOON))
    client = browser("aino")
    assert "Uutta arviota sai pyytää 5.12.2026 asti." in client.get(NEW).text
    assert "Uutta arviota sai pyytää 5.12.2026 asti." in client.get(MINE).text
