"""Pages of what members add to their answers, and of the queue in which reasons wait."""

from typing import Any

from starlette.responses import Response

from panels import panels, reasons, statements
from panels.errors import ConflictError, RefusedError
from panels.moderation import Reason
from panels.reasons import REFUSALS, Draft
from server import forms
from server.forms import Fields
from server.gate import Visit
from server.pages import go, page, part, wants_part
from server.statements import WORDS, asked, is_open

PUBLISH = "publish"


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


def index(visit: Visit) -> Response:
    """Show the reasons that wait for a moderator, oldest first."""
    return queue(visit)


def decide(visit: Visit) -> Response:
    """Publish a reason or send it back to its writer."""
    number, decision = visit.number("reason"), visit.form.get("decision", "")
    if decision not in (PUBLISH, *REFUSALS):
        return queue(visit, undecided=number)
    refusal = None if decision == PUBLISH else Reason(decision)
    try:
        reasons.decide(visit.db, visit.visitor, number, refusal, seen=forms.seen(visit.form))
    except ConflictError:
        return queue(visit, conflict=True)
    return go(visit.link("reasons.index") + ("?sent_back=1" if refusal else "?published=1"))


def queue(visit: Visit, *, undecided: int = 0, conflict: bool = False) -> Response:
    """Answer with the queue; ``undecided`` is the reason whose form came without a decision."""
    panel = panels.get(visit.db, visit.visitor.panel)
    return page(
        visit,
        "reasons/index.html",
        status=409 if conflict else 422 if undecided else 200,
        panel=panel,
        waiting=reasons.waiting(visit.db, panel.id),
        count=reasons.count_waiting(visit.db, panel.id),
        choices=WORDS,
        refusals=REFUSALS,
        undecided=undecided,
        conflict=conflict,
        published=visit.query("published"),
        sent_back=visit.query("sent_back"),
    )
