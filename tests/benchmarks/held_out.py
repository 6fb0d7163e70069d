"""Judge groups by votes that they were not made from."""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from analysis import Votes

Labels = NDArray[np.int64]
Floats = NDArray[np.float64]

HIDDEN, KEPT, PSEUDO_VOTES = 0.15, 7, 5.0


def hide(votes: Votes, seed: int, *, never: list[int]) -> tuple[Votes, Votes]:
    """Hide 15 % of the agrees and disagrees, leave everybody 7 votes, and return the rest and the hidden.

    Votes on the statements of ``never`` stay.
    """
    draw = np.random.default_rng(seed)
    luck = draw.random(votes.vote.size)
    drawn = (luck < HIDDEN) & (votes.vote != 0) & ~np.isin(votes.statement, never)
    order = np.lexsort((luck, ~drawn, votes.person))  # each person's drawn votes first
    starts = np.searchsorted(votes.person, np.arange(votes.people))
    place = np.empty(luck.size, dtype=np.int64)
    place[order] = np.arange(luck.size) - starts[votes.person[order]]
    spare = np.bincount(votes.person, minlength=votes.people) - KEPT
    hidden = drawn & (place < spare[votes.person])
    return only(votes, ~hidden), only(votes, hidden)


def only(votes: Votes, kept: NDArray[np.bool_]) -> Votes:
    """Return some of the votes; all people and statements stay."""
    return Votes.from_arrays(
        votes.person[kept],
        votes.statement[kept],
        votes.vote[kept],
        people=votes.people,
        statements=votes.statements,
    )


def lift(labels: Labels, learnt: Votes, hidden: Votes) -> float:
    """Return the relative fall of the log-loss of hidden votes when the owner's group predicts them.

    One crowd predicts by the statement's share with 5 votes at the overall share, a group by its own with 5
    votes at the crowd's. Who has no group is predicted by the crowd; one group is 0.
    """
    groups = int(labels.max(initial=0)) + 1
    counts = np.zeros((2, groups + 1, learnt.statements))
    side, person = sides(learnt)
    np.add.at(counts, (side, labels[person], learnt.statement[learnt.vote != 0]), 1)
    whole = counts.sum(axis=1)
    overall = whole[0].sum() / whole.sum()
    crowd = (whole[0] + PSEUDO_VOTES * overall) / (whole.sum(axis=0) + PSEUDO_VOTES)
    own = (counts[0] + PSEUDO_VOTES * crowd) / (counts.sum(axis=0) + PSEUDO_VOTES)
    own[groups] = crowd
    side, person = sides(hidden)
    statement = hidden.statement[hidden.vote != 0]
    return 1 - loss(own[labels[person], statement], side) / loss(crowd[statement], side)


def sides(votes: Votes) -> tuple[Labels, NDArray[np.int32]]:
    """Return 0 for agree and 1 for disagree, and whose it is, of every vote that is no pass."""
    opinion = votes.vote != 0
    return (votes.vote[opinion] < 0).astype(np.int64), votes.person[opinion]


def loss(agree: Floats, side: Labels) -> float:
    """Return the log-loss of these shares."""
    return float(-np.log(np.where(side == 0, agree, 1 - agree)).sum())


def stability(found: list[Labels]) -> float:
    """Return the mean adjusted Rand index between groups made of different parts of the votes."""
    scores = []
    for one, other in combinations(found, 2):
        both = (one >= 0) & (other >= 0)
        scores.append(adjusted_rand_score(one[both], other[both]))
    return float(np.mean(scores))
