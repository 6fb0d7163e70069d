import shutil
import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from panels import jobs, migrations
from panels.database import connect, now, set_clock, writing
from server import doctor
from server.languages import LOCALE
from tests.serve import free_port

Examine = Callable[..., dict[str, str]]


@pytest.fixture
def examine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Examine:
    """Examine an installation under the folder with these settings; give the state and sentence by name."""
    monkeypatch.chdir(tmp_path)

    def run(**settings: str) -> dict[str, str]:
        environment = {f"RAATI_{name}": value for name, value in settings.items()}
        return {check.name: f"{check.state}: {check.sentence}" for check in doctor.examine(environment)}

    return run


@pytest.fixture
def address(tmp_path: Path) -> str:
    """Give the address of a migrated database where the default one stands."""
    (tmp_path / "var").mkdir()
    found = f"sqlite:///{tmp_path / 'var/raati.db'}"
    engine = connect(found)
    migrations.upgrade(engine)
    engine.dispose()
    return found


@pytest.mark.usefixtures("address")
def test_an_installation_that_is_ready_passes_every_check(examine: Examine, tmp_path: Path) -> None:
    (tmp_path / "var/raati.db.jobs").touch()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        found = examine(BASE_URL="https://raati.example", MAIL=f"smtp://127.0.0.1:{port}")
    assert [name for name, told in found.items() if not told.startswith("ok: ")] == []
    assert list(found) == [
        *("languages", "settings", "address", "secret", "mail", "disk"),
        *("database", "durability", "tables", "writing", "clock", "jobs"),
    ]


def test_a_wrong_setting_ends_the_examination(examine: Examine) -> None:
    found = examine(DEMO="perhaps")
    assert found["settings"] == "fail: RAATI_DEMO: must be 1 or 0"
    assert list(found) == ["languages", "settings"]


def test_a_misspelt_setting_is_told(examine: Examine) -> None:
    assert examine(BASEURL="x")["settings"] == "warn: Nobody reads RAATI_BASEURL: misspelt?"


def test_a_message_without_a_translation_is_told(
    examine: Examine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(LOCALE, tmp_path / "locale")
    (tmp_path / "locale/sv/login.po").unlink()
    monkeypatch.setattr(doctor, "LOCALE", tmp_path / "locale")
    assert examine()["languages"].startswith("fail: Messages without a translation: ")


def test_a_secret_that_others_can_read_is_told(examine: Examine, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("k" * 32, encoding="utf-8")
    kept.chmod(0o644)
    assert examine(SECRET_FILE="kept")["secret"] == "fail: Others can read kept: run chmod 600 kept."
    kept.chmod(0o600)
    assert examine(SECRET_FILE="kept")["secret"] == "ok: Its owner alone can read kept."
    assert examine(SECRET="s" * 32)["secret"] == "ok: The secret is in the environment."


def test_a_mail_server_that_does_not_answer_is_told(examine: Examine) -> None:
    found = examine(MAIL=f"smtp://127.0.0.1:{free_port()}")
    assert found["mail"] == "fail: The server 127.0.0.1 cannot be reached: Connection refused."


def test_mails_in_a_folder_reach_nobody_but_in_a_demo(examine: Examine, tmp_path: Path) -> None:
    assert examine()["mail"].startswith("warn: Mails are kept in var/mail and reach nobody")
    assert examine(DEMO="1")["mail"] == "ok: Mails are kept in var/mail."
    (tmp_path / "file").touch()
    assert examine(MAIL="file/mail")["mail"] == "fail: Nothing can be written into file/mail."


def test_a_disk_that_is_nearly_full_is_told(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "SPARSE", 10**18)
    assert examine()["disk"].startswith("warn: The disk has ")
    monkeypatch.setattr(doctor, "SCARCE", 10**18)
    assert examine()["disk"].startswith("fail: The disk has ")


def test_a_database_that_is_away_ends_the_examination(examine: Examine, tmp_path: Path) -> None:
    found = examine(DATABASE=f"postgresql://nobody@/nothing?host={tmp_path}", SECRET="s" * 32)
    assert found["database"].startswith("fail: connection is bad")
    assert list(found)[-1] == "database"


@pytest.mark.usefixtures("address")
def test_a_weak_database_is_told(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert examine(WEAK_DURABILITY="1")["durability"].startswith("warn: RAATI_WEAK_DURABILITY=1")
    monkeypatch.setattr("panels.database.PRAGMAS", {"synchronous": ("OFF", 2)})
    assert examine()["durability"] == "fail: SQLite has synchronous = 0, needed is 2."


def test_tables_of_another_release_are_told(examine: Examine, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    found = examine()
    assert found["tables"] == "fail: The tables are not those of this release: run raati migrate."
    assert list(found)[-1] == "tables"


@pytest.mark.usefixtures("address")
def test_a_database_that_takes_no_write_is_told(
    examine: Examine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("panels.database.PRAGMAS", {"busy_timeout": ("20", 20)})
    other = sqlite3.connect(tmp_path / "var/raati.db", isolation_level=None)
    other.execute("begin immediate")
    assert examine()["writing"] == "fail: Nothing can be written: database is locked."
    other.close()


def test_a_clock_that_was_set_is_told_and_right_in_a_demo(examine: Examine, address: str) -> None:
    engine = connect(address)
    with writing(engine) as db:
        set_clock(db, 1_795_255_200.0)
    engine.dispose()
    assert examine()["clock"] == "fail: The clock was set for a demo: it is 2026-11-21."
    assert examine(DEMO="1")["clock"] == "ok: The clock was set for a demo: it is 2026-11-21."


def test_work_that_nobody_does_is_told(examine: Examine, address: str) -> None:
    assert examine()["jobs"] == "warn: The job runner has never run here: start raati serve."
    engine = connect(address)
    with writing(engine) as db:
        jobs.leave(db, "send_mail", template="login", request=1)
        set_clock(db, now(db) + jobs.LATE + 5)
    engine.dispose()
    assert examine()["jobs"].startswith("fail: Work has waited for minutes (1 pieces)")


def test_postgresql_passes_too(examine: Examine, postgresql: str) -> None:
    engine = connect(postgresql)
    migrations.upgrade(engine)
    engine.dispose()
    found = examine(DATABASE=postgresql, SECRET="s" * 32)
    assert found["database"] == "ok: PostgreSQL answers."
    assert found["jobs"] == "ok: No work waits for long."
