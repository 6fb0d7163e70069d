import re

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from panels import people, reasons, statements
from panels.database import Engine, set_clock, writing
from panels.members import Member, MemberKind, arrive_as
from panels.reasons import VoteReason
from panels.statements import Choice, Origin, State, Statement, Vote
from server.moderation import READY, age
from tests.conftest import NOON, Browser
from tests.panels.conftest import visitor
from tests.server.conftest import Watch

QUEUE = "/fi/panels/library/moderation"
HTMX = {"HX-Request": "true"}
HOUR = 3600.0
APPROVE = {"seen": "1", "decision": "approve"}
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
    response = client.post(f"{QUEUE}/statement-{number}/decide", data=data, headers=HTMX if htmx else {})
    address = response.headers.get("location")
    return response.status_code, client.get(address).text if address else response.text


def stored(engine: Engine, number: int = 4) -> Statement:
    with writing(engine) as db:
        return db.scalars(select(Statement).where(Statement.number == number)).one()


def test_the_oldest_is_open_with_its_age_and_without_its_writer(browser: Browser) -> None:
    page = browser("eero").get(QUEUE).text
    assert "Jono: 2 odottaa" in page
    assert "Vanhin on odottanut: 5 tuntia" in page
    assert f'<h2 lang="fi" tabindex="-1">{SENT[0][2]}</h2>' in page
    assert re.search(
        rf'href="{QUEUE}/statement-5"><b>Väittämä, ruotsiksi</b><span lang="sv">{SENT[1][2]}', page
    )
    assert "4 tuntia" in page
    assert "Aino" not in page
    assert "aino@" not in page


def test_any_item_can_be_opened(browser: Browser) -> None:
    page = browser("minna").get(f"{QUEUE}/statement-5").text
    assert f'<h2 lang="sv" tabindex="-1">{SENT[1][2]}</h2>' in page
    assert "Viesti lähettäjälle, ruotsiksi" in page
    assert "Tack för påståendet." in page
    assert browser("eero").get(f"{QUEUE}/statement-77").status_code == 404
    assert browser("eero").get(f"{QUEUE}/statement-1").status_code == 404  # the organiser's own


def test_approving_publishes_and_opens_the_next(browser: Browser, engine: Engine) -> None:
    client = browser("eero")
    status, page = decide(client, decision="approve")
    assert status == 303
    assert "Väittämä on julkaistu." in page
    assert f'<h2 lang="sv" tabindex="-1" autofocus>{SENT[1][2]}</h2>' in page
    assert stored(engine).state is State.PUBLISHED
    assert client.get("/fi/panels/library/statements/4").status_code == 200


def test_with_htmx_the_next_item_comes_with_an_empty_form(browser: Browser) -> None:
    status, part = decide(browser("eero"), htmx=True, decision="send_back", reason="question")
    assert status == 200
    assert "<html" not in part
    assert f'<h2 lang="sv" tabindex="-1" autofocus>{SENT[1][2]}</h2>' in part
    assert " checked" not in part
    assert '<hx-partial hx-target="#told" hx-swap="innerHTML">Väittämä on palautettu' in part
    page = browser("eero").get(QUEUE).text
    assert all(
        line in page for line in part.splitlines() if "hx-partial" not in line and "autofocus" not in line
    )


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


def test_the_queue_is_filtered_by_kind_and_paged_f6(browser: Browser, engine: Engine) -> None:
    with writing(engine) as db:
        author = statements.get(db, 1, 4).author_id
        for number in range(6, 60):
            waits = Statement(panel_id=1, number=number, texts={"fi": f"Tuoli {number}"}, language="fi")
            waits.origin, waits.state, waits.sent_at = Origin.RESIDENT, State.WAITING, NOON + number
            waits.author_id = author
            db.add(waits)
    client = browser("eero")
    page = client.get(f"{QUEUE}?kind=statement&page=2").text
    assert "Sivu 2/2" in page
    assert "Tuoli 59" in page
    assert "Tuoli 6<" not in page
    assert f'action="{QUEUE}/statement-54/decide?kind=statement&amp;page=2"' in page
    answer = client.post(f"{QUEUE}/statement-54/decide?kind=statement&page=2", data=APPROVE)
    assert answer.headers["location"] == f"{QUEUE}?kind=statement&page=2"
    assert client.get(f"{QUEUE}?kind=boat&page=x").status_code == 200


def test_items_are_decided_together_and_undone_together_f6(browser: Browser, engine: Engine) -> None:
    client, ticked = browser("eero"), {"statement-4": "1", "statement-5": "1"}
    for form, words in (({}, "Valitse kohdat"), (ticked, "Valitse, hyväksytkö")):
        answer = client.post(f"{QUEUE}/together", data=form)
        assert (answer.status_code, words in answer.text) == (422, True)
    assert client.post(f"{QUEUE}/together", data=ticked | {"decision": "approve"}).status_code == 303
    page = client.get(QUEUE).text
    assert "2 tekstiä on julkaistu." in page
    assert (stored(engine).state, stored(engine, 5).state) == (State.PUBLISHED, State.PUBLISHED)
    undone = client.post(f"{QUEUE}/undo", data=dict.fromkeys(re.findall(r'name="(\d+)"', page), "undo"))
    assert undone.headers["location"] == f"{QUEUE}?done=undone"
    assert "Päätös on kumottu." in client.get(f"{QUEUE}?done=undone").text
    assert stored(engine).state is State.WAITING
    late = client.post(f"{QUEUE}/undo", data={"1": "undo"}, headers=HTMX)
    assert "Kumoamisaika ehti päättyä" in late.text


def test_of_items_decided_together_those_that_somebody_decided_before_stay_f6(browser: Browser) -> None:
    decide(browser("minna"), decision="approve")
    form = {"statement-4": "1", "statement-5": "1", "decision": "send_back", "reason": "off_topic"}
    answer = browser("eero").post(f"{QUEUE}/together", data=form)
    assert answer.headers["location"] == f"{QUEUE}?done=some"
    page = browser("eero").get(f"{QUEUE}?done=some").text
    assert "Toinen ehti päättää osasta" in page
    assert 'value="undo"' in page


def test_a_reason_that_does_not_fit_all_items_decides_none_of_them_f6(
    browser: Browser, engine: Engine
) -> None:
    with writing(engine) as db:
        aino = visitor(db, "aino")
        card = statements.deck(db, aino).card(1)
        statements.cast_vote(db, aino, card.id, Choice.AGREE, key="a" * 32, seen=0)
        reasons.add(db, aino, card, reasons.Draft(False, "Because of the books.", "en"))
    form = {"statement-4": "1", "reason-1": "1", "decision": "send_back", "reason": "duplicate"}
    assert browser("eero").post(f"{QUEUE}/together", data=form).status_code == 422
    assert stored(engine).state is State.WAITING


def test_an_appeal_is_no_text_to_decide(browser: Browser, engine: Engine) -> None:
    decide(browser("minna"), decision="send_back", reason="question")
    data = {"why": "Tästä voi olla samaa mieltä."}
    assert browser("aino").post("/fi/panels/library/statements/4/appeals", data=data).status_code == 303
    client = browser("eero")
    assert client.post(f"{QUEUE}/appeal-1/decide", data=APPROVE).status_code == 404
    answer = client.post(f"{QUEUE}/together", data={"appeal-1": "1", "decision": "approve"})
    assert answer.headers["location"] == f"{QUEUE}?done=some"
    assert stored(engine).state is State.SENT_BACK


def test_personal_data_are_marked_and_named(browser: Browser, engine: Engine) -> None:
    with writing(engine) as db:
        statements.get(db, 1, 4).texts = {"fi": "Soittakaa naapurille 040 123 4567, ei kirjastoon."}
    page = browser("eero").get(QUEUE).text
    assert "Soittakaa naapurille <mark>040 123 4567</mark>, ei kirjastoon." in page
    assert "Tekstiin on merkitty: puhelinnumero." in page


def test_similar_statements_are_shown_beside_f6(browser: Browser, engine: Engine) -> None:
    decide(browser("minna"), decision="approve")
    with writing(engine) as db:
        waits = statements.get(db, 1, 5)
        waits.texts, waits.language = {"fi": "Kirjaston pitää olla auki iltaisin ja aamuisin."}, "fi"
    page = browser("eero").get(QUEUE).text
    assert "Väittämissä on jo" in page
    assert SENT[0][2] in page


def test_only_moderators_enter_v5(browser: Browser) -> None:
    assert "seen" not in browser("admin").get(f"{QUEUE}/statement-4").text
    for name, status in (("aino", 403), ("ville", 403), ("outi", 403), ("", 401)):
        assert browser(name).get(QUEUE).status_code == status
        assert browser(name).get(f"{QUEUE}/statement-4").status_code == status
        assert decide(browser(name), decision="approve")[0] == status


def test_the_queue_asks_no_more_the_more_waits_f6(browser: Browser, watched: Watch, engine: Engine) -> None:
    client, asked = browser("eero"), []
    for many in (0, 40):
        with writing(engine) as db:
            seats = [Member(panel_id=1, kind=MemberKind.DRAWN, created_at=NOON) for _ in range(many)]
            db.add_all(seats)
            db.flush()
            for seat in seats:
                waits = Statement(panel_id=1, texts={"fi": "Tuoli"}, language="fi", origin=Origin.RESIDENT)
                waits.number, waits.state, waits.sent_at = 100 + seat.id, State.WAITING, NOON
                waits.author_id = seat.id
                told = VoteReason(member_id=seat.id, statement_id=1, choice=1, language="fi", sent_at=NOON)
                told.texts, told.state = {"fi": "Siksi"}, State.WAITING
                vote = Vote(
                    member_id=seat.id, statement_id=1, choice=1, version=1, key=f"{seat.id:032x}", at=NOON
                )
                db.add_all((waits, told, vote))
        with watched() as found:
            client.get(QUEUE)
        asked.append(len(found))
    assert asked[0] <= 12, found
    assert asked[1] <= asked[0] + 1, found  # one query more for another kind


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
