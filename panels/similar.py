"""Texts that resemble one being written, so that the same idea is not sent twice."""

from collections import Counter
from collections.abc import Collection, Mapping
from math import log, sqrt

from panels import proposals, statements
from panels.database import Session
from panels.members import Visitor
from panels.proposals import Shown
from panels.statements import Card

LENGTH = 4  # letters of a piece: long enough for a stem, short enough to outlive Finnish endings
ALIKE = 0.25  # likeness from which two texts are worth comparing
MOST = 3


def similar_statements(db: Session, visitor: Visitor, words: str, language: str) -> list[Card]:
    """Return visible statements that resemble the words. Raises RefusedError if one of them says the same."""
    cards = statements.deck(db, visitor).cards
    statements.refuse_twin({language: words}, cards.values(), [])
    return [cards[id_] for id_ in most_similar(words, {c.id: c.texts.values() for c in cards.values()})]


def similar_proposals(db: Session, visitor: Visitor, title: str) -> list[Shown]:
    """Return proposals of the panel whose titles resemble this one, as the visitor sees them."""
    titles = proposals.titles(db, visitor.panel)
    found = most_similar(title, {number: texts.values() for number, texts in titles.items()})
    return [proposals.get(db, visitor, number) for number in found]


def most_similar(words: str, texts: Mapping[int, Collection[str]]) -> list[int]:
    """Return the ids of at most MOST texts that resemble the words in any language, most alike first."""
    written = pieces(words)
    cut = {id_: [pieces(text) for text in versions] for id_, versions in texts.items()}
    holders = Counter(piece for versions in cut.values() for version in versions for piece in version)
    count = sum(map(len, cut.values()))
    rarity = {piece: log(1 + count / (holders[piece] or 1)) for piece in {*holders, *written}}
    alike = {
        id_: max((likeness(written, version, rarity) for version in versions), default=0.0)
        for id_, versions in cut.items()
    }
    return sorted((id_ for id_ in alike if alike[id_] >= ALIKE), key=lambda id_: -alike[id_])[:MOST]


def pieces(words: str) -> set[str]:
    """Return every run of LENGTH signs within the words, each word with a space before and after it."""
    plain = "".join(sign if sign.isalnum() else " " for sign in words.casefold())
    padded = [f" {word} " for word in plain.split()]
    return {word[n : n + LENGTH] for word in padded for n in range(max(1, len(word) - LENGTH + 1))}


def likeness(one: set[str], other: set[str], rarity: Mapping[str, float]) -> float:
    """Return the cosine of two texts whose pieces weigh by their rarity: 1 for the same words."""
    both, first, second = (
        sum(rarity[piece] ** 2 for piece in pieces) for pieces in (one & other, one, other)
    )
    return both / sqrt(first * second) if both else 0.0
