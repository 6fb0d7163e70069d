"""Hold the votes of a panel as three sorted arrays, the one input of every analysis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from analysis.vote_files import (
    Entry,
    Table,
    VotesError,
    in_order,
    is_log,
    log_entries,
    matrix_columns,
    matrix_entries,
    matrix_people,
    read_table,
)

__all__ = ["Votes", "VotesError", "from_entries"]

_LARGEST_INT16 = 32_767


@dataclass(frozen=True, eq=False)
class Votes:
    """Hold one entry per person and statement that the person voted on, sorted by person, then statement.

    `person` (int32) and `statement` (int16, int32 from 32,768 statements) count from 0; `vote` (int8) is
    1 agree, −1 disagree, 0 pass. An unseen pair is absent, never 0. The arrays cannot be written to.
    `people` and `statements` are the numbers of rows and columns, with or without votes.
    """

    person: NDArray[np.int32]
    statement: NDArray[np.int16] | NDArray[np.int32]
    vote: NDArray[np.int8]
    people: int
    statements: int
    person_ids: tuple[str, ...] | None = None
    statement_ids: tuple[str, ...] | None = None

    @classmethod
    def from_arrays(
        cls, person: ArrayLike, statement: ArrayLike, vote: ArrayLike, *, people: int, statements: int
    ) -> Votes:
        """Make votes of integer arrays in any order; of several entries of a pair the later wins.

        The arrays are neither changed nor kept. Raises VotesError for unequal lengths, for an index
        outside 0 … people − 1 or 0 … statements − 1, and for a vote outside −1, 0, 1.
        """
        rows, columns, values = (_whole_numbers(array) for array in (person, statement, vote))
        if not rows.shape == columns.shape == values.shape:
            raise VotesError("lengths", "person, statement and vote have unequal lengths")
        _check_range("person", rows, 0, people - 1)
        _check_range("statement", columns, 0, statements - 1)
        _check_range("vote", values, -1, 1)
        chosen = _last_of_each_pair(rows, columns, statements)
        return cls(
            _frozen(rows[chosen], np.int32),
            _frozen(columns[chosen], np.int16 if statements <= _LARGEST_INT16 + 1 else np.int32),
            _frozen(values[chosen], np.int8),
            people,
            statements,
        )

    @classmethod
    def read_csv(cls, path: str | Path) -> Votes:
        """Read a vote log or a vote matrix, told apart by the header, with the ids of the file.

        A column `vote` makes a log (person: voter-id, participant or person; statement: comment-id or
        statement; the latest timestamp wins, else the later line), otherwise `participant` makes a matrix
        (empty cell = unseen). Raises VotesError that names the file and the line.
        """
        table = read_table(Path(path))
        for error in table.broken_rows():
            raise error
        return _from_log(table) if is_log(table) else _from_matrix(table)

    def without(self, statements: Iterable[int]) -> Votes:
        """Remove these columns as if they had never been there; all people stay, later columns move up."""
        kept = np.ones(self.statements, dtype=bool)
        left_out = _whole_numbers(list(statements))
        _check_range("statement", left_out, 0, self.statements - 1)
        kept[left_out] = False
        places = np.cumsum(kept) - 1
        entries = kept[self.statement]
        ids = self.statement_ids
        return Votes(
            _frozen(self.person[entries], np.int32),
            _frozen(places[self.statement[entries]], self.statement.dtype),
            _frozen(self.vote[entries], np.int8),
            self.people,
            int(kept.sum()),
            self.person_ids,
            None if ids is None else tuple(name for name, keep in zip(ids, kept, strict=True) if keep),
        )


def from_entries(entries: Iterable[Entry], *, people: Iterable[str], statements: Iterable[str]) -> Votes:
    """Make votes with ids of a file's entries; people and statements are sorted and may have no entry."""
    person_ids, statement_ids = in_order(people), in_order(statements)
    row = {name: place for place, name in enumerate(person_ids)}
    column = {name: place for place, name in enumerate(statement_ids)}
    triples = np.array(
        [(row[entry.person], column[entry.statement], entry.vote) for entry in entries], dtype=np.int64
    ).reshape(-1, 3)
    votes = Votes.from_arrays(*triples.T, people=len(person_ids), statements=len(statement_ids))
    return Votes(
        votes.person, votes.statement, votes.vote, votes.people, votes.statements, person_ids, statement_ids
    )


def _from_log(table: Table) -> Votes:
    entries = log_entries(table)
    return from_entries(
        entries,
        people=(entry.person for entry in entries),
        statements=(entry.statement for entry in entries),
    )


def _from_matrix(table: Table) -> Votes:
    entries = matrix_entries(table)
    return from_entries(entries, people=matrix_people(table), statements=matrix_columns(table).values())


def _whole_numbers(values: ArrayLike) -> NDArray[np.integer]:
    array = np.asarray(values)
    if array.size == 0:
        return np.zeros(0, dtype=np.int64)
    if array.ndim != 1 or not np.issubdtype(array.dtype, np.integer):
        raise VotesError("value", "person, statement and vote must be rows of whole numbers")
    return array


def _check_range(name: str, values: NDArray[np.integer], least: int, most: int) -> None:
    if values.size and (int(values.min()) < least or int(values.max()) > most):
        code = "value" if name == "vote" else "index"
        raise VotesError(code, f"a {name} lies outside {least} … {most}")


def _last_of_each_pair(
    rows: NDArray[np.integer], columns: NDArray[np.integer], statements: int
) -> slice | NDArray[np.int64]:
    # What is sorted already is only looked at, without an array of pairs: there may be a hundred million.
    onward = rows[1:] > rows[:-1]
    onward |= (rows[1:] == rows[:-1]) & (columns[1:] > columns[:-1])
    if onward.all():
        return slice(None)
    pair = rows.astype(np.int64) * statements + columns
    order = np.argsort(pair, kind="stable")
    ordered = pair[order]
    last = np.append(ordered[1:] != ordered[:-1], True)
    chosen: NDArray[np.int64] = order[last]
    return chosen


def _frozen(array: NDArray[np.integer], dtype: DTypeLike) -> NDArray[Any]:
    copy = array.astype(dtype)
    copy.setflags(write=False)
    return copy
