"""The front page, the demo's page, and the pages that explain the service."""

from starlette.responses import Response

from panels import home, people
from panels.errors import NotFoundError
from server import mail
from server.gate import Visit
from server.pages import page


def index(visit: Visit) -> Response:
    """Show what people can affect now, what is being decided and what has ended."""
    works = home.workplaces(visit.db, visit.visitor.person) if visit.visitor.person else []
    return page(visit, "home/index.html", front=home.front(visit.db, visit.visitor.now), works=works)


def demo(visit: Visit) -> Response:
    """Show whom one may log in as, the demo's date, and the mails that were sent."""
    settings = visit.site.settings
    if not settings.demo:
        raise NotFoundError("demo")
    found = [people.by_email(visit.db, home.demo_address(name)) for name in home.DEMO_PEOPLE]
    known = [(name, person) for name, person in zip(home.DEMO_PEOPLE, found, strict=True) if person]
    return page(visit, "home/demo.html", known=known, letters=mail.kept(settings))


def methodology(visit: Visit) -> Response:
    """Show how order, moderation, groups and small numbers are handled."""
    return page(visit, "home/methodology.html")


def privacy(visit: Visit) -> Response:
    """Show what is stored, for how long, and who sees it."""
    return page(visit, "home/privacy.html")


def terms(visit: Visit) -> Response:
    """Show the rules of taking part."""
    return page(visit, "home/terms.html")


def accessibility(visit: Visit) -> Response:
    """Show how accessible the service is and how that was found out."""
    return page(visit, "home/accessibility.html")
