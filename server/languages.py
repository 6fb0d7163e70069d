"""The languages, their messages compiled at start, and how each writes dates and numbers."""

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from panels import variants

LANGUAGES = ("fi", "sv", "en")
NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
ZONE = ZoneInfo("Europe/Helsinki")
LOCALE = Path(__file__).parent / "locale"
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
SPACE = "\u00a0"


@cache
def catalogue(language: str) -> NullTranslations:
    """Return the language's messages, one file a noun; English is the language of the templates."""
    if language == "en":
        return NullTranslations()
    whole = Catalog(locale=language)
    for path in sorted((LOCALE / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id and message.string:
                    whole.add(message.id, message.string, flags=message.flags)
    compiled = BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    return GNUTranslations(compiled)


class Translated(Extension):
    """Compiles messages without values into the template: ``_("Agree")`` becomes the word itself."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Replace each such call by its message in the environment's language."""
        gettext = self.environment.catalogue.gettext  # type: ignore[attr-defined]  # from Environment.extend
        tokens = deque(stream)
        while tokens:
            token = tokens.popleft()
            kinds = [tokens[n].type for n in range(min(3, len(tokens)))]
            if token.value == "_" and kinds == ["lparen", "string", "rparen"]:
                _, message, _ = (tokens.popleft() for _ in range(3))
                token = Token(token.lineno, "string", gettext(message.value))
            yield token


def said(language: str, texts: Mapping[str, str], original: str = "") -> tuple[str, str]:
    """Return (text, language) of a text: in the page's language, else in its original or any other."""
    for spoken in (language, original, *LANGUAGES):
        if texts.get(spoken):
            return texts[spoken], spoken
    return "", language


def quoted(language: str, words: str) -> str:
    """Return the words in the language's quotation marks."""
    return f"“{words}”" if language == "en" else f"”{words}”"


def said_easily(language: str, texts: Mapping[str, str], original: str = "") -> tuple[str, str]:
    """Return (text, language) of a text: its easy variant in the page's language, else as for everybody."""
    words = variants.easy(texts, language)
    return (words, language) if words else said(language, texts, original)


def local(seconds: float) -> datetime:
    """Return the moment as the clocks in Finland show it."""
    return datetime.fromtimestamp(seconds, ZONE)


def day(language: str, when: date | str | float, *, year: bool = True) -> str:
    """Return the date, 8.3.2027 or 8 March 2027, of a date, its text 2027-03-08, or seconds since 1970."""
    if isinstance(when, str):
        when = date.fromisoformat(when)
    elif isinstance(when, int | float):
        when = local(when).date()
    if language == "en":
        return f"{when.day} {MONTHS[when.month - 1]}" + (f" {when.year}" if year else "")
    return f"{when.day}.{when.month}" + (f".{when.year}" if year else "." if language == "fi" else "")


def clock_time(language: str, seconds: float) -> str:
    """Return the time of day: klo 17, kl. 17, 17:00."""
    moment = local(seconds)
    if language == "en":
        return f"{moment:%H:%M}"
    minutes = f".{moment:%M}" if moment.minute else ""
    return f"{'klo' if language == 'fi' else 'kl.'}{SPACE}{moment.hour}{minutes}"


def moment(language: str, seconds: float, *, year: bool = False) -> str:
    """Return date and time: 21.11. klo 17, 21.11 kl. 17, 21 November, 17:00."""
    joint = ", " if language == "en" else " "
    return f"{day(language, seconds, year=year)}{joint}{clock_time(language, seconds)}"


def day_range(language: str, start: float, end: float) -> str:
    """Return the days from ``start`` to before ``end``: 24.8.–18.9., 24.8–18.9, 24 August–18 September."""
    first, last = local(start).date(), local(end - 1).date()
    if first == last:
        return day(language, first, year=False)
    return f"{day(language, first, year=False)}–{day(language, last, year=False)}"


def number(language: str, value: float) -> str:
    """Return the number with its thousands apart: 90 000 or 90,000."""
    written = f"{value:,}"
    return written if language == "en" else written.replace(",", SPACE).replace(".", ",")


def percent(language: str, value: int) -> str:
    """Return whole per cent: 75 % or 75%."""
    return f"{value}%" if language == "en" else f"{value}{SPACE}%"
