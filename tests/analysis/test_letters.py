import numpy as np

from analysis import keep_letters
from analysis.letters import renumber


def test_groups_keep_their_letters_when_their_order_changes() -> None:
    assert keep_letters(["A", "A", "B", "B", "B"], np.array([1, 1, 0, 0, 0]), 2) == ("B", "A")


def test_the_first_letters_are_in_order() -> None:
    assert keep_letters([None, None], np.array([1, 0]), 2) == ("A", "B")


def test_a_group_that_holds_less_than_half_of_every_old_one_gets_an_unused_letter() -> None:
    previous = ["A", "A", "A", "A", "B", "B", "B", None]
    labels = np.array([0, 0, 0, 2, 1, 1, 2, 2])
    assert keep_letters(previous, labels, 3) == ("A", "B", "C")


def test_an_even_split_leaves_the_letter_with_one_half_only() -> None:
    letters = keep_letters(["A", "A"], np.array([0, 1]), 2)
    assert sorted(letters) == ["A", "B"]


def test_a_letter_that_is_no_longer_used_is_not_given_to_others() -> None:
    assert keep_letters(["A", "C", "C"], np.array([0, -1, -1]), 2) == ("A", "D")


def test_letters_do_not_depend_on_the_numbers_of_labels() -> None:
    previous = ["A", "B", "B", "C", "C"]
    labels = np.array([0, 1, 1, 2, 2])
    assert keep_letters(previous, labels, 3) == ("A", "B", "C")
    assert keep_letters(previous, (labels + 1) % 3, 3) == ("C", "A", "B")


def test_labels_are_renumbered_to_those_of_most_people() -> None:
    labels, like = np.array([2, 2, 0, 1, 1]), np.array([0, 0, 1, 2, 1])
    assert renumber(labels, like, 3).tolist() == [0, 0, 1, 2, 2]
    assert labels.tolist() == [2, 2, 0, 1, 1]
