"""An acknowledged vote is stored, whatever dies (T01–T05), and broken promises are found: the long form."""

from pathlib import Path

import pytest

from tests.benchmarks.votes import crowded
from tests.faults.runs import BAD_NETWORK, CRASHES, KILLS, LATE, RACE, harness

SEEDS = [1, 2, 3]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "options",
    [
        pytest.param(KILLS, id="SQLite killed"),
        pytest.param([*KILLS, "--postgresql"], id="PostgreSQL killed"),
        pytest.param([*KILLS, *CRASHES], id="PostgreSQL crashed"),
        pytest.param(["--kills", "12", "--faults", "kill", "stop", "freeze", *BAD_NETWORK], id="bad network"),
        pytest.param(["--seconds", "10", *RACE], id="R19 race"),
        pytest.param(["--seconds", "10", *RACE, "--postgresql"], id="R19 race on PostgreSQL"),
        pytest.param(["--seconds", "10", *LATE], id="R19 late requests"),
    ],
)
def test_every_acknowledged_vote_is_stored_once(options: list[str], seed: int) -> None:
    """R19"""
    report = harness(*options, seed=seed)
    assert report["violations"] == 0, report


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("mutant", "options", "kind"),
    [
        ("early", ["--kills", "6", "--statements", "6"], "LOST"),
        ("no-key", ["--seconds", "8", *RACE], "duplicate"),
        ("no-version", ["--seconds", "8", *LATE], "LOST"),
        ("unsynced", ["--kills", "5", "--statements", "100", *CRASHES], "LOST"),
    ],
)
def test_a_server_that_breaks_its_promise_is_found(
    mutant: str, options: list[str], kind: str, seed: int
) -> None:
    report = harness("--mutant", mutant, *options, seed=seed)
    assert report["kinds"].get(kind, 0) > 0, report


def test_v40_fifty_people_read_and_vote_for_a_minute(tmp_path: Path) -> None:
    """V40"""
    votes, reads, seconds = crowded(f"sqlite:///{tmp_path / 'crowd.db'}", 60)
    assert set(votes.statuses) | set(reads.statuses) == {200}
    assert votes.wait(95) < 300
    assert votes.wait(99) < 1000
    assert len(votes.waits) / seconds >= 100
