"""Pages under /{language}/panels/{panel}/letters: the letters to people without an e-mail address."""

import csv
from collections.abc import Sequence
from io import StringIO

from starlette.responses import Response

from panels import letters, organisation, panels
from panels.letters import Addressed
from panels.organisation import About
from panels.tables import harmless
from server.gate import Visit
from server.notices import in_words
from server.pages import TEMPLATES, file, go, page
from server.sentences import N_, say

COLUMNS = (N_("Seat"), N_("Name"), N_("Language"), N_("Address or telephone"), N_("Letter"))


def index(visit: Visit) -> Response:
    """Show how many people wait for a letter, and the lists made so far."""
    panel = panels.get(visit.db, visit.visitor.panel)
    waiting, lists = letters.count_waiting(visit.db, panel.id), letters.lists(visit.db, panel.id)
    return page(visit, "letters/index.html", panel=panel, waiting=waiting, lists=lists)


def create(visit: Visit) -> Response:
    """Make a list of the letters that wait."""
    letters.make_list(visit.db, visit.visitor)
    return go(visit.link("letters.index"))


def show(visit: Visit) -> Response:
    """Answer with a list as a table for the program that prints the letters."""
    number = visit.number("list")
    found, about = letters.of_list(visit.db, visit.visitor.panel, number), organisation.current(visit.db)
    header = [say(visit.language, column) for column in COLUMNS]
    rows = [
        [letter.seat or "", letter.name, letter.language, letter.reach or "", written(letter, about)]
        for letter in found
    ]
    return file(table([header, *rows]), "text/csv", f"{visit.visitor.slug}-letters-{number}.csv")


def written(letter: Addressed, about: About) -> str:
    """Return the letter's text: what a mail would tell, without its links."""
    news = [in_words(letter.language, item) for item in letter.items]
    return TEMPLATES[letter.language].get_template("mail/letter.txt").render(about=about, news=news).strip()


def table(rows: Sequence[Sequence[object]]) -> bytes:
    """Return the rows as spreadsheets in Finland read them: UTF-8 with a mark, semicolons, no formulas."""
    kept = StringIO()
    csv.writer(kept, delimiter=";").writerows([harmless(str(cell)) for cell in row] for row in rows)
    return kept.getvalue().encode("utf-8-sig")
