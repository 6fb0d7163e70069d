import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, select, text
from sqlalchemy.exc import IntegrityError

from panels.database import Base, Engine, Number, Session, connect, next_number, reading
from panels.errors import BusyError, ClosedError
from panels.writer import MOST, Writer

Crowd = Callable[..., list[Any]]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = connect(f"sqlite:///{tmp_path / 'raati.db'}")
    Base.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def writer(engine: Engine) -> Iterator[Writer]:
    made = Writer(engine)
    yield made
    made.stop()


@pytest.fixture
def together(writer: Writer) -> Crowd:
    """Let all the work wait behind a first piece, so that the writer takes it as one batch."""

    def gather(*works: Callable[[Session], Any]) -> list[Any]:
        return asyncio.run(crowd(writer, *works))

    return gather


async def crowd(writer: Writer, *works: Callable[[Session], Any]) -> list[Any]:
    begun, held = threading.Event(), threading.Event()

    def hold(_: Session) -> None:
        begun.set()
        held.wait(10)

    first = asyncio.ensure_future(writer.run(hold))
    await asyncio.to_thread(begun.wait, 10)
    rest = [asyncio.ensure_future(writer.run(work)) for work in works]
    await asyncio.sleep(0)  # now all of them wait
    held.set()
    await first
    return await asyncio.gather(*rest, return_exceptions=True)


def number(db: Session) -> int:
    return next_number(db, 1, "statements")


def refuse(db: Session) -> int:
    number(db)
    raise ClosedError("vote")


def last(engine: Engine) -> int | None:
    with reading(engine) as db:
        return db.scalars(select(Number.last)).one_or_none()


def test_those_who_wait_together_share_one_commit(engine: Engine, together: Crowd) -> None:
    commits: list[Connection] = []
    event.listen(engine, "commit", commits.append)
    assert together(*[number] * 20) == list(range(1, 21))
    assert len(commits) == 2  # of the first, of the twenty behind it


def test_no_more_than_most_share_a_commit(engine: Engine, together: Crowd) -> None:
    commits: list[Connection] = []
    event.listen(engine, "commit", commits.append)
    assert together(*[number] * (MOST + 1)) == list(range(1, MOST + 2))
    assert len(commits) == 3


def test_an_answer_is_given_after_the_commit(engine: Engine, writer: Writer) -> None:
    async def ask() -> int | None:
        await writer.run(number)
        return await asyncio.to_thread(last, engine)

    assert asyncio.run(ask()) == 1


def test_a_refused_neighbour_leaves_nothing_and_stops_nobody(engine: Engine, together: Crowd) -> None:
    before, refused, after = together(number, refuse, number)
    assert (before, after) == (1, 2)
    assert isinstance(refused, ClosedError)
    assert last(engine) == 2


def test_a_neighbour_whose_flush_fails_stops_nobody(engine: Engine, together: Crowd) -> None:
    def twice(db: Session) -> None:
        db.add_all([Number(panel_id=9, noun="x", last=1), Number(panel_id=9, noun="x", last=2)])
        db.flush()

    before, failed, after = together(number, twice, number)
    assert (before, after) == (1, 2)
    assert isinstance(failed, IntegrityError)
    assert last(engine) == 2


def test_what_one_piece_of_work_left_in_the_session_is_not_the_next_ones(together: Crowd) -> None:
    def forget_to_flush(db: Session) -> None:
        db.add(Number(panel_id=9, noun="x", last=1))

    def look(db: Session) -> tuple[int, int]:
        return len(db.new), len(db.identity_map)

    assert together(forget_to_flush, look) == [None, (0, 0)]


def test_after_a_failed_commit_each_runs_alone(engine: Engine, together: Crowd) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "create table pairs (id int primary key,"
                " mate int references pairs deferrable initially deferred)"
            )
        )

    def marry_nobody(db: Session) -> None:
        db.execute(text("insert into pairs values (1, 2)"))  # refused at the commit, not before

    before, failed, after = together(number, marry_nobody, number)
    assert (before, after) == (1, 2)
    assert isinstance(failed, IntegrityError)
    assert last(engine) == 2


def test_a_full_disk_is_told_by_the_rules_own_error_and_the_others_are_stored(
    engine: Engine, together: Crowd
) -> None:
    def fill(db: Session) -> None:
        db.execute(text("pragma max_page_count = 1"))  # never less than what there is
        db.execute(text("create table parcels as select zeroblob(1000000) as weight"))

    before, failed, after = together(number, fill, number)
    assert (before, after) == (1, 2)
    assert isinstance(failed, BusyError)
    assert last(engine) == 2


def test_who_goes_away_while_waiting_stops_nobody(engine: Engine, writer: Writer) -> None:
    async def leave() -> int:
        gone = asyncio.ensure_future(writer.run(number))
        stays = asyncio.ensure_future(writer.run(number))
        await asyncio.sleep(0)
        gone.cancel()
        return await stays

    assert asyncio.run(leave()) == 2  # what was sent is stored, whoever waits for the answer
    assert last(engine) == 2


def test_stopping_finishes_what_waits(engine: Engine) -> None:
    writer = Writer(engine)

    async def stop() -> list[int]:
        tasks = [asyncio.ensure_future(writer.run(number)) for _ in range(5)]
        await asyncio.sleep(0)
        await asyncio.to_thread(writer.stop)
        return await asyncio.gather(*tasks)

    assert asyncio.run(stop()) == [1, 2, 3, 4, 5]
    assert not writer.thread.is_alive()


def test_the_writer_takes_up_work_again_after_its_connection_to_postgresql_was_lost(postgresql: str) -> None:
    engine = connect(postgresql)
    Base.metadata.create_all(engine)
    writer = Writer(engine)

    def lose(db: Session) -> None:
        db.execute(text("select pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(BusyError, match="terminating connection"):
        asyncio.run(writer.run(lose))
    assert asyncio.run(writer.run(number)) == 1
    writer.stop()
    engine.dispose()


def test_a_database_that_is_away_is_told_and_found_again_when_it_is_back(tmp_path: Path) -> None:
    folder = tmp_path / "volume"
    engine = connect(f"sqlite:///{folder / 'raati.db'}")
    writer = Writer(engine)
    with pytest.raises(FileNotFoundError):
        asyncio.run(writer.run(number))
    folder.mkdir()
    Base.metadata.create_all(engine)
    assert asyncio.run(writer.run(number)) == 1
    writer.stop()
    engine.dispose()
