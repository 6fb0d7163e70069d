"""The form in which staff enter the answers of a paper sheet or a call."""

from collections.abc import Collection, Mapping

from starlette.responses import Response

from panels import merges, panels, sheets, statements
from panels.errors import RefusedError
from panels.sheets import Channel, Sheet
from panels.statements import Choice
from server.forms import Fields, Problem
from server.gate import Visit
from server.pages import page
from server.statements import is_open

KEYS = {"1": Choice.AGREE, "2": Choice.DISAGREE, "3": Choice.PASS}
"""What is typed for an answer: where its box stands on the sheet, counted from the left."""


def ask_sheet(visit: Visit, problems: list[Problem], places: Collection[str] = ()) -> Response:
    """Answer with the form and with what was entered in the last minutes; never with the seat's answers.

    ``places`` are the fields in which the sheet was entered otherwise the first time.
    """
    return page(
        visit,
        "members/entries.html",
        status=422 if problems else 200,
        panel=panels.get(visit.db, visit.visitor.panel),
        open=is_open(visit),
        cards=statements.deck(visit.db, visit.visitor).cards.values(),
        ways=merges.paths(visit.db, visit.visitor.panel),
        channels=[channel.value for channel in Channel],
        entries=sheets.recent(visit.db, visit.visitor),
        waiting=sheets.waiting(visit.db, visit.visitor),
        saved=visit.query("saved"),
        problems=problems,
        places=sorted(places),
    )


def say_aloud(visit: Visit) -> Response:
    """Answer with the words of a call."""
    return page(
        visit,
        "members/script.html",
        panel=panels.get(visit.db, visit.visitor.panel),
        cards=statements.deck(visit.db, visit.visitor).cards.values(),
        ends=visit.visitor.phase_ends if is_open(visit) else None,
    )


def read_sheet(visit: Visit, fields: Fields) -> Sheet | None:
    """Return what the form says; None if something in it is wrong."""
    fields.text("code", most=100)
    channel = fields.choice("channel", list(Channel))
    day = fields.day("day") if channel == Channel.PAPER else None
    deck, ways = statements.deck(visit.db, visit.visitor), merges.paths(visit.db, visit.visitor.panel)
    older = {number: way[-1].id for number, way in ways.items()}  # an older sheet may name an origin
    numbers = {number: id_ for number, id_ in older.items() if id_ in deck.cards}
    numbers |= deck.numbers
    answers = read_answers(numbers, fields)
    if not answers and not fields.problems:
        fields.refuse("answers", "no_answers")
    if not fields.problems and visit.prepared is None:
        fields.refuse("code", "wrong_code")
    if fields.problems:
        return None
    places = {f"answer-{number}": id_ for number, id_ in numbers.items()} | {"day": "day"}
    compared = visit.form.get("compared", "").split()
    return Sheet(
        visit.prepared,
        Channel(channel),
        answers,
        day=day,
        agreed=visit.form.get("agreed") == "yes",
        alone=visit.form.get("alone") == "yes",
        compared=frozenset(places[name] for name in compared if name in places),
    )


def read_answers(numbers: Mapping[int, int], fields: Fields) -> dict[int, Choice]:
    """Return the answers by statement id; fields that name none of the panel's statements are left out."""
    typed = {number: fields.form.get(f"answer-{number}", "").strip() for number in numbers}
    for number, key in typed.items():
        if key and key not in KEYS:
            fields.refuse(f"answer-{number}", "not_a_key", number=number)
    return {numbers[number]: KEYS[key] for number, key in typed.items() if key in KEYS}


def refuse_sheet(visit: Visit, fields: Fields, error: RefusedError) -> set[str]:
    """Keep what the rule refused; return the fields in which the two entries of the sheet differ."""
    if error.code != "keyed_otherwise":
        fields.add(error)
        return set()
    found, cards = error.values["places"], statements.deck(visit.db, visit.visitor).cards
    assert isinstance(found, set), "the rule says where the entries differ"
    for id_ in sorted(found - {"day"}, key=lambda id_: cards[id_].number):
        fields.refuse(f"answer-{cards[id_].number}", "keyed_otherwise", number=cards[id_].number)
    if "day" in found:
        fields.refuse("day", "day_otherwise")
    return {problem.field for problem in fields.problems}


def next_sheet(sheet: Sheet, *, counts: bool) -> str:
    """Return what the address of the next form ends with: what was saved, and what stays alike in a pile."""
    day = f"&day={sheet.day}" if sheet.day else ""
    return f"?saved={'counts' if counts else 'once'}&channel={sheet.channel}{day}#code"
