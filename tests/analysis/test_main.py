import json
import os
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from analysis import VERSION, Votes
from analysis.__main__ import main

ROOT = Path(__file__).parents[2]


@pytest.fixture
def file(tmp_path: Path, two_camps: Votes) -> Path:
    rows = zip(two_camps.person.tolist(), two_camps.statement.tolist(), two_camps.vote.tolist(), strict=True)
    path = tmp_path / "in" / "camps.csv"
    path.parent.mkdir()
    path.write_text("\n".join(["person,statement,vote", *(f"p{p},{s},{v}" for p, s, v in rows)]))
    return path


def refused(capsys: pytest.CaptureFixture[str], out: Path, *arguments: str) -> str:
    """The one line that is said when nothing is written."""
    before = sorted(out.parent.iterdir())
    with pytest.raises(SystemExit) as left:
        main([*arguments, "--out", str(out)])
    assert left.value.code == 2
    assert sorted(out.parent.iterdir()) == before
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("analysis: ")
    assert said.err.count("\n") == 1
    assert said.err.endswith("\n")
    return said.err.removeprefix("analysis: ").rstrip()


def test_a_report_is_written_and_only_its_owner_may_read_it(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "report.json"
    main([str(file), "--out", str(out)])
    found = json.loads(out.read_text(encoding="utf-8"))
    assert (found["verdict"], found["counts"]["groups"], found["seed"]) == ("groups", 2, 0)
    assert len(found["people"]) == 60
    assert out.stat().st_mode & 0o777 == 0o600
    assert sorted(tmp_path.iterdir()) == [file.parent, out]
    assert capsys.readouterr() == ("", "")


def test_a_set_number_of_groups_a_seed_and_statements_to_leave_out(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "hidden.txt").write_text("\ufeff3\n\n 77 \n5\r\nx\n", encoding="utf-8")
    out = tmp_path / "report.json"
    out.write_text("old")
    main([str(file), "--out", str(out), "--exclude", str(tmp_path / "hidden.txt"), "--groups=3", "--seed=9"])
    found = json.loads(out.read_text(encoding="utf-8"))
    assert (found["counts"]["groups"], found["seed"], found["counts"]["excluded"]) == (3, 9, 2)
    assert {"3", "5"}.isdisjoint(statement["id"] for statement in found["statements"])
    assert capsys.readouterr().err.splitlines() == [
        "analysis: hidden.txt: no statement has the id '77'",
        "analysis: hidden.txt: no statement has the id 'x'",
    ]


def test_another_process_writes_the_same_bytes(file: Path, tmp_path: Path) -> None:
    here, there = tmp_path / "here.json", tmp_path / "there.json"
    main([str(file), "--out", str(here)])
    command = [sys.executable, "-m", "analysis", str(file), "--out", str(there)]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "12345"}, check=True)
    assert here.read_bytes() == there.read_bytes()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "votes.csv: the file is empty"),
        ("person,statement,vote\n1,1,yes\n", "votes.csv, line 2: 'yes' in column 'vote' is not −1, 0 or 1"),
        ("person,statement,vote\n1,1,7\n", "votes.csv, line 2: '7' in column 'vote' is not −1, 0 or 1"),
        (
            "person,statement,vote\n1,-1,1\n",
            "votes.csv, line 2: '-1' in column 'statement' is no id: it is empty or below 0",
        ),
        (
            "person,statement,vote\n1,1,1\n1,2,1\n",
            "votes.csv: only one person has voted; there is nothing to compare",
        ),
        ("person,statement,vote\n", "votes.csv: the file has no votes"),
        ("a,b\n1,2\n", "votes.csv, line 1: a matrix needs a column 'participant'"),
    ],
)
def test_bad_votes_are_refused_in_one_line(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "votes.csv").write_text(text)
    assert refused(capsys, tmp_path / "report.json", str(tmp_path / "votes.csv")) == said


def test_a_file_that_is_missing_or_not_utf8_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "latin.csv").write_bytes("participant,ä\n".encode("latin-1"))
    out = tmp_path / "report.json"
    assert refused(capsys, out, str(tmp_path / "no.csv")) == "no.csv: the file cannot be read"
    assert refused(capsys, out, str(tmp_path / "latin.csv")) == "latin.csv: the file is not UTF-8"


@pytest.mark.parametrize("groups", ["0", "6", "-1", "two"])
def test_a_number_of_groups_outside_one_to_five_is_refused(
    groups: str, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "argument --groups" in refused(capsys, tmp_path / "report.json", str(file), f"--groups={groups}")


@pytest.mark.parametrize("seed", ["-1", "1.5", "²", ""])
def test_a_seed_that_is_no_whole_number_is_refused(
    seed: str, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "argument --seed" in refused(capsys, tmp_path / "report.json", str(file), f"--seed={seed}")


def test_nothing_is_left_when_every_statement_is_left_out(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "all.txt").write_text("\n".join(map(str, range(30))))
    said = refused(capsys, tmp_path / "report.json", str(file), "--exclude", str(tmp_path / "all.txt"))
    assert said == "camps.csv: no vote is left without these statements"
    missing = refused(capsys, tmp_path / "report.json", str(file), "--exclude", str(tmp_path / "no.txt"))
    assert missing == "no.txt: the file cannot be read"


def test_the_report_never_takes_the_place_of_the_votes(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = file.read_bytes()
    assert refused(capsys, file, str(file)) == "the report would take the place of the votes"
    assert file.read_bytes() == before


def test_a_report_that_cannot_be_put_in_its_place_leaves_nothing(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "full").touch()
    assert "Is a directory" in refused(capsys, tmp_path / "folder", str(file), "--groups=1")
    with pytest.raises(SystemExit) as left:
        main([str(file), "--groups=1", "--out", str(tmp_path / "nowhere" / "report.json")])
    assert left.value.code == 2
    assert "No such file" in capsys.readouterr().err


def test_the_module_runs_as_a_command(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        sys, "argv", ["analysis", str(file), "--groups=1", "--out", str(tmp_path / "report.json")]
    )
    monkeypatch.delitem(sys.modules, "analysis.__main__")
    runpy.run_module("analysis", run_name="__main__")
    assert (tmp_path / "report.json").exists()


def test_the_reports_version_is_the_packages() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION
