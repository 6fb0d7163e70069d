"""Every word that a reader sees is there in Finnish, Swedish and English."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "server" / "locale"
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "say": (2,)}
"""Functions whose arguments are messages; ``say`` has the language first."""
SYNTAX = {"extensions": "jinja2.ext.do", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
PLACE = re.compile(r"%\((\w+)\)s")
PROMISES_TOO_MUCH = re.compile(r"nimetön|nimettöm|anonym", re.IGNORECASE)
Messages = dict[tuple[str, ...], set[str]]
translated = pytest.mark.parametrize("language", ["fi", "sv"])


def forms(text: str | Sequence[str | None] | None) -> tuple[str, ...]:
    """Return the singular and plural of a text, or the one form it has."""
    return (text,) if isinstance(text, str) else tuple(form for form in text or () if isinstance(form, str))


@cache
def messages() -> Messages:
    """Return every English message of the templates and the code, with the files that say it."""
    found: Messages = {}
    paths = [path for path in sorted((ROOT / "templates").rglob("*")) if path.is_file()]
    paths += sorted((ROOT / "server").glob("*.py")) + sorted((ROOT / "panels").glob("*.py"))
    for path in paths:
        method = "python" if path.suffix == ".py" else "jinja2"
        options = {} if path.suffix == ".py" else SYNTAX
        with path.open("rb") as file:
            for _, message, _, _ in extract(method, file, keywords=KEYWORDS, options=options):
                found.setdefault(forms(message), set()).add(path.relative_to(ROOT).as_posix())
    return found


def entries(language: str) -> Iterator[tuple[Path, Message]]:
    """Yield each translation with its file."""
    for path in sorted((LOCALE / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    yield path, message


def is_filled(message: Message) -> bool:
    """Return whether the message has a translation in each form."""
    return bool(forms(message.string)) and all(forms(message.string))


def test_the_search_finds_messages_of_templates_and_code() -> None:
    assert "templates/base.html" in messages()["Skip to the content",]
    assert "server/sentences.py" in messages()["Fill in this field.",]


@translated
def test_every_message_is_translated(language: str) -> None:
    there = {forms(message.id) for _, message in entries(language) if is_filled(message)}
    assert {str(message): files for message, files in messages().items() if message not in there} == {}


@translated
def test_no_translation_outlives_its_message(language: str) -> None:
    assert [
        f"{path.name}: {message.id}"
        for path, message in entries(language)
        if forms(message.id) not in messages()
    ] == []


@translated
def test_no_message_stands_in_two_files(language: str) -> None:
    counts = Counter(str(forms(message.id)) for _, message in entries(language))
    assert [message for message, count in counts.items() if count > 1] == []


@translated
def test_no_translation_is_unsure(language: str) -> None:
    assert [message.id for _, message in entries(language) if message.fuzzy] == []


@translated
def test_a_translation_fills_the_same_places(language: str) -> None:
    wrong = []
    for path, message in entries(language):
        places = set(PLACE.findall(forms(message.id)[-1]))
        for number, form in enumerate(forms(message.string)):
            allowed = [places] if number or isinstance(message.id, str) else [places, places - {"count", "n"}]
            if set(PLACE.findall(form)) not in allowed:
                wrong.append(f"{path.name}: {message.id} → {form}")
    assert wrong == []


@translated
def test_both_languages_have_the_same_files(language: str) -> None:
    assert {path.name for path in (LOCALE / language).glob("*.po")} == {
        path.name for path in (LOCALE / "fi").glob("*.po")
    }


def test_r26_nobody_is_promised_to_be_anonymous() -> None:
    """R26, T27: without saying towards whom, the word promises what we cannot keep."""
    said = [form for message in messages() for form in forms(message)]
    said += [
        form
        for language in ("fi", "sv")
        for _, message in entries(language)
        for form in forms(message.string)
    ]
    said += [path.read_text() for path in (ROOT / "templates").rglob("*") if path.is_file()]
    assert [text for text in said if PROMISES_TOO_MUCH.search(text)] == []
