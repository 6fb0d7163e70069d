"""Measure what a vote costs, from the press of a button to the next card in Finnish.

``python -m tests.benchmarks.votes`` prints one table: acknowledged votes a second, waiting times and the
server's processor time a vote at 1, 16 and 64 clients on SQLite and PostgreSQL, beside bare sqlite3; and a
hundred newcomers who join by code. ``--help`` names what else can be asked.
"""

import argparse
import asyncio
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from pathlib import Path

from rich.console import Console

from tests import crowd, postgresql
from tests.benchmarks.tab import Answer, Tab
from tests.serve import Server, serving

SEATS, VOTES, STATEMENTS = 100, 50, 60
PANEL = f"/fi/panels/{crowd.SLUG}"
CHOICES = ("agree", "disagree", "agree", "pass")


@dataclass
class Tally:
    """What the clients saw."""

    waits: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def note(self, answer: Answer) -> None:
        """Count an answer to a vote."""
        self.statuses[answer.status] += 1
        if answer.status == 200:
            self.waits.append(answer.seconds)

    def wait(self, share: int) -> float:
        """Return the waiting time in ms that ``share`` per cent of the acknowledged votes did not exceed."""
        return sorted(self.waits)[(len(self.waits) - 1) * share // 100] * 1000


async def answer_all(port: int, tokens: list[str], tally: Tally) -> None:
    """Be one member after another, as long as there are any: open the page, answer card after card."""
    while tokens:
        async with Tab(port, {"login": tokens.pop(), "lang": "fi"}) as tab:
            await tab.ask("GET", f"{PANEL}/statements")
            for _, choice in zip(range(VOTES), cycle(CHOICES), strict=False):
                tally.note(await tab.vote(choice))


async def all_at_once(server: Server, tokens: list[str], clients: int) -> tuple[Tally, float]:
    """Let so many clients vote; return what they saw and the seconds it took."""
    tally, start = Tally(), time.perf_counter()
    await asyncio.gather(*(answer_all(server.port, tokens, tally) for _ in range(clients)))
    return tally, time.perf_counter() - start


def row(name: str, tally: Tally, seconds: float, processor: float) -> str:
    """Return a line of the table."""
    votes = len(tally.waits)
    others = {status: count for status, count in tally.statuses.items() if status != 200}
    cost = f"{processor / votes * 1e6:5.0f} µs" if processor else "        "
    waits = f"p50 {tally.wait(50):6.1f} ms  p99 {tally.wait(99):6.1f} ms"
    refused = f"  other answers {others}" if others else ""
    return f"{name:34} {votes / seconds:6.0f} votes/s  {waits}  server CPU a vote {cost}{refused}"


def measure(kind: str, database: str, clients: int, *options: str) -> str:
    """Return the line of so many clients on a fresh database."""
    tokens = crowd.gather(database, seats=SEATS, statements=STATEMENTS)
    with serving(database, "--unlimited", *options) as server:
        used = server.processor_seconds()
        tally, seconds = asyncio.run(all_at_once(server, tokens, clients))
        used = server.processor_seconds() - used
    return row(f"{kind}, {clients} at a time", tally, seconds, used)


def bare(folder: Path) -> str:
    """Return the line of sqlite3 alone: one row a commit, WAL, FULL."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.executescript("pragma journal_mode=wal; pragma synchronous=full;")
    connection.execute(
        "create table votes (member int, statement int, choice int, primary key (member, statement))"
    )
    tally, start = Tally(), time.perf_counter()
    for number in range(SEATS * VOTES):
        began = time.perf_counter()
        connection.execute("insert into votes values (?, ?, 1)", divmod(number, VOTES))
        tally.waits.append(time.perf_counter() - began)
    seconds = time.perf_counter() - start
    connection.close()
    return row("bare sqlite3, one insert a commit", tally, seconds, 0.0)


@contextmanager
def databases(folder: Path, kinds: list[str]) -> Iterator[dict[str, str]]:
    """Give the address of a database of each kind."""
    found = {"SQLite": f"sqlite:///{folder / 'votes.db'}"}
    if "PostgreSQL" not in kinds:
        yield found
        return
    with postgresql.database(postgresql.start(folder / "postgresql")) as address:
        found["PostgreSQL"] = address
        yield {kind: found[kind] for kind in kinds}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 16, 64])
    parser.add_argument("--databases", nargs="+", default=["SQLite", "PostgreSQL"])
    parser.add_argument("--profile", type=Path, help="write here where the server's time went")
    parser.add_argument("--without-jobs", action="store_true", help="start no job runner beside the server")
    asked = parser.parse_args()
    say = partial(Console().print, highlight=False, soft_wrap=True)
    options = ["--profile", str(asked.profile)] if asked.profile else []
    options += ["--without-jobs"] if asked.without_jobs else []
    with tempfile.TemporaryDirectory() as name:
        say(bare(Path(name)))
        with databases(Path(name), asked.databases) as found:
            for kind, url in found.items():
                for clients in asked.clients:
                    say(measure(kind, url, clients, *options))


if __name__ == "__main__":
    main()
