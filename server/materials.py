"""Pages under /{language}/panels/{panel}/materials."""

from starlette.responses import Response

from panels import materials, organisation, panels, submissions
from panels.materials import Draft
from server import forms
from server.forms import Fields, Problem
from server.gate import Visit
from server.pages import go, page
from server.panels import read_texts

LIMITS = {"title": 120, "body": 50_000, "source": 200}
MOST = 512_000  # bytes of a form: a long text in three languages


def index(visit: Visit) -> Response:
    """List what there is to read."""
    return page(
        visit,
        "materials/index.html",
        panel=panels.get(visit.db, visit.visitor.panel),
        materials=materials.listed(visit.db, visit.visitor.panel),
    )


def show(visit: Visit) -> Response:
    """Show one material."""
    material = materials.get(visit.db, visit.visitor.panel, visit.number("material"))
    return page(
        visit,
        "materials/show.html",
        panel=panels.get(visit.db, visit.visitor.panel),
        material=material,
        views=materials.views(material, visit.visitor),
    )


def new(visit: Visit) -> Response:
    """Show the form of a new text."""
    return ask(visit, [])


def create(visit: Visit) -> Response:
    """Add a text to the panel's materials."""
    fields, needed = Fields(visit.form), organisation.needed(visit.db)
    draft = Draft(
        title=read_texts(fields, "title", LIMITS["title"], needed),
        body=read_texts(fields, "body", LIMITS["body"], needed),
        source=read_texts(fields, "source", LIMITS["source"], ()),
        minutes=fields.whole("minutes", least=1, most=120),
    )
    if fields.problems:
        return ask(visit, fields.problems)
    key, now = forms.key(visit.form), visit.visitor.now
    with submissions.once(visit.db, key=key, person=visit.person, body=repr(draft), at=now) as is_first:
        if is_first:
            materials.add(visit.db, visit.visitor.panel, draft)
    return go(visit.link("materials.index"))


def ask(visit: Visit, problems: list[Problem]) -> Response:
    """Answer with the form of a text."""
    return page(
        visit,
        "materials/new.html",
        status=422 if problems else 200,
        panel=panels.get(visit.db, visit.visitor.panel),
        form=visit.form,
        problems=problems,
        needed=organisation.needed(visit.db),
        limits=LIMITS,
    )
