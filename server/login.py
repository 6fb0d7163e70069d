"""Pages of the noun login."""

from starlette.responses import Response

from server.gate import Visit
from server.pages import page


def index(visit: Visit) -> Response:
    """Show the page."""
    return page(visit, "login/index.html")
