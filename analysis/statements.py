"""Measure statements: how many agree, in which group, what unites and what divides."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.claims import Scores, find_claims
from analysis.groups import OpinionGroups
from analysis.intervals import wilson
from analysis.tallies import AGREE, DISAGREE, PASS, Tally, tally
from analysis.votes import Votes

_PSEUDO_VOTES = 4.0

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class GroupCounts:
    """Hold one group's votes on a statement, with shares of all its voters and their Wilson 90 % intervals.

    Shares are nan where nobody of the group voted.
    """

    agree: int
    disagree: int
    passes: int
    agree_share: float
    agree_low: float
    agree_high: float
    disagree_share: float
    disagree_low: float
    disagree_high: float

    @property
    def n(self) -> int:
        """Return the number of voters, passes included."""
        return self.agree + self.disagree + self.passes


@dataclass(frozen=True)
class StatementMeasure:
    """Hold what the votes say about one statement.

    `statement`: column number. `n`, `agree`, `disagree`, `passes`: all voters; shares of n, Wilson 90 %.
    `by_group`: in label order; empty without groups (fewer than 7 active people).
    `common_ground` 0 … 1: the lowest group's share on its `side` ('agree' or 'disagree', the larger one),
    each group with 4 pseudo-votes at the share of all.
    `consensus_agree`, `consensus_disagree` 0 … 1: geometric mean over groups of (side + 1)/(n + 2).
    `dividing` 0 … 1: half the distance between the groups' mean votes, 4 pseudo-votes; with one group
    2·min(agree, disagree)/n.
    `bridge`: the column of the statement that both camps of a dividing statement accept (or refuse), or None.
    `claims`: common_ground_agree, common_ground_disagree, dividing, marks_A_agree, marks_A_disagree (any
    letter), could_not_say, bridging.
    """

    statement: int
    n: int
    agree: int
    disagree: int
    passes: int
    agree_share: float
    agree_low: float
    agree_high: float
    disagree_share: float
    disagree_low: float
    disagree_high: float
    by_group: tuple[GroupCounts, ...]
    common_ground: float
    side: str
    consensus_agree: float
    consensus_disagree: float
    dividing: float
    bridge: int | None
    claims: tuple[str, ...]


def measure(
    votes: Votes,
    opinion_groups: OpinionGroups,
    *,
    smallest: int = 5,
    letters: Sequence[str] | None = None,
) -> tuple[StatementMeasure, ...]:
    """Measure every column of the votes, in column order; the arguments are not changed.

    `smallest`: the voters that every group needs on a statement before anything is claimed about groups.
    `letters`: the group's letter for each label, A, B, C … if not given.
    """
    counts = tally(votes, opinion_groups)
    scores = _scores(counts)
    names = letters or [chr(ord("A") + label) for label in range(max(opinion_groups.count, 1))]
    bridges, claims = find_claims(votes, counts, scores, smallest=smallest, letters=names)
    whole = _rows(counts.whole)
    groups = [_rows(counts.groups[:, label]) for label in range(opinion_groups.count)]
    return tuple(
        StatementMeasure(
            statement=column,
            n=int(counts.n[column]),
            **whole[column],
            by_group=tuple(GroupCounts(**rows[column]) for rows in groups),
            common_ground=float(scores.common_ground[column]),
            side=("agree", "disagree")[scores.side[column]],
            consensus_agree=float(scores.consensus[AGREE, column]),
            consensus_disagree=float(scores.consensus[DISAGREE, column]),
            dividing=float(scores.dividing[column]),
            bridge=bridges.get(column),
            claims=claims[column],
        )
        for column in range(votes.statements)
    )


def _scores(counts: Tally) -> Scores:
    whole, groups, n, group_n = counts.whole, counts.groups, counts.n, counts.group_n
    overall = (whole[:PASS] + 1) / (n + 2)
    lowest = ((groups[:PASS] + _PSEUDO_VOTES * overall[:, None]) / (group_n + _PSEUDO_VOTES)).min(axis=1)
    consensus = np.exp(np.log((groups[:PASS] + 1) / (group_n + 2)).mean(axis=1))
    pull = _PSEUDO_VOTES * (overall[AGREE] - overall[DISAGREE])
    balance = (groups[AGREE] - groups[DISAGREE] + pull) / (group_n + _PSEUDO_VOTES)
    if len(balance) == 1:
        dividing = 2 * whole[:PASS].min(axis=0) / np.maximum(n, 1)
    else:
        dividing = (balance.max(axis=0) - balance.min(axis=0)) / 2
    return Scores(
        common_ground=lowest.max(axis=0),
        side=(lowest[DISAGREE] > lowest[AGREE]).astype(np.int64),
        consensus=consensus,
        balance=balance,
        dividing=dividing,
    )


def _rows(cells: Floats) -> list[dict[str, Any]]:
    """Return per statement the counts, the shares and their intervals of agrees, disagrees and passes."""
    n = cells.sum(axis=0)
    found: dict[str, NDArray[Any]] = dict(
        zip(("agree", "disagree", "passes"), cells.astype(np.int64), strict=True)
    )
    for name, count in (("agree", cells[AGREE]), ("disagree", cells[DISAGREE])):
        found[f"{name}_share"] = np.where(n > 0, count / np.maximum(n, 1), np.nan)
        found[f"{name}_low"], found[f"{name}_high"] = wilson(count, n)
    return [{name: values[column].item() for name, values in found.items()} for column in range(n.size)]
