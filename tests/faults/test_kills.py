"""An acknowledged vote is stored, whatever dies (T01, T03, T04, R19): the form for every day."""

from tests.faults.runs import LATE, RACE, harness

FEW = ["--voters", "12"]


def test_no_vote_is_lost_when_the_server_is_killed() -> None:
    report = harness("--kills", "2", *FEW)
    assert (report["faults"]["kill"], report["violations"]) == (2, 0), report


def test_r19_two_tabs_of_one_person_leave_one_vote() -> None:
    """R19"""
    report = harness("--seconds", "5", *RACE, *FEW)
    assert (report["violations"], report["kinds"]) == (0, {}), report


def test_r19_a_request_that_comes_late_undoes_no_newer_vote() -> None:
    """R19"""
    report = harness("--seconds", "5", *LATE)
    assert report["faults"]["late"] > 20, report  # a busy machine sends fewer
    assert report["violations"] == 0, report
