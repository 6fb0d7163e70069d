"""Pages under /{language}/panels/{panel}/proposals."""

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from panels import amendments, comments, drafts, panels, proposals, submissions
from panels import similar as similarity
from panels.errors import RefusedError
from panels.panels import PhaseName
from panels.permissions import Permission
from panels.proposals import Draft, Order, Shown
from server import forms
from server.forms import Fields, Problem
from server.gate import Visit
from server.pages import asked_page, changed, go, page, part, wants_part

LIMITS = {"title": 120, "body": 10_000}
ON_A_PAGE = 50
CHOICES = ("back", "leave")
ENOUGH = 3  # words of a title from which similar ones are looked for while it is being written


def index(visit: Visit) -> Response:
    """List the proposals, fifty on a page."""
    order = Order(visit.query("order")) if visit.query("order") in list(Order) else Order.RANDOM
    found = proposals.listed(visit.db, visit.visitor, order)
    pages = max(1, -(-len(found) // ON_A_PAGE))
    shown = min(asked_page(visit), pages)
    return page(
        visit,
        "proposals/index.html",
        panel=panels.get(visit.db, visit.visitor.panel),
        proposals=found[(shown - 1) * ON_A_PAGE : shown * ON_A_PAGE],
        total=len(found),
        order=order,
        shown=shown,
        pages=pages,
        open=is_open(visit),
        drafts=drafts.of_visitor(visit.db, visit.visitor),
    )


def show(visit: Visit) -> Response:
    """Show one proposal with its comments."""
    return whole(visit, [])


def whole(visit: Visit, problems: list[Problem]) -> Response:
    """Answer with the whole page of the proposal in the address."""
    proposal = proposals.get(visit.db, visit.visitor, visit.number("proposal"))
    return page(
        visit,
        "proposals/show.html",
        status=422 if problems else 200,
        panel=panels.get(visit.db, visit.visitor.panel),
        proposal=proposal,
        amendments=amendments.of_proposal(visit.db, proposal.id),
        open=is_open(visit),
        **thread(visit, proposal.id, problems),
    )


def thread(
    visit: Visit, proposal: int, problems: list[Problem], *, showing: int | None = None, done: str = ""
) -> dict[str, Any]:
    """Return what the comments' part shows: a page of them, what was done, the form that had problems."""
    return {
        "thread": comments.thread(visit.db, visit.visitor, proposal, page=asked_page(visit), showing=showing),
        "form": visit.form if problems else {},
        "problems": problems,
        "done": done,
        "may_comment": visit.visitor.member is not None and visit.may(Permission.COMMENT) and is_open(visit),
        "may_answer": comments.may_answer(visit.visitor),
    }


def new(visit: Visit) -> Response:
    """Show the form of a proposal; closed outside its phase."""
    visit.visitor.require(PhaseName.PROPOSE)
    return ask(visit, [])


def similar(visit: Visit) -> Response:
    """Show the proposals that resemble a title while it is being written."""
    visit.visitor.require(PhaseName.PROPOSE)
    title = visit.query("title")
    found = alike(visit, title) if len(title.split()) >= ENOUGH else []
    if wants_part(visit):
        return part(visit, "proposals/_similar.html", similar=found, open=True, asked=False)
    return ask(visit, [], similar=found)


def preview(visit: Visit) -> Response:
    """Show a proposal as it would look; nothing is stored."""
    visit.visitor.require(PhaseName.PROPOSE)
    fields = Fields(visit.form)
    words = {name: fields.text(name, most=most) for name, most in LIMITS.items()}
    return ask(visit, fields.problems, preview=None if fields.problems else words)


def create(visit: Visit) -> Response:
    """Publish a proposal; ask first if others resemble it."""
    visit.visitor.require(PhaseName.PROPOSE)
    fields, key = Fields(visit.form), forms.key(visit.form)
    words = {name: {visit.language: fields.text(name, most=most)} for name, most in LIMITS.items()}
    if fields.problems:
        return ask(visit, fields.problems)
    title, body = words["title"], words["body"]
    is_checked = visit.form.get("anyway") == "yes" or submissions.is_known(visit.db, key)
    try:
        if not is_checked:
            proposals.refuse_twin(visit.db, visit.visitor.panel, title)
            if found := alike(visit, title[visit.language]):
                return ask(visit, [], similar=found, asked=True)
        draft = Draft(title, body, visit.language)
        number = proposals.propose(visit.db, visit.visitor, draft, key=key)
    except RefusedError as error:
        fields.add(error)
        twin = error.values.get("number")
        return ask(visit, fields.problems, similar=alike(visit, title[visit.language]) if twin else ())
    drafts.forget(visit.db, visit.visitor, key=key)
    return go(visit.link("proposals.show", proposal=number))


def alike(visit: Visit, title: str) -> Sequence[Shown]:
    """Return the proposals that resemble the title."""
    return similarity.similar_proposals(visit.db, visit.visitor, title)


def ask(visit: Visit, problems: list[Problem], **more: Any) -> Response:
    """Answer with the form of a proposal; ``more`` is what resembles it, how it looks, or its draft."""
    nothing = {"form": visit.form, "similar": (), "asked": False, "preview": None, "draft": 0}
    return page(
        visit,
        "proposals/new.html",
        status=422 if problems else 200,
        panel=panels.get(visit.db, visit.visitor.panel),
        problems=problems,
        limits=LIMITS,
        open=is_open(visit),
        **nothing | more,
    )


def back(visit: Visit) -> Response:
    """Back a proposal, or no longer."""
    fields, number = Fields(visit.form), visit.number("proposal")
    choice = fields.choice("choice", CHOICES)
    if fields.problems:
        raise RefusedError("not_an_option", "choice")
    proposals.back(visit.db, visit.visitor, number, backs=choice == "back")
    proposal = proposals.get(visit.db, visit.visitor, number)
    address = visit.link("proposals.show", proposal=number)
    return changed(visit, "proposals/_backing.html", address, proposal=proposal, open=True)


def is_open(visit: Visit) -> bool:
    """Return whether proposals and comments are open now."""
    return visit.visitor.opened_at is not None and visit.visitor.phase is PhaseName.PROPOSE
