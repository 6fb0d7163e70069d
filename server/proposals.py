"""Pages under /{language}/panels/{panel}/proposals."""

from typing import Any

from starlette.responses import Response

from panels import comments, panels, proposals
from panels.errors import RefusedError
from panels.panels import PhaseName
from panels.permissions import Permission
from panels.proposals import Draft, Order
from server import forms
from server.forms import Fields, Problem
from server.gate import Visit
from server.pages import changed, go, page

LIMITS = {"title": 120, "body": 10_000}
ON_A_PAGE = 50
CHOICES = ("back", "leave")


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
        open=is_open(visit),
        **thread(visit, proposal.id, problems),
    )


def thread(
    visit: Visit, proposal: int, problems: list[Problem], showing: int | None = None
) -> dict[str, Any]:
    """Return what the comments' part shows: a page of them, and the form that had problems."""
    return {
        "thread": comments.thread(visit.db, proposal, page=asked_page(visit), showing=showing),
        "form": visit.form if problems else {},
        "problems": problems,
        "saved": showing is not None,
        "may_comment": visit.visitor.member is not None and visit.may(Permission.COMMENT) and is_open(visit),
        "may_answer": comments.may_answer(visit.visitor),
    }


def new(visit: Visit) -> Response:
    """Show the form of a proposal; closed outside its phase."""
    visit.visitor.require(PhaseName.PROPOSE)
    return ask(visit, [])


def create(visit: Visit) -> Response:
    """Publish a proposal."""
    fields = Fields(visit.form)
    words = {name: {visit.language: fields.text(name, most=most)} for name, most in LIMITS.items()}
    key = forms.key(visit.form)
    if not fields.problems:
        try:
            draft = Draft(words["title"], words["body"], visit.language)
            number = proposals.propose(visit.db, visit.visitor, draft, key=key)
            return go(visit.link("proposals.show", proposal=number))
        except RefusedError as error:
            fields.add(error)
    return ask(visit, fields.problems)


def ask(visit: Visit, problems: list[Problem]) -> Response:
    """Answer with the form of a proposal."""
    return page(
        visit,
        "proposals/new.html",
        status=422 if problems else 200,
        panel=panels.get(visit.db, visit.visitor.panel),
        form=visit.form,
        problems=problems,
        limits=LIMITS,
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


def asked_page(visit: Visit) -> int:
    """Return the page of a list that the address asks for, from 1."""
    page_number = visit.query("page")
    return int(page_number) if page_number.isascii() and page_number.isdecimal() and int(page_number) else 1
