import random
from collections import Counter
from collections.abc import Callable, Mapping
from statistics import median

import pytest

from panels.order import Weight, offer, weigh

Counts = Mapping[int, tuple[int, int, int]]
Weigh = Callable[[Counts], dict[int, Weight]]


def uniform(counts: Counts) -> dict[int, Weight]:
    """Weigh all alike: the mutant that the fairness of late statements must tell apart."""
    return {statement: Weight(1.0, "chance") for statement in counts}


def vote(
    shown: Weigh, *, voters: int = 300, votes: int = 25, first: int = 100, late: int = 20
) -> Counter[int]:
    """Let people vote one after another, with more statements from half-time on; return the votes on each."""
    generator = random.Random(37)
    leaning = [generator.uniform(0.1, 0.9) for _ in range(first + late)]
    counts = {statement: [0, 0, 0] for statement in range(first)}
    for voter in range(voters):
        if voter == voters // 2:
            counts |= {statement: [0, 0, 0] for statement in range(first, first + late)}
        answered: set[int] = set()
        weights = shown({statement: (n[0], n[1], n[2]) for statement, n in counts.items()})
        for _ in range(votes):
            chosen = offer(weights, answered, key=f"1:{voter}")
            assert chosen is not None
            answered.add(chosen)
            passes = generator.random() < 0.1
            counts[chosen][2 if passes else int(generator.random() > leaning[chosen])] += 1
    return Counter({statement: sum(n) for statement, n in counts.items()})


def late_over_median(votes: Counter[int], *, first: int = 100) -> float:
    """Return the fewest votes of a late statement over the median of all."""
    return min(count for statement, count in votes.items() if statement >= first) / median(votes.values())


def test_late_statements_catch_up_v37() -> None:
    assert late_over_median(vote(weigh)) >= 0.7


def test_a_uniform_order_leaves_late_statements_behind_v37() -> None:
    assert late_over_median(vote(uniform)) < 0.5


def test_one_voter_reaches_every_one_of_1500_statements_v26() -> None:
    weights = weigh({statement: (statement % 7, statement % 5, statement % 3) for statement in range(1500)})
    answered: set[int] = set()
    while (chosen := offer(weights, answered, key="1:1")) is not None:
        assert chosen not in answered
        answered.add(chosen)
    assert answered == set(range(1500))


def test_a_reload_shows_the_same_statement_and_another_member_another_order() -> None:
    weights = weigh(dict.fromkeys(range(50), (1, 1, 1)))
    assert offer(weights, set(), key="1:1") == offer(weights, set(), key="1:1")
    assert len({offer(weights, set(), key=f"1:{member}") for member in range(30)}) > 10


def test_nothing_is_offered_when_all_are_answered_or_there_are_none() -> None:
    assert offer(weigh({1: (0, 0, 0)}), {1}, key="1:1") is None
    assert offer(weigh({}), set(), key="1:1") is None


def test_a_weight_by_hand() -> None:
    # the mean is 5: fresh are (10/5)³ and (10/15)³, q 1/2 and 10/12, p 1/6 and 3/16
    weights = weigh({1: (0, 0, 0), 2: (8, 0, 2)})
    assert weights[1].value == pytest.approx(8 * (0.5 + 4 * 0.25 * 5 / 6))
    assert weights[2].value == pytest.approx((2 / 3) ** 3 * (0.5 + 4 * (10 / 12) * (2 / 12) * (13 / 16)))


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ({1: (0, 0, 0), 2: (30, 30, 0)}, "few"),
        ({1: (15, 15, 0), 2: (15, 15, 0)}, "clarify"),
        ({1: (30, 0, 0), 2: (30, 0, 0)}, "chance"),
    ],
)
def test_the_reason_says_why_a_statement_comes(counts: Counts, reason: str) -> None:
    assert weigh(counts)[1].reason == reason


def test_agreement_and_disagreement_weigh_alike() -> None:
    assert weigh({1: (9, 2, 1), 2: (2, 9, 1)})[1] == weigh({1: (9, 2, 1), 2: (2, 9, 1)})[2]
