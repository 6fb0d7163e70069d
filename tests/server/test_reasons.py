import re
from html import unescape

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from panels.database import Engine, set_clock, writing
from panels.moderation import UNDO
from panels.panels import Phase, PhaseName
from panels.reasons import VoteReason
from panels.statements import State
from tests.conftest import NOON, Browser

CARDS = "/fi/panels/library/statements"
QUEUE = "/fi/panels/library/moderation"
HTMX = {"HX-Request": "true"}
WHY = "Minulla ei ole autoa, ja bussi kulkee kerran päivässä."


@pytest.fixture
def aino(browser: Browser) -> TestClient:
    """Return the browser of Aino, who has answered statement 1."""
    client = browser("aino")
    answer(client)
    return client


def answer(client: TestClient, number: int = 1) -> None:
    form = {"choice": "agree", "seen": "0", "key": f"{number:032x}"}
    assert client.post(f"{CARDS}/{number}/vote", data=form).status_code == 303


def add(client: TestClient, text: str = WHY, *, htmx: bool = False, **form: str) -> tuple[int, str]:
    """Send the form of statement 1; return the status and the text of the page that follows."""
    response = client.post(f"{CARDS}/1/reasons", data={"text": text, **form}, headers=HTMX if htmx else {})
    address = response.headers.get("location")
    return response.status_code, unescape(client.get(address).text if address else response.text)


def decide(client: TestClient, **form: str) -> tuple[int, str]:
    response = client.post(f"{QUEUE}/reason-1/decide", data={"seen": "1", **form})
    address = response.headers.get("location")
    return response.status_code, unescape(client.get(address).text if address else response.text)


def pass_time(engine: Engine) -> None:
    """Let the time pass in which a moderator may undo a decision."""
    with writing(engine) as db:
        set_clock(db, NOON + 2 * UNDO)


def states(engine: Engine) -> list[State]:
    with writing(engine) as db:
        return list(db.scalars(select(VoteReason.state)))


def test_after_an_answer_one_may_tell_that_it_is_important_and_why_v46(
    aino: TestClient, engine: Engine
) -> None:
    assert f'hx-get="{CARDS}/1/reasons/new"' in aino.get(CARDS).text
    status, page = add(aino, important="yes")
    assert status == 303
    assert "Tarkistamme perustelusi yhden arkipäivän kuluessa." in page
    assert re.search(r'name="important" value="yes" checked', page)
    assert f">{WHY}</textarea>" in page
    assert states(engine) == [State.WAITING]
    mine = aino.get(f"{CARDS}/mine").text
    assert "Minulle tärkeä" in mine
    assert WHY in mine


def test_with_htmx_the_form_comes_into_the_card_and_the_page_includes_it(aino: TestClient) -> None:
    part = aino.get(f"{CARDS}/1/reasons/new", headers=HTMX).text
    assert "<html" not in part
    assert all(line in aino.get(f"{CARDS}/1/reasons/new").text for line in part.splitlines())
    status, part = add(aino, htmx=True)
    assert status == 200
    assert "Tallennettu." in part
    assert "<html" not in part


def test_both_are_optional_v46(aino: TestClient, engine: Engine) -> None:
    assert "Tallennettu." in add(aino, "")[1]
    assert states(engine) == []


@pytest.mark.parametrize("htmx", [True, False])
def test_a_long_reason_is_refused_and_kept_v46(aino: TestClient, engine: Engine, *, htmx: bool) -> None:
    status, page = add(aino, "x" * 301, htmx=htmx, important="yes")
    assert status == 422
    assert "Lyhennä" in page
    assert f">{'x' * 301}</textarea>" in page
    assert re.search(r'name="important" value="yes" checked', page)
    assert states(engine) == []


def test_without_an_answer_the_form_asks_for_one_first(browser: Browser) -> None:
    client = browser("aino")
    assert "Vastaa ensin väittämään" in client.get(f"{CARDS}/1/reasons/new").text
    assert add(client)[0] == 422


def test_after_closing_the_reason_can_be_read_only(aino: TestClient, engine: Engine) -> None:
    add(aino, important="yes")
    with writing(engine) as db:
        db.scalars(
            select(Phase).where(Phase.panel_id == 1, Phase.name == PhaseName.VOTE)
        ).one().ends_at = NOON
    page = aino.get(f"{CARDS}/1/reasons/new").text
    assert WHY in page
    assert "Minulle tärkeä" in page
    assert "<textarea" not in page
    assert add(aino)[0] == 409


def test_others_read_it_once_published_and_after_their_own_answer_v46(
    aino: TestClient, browser: Browser, engine: Engine
) -> None:
    add(aino)
    nils, eero = browser("nils"), browser("eero")
    answer(nils)
    assert WHY not in nils.get(f"{CARDS}/1").text
    queue = eero.get(QUEUE).text
    assert WHY in queue
    assert "Aino" not in queue
    status, page = decide(eero, decision="approve")
    assert status == 303
    assert "Teksti on julkaistu." in page
    assert "Jono on tyhjä" in page
    assert WHY in nils.get(f"{CARDS}/1").text
    pass_time(engine)
    assert "din motivering har publicerats" in aino.get("/sv/notices").text
    assert WHY not in browser("eero").get(f"{CARDS}/1").text, "who has not answered does not see it"


def test_the_writer_of_a_reason_sent_back_reads_why_v46(
    aino: TestClient, browser: Browser, engine: Engine
) -> None:
    add(aino)
    page = decide(browser("minna"), decision="send_back", reason="private", message="Älä kerro nimiä.")[1]
    assert "Teksti on palautettu kirjoittajalle." in page
    pass_time(engine)
    news = unescape(aino.get("/fi/notices").text)
    assert f'<a href="{CARDS}/mine">Library (fi): perustelusi on palautettu</a>' in news
    assert "Ohjaaja palautti perustelusi tästä syystä: Sisältää henkilötietoja." in news
    for page in (aino.get(f"{CARDS}/mine").text, aino.get(f"{CARDS}/1/reasons/new").text):
        assert "Palautettu" in page
        assert "Sisältää henkilötietoja." in page
        assert "Älä kerro nimiä." in page


def test_a_queue_form_that_does_not_fit_a_reason_says_so(
    aino: TestClient, browser: Browser, engine: Engine
) -> None:
    add(aino)
    for form in ({}, {"decision": "send_back", "reason": "two_ideas"}):
        assert decide(browser("eero"), **form)[0] == 422
    assert states(engine) == [State.WAITING]


def test_the_second_moderator_sees_that_it_was_decided_f6(aino: TestClient, browser: Browser) -> None:
    add(aino)
    decide(browser("minna"), decision="approve")
    status, page = decide(browser("eero"), decision="send_back", reason="private")
    assert status == 409
    assert "Toinen ehti päättää tästä ennen sinua." in page
