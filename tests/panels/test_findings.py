from typing import Any

import pytest

from analysis.small_cells import printable
from panels import findings


def entry(
    *groups: tuple[int, int, int], claims: tuple[str, ...] = (), whole: tuple[int, int, int] | None = None
) -> Any:
    """Return the printed entry of counts (agree, disagree, pass) by group."""
    total = whole or tuple(map(sum, zip(*groups, strict=True)))
    return {
        "number": 1,
        "all": findings.printed_row(printable(*total, k=5)),
        "groups": [findings.printed_row(printable(*group, k=5)) for group in groups],
        "claims": claims,
    }


def test_a_hidden_cell_has_no_row() -> None:
    assert findings.printed_row(printable(4, 5, 80, k=5)) is None


@pytest.mark.parametrize(("n", "told"), [(9, False), (10, True)])
def test_rough_figures_are_told_from_twice_k_on(n: int, told: bool) -> None:
    assert (findings.rough_row(5, n, 5, 0, 0) is not None) is told


def test_rough_figures_allow_k_values_each() -> None:
    row = findings.rough_row(5, 20, 10, 5, 5)
    assert row is not None
    assert (row["agree_least"], row["agree_most"]) == (41, 70)  # 10 of 24 and 14 of 20
    assert row["agree_percent"] is None


def test_common_ground_is_what_the_lowest_group_shows() -> None:
    found = entry((30, 10, 0), (28, 12, 0), claims=("common_ground_agree",))
    assert findings.agreed_side(found) == "agree"
    assert findings.lowest(found, "agree") == 70


def test_common_ground_that_the_printed_figures_do_not_show_is_not_claimed() -> None:
    assert findings.agreed_side(entry((23, 17, 0), (30, 10, 0), claims=("common_ground_agree",))) == ""
    assert findings.agreed_side(entry((30, 10, 0), (4, 4, 1), claims=("common_ground_agree",))) == ""


def test_v36_what_all_groups_reject_is_common_ground() -> None:
    assert (
        findings.agreed_side(entry((8, 32, 0), (7, 33, 0), claims=("common_ground_disagree",))) == "disagree"
    )


def test_a_division_has_groups_on_both_sides_in_print() -> None:
    assert findings.is_dividing(entry((30, 10, 0), (9, 31, 0), claims=("dividing",)))
    assert not findings.is_dividing(entry((30, 10, 0), (20, 20, 0), claims=("dividing",)))
    assert not findings.is_dividing(entry((30, 10, 0), (9, 31, 0)))
    assert findings.spread(entry((30, 10, 0), (9, 31, 0))) == 75 - 23


def test_without_groups_a_division_has_two_large_sides() -> None:
    assert findings.is_dividing(entry(claims=("dividing",), whole=(20, 18, 2)))
    assert not findings.is_dividing(entry(claims=("dividing",), whole=(30, 8, 2)))
    assert findings.spread(entry(whole=(4, 4, 0))) == 0


def test_many_who_passed_are_told_from_the_printed_figures() -> None:
    assert findings.is_unsure(entry(claims=("could_not_say",), whole=(10, 10, 20)))
    assert not findings.is_unsure(entry(claims=("could_not_say",), whole=(4, 4, 40)))
    assert not findings.is_unsure(entry(claims=(), whole=(10, 10, 20)))


def test_a_group_is_marked_by_what_it_says_more_often_than_any_other() -> None:
    strong = entry((38, 6, 0), (10, 30, 0), claims=("marks_A_agree", "marks_B_disagree"))
    weak = entry((30, 10, 0), (18, 22, 0), claims=("marks_A_agree",)) | {"number": 2}
    unproved = entry((18, 22, 0), (6, 34, 0), claims=("marks_A_agree",)) | {"number": 3}
    hidden = entry((38, 6, 0), (3, 3, 0), claims=("marks_A_agree",)) | {"number": 4}
    report = findings.report([weak, strong, unproved, hidden], ["A", "B"])
    assert report["marks"] == [
        [{"number": 1, "side": "agree"}, {"number": 2, "side": "agree"}],
        [{"number": 1, "side": "disagree"}],
    ]


def test_lists_are_ranked_by_the_printed_figures_and_ties_by_number() -> None:
    claims = ("common_ground_agree",)
    first, second = (
        entry((30, 10, 0), (30, 10, 0), claims=claims),
        entry((36, 6, 0), (35, 7, 0), claims=claims),
    )
    third = entry((30, 10, 0), (30, 10, 0), claims=claims) | {"number": 3}
    report = findings.report([third, first, second | {"number": 2}], ["A", "B"])
    assert report["common"] == [2, 1, 3]
