from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.audit import Counts, Published, protect
from analysis.small_cells import Cell, printable


def total(*rows: Counts) -> Counts:
    return Counts(*(sum(side) for side in zip(*rows, strict=True)))


def test_large_rows_are_printed_exactly() -> None:
    groups = Counts(20, 10, 3), Counts(8, 30, 2)
    found = protect(total(*groups), groups, k=5)
    assert found.whole == printable(28, 40, 5, k=5)
    assert found.groups == (printable(20, 10, 3, k=5), printable(8, 30, 2, k=5))
    assert found.backgrounds == ()


def test_a_small_side_that_subtraction_would_tell_makes_the_whole_a_range() -> None:
    groups = Counts(20, 10, 3), Counts(18, 2, 2)
    found = protect(total(*groups), groups, k=5)
    assert found.groups == (printable(20, 10, 3, k=5), printable(18, 2, 2, k=5))
    assert (found.whole.agree, found.whole.took_stand, found.whole.n) == (None, 50, 55)
    assert (found.whole.agree_range, found.whole.disagree_range) == ((36, 40), (10, 14))
    assert (found.whole.agree_least, found.whole.agree_most) == (65, 73)


def test_one_person_in_no_group_is_not_told_by_subtraction() -> None:
    groups = Counts(20, 10, 0), Counts(6, 6, 0)
    found = protect(total(*groups, Counts(1, 0, 0)), groups, k=5)
    assert found.groups == (printable(20, 10, 0, k=5), Cell(5))
    assert found.whole.agree_range is not None


def test_the_smallest_rows_of_a_background_give_way_first() -> None:
    classes = Counts(20, 20, 0), Counts(12, 8, 1), Counts(11, 1, 1)
    found = protect(total(*classes), [], [classes], k=5)
    assert found.whole == printable(43, 29, 2, k=5)
    # With the smallest row alone hidden, its one who disagrees would still be told as one of two values.
    assert found.backgrounds == ((printable(20, 20, 0, k=5), Cell(5), Cell(5)),)


def test_people_who_only_passed_need_no_protection() -> None:
    groups = (Counts(20, 10, 0),)
    found = protect(total(*groups, Counts(0, 0, 3)), groups, k=5)
    assert found.whole == printable(20, 10, 3, k=5)


def test_a_small_whole_hides_everything() -> None:
    groups = Counts(3, 2, 0), Counts(1, 2, 0)
    assert protect(total(*groups), groups, k=5) == Published(Cell(5), (Cell(5), Cell(5)), ())


def test_rows_beyond_the_whole_are_refused() -> None:
    with pytest.raises(ValueError, match="more than the whole"):
        protect(Counts(5, 5, 0), [Counts(6, 4, 0)], k=5)


def consistent(cell: Cell, agree: int, took_stand: int) -> bool:
    """Tell whether a row with these figures could have been printed like this cell."""
    if cell.took_stand is None or cell.agree_bounds is None or cell.disagree_bounds is None:
        return True
    return (
        took_stand == cell.took_stand
        and cell.agree_bounds[0] <= agree <= cell.agree_bounds[1]
        and cell.disagree_bounds[0] <= took_stand - agree <= cell.disagree_bounds[1]
    )


ROWS = st.tuples(st.integers(0, 7), st.integers(10, 14), st.just(0)).map(lambda row: Counts(*row))


@settings(max_examples=40, deadline=None)
@given(first=ROWS, second=ROWS, rest=st.sampled_from([Counts(0, 0, 0), Counts(1, 0, 0), Counts(0, 2, 0)]))
def test_of_all_worlds_that_fit_the_figures_no_small_count_is_nearly_certain(
    first: Counts, second: Counts, rest: Counts
) -> None:
    whole = total(first, second, rest)
    found = protect(whole, [first, second], k=5)
    shown = [
        row if not cell.hidden else None for row, cell in zip((first, second), found.groups, strict=True)
    ]
    if found.whole.hidden or None in shown:
        return
    sums = [row.took_stand for row in (first, second, rest)]
    worlds = [
        agrees
        for agrees in product(*(range(took + 1) for took in sums))
        if consistent(found.groups[0], agrees[0], sums[0])
        and consistent(found.groups[1], agrees[1], sums[1])
        and consistent(found.whole, sum(agrees), sum(sums))
    ]
    assert (first.agree, second.agree, rest.agree) in worlds
    for place, row in enumerate((first, second, rest)):
        if row.took_stand and min(row.agree, row.disagree) < 5:
            assert len({agrees[place] for agrees in worlds}) >= 3
