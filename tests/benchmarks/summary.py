"""Measure how voting goes on while a large panel is analysed.

``python -m tests.benchmarks.summary`` fills a panel with the votes of 10,000 people on 500 statements, starts
the server with its job runner and lets others vote until the first summary is there. It prints how long the
summary took and how long the voters waited meanwhile, at the pace of people and without a pause.
"""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import cycle
from pathlib import Path

from rich.console import Console
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from panels.database import connect, now, reading, writing
from panels.members import Member
from panels.snapshots import Snapshot
from panels.statements import Statement, Vote
from tests import crowd
from tests.benchmarks import planted_votes
from tests.benchmarks.tab import BALLOT, Tab
from tests.benchmarks.votes import CHOICES, PANEL, Tally, databases, row
from tests.serve import environment, serving

PEOPLE, STATEMENTS, EACH = 10_000, 500, 46
VOTERS, AT_A_TIME = 400, 16
PACES = {"one vote each in a second": 1.0, "without a pause": 0.0}
PATIENCE = 300.0
LOOK = 0.05  # seconds between two looks for the summary
ROWS = 50_000
WORK = "from server import settings, worker; worker.run_forever(settings.read())"


def fill(db: Session) -> None:
    """Give all seats but those of the voters their votes."""
    seats = db.scalars(select(Member.id).order_by(Member.id)).all()
    numbers = db.scalars(select(Statement.id).order_by(Statement.number)).all()
    people, statements, choices = planted_votes.crowd(PEOPLE, STATEMENTS, EACH)
    common = {"version": 1, "key": "benchmark", "channel": "web", "at": now(db)}
    entries = zip(people.tolist(), statements.tolist(), choices.tolist(), strict=True)
    rows = [
        {"member_id": seats[person], "statement_id": numbers[statement], "choice": choice, **common}
        for person, statement, choice in entries
    ]
    for begin in range(0, len(rows), ROWS):
        db.execute(insert(Vote), rows[begin : begin + ROWS])


async def answer_on(port: int, tokens: list[str], tally: Tally, over: asyncio.Event, pause: float) -> None:
    """Be one member after another and answer card after card until it is over."""
    while tokens and not over.is_set():
        async with Tab(port, {"login": tokens.pop(), "lang": "fi"}) as tab:
            await tab.ask("GET", f"{PANEL}/statements")
            for choice in cycle(CHOICES):
                if over.is_set() or not BALLOT.search(tab.page):
                    break
                tally.note(await tab.vote(choice))
                await asyncio.sleep(pause)


async def until_analysed(database: str, over: asyncio.Event) -> tuple[float, int]:
    """Return the seconds from the reading of the votes until the summary can be read, and its votes."""
    engine = connect(database)
    found, end = None, time.monotonic() + PATIENCE
    while found is None and time.monotonic() < end:
        await asyncio.sleep(LOOK)
        with reading(engine) as db:
            found = db.execute(select(now(db) - Snapshot.made_at, Snapshot.votes).limit(1)).one_or_none()
    over.set()
    engine.dispose()
    assert found is not None, "no summary came"
    return found[0], found[1]


async def vote_until_analysed(port: int, database: str, tokens: list[str], pause: float) -> str:
    """Let voters answer until the summary is there; return the line of what they saw."""
    tally, over, start = Tally(), asyncio.Event(), time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(AT_A_TIME):
            group.create_task(answer_on(port, tokens, tally, over, pause))
        seconds, votes = await until_analysed(database, over)
    line = row(f"{AT_A_TIME} voters", tally, time.perf_counter() - start, 0.0)
    return f"{line}  summary of {votes:,} votes in {seconds:.1f} s"


@contextmanager
def working(database: str, port: int) -> Iterator[None]:
    """Run the job runner beside the server, as on PostgreSQL; on SQLite the server has its own."""
    if database.startswith("sqlite"):
        yield
        return
    with subprocess.Popen([sys.executable, "-c", WORK], env=environment(database, port)) as process:
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)


def measure(database: str, pause: float) -> str:
    """Fill the database, serve it, and return the line."""
    tokens = crowd.gather(database, seats=PEOPLE + VOTERS, statements=STATEMENTS)[PEOPLE:]
    engine = connect(database)
    with writing(engine) as db:
        fill(db)
    engine.dispose()
    with serving(database, "--unlimited") as server, working(database, server.port):
        return asyncio.run(vote_until_analysed(server.port, database, tokens, pause))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--databases", nargs="+", default=["SQLite", "PostgreSQL"])
    asked = parser.parse_args()
    say = partial(Console().print, highlight=False, soft_wrap=True)
    say(f"{PEOPLE:,} people × {STATEMENTS} statements, {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as name, databases(Path(name), asked.databases) as found:
        for kind, url in found.items():
            for pace, pause in PACES.items():
                say(f"{kind}, {pace}: {measure(url, pause)}")


if __name__ == "__main__":
    main()
