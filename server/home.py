"""Pages of the noun home."""

from starlette.responses import Response

from server.gate import Visit
from server.pages import page


def index(visit: Visit) -> Response:
    """Show the page."""
    return page(visit, "home/index.html")


def demo(visit: Visit) -> Response:
    """Show the page."""
    return page(visit, "home/index.html")


def methodology(visit: Visit) -> Response:
    """Show the page."""
    return page(visit, "home/index.html")


def privacy(visit: Visit) -> Response:
    """Show the page."""
    return page(visit, "home/index.html")


def terms(visit: Visit) -> Response:
    """Show the page."""
    return page(visit, "home/index.html")


def accessibility(visit: Visit) -> Response:
    """Show the page."""
    return page(visit, "home/index.html")
