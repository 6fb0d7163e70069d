"""Compare the opinion groups with those that others make of the same votes, in one run.

``python -m tests.benchmarks.analysis groups`` judges groups on planted votes and on the conversations under
RAATI_SHARED; ``scale`` measures processor time and memory up to a million people; ``offer`` the order of
statements. red-dwarf joins where it is installed (extra ``oracle``). Memory is that of a fresh process.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import product
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from analysis import Votes, find_groups
from analysis.canonical import gather
from analysis.polis import read_polis
from panels.order import offer, weigh
from tests.benchmarks.group_makers import MAKERS, Labels, Maker
from tests.benchmarks.held_out import hide, lift, stability
from tests.benchmarks.planted_votes import FAINT, crowd, judged, plant, random_votes
from tests.panels.test_order import late_over_median, uniform, vote

SPLITS, CASES, RANDOM_CASES = 6, 8, 20
SIZES = ((10_000, 500, 46), (100_000, 1_000, 48), (1_000_000, 2_000, 49))
MOST_FOR_RED_DWARF = 10_000
OFFERS = 200
LOADINGS = {"": None, "faint ": FAINT}


@dataclass
class Figures:
    """What one maker did on the cases of one suite; empty where it was not asked."""

    cpu: list[float] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    lift: list[float] = field(default_factory=list)
    stability: list[float] = field(default_factory=list)
    recovery: list[float] = field(default_factory=list)


def timed(maker: Maker) -> tuple[Labels, float]:
    """Return the labels and the seconds of processor time, with one thread."""
    with threadpool_limits(limits=1):
        start = time.process_time()
        labels = maker()
        return labels, time.process_time() - start


def judge(name: str, votes: Votes, rejected: list[int], figures: Figures) -> Labels:
    """Let a maker work on all votes and on parts of them, and note how well its groups foretell the rest."""
    labels, seconds = timed(MAKERS[name](votes, rejected))
    figures.cpu.append(seconds)
    figures.groups.append(int(labels.max()) + 1)
    parts, lifts = [], []
    for seed in range(SPLITS):
        learnt, hidden = hide(votes, seed, never=rejected)
        parts.append(timed(MAKERS[name](learnt, rejected, seed=seed))[0])
        lifts.append(lift(parts[-1], learnt.without(rejected), hidden.without(rejected)))
    figures.lift.append(float(np.mean(lifts)))
    figures.stability.append(stability(parts))
    return labels


def conversations() -> list[tuple[str, Votes, list[int]]]:
    """Return name, votes and rejected columns of the exports, without those under 30 active people."""
    folder = Path(os.environ.get("RAATI_SHARED", "nowhere")) / "data" / "polis"
    exports = [(path.name, read_polis(path)) for path in sorted(folder.glob("*/"))]
    found = [(name, export.votes, export.rejected_columns) for name, export in exports]
    return [one for one in found if find_groups(one[1].without(one[2]), groups=1).verdict != "too_few"]


def planted_suites() -> Iterator[tuple[str, list[tuple[Votes, Labels, Labels]]]]:
    """Yield each suite's name and its cases: votes, the planted groups, and those that a judge would tell."""
    for (name, loading), groups, density in product(LOADINGS.items(), (2, 3), (0.25, 0.5)):
        planted = [
            plant(groups, people=300, density=density, seed=seed, loading=loading) for seed in range(CASES)
        ]
        cases = [(one.votes, one.group, judged(one)) for one in planted]
        yield f"{groups} {name}groups, density {density}", cases
    for people in (60, 150, 300):
        single = [plant(1, people=people, density=0.25, seed=seed) for seed in range(CASES)]
        yield f"one crowd of {people}", [(one.votes, one.group, one.group) for one in single]
    votes = [random_votes(seed) for seed in range(RANDOM_CASES)]
    alone = np.zeros(200, dtype=np.int64)
    yield "random votes, 200 × 40", [(one, alone, alone) for one in votes]


def recover(name: str, cases: list[tuple[Votes, Labels, Labels]]) -> Figures:
    """Let a maker find planted groups, and note its likeness to them against that of the judge."""
    figures = Figures()
    for votes, group, best in cases:
        labels, seconds = timed(MAKERS[name](votes))
        figures.cpu.append(seconds)
        figures.groups.append(int(labels.max()) + 1)
        inside = labels >= 0
        likeness = adjusted_rand_score(group[inside], labels[inside])
        figures.recovery.append(likeness / adjusted_rand_score(group[inside], best[inside]))
    return figures


def fresh(task: Callable[..., float], *arguments: object) -> float:
    """Return what the task returns in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(task, *arguments).result()


def peak() -> float:
    """Return the most memory in MB that this process has had."""
    # getrusage would tell the most of the process that started this one, too.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def peak_of(name: str, votes: Votes, rejected: list[int]) -> float:
    """Make groups and return the most memory in MB."""
    timed(MAKERS[name](votes, rejected))
    return peak()


def compare_groups(table: Table) -> None:
    """Add a row for each suite and maker."""
    for column in ("suite", "by", "groups", "lift", "stability", "ARI / best", "one group", "CPU s", "MB"):
        table.add_column(column, justify="left" if column in ("suite", "by") else "right")
    lifts: dict[str, list[float]] = {name: [] for name in MAKERS}
    for suite, votes, rejected in conversations():
        for name in MAKERS:
            figures = Figures()
            judge(name, votes, rejected, figures)
            lifts[name] += figures.lift
            table.add_row(suite, name, *cells(figures), f"{fresh(peak_of, name, votes, rejected):.0f}")
    for name, found in lifts.items():
        if found:
            table.add_row("all conversations", name, "", f"{np.mean(found):.3f}", "", "", "", "", "")
    for suite, cases in planted_suites():
        for name in MAKERS:
            memory = fresh(peak_of, name, cases[0][0], [])
            table.add_row(suite, name, *cells(recover(name, cases)), f"{memory:.0f}")


def cells(figures: Figures) -> list[str]:
    """Return the figures as cells: means, and the share of cases with one group."""

    def mean(values: list[float]) -> str:
        return f"{np.mean(values):.3f}" if values else ""

    numbers = ", ".join(str(count) for count in sorted(set(figures.groups)))
    alone = figures.groups.count(1) / len(figures.groups)
    return [
        numbers,
        mean(figures.lift),
        mean(figures.stability),
        mean(figures.recovery),
        f"{alone:.0%}",
        f"{np.mean(figures.cpu):.2f}",
    ]


def compare_scale(table: Table) -> None:
    """Add a row for each size: processor time, memory, and what one pass over the votes takes."""
    for column in ("what", "by", "CPU s", "MB", "one pass, ms"):
        table.add_column(column, justify="left" if column in ("what", "by") else "right")
    for size in SIZES:
        what = "{:,} people × {:,} statements, {:,} votes, 3 groups".format(*size[:2], size[0] * size[2])
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            seconds, memory, floor = pool.submit(core, size).result()
        table.add_row(what, "ours", f"{seconds:.2f}", f"{memory:.0f}", f"{1000 * floor:.1f}")
        if "red-dwarf" in MAKERS and size[0] <= MOST_FOR_RED_DWARF:
            seconds, memory = fresh_of_red_dwarf(size)
            table.add_row(what, "red-dwarf", f"{seconds:.2f}", f"{memory:.0f}", "")
    chosen = fresh(choice_of_many, SIZES[0])
    table.add_row("10,000 × 500 with the choice of k", "ours", f"{chosen:.2f}", "", "")


def core(size: tuple[int, int, int]) -> tuple[float, float, float]:
    """Return CPU seconds of arrays in, three groups out; memory; CPU seconds of one pass over the votes."""
    arrays = crowd(*size)
    with threadpool_limits(limits=1):
        start = time.process_time()
        votes = Votes.from_arrays(*arrays, people=size[0], statements=size[1])
        find_groups(votes, groups=3)
        seconds, memory = time.process_time() - start, peak()
        answers = gather(votes).opinions.answers
        start = time.process_time()
        answers.of_each_person(np.ones((answers.width, 1)))
        return seconds, memory, time.process_time() - start


def fresh_of_red_dwarf(size: tuple[int, int, int]) -> tuple[float, float]:
    """Return red-dwarf's CPU seconds and memory."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(core_of_red_dwarf, size).result()


def core_of_red_dwarf(size: tuple[int, int, int]) -> tuple[float, float]:
    """Run red-dwarf on its list of votes for three groups."""
    votes = Votes.from_arrays(*crowd(*size), people=size[0], statements=size[1])
    return timed(MAKERS["red-dwarf"](votes, groups=3))[1], peak()


def choice_of_many(size: tuple[int, int, int]) -> float:
    """Return CPU seconds of groups with the choice of their number."""
    votes = Votes.from_arrays(*crowd(*size), people=size[0], statements=size[1])
    return timed(MAKERS["ours"](votes))[1]


def compare_offer(table: Table) -> None:
    """Add a row for our order and a uniform one: how far late statements fall behind, a card's cost."""
    for column in ("order", "fewest votes of a late statement / median", "µs a card of 500"):
        table.add_column(column, justify="left" if column == "order" else "right")
    counts = {number: (number % 40, number % 23, number % 7) for number in range(500)}
    for name, order in (("ours", weigh), ("uniform", uniform)):
        weights, start = order(counts), time.process_time()
        for member in range(OFFERS):
            offer(weights, (), key=f"benchmark:{member}")
        cost = (time.process_time() - start) / OFFERS * 1e6
        table.add_row(name, f"{late_over_median(vote(order)):.2f}", f"{cost:.0f}")


def main() -> None:
    """Measure and print."""
    tables = {"groups": compare_groups, "scale": compare_scale, "offer": compare_offer}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", choices=tables)
    asked = parser.parse_args()
    if "red-dwarf" not in MAKERS:
        Console().print("red-dwarf is not installed (extra oracle): compared without it")
    table = Table()
    tables[asked.table](table)
    Console(width=160).print(table)


if __name__ == "__main__":
    main()
