from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from analysis import OpinionGroups, Votes, canonical, choice, find_groups, groups, measure, prediction

VotesOf = Callable[[list[str]], Votes]


@pytest.fixture(scope="module")
def camps(two_camps: Votes) -> OpinionGroups:
    return find_groups(two_camps)


def drawn(agree: NDArray[np.float64], generator: np.random.Generator, *, density: float = 1.0) -> Votes:
    """Votes of people × statements with these probabilities to agree."""
    person, statement = np.nonzero(generator.random(agree.shape) < density)
    vote = np.where(generator.random(agree.shape) < agree, 1, -1)[person, statement]
    return Votes.from_arrays(person, statement, vote, people=agree.shape[0], statements=agree.shape[1])


def logistic(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-logits)))


def same(one: OpinionGroups, other: OpinionGroups) -> bool:
    return (
        (one.labels == other.labels).all()
        and (one.confidence == other.confidence).all()
        and np.array_equal(one.positions, other.positions, equal_nan=True)
        and (one.count, one.verdict, one.gain, one.axis_share)
        == (other.count, other.verdict, other.gain, other.axis_share)
    )


def test_two_camps_are_two_groups_the_larger_first(camps: OpinionGroups) -> None:
    assert (camps.count, camps.verdict) == (2, "groups")
    assert adjusted_rand_score(np.repeat([0, 1], [40, 20]), camps.labels) >= 0.9
    assert (camps.labels == 0).sum() >= 37
    assert camps.gain > 0.1
    assert 0 < camps.gain_error < camps.gain / 4
    assert camps.axis_share[0] > camps.axis_share[1] > 0


def test_confidence_is_a_share_of_ten_refits(camps: OpinionGroups) -> None:
    assert (camps.confidence * 10) % 1 == pytest.approx(np.zeros(60), abs=1e-9)
    assert camps.confidence.mean() > 0.9


@pytest.fixture(scope="module")
def half(two_camps: Votes) -> tuple[Votes, OpinionGroups]:
    """Every second person of the two camps."""
    kept = two_camps.person % 2 == 0
    votes = Votes.from_arrays(
        two_camps.person[kept] // 2, two_camps.statement[kept], two_camps.vote[kept], people=30, statements=24
    )
    return votes, find_groups(votes)


@pytest.mark.parametrize("seed", range(20))
def test_v31_order_of_rows_and_columns_and_names_leave_no_trace(
    half: tuple[Votes, OpinionGroups], seed: int
) -> None:
    votes, expected = half
    generator = np.random.default_rng(seed)
    people, statements = generator.permutation(30), generator.permutation(24)
    entries = generator.permutation(votes.vote.size)
    again = Votes.from_arrays(
        people[votes.person][entries],
        statements[votes.statement][entries],
        votes.vote[entries],
        people=30,
        statements=24,
    )
    shuffled = find_groups(again)
    assert (shuffled.count, shuffled.verdict) == (2, "groups")
    assert (shuffled.labels[people] == expected.labels).all()
    assert (shuffled.confidence[people] == expected.confidence).all()
    assert (shuffled.positions[people] == expected.positions).all()
    assert (shuffled.gain, shuffled.axis_share) == (expected.gain, expected.axis_share)
    found = measure(again, shuffled)
    assert [replace(found[place], statement=s) for s, place in enumerate(statements)] == list(
        measure(votes, expected)
    )


def test_v32_a_hidden_statement_is_as_if_it_had_never_been_there(two_camps: Votes) -> None:
    kept = two_camps.statement != 3
    statement = two_camps.statement[kept]
    absent = Votes.from_arrays(
        two_camps.person[kept], statement - (statement > 3), two_camps.vote[kept], people=60, statements=23
    )
    assert same(find_groups(two_camps.without([3])), find_groups(absent))


def test_empty_columns_and_people_who_are_not_active_change_nothing(
    two_camps: Votes, camps: OpinionGroups
) -> None:
    wider = Votes.from_arrays(
        np.append(two_camps.person, [60] * 6),
        np.append(two_camps.statement, range(6)),
        np.append(two_camps.vote, [1] * 6),
        people=61,
        statements=25,
    )
    found = find_groups(wider)
    assert found.labels.tolist() == [*camps.labels.tolist(), -1]
    assert (found.confidence[60], found.gain) == (0.0, camps.gain)
    assert np.isnan(found.positions[60]).all()


def test_agree_and_disagree_swapped_give_the_same_groups(two_camps: Votes, camps: OpinionGroups) -> None:
    swapped = Votes.from_arrays(
        two_camps.person, two_camps.statement, -two_camps.vote, people=60, statements=24
    )
    found = find_groups(swapped)
    assert (found.count, found.verdict) == (camps.count, camps.verdict)
    assert adjusted_rand_score(found.labels, camps.labels) == 1.0
    assert np.abs(found.positions) == pytest.approx(np.abs(camps.positions), abs=1e-6)


def test_finding_groups_changes_no_argument(two_camps: Votes) -> None:
    before = two_camps.person.copy(), two_camps.statement.copy(), two_camps.vote.copy()
    find_groups(two_camps, groups=2)
    after = two_camps.person, two_camps.statement, two_camps.vote
    assert all((one == other).all() for one, other in zip(before, after, strict=True))


def test_the_same_seed_gives_the_same_result(two_camps: Votes) -> None:
    assert same(find_groups(two_camps, seed=4), find_groups(two_camps, seed=4))


def test_v33_random_votes_are_no_groups() -> None:
    crowds = []
    for seed in range(20):
        generator = np.random.default_rng(seed)
        person, statement = np.nonzero(generator.random((200, 40)) < 0.6)
        vote = generator.integers(-1, 2, person.size)
        found = find_groups(Votes.from_arrays(person, statement, vote, people=200, statements=40))
        crowds.append((found.count, found.verdict) == (1, "none") and found.gain < 0.01)
    assert sum(crowds) >= 19


def test_one_crowd_has_places_and_no_doubt_who_is_in_it() -> None:
    generator = np.random.default_rng(0)
    found = find_groups(drawn(np.full((200, 12), 0.5), generator))
    assert (found.count, found.verdict) == (1, "none")
    assert set(found.labels.tolist()) == {0}
    assert set(found.confidence.tolist()) == {1.0}
    assert not np.isnan(found.positions).any()


def test_people_who_agree_more_readily_are_no_group(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(2)
    ready = generator.normal(size=(120, 1))
    votes = drawn(logistic(1.2 * ready + generator.normal(size=(1, 30))), generator)
    assert find_groups(votes).verdict == "none"
    monkeypatch.setattr(prediction, "_READINESS", (0.0,))
    assert find_groups(votes).verdict != "none"


def test_a_sliding_scale_is_called_a_spectrum() -> None:
    generator = np.random.default_rng(5)
    slope = np.where(np.arange(40) % 2, 1.8, -1.8)
    votes = drawn(logistic(generator.normal(size=(200, 1)) * slope), generator)
    found = find_groups(votes)
    assert found.verdict == "spectrum"
    assert found.count >= 2
    assert len(set(found.labels.tolist())) == found.count


def test_no_group_is_smaller_than_the_panel_allows(two_camps: Votes) -> None:
    found = find_groups(two_camps, smallest=25)
    assert (found.count, found.verdict) == (1, "none")
    assert found.gain > 0.1


def test_a_gain_below_the_least_is_no_reason_for_groups(
    two_camps: Votes, camps: OpinionGroups, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice, "_LEAST_GAIN", camps.gain + 0.001)
    found = find_groups(two_camps)
    assert (found.verdict, found.gain) == ("none", camps.gain)


def test_groups_that_do_not_come_back_are_not_admitted(
    two_camps: Votes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice, "_LEAST_LIKENESS", 1.01)
    assert find_groups(two_camps).verdict == "none"


@pytest.mark.parametrize(("count", "verdict"), [(1, "none"), (2, "groups"), (5, "groups")])
def test_a_number_of_groups_can_be_set(two_camps: Votes, count: int, verdict: str) -> None:
    found = find_groups(two_camps, groups=count)
    assert (found.count, found.verdict) == (count, verdict)
    assert np.isnan(found.gain)
    sizes = np.bincount(found.labels, minlength=count)
    assert (np.diff(sizes) <= 0).all()


@pytest.mark.parametrize("count", [0, 6])
def test_a_number_outside_one_to_five_is_refused(two_camps: Votes, count: int) -> None:
    with pytest.raises(ValueError, match="1 … 5"):
        find_groups(two_camps, groups=count)


def test_equal_groups_are_numbered_and_a_missing_kind_stays_empty(votes_of: VotesOf) -> None:
    found = find_groups(votes_of(["++++++++"] * 15 + ["--------"] * 15), groups=3)
    assert np.bincount(found.labels, minlength=3).tolist() == [15, 15, 0]
    assert (found.confidence == 1).all()


def test_people_with_the_same_votes_have_the_same_place_and_confidence(two_camps: Votes) -> None:
    own = two_camps.person == 45
    twin = Votes.from_arrays(
        np.append(two_camps.person, np.full(own.sum(), 60)),
        np.append(two_camps.statement, two_camps.statement[own]),
        np.append(two_camps.vote, two_camps.vote[own]),
        people=61,
        statements=24,
    )
    found = find_groups(twin, groups=5)
    assert found.labels[45] == found.labels[60]
    assert found.confidence[45] == found.confidence[60]
    assert (found.positions[45] == found.positions[60]).all()


def test_fewer_than_seven_active_people_have_no_places(votes_of: VotesOf) -> None:
    found = find_groups(votes_of(["+-+-+-+"] * 6 + ["++....."]))
    assert (found.count, found.verdict) == (0, "too_few")
    assert set(found.labels.tolist()) == {-1}
    assert np.isnan(found.positions).all()
    assert np.isnan([found.gain, *found.axis_share]).all()
    assert not found.confidence.any()


def test_from_seven_people_there_is_a_map_and_from_thirty_groups(votes_of: VotesOf) -> None:
    rows = ["++++++++", "--------"] * 15
    few = find_groups(votes_of(rows[:29]), groups=2)
    assert (few.count, few.verdict) == (1, "too_few")
    assert set(few.labels.tolist()) == {0}
    assert not np.isnan(few.positions).any()
    assert find_groups(votes_of(rows), groups=2).count == 2


def test_fewer_than_five_opinions_a_person_are_too_few(votes_of: VotesOf) -> None:
    assert find_groups(votes_of(["++++000", "----000"] * 20)).verdict == "too_few"
    assert find_groups(votes_of(["+++++00", "-----00"] * 20)).verdict == "groups"


def test_of_many_people_some_are_drawn_to_choose(two_camps: Votes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "_MOST_TO_CHOOSE_FROM", 50)
    found = find_groups(two_camps)
    assert (found.count, found.verdict) == (2, "groups")
    assert found.labels.size == 60
    assert adjusted_rand_score(np.repeat([0, 1], [40, 20]), found.labels) >= 0.9
    assert 0.5 <= found.confidence.min() < 1


def test_of_a_great_many_people_some_are_drawn_to_learn_from(
    two_camps: Votes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canonical, "MOST_IN_ORDER", 50)
    monkeypatch.setattr(groups, "MOST_IN_ORDER", 50)
    monkeypatch.setattr(groups, "_MOST_TO_CHOOSE_FROM", 50)
    monkeypatch.setattr(groups, "_LEARNT_FROM", 45)
    found = find_groups(two_camps)
    assert (found.count, found.verdict) == (2, "groups")
    assert adjusted_rand_score(np.repeat([0, 1], [40, 20]), found.labels) >= 0.85
    assert 0.5 <= found.confidence.min() < 1
    sides = found.positions[:, 0] > 0
    assert adjusted_rand_score(found.labels, sides) >= 0.8
