"""Pages under /{language}/panels/{panel}/drafts: proposals that their writer has not sent."""

from starlette.responses import Response

from panels import drafts
from panels.drafts import Draft
from panels.errors import RefusedError
from server import forms
from server.forms import Fields
from server.gate import Visit
from server.pages import go
from server.proposals import LIMITS, ask


def edit(visit: Visit) -> Response:
    """Show a draft in the form of a proposal."""
    found = drafts.get(visit.db, visit.visitor, visit.number("draft"))
    form = {"title": found.title, "body": found.body, "key": found.key}
    return ask(visit, [], form=form, draft=found.id)


def create(visit: Visit) -> Response:
    """Save what is written so far, into the draft that has it already or into a new one."""
    fields, key = Fields(visit.form), forms.key(visit.form)
    title, body = (fields.text(name, least=0, most=most) for name, most in LIMITS.items())
    if not fields.problems:
        try:
            found = drafts.save(visit.db, visit.visitor, Draft(title, body, visit.language), key=key)
            return go(visit.link("drafts.edit", draft=found) + "?saved=1")
        except RefusedError as error:
            fields.add(error)
    return ask(visit, fields.problems)


def delete(visit: Visit) -> Response:
    """Delete a draft."""
    found = drafts.get(visit.db, visit.visitor, visit.number("draft"))
    drafts.forget(visit.db, visit.visitor, key=found.key)
    return go(visit.link("proposals.index"))
