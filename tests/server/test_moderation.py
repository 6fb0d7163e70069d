import re

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from panels import people, statements
from panels.database import Engine, set_clock, writing
from panels.members import arrive_as
from panels.statements import State, Statement
from server.moderation import READY, age
from tests.conftest import NOON, Browser
from tests.server.conftest import Watch

QUEUE = "/fi/panels/library/moderation"
HTMX = {"HX-Request": "true"}
HOUR = 3600.0
SENT = (
    ("aino", "fi", "Kirjaston pitää olla auki iltaisin."),
    ("nils", "sv", "Biblioteket ska ha öppet på julafton."),
)


@pytest.fixture(autouse=True)
def sent(engine: Engine) -> None:
    """Let Aino send a statement in Finnish five hours ago, and Nils one in Swedish after her."""
    with writing(engine) as db:
        for n, (name, language, words) in enumerate(SENT):
            set_clock(db, NOON - (5 - n) * HOUR)
            person = people.by_email(db, f"{name}@example.fi")
            assert person is not None
            visitor = arrive_as(db, "library", person.id)
            statements.send(db, visitor, {language: words}, language, key=f"{n:032x}")
        set_clock(db, NOON)


def decide(client: TestClient, number: int = 4, *, htmx: bool = False, **form: str) -> tuple[int, str]:
    """Send a decision; return the status and the text of the page that follows."""
    data = {"seen": "1", **form}
    response = client.post(f"{QUEUE}/{number}/decide", data=data, headers=HTMX if htmx else {})
    address = response.headers.get("location")
    return response.status_code, client.get(address).text if address else response.text


def stored(engine: Engine, number: int = 4) -> Statement:
    with writing(engine) as db:
        return db.scalars(select(Statement).where(Statement.number == number)).one()


def test_the_oldest_is_open_with_its_age_and_without_its_writer(browser: Browser) -> None:
    page = browser("eero").get(QUEUE).text
    assert "Jono: 2 odottaa" in page
    assert "Vanhin on odottanut: 5 tuntia" in page
    assert f'<h2 lang="fi">{SENT[0][2]}</h2>' in page
    assert re.search(rf'href="{QUEUE}/5"><b>Väittämä, ruotsiksi</b><span lang="sv">{SENT[1][2]}', page)
    assert "4 tuntia" in page
    assert "Aino" not in page
    assert "aino@" not in page


def test_any_item_can_be_opened(browser: Browser) -> None:
    page = browser("minna").get(f"{QUEUE}/5").text
    assert f'<h2 lang="sv">{SENT[1][2]}</h2>' in page
    assert "Viesti lähettäjälle, ruotsiksi" in page
    assert "Tack för påståendet." in page
    assert browser("eero").get(f"{QUEUE}/77").status_code == 404
    assert browser("eero").get(f"{QUEUE}/1").status_code == 404  # the organiser's own


def test_approving_publishes_and_opens_the_next(browser: Browser, engine: Engine) -> None:
    client = browser("eero")
    status, page = decide(client, decision="approve")
    assert status == 303
    assert "Väittämä 4 on julkaistu." in page
    assert f'<h2 lang="sv">{SENT[1][2]}</h2>' in page
    assert stored(engine).state is State.PUBLISHED
    assert client.get("/fi/panels/library/statements/4").status_code == 200


def test_with_htmx_the_next_item_comes_with_an_empty_form(browser: Browser) -> None:
    status, part = decide(browser("eero"), htmx=True, decision="send_back", reason="question")
    assert status == 200
    assert "<html" not in part
    assert f'<h2 lang="sv">{SENT[1][2]}</h2>' in part
    assert " checked" not in part
    assert '<hx-partial hx-target="#told" hx-swap="innerHTML">Väittämä on palautettu' in part
    page = browser("eero").get(QUEUE).text
    assert all(line in page for line in part.splitlines() if "hx-partial" not in line and "h1" not in line)


@pytest.mark.parametrize(
    ("message", "kept"), [("", READY["question"]), ("Kirjoita väittämä.", "Kirjoita väittämä.")]
)
def test_the_writer_reads_the_moderators_words_or_the_ready_ones(
    browser: Browser, engine: Engine, message: str, kept: str
) -> None:
    decide(browser("eero"), decision="send_back", reason="question", message=message)
    found = stored(engine)
    assert (found.state, found.reason) == (State.SENT_BACK, "question")
    assert found.message == kept or found.message.startswith("Kiitos väittämästä. Se on kysymys.")


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({}, "Valitse, hyväksytkö"),
        ({"decision": "send_back"}, "Valitse perustelu"),
        ({"decision": "send_back", "reason": "boring"}, "Valitse perustelu"),
        ({"decision": "send_back", "reason": "question", "message": "x" * 2001}, "2000"),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_an_unfinished_decision_is_refused_and_its_text_kept(
    browser: Browser, engine: Engine, *, form: dict[str, str], sentence: str, htmx: bool
) -> None:
    status, page = decide(browser("eero"), 4, htmx=htmx, **form)
    assert status == 422
    assert sentence in page
    assert form.get("message", "") in page
    assert ("<html" in page) is not htmx
    assert stored(engine).state is State.WAITING


@pytest.mark.parametrize("htmx", [True, False])
def test_the_second_moderator_sees_the_first_ones_decision_f6(browser: Browser, *, htmx: bool) -> None:
    decide(browser("minna"), decision="send_back", reason="two_ideas", message="Lähetä ne erikseen.")
    status, page = decide(browser("eero"), htmx=htmx, decision="approve")
    assert status == 409
    assert "Toinen ehti päättää tästä ennen sinua." in page
    assert "Väittämässä on kaksi asiaa." in page
    assert "Lähetä ne erikseen." in page


def test_an_empty_queue_says_so(browser: Browser) -> None:
    client = browser("eero")
    decide(client, 4, decision="approve")
    _, page = decide(client, 5, decision="approve")
    assert "Jono on tyhjä" in page
    assert re.search(r"hyväksytty</dt><dd>2</dd>", page)


def test_an_address_that_names_no_statement_shows_the_queue(browser: Browser) -> None:
    assert browser("eero").get(f"{QUEUE}?done=four").status_code == 200


def test_only_moderators_enter_v5(browser: Browser) -> None:
    for name, status in (("aino", 403), ("ville", 403), ("outi", 403), ("", 401)):
        assert browser(name).get(QUEUE).status_code == status
        assert browser(name).get(f"{QUEUE}/4").status_code == status
        assert decide(browser(name), decision="approve")[0] == status


def test_the_queue_takes_at_most_eight_sql_statements(browser: Browser, watched: Watch) -> None:
    client = browser("eero")
    with watched() as found:
        client.get(QUEUE)
    assert len(found) <= 8, found


FRIDAY = NOON - 22 * HOUR  # NOON is a Saturday's: Friday at 14


@pytest.mark.parametrize(
    ("since", "now", "waited"),
    [
        (NOON - 60, NOON, ("minutes", 1)),
        (NOON - 3 * HOUR, NOON, ("hours", 3)),
        (FRIDAY, FRIDAY + 48 * HOUR, ("hours", 48)),  # a week-end has no working day
        (FRIDAY, FRIDAY + 72 * HOUR, ("days", 1)),
        (FRIDAY, FRIDAY + 7 * 24 * HOUR, ("days", 5)),
    ],
)
def test_waiting_is_told_in_hours_or_working_days(since: float, now: float, waited: tuple[str, int]) -> None:
    assert age(since, now) == waited
