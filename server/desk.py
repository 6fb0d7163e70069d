"""Pages under /{language}/panels/{panel}/desk: what needs the people who work on the panel today."""

from urllib.parse import urlsplit

from starlette.responses import Response

from panels import desk, panels
from panels.permissions import Permission
from server.forms import Problem
from server.gate import PREVIEWS, Visit
from server.pages import go, page


def show(visit: Visit) -> Response:
    """Show the desk."""
    return answer(visit, [])


def answer(visit: Visit, problems: list[Problem]) -> Response:
    """Answer with the desk, and with what a panel lacks that was to be opened."""
    panel, settings = panels.get(visit.db, visit.visitor.panel), visit.site.settings
    drafted = panel.opened_at is None and visit.may(Permission.EDIT_PANEL)
    return page(
        visit,
        "desk/show.html",
        status=422 if problems else 200,
        panel=panel,
        problems=problems,
        desk=desk.look(visit.db, visit.visitor, panel),
        steps=desk.steps(visit.db, panel) if drafted else [],
        now=next((phase for phase in panel.phases if phase.name is visit.visitor.phase), None),
        coming=panels.coming(panel, visit.visitor.now),
        keeps_mail=not settings.demo and not urlsplit(settings.mail).scheme,
    )


def preview(visit: Visit) -> Response:
    """Let the browser see the panel's pages as a resident or a councillor does, or as they are again."""
    chosen, settings = visit.form.get("as", ""), visit.site.settings
    response = go(visit.link("panels.show" if chosen in PREVIEWS else "desk.show"))
    value, age = (f"{visit.visitor.slug}.{chosen}", None) if chosen in PREVIEWS else ("", 0)
    name = settings.cookie("preview")
    response.set_cookie(name, value, age, secure=settings.secure, httponly=True, samesite="lax")
    return response
