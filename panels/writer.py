"""The one thread of a process that writes: visits that wait together share one commit."""

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from panels.database import Engine, Session, transaction, turn, writer_of
from panels.errors import BusyError

MOST = 64  # visits in one transaction: bounds what one failed commit repeats

Result = TypeVar("Result")
Work = Callable[[Session], Any]
Place = tuple[Work, asyncio.Future[Any]]
Outcome = tuple[Any, Exception | None]


class Writer:
    """Runs each piece of work in a savepoint of a shared transaction and answers after the commit."""

    def __init__(self, engine: Engine) -> None:
        """Start the thread."""
        self.engine = engine
        self.connection: Connection | None = None
        self.waiting: queue.SimpleQueue[Place | None] = queue.SimpleQueue()
        self.thread = threading.Thread(
            target=self.serve, name="writer", daemon=True
        )  # a failed start just ends
        self.thread.start()

    async def run(self, work: Callable[[Session], Result]) -> Result:
        """Do the work in the next transaction; return or raise its outcome once that is on disk."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self.waiting.put((work, future))
        return await future

    def stop(self) -> None:
        """Finish what waits and end the thread."""
        self.waiting.put(None)
        self.thread.join()

    def serve(self) -> None:
        """Take all who wait, without delay; commit; answer; until stopped."""
        stopped = False
        while not stopped:
            batch = [self.waiting.get()]
            while len(batch) < MOST and not self.waiting.empty():
                batch.append(self.waiting.get())
            stopped = None in batch
            if places := [place for place in batch if place is not None]:
                self.answer(places)
        self.let_go()

    def answer(self, places: list[Place]) -> None:
        """Run the places in one transaction, each alone if that fails, and let the answers go."""
        try:
            with turn(self.engine):
                pass  # a command that holds the turn writes first
            self.connection = self.connection or writer_of(self.engine)
            with transaction(self.connection) as db:
                outcomes = [attempt(db, work) for work, _ in places]
        except Exception as error:  # the edge of every visit: whatever it is, somebody waits for an answer
            self.let_go()
            if len(places) > 1:
                for place in places:
                    self.answer([place])
                return
            outcomes = [(None, named(error))]
        futures = [future for _, future in places]
        futures[0].get_loop().call_soon_threadsafe(release, futures, outcomes)

    def let_go(self) -> None:
        """Drop the connection, lost or still within a failed commit; the next work takes a new one."""
        if self.connection is not None:
            self.connection.invalidate()
            self.connection.close()
            self.connection = None


def attempt(db: Session, work: Work) -> Outcome:
    """Do the work in a savepoint, said as plain SQL: a nested Session costs ten times as much."""
    connection = db.connection()
    say = connection.exec_driver_sql
    say("savepoint visit")
    try:
        result = work(db)
        db.flush()
        outcome: Outcome = result, None
    except Exception as error:  # undoes this visit alone; its neighbours go on
        if not db.is_active or connection.invalidated:  # the whole transaction is undone
            raise
        outcome = None, named(error)
        say("rollback to visit")
    db.expunge_all()
    say("release visit")
    return outcome


def named(error: Exception) -> Exception:
    """Return a database that is locked, full or away as the rules' own error."""
    return BusyError(str(error.orig)) if isinstance(error, OperationalError) else error


def release(futures: list[asyncio.Future[Any]], outcomes: list[Outcome]) -> None:
    """Hand the outcomes out, in the event loop."""
    for future, (result, error) in zip(futures, outcomes, strict=True):
        if future.cancelled():
            continue
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)
