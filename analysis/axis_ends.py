"""Say what the ends of the map's axes stand for: the statements that people there agree with most."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.answers import counted
from analysis.claims import ENOUGH_VOTERS
from analysis.votes import Votes

_MOST_LISTED = 3
_PSEUDO_VOTES = 3.0

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class AxisEnds:
    """Hold for each end of an axis the columns of at most three statements, the most telling first.

    The further somebody lies towards `low` (left, or down), the more they agree with the statements of `low`.
    """

    low: tuple[int, ...]
    high: tuple[int, ...]


def axis_ends(votes: Votes, positions: Floats) -> tuple[AxisEnds, AxisEnds]:
    """Return the ends of the horizontal and of the vertical axis; the arguments are not changed.

    `positions`: people × 2, nan for no place. A statement's loadings are the least-squares slopes of its
    votes (1 agree, −1 disagree, less their mean) over both axes at once, drawn to 0 by 3 votes. Only
    statements with 20 voters count, and each stands at one end of an axis only.
    """
    loadings = _loadings(votes, positions)
    loadings[counted(votes.statement, votes.statements) < ENOUGH_VOTERS] = 0
    horizontal, vertical = (_ends(axis) for axis in loadings.T)
    return horizontal, vertical


def _loadings(votes: Votes, positions: Floats) -> Floats:
    placed = ~np.isnan(positions[:, 0])
    kept = (votes.vote != 0) & placed[votes.person]
    statement, vote = votes.statement[kept], votes.vote[kept].astype(float)
    place = positions[votes.person[kept]]
    n = counted(statement, votes.statements)

    def mean(values: Floats) -> Floats:
        sums = np.bincount(statement, values, minlength=votes.statements)
        return np.asarray(sums / np.maximum(n, 1))

    x = vote - mean(vote)[statement]
    z = place - np.stack([mean(axis) for axis in place.T], axis=1)[statement]
    spread = np.array([[mean(z[:, i] * z[:, j]) for j in (0, 1)] for i in (0, 1)]).transpose(2, 0, 1)
    crossed = np.stack([mean(x * axis) for axis in z.T], axis=1)
    ridge = (_PSEUDO_VOTES / np.maximum(n, 1))[:, None, None] * np.eye(2)
    return np.asarray(np.linalg.solve(spread + ridge, crossed[:, :, None])[:, :, 0], dtype=np.float64)


def _ends(loadings: Floats) -> AxisEnds:
    order = np.argsort(loadings, kind="stable").tolist()
    low = [column for column in order if loadings[column] < 0]
    high = [column for column in reversed(order) if loadings[column] > 0]
    return AxisEnds(tuple(low[:_MOST_LISTED]), tuple(high[:_MOST_LISTED]))
