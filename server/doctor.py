"""Checks of an installation: each says in a sentence how things stand."""

import os
import shutil
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from babel.messages.pofile import read_po

from panels import jobs, migrations
from panels.database import Engine, WeakDatabaseError, beat, clock_offset, connect, now, reading, writing
from panels.errors import BusyError
from server import settings
from server.languages import LANGUAGES, LOCALE, ZONE
from server.settings import DEFAULT_DATABASE, Settings, SettingsError

SCARCE, SPARSE = 100_000_000, 1_000_000_000  # bytes free on the disk
PATIENCE = 5.0  # seconds for the mail server
NAMES = ("DATABASE", "BASE_URL", "MAIL", "SECRET", "DEMO", "PROXIES", "WEAK_DURABILITY")
NAMED = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
PORTS = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True)
class Check:
    """What was looked at and how it stands: ok, warn or fail."""

    state: str
    name: str
    sentence: str


def examine(environment: Mapping[str, str]) -> Iterator[Check]:
    """Yield all checks; those that need what failed before are left out."""
    yield languages()
    try:
        found = settings.read(environment)
    except SettingsError as error:
        yield Check("fail", "settings", str(error))
        return
    yield known_settings(environment)
    yield address(found)
    yield secret(environment)
    yield mail(found)
    yield disk(found)
    yield from database(found)


def database(found: Settings) -> Iterator[Check]:
    """Yield the checks of the database, as far as it can be had."""
    engine = connect(found.database, weak=found.weak_durability)
    try:
        with reading(engine) as db:
            db.connection()
    except (BusyError, WeakDatabaseError) as error:
        name = "durability" if isinstance(error, WeakDatabaseError) else "database"
        yield Check("fail", name, f"{' '.join(str(error).split())}.")
        return
    yield Check("ok", "database", f"{NAMED[engine.dialect.name]} answers.")
    if found.weak_durability:
        yield Check("warn", "durability", "RAATI_WEAK_DURABILITY=1: a power cut may lose votes.")
    else:
        yield Check("ok", "durability", "What is committed survives a power cut.")
    if not migrations.is_current(engine):
        yield Check("fail", "tables", "The tables are not those of this release: run raati migrate.")
        return
    yield Check("ok", "tables", "The tables are those of this release.")
    yield writes(engine)
    yield clock(found, engine)
    yield waiting(engine)
    engine.dispose()


def languages() -> Check:
    """Check that every message is there in every language."""
    translated = [translations(language) for language in LANGUAGES if language != "en"]
    everything = {message for messages in translated for message in messages}
    missing = sorted(message for message in everything if not all(message in known for known in translated))
    if missing:
        return Check(
            "fail", "languages", f"Messages without a translation: {len(missing)}, such as {missing[0]!r}."
        )
    return Check("ok", "languages", f"All {len(everything)} messages are there in every language.")


def translations(language: str) -> set[str]:
    """Return the messages that are translated into the language."""
    found = set()
    for path in (LOCALE / language).glob("*.po"):
        with path.open("rb") as file:
            found |= {str(message.id) for message in read_po(file) if message.id and message.string}
    return found


def known_settings(environment: Mapping[str, str]) -> Check:
    """Check that no setting is misspelt."""
    known = {f"RAATI_{name}{ending}" for name in NAMES for ending in ("", "_FILE")}
    unknown = sorted(name for name in environment if name.startswith("RAATI_") and name not in known)
    if unknown:
        return Check("warn", "settings", f"Nobody reads {', '.join(unknown)}: misspelt?")
    return Check("ok", "settings", "All settings can be read.")


def address(found: Settings) -> Check:
    """Check that others can come, and come safely."""
    if not found.secure:
        return Check("warn", "address", f"The pages stand at {found.base_url}, for this machine alone.")
    return Check("ok", "address", f"The pages stand at {found.base_url}.")


def secret(environment: Mapping[str, str]) -> Check:
    """Check that nobody else on this machine reads the secret."""
    name = environment.get("RAATI_SECRET_FILE", "")
    if not name and environment.get("RAATI_SECRET"):
        return Check("ok", "secret", "The secret is in the environment.")
    path = Path(name) if name else Path(DEFAULT_DATABASE).with_name("secret")
    if path.stat().st_mode & 0o077:
        return Check("fail", "secret", f"Others can read {path}: run chmod 600 {path}.")
    return Check("ok", "secret", f"Its owner alone can read {path}.")


def mail(found: Settings) -> Check:
    """Check that mail can leave."""
    server = urlsplit(found.mail)
    if server.scheme:
        try:
            place = (server.hostname or "", server.port or PORTS[server.scheme])
            socket.create_connection(place, timeout=PATIENCE).close()
        except OSError as error:
            return Check(
                "fail", "mail", f"The server {server.hostname} cannot be reached: {error.strerror or error}."
            )
        return Check("ok", "mail", f"The server {server.hostname} can be reached.")
    folder = Path(found.mail).resolve()
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        return Check("fail", "mail", f"Nothing can be written into {found.mail}.")
    if found.demo:
        return Check("ok", "mail", f"Mails are kept in {found.mail}.")
    return Check("warn", "mail", f"Mails are kept in {found.mail} and reach nobody: set RAATI_MAIL.")


def disk(found: Settings) -> Check:
    """Check that there is space left where the database or the mails are."""
    folder = Path(found.database.removeprefix("sqlite:///")).parent
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    state = "fail" if free < SCARCE else "warn" if free < SPARSE else "ok"
    return Check(state, "disk", f"The disk has {free / 1e9:.1f} GB free.")


def writes(engine: Engine) -> Check:
    """Check that a write reaches the database."""
    try:
        with writing(engine) as db:
            beat(db)
    except BusyError as error:
        return Check("fail", "writing", f"Nothing can be written: {error}.")
    return Check("ok", "writing", "Writing works.")


def clock(found: Settings, engine: Engine) -> Check:
    """Check that nobody has set the program's clock, but for a demo."""
    with reading(engine) as db:
        moved, today = clock_offset(db), datetime.fromtimestamp(now(db), ZONE).date()
    if not moved:
        return Check("ok", "clock", "The clock is the database's.")
    state = "ok" if found.demo else "fail"
    return Check(state, "clock", f"The clock was set for a demo: it is {today}.")


def waiting(engine: Engine) -> Check:
    """Check that somebody does the work that waits."""
    with reading(engine) as db:
        due, stuck = jobs.due(db), jobs.are_stuck(db)
    if stuck:
        return Check(
            "fail",
            "jobs",
            f"Work has waited for minutes ({len(due)} pieces): is raati serve or raati work running?",
        )
    if engine.dialect.name == "sqlite" and not Path(f"{engine.url.database}.jobs").exists():
        return Check("warn", "jobs", "The job runner has never run here: start raati serve.")
    return Check("ok", "jobs", "No work waits for long.")
