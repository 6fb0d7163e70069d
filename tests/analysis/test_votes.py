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
    with pytest.raises(VotesError, match=word) as caught:
        Votes.from_arrays(person, statement, vote, people=2, statements=2)
    assert caught.value.code == code


def test_columns_left_out_are_as_if_they_had_never_been_there() -> None:
    votes = Votes.from_arrays([0, 0, 1, 1], [0, 1, 1, 2], [1, -1, 0, 1], people=2, statements=3)
    rest = votes.without([1, 1])
    assert entries(rest) == [(0, 0, 1), (1, 1, 1)]
    assert (rest.people, rest.statements) == (2, 2)
    assert entries(votes.without([])) == entries(votes)


def test_ids_follow_their_columns_when_some_are_left_out(tmp_path: Path) -> None:
    votes = Votes.read_csv(write(tmp_path, "participant,7,3,12\nb,1,0,-1\na,,1,\n"))
    assert votes.without([0]).statement_ids == ("7", "12")
    assert votes.without([0]).person_ids == ("a", "b")


def test_an_unknown_column_cannot_be_left_out() -> None:
    with pytest.raises(VotesError, match="statement"):
        Votes.from_arrays([0], [0], [1], people=1, statements=1).without([1])


def test_a_matrix_leaves_empty_cells_unseen_and_sorts_numbers_as_numbers(tmp_path: Path) -> None:
    header = "participant,xid,group-id,n-comments,n-votes,n-agree,n-disagree,10,9"
    votes = Votes.read_csv(write(tmp_path, f"{header}\n10,x,0,0,2,1,1,1,-1\n9,,,0,0,0,0,,\n"))
    assert votes.person_ids == ("9", "10")
    assert votes.statement_ids == ("9", "10")
    assert entries(votes) == [(1, 0, -1), (1, 1, 1)]


def test_a_log_keeps_the_latest_vote_and_of_equal_times_the_later_line(tmp_path: Path) -> None:
    text = "timestamp,comment-id,voter-id,vote,note\n30,1,5,1,x\n20,1,5,-1,x\n10,2,5,1,x\n10,2,5,0,x\n"
    votes = Votes.read_csv(write(tmp_path, text))
    assert (votes.person_ids, votes.statement_ids) == (("5",), ("1", "2"))
    assert entries(votes) == [(0, 0, 1), (0, 1, 0)]


@pytest.mark.parametrize("person", ["participant", "person", "voter-id"])
def test_a_log_without_times_keeps_the_later_line(tmp_path: Path, person: str) -> None:
    votes = Votes.read_csv(write(tmp_path, f"{person},statement,vote\nann,s1,1\nann,s1,-1\n"))
    assert entries(votes) == [(0, 0, -1)]


def test_a_byte_order_mark_and_line_breaks_in_quotes_are_read(tmp_path: Path) -> None:
    text = 'person,statement,text,vote\n1,1,"two\nlines",1\n\n1,2,"a, b",+1\n'
    assert entries(Votes.read_csv(write(tmp_path, text, "utf-8-sig"))) == [(0, 0, 1), (0, 1, 1)]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "empty", 0),
        ("a,b\n1,2\n", "columns", 1),
        ("statement,vote\n1,1\n", "columns", 1),
        ("person,statement,vote\n1,1,1\n1,2\n", "cells", 3),
        ('person,statement,note,vote\n1,1,"two\nlines",1\n1,2,,7\n', "value", 4),
        ("participant,1\n4,x\n", "value", 2),
        ("timestamp,person,statement,vote\nnoon,1,1,1\n", "number", 2),
        ("person,statement,vote\n1,1," + "1" * 200_000, "cells", 2),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(tmp_path: Path, text: str, code: str, line: int) -> None:
    with pytest.raises(VotesError, match=r"votes\.csv") as caught:
        Votes.read_csv(write(tmp_path, text))
    assert (caught.value.code, caught.value.line, caught.value.file) == (code, line, "votes.csv")


def test_a_file_that_is_missing_or_not_utf8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(VotesError, match="cannot be read"):
        Votes.read_csv(tmp_path / "nothing.csv")
    with pytest.raises(VotesError, match="UTF-8"):
        Votes.read_csv(write(tmp_path, "participant,ä\n1,1\n", "latin-1"))
