"""The statements on paper: the same as on the web, with three equal boxes each, in three sizes of reading."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from panels import variants
from panels.organisation import About
from panels.panels import Panel, PhaseName
from panels.statements import Card
from server.languages import day, said
from server.pdf import qr
from server.sentences import N_, say


class Reading(StrEnum):
    """For which eyes a sheet is printed."""

    PLAIN = "plain"
    LARGE = "large"
    EASY = "easy"


TITLE = N_("Sheet for answers")
COLUMNS = (N_("Number"), N_("Statement"), N_("Agree"), N_("Disagree"), N_("Pass or cannot say"))
HOW = N_("How to answer")
CROSS = N_("Put a cross in one box for each statement.")
EMPTY = N_("If you do not want to answer a statement, leave it empty.")
WRITE = N_("Write below the code in your letter and the date on which you answer.")
DATE = N_("Write below the date on which you answer.")
RETURN = N_("Return the sheet to the place where you got it.")
RETURN_BY = N_("Return the sheet by %(day)s to the place where you got it.")
AFTER = N_("What happens then")
WHY = N_("%(owner)s gets the results and answers them in writing by %(day)s.")
KEYED = N_("We enter the sheet twice, so that your answers come out right.")
SEEN = N_("Others see figures of at least %(smallest)s people, never your answers.")
NEWER = N_("You can answer on the web too. Of two answers to a statement, the newer one counts.")
CALL = N_("Do you have a question? Call %(phone)s.")
NUMBERED = N_("A statement keeps its number. New statements may have come since this sheet was printed.")
PRINTED = N_("Printed %(day)s")
QR = N_("Picture for a telephone: opens the statements on the web")


@dataclass(frozen=True)
class Copy:
    """One sheet: the address that its picture opens, and the code on it, if it is for a member."""

    address: str
    code: str = ""


@dataclass(frozen=True)
class Printing:
    """What sheets are printed of: panel, organisation, statements; when, and for whom."""

    panel: Panel
    about: About
    cards: Iterable[Card]
    at: float
    copies: Sequence[Copy]


def sheets(language: str, reading: Reading, printing: Printing) -> dict[str, Any]:
    """Return what ``templates/statements/sheet.typ`` prints, in the language."""
    panel, about = printing.panel, printing.about

    def words(message: str, **values: object) -> str:
        return say(language, message, values)

    write = words(DATE if all(copy.code for copy in printing.copies) else WRITE)
    return {
        "language": language,
        "reading": reading,
        "title": words(TITLE),
        "panel": spoken(language, panel.title),
        "question": spoken(language, panel.question),
        "organisation": said(language, about.name)[0],
        "heading": words(N_("Statements")),
        "columns": [words(column) for column in COLUMNS],
        "statements": [written(language, reading, card) for card in printing.cards],
        "how": {"title": words(HOW), "points": [words(CROSS), words(EMPTY), write, back(language, panel)]},
        "after": {"title": words(AFTER), "points": list(after(language, panel, about))},
        "code": words(N_("Code")),
        "date": words(N_("Date")),
        "agreement": words(N_("I take part in the panel.")),
        "copies": [{**asdict(copy), "qr": qr(copy.address)} for copy in printing.copies],
        "picture": words(QR),
        "numbered": words(NUMBERED),
        "printed": words(PRINTED, day=day(language, printing.at)),
        "page": words(N_("Page")),
    }


def spoken(language: str, texts: Mapping[str, str], original: str = "") -> dict[str, str]:
    """Return a text with its language."""
    words, tongue = said(language, texts, original)
    return {"words": words, "language": tongue}


def written(language: str, reading: Reading, card: Card) -> dict[str, Any]:
    """Return a statement: the words that are voted on, and below them those in easy language."""
    easy = variants.easy(card.texts, language) if reading is Reading.EASY else ""
    return {"number": card.number, "easy": easy, **spoken(language, card.texts, card.language)}


def back(language: str, panel: Panel) -> str:
    """Return where and by when the sheet is to be brought back."""
    ends = [phase.ends_at for phase in panel.phases if phase.name is PhaseName.VOTE]
    return say(language, RETURN_BY, {"day": day(language, ends[0] - 1)}) if ends else say(language, RETURN)


def after(language: str, panel: Panel, about: About) -> Iterable[str]:
    """Yield who answers, who sees, what counts, and whom to ask."""
    owner, _ = said(language, panel.owner)
    if owner and panel.answers_by:
        yield say(language, WHY, {"owner": owner, "day": day(language, panel.answers_by)})
    yield say(language, KEYED)
    yield say(language, SEEN, {"smallest": panel.smallest})
    yield say(language, NEWER)
    if about.phone:
        hours, _ = said(language, about.hours)
        yield say(language, CALL, {"phone": f"{about.phone} ({hours})" if hours else about.phone})
    if panel.contact:
        yield panel.contact
