from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis import Votes, blocs
from analysis.blocs import TOGETHER, find_blocs

PEOPLE, STATEMENTS = 200, 40
VotesOf = Callable[[list[str]], Votes]


def with_bloc(seed: int, *, bloc: int, density: float = 0.8) -> Votes:
    """Two camps with opinions of their own, and at the end a bloc that errs in one answer of fifty."""
    draw = np.random.default_rng(seed)
    agree = draw.uniform(0.1, 0.9, (2, STATEMENTS))[np.repeat([0, 1], [PEOPLE // 2, PEOPLE // 2])]
    side = np.where(draw.random(agree.shape) < agree, 1, -1)
    errs = draw.random((bloc, STATEMENTS)) < 0.02
    side[PEOPLE - bloc :] = np.where(errs, -1, 1) * draw.choice([-1, 1], STATEMENTS)
    person, statement = np.nonzero(draw.random(agree.shape) < density)
    return Votes.from_arrays(person, statement, side[person, statement], people=PEOPLE, statements=STATEMENTS)


def at_once(votes: Votes) -> NDArray[np.float64]:
    return np.zeros(votes.vote.size)


@pytest.mark.parametrize("bloc", [20, 40])
def test_v42_planted_blocs_are_found_and_nobody_else(bloc: int) -> None:
    found = []
    for seed in range(20):
        votes = with_bloc(seed, bloc=bloc)
        people = np.concatenate([*find_blocs(votes, at_once(votes)), np.zeros(0, dtype=np.int64)])
        assert (people >= PEOPLE - bloc).all()
        found.append(people.size >= bloc / 2)
    assert sum(found) >= 18


def test_two_blocs_are_told_apart_the_larger_first() -> None:
    votes = with_bloc(0, bloc=60, density=1.0)
    turned = np.where((votes.person >= PEOPLE - 20) & (votes.statement % 2 == 0), -votes.vote, votes.vote)
    both = Votes.from_arrays(votes.person, votes.statement, turned, people=PEOPLE, statements=STATEMENTS)
    first, second = find_blocs(both, at_once(both))
    assert first.size > second.size
    assert set(first) <= set(range(PEOPLE - 60, PEOPLE - 20))
    assert set(second) <= set(range(PEOPLE - 20, PEOPLE))


def test_honest_camps_are_no_bloc(demo_votes: Votes) -> None:
    assert find_blocs(demo_votes, at_once(demo_votes)) == ()
    for seed in range(20):
        votes = with_bloc(seed, bloc=0)
        assert find_blocs(votes, at_once(votes)) == ()


def test_unison_over_weeks_is_no_bloc() -> None:
    votes = with_bloc(0, bloc=40)
    assert find_blocs(votes, votes.person * TOGETHER) == ()


def test_unison_where_all_agree_is_no_bloc() -> None:
    person, statement = (place.ravel() for place in np.mgrid[0:PEOPLE, 0:STATEMENTS])
    votes = Votes.from_arrays(
        person, statement, np.ones(person.size, dtype=int), people=PEOPLE, statements=STATEMENTS
    )
    assert find_blocs(votes, at_once(votes)) == ()


@pytest.mark.parametrize("smallest", [5, 50])
def test_a_bloc_is_at_least_the_smallest_group(smallest: int) -> None:
    votes = with_bloc(0, bloc=20)
    assert bool(find_blocs(votes, at_once(votes), smallest=smallest)) == (smallest == 5)


def test_without_enough_voters_there_is_no_bloc(votes_of: VotesOf) -> None:
    few = votes_of(["+" * 20] * 4)
    assert find_blocs(few, at_once(few)) == ()


def test_of_many_people_some_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    votes = with_bloc(0, bloc=40)
    expected = find_blocs(votes, at_once(votes))
    monkeypatch.setattr(blocs, "_CENTRES", 50)
    (found,) = find_blocs(votes, at_once(votes))
    assert set(found) == set(expected[0])
    monkeypatch.setattr(blocs, "MOST_PEOPLE", PEOPLE - 1)
    assert find_blocs(votes, at_once(votes)) == ()
