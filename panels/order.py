"""The order of statements: those that need answers come first, by a draw that no reload changes."""

import math
from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b


@dataclass(frozen=True)
class Weight:
    """How much a statement needs an answer, and the reason to give for it."""

    value: float
    reason: str


def weigh(counts: Mapping[int, tuple[int, int, int]]) -> dict[int, Weight]:
    """Return the weight of each statement, given its (agree, disagree, pass).

    fresh = ((mean + 5) / (n + 5))³ within [1/16, 16]; worth = 0.5 + 4·q·(1 − q)·(1 − p) with
    q = (agree + 2) / (agree + disagree + 4) and p = (pass + 1) / (n + 6); alike for agree and disagree.
    """
    mean = sum(map(sum, counts.values())) / max(len(counts), 1)
    weights = {}
    for statement, (agree, disagree, passed) in counts.items():
        votes = agree + disagree + passed
        fresh = min(max(((mean + 5) / (votes + 5)) ** 3, 1 / 16), 16)
        share = (agree + 2) / (agree + disagree + 4)
        worth = 0.5 + 4 * share * (1 - share) * (1 - (passed + 1) / (votes + 6))
        reason = "few" if fresh >= 2 else "clarify" if worth >= 1.2 else "chance"
        weights[statement] = Weight(fresh * worth, reason)
    return weights


def offer(weights: Mapping[int, Weight], answered: Container[int], *, key: str) -> int | None:
    """Return the next statement for the member of the key, or None when all are answered.

    The smallest −ln(u) / weight wins; u is fixed by key and statement, so a reload shows the same card.
    """
    left = (statement for statement in weights if statement not in answered)
    return min(left, key=lambda statement: luck(key, statement) / weights[statement].value, default=None)


@lru_cache(maxsize=2**16)  # a voter comes back for each next card: what was drawn is worth keeping a while
def luck(key: str, statement: int) -> float:
    """Return −ln(u), u drawn from (0, 1) once and for all by the member's key and the statement."""
    drawn = int.from_bytes(blake2b(f"{key}:{statement}".encode()).digest()[:8])
    return -math.log((drawn + 1) / (2**64 + 1))
