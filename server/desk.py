"""The page /{language}/panels/{panel}/desk: what needs the people who work on the panel today."""

from urllib.parse import urlsplit

from starlette.responses import Response

from panels import desk, panels
from panels.permissions import Permission
from server.forms import Problem
from server.gate import Visit
from server.pages import page


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
