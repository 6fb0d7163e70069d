from pathlib import Path

import numpy as np
import pytest

from analysis import Votes, VotesError


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "votes.csv"
    path.write_bytes(text.encode(encoding))
    return path


def entries(votes: Votes) -> list[tuple[int, int, int]]:
    return list(zip(votes.person.tolist(), votes.statement.tolist(), votes.vote.tolist(), strict=True))


def test_votes_are_sorted_and_the_later_vote_of_a_pair_wins() -> None:
    votes = Votes.from_arrays([1, 0, 1, 0], [0, 2, 0, 1], [1, -1, 0, 1], people=2, statements=3)
    assert entries(votes) == [(0, 1, 1), (0, 2, -1), (1, 0, 0)]
    assert (votes.people, votes.statements, votes.person_ids, votes.statement_ids) == (2, 3, None, None)


def test_votes_have_small_types_and_cannot_be_written_to() -> None:
    votes = Votes.from_arrays([0, 0], [0, 1], [1, -1], people=1, statements=2)
    assert [array.dtype for array in (votes.person, votes.statement, votes.vote)] == [
        np.int32,
        np.int16,
        np.int8,
    ]
    assert not any(array.flags.writeable for array in (votes.person, votes.statement, votes.vote))


@pytest.mark.parametrize(("statements", "dtype"), [(32_768, np.int16), (32_769, np.int32)])
def test_statement_numbers_grow_to_four_bytes_only_when_they_must(statements: int, dtype: type) -> None:
    votes = Votes.from_arrays([0], [statements - 1], [1], people=1, statements=statements)
    assert votes.statement.dtype == dtype
    assert votes.statement.tolist() == [statements - 1]


def test_the_callers_arrays_stay_as_they_are() -> None:
    person, statement, vote = np.array([1, 0]), np.array([0, 0]), np.array([1, -1])
    votes = Votes.from_arrays(person, statement, vote, people=2, statements=1)
    assert (person.tolist(), statement.tolist(), vote.tolist()) == ([1, 0], [0, 0], [1, -1])
    vote[0] = 0
    assert entries(votes) == [(0, 0, -1), (1, 0, 1)]


def test_no_votes_at_all_are_votes_too() -> None:
    assert entries(Votes.from_arrays([], [], [], people=3, statements=2)) == []


@pytest.mark.parametrize(
    ("person", "statement", "vote", "code", "word"),
    [
        ([0, 1], [0], [1], "lengths", "unequal"),
        ([2], [0], [1], "index", "person"),
        ([-1], [0], [1], "index", "person"),
        ([0], [2], [1], "index", "statement"),
        ([0], [0], [2], "value", "vote"),
        ([0.5], [0], [1], "value", "whole"),
        ([[0]], [[0]], [[1]], "value", "rows"),
    ],
)
def test_impossible_votes_are_refused(
    person: list[int], statement: list[int], vote: list[int], code: str, word: str
) -> None:
