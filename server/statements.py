"""Pages under /{language}/panels/{panel}/statements."""

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from panels import corrections, merges, organisation, panels, reasons, similar, statements, summary
from panels.errors import ConflictError, RefusedError
from panels.panels import Panel, PhaseName
from panels.permissions import Permission, Role
from panels.statements import LONGEST, SHORTEST, Answers, Card, Choice, Deck
from server import forms, paper
from server.appeals import standings
from server.forms import Fields
from server.gate import Visit
from server.languages import LANGUAGES
from server.merges import apart
from server.pages import file, go, page, part, wants_part
from server.paper import Copy, Printing, Reading
from server.pdf import pdf

CHOICES = {"agree": Choice.AGREE, "disagree": Choice.DISAGREE, "pass": Choice.PASS}
ANSWER = re.compile(rf"([0-9]{{1,9}}) ({'|'.join(CHOICES)}) ([0-9]{{1,9}})")
WORDS: dict[int | None, str] = {int(choice): word for word, choice in CHOICES.items()}


def index(visit: Visit) -> Response:
    """Show the next statement to answer."""
    return whole(visit, None)


def show(visit: Visit) -> Response:
    """Show one statement, with the visitor's own answer, or what it was merged into."""
    number = visit.number("statement")
    if number not in statements.deck(visit.db, visit.visitor).numbers:
        return apart(visit, number)
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


def mine(visit: Visit) -> Response:
    """Show the visitor's answers by theme, and what became of their own statements."""
    deck, answers = statements.deck(visit.db, visit.visitor), statements.answers(visit.db, visit.visitor)
    added = reasons.added(visit.db, visit.visitor.seat)
    own = statements.written_by(visit.db, visit.visitor.seat)
    themes: dict[str, list[tuple[Card, str]]] = {}
    for card in deck.cards.values():
        if word := WORDS.get(answers.choice(card.id)):
            themes.setdefault(card.theme.get(visit.language, ""), []).append((card, word))
    return page(
        visit,
        "statements/mine.html",
        panel=panels.get(visit.db, visit.visitor.panel),
        open=is_open(visit),
        themes=themes,
        added=added,
        own=own,
        standings=standings(visit, [*own, *added.reasons.values()]),
    )


def sheet(visit: Visit) -> Response:
    """Answer with the statements on paper, behind the question mark for which eyes."""
    asked, panel = visit.query("reading"), panels.get(visit.db, visit.visitor.panel)
    usual = Reading.EASY if visit.easy else Reading.PLAIN
    reading = Reading(asked) if asked in list(Reading) else usual
    printing = Printing(
        panel=panel,
        about=organisation.current(visit.db),
        cards=statements.deck(visit.db, visit.visitor).cards.values(),
        at=visit.visitor.now,
        copies=[Copy(visit.site.settings.base_url + visit.link("statements.index"))],
    )
    content = pdf("statements/sheet.typ", paper.sheets(visit.language, reading, printing))
    return file(content, "application/pdf", f"{panel.slug}-{visit.language}-{reading}.pdf")


def new(visit: Visit) -> Response:
    """Show the form for a statement: a member's own, or one of the organiser's."""
    return form(visit, Fields({}))


def create(visit: Visit) -> Response:
    """Take a member's statement into the queue; ask first about others like it, to be answered beside."""
    fields, key = Fields(visit.form), forms.key(visit.form)
    text = fields.text("text", least=SHORTEST, most=LONGEST)
    is_answer = answer_beside(visit, key)
    if not fields.problems:
        try:
            if is_answer or visit.form.get("anyway") != "yes":
                found = similar.similar_statements(visit.db, visit.visitor, text, visit.language)
                if found or is_answer:
                    return form(visit, fields, found)
            statements.send(visit.db, visit.visitor, {visit.language: text}, visit.language, key=key)
            return go(visit.link("statements.new") + "?sent=1")
        except RefusedError as error:
            fields.add(error)
    return form(visit, fields)


def answer_beside(visit: Visit, key: str) -> bool:
    """Answer a statement shown beside the one being written, and return whether that was asked for.

    The button says the statement's number, the choice and the version seen: ``12 agree 0``. Of an answer
    changed in another window meanwhile, the page shows what is stored.
    """
    if "answer" not in visit.form:
        return False
    pressed = ANSWER.fullmatch(visit.form["answer"])
    if not pressed:
        raise HTTPException(422)
    with suppress(ConflictError):
        cast(visit, int(pressed[1]), CHOICES[pressed[2]], key=key, seen=int(pressed[3]))
    return True


def add(visit: Visit) -> Response:
    """Publish a statement of the organiser."""
    about, fields = organisation.current(visit.db), Fields(visit.form)
    needed = {"fi", "sv"} if about.bilingual else {about.language}
    texts = {
        language: fields.text(language, least=SHORTEST, most=LONGEST)
        for language in LANGUAGES
        if language in needed or visit.form.get(language, "").strip()
    }
    if not fields.problems:
        try:
            added = statements.add(visit.db, visit.visitor, texts, about.language)
            return go(visit.link("statements.new") + f"?added={added.number}")
        except RefusedError as error:
            fields.add(error)
    return form(visit, fields)


def form(visit: Visit, fields: Fields, alike: Sequence[Card] = ()) -> Response:
    """Answer with the page of the form, what is wrong with it or resembles it, and what was stored before."""
    answers = statements.answers(visit.db, visit.visitor) if alike else Answers()
    return page(
        visit,
        "statements/new.html",
        status=422 if fields.problems else 200,
        panel=panels.get(visit.db, visit.visitor.panel),
        open=is_open(visit),
        problems=fields.problems,
        added=visit.query("added") if visit.may(Permission.EDIT_PANEL) else "",
        sent=visit.query("sent"),
        draft=draft(visit),
        similar=[(card, WORDS.get(answers.choice(card.id)), answers.version(card.id)) for card in alike],
    )


def draft(visit: Visit) -> str:
    """Return the visitor's own statement that they want to mend, empty if the address names none."""
    again, member = visit.query("again"), visit.visitor.member
    own = statements.written_by(visit.db, member) if again and member else []
    return next((one.texts[one.language] for one in own if str(one.number) == again), "")


def answered(visit: Visit, statement: Card, choice: Choice | None) -> Response:
    """Store the choice and answer with the card that comes next."""
    key, seen = forms.key(visit.form), forms.seen(visit.form)
    try:
        cast(visit, visit.number("statement"), choice, key=key, seen=seen)
    except ConflictError:
        if wants_part(visit):
            return part(visit, "statements/_card.html", status=409, **card(visit, statement, conflict=True))
        return whole(visit, statement, conflict=True)
    if wants_part(visit):
        again = statement if choice is None else None
        return part(visit, "statements/_card.html", **card(visit, again, saved=True))
    return go(
        visit.link("statements.show", statement=statement.number)
        if choice is None
        else visit.link("statements.index")
    )


def cast(visit: Visit, number: int, choice: Choice | None, *, key: str, seen: int) -> None:
    """Record the choice on the statement of that number; an old card may show one that was merged since."""
    deck, visitor = statements.deck(visit.db, visit.visitor), visit.visitor
    if number in deck.numbers:
        statements.cast_vote(visit.db, visitor, deck.numbers[number], choice, key=key, seen=seen)
    else:
        merges.cast_vote(visit.db, visitor, number, choice, key=key, seen=seen)


def asked(visit: Visit) -> Card:
    """Return the statement that the address names, or what it was merged into.

    Raises NotFoundError, also for another panel's; ConflictError for one that was split again.
    """
    deck, number = statements.deck(visit.db, visit.visitor), visit.number("statement")
    if number not in deck.numbers:
        number = merges.onward(visit.db, visit.visitor.panel, number)[-1].number
    return deck.card(number)


def whole(visit: Visit, statement: Card | None, *, conflict: bool = False) -> Response:
    """Answer with the whole page around the card."""
    values = card(visit, statement, conflict=conflict)
    if statement:
        values["corrections"] = corrections.made(visit.db, statement.id)
        values["merge"] = merges.made(visit.db, statement.id)
    if statement and values["own"]:
        values["rough"] = summary.rough(visit.db, visit.visitor.panel, statement.id)
        values["reasons"], values["choices"] = reasons.published(visit.db, statement.id), WORDS
    panel = panels.get(visit.db, visit.visitor.panel)
    values |= {"panel": panel, "needs_code": values["open"] and needs_code(visit, panel)}
    return page(visit, "statements/index.html", status=409 if conflict else 200, **values)


def needs_code(visit: Visit, panel: Panel) -> bool:
    """Return whether the visitor answers only after giving the code of a letter."""
    stranger = visit.visitor.roles == (Role.OUTSIDER,) and not visit.visitor.offered
    return stranger and not panel.open_to_all and not panel.guests


def card(
    visit: Visit, statement: Card | None, *, conflict: bool = False, saved: bool = False
) -> dict[str, Any]:
    """Return what the card shows: the statement asked for, or the one to answer next."""
    deck, answers = statements.deck(visit.db, visit.visitor), statements.answers(visit.db, visit.visitor)
    member, given = visit.visitor.member, answers.given
    done = given | deck.written.get(member, set()) if member else given
    shown = statement
    if shown is None and is_open(visit):
        offered = statements.offer(deck.weights, done, key=f"{visit.visitor.panel}:{member}")
        shown = deck.cards[offered] if offered else None
    total, answered = len(deck.cards), len(done & deck.cards.keys())
    values = {
        "statement": shown,
        "single": statement is not None,
        "reason": deck.weights[shown.id].reason if shown else "",
        "own": WORDS.get(answers.choice(shown.id)) if shown else None,
        "seen": answers.version(shown.id) if shown else 0,
        "open": is_open(visit),
        "answered": answered,
        "position": min(answered + 1, total),
        "total": total,
        "conflict": conflict,
        "saved": saved,
    }
    return values | latest(deck, answers, given if statement is None and values["open"] else set())


def latest(deck: Deck, answers: Answers, given: set[int]) -> dict[str, Any]:
    """Return the latest of the given answers, which one press takes back."""
    latest = next((id_ for id_ in reversed(answers) if id_ in given and id_ in deck.cards), 0)
    return {
        "previous": deck.cards.get(latest),
        "previous_choice": WORDS.get(answers.choice(latest)),
        "previous_seen": answers.version(latest),
    }


def is_open(visit: Visit) -> bool:
    """Return whether statements can be answered now."""
    return visit.visitor.phase is PhaseName.VOTE and visit.visitor.opened_at is not None
