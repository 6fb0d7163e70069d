import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select, text

from panels.database import (
    PRAGMAS,
    Base,
    Engine,
    Pulse,
    WeakDatabaseError,
    beat,
    clock_offset,
    connect,
    next_number,
    now,
    reading,
    serving_alone,
    set_clock,
    turn,
    writing,
)
from panels.errors import BusyError
from tests import postgresql as postgresql_server

NOON = 1_795_255_200.0


@pytest.fixture
def engine(either_database: str) -> Iterator[Engine]:
    made = connect(either_database)
    Base.metadata.create_all(made)
    yield made
    made.dispose()


def test_every_connection_to_sqlite_has_the_settings_that_keep_what_is_committed(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'raati.db'}")
    with engine.connect() as one, engine.connect() as other:
        for name, (_, expected) in PRAGMAS.items():
            assert one.exec_driver_sql(f"pragma {name}").scalar_one() == expected, name
            assert other.exec_driver_sql(f"pragma {name}").scalar_one() == expected, name
    engine.dispose()


def test_every_connection_to_postgresql_has_the_settings_that_keep_what_is_committed(postgresql: str) -> None:
    engine = connect(postgresql)
    with engine.connect() as connection:
        for name, expected in (
            ("fsync", "on"),
            ("full_page_writes", "on"),
            ("synchronous_commit", "on"),
            ("lock_timeout", "4s"),
            ("statement_timeout", "15s"),
            ("idle_in_transaction_session_timeout", "30s"),
        ):
            assert connection.exec_driver_sql(f"show {name}").scalar_one() == expected, name
    engine.dispose()


def test_a_weak_sqlite_is_refused_unless_allowed() -> None:
    engine = connect("sqlite://")  # a database in memory keeps no log
    with pytest.raises(WeakDatabaseError, match="SQLite has journal_mode = memory, needed is wal"):
        engine.connect()
    with connect("sqlite://", weak=True).connect() as connection:
        assert connection.exec_driver_sql("select 1").scalar_one() == 1


def test_a_weak_postgresql_is_refused_unless_allowed(testrun_uid: str) -> None:
    server = postgresql_server.start(f"{testrun_uid}-weak")  # of its own: the setting is the whole server's
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("alter system set full_page_writes = off")
        connection.execute("select pg_reload_conf()")
        while connection.execute("show full_page_writes").fetchone() != ("off",):
            time.sleep(0.01)
    strict, weak = connect(server.get_uri()), connect(server.get_uri(), weak=True)
    with pytest.raises(WeakDatabaseError, match="PostgreSQL has full_page_writes = off, needed is on"):
        strict.connect()
    with weak.connect() as allowed:
        assert allowed.exec_driver_sql("select 1").scalar_one() == 1
    weak.dispose()
    server.cleanup()


def test_the_clock_is_the_databases_and_can_be_set_and_runs_on(engine: Engine) -> None:
    with writing(engine) as db:
        assert abs(now(db) - time.time()) < 5
        assert clock_offset(db) == 0
        set_clock(db, NOON)
        assert abs(clock_offset(db) - (NOON - time.time())) < 5
    with reading(engine) as db:
        first = now(db)
        time.sleep(0.05)
        assert NOON <= first < now(db) < NOON + 60


def beat_and_fail(engine: Engine) -> float:
    with writing(engine) as db:
        beat(db)
        return 1 / 0


def test_what_is_written_stays_and_what_failed_leaves_nothing(engine: Engine) -> None:
    with writing(engine) as db:
        beat(db)
    with reading(engine) as db:
        kept = db.scalars(select(Pulse.at)).one()
    with pytest.raises(ZeroDivisionError):
        beat_and_fail(engine)
    with reading(engine) as db:
        assert db.scalars(select(Pulse.at)).one() == kept


def test_a_database_that_cannot_be_had_is_told_by_the_rules_own_error(tmp_path: Path) -> None:
    away = connect(f"sqlite:///{tmp_path / 'nowhere' / 'raati.db'}")
    with pytest.raises(BusyError, match="unable to open database file"), reading(away) as db:
        now(db)
    gone = connect(f"postgresql://nobody@/nothing?host={tmp_path}")
    with pytest.raises(BusyError, match="failed: No such file"), writing(gone) as db:
        now(db)


def test_a_full_sqlite_refuses_the_write(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'raati.db'}")
    Base.metadata.create_all(engine)
    with writing(engine) as db:
        db.execute(text("pragma max_page_count = 1"))  # never less than what there is
    with pytest.raises(BusyError, match="full"), writing(engine) as db:
        db.execute(text("create table parcels as select zeroblob(1000000) as weight"))
    engine.dispose()


def test_whoever_writes_on_sqlite_waits_for_the_turn(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'raati.db'}")
    Base.metadata.create_all(engine)
    done = threading.Event()

    def write() -> None:
        with writing(engine) as db:
            beat(db)
        done.set()

    with turn(engine):
        other = threading.Thread(target=write)
        other.start()
        assert not done.wait(0.1)
    other.join()
    assert done.is_set()
    assert (tmp_path / "raati.db.turn").stat().st_mode & 0o777 == 0o600
    engine.dispose()


def test_one_process_serves_an_sqlite_database_and_many_a_postgresql(
    engine: Engine, either_database: str
) -> None:
    other = connect(either_database)
    with serving_alone(engine):
        if engine.dialect.name == "sqlite":
            with pytest.raises(BusyError, match="another process serves it"), serving_alone(other):
                pass
        else:
            with serving_alone(other):
                pass
    with serving_alone(other):
        pass


def test_reading_on_sqlite_sees_one_state_whatever_is_written_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "raati.db"
    engine = connect(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    with reading(engine) as db:
        assert db.scalars(select(Pulse)).all() == []
        with sqlite3.connect(path) as other:
            other.execute("insert into pulse (id, at) values (1, 0)")
        other.close()
        assert db.scalars(select(Pulse)).all() == []
    engine.dispose()


def test_a_noun_is_numbered_within_its_panel(engine: Engine) -> None:
    with writing(engine) as db:
        assert [next_number(db, 1, "statements") for _ in range(3)] == [1, 2, 3]
        assert next_number(db, 1, "proposals") == 1
        assert next_number(db, 2, "statements") == 1


def test_two_who_ask_for_a_number_at_once_get_two(engine: Engine) -> None:
    def ask(_: int) -> int:
        with writing(engine) as db:
            return next_number(db, 1, "statements")

    with ThreadPoolExecutor(4) as crowd:
        assert sorted(crowd.map(ask, range(20))) == list(range(1, 21))
