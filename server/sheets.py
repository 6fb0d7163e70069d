"""The form in which staff enter the answers of a paper sheet or a call."""

from starlette.responses import Response

from panels import panels, sheets, statements
from panels.sheets import Channel
from panels.statements import Choice
from server.forms import Problem
from server.gate import Visit
from server.pages import page
from server.statements import CHOICES, is_open

ON_A_SHEET = 50  # statements on one page of the form


def ask_sheet(visit: Visit, problems: list[Problem]) -> Response:
    """Answer with the form and with what was entered in the last minutes; never with the seat's answers."""
    deck, shown = statements.deck(visit.db, visit.visitor), visit.form.get("page") or visit.query("page")
    cards = list(deck.cards.values())
    pages = max(1, -(-len(cards) // ON_A_SHEET))
    at = min(int(shown), pages) if shown.isdecimal() and shown != "0" else 1
    return page(
        visit,
        "members/desk.html",
        status=422 if problems else 200,
        panel=panels.get(visit.db, visit.visitor.panel),
        open=is_open(visit),
        cards=cards[(at - 1) * ON_A_SHEET : at * ON_A_SHEET],
        shown=at,
        pages=pages,
        channels=[channel.value for channel in Channel],
        entries=sheets.recent(visit.db, visit.visitor),
        saved=visit.query("saved"),
        problems=problems,
    )


def keyed(visit: Visit) -> dict[int, Choice]:
    """Return the answers in the form by statement id; what is none of this panel's statements is left out."""
    numbers = statements.deck(visit.db, visit.visitor).numbers.items()
    typed = {id_: visit.form.get(f"answer-{number}", "") for number, id_ in numbers}
    return {id_: CHOICES[word] for id_, word in typed.items() if word in CHOICES}
