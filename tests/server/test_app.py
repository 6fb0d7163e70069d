import re

import pytest
from starlette.testclient import TestClient

from panels.database import Engine
from server.app import make_app
from server.settings import Settings
from tests.conftest import BASE, SAME_ORIGIN, Browser

VOTE = "/fi/panels/library/statements/1/vote"


def test_every_answer_carries_the_security_headers(browser: Browser) -> None:
    client = browser("")
    for path in ("/fi", "/fi/nowhere", "/healthz", "/static/css/tokens.css", "/static/nothing.css"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        assert "strict-transport-security" not in headers, "http on this machine alone"


def test_on_https_browsers_are_told_to_stay_there(settings: Settings, engine: Engine) -> None:
    safe = Settings(settings.database, "https://raati.example", settings.mail, settings.secret)
    with TestClient(make_app(safe, jobs=False), base_url="https://raati.example") as client:
        answer = client.get("/fi")
    assert answer.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"
    assert "__Host-lang=fi" in answer.headers["set-cookie"]
    assert "Secure" in answer.headers["set-cookie"]
    assert engine.dialect.name == "sqlite"


def test_pages_are_not_kept_but_fingerprinted_files_are(browser: Browser) -> None:
    page = browser("").get("/fi")
    assert page.headers["cache-control"] == "no-store"
    sheet = re.search(r'href="(/static/css/tokens\.css\?v=\w+)"', page.text)
    assert sheet is not None
    assert "immutable" in browser("").get(sheet[1]).headers["cache-control"]
    assert browser("").get("/static/nothing.css").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {},
    ],
)
def test_only_our_own_pages_write(settings: Settings, engine: Engine, headers: dict[str, str]) -> None:
    with TestClient(make_app(settings, jobs=False), base_url=BASE) as client:
        assert client.post(VOTE, headers=headers).status_code == 403
        assert client.post(VOTE, headers={"Origin": BASE}).status_code == 401
        assert client.get("/fi", headers=headers).status_code == 200
    assert engine.dialect.name == "sqlite"


def test_another_host_name_is_not_served_but_machines_may_ask(browser: Browser) -> None:
    client = browser("")
    assert client.get("/fi", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/healthz", headers={"Host": "10.0.0.5"}).text == "ok"
    assert client.get("/readyz", headers={"Host": "10.0.0.5"}).text == "ok"


def test_not_ready_when_nothing_can_be_written(browser: Browser, engine: Engine) -> None:
    client = browser("")
    with engine.connect() as connection:
        connection.exec_driver_sql("drop table pulse")
        connection.commit()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "cannot write")
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({}, "fi"),
        ({"Accept-Language": "sv-FI, fi;q=0.8"}, "sv"),
        ({"Accept-Language": "de, en;q=0.5"}, "en"),
        ({"Accept-Language": "de"}, "fi"),
        ({"Cookie": "lang=sv", "Accept-Language": "en"}, "sv"),
        ({"Cookie": "lang=xx"}, "fi"),
    ],
)
def test_the_bare_address_leads_to_a_language(
    browser: Browser, headers: dict[str, str], language: str
) -> None:
    answer = browser("").get("/", headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (302, f"/{language}")


def test_a_page_keeps_its_language_in_a_cookie(browser: Browser) -> None:
    client = browser("")
    assert "lang=sv" in client.get("/sv").headers["set-cookie"]
    assert "set-cookie" not in client.get("/sv").headers
    assert client.get("/").headers["location"] == "/sv"


def test_v6_a_trailing_slash_leads_to_the_bare_address(browser: Browser) -> None:
    client = browser("")
    answer = client.get("/fi/panels/library/")
    assert (answer.status_code, answer.headers["location"]) == (301, "/fi/panels/library")
    assert client.get("/%2Fevil.example/").headers["location"] == "/evil.example"


def test_a_browser_is_noted_as_seen_once_a_minute(browser: Browser, engine: Engine) -> None:
    client = browser("aino")
    with engine.connect() as connection:
        connection.exec_driver_sql("update logins set seen_at = seen_at - 90")
        connection.commit()
        before = connection.exec_driver_sql("select seen_at from logins").scalar_one()
        connection.rollback()
        client.get("/fi")
        after = connection.exec_driver_sql("select seen_at from logins").scalar_one()
        connection.rollback()
        client.get("/fi")
        again = connection.exec_driver_sql("select seen_at from logins").scalar_one()
    assert after > before + 80
    assert again == after
    assert SAME_ORIGIN
