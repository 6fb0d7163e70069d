import numpy as np
import pytest

from analysis import intervals


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_intervals(
    monkeypatch: pytest.MonkeyPatch, count: float, n: float, low: float, high: float
) -> None:
    # Newcombe 1998 (two-sided intervals for the single proportion), table I, 95 %.
    monkeypatch.setattr(intervals, "_Z", 1.959964)
    ends = intervals.wilson(np.array([count]), np.array([n]))
    assert np.concatenate(ends) == pytest.approx([low, high], abs=5e-5)


def test_wilson_ends_lie_a_ninety_percent_distance_from_the_share() -> None:
    count, n = np.array([0.0, 1.0, 2.0, 5.0]), np.array([5.0, 5.0, 5.0, 5.0])
    for end in intervals.wilson(count, n):
        assert (count / n - end) ** 2 == pytest.approx(1.6449**2 * end * (1 - end) / n, abs=1e-12)


def test_wilson_knows_nothing_without_votes() -> None:
    low, high = intervals.wilson(np.zeros(1), np.zeros(1))
    assert (low.item(), high.item()) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("cells", "low"),
    [
        ((56, 70, 48, 80), 0.0524),
        ((9, 10, 3, 10), 0.1705),
        ((10, 10, 0, 10), 0.6075),
        ((5, 56, 0, 29), -0.0381),
    ],
)
def test_newcombe_gives_the_published_lower_ends(
    monkeypatch: pytest.MonkeyPatch, cells: tuple[int, ...], low: float
) -> None:
    # Newcombe 1998 (interval estimation for the difference between proportions), table II, method 10, 95 %.
    monkeypatch.setattr(intervals, "_Z", 1.959964)
    found = intervals.newcombe_low(*(np.array([float(cell)]) for cell in cells))
    assert found.item() == pytest.approx(low, abs=1e-4)


def test_newcombe_leads_nowhere_without_votes_on_one_side() -> None:
    one = np.ones(1)
    assert intervals.newcombe_low(one, one, np.zeros(1), np.zeros(1)).item() == -1.0
