"""Whether the time of an answer tells who is known: ``python -m tests.benchmarks.login --pairs 200`` (V7).

Asks for login links in pairs, one of a known and one of an unknown address, in an order drawn by lot, and
prints how often the known one took longer: the area under the ROC curve, which is 0.5 if time tells nothing.
"""

import argparse
import random
import tempfile
import time
from bisect import bisect_left, bisect_right
from pathlib import Path

from rich.console import Console
from starlette.testclient import TestClient

from panels import people
from panels.database import Base, connect, set_clock, writing
from server.app import make_app
from server.settings import Settings
from tests.conftest import BASE, NOON, SAME_ORIGIN, furnish


def area(known: list[float], unknown: list[float]) -> float:
    """Return how often a value of ``known`` is above one of ``unknown``; half for a tie."""
    others = sorted(unknown)
    above = sum(bisect_left(others, value) + bisect_right(others, value) for value in known)
    return above / 2 / len(known) / len(others)


def measure(folder: Path, pairs: int) -> dict[bool, list[float]]:
    """Return the seconds that answers took, of known addresses and of unknown ones."""
    settings = Settings(
        database=f"sqlite:///{folder / 'raati.db'}",
        base_url=BASE,
        mail=str(folder),
        secret="s" * 32,
        proxies=1,
    )
    engine = connect(settings.database)
    Base.metadata.create_all(engine)
    with writing(engine) as db:
        set_clock(db, NOON)
        furnish(db)
        for number in range(pairs):
            people.ensure(db, f"known-{number:05}@example.fi")
    order = [(number, known) for number in range(pairs) for known in random.sample([True, False], 2)]
    seconds: dict[bool, list[float]] = {True: [], False: []}
    with TestClient(make_app(settings, jobs=False), base_url=BASE, headers=SAME_ORIGIN) as client:
        client.follow_redirects = False
        for number, known in order:
            client.cookies.clear()
            address = f"{'known' if known else 'other'}-{number:05}@example.fi"
            headers = {"X-Forwarded-For": f"10.{number // 250}.{number % 250}.{1 + known}"}
            if number % 200 == 0:  # beyond 500 mails an hour nobody gets any
                with writing(engine) as db:
                    set_clock(db, NOON + 3700.0 * (1 + number // 200))
            start = time.perf_counter()
            status = client.post("/fi/login", data={"email": address}, headers=headers).status_code
            seconds[known].append(time.perf_counter() - start)
            assert status == 303, status
    engine.dispose()
    return seconds


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--pairs", type=int, default=200)
    pairs = arguments.parse_args().pairs
    with tempfile.TemporaryDirectory() as folder:
        seconds = measure(Path(folder), pairs)
    known, unknown = (sorted(seconds[whose])[pairs // 2] * 1000 for whose in (True, False))
    console = Console()
    console.print(f"median of {pairs}: known {known:.1f} ms, unknown {unknown:.1f} ms")
    console.print(f"area under the curve {area(seconds[True], seconds[False]):.3f}")


if __name__ == "__main__":
    main()
