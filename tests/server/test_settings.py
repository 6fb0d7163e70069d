import subprocess
import sys
from pathlib import Path

import pytest

from server.settings import Settings, SettingsError, read

SECRET = {"RAATI_SECRET": "s" * 32}


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_any_setting_everything_stands_under_var(tmp_path: Path) -> None:
    settings = read({})
    assert settings == Settings(
        database=f"sqlite:///{tmp_path}/var/raati.db",
        base_url="http://127.0.0.1:8000",
        mail="var/mail",
        secret=(tmp_path / "var/secret").read_text(encoding="utf-8"),
    )
    assert not settings.secure
    assert settings.host == "127.0.0.1:8000"
    assert settings.cookie("login") == "login"


def test_every_setting_can_be_given() -> None:
    settings = read(
        {
            "RAATI_DATABASE": "postgresql://raati:word@db.example:5433/raati",
            "RAATI_BASE_URL": "https://raati.example/",
            "RAATI_MAIL": "smtps://user:word@mail.example:465",
            "RAATI_SECRET": "x" * 40,
            "RAATI_DEMO": "1",
            "RAATI_PROXIES": "2",
            "RAATI_WEAK_DURABILITY": "1",
        }
    )
    assert settings == Settings(
        database="postgresql://raati:word@db.example:5433/raati",
        base_url="https://raati.example",
        mail="smtps://user:word@mail.example:465",
        secret="x" * 40,
        demo=True,
        proxies=2,
        weak_durability=True,
    )
    assert settings.secure
    assert settings.cookie("login") == "__Host-login"


def test_the_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    first = read({}).secret
    assert len(first) >= 32
    assert read({}).secret == first
    assert (tmp_path / "var/secret").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in (tmp_path / "var").iterdir()] == ["secret"]


def test_processes_that_make_the_secret_at_once_keep_the_same(tmp_path: Path) -> None:
    program = [sys.executable, "-c", "from server.settings import read; print(read({}).secret)"]
    running = [subprocess.Popen(program, cwd=tmp_path, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert len({process.communicate()[0] for process in running}) == 1


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("y" * 32 + "\n", encoding="utf-8")
    assert read({"RAATI_SECRET_FILE": "kept"}).secret == "y" * 32
    (tmp_path / "address").write_text("postgresql://raati@db/raati\n", encoding="utf-8")
    settings = read({"RAATI_DATABASE_FILE": "address", **SECRET})
    assert settings.database == "postgresql://raati@db/raati"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://Raati.Example", "https://raati.example"),
        ("https://raati.example:443/", "https://raati.example"),
        ("https://raati.example:8443", "https://raati.example:8443"),
        ("http://localhost:80", "http://localhost"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_base_address_is_kept_as_browsers_write_it(given: str, kept: str) -> None:
    assert read({"RAATI_BASE_URL": given}).base_url == kept


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("RAATI_DATABASE", "", "must be a path or an address"),
        ("RAATI_DATABASE", "mysql://db/raati", "must be a path or an address"),
        ("RAATI_DATABASE", "postgresql://db:port/raati", "is no address"),
        ("RAATI_DATABASE_FILE", "nowhere", "cannot read the file nowhere"),
        ("RAATI_BASE_URL", "", "must look like"),
        ("RAATI_BASE_URL", "raati.example", "must look like"),
        ("RAATI_BASE_URL", "ftp://raati.example", "must look like"),
        ("RAATI_BASE_URL", "https://raati.example/panels", "must look like"),
        ("RAATI_BASE_URL", "https://raati.example?x", "must look like"),
        ("RAATI_BASE_URL", "https://raati.example#x", "must look like"),
        ("RAATI_BASE_URL", "https://somebody@raati.example", "must look like"),
        ("RAATI_BASE_URL", "https://raati.example:https", "is no address"),
        ("RAATI_BASE_URL", "http://[::1", "is no address"),
        ("RAATI_BASE_URL", "http://raati.example", "http is allowed on this machine only"),
        ("RAATI_BASE_URL", "http://10.0.0.1", "http is allowed on this machine only"),
        ("RAATI_MAIL", "", "must be a folder or an address"),
        ("RAATI_MAIL", "smtp://", "must be a folder or an address"),
        ("RAATI_MAIL", "https://mail.example", "must be a folder or an address"),
        ("RAATI_MAIL", "smtp://mail.example:25x", "is no address"),
        ("RAATI_SECRET", "s" * 31, "must have at least 32 signs"),
        ("RAATI_SECRET_FILE", ".", "cannot read the file ."),
        ("RAATI_DEMO", "yes", "must be 1 or 0"),
        ("RAATI_PROXIES", "-1", "must be a number from 0 to 9"),
        ("RAATI_PROXIES", "10", "must be a number from 0 to 9"),
        ("RAATI_WEAK_DURABILITY", "true", "must be 1 or 0"),
    ],
)
def test_a_wrong_setting_is_told_in_one_clear_line(name: str, value: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read({**SECRET, name: value})
    assert str(caught.value).startswith(f"{name}: {sentence}")
    assert "\n" not in str(caught.value)


def test_a_database_of_ones_own_needs_a_secret_of_ones_own(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="RAATI_SECRET: is needed"):
        read({"RAATI_DATABASE": "own.db"})
    assert not (tmp_path / "var").exists()


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(b"\xff" * 40)
    with pytest.raises(SettingsError, match="RAATI_SECRET_FILE: cannot read"):
        read({"RAATI_SECRET_FILE": "kept"})
