import logging

import pytest
from limits import RateLimitItemPerMinute
from starlette.testclient import TestClient

from panels import statements
from panels.database import Engine
from server import limits
from server.app import make_app
from server.settings import Settings
from tests.conftest import BASE, SAME_ORIGIN, Browser

VOTE = "/fi/panels/library/statements/1/vote"
FORM = {"choice": "agree", "key": "0" * 32, "seen": "0"}


@pytest.mark.parametrize(
    ("language", "words"),
    [("fi", "Sivua ei löydy"), ("sv", "Sidan finns inte"), ("en", "There is no such page")],
)
def test_a_missing_page_says_so_in_its_language(browser: Browser, language: str, words: str) -> None:
    answer = browser("").get(f"/{language}/nowhere")
    assert answer.status_code == 404
    assert f'<h1 tabindex="-1">{words}' in answer.text
    assert f'<html lang="{language}">' in answer.text


@pytest.mark.parametrize("path", ["/xx", "/xx/panels", "/fi/panels/no-such-panel", "/fi/panels/A", "/fi/%00"])
def test_an_unknown_address_is_404(browser: Browser, path: str) -> None:
    assert browser("aino").get(path).status_code == 404


def test_typed_text_is_kept_when_the_login_has_ended(browser: Browser) -> None:
    answer = browser("").post(VOTE, data={**FORM, "text": "Long thought, <b>typed</b> slowly."})
    assert answer.status_code == 401
    assert "Long thought, &lt;b&gt;typed&lt;/b&gt; slowly." in answer.text
    assert "/fi/login" in answer.text
    assert "0" * 32 not in answer.text


def test_htmx_gets_the_same_words_in_place_of_the_main_part(browser: Browser) -> None:
    part = browser("").post(VOTE, data=FORM, headers={"HX-Request": "true"})
    whole = browser("").post(VOTE, data=FORM)
    assert part.status_code == whole.status_code == 401
    assert (part.headers["hx-retarget"], part.headers["hx-reswap"]) == ("#main", "innerHTML")
    assert part.text.strip() in whole.text


def test_a_person_without_a_seat_is_told_that_the_page_is_not_theirs(browser: Browser) -> None:
    assert browser("ville").post(VOTE, data=FORM).status_code == 403


def test_too_many_requests_are_told_to_wait(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.gate.VOTES", RateLimitItemPerMinute(1))
    client = browser("aino")
    assert client.post(VOTE, data=FORM).status_code == 303
    answer = client.post(VOTE, data=FORM)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 61
    assert limits.VOTES.amount == 300


def test_a_database_that_is_away_is_told_in_words(browser: Browser, engine: Engine) -> None:
    client = browser("aino")
    with engine.connect() as connection:
        connection.exec_driver_sql("drop table votes")
        connection.exec_driver_sql("drop table organisations")
        connection.commit()
    answer = client.post(VOTE, data=FORM)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert "Tallennus ei juuri nyt onnistunut" in answer.text
    assert client.get("/fi").status_code == 503


def test_an_unforeseen_error_has_a_number_that_the_log_has_too(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(statements, "deck", fail)
    app = make_app(settings, jobs=False)
    with (
        TestClient(app, base_url=BASE, headers=SAME_ORIGIN, raise_server_exceptions=False) as client,
        caplog.at_level(logging.ERROR, "raati"),
    ):
        answer = client.get("/fi/panels/library/statements")
    assert answer.status_code == 500
    number = caplog.records[0].getMessage().split()[-1]
    assert number in answer.text
    assert "content-security-policy" in answer.headers
    assert engine.dialect.name == "sqlite"


def test_a_method_that_a_page_does_not_have(browser: Browser) -> None:
    assert browser("aino").delete("/fi").status_code == 405
