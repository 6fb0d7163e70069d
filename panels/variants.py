"""Variants of a text, translated or in easy language: all in one Texts, each knowing of what it was made.

``{"fi": …, "sv": …, "fi-easy": …, "fi-easy-of": the mark of an older Finnish text than the one beside it}``.
"""

from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256

from panels.database import Texts

EASY, MADE_OF = "-easy", "-of"


class VariantState(StrEnum):
    """Whether a variant is there, and whether it says what the text says of which it was made."""

    MISSING = "missing"
    CURRENT = "current"
    OUTDATED = "outdated"


def origin(variant: str, source: str) -> str:
    """Return of what a variant is made: an easy one of its own language, another language of the source."""
    return variant.removesuffix(EASY) if variant.endswith(EASY) else source


def state(texts: Mapping[str, str], variant: str, source: str) -> VariantState:
    """Return how the variant stands to its text; ``source`` is the language that is written first."""
    if not texts.get(variant):
        return VariantState.MISSING
    made_of = texts.get(variant + MADE_OF)
    same = made_of is None or made_of == mark(texts.get(origin(variant, source), ""))
    return VariantState.CURRENT if same else VariantState.OUTDATED


def easy(texts: Mapping[str, str], language: str) -> str:
    """Return the text in easy language; empty without a variant that says what the text says."""
    variant = language + EASY
    return texts[variant] if state(texts, variant, language) is VariantState.CURRENT else ""


def renewed(before: Texts, texts: Texts, source: str, *, compared: bool) -> Texts:
    """Return the texts as they are stored after ``before``.

    A variant that is left as it was remembers of what it was made, unless somebody has compared them.
    """
    stored = dict(texts)
    for variant, words in texts.items():
        of = origin(variant, source)
        if variant != of and words == before.get(variant) and not compared:
            made_of = before.get(variant + MADE_OF, mark(before.get(of, "")))
            if made_of != mark(texts.get(of, "")):
                stored[variant + MADE_OF] = made_of
    return stored


def mark(text: str) -> str:
    """Return a short mark of the text, another one for any other text."""
    return sha256(text.encode()).hexdigest()[:12]
