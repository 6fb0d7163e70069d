"""Pages under /{language}/panels/{panel}/proposals/{proposal}/amendments."""

from starlette.responses import Response

from panels import amendments, panels, proposals
from panels.amendments import Amendment, Draft, State
from panels.differences import differences
from panels.digests import Item
from panels.errors import ForbiddenError, RefusedError
from panels.panels import PhaseName
from server import forms
from server.forms import Fields, Form, Problem
from server.gate import Visit
from server.languages import said
from server.pages import go, page
from server.proposals import LIMITS, is_open
from server.sentences import N_, say

LONGEST = 1_000  # characters of a reason
DECISIONS = {"accept": State.ACCEPTED, "reject": State.REJECTED}


def new(visit: Visit) -> Response:
    """Show the form of a change to a proposal; closed outside its phase, and not for the author."""
    visit.visitor.require(PhaseName.PROPOSE)
    return ask(visit, [], {})


def create(visit: Visit) -> Response:
    """Lay a change before the author of the proposal."""
    fields, key, seen = Fields(visit.form), forms.key(visit.form), forms.seen(visit.form)
    title, body = (fields.text(name, most=most) for name, most in LIMITS.items())
    why = fields.text("why", least=0, most=LONGEST)
    if not fields.problems:
        draft, proposal = Draft(title, body, why, seen), visit.number("proposal")
        try:
            number = amendments.send(visit.db, visit.visitor, proposal, draft, key=key)
            return go(visit.link("amendments.show", proposal=proposal, amendment=number))
        except RefusedError as error:
            fields.add(error)
    return ask(visit, fields.problems, visit.form)


def ask(visit: Visit, problems: list[Problem], form: Form) -> Response:
    """Answer with the form of a change, which holds the proposal's text until somebody has changed it."""
    proposal = proposals.get(visit.db, visit.visitor, visit.number("proposal"))
    if proposal.is_own:
        raise ForbiddenError("one's own proposal")
    return page(
        visit,
        "amendments/new.html",
        status=422 if problems else 200,
        panel=panels.get(visit.db, visit.visitor.panel),
        proposal=proposal,
        form=form,
        problems=problems,
        limits=LIMITS | {"why": LONGEST},
    )


def show(visit: Visit) -> Response:
    """Show a change word by word, and what the author said to it."""
    return whole(visit, [])


def decide(visit: Visit) -> Response:
    """Let the proposal's author accept the change or reject it."""
    fields, proposal, number = Fields(visit.form), visit.number("proposal"), visit.number("amendment")
    decision = fields.choice("decision", DECISIONS)
    reason = fields.text("reason", least=0, most=LONGEST)
    if not fields.problems:
        state = DECISIONS[decision]
        try:
            amendments.decide(visit.db, visit.visitor, proposal, number, state=state, reason=reason)
            return go(visit.link("amendments.show", proposal=proposal, amendment=number))
        except RefusedError as error:
            fields.add(error)
    return whole(visit, fields.problems)


def whole(visit: Visit, problems: list[Problem]) -> Response:
    """Answer with the page of the change."""
    proposal = proposals.get(visit.db, visit.visitor, visit.number("proposal"))
    listed = amendments.get(visit.db, visit.visitor.panel, proposal.number, visit.number("amendment"))
    found = listed.amendment
    old_title, old_body = amendments.text_before(visit.db, found)
    return page(
        visit,
        "amendments/show.html",
        status=422 if problems else 200,
        panel=panels.get(visit.db, visit.visitor.panel),
        proposal=proposal,
        amendment=found,
        author=listed.author,
        title=differences(old_title, found.title),
        body=differences(old_body, found.body),
        may_decide=proposal.is_own and found.state is State.WAITING and is_open(visit),
        problems=problems,
        longest=LONGEST,
    )


Words = tuple[str, list[str], str]
"""What happened, more about it, and the end of the path."""


def proposed(language: str, item: Item) -> Words:
    """Tell an author that somebody would change their proposal."""
    more = N_("Read the change to “%(title)s”, and accept or reject it.")
    return told(language, item.matter, N_("a change to your proposal"), [more])


def decided(language: str, item: Item) -> Words:
    """Tell what became of one's change."""
    accepted = item.matter.state is State.ACCEPTED
    what = N_("your change is accepted") if accepted else N_("your change is not accepted")
    return told(
        language, item.matter, what, [N_("The change was to the proposal “%(title)s”."), item.matter.reason]
    )


def amended(language: str, item: Item) -> Words:
    """Tell those who back a proposal that its text is another."""
    more = N_(
        "The author of “%(title)s” accepted a change. You can see what changed and keep your backing or not."
    )
    return told(language, item.matter, N_("a proposal you back has a new text"), [more])


def told(language: str, amendment: Amendment, what: str, more: list[str]) -> Words:
    """Return the words in the language, with the proposal's title and the amendment's page."""
    proposal = amendment.proposal
    title = said(language, proposal.title, proposal.language)[0]
    first, *rest = more
    lines = [say(language, first, {"title": title}), *rest]
    return say(language, what), lines, f"/proposals/{proposal.number}/amendments/{amendment.number}"
