import os
from pathlib import Path

import pytest
from sqlalchemy import func, select

from panels import imports, members, panels, statements, summary
from panels.database import Engine, next_number, reading, writing
from panels.errors import RefusedError
from panels.imports import FileError, Report
from panels.panels import PhaseName
from panels.statements import Statement, Vote

COMMENTS = """timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1500000000000,-,0,1,2,1,1,"First, with
a line break"
1500000000000,-,2,9,1,1,0,Undecided stays
1500000000000,-,5,2,1,0,-1,Rejected goes
1500000000000,-,7,2,0,0,1,計程車需要公平的規則
"""
LOG = """timestamp,datetime,comment-id,voter-id,vote
1500000000000,-,0,1,{agree}
1500000060000,-,0,2,{disagree}
1500000120000,-,0,2,{agree}
1500086400000,-,0,3,{disagree}
1500000000000,-,2,1,0
1500000000000,-,2,3,{agree}
1500000000000,-,5,1,{agree}
"""
MATRIX = """participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,2,5
1,0,1,3,2,0,1,0,1
2,,1,1,1,0,1,,
3,1,0,2,1,1,-1,1,
4,,0,0,0,0,,,
"""
POLIS = [
    ("15-per-hour-seattle", Report(339, 54, 2872, 23, 123, "checked", "ms"), 2849),
    ("brexit-consensus", Report(204, 50, 5303, 0, 9, "checked", "ms"), 5303),
    ("canadian-electoral-reform", Report(448, 174, 11950, 22, 68, "checked", "ms"), 11855),
    ("london.youth.policing", Report(26, 36, 638, 0, 2, "checked", "ms"), 638),
    ("scoop-hivemind.taxes", Report(334, 148, 17335, 57, 44, "checked", "ms"), 17278),
    ("vtaiwan.uberx", Report(1921, 197, 49443, 78, 554, "checked", "ms"), 49348),
]
"""The folder, its report (the table of the data's README) and the votes on statements not rejected."""
shared = os.environ.get("RAATI_SHARED")


def write(
    folder: Path, *, agree: int = 1, matrix: bool = True, log: bool = True, seconds: bool = False
) -> Path:
    """Write an export of four people and four statements; its votes are the same in every form."""
    (folder / "comments.csv").write_text(COMMENTS, encoding="utf-8")
    (folder / "summary.csv").write_text('topic,Taxis in town\nurl,-\nconversation-description,"Two\nlines"\n')
    if log:
        text = LOG.format(agree=agree, disagree=-agree)
        text = text.replace("000,-", ",-") if seconds else text
        (folder / "votes.csv").write_text(text)
    if matrix:
        (folder / "participants-votes.csv").write_text(MATRIX)
    return folder


def stored(engine: Engine, slug: str) -> dict[tuple[int, int], tuple[int | None, float]]:
    """Return (choice, time) by order of the seat and number of the statement."""
    with reading(engine) as db:
        panel = panels.by_slug(db, slug)
        first = db.scalar(select(func.min(members.Member.id)).where(members.Member.panel_id == panel.id)) or 0
        rows = db.execute(
            select(Vote.member_id, Statement.number, Vote.choice, Vote.at)
            .join(Statement)
            .where(Statement.panel_id == panel.id)
        )
        return {(row[0] - first + 1, row[1]): (row[2], row[3]) for row in rows}


EXPECTED = {
    (1, 0): (1, 1_500_000_000.0),
    (2, 0): (1, 1_500_000_120.0),
    (3, 0): (-1, 1_500_086_400.0),
    (1, 2): (0, 1_500_000_000.0),
    (3, 2): (1, 1_500_000_000.0),
}


@pytest.mark.parametrize(
    ("agree", "seconds", "sign", "unit"), [(1, False, "checked", "ms"), (-1, True, "turned", "s")]
)
def test_v28_both_signs_and_time_units_give_the_same_panel(
    engine: Engine, tmp_path: Path, *, agree: int, seconds: bool, sign: str, unit: str
) -> None:
    report = imports.import_polis(engine, write(tmp_path, agree=agree, seconds=seconds), "taxis")
    assert report == Report(4, 3, 6, 1, 1, sign, unit)
    assert stored(engine, "taxis") == EXPECTED


def test_the_panel_is_closed_published_and_named_after_its_topic(engine: Engine, tmp_path: Path) -> None:
    imports.import_polis(engine, write(tmp_path), "taxis")
    with writing(engine) as db:
        panel = panels.by_slug(db, "taxis")
        visitor = members.arrive_as(db, "taxis", 1)
        found = summary.published(db, panel.id)
        assert panel.title == {"en": "Taxis in town"}
        assert (visitor.phase, panel.phases[0].name) == (None, PhaseName.VOTE)
        assert found is not None
        assert (found.voters, found.votes) == (3, 5)
        words = summary.wordings(db, panel.id)
        assert {number: found.texts for number, found in words.items()} == {
            0: {"en": "First, with\na line break"},
            2: {"en": "Undecided stays"},
            7: {"zh": "計程車需要公平的規則"},
        }
        assert statements.get(db, panel.id, 0).author_id is not None
        assert statements.get(db, panel.id, 2).author_id is None  # the author is not among the participants
        assert next_number(db, panel.id, "statements") == 8


def test_a_matrix_alone_is_enough(engine: Engine, tmp_path: Path) -> None:
    (write(tmp_path, log=False) / "summary.csv").unlink()
    assert imports.import_polis(engine, tmp_path, "taxis") == Report(4, 3, 6, 1, 0, "checked", None)
    assert {pair: choice for pair, (choice, _) in stored(engine, "taxis").items()} == {
        pair: choice for pair, (choice, _) in EXPECTED.items()
    }
    with reading(engine) as db:
        assert panels.by_slug(db, "taxis").title == {"en": "taxis"}


def test_only_rejected_statements_leave_an_empty_panel(engine: Engine, tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "comments.csv").write_text(
        COMMENTS.replace(',1,"', ',-1,"').replace(",0,Und", ",-1,Und").replace(",1,計", ",-1,計")
    )
    imports.import_polis(engine, tmp_path, "taxis")
    with reading(engine) as db:
        found = summary.published(db, panels.by_slug(db, "taxis").id)
        assert found is not None
        assert (found.voters, found.masked["statements"]) == (0, [])


@pytest.mark.parametrize(
    ("slug", "code"), [("library", "slug_taken"), ("new", "slug_taken"), ("Ei käy", "not_a_slug")]
)
def test_an_address_that_is_taken_or_none_is_refused(
    engine: Engine, tmp_path: Path, *, slug: str, code: str
) -> None:
    with pytest.raises(RefusedError) as caught:
        imports.import_polis(engine, write(tmp_path), slug)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("votes.csv", "1500000060000,-,0,2,-1", "1500000060000,-,0,2,3", "votes.csv, line 3"),
        ("votes.csv", "1500000060000,-,0,2,-1", "1500000060000,-,0,2", "votes.csv, line 3"),
        (
            "participants-votes.csv",
            "1,0,1,3,2,0,1,0,1",
            "1,0,1,9,2,0,1,0,1",
            "participants-votes.csv, line 2",
        ),
        ("comments.csv", "Undecided stays", "x" * 1001, "statement 2 needs 1 to 1000"),
        ("comments.csv", "Undecided stays", " ", "statement 2 needs 1 to 1000"),
        ("comments.csv", ",7,2,", ",seven,2,", "'seven' is no statement number"),
        ("comments.csv", "comment-id", "id", "comments.csv"),
    ],
)
def test_a_bad_file_is_named_with_its_line_and_nothing_is_stored(
    engine: Engine, tmp_path: Path, *, file: str, old: str, new: str, message: str
) -> None:
    path = write(tmp_path) / file
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(FileError, match=message):
        imports.import_polis(engine, tmp_path, "taxis")
    with reading(engine) as db:
        assert db.scalar(select(func.count()).select_from(panels.Panel)) == 2


def test_several_problems_are_counted(tmp_path: Path) -> None:
    write(tmp_path, matrix=False)
    (tmp_path / "votes.csv").write_text(LOG.format(agree=1, disagree=-1) + "1,2\n3\n")
    with pytest.raises(FileError, match=r"\(and 1 more\)"):
        imports.read(tmp_path)


def test_files_without_votes_or_without_any_file_are_refused(tmp_path: Path) -> None:
    write(tmp_path, matrix=False)
    (tmp_path / "votes.csv").write_text("timestamp,comment-id,voter-id,vote\n")
    with pytest.raises(FileError, match="no votes"):
        imports.read(tmp_path)
    with pytest.raises(FileError, match=r"comments\.csv"):
        imports.read(tmp_path / "nowhere")


def test_a_topic_that_cannot_be_read_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "summary.csv").write_bytes(b"topic,\xff\n")
    assert imports.title_of(tmp_path, "en") == {}
    (tmp_path / "summary.csv").write_text("topic,\n")
    assert imports.title_of(tmp_path, "en") == {}


@pytest.mark.skipif(not shared, reason="RAATI_SHARED names no folder with the shared data")
@pytest.mark.parametrize(("folder", "report", "counted"), POLIS, ids=[row[0] for row in POLIS])
def test_v27_v28_open_polis_conversations_are_imported_as_their_table_says(
    engine: Engine, *, folder: str, report: Report, counted: int
) -> None:
    slug = folder.replace(".", "-")
    assert imports.import_polis(engine, Path(str(shared)) / "data" / "polis" / folder, slug) == report
    with reading(engine) as db:
        found = summary.published(db, panels.by_slug(db, slug).id)
        assert found is not None
        assert found.votes == counted
