"""Pages under /{language}/panels/{panel}/exports: the history, its file, and the program that checks it."""

from datetime import datetime
from pathlib import Path

from starlette.responses import Response

from panels import history as histories
from panels import panels, verify_history
from panels.history import HistoryLine
from server.gate import Visit
from server.pages import file, page
from server.panels import PHASES

SHOWN = 50  # lines on one page


def history(visit: Visit) -> Response:
    """Show what was done in the panel, the newest first; the address may name the line to stop before."""
    panel, asked = panels.get(visit.db, visit.visitor.panel), visit.query("before")
    before = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None
    lines = histories.newest(visit.db, panel.id, before=before, most=SHOWN)
    return page(
        visit,
        "exports/history.html",
        panel=panel,
        head=histories.last(visit.db, panel.id),
        lines=lines,
        moments={line.number: moment(line) for line, _ in lines},
        paged=before is not None,
        older=lines[-1][0].number if lines and lines[-1][0].number > 1 else None,
        phases=PHASES,
        base=visit.site.settings.base_url,
    )


def moment(line: HistoryLine) -> float:
    """Return when the act was, in seconds since 1970."""
    return datetime.fromisoformat(line.at).timestamp()


def chain(visit: Visit) -> Response:
    """Hand out the history as it is hashed, one JSON object a line."""
    content = "".join(f"{row}\n" for row in histories.written(visit.db, visit.visitor.panel))
    return file(content.encode(), "application/jsonl", f"history-{visit.visitor.slug}.jsonl")


def verifier(_: Visit) -> Response:
    """Hand out the program that checks a history."""
    return file(VERIFIER, "text/x-python", "verify_history.py")


VERIFIER = Path(verify_history.__file__).read_bytes()
