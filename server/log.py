"""The page under /{language}/panels/{panel}/moderation/log: what was decided on texts, in numbers."""

from starlette.responses import Response

from panels import log, panels
from panels.appeals import WORKING_DAYS
from server.gate import Visit
from server.pages import page


def index(visit: Visit) -> Response:
    """Show everybody the log of the panel's moderation."""
    return page(
        visit,
        "log/index.html",
        panel=panels.get(visit.db, visit.visitor.panel),
        log=log.of_panel(visit.db, visit.visitor.panel, visit.visitor.now),
        days=WORKING_DAYS,
    )
