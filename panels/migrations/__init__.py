"""Changes of the tables from release to release, made by one process while all others wait."""

import importlib
import pkgutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Enum, MetaData

import panels
from panels.database import Base, Engine, reachable, turn, writer_of

FOLDER = Path(__file__).parent
LOCK = 7_182_818_284  # any number that nobody else takes for an advisory lock of this database


class BrokenMigrationError(Exception):
    """A migration left rows that point to nothing; it was undone."""


def upgrade(engine: Engine) -> bool:
    """Bring the tables up to this release, all changes or none; return whether there was anything to do.

    A database of a newer release is left as it is: releases work with the tables of the next one.
    """
    with reachable(), alone(engine) as connection:
        found, wanted = stored(connection), scripts().get_current_head()
        if found == wanted or not is_known(found):
            return False
        if found is not None and engine.dialect.name == "sqlite":
            back_up(Path(str(engine.url.database)), found)
        command.upgrade(configuration(connection), "head")
        if engine.dialect.name == "sqlite" and connection.exec_driver_sql("pragma foreign_key_check").first():
            raise BrokenMigrationError(wanted)
        return True


def is_current(engine: Engine) -> bool:
    """Return whether the tables are those of this release, or of a newer one."""
    with reachable(), engine.connect() as connection:
        found = stored(connection)
    return found == scripts().get_current_head() or not is_known(found)


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that no other migration runs beside; commit at the end, roll back on any error."""
    with turn(engine), writer_of(engine) as connection:
        connection.detach()  # what is set here must not reach the pool
        if engine.dialect.name == "sqlite":  # a table that is made anew is dropped first, its rows stay right
            connection.connection.cursor().execute("pragma foreign_keys=off")
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql("set local statement_timeout = 0")
                connection.exec_driver_sql("set local lock_timeout = 0")
                connection.exec_driver_sql(f"select pg_advisory_xact_lock({LOCK})")
                connection.exec_driver_sql("set local lock_timeout = '4s'")
            yield connection


def back_up(database: Path, revision: str) -> Path:
    """Copy the database as it is before its migration; the copy stays until somebody deletes it."""
    copy = database.with_name(f"{database.name}.before-{revision}")
    copy.unlink(missing_ok=True)
    copy.touch(mode=0o600)
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


def stored(connection: Connection) -> str | None:
    """Return the migration that the database has reached, None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def is_known(revision: str | None) -> bool:
    """Return whether this release has the migration."""
    return revision is None or revision in {script.revision for script in scripts().walk_revisions()}


def configuration(connection: Connection | None = None) -> Config:
    """Return what alembic needs to know."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def scripts() -> ScriptDirectory:
    """Return the migrations of this release."""
    return ScriptDirectory.from_config(configuration())


def as_text(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Write enumerations as the plain text that they are stored as: migrations do not list their values."""
    return "sa.String()" if kind == "type" and isinstance(item, Enum) else False


def tables() -> MetaData:
    """Return the tables as the models of all nouns describe them."""
    for module in pkgutil.iter_modules(panels.__path__):
        if not module.ispkg:
            importlib.import_module(f"panels.{module.name}")
    return Base.metadata
