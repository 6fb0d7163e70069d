"""A hundred newcomers at once, and fifty people who read and vote: nobody is turned away (V24, V40)."""

from pathlib import Path

from tests.benchmarks.votes import SEATS, crowded, newcomers


def database(folder: Path) -> str:
    """Return the address of a database in the folder."""
    return f"sqlite:///{folder / 'crowd.db'}"


def test_v24_a_hundred_newcomers_join_and_vote_at_once(tmp_path: Path) -> None:
    """V24"""
    found = newcomers(database(tmp_path), votes=5)
    assert set(found.joining.statuses) == {200, 303}
    assert dict(found.voting.statuses) == {200: SEATS * 5}
    assert found.seats == SEATS


def test_v40_fifty_people_read_and_vote_and_nobody_is_turned_away(tmp_path: Path) -> None:
    """V40"""
    votes, reads, _ = crowded(database(tmp_path), 4)
    assert set(votes.statuses) | set(reads.statuses) == {200}
