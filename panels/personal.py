"""Personal data in a text, found by rules alone, so that whoever checks the text sees them marked."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple


class Datum(StrEnum):
    """What may tell who somebody is, or where to reach them."""

    IDENTITY_CODE = "identity_code"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"


class Span(NamedTuple):
    """Where in a text something personal stands: the signs from ``start`` up to ``end``."""

    start: int
    end: int
    datum: Datum


CHECK_SIGNS = "0123456789ABCDEFHJKLMNPRSTUVWXY"  # of a Finnish identity code: its number modulo 31
STREETS = (
    "katu|kadu|tie|kuja|polku|polu|kaari|kaare|raitti|raiti|väylä|rinne|aukio|bulevardi"
    "|gatan|vägen|gränden|stigen|allén|stranden|bågen|esplanaden"
)
RULES = {
    Datum.IDENTITY_CODE: re.compile(r"(?<!\w)(\d{6})[-+A-FU-Ya-fu-y](\d{3})([0-9A-Ya-y])(?!\w)"),
    Datum.EMAIL: re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    Datum.PHONE: re.compile(r"(?<![\w+])(?:\+358|00358|0)(?:[ -]?\(0\))?[ -]?\d(?:[ -]?\d){5,10}(?![\w-])"),
    Datum.ADDRESS: re.compile(
        rf"\b[A-ZÅÄÖ][\w-]*?(?:{STREETS})\w{{0,4}} \d{{1,4}}(?: ?[A-Za-z]\b)?(?: \d{{1,3}}\b)?"
    ),
}
"""How each is told, the surest first: what one of them has found is not looked at again."""


def find(text: str) -> list[Span]:
    """Return the personal data of the text, in their order; they never overlap."""
    found: list[Span] = []
    for datum, rule in RULES.items():
        for match in rule.finditer(text):
            if datum is Datum.IDENTITY_CODE and not is_code(*match.groups()):
                continue
            span = Span(match.start(), match.end(), datum)
            if all(span.end <= other.start or other.end <= span.start for other in found):
                found.append(span)
    return sorted(found)


def is_code(day: str, number: str, sign: str) -> bool:
    """Return whether the check sign is that of an identity code with this birthday and number."""
    return CHECK_SIGNS[int(day + number) % len(CHECK_SIGNS)] == sign.upper()


def pieces(text: str) -> Iterator[tuple[str, Datum | None]]:
    """Yield the text in pieces, each with what personal it is; together they are the whole text."""
    done = 0
    for span in find(text):
        if span.start > done:
            yield text[done : span.start], None
        yield text[span.start : span.end], span.datum
        done = span.end
    if done < len(text):
        yield text[done:], None
