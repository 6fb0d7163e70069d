"""Say in words what may be claimed about a statement, and find what bridges a division."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.intervals import newcombe_low
from analysis.tallies import AGREE, DISAGREE, PASS, Tally
from analysis.votes import Votes

ENOUGH_VOTERS = 20
_COMMON_GROUND = 0.60
_DIVIDING = 0.30
_COULD_NOT_SAY = 0.30
_BRIDGE = 0.60
_MARKS_SHARE = 0.50
_MARKS_LEAD = 0.10
_MOST_MARKS = 5
_SIDES = ("agree", "disagree")

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Scores:
    """Hold one value per statement; `consensus` is 2 × statements, `balance` groups × statements (−1 … 1)."""

    common_ground: Floats
    side: NDArray[np.int64]
    consensus: Floats
    balance: Floats
    dividing: Floats


def find_claims(
    votes: Votes, counts: Tally, scores: Scores, *, smallest: int, letters: Sequence[str]
) -> tuple[dict[int, int], list[tuple[str, ...]]]:
    """Return the bridge of each dividing statement and the claims of every statement, in column order.

    Nothing is claimed under 20 voters, nothing about groups where a group has fewer than `smallest` voters.
    """
    enough = counts.n >= ENOUGH_VOTERS
    several = len(counts.groups[0]) > 1
    grouped = enough & (counts.group_n.min(axis=0) >= smallest) if several else enough
    divides = grouped & _divides(counts, scores)
    bridges = _bridges(votes, np.flatnonzero(divides))
    found = {f"common_ground_{side}": flags for side, flags in _unites(counts, scores, grouped).items()}
    found["dividing"] = divides
    if several:
        found |= _marks(counts, grouped, letters)
    unsure = counts.whole[PASS] >= _COULD_NOT_SAY * counts.n
    found["could_not_say"] = enough & unsure
    found["bridging"] = np.isin(np.arange(votes.statements), list(bridges.values()))
    return bridges, [tuple(name for name in found if found[name][s]) for s in range(votes.statements)]


def _unites(counts: Tally, scores: Scores, allowed: Flags) -> dict[str, Flags]:
    if len(scores.balance) == 1:
        level = counts.whole[scores.side, np.arange(counts.n.size)] / np.maximum(counts.n, 1)
    else:
        level = scores.common_ground
    return {
        name: allowed & (scores.side == side) & (level >= _COMMON_GROUND) for side, name in enumerate(_SIDES)
    }


def _divides(counts: Tally, scores: Scores) -> Flags:
    balance = scores.balance
    if len(balance) == 1:
        one_crowd: Flags = counts.whole[:PASS].min(axis=0) >= _DIVIDING * np.maximum(counts.n, 1)
        return one_crowd
    opposed: Flags = (balance.max(axis=0) > 0) & (balance.min(axis=0) < 0) & (scores.dividing >= _DIVIDING)
    return opposed


def _marks(counts: Tally, allowed: Flags, letters: Sequence[str]) -> dict[str, Flags]:
    """Return for each group the at most five statements and sides that set it apart most from the others."""
    found: dict[str, Flags] = {}
    for group, letter in enumerate(letters):
        own, own_n = counts.groups[:PASS, group], counts.group_n[group]
        rest, rest_n = counts.groups[:PASS].sum(axis=1) - own, counts.group_n.sum(axis=0) - own_n
        lead = newcombe_low(own, own_n, rest, rest_n)
        fits = allowed & (own >= _MARKS_SHARE * np.maximum(own_n, 1)) & (lead >= _MARKS_LEAD)
        ranked = np.where(fits, lead, -np.inf).ravel()
        chosen = np.zeros(ranked.size, dtype=bool)
        chosen[np.argsort(-ranked, kind="stable")[:_MOST_MARKS]] = True
        chosen &= fits.ravel()
        for side, flags in zip(_SIDES, chosen.reshape(fits.shape), strict=True):
            found[f"marks_{letter}_{side}"] = flags
    return found


def _bridges(votes: Votes, dividing: NDArray[np.int64]) -> dict[int, int]:
    """Return the statement that both camps of each of these statements answer most alike, where there is one.

    Camps are those who agree and those who disagree with it. A bridge has 20 voters from each camp, and the
    lower camp's (side + 1)/(n + 2) is at least 0.60.
    """
    found = {}
    for statement in dividing.tolist():
        camps = [_camp_counts(votes, statement, vote) for vote in (1, -1)]
        n = np.array([camp.sum(axis=0) for camp in camps])
        levels = np.array([(camp[:PASS] + 1) / (camp.sum(axis=0) + 2) for camp in camps])
        level = levels.min(axis=0).max(axis=0)
        level[(n < ENOUGH_VOTERS).any(axis=0)] = 0
        level[statement] = 0
        best = int(level.argmax())
        if level[best] >= _BRIDGE:
            found[statement] = best
    return found


def _camp_counts(votes: Votes, statement: int, vote: int) -> Floats:
    """Return agrees, disagrees and passes per statement of those who voted this on that statement."""
    member = np.zeros(votes.people, dtype=bool)
    member[votes.person[(votes.statement == statement) & (votes.vote == vote)]] = True
    own = member[votes.person]
    counts = np.zeros((3, votes.statements))
    for kind, value in ((AGREE, 1), (DISAGREE, -1), (PASS, 0)):
        counts[kind] = np.bincount(votes.statement[own & (votes.vote == value)], minlength=votes.statements)
    return counts
