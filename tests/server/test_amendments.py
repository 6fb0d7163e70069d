import pytest
from starlette.testclient import TestClient

from panels import digests, jobs, people
from panels.database import Engine, set_clock, writing
from panels.members import MemberKind, take_seat
from server import mail
from server.settings import Settings
from tests.conftest import DAY, NOON, Browser
from tests.server.conftest import Watch

PROPOSAL = "/en/panels/library/proposals/1"
PAGE = f"{PROPOSAL}/amendments"
FORM = {"title": "A bus", "body": "On Tuesdays and Fridays", "why": "Fridays are busy.", "seen": "1"}
FORM |= {"key": "b" * 32}


@pytest.fixture(autouse=True)
def _proposal(engine: Engine, browser: Browser) -> None:
    """Let Aino propose a bus and Nils back it."""
    with writing(engine) as db:
        set_clock(db, NOON - 20 * DAY)
    form = {"title": "A bus", "body": "On Tuesdays", "key": "f" * 32}
    browser("aino").post("/en/panels/library/proposals", data=form)
    browser("nils").post(f"{PROPOSAL}/back", data={"choice": "back"})


def amend(client: TestClient, **typed: str) -> None:
    answer = client.post(PAGE, data={**FORM, **typed})
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == f"{PAGE}/1"


def back(browser: Browser, engine: Engine, name: str) -> None:
    """Give the person a seat and let them back the bus."""
    with writing(engine) as db:
        take_seat(db, 1, people.ensure(db, f"{name}@example.fi").id, MemberKind.OPEN)
    browser(name).post(f"{PROPOSAL}/back", data={"choice": "back"})


def decide(client: TestClient, decision: str, reason: str = "") -> None:
    answer = client.post(f"{PAGE}/1/decide", data={"decision": decision, "reason": reason})
    assert answer.status_code == 303, answer.text


def test_a_member_changes_the_text_and_everybody_reads_what_changes_r13(browser: Browser) -> None:
    """R13"""
    nils = browser("nils")
    assert f'href="{PAGE}/new"' in nils.get(PROPOSAL).text
    form = nils.get(f"{PAGE}/new").text
    assert 'value="A bus"' in form
    assert ">On Tuesdays</textarea>" in form
    for _ in range(2):
        amend(nils)
    html = browser("").get(f"{PAGE}/1").text
    assert (
        'On Tuesdays <ins><span class="vh">[added: </span>and Fridays<span class="vh">] </span></ins>' in html
    )
    assert "Fridays are busy." in html
    assert "<span>Nils</span>" in html
    assert "The change is waiting for the author" in html
    assert browser("").get(PROPOSAL).text.count("Waiting for the author") == 1


def test_the_author_accepts_and_the_backer_has_one_mail_r13(
    browser: Browser, engine: Engine, settings: Settings
) -> None:
    """R13"""
    back(browser, engine, "ville")
    amend(browser("nils"))
    aino = browser("aino")
    assert "Your decision" in aino.get(f"{PAGE}/1").text
    assert "Your decision" not in browser("nils").get(f"{PAGE}/1").text
    for _ in range(2):
        decide(aino, "accept", "Good.")
    html = browser("").get(PROPOSAL).text
    assert "On Tuesdays and Fridays" in html
    assert "version 2" in html
    page = browser("").get(f"{PAGE}/1").text
    assert "Accepted" in page
    assert "The author says: Good." in page
    with writing(engine) as db:
        while digests.leave_mails(db, "2026-11-01"):
            pass
        left = jobs.due(db)
    for job in left:
        mail.send(settings, engine, **job.arguments)
    (letter,) = [letter for letter in mail.kept(settings) if letter.recipient == "ville@example.fi"]
    assert letter.subject == "Library (fi): kannattamasi ehdotus sai uuden tekstin"
    assert "Ehdotuksen ”A bus” tekijä hyväksyi muutoksen." in "".join(text for text, _ in letter.pieces)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_those_concerned_read_what_happened(browser: Browser, engine: Engine, language: str) -> None:
    own = {
        "fi": ["muutos ehdotukseesi", "muutoksesi on hyväksytty", "kannattamasi ehdotus sai uuden tekstin"],
        "sv": [
            "en ändring i ditt förslag",
            "din ändring har godkänts",
            "ett förslag som du stöder har fått en ny",
        ],
        "en": ["a change to your proposal", "your change is accepted", "a proposal you back has a new text"],
    }[language]
    back(browser, engine, "ville")
    amend(browser("nils"))
    decide(browser("aino"), "accept")
    for name, sentence in zip(("aino", "nils", "ville"), own, strict=True):
        html = browser(name).get(f"/{language}/notices").text
        assert html.count(sentence) == 1, name
        assert f"/{language}/panels/library/proposals/1/amendments/1" in html


def test_a_rejection_says_why(browser: Browser) -> None:
    amend(browser("nils"))
    aino = browser("aino")
    answer = aino.post(f"{PAGE}/1/decide", data={"decision": "reject", "reason": " "})
    assert answer.status_code == 422
    assert '<a href="#reason">Fill in this field.' in answer.text
    assert 'value="reject" checked' in answer.text
    decide(aino, "reject", "Too dear.")
    assert "The author says: Too dear." in browser("nils").get(f"{PAGE}/1").text
    assert "your change is not accepted" in browser("nils").get("/en/notices").text
    assert "On Tuesdays and Fridays" not in aino.get(PROPOSAL).text


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"title": ""}, "title", "Fill in this field."),
        ({"body": "x" * 10_001}, "body", "Shorten this by 1 characters. The limit is 10000."),
        ({"why": "x" * 1_001}, "why", "Shorten this by 1 characters. The limit is 1000."),
        ({"body": "On Tuesdays"}, "body", "This is what the proposal says already."),
        ({"seen": "2"}, "body", "The proposal has a new text."),
    ],
)
def test_a_change_with_a_mistake_is_kept_in_its_form(
    browser: Browser, typed: dict[str, str], field: str, sentence: str
) -> None:
    nils = browser("nils")
    answer = nils.post(PAGE, data={**FORM, **typed})
    assert answer.status_code == 422
    assert f'<a href="#{field}">{sentence}' in answer.text
    assert {**FORM, **typed}["body"] in answer.text
    assert 'name="seen" value="1"' in answer.text
    assert nils.get(f"{PAGE}/1").status_code == 404


def test_a_decision_that_is_none_is_asked_for(browser: Browser) -> None:
    amend(browser("nils"))
    answer = browser("aino").post(f"{PAGE}/1/decide", data={"reason": "Hm"})
    assert answer.status_code == 422
    assert '<a href="#decision">' in answer.text
    assert ">Hm</textarea>" in answer.text


def test_who_may_amend_and_decide(browser: Browser) -> None:
    amend(browser("nils"))
    assert browser("aino").get(f"{PAGE}/new").status_code == 403
    assert browser("aino").post(PAGE, data={**FORM, "key": "c" * 32}).status_code == 403
    accept = {"decision": "accept"}
    assert browser("nils").post(f"{PAGE}/1/decide", data=accept).status_code == 404
    for name, status in (("", 401), ("ville", 403), ("eero", 403)):
        assert browser(name).get(f"{PAGE}/1").status_code == 200
        assert browser(name).get(f"{PAGE}/new").status_code == status
        assert browser(name).post(PAGE, data=FORM).status_code == status
        assert browser(name).post(f"{PAGE}/1/decide", data=accept).status_code == status
    for address in (f"{PAGE}/2", f"{PROPOSAL}1/amendments/1", PAGE.replace("library", "harbour") + "/1"):
        assert browser("nils").get(address).status_code == 404


def test_after_the_phase_nothing_changes_and_typed_text_is_kept(browser: Browser, engine: Engine) -> None:
    amend(browser("nils"))
    with writing(engine) as db:
        set_clock(db, NOON)
    answer = browser("nils").post(PAGE, data={**FORM, "key": "c" * 32})
    assert answer.status_code == 409
    assert "On Tuesdays and Fridays" in answer.text
    aino = browser("aino")
    assert aino.post(f"{PAGE}/1/decide", data={"decision": "accept"}).status_code == 409
    assert "Your decision" not in aino.get(f"{PAGE}/1").text
    assert f"{PAGE}/new" not in browser("nils").get(PROPOSAL).text


def test_what_is_written_into_a_change_is_never_a_part_of_the_page(browser: Browser) -> None:
    amend(browser("nils"), title="<script>alert(1)</script>", body="<img src=x>", why="<b>now</b>")
    html = browser("").get(f"{PAGE}/1").text
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "<b>now" not in html


def test_a_proposal_and_its_changes_take_few_statements(browser: Browser, watched: Watch) -> None:
    amend(browser("nils"))
    aino = browser("aino")
    with watched() as found:
        aino.get(PROPOSAL)
    assert len(found) <= 8, found
    with watched() as found:
        aino.get(f"{PAGE}/1")
    assert len(found) <= 7, found
