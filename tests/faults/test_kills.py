"""An acknowledged vote is stored, whatever dies (T01–T05, R19); and each broken promise is found."""

import json
import subprocess
import sys
from typing import Any

import pytest

SEEDS = [1, 2, 3]
KILLS = ["--kills", "10"]
RACE = ["--two-tabs", "20", "--statements", "100"]
LATE = ["--late", "0.06", "--retries", "0"]
BAD_NETWORK = ["--lose-reply", "0.03", "--cut-request", "0.02", "--late", "0.05"]
CRASHES = ["--postgresql", "--faults", "crash"]


def harness(*options: str, seed: int = 1) -> dict[str, Any]:
    """Run one seed in a process of its own and return its report."""
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "tests.faults.fault_harness",
        "--seeds",
        str(seed),
        *options,
    ]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.stdout, ended.stderr
    report: dict[str, Any] = json.loads(ended.stdout)
    assert ended.returncode == bool(report["violations"]), ended.stderr
    assert report["acked"] > 100, f"too few votes to judge: {report}"
    return report


def test_no_vote_is_lost_when_the_server_is_killed() -> None:
    report = harness("--kills", "3")
    assert (report["faults"]["kill"], report["violations"]) == (3, 0), report


def test_r19_two_tabs_of_one_person_leave_one_vote() -> None:
    """R19"""
    report = harness("--seconds", "6", *RACE)
    assert (report["violations"], report["kinds"]) == (0, {}), report


def test_r19_a_request_that_comes_late_undoes_no_newer_vote() -> None:
    """R19"""
    report = harness("--seconds", "6", *LATE)
    assert report["faults"]["late"] > 50, report
    assert report["violations"] == 0, report


@pytest.mark.usefixtures("only_long")
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


@pytest.mark.usefixtures("only_long")
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
