"""A history that was changed afterwards is found, whatever was done to it (T29)."""

import json
import random
import time
from collections.abc import Callable
from typing import Any

import pytest

from panels.verify_history import FIRST, canonical, commitment, digest, verify

Row = dict[str, Any]
LINES, PLACES = 40, 200


def line(number: int, previous: str, details: Row) -> Row:
    """Return a line of a history with its opening."""
    salt = number.to_bytes(32, "big")
    told = {
        "n": number,
        "prev": previous,
        "at": "2026-11-21T10:00Z",
        "act": "statement_published",
        "panel": 1,
    }
    return {"line": told | {"c": commitment(salt, details)}, "salt": salt.hex(), "details": details}


def history(length: int = LINES, first: int = 1) -> list[Row]:
    """Return a history of so many statements, the first of that number."""
    rows: list[Row] = []
    for number in range(1, length + 1):
        previous = digest(rows[-1]["line"]) if rows else FIRST
        rows.append(line(number, previous, {"statement": first + number}))
    return rows


def mend(rows: list[Row]) -> list[Row]:
    """Number and hash the lines anew, as somebody would who rewrites the history."""
    previous = FIRST
    for number, row in enumerate(rows, 1):
        row["line"] |= {"n": number, "prev": previous}
        previous = digest(row["line"])
    return rows


def check(rows: list[Row], heads: list[tuple[int, str]]) -> str:
    """Return what the program says of the history, nothing if it is good."""
    try:
        verify([canonical(row).decode() for row in rows], heads)
    except ValueError as error:
        return str(error)
    return ""


def change(rows: list[Row], place: int, chance: random.Random) -> None:
    name, value = chance.choice(
        [("act", "summary_published"), ("at", "2026-11-21T10:01Z"), ("panel", 2), ("c", FIRST)]
    )
    rows[place]["line"][name] = value


def delete(rows: list[Row], place: int, _: random.Random) -> None:
    del rows[place]


def insert(rows: list[Row], place: int, _: random.Random) -> None:
    rows.insert(place, line(place + 1, rows[place]["line"]["prev"], {"statement": 99}))


def reorder(rows: list[Row], place: int, chance: random.Random) -> None:
    other = (place + chance.randrange(1, LINES)) % LINES
    rows[place], rows[other] = rows[other], rows[place]


def truncate(rows: list[Row], place: int, _: random.Random) -> None:
    del rows[place:]


def swap(rows: list[Row], place: int, chance: random.Random) -> None:
    other = (place + chance.randrange(1, LINES)) % LINES
    rows[place]["details"], rows[other]["details"] = rows[other]["details"], rows[place]["details"]


@pytest.mark.parametrize("tamper", [change, delete, insert, reorder, truncate, swap])
def test_every_tampering_is_found_t29(tamper: Callable[[list[Row], int, random.Random], None]) -> None:
    """Half of the times whoever did it has also hashed all that follows anew: a head known before tells."""
    whole, chance = history(), random.Random(29)
    head = [(LINES, digest(whole[-1]["line"]))]
    assert check(whole, head) == ""
    for turn in range(PLACES):
        rows: list[Row] = json.loads(json.dumps(whole))
        tamper(rows, chance.randrange(LINES), chance)
        assert check(mend(rows) if turn % 2 else rows, head) != "", turn


def test_a_history_written_anew_is_found_by_an_earlier_head_t29() -> None:
    chance, whole = random.Random(29), history()
    forged = history(first=50)
    assert check(forged, []) == ""
    for _ in range(PLACES):
        known = chance.randrange(LINES)
        head = [(known + 1, digest(whole[known]["line"]))]
        assert check(forged, head) == f"line {known + 1} is not the one whose hash was known before"


def test_an_erased_opening_leaves_a_good_history_and_no_words_of_it() -> None:
    rows = history()
    del rows[7]["salt"], rows[7]["details"]
    assert check(rows, [(LINES, digest(rows[-1]["line"])[:12])]) == ""


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("", "line 1 cannot be read"),
        ("[1]", "line 1 is no line of a history"),
        ('{"line": 7}', "line 1 is no line of a history"),
        ('{"line": {"n": 1}}', "line 1 is no line of a history"),
        ('{"line": {}, "salt": ""}', "line 1 is no line of a history"),
    ],
)
def test_what_is_no_history_is_told(told: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        verify([told], [])


def test_what_is_wrong_with_a_line_is_told() -> None:
    rows = history(3)
    rows[1]["salt"] = "no salt"
    assert check(rows, []) == "line 2 cannot be read"
    rows = history(3)
    rows[1]["line"]["panel"] = 2
    assert check(mend(rows), []) == "line 2 is of another panel"
    assert check(history(3)[:2], [(3, FIRST)]) == "line 3 is missing: a later hash was known before"
    assert check([], []) == ""
    last = digest(history(3)[-1]["line"])
    told = "line 3 is not the one whose hash was known before"
    assert check(history(3), [(3, last), (3, FIRST)]) == told  # two hashes of one line: it was written anew


def test_ten_thousand_lines_are_checked_within_two_seconds() -> None:
    rows = [canonical(row).decode() for row in history(10_000)]
    start = time.process_time()
    assert verify(rows, [])[0] == 10_000
    assert time.process_time() - start < 2
