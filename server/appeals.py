"""Pages on which a writer asks for a review of a decision, and somebody else decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from starlette.responses import Response

from panels import appeals, panels
from panels.appeals import LONGEST, WORKING_DAYS, Appeal, Outcome
from panels.digests import Item
from panels.errors import ConflictError, RefusedError
from panels.permissions import Role
from panels.reasons import VoteReason
from panels.statements import State, Statement
from server import moderation
from server.forms import Fields
from server.gate import Visit
from server.languages import quoted, said
from server.pages import go, page
from server.sentences import N_, say

Text = Statement | VoteReason
OUTCOMES = {outcome.value: outcome for outcome in (Outcome.PUBLISHED, Outcome.UPHELD)}


@dataclass(frozen=True)
class Standing:
    """Where a writer stands with a decision: their appeal, until when they may make one, who answers."""

    appeal: Appeal | None
    is_open: bool
    ends: float
    goes_to: Role | None
    answered_by: date | None


def standings(
    visit: Visit, texts: Iterable[Statement | VoteReason]
) -> dict[Statement | VoteReason, Standing]:
    """Return where the visitor stands with each of their texts that was sent back or appealed for."""
    made = appeals.of_member(visit.db, visit.visitor.seat)
    decided = [text for text in texts if text.state is State.SENT_BACK or text in made]
    return {text: standing(visit, text, made.get(text)) for text in decided}


def standing(visit: Visit, text: Text, appeal: Appeal | None) -> Standing:
    """Return where the visitor stands with the decision on their text."""
    ends = appeals.open_until(text.decided_at or text.sent_at)
    by = appeal.first_by if appeal else text.decided_by
    return Standing(
        appeal,
        visit.visitor.now < ends,
        ends,
        appeals.goes_to(visit.db, visit.visitor.panel, by),
        appeals.answered_by(appeal.sent_at) if appeal else None,
    )


def new(visit: Visit) -> Response:
    """Show the form in which a writer asks for a review, or what became of their request."""
    return form(visit, Fields({}))


def create(visit: Visit) -> Response:
    """Take the writer's request for a review into the queue."""
    fields, number = Fields(visit.form), visit.number("statement")
    text = appeals.own(visit.db, visit.visitor, number)
    try:
        appeals.send(visit.db, visit.visitor, text, visit.form.get("why", "").strip())
    except RefusedError as error:
        fields.add(error)
        return form(visit, fields)
    return go(visit.link("appeals.new", statement=number))


def form(visit: Visit, fields: Fields) -> Response:
    """Answer with the decision, and the form or what became of the request."""
    text = appeals.own(visit.db, visit.visitor, visit.number("statement"))
    return page(
        visit,
        "appeals/new.html",
        status=422 if fields.problems else 200,
        panel=panels.get(visit.db, visit.visitor.panel),
        number=visit.number("statement"),
        text=text,
        standing=standing(visit, text, appeals.against(visit.db, text)),
        days=WORKING_DAYS,
        longest=LONGEST,
        problems=fields.problems,
    )


def decide(visit: Visit) -> Response:
    """Publish the text after all or uphold the decision; not for whoever decided first."""
    appeal = appeals.get(visit.db, visit.visitor.panel, visit.number("appeal"))
    if not appeals.may_decide(visit.visitor, appeal):
        return moderation.answer(visit, appeal, 403, refused=True)
    fields, outcome = Fields(visit.form), OUTCOMES.get(visit.form.get("outcome", ""))
    answer = fields.text("answer", most=LONGEST)
    if outcome is None:
        fields.refuse("outcome", "no_outcome")
    if outcome is None or fields.problems:
        return moderation.answer(visit, appeal, 422, problems=fields.problems)
    try:
        appeals.decide(visit.db, visit.visitor, appeal, outcome, answer)
    except ConflictError:
        return moderation.answer(visit, appeal, 409, conflict=True)
    return moderation.following(visit, done=outcome)


def decided(language: str, item: Item) -> tuple[str, list[str], str]:
    """Tell what became of one's request for a review."""
    text, answer = item.matter.matter, item.matter.answer
    words = said(language, text.texts, text.language)[0]
    mine = "/statements/mine"
    if item.matter.outcome is Outcome.PUBLISHED:
        return say(language, N_("your text is published after all")), [quoted(language, words), answer], mine
    stays = say(language, N_("Somebody else looked at the decision, and it stays."))
    return (
        say(language, N_("your request for a review is answered")),
        [quoted(language, words), stays, answer],
        mine,
    )
