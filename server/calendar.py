"""A panel's phases as a calendar file (iCalendar, RFC 5545)."""

from collections.abc import Iterator
from datetime import UTC, datetime

from panels.panels import Panel
from server.languages import said

WIDEST = 75  # octets of a line; a longer one goes on in the next, after a space
ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def calendar(panel: Panel, *, language: str, at: float, link: str, host: str) -> bytes:
    """Return the phases as a file in the language, made at ``at``; ``link`` leads to the panel, at ``host``.

    A phase keeps its UID in every language and edition, and SEQUENCE grows with each edit of the panel, so a
    calendar that has the phase moves it.
    """
    title, _ = said(language, panel.title)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//Raati//Raati//{language.upper()}"]
    for phase in panel.phases:
        lines += [
            "BEGIN:VEVENT",
            f"UID:panel-{panel.id}-{phase.name}@{host}",
            f"DTSTAMP:{written(at)}",
            f"SEQUENCE:{panel.version - 1}",
            f"DTSTART:{written(phase.starts_at)}",
            f"DTEND:{written(phase.ends_at)}",
            f"SUMMARY:{escaped(f'{title}: {said(language, phase.title)[0]}')}",
            f"DESCRIPTION:{escaped(said(language, panel.question)[0])}",
            f"URL:{link}",
            "TRANSP:TRANSPARENT",  # nobody is busy for three weeks
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in folded(line))


def written(seconds: float) -> str:
    """Return the moment in universal time: 20261129T220000Z."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """Return the text with the signs escaped that mean something in the file."""
    return text.translate(ESCAPED)


def folded(line: str) -> Iterator[bytes]:
    """Yield the line in pieces of at most WIDEST octets; no letter is cut in two."""
    piece = b""
    for sign in line:
        letter = sign.encode()
        if len(piece) + len(letter) > WIDEST:
            yield piece
            piece = b" "
        piece += letter
    yield piece
