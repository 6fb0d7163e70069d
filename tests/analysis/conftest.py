import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis import OpinionGroups, Votes, find_groups

DEMO_VOTES = Path(__file__).parents[2] / "panels" / "demo_data" / "demo_votes.csv"
SIGNS = {"+": 1, "-": -1, "0": 0}


def written(rows: list[str]) -> Votes:
    """One string per person: + agree, - disagree, 0 pass, . not seen."""
    triples = [
        (p, s, SIGNS[sign]) for p, row in enumerate(rows) for s, sign in enumerate(row) if sign in SIGNS
    ]
    person, statement, vote = np.array(triples, dtype=np.int64).reshape(-1, 3).T
    return Votes.from_arrays(person, statement, vote, people=len(rows), statements=len(rows[0]))


@pytest.fixture
def votes_of() -> Callable[[list[str]], Votes]:
    return written


@pytest.fixture(scope="session")
def two_camps() -> Votes:
    """Sixty people, 24 statements: forty and twenty people differ on sixteen; one vote in five is missing."""
    generator = np.random.default_rng(7)
    camp = np.repeat([0, 1], [40, 20])
    agree = np.full((2, 24), 0.7)
    agree[:, :8], agree[:, 8:16] = [[0.9], [0.1]], [[0.15], [0.85]]
    drawn = generator.random((60, 24))
    vote = np.where(drawn < agree[camp], 1, np.where(drawn < agree[camp] + 0.05, 0, -1))
    person, statement = np.nonzero(generator.random((60, 24)) < 0.8)
    return Votes.from_arrays(person, statement, vote[person, statement], people=60, statements=24)


@pytest.fixture(scope="session")
def demo_votes() -> Votes:
    return Votes.read_csv(DEMO_VOTES)


@pytest.fixture(scope="session")
def demo_planted(demo_votes: Votes) -> NDArray[np.str_]:
    """The group each person's votes were drawn from, which the analysis never sees."""
    with DEMO_VOTES.open(encoding="utf-8", newline="") as file:
        planted = {row["participant"]: row["planted_group"] for row in csv.DictReader(file)}
    return np.array([planted[person] for person in demo_votes.person_ids or ()])


@pytest.fixture(scope="session")
def demo_groups(demo_votes: Votes) -> OpinionGroups:
    return find_groups(demo_votes)
