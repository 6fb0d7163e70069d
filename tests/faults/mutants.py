"""Break the server's promises on purpose: each mutant must be found by the fault tests."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from panels import database, statements, writer
from panels.database import Prepared, Session, connect, transaction, writer_of
from panels.errors import ConflictError
from panels.members import Visitor
from panels.statements import Choice
from panels.writer import Place, Writer
from server import settings

LATE = 0.3  # seconds from the answer to the commit


def answer_early() -> None:
    """Answer before the commit."""

    def answer(self: Writer, places: list[Place]) -> None:
        self.connection = self.connection or writer_of(self.engine)
        with transaction(self.connection) as db:
            outcomes = [writer.attempt(db, work) for work, _ in places]
            futures = [future for _, future in places]
            futures[0].get_loop().call_soon_threadsafe(writer.release, futures, outcomes)
            time.sleep(LATE)

    Writer.answer = answer  # type: ignore[method-assign]


def forget_version() -> None:
    """Store votes without comparing the version that the form showed."""
    whole = str(statements.STORE.statement)
    guarded = " where votes.version = :seen"
    assert guarded in whole
    statements.STORE = Prepared(text(whole.replace(guarded, "")))


def forget_key() -> None:
    """Store votes without a unique key: look first, then insert, each visit in a transaction of its own."""
    drop_key()

    async def run(self: Writer, work: Callable[[Session], Any]) -> Any:
        def alone() -> Any:
            with self.engine.connect() as connection, transaction(connection) as db:
                return work(db)

        return await asyncio.to_thread(alone)

    def cast_vote(
        db: Session, visitor: Visitor, statement: int, choice: Choice | None, *, key: str, seen: int
    ) -> None:
        row = {"member": visitor.seat, "statement": statement, "choice": choice, "key": key, "seen": seen}
        say = db.connection().exec_driver_sql
        stored = db.execute(statements.STORED, row).first()
        say("commit")
        time.sleep(0.01)  # the moment between looking and writing, a little longer than in nature
        say("begin immediate")
        changed: Any = db.execute(CHANGE if stored else INSERT, {**row, "at": visitor.now})
        if not changed.rowcount:
            raise ConflictError(f"statement {statement}")

    Writer.run = run  # type: ignore[method-assign]
    statements.cast_vote = cast_vote


def drop_key() -> None:
    """Take the primary key off the votes of the SQLite database."""
    engine = connect(settings.read().database)
    with writer_of(engine) as connection, connection.begin():
        if connection.execute(text("select count(*) from pragma_table_info('votes') where pk")).scalar():
            connection.execute(text("create table bare as select * from votes"))
            connection.execute(text("drop table votes"))
            connection.execute(text("alter table bare rename to votes"))
    engine.dispose()


def acknowledge_unsynced() -> None:
    """Let PostgreSQL acknowledge commits that are not on disk."""
    assert "synchronous_commit=on" in database.LIMITS
    database.LIMITS = database.LIMITS.replace("synchronous_commit=on", "synchronous_commit=off")
    database.DURABLE = {**database.DURABLE, "synchronous_commit": "off"}


INSERT = text(
    "insert into votes (member_id, statement_id, choice, version, key, channel, at)"
    " values (:member, :statement, :choice, 1, :key, 'web', :at)"
)
CHANGE = text(
    "update votes set choice = :choice, version = version + 1, key = :key, at = :at"
    " where member_id = :member and statement_id = :statement and version = :seen"
)
MUTANTS: dict[str, Callable[[], None]] = {
    "early": answer_early,
    "no-version": forget_version,
    "no-key": forget_key,
    "unsynced": acknowledge_unsynced,
}
