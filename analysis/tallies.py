"""Count agrees, disagrees and passes per statement, of all voters and of each group."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.groups import OpinionGroups
from analysis.votes import Votes

AGREE, DISAGREE, PASS = 0, 1, 2

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Tally:
    """Hold `whole` (3 × statements) and `groups` (3 × groups × statements): agrees, disagrees, passes.

    Without any group (fewer than 7 active people) all voters together stand in for one.
    """

    whole: Floats
    groups: Floats

    @property
    def n(self) -> Floats:
        """Return the number of voters of each statement."""
        total: Floats = self.whole.sum(axis=0)
        return total

    @property
    def group_n(self) -> Floats:
        """Return the number of voters of each statement in each group."""
        total: Floats = self.groups.sum(axis=0)
        return total


def tally(votes: Votes, opinion_groups: OpinionGroups) -> Tally:
    """Count the votes; people without a group count in the whole only."""
    whole = _count(votes, np.zeros(votes.people, dtype=np.int64), 1)
    if opinion_groups.count == 0:
        return Tally(whole[:, 0], whole)
    return Tally(whole[:, 0], _count(votes, opinion_groups.labels, opinion_groups.count))


def _count(votes: Votes, labels: NDArray[np.int64], groups: int) -> Floats:
    group = labels[votes.person]
    kind = np.array([DISAGREE, PASS, AGREE])[votes.vote.astype(np.int64) + 1]
    cell = (kind * groups + group) * votes.statements + votes.statement
    size = 3 * groups * votes.statements
    counts = np.bincount(cell[group >= 0], minlength=size).astype(float)
    return counts.reshape(3, groups, votes.statements)
