import pytest
from starlette.testclient import TestClient

from panels import panels
from panels.database import Engine, writing
from tests.conftest import BASE, Browser


def close_panel(engine: Engine) -> None:
    with writing(engine) as db:
        panels.by_slug(db, "library").opened_at = None


@pytest.mark.parametrize(
    ("name", "status"),
    [("", 404), ("aino", 404), ("ville", 404), ("eero", 200), ("outi", 200), ("minna", 200), ("admin", 200)],
)
def test_a_panel_that_is_not_open_yet_is_there_for_its_staff_alone(
    browser: Browser, engine: Engine, name: str, status: int
) -> None:
    close_panel(engine)
    assert browser(name).get("/fi/panels/library").status_code == status


@pytest.mark.parametrize("path", ["/fi", "/fi/panels/library", "/fi/panels/library/statements"])
def test_switching_the_language_keeps_the_page(browser: Browser, path: str) -> None:
    page = browser("").get(f"{path}?order=new").text
    assert f'href="/sv{path[3:]}?order=new"' in page


def test_after_a_refused_form_the_languages_lead_to_the_page_of_the_form(browser: Browser) -> None:
    client = browser("")
    vote = "/fi/panels/library/statements/1/vote"
    answer = client.post(vote, headers={"Referer": f"{BASE}/fi/panels/library/statements"})
    assert 'href="/sv/panels/library/statements"' in answer.text
    assert 'href="/sv"' in client.post(vote).text


def test_a_login_that_has_ended_is_no_login(browser: Browser, engine: Engine) -> None:
    client = browser("aino")
    assert client.get("/fi/me").status_code == 200
    for column in ("ends_at", "seen_at"):
        with engine.connect() as connection:
            connection.exec_driver_sql(f"update logins set {column} = {column} - 100000")
            connection.commit()
        assert client.get("/fi/me").status_code == 401
        client = browser("aino")


def test_a_shared_computer_forgets_sooner(browser: Browser, engine: Engine) -> None:
    client = browser("aino")
    with engine.connect() as connection:
        connection.exec_driver_sql("update logins set seen_at = seen_at - 700")
        connection.commit()
    assert client.get("/fi/me").status_code == 200
    with engine.connect() as connection:
        connection.exec_driver_sql("update logins set seen_at = seen_at - 700, shared = 1")
        connection.commit()
    assert client.get("/fi/me").status_code == 401


def test_a_forged_cookie_opens_nothing(browser: Browser) -> None:
    client: TestClient = browser("")
    client.cookies.set("login", "x" * 43)
    assert client.get("/fi/me").status_code == 401
