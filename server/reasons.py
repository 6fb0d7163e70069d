"""Pages of what members add to their answers."""

from typing import Any

from starlette.responses import Response

from panels import panels, reasons, statements
from panels.errors import RefusedError
from panels.reasons import Draft
from server.forms import Fields
from server.gate import Visit
from server.pages import go, page, part, wants_part
from server.statements import WORDS, asked, is_open


def new(visit: Visit) -> Response:
    """Show the form in which a member says that their answer is important, and why they gave it."""
    return form(visit, Fields({}), saved=bool(visit.query("saved")))


def create(visit: Visit) -> Response:
    """Store what a member adds to their answer."""
    fields, statement = Fields(visit.form), asked(visit)
    draft = Draft(visit.form.get("important") == "yes", visit.form.get("text", "").strip(), visit.language)
    try:
        reasons.add(visit.db, visit.visitor, statement, draft)
    except RefusedError as error:
        fields.add(error)
    if fields.problems or wants_part(visit):
        return form(visit, fields, saved=not fields.problems)
    return go(visit.link("reasons.new", statement=statement.number) + "?saved=1")


def form(visit: Visit, fields: Fields, *, saved: bool) -> Response:
    """Answer with the form: as a part, or as the whole page."""
    statement, visitor = asked(visit), visit.visitor
    added, answers = reasons.added(visit.db, visitor.seat), statements.answers(visit.db, visitor)
    values: dict[str, Any] = {
        "statement": statement,
        "choice": WORDS.get(answers.choice(statement.id)),
        "important": statement.id in added.important,
        "told": added.reasons.get(statement.id),
        "open": is_open(visit),
        "problems": fields.problems,
        "typed": fields.form if fields.problems else {},
        "saved": saved,
    }
    status = 422 if fields.problems else 200
    if wants_part(visit):
        return part(visit, "reasons/_form.html", status=status, **values)
    panel = panels.get(visit.db, visitor.panel)
    return page(visit, "reasons/new.html", status=status, panel=panel, **values)
