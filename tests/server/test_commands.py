import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

import pytest
from sqlalchemy import update

from panels import codes, history, login, members, panels, people, permissions
from panels.codes import CodeKind
from panels.database import Engine, connect, reading, writing
from panels.history import HistoryLine, HistoryOpening
from panels.members import Member
from panels.signs import plain
from server.__main__ import main
from tests.serve import free_port

SECRET = "c" * 32


class Outcome(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


Command = Callable[..., Outcome]


@pytest.fixture
def raati(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    """Run the command in a folder of its own and give what it said."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("RAATI_")]:
        monkeypatch.delenv(name)
    mask = os.umask(0o077)

    def run(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["raati", *arguments])
        status: object = 0
        try:
            main()
        except SystemExit as ending:
            status = ending.code or 0
        said = capsys.readouterr()
        return Outcome(int(str(status)), said.out, said.err)

    yield run
    os.umask(mask)


@pytest.fixture
def database(raati: Command, tmp_path: Path) -> Iterator[Engine]:
    """Give the migrated database of the command with a panel that has not opened."""
    assert raati("migrate").status == 0
    engine = connect(f"sqlite:///{tmp_path / 'var/raati.db'}")
    with writing(engine) as db:
        words = {"fi": "Kirjasto", "sv": "Bibliotek"}
        draft = panels.Draft("library", panels.PanelKind.RESIDENTS_PANEL, words, words)
        panels.create(db, draft, creator=people.ensure(db, "eero@example.fi").id)
    yield engine
    engine.dispose()


def told_in_one_line(outcome: Outcome, sentence: str) -> bool:
    return outcome.status == 1 and outcome.err == f"raati: {sentence}\n"


def test_migrate_makes_the_tables_and_can_be_run_again(raati: Command, tmp_path: Path) -> None:
    assert raati("migrate") == (0, "The tables are those of this release.\n", "")
    assert raati("migrate").status == 0
    assert {file.stat().st_mode & 0o077 for file in (tmp_path / "var").iterdir()} == {0}


def test_a_wrong_setting_stops_every_command_with_one_line(
    raati: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAATI_DEMO", "perhaps")
    for command in (("serve",), ("work",), ("migrate",), ("demo",), ("codes", "library", "1")):
        assert told_in_one_line(raati(*command), "RAATI_DEMO: must be 1 or 0"), command


def test_a_database_that_is_away_is_told_in_one_line(
    raati: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RAATI_DATABASE", f"postgresql://nobody@/nothing?host={tmp_path}")
    monkeypatch.setenv("RAATI_SECRET", SECRET)
    outcome = raati("migrate")
    assert outcome.status == 1
    assert outcome.err.startswith("raati: The database cannot be had: ")
    assert outcome.err.count("\n") == 1


def test_a_weak_database_is_told_in_one_line(raati: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("panels.database.PRAGMAS", {"journal_mode": ("DELETE", "wal")})
    assert told_in_one_line(raati("migrate"), "SQLite has journal_mode = delete, needed is wal")


def test_wrong_use_exits_with_two(raati: Command) -> None:
    for arguments in (
        ("paint",),
        ("codes", "library"),
        ("codes", "library", "0"),
        ("codes", "library", "1", "--kind", "paper"),
        ("sheets", "library", "sheets.pdf"),
        ("demo", "--date", "yesterday"),
        ("staff", "eero", "--role", "moderator"),
        ("staff", "eero@example.fi", "--role", "king"),
        ("staff", "eero@example.fi", "--role", "resident"),
        ("import-polis", "somewhere"),
        ("serve", "--port", "many"),
    ):
        assert raati(*arguments).status == 2, arguments


def test_staff_makes_the_first_administrator(raati: Command, database: Engine) -> None:
    outcome = raati("staff", "Anna@Example.fi", "--role", "administrator")
    assert outcome == (0, "anna@example.fi is administrator in all panels.\n", "")
    with reading(database) as db:
        anna = people.by_email(db, "anna@example.fi")
        assert anna is not None
        assert members.arrive_as(db, "library", anna.id).roles == (permissions.Role.ADMINISTRATOR,)


def test_staff_gives_a_role_in_one_panel(raati: Command, database: Engine) -> None:
    outcome = raati("staff", "outi@example.fi", "--role", "council_secretary", "--panel", "library")
    assert outcome == (0, "outi@example.fi is council secretary in library.\n", "")
    with reading(database) as db:
        outi = people.by_email(db, "outi@example.fi")
        assert outi is not None
        assert members.arrive_as(db, "library", outi.id).staff is permissions.Role.COUNCIL_SECRETARY
    missing = raati("staff", "minna@example.fi", "--role", "moderator", "--panel", "harbour")
    assert told_in_one_line(missing, "There is no harbour.")
    with reading(database) as db:
        assert people.by_email(db, "minna@example.fi") is None


def test_login_link_prints_the_link_and_then_its_code(
    raati: Command, database: Engine, tmp_path: Path
) -> None:
    outcome = raati("login-link", "eero@example.fi")
    assert outcome.status == 0
    link, code = outcome.lines
    assert link.startswith("http://127.0.0.1:8000/fi/login/")
    key = (tmp_path / "var/secret").read_text(encoding="utf-8")
    with reading(database) as db:
        request = login.find(db, link.rpartition("/")[2], key=key)
        assert request is not None
        assert login.is_code(request, code, key=key)
    assert told_in_one_line(raati("login-link", "ville@example.fi"), "There is no ville@example.fi.")


def test_codes_prints_one_a_line_and_each_opens(raati: Command, database: Engine) -> None:
    outcome = raati("codes", "library", "2")
    assert outcome.status == 0
    assert len(set(outcome.lines)) == 2
    with reading(database) as db:
        for printed in outcome.lines:
            assert codes.prove(plain(printed), codes.look_up(db, plain(printed))) is not None
        assert db.query(codes.Code.kind).distinct().all() == [(CodeKind.REGISTRATION,)]
        assert db.query(Member).count() == 0
    assert told_in_one_line(raati("codes", "harbour", "2"), "There is no harbour.")


@pytest.mark.usefixtures("database")
def test_n12_sheets_are_printed_with_the_codes_that_were_made(raati: Command, tmp_path: Path) -> None:
    """N12"""
    listed, printed = tmp_path / "codes.txt", tmp_path / "sheets.pdf"
    listed.write_text(raati("codes", "library", "2", "--kind", "member").out)
    asked = ("--codes", str(listed), "--language", "sv", "--reading", "large")
    assert raati("sheets", "library", str(printed), *asked).status == 0
    assert printed.read_bytes().startswith(b"%PDF")
    assert printed.stat().st_mode & 0o077 == 0, "who has a code has a seat"
    assert told_in_one_line(raati("sheets", "attic", str(printed), *asked), "There is no attic.")
    for wrong in ("", "7K4M-Q2XD-9TRA-8"):
        listed.write_text(wrong)
        assert raati("sheets", "library", str(printed), *asked).status == 2


def test_codes_of_members_come_with_seats_that_nobody_holds_yet(raati: Command, database: Engine) -> None:
    assert len(raati("codes", "library", "3", "--kind", "member").lines) == 3
    with reading(database) as db:
        assert [member.person_id for member in db.query(Member)] == [None] * 3


def test_demo_is_made_once_and_on_a_day_of_its_calendar(raati: Command) -> None:
    early = raati("demo", "--date", "2026-08-01")
    assert told_in_one_line(early, "The demo's panel begins on 2026-08-24. Choose that day or a later one.")
    assert raati("demo", "--date", "2026-10-26") == (0, "The demo is ready.\n", "")
    again = raati("demo", "--date", "2026-08-24")
    assert again == (0, "The demo is there already. It was left as it is.\n", "")


@pytest.mark.usefixtures("database")
def test_demo_is_refused_beside_other_panels(raati: Command) -> None:
    sentence = "There are other panels in this database. Make the demo in one of its own."
    assert told_in_one_line(raati("demo"), sentence)


def test_import_polis_tells_what_it_found(raati: Command, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "comments.csv").write_text(
        "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
        "1,x,0,0,2,0,1,Keep the library open.\n"
        "1,x,1,0,0,2,1,Close the library.\n",
        encoding="utf-8",
    )
    (folder / "participants-votes.csv").write_text(
        "participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1\n0,0,2,2,1,1,1,-1\n1,0,0,2,1,1,1,-1\n",
        encoding="utf-8",
    )
    outcome = raati("import-polis", str(folder), "--slug", "polis", "--json")
    assert (outcome.status, outcome.err) == (0, "")
    assert len(outcome.lines) == 1
    report = json.loads(outcome.out)
    assert (report["participants"], report["statements"], report["votes"]) == (2, 2, 4)
    taken = raati("import-polis", str(folder), "--slug", "polis")
    assert told_in_one_line(taken, "This address is taken. Choose another.")
    assert "participants: 2" in raati("import-polis", str(folder), "--slug", "polis-again").lines


def test_import_polis_tells_which_file_is_wrong(raati: Command) -> None:
    outcome = raati("import-polis", "nowhere", "--slug", "polis")
    assert outcome.status == 1
    assert outcome.err.startswith("raati: comments.csv: ")


def test_work_is_for_postgresql(raati: Command) -> None:
    sentence = "raati work is for PostgreSQL. On SQLite raati serve does the work itself."
    assert told_in_one_line(raati("work"), sentence)


def test_serve_migrates_says_its_address_and_is_alone_on_sqlite(
    raati: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    port = free_port()
    monkeypatch.setenv("RAATI_BASE_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("RAATI_DEMO", "1")
    program = [sys.executable, "-m", "server", "serve"]
    errors = tmp_path / "errors"
    with errors.open("w") as file, subprocess.Popen(program, stdout=subprocess.PIPE, stderr=file) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().decode().strip()
            assert address == f"http://127.0.0.1:{port}/fi/demo", errors.read_text()
            with urlopen(address) as answer:
                assert answer.status == 200
                assert "server" not in answer.headers
            assert "Address already in use" in raati("serve").err
            second = raati("serve", "--port", str(free_port()))
            alone = "another process serves it; for several processes use PostgreSQL"
            assert told_in_one_line(second, f"The database cannot be had: {alone}")
        finally:
            process.terminate()
    assert process.wait(10) in (0, -15)
    assert errors.read_text() == ""


@pytest.mark.usefixtures("database")
def test_doctor_says_how_things_stand(raati: Command) -> None:
    outcome = raati("doctor")
    assert outcome.status == 0
    assert all(re.match(r"(ok  |warn) \w+ +[A-Z].*\.", line) for line in outcome.lines), outcome.out
    assert "ok   tables     The tables are those of this release." in outcome.lines


def test_doctor_exits_with_one_if_something_fails(raati: Command) -> None:
    outcome = raati("doctor")  # before the first migration
    assert outcome.status == 1
    assert "fail tables     The tables are not those of this release: run raati migrate." in outcome.lines


def test_verify_checks_the_history_of_every_panel(raati: Command, database: Engine) -> None:
    with writing(database) as db:
        head = history.last(db, 1)
        assert head is not None
        words = {"fi": "Satama", "sv": "Hamn"}
        draft = panels.Draft("harbour", panels.PanelKind.RESIDENTS_PANEL, words, words)
        panels.create(db, draft, creator=None)
    told = raati("verify")
    assert (told.status, told.lines) == (0, [f"library: good, head 1 {head.hash}", "harbour: no lines yet"])
    with writing(database) as db:
        db.execute(update(HistoryLine).values(at="2026-01-01T00:00Z", act="panel_opened"))
        db.execute(update(HistoryOpening).values(details={"role": "moderator"}))
    told = raati("verify")
    bad = "library: line 1 has other details than those it was written with"
    assert (told.status, told.lines) == (1, [bad, "harbour: no lines yet"])
