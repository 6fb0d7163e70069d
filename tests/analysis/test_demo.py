import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from analysis import OpinionGroups, StatementMeasure, Votes, find_groups, keep_letters, measure

ROOT = Path(__file__).parents[2]
ANOTHER_PROCESS = """
import sys
from analysis import Votes, find_groups
found = find_groups(Votes.read_csv("panels/demo_data/demo_votes.csv"))
sys.stdout.buffer.write(found.labels.tobytes() + found.confidence.tobytes() + found.positions.tobytes())
"""


@pytest.fixture(scope="module")
def measures(demo_votes: Votes, demo_groups: OpinionGroups) -> dict[int, StatementMeasure]:
    found = measure(demo_votes, demo_groups)
    return {int(name): one for name, one in zip(demo_votes.statement_ids or (), found, strict=True)}


def test_v34_the_demo_panel_has_its_three_planted_groups(
    demo_groups: OpinionGroups, demo_planted: NDArray[np.str_]
) -> None:
    active = demo_groups.labels >= 0
    assert demo_groups.count == 3
    assert active.sum() == 600
    assert adjusted_rand_score(demo_planted[active], demo_groups.labels[active]) >= 0.55


def test_v31_another_process_finds_the_same_to_the_last_bit(
    demo_groups: OpinionGroups,
) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "12345", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", ANOTHER_PROCESS]
    found = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True).stdout
    here = demo_groups.labels, demo_groups.confidence, demo_groups.positions
    assert found == b"".join(array.tobytes() for array in here)


def test_v34_the_most_dividing_statements_are_the_planted_ones(measures: dict[int, StatementMeasure]) -> None:
    ranked = sorted(measures, key=lambda name: -measures[name].dividing)
    assert set(ranked[:5]) == {16, 5, 39, 4, 6}
    assert all("dividing" in measures[name].claims for name in ranked[:5])


def test_v34_the_most_common_ground_is_the_planted_one(measures: dict[int, StatementMeasure]) -> None:
    ranked = sorted(measures, key=lambda name: -measures[name].common_ground)
    assert len(set(ranked[:5]) & {40, 22, 11, 10, 3}) >= 4
    assert all("common_ground_agree" in measures[name].claims for name in ranked[:5])


def test_lowest_groups_of_the_consensus_statements_are_those_of_the_reference(
    measures: dict[int, StatementMeasure],
) -> None:
    lowest = {40: 0.88, 11: 0.78, 10: 0.77, 22: 0.77}
    for name, share in lowest.items():
        assert min(group.agree_share for group in measures[name].by_group) == pytest.approx(share, abs=0.05)


def test_v44_a_tenth_more_votes_leave_the_groups_their_letters(
    demo_votes: Votes, demo_groups: OpinionGroups
) -> None:
    early = np.random.default_rng(0).random(demo_votes.vote.size) < 1 / 1.1
    before = find_groups(
        Votes.from_arrays(
            *(array[early] for array in (demo_votes.person, demo_votes.statement, demo_votes.vote)),
            people=demo_votes.people,
            statements=demo_votes.statements,
        ),
        groups=3,
    )
    published = [None if label < 0 else "CAB"[label] for label in before.labels.tolist()]
    letters = keep_letters(published, demo_groups.labels, 3)
    assert sorted(letters) == ["A", "B", "C"]
    now = [None if label < 0 else letters[label] for label in demo_groups.labels.tolist()]
    moved = [old != new for old, new in zip(published, now, strict=True) if old and new]
    assert np.mean(moved) <= 0.1
