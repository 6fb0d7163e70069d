"""Check the history of a panel: ``python verify_history.py URL-or-file [heads.txt]``.

The history is a file of one JSON object a line: ``line``, and with it ``salt`` and ``details`` unless they
were erased. Each ``line`` holds the SHA-256 of the one before and of its own details, so that nothing can be
changed, left out or put in between without changing all that follows. The last hash is the head; whoever
wrote one down earlier puts it into ``heads.txt``, number and hash on a line, and sees that the history still
goes through it. Ends with 0, or with 1 and the first bad line. Needs nothing but Python.
"""

import hashlib
import json
import sys
import urllib.request
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

FIRST = "0" * 64
"""What stands for the hash of the line before the first."""
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
    if not isinstance(row, dict) or set(row) not in ({"line"}, {"line", "salt", "details"}):
        return "is no line of a history"
    line = row["line"]
    if not isinstance(line, dict) or {name: type(value) for name, value in line.items()} != FIELDS:
        return "is no line of a history"
    if line["n"] != number or line["prev"] != previous:
        return "does not follow the line before it"
    if line["panel"] != (panel or line["panel"]):
        return "is of another panel"
    if "salt" in row and commitment(bytes.fromhex(row["salt"]), row["details"]) != line["c"]:
        return "has other details than those it was written with"
    return ""


def verify(text: Iterable[str], heads: Mapping[int, str]) -> tuple[int, str]:
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
        if heads.get(number, previous) != previous:
            raise ValueError(f"line {number} is not the one whose hash was known before")
    if any(known > number for known in heads):
        raise ValueError(f"line {number + 1} is missing: a later hash was known before")
    return number, previous


if __name__ == "__main__":
    where, *known = sys.argv[1:]
    if where.startswith(("http://", "https://")):
        history = urllib.request.urlopen(where).read().decode()  # noqa: S310  checked to be a web address
    else:
        history = Path(where).read_text(encoding="utf-8")
    pairs = [line.split() for name in known for line in Path(name).read_text(encoding="utf-8").splitlines()]
    try:
        count, last = verify(history.splitlines(), {int(pair[0]): pair[1] for pair in pairs if pair})
    except ValueError as error:
        sys.exit(f"bad: {error}")
    sys.stdout.write(f"good: {count} lines, head {count} {last}\n")
