from datetime import date

import pytest

from server import languages
from server.languages import NAMES

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
