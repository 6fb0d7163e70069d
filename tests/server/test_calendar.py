"""The calendar file, read by the rules of RFC 5545 (section numbers below)."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from panels import panels, people
from panels.database import Engine, writing
from panels.panels import Draft, PanelKind, PhaseName, Stretch
from server.calendar import folded
from tests.conftest import BASE, DAY, NOON, Browser, texts

NAME = re.compile("[A-Z][A-Z0-9-]*")
MEANING = {"\\\\": "\\", "\\;": ";", "\\,": ",", "\\n": "\n", "\\N": "\n"}
ONCE = {"UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "URL", "TRANSP"}
Event = dict[str, str]


def content_lines(file: bytes) -> list[tuple[str, str]]:
    """Return (name, value) of each line once it is unfolded (3.1)."""
    assert file.endswith(b"\r\n")
    physical = file.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 and b"\r" not in line and b"\n" not in line for line in physical)
    assert all(line.decode() for line in physical), "a letter of several octets was cut in two"
    lines = b"\r\n".join(physical).replace(b"\r\n ", b"").decode().split("\r\n")
    pairs = [line.partition(":") for line in lines]
    assert all(NAME.fullmatch(name) and colon for name, colon, _ in pairs)
    return [(name, value) for name, _, value in pairs]


def text(value: str) -> str:
    """Return a TEXT value without its escapes (3.3.11)."""
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value), "a sign that should be escaped"
    return re.sub(r"\\.", lambda found: MEANING[found[0]], value)


def utc(value: str) -> float:
    """Return a DATE-TIME in universal time (3.3.5, form 2) as seconds since 1970."""
    assert re.fullmatch(r"\d{8}T\d{6}Z", value)
    return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()


def events(file: bytes) -> list[Event]:
    """Return the events of a calendar with nothing but events in it (3.4, 3.6, 3.6.1)."""
    lines = content_lines(file)
    assert lines[0] == ("BEGIN", "VCALENDAR")
    assert lines[-1] == ("END", "VCALENDAR")
    assert {name for name, _ in lines[1:3]} == {"VERSION", "PRODID"}
    found: list[Event] = []
    for name, value in lines[3:-1]:
        if (name, value) == ("BEGIN", "VEVENT"):
            found.append({})
        elif (name, value) != ("END", "VEVENT"):
            assert name in ONCE - found[-1].keys(), f"{name} twice, or where it may not stand"
            found[-1][name] = value
    assert all({"UID", "DTSTAMP", "DTSTART"} <= event.keys() for event in found)
    return found


def fetch(browser: Browser, language: str = "fi") -> list[Event]:
    answer = browser("").get(f"/{language}/panels/library/calendar")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="library.ics"'
    return events(answer.content)


def test_the_phases_stand_in_the_calendar_r7(browser: Browser) -> None:
    first, second = fetch(browser)
    assert text(second["SUMMARY"]) == "Library (fi): Vote (fi)"
    assert text(second["DESCRIPTION"]) == "What about the library? (fi)"
    assert second["URL"] == f"{BASE}/fi/panels/library"
    assert (utc(second["DTSTART"]), utc(second["DTEND"])) == (NOON - 9 * DAY, NOON + 9 * DAY)
    assert abs(utc(second["DTSTAMP"]) - NOON) < 600
    assert first["UID"] != second["UID"]
    assert 'href="/fi/panels/library/calendar"' in browser("").get("/fi/panels/library").text


def test_a_phase_that_moves_keeps_its_uid_and_its_sequence_grows_r7(browser: Browser, engine: Engine) -> None:
    vote = Stretch(PhaseName.VOTE, texts("Vote"), date(2026, 11, 2), date(2026, 11, 29))
    draft = Draft("hall", PanelKind.RESIDENTS_PANEL, texts("Hall"), texts("Where?"), phases=[vote])
    with writing(engine) as db:
        admin = people.ensure(db, "admin@example.fi")
        panel = panels.create(db, draft, creator=admin.id)
    client = browser("admin")
    (before,) = events(client.get("/fi/panels/hall/calendar").content)
    with writing(engine) as db:
        moved = replace(draft, phases=[replace(vote, last=date(2026, 12, 6))])
        panels.edit(db, panel.id, moved, seen=panel.version)
    (after,) = events(client.get("/sv/panels/hall/calendar").content)
    assert after["UID"] == before["UID"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert after["DTSTART"] == before["DTSTART"]
    assert (before["DTEND"], after["DTEND"]) == ("20261129T220000Z", "20261206T220000Z")


def test_signs_with_a_meaning_are_escaped_and_long_lines_folded_between_letters_r7(
    browser: Browser, engine: Engine
) -> None:
    title = "Kirjasto, kahvila; työpaja \\ " + "ääkkösiä 📚 " * 12
    with writing(engine) as db:
        panels.by_slug(db, "library").title = {"sv": title + "\nrad två"}
    assert text(fetch(browser)[0]["SUMMARY"]) == f"{title}\nrad två: Propose (fi)"


@pytest.mark.parametrize("width", range(70, 80))
def test_a_line_is_folded_only_where_it_is_too_long(width: int) -> None:
    assert b"".join(folded("x" * width)).replace(b" ", b"") == b"x" * width
    assert len(list(folded("x" * width))) == (1 if width <= 75 else 2)
