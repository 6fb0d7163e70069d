"""Keep a group's number or letter the same from one result to the next."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

_FIRST_LETTER = ord("A")


def renumber(labels: NDArray[np.int64], like: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return labels 0 … count − 1 renumbered so that as many people as possible have theirs of `like`."""
    shared = np.zeros((count, count), dtype=np.int64)
    np.add.at(shared, (labels, like), 1)
    number: NDArray[np.int64] = linear_sum_assignment(shared, maximize=True)[1]
    return number[labels]


def keep_letters(previous: Sequence[str | None], labels: NDArray[np.int64], count: int) -> tuple[str, ...]:
    """Return a letter for each label 0 … count − 1: the last published one of the best match, else a new one.

    `previous` has the letter last published of each person (None: none), in the order of `labels`. The best
    assignment (Kuhn 1955) is over people in both. A group that holds less than half of every old one gets the
    next letter after all old ones, in order of labels.
    """
    old = sorted({letter for letter in previous if letter is not None})
    shared = np.zeros((count, len(old)), dtype=np.int64)
    for letter, label in zip(previous, labels.tolist(), strict=True):
        if letter is not None and 0 <= label < count:
            shared[label, old.index(letter)] += 1
    most = shared.sum(axis=0)
    kept = {
        int(label): old[place]
        for label, place in zip(*linear_sum_assignment(shared, maximize=True), strict=True)
        if 2 * shared[label, place] >= most[place] > 0
    }
    unused = ord(old[-1]) + 1 if old else _FIRST_LETTER
    new = iter(range(unused, unused + count))
    return tuple(kept[label] if label in kept else chr(next(new)) for label in range(count))
