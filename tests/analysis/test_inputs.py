from pathlib import Path

import pytest

from analysis import VotesError
from analysis.inputs import VoteFile, read_votes

LOG = "timestamp,comment-id,voter-id,vote\n{}"
ROWS = ["1500000000000,1,7,1", "1500000000000,2,7,-1", "1500000000000,1,8,1", "1500000001000,1,8,0"]
COMMENTS = "comment-id,agrees,disagrees,moderated,comment-body\n1,0,2,0,one\n2,1,0,0,two\n"


def read(folder: Path, text: str, name: str = "votes.csv") -> VoteFile:
    (folder / name).write_text(text, encoding="utf-8")
    return read_votes(folder / name)


def entries(found: VoteFile) -> list[int]:
    return list(found.votes.vote.tolist())


def log(*rows: str) -> str:
    return LOG.format("\n".join(rows or ROWS))


def test_a_log_alone_is_believed_and_its_revotes_counted(tmp_path: Path) -> None:
    found = read(tmp_path, log())
    assert (found.kind, found.sign, found.time_unit, found.revotes) == ("log", "assumed", "ms", 1)
    assert entries(found) == [1, -1, 0]


def test_the_statements_of_the_export_tell_that_the_log_is_turned(tmp_path: Path) -> None:
    (tmp_path / "comments.csv").write_text(COMMENTS)
    found = read(tmp_path, log())
    assert (found.sign, entries(found)) == ("turned", [-1, 1, 0])


def test_the_matrix_of_the_export_tells_the_sign_but_brings_no_people(tmp_path: Path) -> None:
    (tmp_path / "participants-votes.csv").write_text("participant,1,2\n7,1,-1\n8,0,\n99,1,1\n")
    found = read(tmp_path, log())
    assert (found.sign, found.votes.person_ids) == ("checked", ("7", "8"))


def test_a_log_of_another_name_is_not_judged_by_files_that_happen_to_lie_beside_it(tmp_path: Path) -> None:
    (tmp_path / "comments.csv").write_text(COMMENTS)
    assert read(tmp_path, log(), "ours.csv").sign == "assumed"


@pytest.mark.parametrize(
    ("header", "sign"), [("participant,n-agree,1", "checked"), ("participant,xid,1", "assumed")]
)
def test_a_matrix_is_checked_by_its_own_counts(tmp_path: Path, header: str, sign: str) -> None:
    found = read(tmp_path, f"{header}\na,1,1\nb,0,-1\nc,0,\n")
    assert (found.kind, found.sign, found.time_unit, found.revotes) == ("matrix", sign, None, 0)
    assert found.votes.person_ids == ("a", "b", "c")


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("", "empty", "votes.csv: the file is empty"),
        ("participant,1\n", "empty", "votes.csv: the file has no votes"),
        ("participant,xid\n1,x\n", "columns", "votes.csv, line 1: no column is a statement"),
        ("participant,1,1\n4,1,1\n", "columns", "votes.csv, line 1: two columns are named '1'"),
        ("participant,1\n4,1\n4,1,1\n", "cells", "votes.csv, line 3: 3 cells instead of 2"),
        ("participant,1,2\n4,1,1\n5,,\n", "people", "votes.csv: only one person has voted"),
        ("person,statement,vote\n1,1,yes\n", "value", "votes.csv, line 2: 'yes' in column 'vote'"),
        ("person,statement,vote\n1,1,7\n", "value", "votes.csv, line 2: '7' in column 'vote'"),
        ("person,statement,vote\n1,1,1\n-1,1,1\n", "index", "votes.csv, line 3: '-1' in column 'person'"),
        ("person,statement,vote\n1,-2,1\n", "index", "votes.csv, line 2: '-2' in column 'statement'"),
        ("participant,-1\n1,1\n", "index", "votes.csv, line 1: '-1' in column '-1'"),
        ("participant,1\n,\n", "index", "votes.csv, line 2: '' in column 'participant'"),
    ],
)
def test_what_no_analysis_can_be_made_of_is_named(tmp_path: Path, text: str, code: str, message: str) -> None:
    with pytest.raises(VotesError) as caught:
        read(tmp_path, text)
    assert caught.value.code == code
    assert str(caught.value).startswith(message)
