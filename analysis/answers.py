"""Add up over votes: each statement has two answers, agree (column 2s) and disagree (column 2s + 1)."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

# Blocks of people keep a million people's products in the processor's cache and share one row of ones.
_BLOCK = 65_536
_PIECE = 4_194_304

Floats = NDArray[np.float64]


class Answers:
    """Hold who gave which answer, as sparse blocks of people × two columns a statement."""

    def __init__(self, columns: NDArray[np.int32], starts: NDArray[np.int64], width: int) -> None:
        """Take the columns of all votes, person by person, and where each person's start and end."""
        people = starts.size - 1
        self.columns, self.width = columns, width
        self.count = counted(columns, width).astype(float)
        parts = list(pairwise([*range(0, people, _BLOCK), people]))
        ones = np.ones(max(int(starts[end] - starts[begin]) for begin, end in parts))
        self._blocks: list[Any] = []
        for begin, end in parts:
            own = columns[starts[begin] : starts[end]]
            rows = (starts[begin : end + 1] - starts[begin]).astype(np.int32)
            self._blocks.append(csr_array((ones[: own.size], own, rows), shape=(end - begin, width)))

    def of_each_person(self, values: Floats) -> Floats:
        """Return people × d: the sum of the answers' values (answers × d) over what the person answered."""
        return np.concatenate([block @ values for block in self._blocks])

    def of_each_answer(self, values: Floats) -> Floats:
        """Return answers × d: the sum of the people's values (people × d) over those who gave the answer."""
        total, begin = np.zeros((self.width, values.shape[1])), 0
        for block in self._blocks:
            total += block.T @ values[begin : begin + block.shape[0]]
            begin += block.shape[0]
        return total


def counted(index: NDArray[Any], size: int) -> NDArray[np.int64]:
    """Count each number 0 … size − 1, a piece at a time: numpy would copy all to eight bytes each."""
    total = np.zeros(size, dtype=np.int64)
    for begin in range(0, index.size, _PIECE):
        total += np.bincount(index[begin : begin + _PIECE], minlength=size)
    return total
