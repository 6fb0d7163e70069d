import pytest

from analysis.small_cells import Cell, printable
from analysis.word_ladder import in_words


def row(agree: int, disagree: int, passes: int = 0, k: int = 5) -> Cell:
    return printable(agree, disagree, passes, k=k)


@pytest.mark.parametrize(
    ("whole", "groups", "words"),
    [
        (row(12, 7), [], "too_few"),
        (row(4, 5, 30), [], "too_few"),
        (row(50, 50), [row(45, 5), row(5, 45)], "disagree_groups"),
        (row(55, 45), [row(35, 15), row(20, 30)], "split"),
        (row(183, 17), [row(91, 9), row(92, 8)], "almost_all"),
        (row(160, 40), [row(75, 25), row(85, 15)], "clear_majority"),
        (row(160, 40), [row(74, 26), row(86, 14)], "most"),
        (row(160, 40), [], "most"),
        (row(190, 10), [], "almost_all"),
        (row(40, 20, 26), [], "not_sure"),
        (row(60, 40), [], "most"),
        (row(59, 41), [], "split"),
        (row(40, 60), [], "split"),
        (row(39, 61), [], "most_disagree"),
        (row(39, 41, 20), [], "fewer_than_half"),
        (row(2, 38), [], "most_disagree"),
        (row(3, 17, 8), [], "fewer_than_half"),
    ],
)
def test_the_first_rung_that_fits_is_taken(whole: Cell, groups: list[Cell], words: str) -> None:
    assert in_words(whole, groups) == words


def test_a_side_of_fewer_than_k_takes_the_least_share_it_allows() -> None:
    assert in_words(row(40, 0)) == "almost_all"
    assert in_words(row(39, 0)) == "almost_all"
    assert in_words(row(36, 0, 4)) == "most"


def test_words_do_not_depend_on_what_is_not_printed() -> None:
    hidden_zero, hidden_four = [row(30, 0), row(28, 4)], [row(26, 4), row(32, 0)]
    assert in_words(row(58, 0), hidden_zero) == in_words(row(54, 4), hidden_four) == "clear_majority"


def test_a_hidden_group_is_nobody_s_majority() -> None:
    assert in_words(row(95, 9), [row(90, 5), row(5, 4)]) == "most"


def test_a_range_over_the_half_bears_no_word() -> None:
    assert in_words(row(20, 0, 8, k=10)) == "too_few"
