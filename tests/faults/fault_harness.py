"""Kill the server while people vote, and ask whether every acknowledged vote is there.

It serves the real application on a database of its own, lets voters (some with two tabs) vote through a bad
network, kills, stops or freezes the server at seeded random moments, starts it again, and compares the stored
votes with what the voters were told. A seed repeats the plan, not the timing: that depends on the machine.
A kill does not show that a vote was not on disk yet; only a crash of the machine or of PostgreSQL does.

    python -m tests.faults.fault_harness --kills 10 --seeds 1 2 3

One line of JSON a seed. Exit status 0: nothing broken, 1: a broken promise, 2: the server did not start.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests import crowd, postgresql
from tests.faults import crash
from tests.faults.network import Chances, FlakyNetwork
from tests.faults.promises import Row, violations
from tests.faults.voters import PATIENCE, Tab
from tests.serve import environment, free_port, wait_until_ready


@dataclass
class Victim:
    """The server in a process group of its own, and what was done to it."""

    database: str
    port: int
    options: list[str]
    log: Path
    kills: list[float] = field(default_factory=list)
    restarts: list[float] = field(default_factory=list)
    stops: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start the server and wait until it can write."""
        began = time.monotonic()
        command = [
            sys.executable,
            "-m",
            "tests.serve",
            "--port",
            str(self.port),
            "--unlimited",
            "--without-jobs",
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, *self.options],
                env=environment(self.database, self.port),
                start_new_session=True,
                stdout=log,
                stderr=log,
            )
        try:
            wait_until_ready(self.process, self.port)
        except RuntimeError as error:
            sys.stderr.write(f"{error}\n{self.log.read_text()}\n")
            raise SystemExit(2) from error
        self.restarts.append(time.monotonic() - began)

    def send(self, number: signal.Signals) -> None:
        """Send the signal to the process and all its children."""
        os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """End the server between two of its instructions."""
        self.send(signal.SIGKILL)
        self.process.wait()
        self.kills.append(time.monotonic())

    def stop(self) -> None:
        """Ask the server to end; kill it if it takes more than ten seconds."""
        began = time.monotonic()
        self.send(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.send(signal.SIGKILL)
            self.process.wait()
        self.kills.append(time.monotonic())
        self.stops.append(time.monotonic() - began)


async def suffer(asked: argparse.Namespace, victim: Victim, rng: random.Random) -> Counter[str]:
    """Let faults strike at random moments until there were enough, or the time is over."""
    done: Counter[str] = Counter()
    began = time.monotonic()
    while done.total() < asked.kills if asked.kills else time.monotonic() - began < asked.seconds:
        await asyncio.sleep(asked.pause * (0.3 + rng.random() * 1.2))
        if asked.kills:
            kind = rng.choice(asked.faults)
            done[kind] += 1
            await strike(kind, asked, victim)
    return done


async def strike(kind: str, asked: argparse.Namespace, victim: Victim) -> None:
    """Do one fault to the server or to its database."""
    if kind == "freeze":
        victim.send(signal.SIGSTOP)
        await asyncio.sleep(PATIENCE * 1.3)
        victim.send(signal.SIGCONT)
    elif kind == "crash":
        await asyncio.to_thread(crash.crash, asked.cluster)
    else:
        await asyncio.to_thread(victim.stop if kind == "stop" else victim.kill)
        await asyncio.to_thread(victim.start)


async def run(asked: argparse.Namespace, database: str, seed: int) -> bool:
    """Run one seed, print its report, and return whether every promise was kept."""
    letters = crowd.letters(database, seats=asked.voters, statements=asked.statements)
    options = ["--mutant", asked.mutant] if asked.mutant else []
    victim = Victim(database, free_port(), options, asked.folder / "server.log")
    chances = Chances(asked.lose_reply, asked.cut_request, asked.late)
    network = FlakyNetwork(free_port(), victim.port, random.Random(seed + 1), chances)
    await asyncio.to_thread(victim.start)
    try:
        await network.start()
        tabs = await arrive(asked, letters, seed, network)
        began = time.monotonic()
        done = await vote_and_suffer(asked, tabs, victim, random.Random(seed))
        seconds = time.monotonic() - began
    finally:
        victim.kill()
    stored = [Row(*row) for row in crowd.votes(database)]
    writes = [write for tab in tabs for write in tab.writes]
    broken = violations(writes, victim.kills, stored) + [words for tab in tabs for words in tab.found]
    faults = {**done, **network.counts}
    report(seed, seconds, faults, victim, tabs=tabs, stored=len(stored), broken=broken)
    return not broken


async def vote_and_suffer(
    asked: argparse.Namespace, tabs: list[Tab], victim: Victim, rng: random.Random
) -> Counter[str]:
    """Let everybody vote while the faults strike; return how often each did."""
    stopped = asyncio.Event()
    voting = [asyncio.create_task(tab.vote_until(stopped)) for tab in tabs]
    done = await suffer(asked, victim, rng)
    stopped.set()
    await asyncio.gather(*voting)
    await asyncio.sleep(4 if asked.late else 0.5)  # late requests arrive within three seconds
    for tab in tabs:
        await tab.client.aclose()
    return done


async def arrive(
    asked: argparse.Namespace, letters: list[str], seed: int, network: FlakyNetwork
) -> list[Tab]:
    """Let every voter join through the bad network, some in two tabs."""
    tabs = []
    for number, code in enumerate(letters):
        count = 2 if number < asked.two_tabs else 1
        for twin in range(count):
            client = httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{network.port}",
                headers={"Host": f"127.0.0.1:{network.server}", "Sec-Fetch-Site": "same-origin"},
                timeout=PATIENCE,
                trust_env=False,
            )
            tab = Tab(
                client,
                f"v{number}",
                f"v{number}/{twin}",
                count == 1,
                random.Random(f"{seed}/{number}/{twin}"),
            )
            tab.statements, tab.retries = asked.statements, asked.retries
            await tab.join(code)
            tabs.append(tab)
    return tabs


def report(
    seed: int,
    seconds: float,
    faults: dict[str, int],
    victim: Victim,
    *,
    tabs: list[Tab],
    stored: int,
    broken: list[str],
) -> None:
    """Print one line of JSON about a run."""
    writes = [write for tab in tabs for write in tab.writes]
    latency = [wait for tab in tabs for wait in tab.latency]
    outcomes = Counter(write.outcome for write in writes)
    percentiles = statistics.quantiles(latency, n=100) if len(latency) > 100 else [0.0] * 99
    line = {
        "seed": seed,
        "seconds": round(seconds, 1),
        "faults": faults,
        "writes": len(writes),
        **outcomes,
        "retried": sum(write.tries > 1 for write in writes),
        "p50_ms": round(percentiles[49] * 1000, 1),
        "p99_ms": round(percentiles[98] * 1000, 1),
        "longest_restart_s": round(max(victim.restarts), 2),
        "longest_stop_s": round(max(victim.stops), 2) if victim.stops else None,
        "stored": stored,
        "violations": len(broken),
        "kinds": Counter(words.partition(":")[0] for words in broken),
        "first": broken[:4],
    }
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


@contextmanager
def database(asked: argparse.Namespace) -> Iterator[str]:
    """Give the address of a database; with PostgreSQL of a server that is ours to crash."""
    if not asked.postgresql:
        yield f"sqlite:///{asked.folder / 'votes.db'}"
        return
    asked.cluster = postgresql.start(f"faults-{os.getpid()}")
    try:
        yield asked.cluster.get_uri()
    finally:
        asked.cluster.cleanup()


def arguments() -> argparse.Namespace:
    """Read what is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add = parser.add_argument
    add("--seeds", type=int, nargs="+", default=[1])
    add("--kills", type=int, default=0, help="run until so many faults; 0: no faults, for --seconds")
    add("--seconds", type=float, default=10)
    add(
        "--faults",
        nargs="+",
        default=["kill"],
        choices=["kill", "stop", "freeze", "crash"],
        help="which faults",
    )
    add("--pause", type=float, default=1.0, help="seconds between faults, about")
    add("--voters", type=int, default=20)
    add("--two-tabs", type=int, default=5, help="how many of the voters have a second tab open")
    add("--statements", type=int, default=20, help="late requests show with many: voters x statements >= 400")
    add("--retries", type=int, default=3)
    add("--lose-reply", type=float, default=0.0, help="chance that a reply is cut")
    add("--cut-request", type=float, default=0.0, help="chance that half of a request arrives")
    add("--late", type=float, default=0.0, help="chance that a request arrives seconds later")
    add("--postgresql", action="store_true", help="on PostgreSQL instead of SQLite")
    add("--mutant", help="break a promise on purpose, see tests/faults/mutants.py")
    return parser.parse_args()


def main() -> None:
    """Run each seed."""
    asked = arguments()
    with tempfile.TemporaryDirectory() as name:
        asked.folder = Path(name)
        with database(asked) as address:
            kept = [asyncio.run(run(asked, address, seed)) for seed in asked.seeds]
    sys.exit(0 if all(kept) else 1)


if __name__ == "__main__":
    main()
