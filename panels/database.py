"""The engine with its durability, the database's clock, and the turn to write."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ClauseElement,
    Connection,
    Engine,
    Enum,
    Float,
    MetaData,
    create_engine,
    event,
    func,
    select,
    text,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.sql.functions import FunctionElement

from panels.errors import BusyError

__all__ = [
    "NOW",
    "Base",
    "Engine",
    "Session",
    "Texts",
    "connect",
    "now",
    "reading",
    "scrub",
    "set_clock",
    "turn",
    "writing",
]

PRAGMAS = {
    "journal_mode": ("WAL", "wal"),
    "synchronous": ("FULL", 2),
    "busy_timeout": ("5000", 5000),
    "foreign_keys": ("ON", 1),
    "trusted_schema": ("OFF", 0),
    "secure_delete": ("ON", 1),
}
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
LIMITS = (
    "-c synchronous_commit=on -c lock_timeout=4s -c statement_timeout=15s"
    " -c idle_in_transaction_session_timeout=30s"
)


NAMES = {  # a constraint that has a name can be changed by a migration on both databases
    "pk": "%(table_name)s_key",
    "uq": "%(table_name)s_%(column_0_N_name)s_once",
    "ix": "%(table_name)s_by_%(column_0_N_name)s",
    "fk": "%(table_name)s_%(column_0_N_name)s_of_%(referred_table_name)s",
    "ck": "%(table_name)s_%(constraint_name)s",
}


def values_of(kind: type[StrEnum]) -> list[str]:
    """Return what is stored of an enumeration: its values, as raw SQL reads and writes them."""
    return [str(member.value) for member in kind]


Texts = dict[str, str]
"""One text by language: ``{"fi": …, "sv": …, "en": …}``; a resident's has the language it was written in."""


class WeakDatabaseError(Exception):
    """The database does not promise that a commit survives; the message says which setting is weak."""


class Base(DeclarativeBase):
    """Base of all tables. Enumerations are plain text, so that a new value needs no migration."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy declares it so
        StrEnum: Enum(StrEnum, native_enum=False, length=None, values_callable=values_of)
    }


class ClockOffset(Base):
    """How far the program's clock stands from the database's; only the demo and tests set it."""

    __tablename__ = "clock_offsets"

    id: Mapped[int] = mapped_column(primary_key=True)
    seconds: Mapped[float]


class Pulse(Base):
    """The one row that is written to find out whether writing works."""

    __tablename__ = "pulse"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[float]


class clock(FunctionElement[float]):  # noqa: N801  written like the SQL function that it is
    """The database's time in seconds since 1970."""

    type = Float()
    inherit_cache = True


@compiles(clock, "sqlite")
def _(*_: Any, **__: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(clock, "postgresql")
def _(*_: Any, **__: Any) -> str:
    return "cast(extract(epoch from clock_timestamp()) as float)"  # now() is the start of the transaction


NOW = clock() + func.coalesce(select(ClockOffset.seconds).scalar_subquery(), 0.0)
"""The program's time as an SQL expression, in seconds since 1970."""


def now(db: Session) -> float:
    """Return the program's time in seconds since 1970."""
    return float(db.execute(select(NOW)).scalar_one())


def beat(db: Session) -> None:
    """Write the pulse; fails where nothing can be written."""
    db.merge(Pulse(id=1, at=now(db)))
    db.flush()


def set_clock(db: Session, seconds: float) -> None:
    """Let the program's clock stand at ``seconds`` since 1970 and run on from there."""
    offset = seconds - db.execute(select(clock())).scalar_one()
    db.merge(ClockOffset(id=1, seconds=offset))
    db.flush()


def clock_offset(db: Session) -> float:
    """Return how many seconds the program's clock stands from the database's, 0 unless somebody set it."""
    return float(db.scalar(select(ClockOffset.seconds)) or 0)


def connect(url: str, *, weak: bool = False) -> Engine:
    """Return the engine on the database; each new connection proves its durability unless ``weak``."""
    return connect_sqlite(url, weak=weak) if url.startswith("sqlite") else connect_postgresql(url, weak=weak)


def connect_postgresql(url: str, *, weak: bool) -> Engine:
    """Return an engine whose connections time out and, unless weak, keep what they commit."""
    address = url.replace("postgresql://", "postgresql+psycopg://", 1)
    options: dict[str, Any] = {"connect_args": {"options": LIMITS}, "pool_size": 8, "pool_pre_ping": True}
    engine = create_engine(address, hide_parameters=True, **options)  # errors are logged, people are not

    @event.listens_for(engine, "connect")
    def check(connection: Any, _record: object) -> None:
        for name, value in DURABLE.items():
            found = connection.execute(f"show {name}").fetchone()[0]
            if found != value and not weak:
                raise WeakDatabaseError(f"PostgreSQL has {name} = {found}, needed is {value}")
        connection.rollback()

    return engine


def connect_sqlite(url: str, *, weak: bool) -> Engine:
    """Return an engine that says BEGIN itself and reads every pragma back."""
    engine = create_engine(url, hide_parameters=True, pool_size=8)  # the readers, the writer, some air

    @event.listens_for(engine, "connect")
    def settle(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is said below, not by the driver
        for name, (setting, expected) in PRAGMAS.items():
            connection.execute(f"pragma {name}={setting}")
            found = connection.execute(f"pragma {name}").fetchone()[0]
            if found != expected and not weak:
                raise WeakDatabaseError(f"SQLite has {name} = {found}, needed is {expected}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("begin immediate" if writes else "begin")

    return engine


@contextmanager
def reachable() -> Iterator[None]:
    """Raise BusyError for a database that is locked, full or away."""
    try:
        yield
    except OperationalError as error:
        raise BusyError(str(error.orig).strip()) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Open a transaction that only reads. Raises BusyError if the database cannot be had."""
    with reachable(), Session(engine, expire_on_commit=False) as db, db.begin():
        yield db


def writer_of(engine: Engine) -> Connection:
    """Return a connection whose transactions take the write lock first."""
    return engine.connect().execution_options(writes=True)


@contextmanager
def transaction(connection: Connection) -> Iterator[Session]:
    """Open a transaction on the connection; commit at the end, roll back on any error."""
    with (
        connection.begin(),
        Session(connection, join_transaction_mode="rollback_only", expire_on_commit=False) as db,
    ):
        yield db
        db.flush()


@contextmanager
def turn(engine: Engine) -> Iterator[None]:
    """Hold the turn to write, which a busy writer lets go first: SQLite's own waiting is not fair."""
    if engine.dialect.name != "sqlite":
        yield
        return
    file = os.open(f"{engine.url.database}.turn", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


@contextmanager
def serving_alone(engine: Engine) -> Iterator[None]:
    """Be the one process that serves the SQLite database. Raises BusyError if another one does."""
    if engine.dialect.name != "sqlite":
        yield
        return
    file = os.open(f"{engine.url.database}.serving", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise BusyError("another process serves it; for several processes use PostgreSQL") from error
    finally:
        os.close(file)


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """Open a short transaction of a command or a job: its turn, then the write lock, then a commit.

    Raises BusyError if the database cannot be had.
    """
    with reachable(), turn(engine), writer_of(engine) as connection, transaction(connection) as db:
        yield db


def scrub(engine: Engine) -> None:
    """Empty SQLite's log of writes, which still holds what was deleted; the file has overwritten it.

    Raises BusyError as long as somebody reads from the log.
    """
    if engine.dialect.name != "sqlite":
        return
    with turn(engine), closing(engine.raw_connection()) as connection:
        busy, *_ = connection.cursor().execute("pragma wal_checkpoint(truncate)").fetchone()
    if busy:
        raise BusyError("the log of writes is being read")


class Prepared:
    """A constant statement that is turned into SQL once a database; SQLAlchemy's way costs a vote 60 µs more.

    Values and rows are the driver's own: enumerations are text, and on SQLite truth is 0 or 1.
    """

    def __init__(self, statement: ClauseElement) -> None:
        """Keep the statement until a database asks for it."""
        self.statement, self.written = statement, dict[str, tuple[str, dict[str, Any]]]()

    def execute(self, db: Session, **values: Any) -> Any:
        """Run the statement with its values, named as its parameters are; return SQLAlchemy's result."""
        connection = db.connection()
        dialect = connection.dialect
        if dialect.name not in self.written:
            written: Any = type(dialect)  # with names, which both drivers take
            style = "named" if dialect.name == "sqlite" else "pyformat"
            compiled = self.statement.compile(dialect=written(paramstyle=style))
            self.written[dialect.name] = str(compiled), dict(compiled.params)
        sql, defaults = self.written[dialect.name]
        return connection.exec_driver_sql(sql, defaults | values)


def next_number(db: Session, panel: int, noun: str) -> int:
    """Return the next number of this noun within its panel; two who ask at once get two numbers."""
    row = {"panel": panel, "noun": noun}
    return int(db.execute(NEXT, row).scalar_one())


class Number(Base):
    """The last number given to a noun within a panel, such as statement 12."""

    __tablename__ = "numbers"

    panel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    noun: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


NEXT = text(
    "insert into numbers (panel_id, noun, last) values (:panel, :noun, 1)"
    " on conflict (panel_id, noun) do update set last = numbers.last + 1 returning last"
)
