"""Check that the printed figures of a statement, taken together, tell no small group's opinion."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from analysis.small_cells import Cell, printable

_NO_LIMIT = 10**9


class Counts(NamedTuple):
    """Hold one row of answers as they are."""

    agree: int
    disagree: int
    passes: int

    @property
    def took_stand(self) -> int:
        """Return how many agree or disagree."""
        return self.agree + self.disagree


@dataclass(frozen=True)
class Published:
    """Hold what may be printed of a statement: everybody, each group, each background class."""

    whole: Cell
    groups: tuple[Cell, ...]
    backgrounds: tuple[tuple[Cell, ...], ...]


@dataclass
class _Row:
    """Hold a row and what is printed of it; `as_range`: no side is printed, only what the others allow."""

    counts: Counts
    cell: Cell
    as_range: bool = False


@dataclass
class _Known:
    """Hold the least and the greatest value that a reader can work out of a row's agree, disagree and sum."""

    agree: list[int]
    disagree: list[int]
    took_stand: list[int]

    @property
    def all(self) -> tuple[list[int], list[int], list[int]]:
        return self.agree, self.disagree, self.took_stand


def protect(
    whole: Counts, groups: Sequence[Counts], backgrounds: Sequence[Sequence[Counts]] = (), *, k: int
) -> Published:
    """Print every row by its own size, then weaken until subtraction tells no count under k.

    The rows of a split and the people in none of them add up to the whole, so from all that is printed follow
    a least and a greatest value of each count. A count under k needs at least ⌈k/2⌉ possible values, unless
    nobody in its row took a stand. Otherwise the smallest row of a background is hidden, then the whole
    printed as a range, then the smallest group hidden, until every count is safe. Raises ValueError for k
    under 5 and for rows that are more than the whole.
    """
    top = _Row(whole, printable(*whole, k=k))
    splits = [[_Row(row, printable(*row, k=k)) for row in rows] for rows in (groups, *backgrounds)]
    tables = [[*rows, _Row(_rest(whole, rows), Cell(k))] for rows in splits]
    while not _is_safe(top, tables, k):
        _weaken(top, splits)
    if top.as_range:
        known = _known(top, tables)[0]
        agree, disagree = (known.agree[0], known.agree[1]), (known.disagree[0], known.disagree[1])
        top.cell = replace(top.cell, agree_range=agree, disagree_range=disagree)
    return Published(
        whole=top.cell,
        groups=tuple(row.cell for row in splits[0]),
        backgrounds=tuple(tuple(row.cell for row in rows) for rows in splits[1:]),
    )


def _rest(whole: Counts, rows: list[_Row]) -> Counts:
    """Return the people in no row of a split."""
    agree, disagree, passes = (
        total - sum(row.counts[side] for row in rows) for side, total in enumerate(whole)
    )
    if min(agree, disagree, passes) < 0:
        raise ValueError("the rows of a split are more than the whole")
    return Counts(agree, disagree, passes)


def _is_safe(top: _Row, tables: list[list[_Row]], k: int) -> bool:
    rows = [top, *(row for table in tables for row in table)]
    for row, known in zip(rows, _known(top, tables), strict=True):
        for side, (least, most) in zip(row.counts[:2], known.all[:2], strict=True):
            if side < k and row.counts.took_stand and most - least + 1 < -(-k // 2):
                return False
    return True


def _weaken(top: _Row, splits: list[list[_Row]]) -> None:
    """Take back the figure that tells least."""
    shown = [row for rows in splits[1:] for row in rows if not row.cell.hidden]
    if not shown and not top.as_range and not top.cell.hidden:
        top.as_range = True
        seen = top.cell
        top.cell = Cell(seen.k, took_stand=seen.took_stand, passes=seen.passes, n=seen.n)
        return
    shown = shown or [row for row in splits[0] if not row.cell.hidden]
    smallest = min(shown, key=lambda row: row.counts.took_stand)
    smallest.cell = Cell(smallest.cell.k)


def _known(top: _Row, tables: list[list[_Row]]) -> list[_Known]:
    """Return what a reader can work out of each row: the whole, then the rows of every split in order."""
    whole = _printed(top)
    splits = [[_printed(row, is_rest=row is table[-1]) for row in table] for table in tables]
    rows = [whole, *(row for split in splits for row in split)]
    while any(_narrow(*sums) for sums in _sums(whole, splits, rows)):
        pass
    return rows


def _printed(row: _Row, *, is_rest: bool = False) -> _Known:
    """Return what the row's own cell tells; a row hidden for its size is known to be small."""
    cell = row.cell
    if cell.took_stand is None:
        small = row.counts.took_stand < 2 * cell.k and not is_rest
        most = 2 * cell.k - 1 if small else _NO_LIMIT
        return _Known([0, most], [0, most], [0, most])
    both = [cell.took_stand, cell.took_stand]
    if row.as_range:
        return _Known([0, both[1]], [0, both[1]], both)
    return _Known(list(cell.agree_bounds or ()), list(cell.disagree_bounds or ()), both)


def _sums(
    whole: _Known, splits: list[list[_Known]], rows: list[_Known]
) -> Iterator[tuple[list[int], list[list[int]]]]:
    """Yield each total with its parts: agree and disagree of a row, and the rows of a split."""
    for row in rows:
        yield row.took_stand, [row.agree, row.disagree]
    for split in splits:
        for side, total in enumerate(whole.all):
            yield total, [row.all[side] for row in split]


def _narrow(total: list[int], parts: list[list[int]]) -> bool:
    """Narrow the limits of a total and of its parts by each other; tell whether anything changed."""
    before = [tuple(limits) for limits in (total, *parts)]
    total[0] = max(total[0], sum(part[0] for part in parts))
    total[1] = min(total[1], sum(part[1] for part in parts))
    for part in parts:
        others = [sum(other[end] for other in parts) - part[end] for end in (0, 1)]
        part[0] = max(part[0], total[0] - others[1])
        part[1] = min(part[1], total[1] - others[0])
    return before != [tuple(limits) for limits in (total, *parts)]
