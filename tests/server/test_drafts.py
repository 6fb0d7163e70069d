import pytest

from panels.database import Engine, set_clock, writing
from tests.conftest import DAY, NOON, Browser

PROPOSALS = "/en/panels/library/proposals"
PAGE = "/en/panels/library/drafts"
FORM = {"title": "A bus", "body": "On **Tuesdays**", "key": "a" * 32}


@pytest.fixture(autouse=True)
def _proposing(engine: Engine) -> None:
    with writing(engine) as db:
        set_clock(db, NOON - 20 * DAY)


def test_a_draft_is_saved_continued_and_sent(browser: Browser) -> None:
    aino = browser("aino")
    assert f'formaction="{PAGE}"' in aino.get(f"{PROPOSALS}/new").text
    for _ in range(2):
        assert aino.post(PAGE, data=FORM).headers["location"] == f"{PAGE}/1?saved=1"
    html = aino.get(f"{PAGE}/1?saved=1").text
    assert "The draft is saved. Only you see it" in html
    assert 'value="A bus"' in html
    assert ">On **Tuesdays**</textarea>" in html
    assert f'href="{PAGE}/1"' in aino.get(PROPOSALS).text
    assert "Your drafts" not in browser("nils").get(PROPOSALS).text
    assert aino.post(PROPOSALS, data=FORM).headers["location"] == f"{PROPOSALS}/1"
    assert "Your drafts" not in aino.get(PROPOSALS).text
    assert aino.get(f"{PAGE}/1").status_code == 404


def test_a_draft_is_deleted_by_its_writer_alone(browser: Browser) -> None:
    aino, nils = browser("aino"), browser("nils")
    aino.post(PAGE, data=FORM)
    assert nils.get(f"{PAGE}/1").status_code == 404
    assert nils.post(f"{PAGE}/1/delete").status_code == 404
    assert f'action="{PAGE}/1/delete"' in aino.get(f"{PAGE}/1").text
    assert aino.post(f"{PAGE}/1/delete").headers["location"] == PROPOSALS
    assert aino.get(f"{PAGE}/1").status_code == 404


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [({"title": "", "body": ""}, "Fill in this field."), ({"title": "x" * 121}, "Shorten this by 1")],
)
def test_a_draft_with_a_mistake_stays_in_its_form(
    browser: Browser, typed: dict[str, str], sentence: str
) -> None:
    answer = browser("aino").post(PAGE, data={**FORM, **typed})
    assert answer.status_code == 422
    assert f'<a href="#title">{sentence}' in answer.text
    assert {**FORM, **typed}["body"] in answer.text
    assert "Your drafts" not in browser("aino").get(PROPOSALS).text


def test_a_preview_shows_the_proposal_and_stores_nothing(browser: Browser) -> None:
    aino = browser("aino")
    html = aino.post(f"{PROPOSALS}/preview", data=FORM).text
    assert "This is how it will look" in html
    assert "<p>On <strong>Tuesdays</strong></p>" in html
    assert ">On **Tuesdays**</textarea>" in html
    assert "A bus" not in aino.get(PROPOSALS).text
    answer = aino.post(f"{PROPOSALS}/preview", data={**FORM, "body": ""})
    assert answer.status_code == 422
    assert "This is how it will look" not in answer.text


def test_after_the_phase_a_draft_can_be_read_and_deleted(browser: Browser, engine: Engine) -> None:
    aino = browser("aino")
    aino.post(PAGE, data=FORM)
    with writing(engine) as db:
        set_clock(db, NOON)
    aino = browser("aino")
    html = aino.get(f"{PAGE}/1").text
    assert "Proposals are not open now." in html
    assert "formaction" not in html
    assert aino.post(PAGE, data=FORM).status_code == 409
    assert aino.post(f"{PROPOSALS}/preview", data=FORM).status_code == 409
    assert aino.post(f"{PAGE}/1/delete").status_code == 303
