import re
import time

import pytest
from starlette.testclient import TestClient

from panels import people
from panels.database import Engine, set_clock, writing
from panels.members import arrive_as
from panels.proposals import Proposal
from tests.conftest import DAY, NOON, Browser
from tests.server.conftest import Watch

PAGE = "/en/panels/library/proposals"
FORM = {"title": "A bus on Tuesdays", "body": "Because **many** walk far.", "key": "a" * 32}
HTMX = {"HX-Request": "true"}
ATTACK = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


@pytest.fixture(autouse=True)
def _proposing(engine: Engine) -> None:
    with writing(engine) as db:
        set_clock(db, NOON - 20 * DAY)


def close(engine: Engine) -> None:
    """Let the vote begin."""
    with writing(engine) as db:
        set_clock(db, NOON)


def propose(client: TestClient, number: int = 0, **typed: str) -> str:
    """Send a proposal, whatever it resembles, and return the address to which it leads."""
    form = FORM | ({"title": f"A bus on day {number}"} if number else {})
    answer = client.post(PAGE, data={**form, "key": f"{number:032x}", "anyway": "yes", **typed})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_an_empty_list_says_how_a_good_proposal_is_made(browser: Browser) -> None:
    html = browser("aino").get("/fi/panels/library/proposals").text
    assert "Ehdotuksia ei vielä ole." in html
    assert "Hyvä ehdotus kertoo selvästi" in html
    assert "Tee ensimmäinen ehdotus" in html
    assert "Tee ensimmäinen ehdotus" not in browser("ville").get("/fi/panels/library/proposals").text


def test_a_proposal_is_published_once_with_its_writers_name(browser: Browser) -> None:
    aino = browser("aino")
    assert aino.get(f"{PAGE}/new").status_code == 200
    assert propose(aino) == propose(aino) == f"{PAGE}/1"
    html = browser("").get(f"{PAGE}/1").text
    assert '<h1 id="proposal-1">A bus on Tuesdays</h1>' in html
    assert "<p>Because <strong>many</strong> walk far.</p>" in html
    assert "<span>Aino</span>" in html
    assert browser("").get(PAGE).text.count("A bus on Tuesdays") == 1


def test_a_proposal_in_another_language_says_so_to_screen_readers(browser: Browser) -> None:
    propose(browser("aino"))
    html = browser("nils").get("/sv/panels/library/proposals/1").text
    assert '<h1 id="proposal-1"><span lang="en">A bus on Tuesdays</span></h1>' in html
    assert '<div class="prose" lang="en">' in html


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"title": ""}, "title", "Fill in this field."),
        ({"title": "x" * 121}, "title", "Shorten this by 1 characters. The limit is 120."),
        ({"body": ""}, "body", "Fill in this field."),
        ({"body": "x" * 10_001}, "body", "Shorten this by 1 characters. The limit is 10000."),
    ],
)
def test_a_proposal_with_a_mistake_is_kept_in_the_form(
    browser: Browser, typed: dict[str, str], field: str, sentence: str
) -> None:
    aino = browser("aino")
    answer = aino.post(PAGE, data={**FORM, **typed})
    assert answer.status_code == 422
    assert f'<a href="#{field}">{sentence}' in answer.text
    kept = {**FORM, **typed}["body" if field == "title" else "title"]
    assert kept in answer.text
    assert f'name="key" value="{FORM["key"]}"' in answer.text
    assert "A bus" not in aino.get(PAGE).text


def test_the_sixth_proposal_of_a_day_waits_in_its_form(browser: Browser) -> None:
    aino = browser("aino")
    for number in range(5):
        propose(aino, number)
    answer = aino.post(PAGE, data={**FORM, "title": "The sixth", "key": f"{5:032x}"})
    assert answer.status_code == 422
    assert "You may send 5 proposals a day." in answer.text
    assert 'value="The sixth"' in answer.text


def test_similar_proposals_are_shown_once_before_one_is_sent(browser: Browser) -> None:
    propose(browser("nils"), title="A bus to the library every Tuesday")
    aino, typed = browser("aino"), {**FORM, "title": "Buses to the library on Tuesdays", "key": "c" * 32}
    asked = aino.post(PAGE, data=typed)
    assert asked.status_code == 200
    assert "Is your idea among these proposals?" in asked.text
    assert 'value="Buses to the library on Tuesdays"' in asked.text
    assert f'action="{PAGE}/1/back"' in asked.text
    assert 'name="anyway" value="yes">Send it all the same' in asked.text
    assert "Buses" not in aino.get(PAGE).text
    for _ in range(2):
        sent = aino.post(PAGE, data={**typed, "anyway": "yes"})
        assert sent.headers["location"] == f"{PAGE}/2"
    assert aino.post(PAGE, data=typed).headers["location"] == f"{PAGE}/2"


def test_the_same_proposal_again_is_refused_and_the_first_one_is_offered_v45(browser: Browser) -> None:
    """V45"""
    propose(browser("nils"))
    for typed in ({}, {"anyway": "yes"}):
        form = {**FORM, "title": "a bus, on TUESDAYS!", "key": "c" * 32, **typed}
        answer = browser("aino").post(PAGE, data=form)
        assert answer.status_code == 422
        assert '<a href="#title">This says the same as proposal 1.' in answer.text
        assert 'value="a bus, on TUESDAYS!"' in answer.text
        assert f'action="{PAGE}/1/back"' in answer.text
        assert 'name="anyway"' not in answer.text


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_similar_proposals_are_shown_from_the_third_word(browser: Browser, headers: dict[str, str]) -> None:
    propose(browser("nils"))
    aino = browser("aino")

    def shown(title: str) -> str:
        return aino.get(f"{PAGE}/similar", params={"title": title}, headers=headers).text

    assert "A bus on Tuesdays" not in shown("bus Tuesdays")
    assert "A bus on Tuesdays" in shown("On Tuesdays a bus")
    assert "A bus on Tuesdays" not in shown("More chairs for readers")
    assert ("<!doctype html>" in shown("On Tuesdays a bus")) is not bool(headers)


def test_similar_proposals_come_within_two_tenths_of_a_second(browser: Browser, engine: Engine) -> None:
    with writing(engine) as db:
        aino = arrive_as(db, "library", people.ensure(db, "aino@example.fi").id)
        for number in range(1, 501):
            proposal = Proposal(panel_id=1, number=number, title={"fi": f"Bussi {number} kouluun ja kotiin"})
            proposal.body, proposal.language = {"fi": "Koska matka on pitkä."}, "fi"
            proposal.author_id, proposal.sent_at = aino.seat, NOON
            db.add(proposal)
    client = browser("aino")
    client.get(f"{PAGE}/similar?title=bussi 76 koulusta", headers=HTMX)
    begun = time.process_time()
    found = client.get(f"{PAGE}/similar?title=bussi 77 kouluun", headers=HTMX)
    assert time.process_time() - begun < 0.2
    assert found.text.count('class="row backing"') == 1


def test_after_the_phase_a_typed_proposal_is_not_lost(browser: Browser, engine: Engine) -> None:
    propose(browser("aino"))
    close(engine)
    aino = browser("aino")
    assert aino.get(f"{PAGE}/new").status_code == 409
    assert aino.get(f"{PAGE}/similar?title=A+bus+on+Tuesdays").status_code == 409
    answer = aino.post(PAGE, data={**FORM, "title": "Too late", "key": "b" * 32})
    assert answer.status_code == 409
    assert "Too late" in answer.text
    assert aino.post(f"{PAGE}/1/back", data={"choice": "back"}).status_code == 409
    html = aino.get(PAGE).text
    assert "Proposals are not open now." in html
    assert "Make a proposal" not in html
    assert "<form" not in re.sub(
        r"<header.*?</header>", "", aino.get(f"{PAGE}/1").text, count=1, flags=re.DOTALL
    )


def test_backing_is_one_press_and_may_be_taken_back(browser: Browser) -> None:
    propose(browser("aino"))
    nils = browser("nils")
    assert "0 back this" in nils.get(f"{PAGE}/1").text
    for _ in range(2):
        assert nils.post(f"{PAGE}/1/back", data={"choice": "back"}).headers["location"] == f"{PAGE}/1"
    html = nils.get(f"{PAGE}/1").text
    assert "1 backs this" in html
    assert "You back this" in html
    assert "You back this" not in browser("aino").get(f"{PAGE}/1").text
    nils.post(f"{PAGE}/1/back", data={"choice": "leave"})
    assert "0 back this" in nils.get(f"{PAGE}/1").text


def test_htmx_gets_the_part_that_the_page_includes(browser: Browser) -> None:
    propose(browser("aino"))
    nils = browser("nils")
    part = nils.post(f"{PAGE}/1/back", data={"choice": "back"}, headers=HTMX)
    assert part.status_code == 200
    assert part.text.startswith("<div") or part.text.lstrip().startswith('<div class="row backing"')
    assert part.text.strip() in nils.get(f"{PAGE}/1").text


def test_a_backing_that_says_neither_is_refused(browser: Browser) -> None:
    propose(browser("aino"))
    assert browser("nils").post(f"{PAGE}/1/back", data={"choice": "maybe"}).status_code == 422


@pytest.mark.parametrize("address", ["/en/panels/harbour/proposals/1", f"{PAGE}/2", f"{PAGE}/0"])
def test_another_panels_proposal_is_not_found(browser: Browser, address: str) -> None:
    propose(browser("aino"))
    assert browser("aino").get(address).status_code == 404


def test_backing_what_does_not_exist_is_not_found(browser: Browser) -> None:
    assert browser("aino").post(f"{PAGE}/9/back", data={"choice": "back"}).status_code == 404


def test_people_without_a_seat_read_but_neither_propose_nor_back(browser: Browser) -> None:
    propose(browser("aino"))
    for name, status in (("", 401), ("ville", 403), ("eero", 403)):
        client = browser(name)
        assert client.get(f"{PAGE}/1").status_code == 200
        assert client.get(f"{PAGE}/new").status_code == status
        assert client.post(PAGE, data=FORM).status_code == status
        assert client.post(f"{PAGE}/1/back", data={"choice": "back"}).status_code == status


def test_a_list_is_paged_by_fifty_and_takes_few_statements(
    browser: Browser, engine: Engine, watched: Watch
) -> None:
    for number in range(51):
        if number % 5 == 0:
            with writing(engine) as db:
                set_clock(db, NOON - 29 * DAY + number // 5 * 1.1 * DAY)
            aino = browser("aino")
        propose(aino, number, title=f"Proposal {number}")
    with writing(engine) as db:
        set_clock(db, NOON - 10 * DAY)
    aino = browser("aino")
    with watched() as found:
        first = aino.get(f"{PAGE}?order=new").text
    assert len(found) <= 5, found
    assert "Proposal 50" in first
    assert "Page 1 of 2" in first
    second = aino.get(f"{PAGE}?order=new&page=2").text
    assert re.findall(r"Proposal \d+", second) == ["Proposal 0"]
    for odd in ("page=9", "page=0", "page=x", "page=²", f"page={'9' * 100}", "order=backers"):
        assert aino.get(f"{PAGE}?{odd}").status_code == 200
    shown = [set(re.findall(r"Proposal \d+", aino.get(f"{PAGE}?page={n}").text)) for n in (1, 2)]
    assert (len(shown[0]), len(shown[0] | shown[1])) == (50, 51)


def test_what_residents_write_is_never_a_part_of_the_page(browser: Browser) -> None:
    propose(browser("aino"), title=ATTACK[:120], body=ATTACK)
    for page in ("/en/panels/library", PAGE, f"{PAGE}/1"):
        html = browser("nils").get(page).text
        assert "<script>alert" not in html
        assert "<img" not in html
