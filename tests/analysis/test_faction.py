import numpy as np
import pytest

from analysis import Votes, choice, find_groups, measure

COMMON = [0, 1, 2, 3, 4]


def with_faction(seed: int, *, faction: int = 10) -> Votes:
    """Two camps of 190 people who share five statements; a faction is against those and for the rest."""
    draw = np.random.default_rng(seed)
    agree = np.full((2, 40), 0.6)
    agree[:, COMMON] = 0.92
    agree[:, 5:15], agree[:, 15:25] = [[0.85], [0.2]], [[0.2], [0.85]]
    camp = np.repeat([0, 1], [110, 80])
    seen, agrees = draw.random((190, 40)) < 0.6, draw.random((190, 40)) < agree[camp]
    person, statement = np.nonzero(seen)
    unison, every = (place.ravel() for place in np.mgrid[190 : 190 + faction, 0:40])
    return Votes.from_arrays(
        np.append(person, unison),
        np.append(statement, every),
        np.append(np.where(agrees, 1, -1)[seen], np.where(np.isin(every, COMMON), -1, 1)),
        people=190 + faction,
        statements=40,
    )


def most_common(votes: Votes) -> list[int]:
    found = measure(votes, find_groups(votes))
    return sorted(range(votes.statements), key=lambda column: -found[column].common_ground)[:5]


@pytest.mark.parametrize("seed", range(3))
def test_v42_ten_of_two_hundred_in_unison_leave_four_of_the_five_most_common(seed: int) -> None:
    assert sorted(most_common(with_faction(seed, faction=0))) == COMMON
    assert len(set(most_common(with_faction(seed))) & set(COMMON)) >= 4


def test_v42_if_one_in_twenty_were_enough_for_a_group_the_bloc_would_have_its_veto(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(choice, "_LEAST_SHARE_OF_PEOPLE", 0.05)
    assert len(set(most_common(with_faction(0))) & set(COMMON)) < 4
