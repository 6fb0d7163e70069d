"""Check the history of a panel: ``python verify_history.py URL-or-file [heads.txt]``.

A line of the history is a JSON object: ``line``, with ``salt`` and ``details`` unless they were erased. A
``line`` holds the SHA-256 of the one before and of its own details. ``heads.txt`` holds what was kept from
before: number and hash, or its beginning, on a line. Ends with 0, or with 1 and the first bad line.
"""

import hashlib
import json
import re
import sys
import urllib.request
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

FIRST = "0" * 64  # stands for the hash of the line before the first
PARTS = {"line"}, {"line", "salt", "details"}
FIELDS = {"n": int, "prev": str, "at": str, "act": str, "panel": int, "c": str}


def canonical(value: Any) -> bytes:
    """Return the value as the bytes that are hashed: keys sorted, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(value: Any) -> str:
    """Return the SHA-256 of the value."""
    return hashlib.sha256(canonical(value)).hexdigest()


def commitment(salt: bytes, details: Any) -> str:
    """Return what a line tells of its details: nothing, to whoever has no salt."""
    return hashlib.sha256(b"raati-history-1\0" + salt + canonical(details)).hexdigest()


def fault(row: Any, number: int, previous: str, panel: int | None) -> str:
    """Return what is wrong with the row at this place, or nothing."""
    line = row["line"] if isinstance(row, dict) and set(row) in PARTS else {}
    if not isinstance(line, dict) or {name: type(value) for name, value in line.items()} != FIELDS:
        return "is no line of a history"
    if line["n"] != number or line["prev"] != previous:
        return "does not follow the line before it"
    if line["panel"] != (panel or line["panel"]):
        return "is of another panel"
    if "salt" in row and commitment(bytes.fromhex(row["salt"]), row["details"]) != line["c"]:
        return "has other details than those it was written with"
    return ""


def verify(text: Iterable[str], heads: Sequence[tuple[int, str]]) -> tuple[int, str]:
    """Return the number of lines and the last hash. Raises ValueError that names the first bad line."""
    number, previous, panel = 0, FIRST, None
    for number, written in enumerate(text, 1):
        try:
            row = json.loads(written)
            wrong = fault(row, number, previous, panel)
        except (ValueError, TypeError):
            wrong = "cannot be read"
        if wrong:
            raise ValueError(f"line {number} {wrong}")
        previous, panel = digest(row["line"]), row["line"]["panel"]
        if any(place == number and not previous.startswith(begins) for place, begins in heads):
            raise ValueError(f"line {number} is not the one whose hash was known before")
    if any(place > number for place, _ in heads):
        raise ValueError(f"line {number + 1} is missing: a later hash was known before")
    return number, previous


if __name__ == "__main__":
    where, *files = sys.argv[1:] or sys.exit(__doc__)
    is_web = where.startswith(("http://", "https://"))
    read = urllib.request.urlopen(where).read() if is_web else Path(where).read_bytes()  # noqa: S310  is_web
    kept = re.findall(r"(?m)^(\d+)\s+(\w+)", "\n".join(Path(name).read_text() for name in files))
    try:
        count, last = verify(read.decode().splitlines(), [(int(number), begins) for number, begins in kept])
    except ValueError as error:
        sys.exit(f"bad: {error}")
    sys.stdout.write(f"good: {count} lines, hashes kept from before: {len(kept)}, head {count} {last}\n")
