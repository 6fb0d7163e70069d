"""Turn counts of answers into cells that may be printed, so that no small group's opinion is told.

k is 5, or 10 in protected themes; it may be raised, never lowered. A printed row of a statement says how many
took a stand (agree + disagree) and passed. Of two sides, one under k is printed as "fewer than k", zero too,
so that unanimity is not told; the other side is then not printed either.
"""

from dataclasses import dataclass, replace

LEAST_K = 5
ENOUGH_FOR_PERCENT = 20


@dataclass(frozen=True)
class Cell:
    """Hold what may be printed of one row (everybody, an opinion group, a class of a background feature).

    `took_stand`, `passes`, `n`: people; None where the row is hidden ("too few answers").
    `agree`, `disagree`: people; None where not printed. `agree_is_few`, `disagree_is_few`: the side is
    printed as "fewer than k". `agree_range`, `disagree_range`: the least and the most people, where the row
    is printed as a range. The `_least` and `_most` are whole per cent of n that the printed figures allow:
    ranks and words use them.
    """

    k: int
    took_stand: int | None = None
    passes: int | None = None
    n: int | None = None
    agree: int | None = None
    disagree: int | None = None
    agree_is_few: bool = False
    disagree_is_few: bool = False
    agree_range: tuple[int, int] | None = None
    disagree_range: tuple[int, int] | None = None

    @property
    def hidden(self) -> bool:
        """Tell whether nothing of the row is printed."""
        return self.took_stand is None

    @property
    def agree_percent(self) -> int | None:
        """Return the printed per cent of n that agree, or None."""
        return self._percent(self.agree)

    @property
    def disagree_percent(self) -> int | None:
        """Return the printed per cent of n that disagree, or None."""
        return self._percent(self.disagree)

    @property
    def passes_percent(self) -> int | None:
        """Return the printed per cent of n that passed, or None."""
        return self._percent(self.passes)

    @property
    def agree_bounds(self) -> tuple[int, int] | None:
        """Return the least and the most people that may agree; None where the row is hidden."""
        return self.agree_range or self._bounds(self.agree, is_few=self.agree_is_few)

    @property
    def disagree_bounds(self) -> tuple[int, int] | None:
        """Return the least and the most people that may disagree; None where the row is hidden."""
        return self.disagree_range or self._bounds(self.disagree, is_few=self.disagree_is_few)

    @property
    def agree_least(self) -> int:
        """Return the least per cent that agree."""
        return self._allowed(self.agree_bounds)[0]

    @property
    def agree_most(self) -> int:
        """Return the greatest per cent that agree."""
        return self._allowed(self.agree_bounds)[1]

    @property
    def disagree_least(self) -> int:
        """Return the least per cent that disagree."""
        return self._allowed(self.disagree_bounds)[0]

    @property
    def disagree_most(self) -> int:
        """Return the greatest per cent that disagree."""
        return self._allowed(self.disagree_bounds)[1]

    def _percent(self, count: int | None) -> int | None:
        if count is None or self.n is None or self.n < ENOUGH_FOR_PERCENT:
            return None
        # 0 and 100 would say "nobody" and "everybody".
        return min(max(_rounded_percent(count, self.n), 1), 99)

    def _bounds(self, count: int | None, *, is_few: bool) -> tuple[int, int] | None:
        if self.took_stand is None:
            return None
        if count is not None:
            return count, count
        return (0, self.k - 1) if is_few else (self.took_stand - self.k + 1, self.took_stand)

    def _allowed(self, bounds: tuple[int, int] | None) -> tuple[int, int]:
        """Return the least and the greatest per cent of n."""
        if bounds is None or self.n is None:
            return 0, 100
        least, most = (_rounded_percent(count, self.n) for count in bounds)
        # A figure that is printed as per cent counts as it is printed.
        return (min(max(least, 1), 99), min(max(most, 1), 99)) if bounds[0] == bounds[1] else (least, most)


@dataclass(frozen=True)
class RoughCounts:
    """Hold counts while voting goes on: multiples of k rounded down ("20 or more"; 0 is "fewer than k")."""

    k: int
    agree: int
    disagree: int
    passes: int
    n: int


def printable(agree: int, disagree: int, passes: int, *, k: int) -> Cell:
    """Return what may be printed of a row of counts. Raises ValueError for k under 5."""
    _check(k)
    took_stand = agree + disagree
    if took_stand < 2 * k:
        return Cell(k)
    seen = Cell(k, took_stand=took_stand, passes=passes, n=took_stand + passes)
    if min(agree, disagree) >= k:
        return replace(seen, agree=agree, disagree=disagree)
    return replace(seen, agree_is_few=agree < k, disagree_is_few=disagree < k)


def while_voting(agree: int, disagree: int, passes: int, *, k: int) -> RoughCounts:
    """Return the figures that somebody who has answered may see before voting ends."""
    _check(k)
    n = agree + disagree + passes
    return RoughCounts(k, *(count - count % k for count in (agree, disagree, passes, n)))


def printable_count(people: int, *, k: int) -> int | None:
    """Return a count that stands alone, such as how many hold a statement important; None under k."""
    _check(k)
    return people if people >= k else None


def size_class(people: int, *, k: int) -> int | None:
    """Return 0 for k … 2k − 1 people, 1 for 2k … 4k − 1, 2 for more; None under k, which is not shown."""
    _check(k)
    if people < k:
        return None
    return 0 if people < 2 * k else 1 if people < 4 * k else 2


def _check(k: int) -> None:
    if k < LEAST_K:
        raise ValueError(f"k must be at least {LEAST_K}, not {k}")


def _rounded_percent(count: int, n: int) -> int:
    """Round halves up, in whole numbers, so that 12.5 is 13 everywhere."""
    return (200 * count + n) // (2 * n)
