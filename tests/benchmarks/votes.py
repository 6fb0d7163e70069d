"""Measure what a vote costs, from the press of a button to the next card in Finnish.

``python -m tests.benchmarks.votes`` prints one table: acknowledged votes a second, waiting times and the
server's processor time a vote at 1, 16 and 64 clients on SQLite and PostgreSQL, beside bare sqlite3; and a
hundred newcomers who join by code. ``--help`` names what else can be asked.
"""

import argparse
import asyncio
import os
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
from tests.benchmarks.tab import BALLOT, Answer, Tab
from tests.serve import Server, serving

SEATS, VOTES, STATEMENTS = 100, 50, 60
CROWD, VOTES_IN_A_ROW = 2000, 4
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


async def answer_all(port: int, tokens: list[str], tally: Tally, votes: int = VOTES) -> None:
    """Be one member after another, as long as there are any: open the page, answer card after card."""
    while tokens:
        async with Tab(port, {"login": tokens.pop(), "lang": "fi"}) as tab:
            await tab.ask("GET", f"{PANEL}/statements")
            for _, choice in zip(range(votes), cycle(CHOICES), strict=False):
                tally.note(await tab.vote(choice))


async def all_at_once(
    server: Server, tokens: list[str], clients: int, votes: int = VOTES
) -> tuple[Tally, float]:
    """Let so many clients vote; return what they saw and the seconds it took."""
    tally, start = Tally(), time.perf_counter()
    await asyncio.gather(*(answer_all(server.port, tokens, tally, votes) for _ in range(clients)))
    return tally, time.perf_counter() - start


async def join(port: int, letters: list[str], tokens: list[str], tally: Tally) -> None:
    """Come in by the code of one letter after another, through the pages that a person would see."""
    while letters:
        code = letters.pop()
        async with Tab(port, {"lang": "fi"}) as tab:
            tally.note(await tab.ask("GET", "/fi/join"))
            entered = await tab.ask("POST", "/fi/join", code=code)
            tally.note(entered)
            consent = entered.header("location")
            tally.note(await tab.ask("GET", consent))
            agree = consent.replace("consent", "agree")
            tally.note(await tab.ask("POST", agree, answer="yes", taking_part="yes"))
            tokens.append(tab.cookies["login"])


@dataclass
class Newcomers:
    """What a hundred people who join and vote saw, and what they cost."""

    joining: Tally
    voting: Tally
    seconds: float
    processor_of_joining: float
    processor_of_voting: float
    seats: int


async def come_in(server: Server, letters: list[str], clients: int, votes: int) -> Newcomers:
    """Let people join by the codes of their letters, then vote, so many at a time."""
    tokens: list[str] = []
    joining, before = Tally(), server.processor_seconds()
    await asyncio.gather(*(join(server.port, letters, tokens, joining) for _ in range(clients)))
    seats, joined = len(set(tokens)), server.processor_seconds()
    voting, seconds = await all_at_once(server, tokens, clients, votes)
    used = server.processor_seconds() - joined
    return Newcomers(joining, voting, seconds, joined - before, used, seats)


def newcomers(database: str, *options: str, clients: int = 16, votes: int = VOTES) -> Newcomers:
    """Let a hundred newcomers join a fresh panel by code and answer so many statements each."""
    letters = crowd.letters(database, seats=SEATS, statements=STATEMENTS)
    with serving(database, "--unlimited", *options) as server:
        found = asyncio.run(come_in(server, letters, clients, votes))
    found.seats = crowd.voters(database)
    return found


async def mill_about(port: int, tokens: list[str], tally: Tally, reads: Tally, until: float) -> None:
    """Vote and read in turn, as one member after another, until the time is over."""
    while time.perf_counter() < until:
        tokens.insert(0, token := tokens.pop())
        async with Tab(port, {"login": token, "lang": "fi"}) as tab:
            for place in ("statements/mine", "summary", "materials", "statements"):
                reads.note(await tab.ask("GET", f"{PANEL}/{place}"))
            for choice in CHOICES[:VOTES_IN_A_ROW]:
                if BALLOT.search(tab.page):
                    tally.note(await tab.vote(choice))


def crowded(database: str, seconds: float, *, clients: int = 50) -> tuple[Tally, Tally, float]:
    """Let fifty clients vote and read for so many seconds; return the votes, the reads and the time."""
    tokens = crowd.gather(database, seats=CROWD, statements=STATEMENTS)

    async def mill(server: Server) -> tuple[Tally, Tally, float]:
        votes, reads, start = Tally(), Tally(), time.perf_counter()
        until = start + seconds
        milling = (mill_about(server.port, tokens, votes, reads, until) for _ in range(clients))
        await asyncio.gather(*milling)
        return votes, reads, time.perf_counter() - start

    with serving(database, "--unlimited") as server:
        return asyncio.run(mill(server))


def row(name: str, tally: Tally, seconds: float, processor: float) -> str:
    """Return a line of the table."""
    votes = len(tally.waits)
    others = {status: count for status, count in tally.statuses.items() if status != 200}
    cost = f"{processor / votes * 1e6:5.0f} µs" if processor else "        "
    waits = f"p50 {tally.wait(50):6.1f} ms  p99 {tally.wait(99):6.1f} ms"
    refused = f"  other answers {others}" if others else ""
    return f"{name:34} {votes / seconds:6.0f} votes/s  {waits}  server CPU a vote {cost}{refused}"


def told_of_newcomers(kind: str, found: Newcomers) -> str:
    """Return the line of the newcomers."""
    line = row(f"{kind}, newcomers, 16 at a time", found.voting, found.seconds, found.processor_of_voting)
    each = found.processor_of_joining / SEATS * 1000
    failed = sum(count for status, count in found.joining.statuses.items() if status >= 500)
    return f"{line}  joining {each:.1f} ms CPU each, {failed} answers 5xx, {found.seats} seats voted"


def told_of_crowd(kind: str, found: tuple[Tally, Tally, float]) -> str:
    """Return the line of those who vote and read."""
    votes, reads, seconds = found
    line = row(f"{kind}, 50 vote and read", votes, seconds, 0.0)
    pages = f"pages {len(reads.waits) / seconds:.0f}/s p95 {reads.wait(95):.1f} ms"
    return f"{line}  p95 {votes.wait(95):.1f} ms  {pages}"


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
    with postgresql.database(postgresql.start(f"benchmark-{os.getpid()}")) as address:
        found["PostgreSQL"] = address
        yield {kind: found[kind] for kind in kinds}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 16, 64])
    parser.add_argument("--databases", nargs="+", default=["SQLite", "PostgreSQL"])
    parser.add_argument("--profile", type=Path, help="write here where the server's time went")
    parser.add_argument("--seconds", type=float, help="let 50 clients vote and read for so long instead")
    parser.add_argument("--without-jobs", action="store_true", help="start no job runner beside the server")
    asked = parser.parse_args()
    say = partial(Console().print, highlight=False, soft_wrap=True)
    options = ["--profile", str(asked.profile)] if asked.profile else []
    options += ["--without-jobs"] if asked.without_jobs else []
    with tempfile.TemporaryDirectory() as name:
        say(bare(Path(name)))
        with databases(Path(name), asked.databases) as found:
            for kind, url in found.items():
                if asked.seconds:
                    say(told_of_crowd(kind, crowded(url, asked.seconds)))
                    continue
                for clients in asked.clients:
                    say(measure(kind, url, clients, *options))
                say(told_of_newcomers(kind, newcomers(url, *options)))


if __name__ == "__main__":
    main()
