"""Easy language: a text's easy variant stands beside it in the same Texts, and knows what it was made of.

``{"fi": …, "fi-easy": …, "fi-easy-of": the mark of the Finnish text of which the easy one was made}``.
"""

from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256

from panels.database import Texts

EASY, MADE_OF = "-easy", "-easy-of"


class EasyState(StrEnum):
    """Whether a text has an easy variant, and whether that still says the same."""

    MISSING = "missing"
    CURRENT = "current"
    OUTDATED = "outdated"


def state(texts: Mapping[str, str], language: str) -> EasyState:
    """Return how the easy variant in the language stands to its text."""
    if not texts.get(language + EASY):
        return EasyState.MISSING
    same = texts.get(language + MADE_OF) == mark(texts.get(language, ""))
    return EasyState.CURRENT if same else EasyState.OUTDATED


def states(texts: Mapping[str, str]) -> dict[str, EasyState]:
    """Return by language how each easy variant of the texts stands to its text."""
    languages = [key.removesuffix(EASY) for key in texts if key.endswith(EASY)]
    return {language: state(texts, language) for language in languages}


def current(texts: Mapping[str, str], language: str) -> str:
    """Return the easy variant in the language; empty without one that says what the text says."""
    return texts[language + EASY] if state(texts, language) is EasyState.CURRENT else ""


def renewed(before: Texts, texts: Texts, *, checked: bool) -> Texts:
    """Return the texts as they are stored after ``before``.

    An easy variant that has changed is made of the text beside it, one that has not is made of what it was;
    ``checked`` says that somebody has compared them, so each is made of what stands beside it.
    """
    stored = dict(texts)
    for key, words in texts.items():
        if key.endswith(EASY):
            language = key.removesuffix(EASY)
            stands = not checked and words == before.get(key) and language + MADE_OF in before
            stored[language + MADE_OF] = (
                before[language + MADE_OF] if stands else mark(texts.get(language, ""))
            )
    return stored


def mark(text: str) -> str:
    """Return a short mark of the text, another one for any other text."""
    return sha256(text.encode()).hexdigest()[:12]
