import csv
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from analysis import OpinionGroups, Votes, measure
from analysis.polis import read_polis
from tests.analysis.polis_reference import (
    best_silhouette,
    group_aware_consensus,
    k_means,
    people_inside,
    polis_groups,
    polis_groups_of_many_starts,
    projection,
)

VotesOf = Callable[[list[str]], Votes]

FOLDER = Path(os.environ.get("RAATI_SHARED", "nowhere")) / "data" / "polis"
EXPORTS = sorted(path.name for path in FOLDER.glob("*/")) or ["no export is here"]
COMPARED = ("5twd2jsnkf", "ssis", "biodiversity", "vtaiwan", "2vkxc", "taxes", "7z7ej", "bg2050")
"""Parts of the names of the exports whose groups a cold start makes again."""


def exported(name: str) -> tuple[Votes, list[int], NDArray[np.int64]]:
    """Votes, rejected columns, and the groups that Polis had made; −1 for nobody's."""
    if not (FOLDER / name).is_dir():
        pytest.skip(f"no export {name} under RAATI_SHARED")
    export = read_polis(FOLDER / name)
    with (FOLDER / name / "participants-votes.csv").open(encoding="utf-8", newline="") as file:
        groups = {row["participant"]: row["group-id"] for row in csv.DictReader(file)}
    labels = np.array([int(groups[person] or -1) for person in export.votes.person_ids or ()])
    return export.votes, export.rejected_columns, labels


def grouped(labels: NDArray[np.int64]) -> OpinionGroups:
    places = np.zeros((labels.size, 2))
    return OpinionGroups(labels, places[:, 0], places, int(labels.max()) + 1, "groups", 0.0, 0.0)


def test_v29_group_aware_consensus_by_hand(votes_of: VotesOf) -> None:
    votes = votes_of(["+-", "+.", "+-", "-0", "0-"])
    labels = np.array([0, 0, 1, 1, 1])
    # First statement: 2 of 2 and 1 of 3 agree; second: 0 of 1 and 0 of 3.
    by_hand = [3 / 4 * 2 / 5, 1 / 3 * 1 / 5]
    assert group_aware_consensus(votes, labels) == pytest.approx(by_hand, abs=1e-12)
    ours = [found.consensus_agree**2 for found in measure(votes, grouped(labels))]
    assert ours == pytest.approx(by_hand, abs=1e-9)


@pytest.mark.parametrize("name", EXPORTS)
def test_v29_group_aware_consensus_of_the_exported_groups(name: str) -> None:
    votes, _, labels = exported(name)
    groups = grouped(labels)
    ours = [found.consensus_agree**groups.count for found in measure(votes, groups)]
    assert ours == pytest.approx(group_aware_consensus(votes, labels), abs=1e-9)


@pytest.mark.parametrize("part", COMPARED)
def test_v30_a_cold_start_makes_the_exported_groups_again(part: str) -> None:
    name = next((name for name in EXPORTS if part in name), part)
    votes, rejected, labels = exported(name)
    found = polis_groups(votes, rejected)
    both = (found >= 0) & (labels >= 0)
    assert both.sum() >= 0.9 * (labels >= 0).sum()
    assert adjusted_rand_score(found[both], labels[both]) >= 0.75


def test_v30_two_camps_are_made_again(two_camps: Votes) -> None:
    camp = np.repeat([0, 1], [40, 20])
    for found in (polis_groups(two_camps), polis_groups_of_many_starts(two_camps)):
        assert found.max() == 1
        assert adjusted_rand_score(camp, found) >= 0.8


def test_seven_votes_bring_somebody_inside_and_fifteen_people_are_filled_up(votes_of: VotesOf) -> None:
    rows = ["+-+-+-+"] * 14 + ["++.....", "+++....", "++++...", "......."]
    assert np.flatnonzero(people_inside(votes_of(rows))).tolist() == [*range(14), 16]
    assert np.flatnonzero(people_inside(votes_of(["+-+-+-+", *rows]))).tolist() == [*range(15)]


def test_few_votes_are_stretched_outwards(votes_of: VotesOf) -> None:
    votes = votes_of(["++", "++", "--", "--", "+."])
    # Means 1/5 and 0, the missing vote lies at its mean; both present votes count √(2/2), the lonely one √2.
    found = projection(votes, [])
    assert found[0] == pytest.approx(found[1])
    table = np.array([[0.8, 1], [0.8, 1], [-1.2, -1], [-1.2, -1], [0.8, 0]])
    lengths = np.linalg.norm(table, axis=1) * np.array([1, 1, 1, 1, np.sqrt(2)])
    assert np.linalg.norm(found, axis=1) == pytest.approx(lengths)


def test_a_rejected_column_is_nought_for_everybody(votes_of: VotesOf) -> None:
    one, other = votes_of(["++-", "--+", "+--"]), votes_of(["+++", "--.", "+-0"])
    assert np.abs(projection(one, [2])) == pytest.approx(np.abs(projection(other, [2])))


def test_k_means_starts_from_the_first_different_points_by_hand() -> None:
    points = np.array([[0.0, 0.0], [0.0, 0.0], [1.0, 0.0], [10.0, 0.0]])
    centres, labels = k_means(points, np.ones(4), 2, 20)
    assert centres.tolist() == [[1 / 3, 0.0], [10.0, 0.0]]
    assert labels.tolist() == [0, 0, 0, 1]
    heavy, _ = k_means(points, np.array([1.0, 1.0, 2.0, 1.0]), 2, 20)
    assert heavy.tolist() == [[0.5, 0.0], [10.0, 0.0]]


def test_of_equal_silhouettes_the_one_with_more_groups_is_taken() -> None:
    points = np.array([[0.0, 0.0], [1.0, 0.0], [10.0, 0.0], [11.0, 0.0]])
    two, one = np.array([0, 0, 1, 1]), np.array([0, 0, 0, 0])
    assert best_silhouette(points, [two, one]) is two
    assert best_silhouette(points, [one, two[::-1], two]) is two
