"""Pages under /{language}/panels/{panel}/statements."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from panels import panels, statements
from panels.errors import ConflictError
from panels.panels import PhaseName
from panels.statements import Card, Choice
from server import forms
from server.gate import Visit
from server.pages import go, page, part, wants_part

CHOICES = {"agree": Choice.AGREE, "disagree": Choice.DISAGREE, "pass": Choice.PASS}
WORDS = {int(choice): word for word, choice in CHOICES.items()}


def index(visit: Visit) -> Response:
    """Show the next statement to answer."""
    return whole(visit, None)


def show(visit: Visit) -> Response:
    """Show one statement, with the visitor's own answer."""
    return whole(visit, asked(visit))


def vote(visit: Visit) -> Response:
    """Record a vote and show the next statement; the same again if it was answered elsewhere meanwhile."""
    choice = CHOICES.get(visit.form.get("choice", ""))
    if choice is None:
        raise HTTPException(422)
    return answered(visit, asked(visit), choice)


def undo(visit: Visit) -> Response:
    """Take an answer back and show its statement again."""
    return answered(visit, asked(visit), None)


def answered(visit: Visit, statement: Card, choice: Choice | None) -> Response:
    """Store the choice and answer with the card that comes next."""
    key, seen = forms.key(visit.form), forms.seen(visit.form)
    try:
        statements.cast_vote(visit.db, visit.visitor, statement.id, choice, key=key, seen=seen)
    except ConflictError:
        if wants_part(visit):
            return part(visit, "statements/_card.html", status=409, **card(visit, statement, conflict=True))
        return whole(visit, statement, conflict=True)
    if wants_part(visit):
        return part(visit, "statements/_card.html", **card(visit, statement if choice is None else None))
    return go(
        visit.link("statements.show", statement=statement.number)
        if choice is None
        else visit.link("statements.index")
    )


def asked(visit: Visit) -> Card:
    """Return the statement that the address names. Raises NotFoundError, also for another panel's."""
    return statements.deck(visit.db, visit.visitor).card(visit.number("statement"))


def whole(visit: Visit, statement: Card | None, *, conflict: bool = False) -> Response:
    """Answer with the whole page around the card."""
    return page(
        visit,
        "statements/index.html",
        status=409 if conflict else 200,
        panel=panels.get(visit.db, visit.visitor.panel),
        **card(visit, statement, conflict=conflict),
    )


def card(visit: Visit, statement: Card | None, *, conflict: bool = False) -> dict[str, Any]:
    """Return what the card shows: the statement asked for, or the one to answer next."""
    deck, answers = statements.deck(visit.db, visit.visitor), statements.answers(visit.db, visit.visitor)
    given = answers.given
    offered = statements.offer(deck.weights, given, key=f"{visit.visitor.panel}:{visit.visitor.member}")
    chosen = statement.id if statement else offered
    latest = max(given & deck.cards.keys(), key=lambda id_: answers[id_].at, default=None)
    return {
        "statement": deck.cards[chosen] if chosen else None,
        "single": statement is not None,
        "reason": deck.weights[chosen].reason if chosen else "",
        "own": WORDS.get(answers.choice(chosen)) if chosen in given else None,
        "conflict": conflict,
        "open": visit.visitor.phase is PhaseName.VOTE,
        "previous": deck.cards[latest] if latest and not statement else None,
        "previous_choice": WORDS[answers.choice(latest)] if latest else "",
        "previous_seen": answers.version(latest) if latest else 0,
        "answered": len(given & deck.cards.keys()),
        "total": len(deck.cards),
        "seen": answers.version(chosen) if chosen else 0,
    }
