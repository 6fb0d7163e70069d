"""Texts that resemble each other: one being written and what is there, or two that could be merged."""

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from heapq import nlargest
from math import log, sqrt

from panels import merges, proposals, statements
from panels.database import Session
from panels.members import Visitor
from panels.proposals import Shown
from panels.statements import Card

LENGTH = 4  # letters of a piece: long enough for a stem, short enough to outlive Finnish endings
ALIKE = 0.25  # likeness from which two texts are worth comparing
MOST = 3
LIKELY = 0.35  # likeness from which two may say the same; two topics of one panel come close to it
MOST_PAIRS = 10
FEW, COMMON = 10, 0.1  # texts, or their share, beyond which the holders of a piece are many


def similar_statements(db: Session, visitor: Visitor, words: str, language: str) -> list[Card]:
    """Return visible statements that resemble the words. Raises RefusedError if one of them says the same."""
    cards = statements.deck(db, visitor).cards
    statements.refuse_twin({language: words}, cards.values(), [])
    merges.refuse_twin(db, visitor.panel, words)
    return like(db, visitor, words)


def like(db: Session, visitor: Visitor, words: str) -> list[Card]:
    """Return visible statements that resemble the words."""
    cards = statements.deck(db, visitor).cards
    return [cards[id_] for id_ in most_similar(words, {c.id: c.texts.values() for c in cards.values()})]


def similar_proposals(db: Session, visitor: Visitor, title: str) -> list[Shown]:
    """Return proposals of the panel whose titles resemble this one, as the visitor sees them."""
    titles = proposals.titles(db, visitor.panel)
    found = most_similar(title, {number: texts.values() for number, texts in titles.items()})
    return [proposals.get(db, visitor, number) for number in found]


def likely_pairs(db: Session, visitor: Visitor) -> list[tuple[Card, Card]]:
    """Return at most MOST_PAIRS pairs of visible statements that may say the same, most alike first."""
    cards = statements.deck(db, visitor).cards
    alike: dict[tuple[int, int], float] = {}
    for language in {card.language for card in cards.values()}:
        written = {id_: pieces(card.texts.get(language, "")) for id_, card in cards.items()}
        for pair, found in most_alike(written):
            alike[pair] = max(found, alike.get(pair, 0.0))
    best = nlargest(MOST_PAIRS, alike, key=lambda pair: (alike[pair], pair))
    return [(cards[one], cards[other]) for one, other in best]


def most_alike(written: Mapping[int, set[str]]) -> list[tuple[tuple[int, int], float]]:
    """Return at most MOST_PAIRS pairs of texts that may say the same, with their likeness.

    Pieces that many texts hold tell little of a pair and are left out; no table of all pairs is kept.
    """
    holders: dict[str, list[int]] = defaultdict(list)
    for id_, held in sorted(written.items()):
        for piece in held:
            holders[piece].append(id_)
    most = max(FEW, COMMON * len(written))
    weight = {p: log(1 + len(written) / len(ids)) ** 2 for p, ids in holders.items() if len(ids) <= most}
    telling = {id_: held & weight.keys() for id_, held in written.items()}
    length = {id_: sqrt(sum(weight[piece] for piece in held)) for id_, held in telling.items()}

    def found() -> Iterator[tuple[tuple[int, int], float]]:
        for id_, held in telling.items():
            shared: Counter[int] = Counter()
            for piece in held:
                later = holders[piece][bisect(holders[piece], id_) :]
                shared.update(dict.fromkeys(later, weight[piece]))
            yield from (
                ((id_, other), both / (length[id_] * length[other])) for other, both in shared.items()
            )

    best = nlargest(MOST_PAIRS, found(), key=lambda pair: (pair[1], pair[0]))
    return [(pair, alike) for pair, alike in best if alike >= LIKELY]


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
