"""Pages under /{language}/panels/{panel}/profiles: what the panel asks its members about themselves."""

from collections.abc import Iterator
from typing import Any

from starlette.responses import Response

from panels import organisation, panels, profiles
from panels.errors import RefusedError
from panels.panels import Panel, Questions
from panels.profiles import OPTIONS, Feature
from server import forms
from server.forms import Fields, Form, Problem
from server.gate import Visit
from server.languages import LANGUAGES
from server.pages import go, page
from server.panels import read_texts

LIMITS = {"title": 200, "option": 80}


def edit(visit: Visit) -> Response:
    """Show what the panel asks."""
    panel = panels.get(visit.db, visit.visitor.panel)
    return ask(visit, panel, filled(panel), [])


def update(visit: Visit) -> Response:
    """Store what the panel asks."""
    fields, panel = Fields(visit.form), panels.get(visit.db, visit.visitor.panel)
    questions, seen = list(read(fields, panel, organisation.needed(visit.db))), forms.seen(visit.form)
    if not fields.problems:
        try:
            profiles.choose(visit.db, panel.id, questions, seen=seen)
            return go(visit.link("profiles.edit") + "?saved=1")
        except RefusedError as error:
            fields.add(error)
    return ask(visit, panel, visit.form, fields.problems)


def read(fields: Fields, panel: Panel, needed: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Yield each question of the form as it is stored; one that is left empty is none."""
    for code in OPTIONS:
        if fields.form.get(f"ask-{code}") == "yes":
            yield {"code": code}
    for code in (Feature.AREA.value, *profiles.own(panel)):
        if not is_begun(fields.form, code):
            continue
        title = (
            {}
            if code == Feature.AREA
            else {"title": read_texts(fields, f"{code}-title", LIMITS["title"], needed)}
        )
        yield {"code": code, **title, "options": read_options(fields, f"{code}-options", needed)}


def is_begun(form: Form, code: str) -> bool:
    """Return whether anything is written into the fields of the question."""
    names = [f"{code}-{part}-{language}" for part in ("title", "options") for language in LANGUAGES]
    return any(form.get(name, "").strip() for name in names)


def read_options(fields: Fields, name: str, needed: tuple[str, ...]) -> Questions:
    """Return the options, one a line; each language has as many lines as the others."""
    most = (LIMITS["option"] + 1) * profiles.CHOICES[1]
    lines = {
        language: [line.strip() for line in text.splitlines() if line.strip()]
        for language, text in read_texts(fields, name, most, needed).items()
    }
    count = len(next(iter(lines.values()), []))
    for language, found in lines.items():
        if len(found) != count:
            fields.refuse(f"{name}-{language}", "as_many_lines", count=count, found=len(found))
        for line in found:
            if len(line) > LIMITS["option"]:
                fields.refuse(f"{name}-{language}", "too_long_line", line=line[:20], most=LIMITS["option"])
    return [
        {language: found[place] for language, found in lines.items() if place < len(found)}
        for place in range(count)
    ]


def filled(panel: Panel) -> Form:
    """Return the form as the panel stands."""
    form = {"seen": str(panel.version)}
    for told in panel.background:
        code = told["code"]
        if code in OPTIONS:
            form[f"ask-{code}"] = "yes"
        for language in LANGUAGES:
            form[f"{code}-title-{language}"] = told.get("title", {}).get(language, "")
            options = [option.get(language, "") for option in told.get("options", [])]
            form[f"{code}-options-{language}"] = "\n".join(options)
    return form


def ask(visit: Visit, panel: Panel, form: Form, problems: list[Problem]) -> Response:
    """Answer with the form."""
    return page(
        visit,
        "profiles/edit.html",
        status=422 if problems else 200,
        panel=panel,
        form=form,
        problems=problems,
        ready=list(OPTIONS),
        own=profiles.own(panel),
        begun=[code for code in profiles.own(panel) if is_begun(form, code)],
        needed=organisation.needed(visit.db),
        limits=LIMITS,
        saved=visit.query("saved"),
    )
