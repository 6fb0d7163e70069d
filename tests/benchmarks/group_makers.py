"""Makers of groups: ours, red-dwarf where it is installed, and the Polis recipe with 20 starts."""

from collections.abc import Callable, Sequence
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from analysis import Votes, find_groups
from tests.analysis.polis_reference import polis_groups_of_many_starts

Labels = NDArray[np.int64]
Maker = Callable[[], Labels]


def ours(votes: Votes, rejected: Sequence[int] = (), *, seed: int = 0, groups: int | None = None) -> Maker:
    """Leave out the rejected statements and find groups."""
    return lambda: find_groups(votes.without(rejected), seed=seed, groups=groups).labels


def red_dwarf(
    votes: Votes, rejected: Sequence[int] = (), *, seed: int = 0, groups: int | None = None
) -> Maker:
    """Run red-dwarf on its list of votes, which is made beforehand; −1 for those it leaves out."""
    from reddwarf.implementations.polis import run_pipeline

    names = ("participant_id", "statement_id", "vote")
    rows = zip(votes.person.tolist(), votes.statement.tolist(), votes.vote.tolist(), strict=True)
    records = [dict(zip(names, row, strict=True)) for row in rows]

    def make() -> Labels:
        found = run_pipeline(
            votes=records,
            mod_out_statement_ids=list(rejected),
            random_state=seed,
            force_group_count=groups,
        )
        labels = np.full(votes.people, -1)
        cluster = found.participants_df["cluster_id"].dropna()
        labels[cluster.index.to_numpy(dtype=int)] = cluster.to_numpy(dtype=int)
        return labels

    return make


def many_starts(
    votes: Votes, rejected: Sequence[int] = (), *, seed: int = 0, groups: int | None = None
) -> Maker:
    """Run the Polis recipe with 20 starts for each number of groups."""
    assert groups is None, "the recipe chooses the number itself"
    return lambda: polis_groups_of_many_starts(votes, rejected, seed=seed)


MAKERS = {"ours": ours, "red-dwarf": red_dwarf, "Polis, 20 starts": many_starts}
if find_spec("reddwarf") is None:
    del MAKERS["red-dwarf"]
