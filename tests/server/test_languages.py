import re
from datetime import date

import pytest

from panels.database import Engine, writing
from panels.panels import Panel
from panels.statements import Statement
from server import languages
from server.languages import NAMES
from tests.conftest import Browser, texts

SPACE = "\u00a0"
EVENING = 1_795_273_200.0  # 21 November 2026, 17:00 in Finland


@pytest.mark.parametrize(
    ("language", "long", "short"),
    [("fi", "8.3.2027", "8.3."), ("sv", "8.3.2027", "8.3"), ("en", "8 March 2027", "8 March")],
)
def test_each_language_writes_its_dates(language: str, long: str, short: str) -> None:
    for when in (date(2027, 3, 8), "2027-03-08", 1_804_500_000.0):
        assert languages.day(language, when) == long
    assert languages.day(language, date(2027, 3, 8), year=False) == short


@pytest.mark.parametrize(
    ("language", "time", "half_past", "both"),
    [
        ("fi", f"klo{SPACE}17", f"klo{SPACE}17.30", f"21.11. klo{SPACE}17"),
        ("sv", f"kl.{SPACE}17", f"kl.{SPACE}17.30", f"21.11 kl.{SPACE}17"),
        ("en", "17:00", "17:30", "21 November, 17:00"),
    ],
)
def test_each_language_writes_its_times(language: str, time: str, half_past: str, both: str) -> None:
    assert languages.clock_time(language, EVENING) == time
    assert languages.clock_time(language, EVENING + 1800) == half_past
    assert languages.moment(language, EVENING) == both


@pytest.mark.parametrize(
    ("language", "days", "one"),
    [
        ("fi", "21.11.–29.11.", "21.11."),
        ("sv", "21.11–29.11", "21.11"),
        ("en", "21 November–29 November", "21 November"),
    ],
)
def test_days_run_from_a_start_to_the_last_day_before_an_end(language: str, days: str, one: str) -> None:
    midnight = EVENING - 17 * 3600
    assert languages.day_range(language, midnight, midnight + 9 * 86_400) == days
    assert languages.day_range(language, midnight, midnight + 86_400) == one


@pytest.mark.parametrize(
    ("language", "thousands", "half", "share"),
    [
        ("fi", f"90{SPACE}000", "2,5", f"75{SPACE}%"),
        ("sv", f"90{SPACE}000", "2,5", f"75{SPACE}%"),
        ("en", "90,000", "2.5", "75%"),
    ],
)
def test_each_language_writes_its_numbers(language: str, thousands: str, half: str, share: str) -> None:
    assert languages.number(language, 90_000) == thousands
    assert languages.number(language, 2.5) == half
    assert languages.percent(language, 75) == share


def test_english_is_the_language_of_the_templates() -> None:
    assert languages.catalogue("en").gettext("Log in") == "Log in"
    assert languages.catalogue("fi").gettext("Log in") == "Kirjaudu sisään"
    assert languages.catalogue("sv").gettext("Log in") == "Logga in"
    assert set(NAMES) == set(languages.LANGUAGES)


@pytest.fixture
def easily(engine: Engine) -> None:
    """Give the library's question an easy variant in Finnish, and one in Swedish that is outdated."""
    with writing(engine) as db:
        question = texts("What now?") | {"fi-easy": "Mitä nyt?\nKerro.", "sv-easy": "Vad nu?"}
        db.get_one(Panel, 1).question = question | {"sv-easy-of": "an older text"}


def bar(html: str) -> dict[str, tuple[str, bool]]:
    """Return the links of the language bar: words, address, and whether it is the one that is shown."""
    nav = html[html.index("<nav aria-label") : html.index("</nav>")]
    found = re.findall(r'<a href="([^"]+)"( aria-current="true")?[^>]*>(.*?)</a>', nav)
    return {re.sub("<[^>]+>", "", words): (address, bool(current)) for address, current, words in found}


@pytest.mark.usefixtures("easily")
def test_r24_easy_language_follows_without_login_and_stays_on_the_page(browser: Browser) -> None:
    client, home = browser(""), "/fi/panels/library"
    links = bar(client.get(f"{home}?page=2").text)
    assert list(links) == ["FI", "SV", "EN", "Selkokieli"]
    assert links["FI"] == (f"{home}?page=2", True)
    assert links["Selkokieli"] == (f"{home}?page=2&amp;easy=yes", False)
    html = client.get(f"{home}?page=2&easy=yes").text
    assert '<h1><span class="easy">Mitä nyt?\nKerro.</span></h1>' in html
    assert "Luet selkokieltä." in html
    links = bar(html)
    assert links["Selkokieli"] == (f"{home}?page=2", True)
    assert links["FI"] == (f"{home}?page=2&amp;easy=no", False)
    assert "Mitä nyt?" in client.get(f"{home}/materials").text
    outdated = client.get("/sv/panels/library").text
    assert "<h1>What now? (sv)</h1>" in outdated
    assert "Du läser lätt språk." in outdated
    plain = client.get(f"{home}?page=2&easy=no").text
    assert "<h1>What now? (fi)</h1>" in plain
    assert "What now? (fi)" in client.get(f"{home}/materials").text


@pytest.mark.usefixtures("easily")
def test_r24_a_login_on_the_way_does_not_lose_easy_language(browser: Browser) -> None:
    refused = browser("").get("/fi/me?easy=yes")
    assert refused.status_code == 401
    assert 'href="/fi/login?next=/fi/me"' in refused.text
    assert bar(refused.text)["FI"] == ("/fi/me?easy=no", False)


def test_v17_the_original_is_offered_only_where_languages_differ(browser: Browser, engine: Engine) -> None:
    """V17"""
    address = "panels/library/statements"
    with writing(engine) as db:
        db.query(Statement).filter_by(panel_id=1, number=2).update({"texts": {"fi": "Vain suomeksi."}})
    for language, words in (
        ("fi", "Käännetty suomesta"),
        ("sv", "Översatt från finska"),
        ("en", "Translated from"),
    ):
        client = browser("aino")
        assert (words in client.get(f"/{language}/{address}/1").text) == (language != "fi")
        page = client.get(f"/{language}/{address}/2").text
        assert "Vain suomeksi." in page
        assert words not in page
