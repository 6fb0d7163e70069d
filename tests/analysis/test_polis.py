import os
from pathlib import Path

import pytest

from analysis import VotesError, find_groups
from analysis.polis import PolisExport, read_polis

SHARED = os.environ.get("RAATI_SHARED")
COMMENTS = """timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1500000000000,x,2,7,1,1,1,"Two
lines, one text"
1500000000000,x,0,7,2,0,0,Zero
1500000000000,x,5,9,0,1,-1,Five
1500000000000,x,6,9,0,0,1,Six
"""
MATRIX = """participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,2,5
7,0,2,2,1,0,1,0,
9,,1,3,1,2,1,-1,-1
11,,0,0,0,0,,,
"""
LOG = """timestamp,datetime,comment-id,voter-id,vote
1500000003000,x,0,7,1
1500000005000,x,2,7,0
1500000001000,x,2,7,1
1500000002000,x,0,9,1
1500000002500,x,2,9,-1
1500000002600,x,5,9,-1
"""
WITHOUT_TIME = "\n".join(line.split(",", 1)[1] for line in LOG.splitlines())


def export(folder: Path, *, comments: str = COMMENTS, matrix: str = "", log: str = "") -> PolisExport:
    for name, text in (("comments.csv", comments), ("participants-votes.csv", matrix), ("votes.csv", log)):
        if text:
            (folder / name).write_text(text, encoding="utf-8")
    return read_polis(folder)


def turned(log: str) -> str:
    flipped = {"1": "-1", "-1": "1"}
    header, *rows = log.strip().splitlines()
    cells = (row.rsplit(",", 1) for row in rows)
    return "\n".join([header, *(f"{rest},{flipped.get(vote, vote)}" for rest, vote in cells)])


def in_seconds(log: str) -> str:
    return log.replace("000,x", ",x").replace("500,x", ",x").replace("600,x", ",x")


def entries(found: PolisExport) -> list[tuple[str, str, int]]:
    votes = found.votes
    assert votes.person_ids is not None
    assert votes.statement_ids is not None
    rows = zip(votes.person.tolist(), votes.statement.tolist(), votes.vote.tolist(), strict=True)
    return [(votes.person_ids[person], votes.statement_ids[column], vote) for person, column, vote in rows]


LATEST = [("7", "0", 1), ("7", "2", 0), ("9", "0", 1), ("9", "2", -1), ("9", "5", -1)]


def test_matrix_and_log_together_give_votes_texts_and_times(tmp_path: Path) -> None:
    found = export(tmp_path, matrix=MATRIX, log=LOG)
    assert entries(found) == LATEST
    assert found.votes.person_ids == ("7", "9", "11")
    assert (found.revotes, found.sign, found.time_unit, found.problems) == (1, "checked", "ms", ())
    assert found.times is not None
    assert [time - 1_500_000_000_000 for time in found.times.tolist()] == [3000, 5000, 2000, 2500, 2600]


def test_statements_keep_texts_authors_and_decisions(tmp_path: Path) -> None:
    found = export(tmp_path, matrix=MATRIX)
    assert [(one.id, one.column, one.rejected) for one in found.statements] == [
        ("0", 0, False),
        ("2", 1, False),
        ("5", 2, True),
        ("6", None, False),
    ]
    assert found.statements[1].body == "Two\nlines, one text"
    assert (found.statements[1].author, found.statements[1].moderated) == ("7", 1)
    assert found.rejected_columns == [2]


def test_statements_about_the_conversation_are_rejected_too(tmp_path: Path) -> None:
    comments = "comment-id,is-meta,comment-body\n0,true,Zero\n2,false,Two\n5,,Five\n"
    assert export(tmp_path, comments=comments, matrix=MATRIX).rejected_columns == [0]


def test_a_matrix_alone_is_checked_by_its_own_counts(tmp_path: Path) -> None:
    found = export(tmp_path, matrix=MATRIX)
    assert entries(found) == LATEST
    assert (found.sign, found.revotes, found.time_unit, found.times) == ("checked", 0, None, None)


def test_a_matrix_without_counts_is_taken_at_its_word(tmp_path: Path) -> None:
    assert export(tmp_path, matrix="participant,0\n7,1\n").sign == "assumed"


def test_a_matrix_beside_it_turns_a_log_round(tmp_path: Path) -> None:
    found = export(tmp_path, matrix=MATRIX, log=turned(LOG))
    assert (found.sign, found.problems) == ("turned", ())
    assert entries(found) == LATEST


@pytest.mark.parametrize(("log", "sign"), [(LOG, "checked"), (turned(LOG), "turned")])
def test_counts_of_the_statements_decide_about_a_log_in_milliseconds(
    tmp_path: Path, log: str, sign: str
) -> None:
    found = export(tmp_path, log=log)
    assert found.sign == sign
    assert entries(found) == LATEST


def test_a_log_in_seconds_proves_nothing_about_its_sign(tmp_path: Path) -> None:
    found = export(tmp_path, log=in_seconds(LOG))
    assert (found.sign, found.time_unit) == ("assumed", "s")
    assert found.times is not None
    assert found.times[0] == 1_500_000_003_000


def test_a_log_without_times_or_counts_is_taken_at_its_word(tmp_path: Path) -> None:
    found = export(tmp_path, log=WITHOUT_TIME)
    assert (found.sign, found.time_unit, found.times, found.revotes) == ("assumed", None, None, 1)
    comments = "comment-id,comment-body\n0,Zero\n2,Two\n5,Five\n"
    assert export(tmp_path, comments=comments, log=LOG).sign == "assumed"


def test_as_many_votes_for_both_signs_prove_nothing(tmp_path: Path) -> None:
    comments = "comment-id,agrees,comment-body\n0,1,Zero\n"
    log = "timestamp,comment-id,voter-id,vote\n1500000000000,0,1,1\n1500000000000,0,2,-1\n"
    assert export(tmp_path, comments=comments, log=log).sign == "assumed"


def test_an_empty_log_is_no_votes(tmp_path: Path) -> None:
    found = export(tmp_path, log="timestamp,comment-id,voter-id,vote\n")
    assert (found.votes.people, found.sign) == (0, "assumed")


def test_files_that_do_not_fit_are_listed_with_their_lines(tmp_path: Path) -> None:
    matrix = MATRIX.replace("9,,1,3,1,2", "9,,1,4,1,0")
    log = LOG.replace(",5,9,-1", ",8,9,-1") + "1500000002600,x,5\n"
    found = export(tmp_path, comments=COMMENTS + "1,2\n", matrix=matrix, log=log)
    assert [(problem.code, problem.file, problem.line) for problem in found.problems] == [
        ("cells", "comments.csv", 7),
        ("cells", "votes.csv", 8),
        ("counts", "participants-votes.csv", 3),
        ("counts", "participants-votes.csv", 3),
        ("unequal", "participants-votes.csv", 0),
        ("unequal", "participants-votes.csv", 0),
        ("no_text", "comments.csv", 0),
    ]
    assert (found.statements[-1].id, found.statements[-1].body) == ("8", "")


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"matrix": ""}, "neither"),
        ({"matrix": MATRIX, "comments": "comment-id\n0\n"}, r"comments\.csv, line 1"),
        ({"matrix": "person,0\n1,1\n"}, r"participants-votes\.csv, line 1"),
        ({"matrix": MATRIX.replace("-1,-1", "-1,2")}, r"participants-votes\.csv, line 3"),
        ({"matrix": MATRIX.replace("9,,1,3", "9,,1,x")}, r"participants-votes\.csv, line 3"),
        ({"log": LOG.replace("1500000002000", "noon")}, r"votes\.csv, line 5"),
    ],
)
def test_an_export_that_cannot_be_read_is_refused(tmp_path: Path, files: dict[str, str], words: str) -> None:
    with pytest.raises(VotesError, match=words):
        export(tmp_path, **files)


def test_without_the_statements_file_nothing_is_read(tmp_path: Path) -> None:
    with pytest.raises(VotesError, match=r"comments\.csv"):
        export(tmp_path, comments="", matrix=MATRIX)


@pytest.mark.skipif(SHARED is None, reason="needs RAATI_SHARED")
@pytest.mark.parametrize(
    ("folder", "people", "statements", "rejected", "votes", "rows"),
    [
        ("brexit-consensus", 204, 50, 0, 5_303, 5_312),
        ("15-per-hour-seattle", 339, 54, 23, 2_872, 2_995),
        ("scoop-hivemind.taxes", 334, 148, 57, 17_335, 17_379),
        ("canadian-electoral-reform", 448, 174, 22, 11_950, 12_018),
        ("london.youth.policing", 26, 36, 0, 638, 640),
        ("vtaiwan.uberx", 1_921, 197, 78, 49_443, 49_997),
    ],
)
def test_real_exports_read_without_an_error(
    folder: str, people: int, statements: int, rejected: int, votes: int, rows: int
) -> None:
    found = read_polis(Path(SHARED or "") / "data" / "polis" / folder)
    assert (found.votes.people, found.votes.statements, found.votes.vote.size) == (people, statements, votes)
    assert (len(found.rejected_columns), found.revotes) == (rejected, rows - votes)
    assert (found.sign, found.time_unit, found.problems) == ("checked", "ms", ())


@pytest.mark.skipif(SHARED is None, reason="needs RAATI_SHARED")
@pytest.mark.parametrize(
    ("folder", "verdict"), [("london.youth.policing", "too_few"), ("canadian-electoral-reform", "groups")]
)
def test_a_youth_council_has_too_few_answers_for_groups_and_a_large_round_enough(
    folder: str, verdict: str
) -> None:
    export = read_polis(Path(SHARED or "") / "data" / "polis" / folder)
    assert find_groups(export.votes.without(export.rejected_columns)).verdict == verdict
