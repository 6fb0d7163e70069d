"""Pages under /{language}/panels."""

from starlette.responses import Response

from panels import panels
from server.gate import Visit
from server.pages import page


def show(visit: Visit) -> Response:
    """Show the panel's home."""
    return page(visit, "panels/show.html", panel=panels.get(visit.db, visit.visitor.panel))
