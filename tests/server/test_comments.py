import pytest
from starlette.testclient import TestClient

from panels import jobs
from panels.database import Engine, reading, set_clock, writing
from server import mail
from server.settings import Settings
from tests.conftest import DAY, NOON, Browser
from tests.server.conftest import Watch

PROPOSAL = "/en/panels/library/proposals/1"
PAGE = f"{PROPOSAL}/comments"
FORM = {"kind": "concern", "text": "Who pays for it?", "key": "b" * 32}
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _proposal(engine: Engine, browser: Browser) -> None:
    with writing(engine) as db:
        set_clock(db, NOON - 20 * DAY)
    form = {"title": "A bus", "body": "On Tuesdays", "key": "f" * 32}
    browser("aino").post("/en/panels/library/proposals", data=form)


def say(client: TestClient, number: int = 0, **typed: str) -> None:
    answer = client.post(PAGE, data={**FORM, "key": f"{number:032x}", **typed})
    assert answer.status_code == 303, answer.text


def test_a_comment_stands_in_its_group_once(browser: Browser) -> None:
    nils = browser("nils")
    assert "There are no comments yet." in nils.get(PROPOSAL).text
    for _ in range(2):
        answer = nils.post(PAGE, data=FORM)
        assert answer.headers["location"] == f"{PROPOSAL}?page=1#comment-1"
    html = browser("").get(PROPOSAL).text
    assert html.count("Who pays for it?") == 1
    assert 'Concerns <span class="muted">(1)</span>' in html
    assert "<b>Nils</b>" in html


def test_residents_reply_and_the_facilitator_answers_under_a_comment(browser: Browser) -> None:
    say(browser("nils"))
    reply = {"parent": "1", "reply-1": "We all do.", "key": "c" * 32}
    assert browser("aino").post(PAGE, data=reply).headers["location"] == f"{PROPOSAL}?page=1#comment-1"
    answer = {"parent": "1", "reply-1": "The municipality.", "key": "d" * 32}
    assert browser("eero").post(PAGE, data=answer).status_code == 303
    html = browser("").get(PROPOSAL).text
    assert (
        html.index("Who pays for it?")
        < html.index("We all do.")
        < html.index("The facilitator's answer".replace("'", "&#39;"))
    )
    assert "Answer as facilitator" in browser("eero").get(PROPOSAL).text
    assert "Write a comment" not in browser("eero").get(PROPOSAL).text


def test_htmx_gets_the_thread_that_the_page_includes(browser: Browser) -> None:
    aino = browser("aino")
    part = aino.post(PAGE, data=FORM, headers=HTMX)
    assert part.status_code == 200
    assert '<section class="stack thread" id="thread"' in part.text
    assert "Your comment is published." in part.text
    remark = part.text[part.text.index('<li class="card" id="comment-1">') : part.text.index("<details")]
    assert remark in aino.get(PROPOSAL).text


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"text": " "}, "text", "Fill in this field."),
        ({"text": "x" * 2001}, "text", "Shorten this by 1 characters. The limit is 2000."),
        ({"kind": ""}, "kind", "Fill in this field."),
        ({"kind": "answer"}, "kind", "Choose one of the options."),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_comment_with_a_mistake_is_kept_in_its_form(
    browser: Browser, typed: dict[str, str], field: str, sentence: str, headers: dict[str, str]
) -> None:
    nils = browser("nils")
    answer = nils.post(PAGE, data={**FORM, **typed}, headers=headers)
    assert answer.status_code == 422
    assert f'<a href="#{field}">{sentence}' in answer.text
    assert {**FORM, **typed}["text"].strip() in answer.text
    assert f'name="key" value="{FORM["key"]}"' in answer.text
    assert ("<!doctype html>" in answer.text) is not bool(headers)
    assert "There are no comments yet." in nils.get(PROPOSAL).text


def test_a_reply_with_a_mistake_opens_its_own_form_again(browser: Browser) -> None:
    say(browser("nils"))
    answer = browser("aino").post(PAGE, data={"parent": "1", "reply-1": "x" * 2001, "key": "c" * 32})
    assert answer.status_code == 422
    assert '<details class="reply" open>' in answer.text
    assert "x" * 2001 in answer.text
    assert '<a href="#reply-1">Shorten this by 1 characters.' in answer.text


def test_a_comment_is_taken_back_in_ten_seconds_r28(
    browser: Browser, engine: Engine, settings: Settings
) -> None:
    """R28"""
    nils = browser("nils")
    say(nils)
    assert f'action="{PAGE}/1/undo"' in nils.get(PROPOSAL).text
    assert "undo" not in browser("aino").get(PROPOSAL).text
    assert browser("aino").post(f"{PAGE}/1/undo").status_code == 404
    assert nils.post(f"{PAGE}/1/undo").headers["location"] == PROPOSAL
    assert "There are no comments yet." in browser("").get(PROPOSAL).text
    with reading(engine) as db:
        assert jobs.due(db) == []
    assert mail.kept(settings) == []


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_after_ten_seconds_a_comment_stays_and_the_page_says_so_r28(
    browser: Browser, engine: Engine, headers: dict[str, str]
) -> None:
    """R28"""
    nils = browser("nils")
    say(nils)
    with writing(engine) as db:
        set_clock(db, NOON - 20 * DAY + 60)
    answer = nils.post(f"{PAGE}/1/undo", headers=headers)
    assert answer.status_code == 422
    assert '<a href="#comment-1">A comment can be taken back for 10 seconds. Yours stays.' in answer.text
    assert "Who pays for it?" in answer.text
    assert f'action="{PAGE}/1/undo"' not in answer.text


def test_htmx_hears_that_the_comment_was_taken_back(browser: Browser) -> None:
    nils = browser("nils")
    nils.post(PAGE, data=FORM, headers=HTMX)
    part = nils.post(f"{PAGE}/1/undo", headers=HTMX)
    assert part.status_code == 200
    assert "Your comment was taken back. Nobody was told of it." in part.text


def test_the_thirty_first_comment_of_a_day_waits_in_its_form(browser: Browser) -> None:
    nils = browser("nils")
    for number in range(30):
        say(nils, number)
    answer = nils.post(PAGE, data={**FORM, "text": "The last word", "key": "e" * 32})
    assert answer.status_code == 422
    assert "You may send 30 comments a day." in answer.text
    assert "The last word</textarea>" in answer.text


def test_after_the_phase_a_typed_comment_is_not_lost_and_facilitators_still_answer(
    browser: Browser, engine: Engine
) -> None:
    say(browser("nils"))
    with writing(engine) as db:
        set_clock(db, NOON)
    nils = browser("nils")
    answer = nils.post(PAGE, data={**FORM, "key": "e" * 32})
    assert answer.status_code == 409
    assert "Who pays for it?</textarea>" in answer.text
    assert ">concern</textarea>" not in answer.text
    assert "Write a comment" not in nils.get(PROPOSAL).text
    reply = {"parent": "1", "reply-1": "The municipality.", "key": "d" * 32}
    assert nils.post(PAGE, data=reply).status_code == 409
    assert browser("eero").post(PAGE, data={**reply, "key": "c" * 32}).status_code == 303


@pytest.mark.parametrize("parent", ["2", "x", "²", "9999999999", "-1"])
def test_a_reply_to_nothing_is_not_found(browser: Browser, parent: str) -> None:
    say(browser("nils"))
    form = {"parent": parent, f"reply-{parent}": "Hm", "key": "c" * 32}
    assert browser("aino").post(PAGE, data=form).status_code == 404


@pytest.mark.parametrize("address", ["/en/panels/harbour/proposals/1/comments", f"{PROPOSAL}1/comments"])
def test_a_comment_on_another_panels_proposal_goes_nowhere(browser: Browser, address: str) -> None:
    assert browser("aino").post(address, data=FORM).status_code in (403, 404)


def test_people_without_a_seat_do_not_comment(browser: Browser) -> None:
    say(browser("nils"))
    for name, status in (("", 401), ("ville", 403), ("outi", 403), ("eero", 403)):
        assert browser(name).post(PAGE, data=FORM).status_code == status, name
    assert "<form" not in browser("").get(PROPOSAL).text


def test_a_comment_is_plain_text_with_its_lines(browser: Browser) -> None:
    say(browser("nils"), text="**Why?**\n<script>alert(1)</script>")
    html = browser("aino").get(PROPOSAL).text
    assert '<p class="said">**Why?**\n&lt;script&gt;alert(1)&lt;/script&gt;</p>' in html


def test_a_thread_takes_few_statements(browser: Browser, watched: Watch) -> None:
    nils, aino = browser("nils"), browser("aino")
    for number in range(12):
        say(nils, number)
    for number in range(12, 24):
        say(aino, number, parent="1", **{"reply-1": f"Reply {number}"})
    with watched() as found:
        assert nils.get(PROPOSAL).text.count('class="said"') == 24
    assert len(found) <= 7, found
