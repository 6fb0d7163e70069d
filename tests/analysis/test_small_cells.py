import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.small_cells import Cell, RoughCounts, printable, printable_count, size_class, while_voting

COUNT = st.integers(0, 60)
K = st.sampled_from([5, 10])


def test_a_row_where_few_took_a_stand_is_hidden() -> None:
    cell = printable(6, 3, 40, k=5)
    assert cell.hidden
    assert cell == Cell(5)
    assert (cell.agree_least, cell.agree_most, cell.disagree_least, cell.disagree_most) == (0, 100, 0, 100)
    assert cell.passes_percent is None


def test_both_sides_are_printed_when_neither_is_small() -> None:
    cell = printable(15, 5, 4, k=5)
    assert cell == Cell(5, took_stand=20, passes=4, n=24, agree=15, disagree=5)
    assert (cell.agree_percent, cell.disagree_percent, cell.passes_percent) == (63, 21, 17)
    assert (cell.agree_least, cell.agree_most, cell.disagree_least, cell.disagree_most) == (63, 63, 21, 21)


@pytest.mark.parametrize("few", [0, 1, 4])
def test_a_small_side_is_fewer_than_k_and_the_other_is_not_told_either(few: int) -> None:
    cell = printable(20 - few, few, 5, k=5)
    assert cell == Cell(5, took_stand=20, passes=5, n=25, disagree_is_few=True)
    assert (cell.agree_percent, cell.disagree_percent, cell.passes_percent) == (None, None, 20)
    assert (cell.agree_least, cell.agree_most) == (64, 80)
    assert (cell.disagree_least, cell.disagree_most) == (0, 16)


def test_a_small_agreeing_side_mirrors_a_small_disagreeing_one() -> None:
    cell, mirrored = printable(2, 18, 5, k=5), printable(18, 2, 5, k=5)
    assert cell.agree_is_few
    assert not cell.disagree_is_few
    assert (cell.agree_least, cell.agree_most) == (mirrored.disagree_least, mirrored.disagree_most)


def test_v35_no_percentages_below_twenty_voters() -> None:
    assert printable(12, 7, 0, k=5).agree_percent is None
    assert printable(12, 7, 1, k=5).agree_percent == 60


def test_percentages_never_say_nobody_or_everybody() -> None:
    assert printable(1_995, 5, 0, k=5).agree_percent == 99
    assert printable(1_995, 5, 0, k=5).disagree_percent == 1
    assert printable(10, 10, 0, k=5).passes_percent == 1


def test_halves_are_rounded_up() -> None:
    assert printable(25, 15, 0, k=5).agree_percent == 63


def test_k_may_be_raised_but_not_lowered() -> None:
    assert printable(9, 30, 0, k=10).agree_is_few
    with pytest.raises(ValueError, match="at least 5"):
        printable(9, 30, 0, k=4)


@given(agree=COUNT, disagree=COUNT, passes=COUNT, k=K)
def test_nothing_printed_tells_a_side_under_k(agree: int, disagree: int, passes: int, k: int) -> None:
    cell = printable(agree, disagree, passes, k=k)
    fits = [
        side
        for side in range(agree + disagree + 1)
        if printable(side, agree + disagree - side, passes, k=k) == cell
    ]
    assert agree in fits
    assert min(agree, disagree) >= k or len(fits) >= min(k, agree + disagree + 1)


@given(agree=COUNT, disagree=COUNT, passes=COUNT, k=K)
def test_the_allowed_shares_hold_the_true_one(agree: int, disagree: int, passes: int, k: int) -> None:
    cell = printable(agree, disagree, passes, k=k)
    n = max(agree + disagree + passes, 1)
    assert cell.agree_least - 1 <= 100 * agree / n <= cell.agree_most + 1
    assert cell.disagree_least - 1 <= 100 * disagree / n <= cell.disagree_most + 1


def test_figures_while_voting_are_multiples_of_k() -> None:
    assert while_voting(23, 4, 10, k=5) == RoughCounts(5, agree=20, disagree=0, passes=10, n=35)


@pytest.mark.parametrize(("people", "told"), [(0, None), (4, None), (5, 5), (40, 40)])
def test_a_count_that_stands_alone_is_printed_from_k_on_v46(people: int, told: int | None) -> None:
    assert printable_count(people, k=5) == told
    with pytest.raises(ValueError, match="k must be"):
        printable_count(people, k=4)


@pytest.mark.parametrize(("people", "size"), [(4, None), (5, 0), (9, 0), (10, 1), (19, 1), (20, 2), (200, 2)])
def test_hexagons_are_told_in_three_sizes(people: int, size: int | None) -> None:
    assert size_class(people, k=5) == size
