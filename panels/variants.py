"""Variants of a text, translated or in easy language: all in one Texts, each knowing of what it was made.

``{"fi": …, "sv": …, "fi-easy": …, "fi-easy-of": the mark of an older Finnish text than the one beside it}``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from hashlib import sha256
from itertools import zip_longest
from typing import Any, TypeGuard

from panels.database import Texts

EASY, MADE_OF = "-easy", "-of"
KEY = re.compile(f"[a-z]{{2}}({EASY})?({MADE_OF})?")


class VariantState(StrEnum):
    """Whether a variant is there, and whether it says what the text says of which it was made."""

    MISSING = "missing"
    CURRENT = "current"
    OUTDATED = "outdated"


def is_texts(value: object) -> TypeGuard[Texts]:
    """Return whether a stored value is one text in its languages."""
    return isinstance(value, dict) and bool(value) and all(KEY.fullmatch(key) for key in value)


def found(value: object, place: str) -> Iterator[tuple[str, Texts]]:
    """Yield each text within a stored value, with its place: ``data.options.0.title``."""
    if is_texts(value):
        yield place, value
    elif isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from found(inner, f"{place}.{key}")


def replaced(value: Any, place: list[str], texts: Texts) -> Any:
    """Return the stored value with other words at the place."""
    if not place:
        return texts
    first, *rest = place
    if isinstance(value, list):
        return [replaced(one, rest, texts) if str(n) == first else one for n, one in enumerate(value)]
    return {key: replaced(one, rest, texts) if key == first else one for key, one in value.items()}


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


def states(texts: Mapping[str, str], languages: Sequence[str], source: str) -> dict[str, VariantState]:
    """Return how each variant in the languages stands to its text, by its key: sv, fi-easy."""
    keys = [*languages, *(language + EASY for language in languages)]
    return {key: state(texts, key, source) for key in keys}


def renewed(before: Any, value: Any, source: str, *, compared: bool) -> Any:
    """Return what is stored in place of ``before``: every text in it knows which variants are older than it.

    A variant that is left as it was remembers of what it was made, unless somebody has compared them. An
    easy variant that the new value does not name stays; the forms of the text itself have no field for it.
    """
    if is_texts(value):
        return written(before if is_texts(before) else {}, value, source, compared=compared)
    if isinstance(value, dict):
        olds = before if isinstance(before, dict) else {}
        return {key: renewed(olds.get(key), new, source, compared=compared) for key, new in value.items()}
    if isinstance(value, list):
        pairs = zip_longest(value, (before if isinstance(before, list) else [])[: len(value)])
        return [renewed(old, new, source, compared=compared) for new, old in pairs]
    return value


def written(before: Texts, texts: Texts, source: str, *, compared: bool) -> Texts:
    """Return one text as it is stored after ``before``, with the marks of what is older; see ``renewed``."""
    kept = {variant: words for variant, words in before.items() if variant.endswith(EASY)}
    words = {variant: said for variant, said in (kept | texts).items() if not variant.endswith(MADE_OF)}
    stored = {variant: said for variant, said in words.items() if said}
    for variant in list(stored):
        of = origin(variant, source)
        fits = compared and variant in texts
        if variant != of and stored[variant] == before.get(variant) and not fits:
            made_of = before.get(variant + MADE_OF, mark(before.get(of, "")))
            if made_of != mark(stored.get(of, "")):
                stored[variant + MADE_OF] = made_of
    return stored


def mark(text: str) -> str:
    """Return a short mark of the text, another one for any other text."""
    return sha256(text.encode()).hexdigest()[:12]
