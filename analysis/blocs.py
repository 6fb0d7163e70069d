"""Find people who answered in unison within two days where the others are divided."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from analysis.votes import Votes

ENOUGH_SHARED = 15
ALIKE = 0.95
LEAST_SHARE = 0.05
TOGETHER = 48 * 60 * 60.0
MOST_PEOPLE = 20_000
_DIVIDED = 0.2
_CENTRES = 400
_ROUNDS = 3

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]


def find_blocs(votes: Votes, at: ArrayLike, *, smallest: int = 5) -> tuple[Rows, ...]:
    """Return the row numbers of each bloc's people, the largest bloc first; none among over 20,000 people.

    `at`: when each vote was given, in seconds, in the order of `votes`. A bloc is at least `smallest` people,
    and 5 % of those who voted, each of whom gave at least 15 agrees and disagrees on dividing statements,
    95 % of them as most of the bloc, with median times within two days. A statement divides if a fifth or
    more stand on either side, and still do without the bloc. It grows around the person most people answer
    like; of more than 400, 400 are tried: among them is one of a bloc of 5 % but for one time in 10⁹.
    """
    voted = np.unique(votes.person)
    if votes.people > MOST_PEOPLE or voted.size < smallest:
        return ()
    crowd = _Crowd(_sides(votes), _median_times(votes, np.asarray(at, dtype=float)))
    least = max(smallest, LEAST_SHARE * voted.size)
    blocs: list[Rows] = []
    left = np.isin(np.arange(votes.people), voted)
    while left.any() and (bloc := crowd.largest(left)).size >= least:
        blocs.append(bloc)
        left[bloc] = False
    return tuple(sorted(blocs, key=lambda bloc: -bloc.size))


def _sides(votes: Votes) -> csr_array:
    """Return people × statements: 1 agree, −1 disagree, nothing for a pass or without a vote."""
    opinion = votes.vote != 0
    entries = votes.vote[opinion].astype(float), (votes.person[opinion], votes.statement[opinion])
    return csr_array(entries, shape=(votes.people, votes.statements))


def _median_times(votes: Votes, at: Floats) -> Floats:
    starts = np.searchsorted(votes.person, np.arange(votes.people + 1))
    parts = np.split(at, starts[1:-1])
    return np.array([np.median(part) if part.size else np.nan for part in parts])


@dataclass(frozen=True, eq=False)
class _Crowd:
    """Hold what people answered (people × statements, ±1) and when."""

    sides: csr_array
    times: Floats

    @cached_property
    def given(self) -> csr_array:
        """Return 1 where a side was taken."""
        return abs(self.sides)

    def largest(self, left: Flags) -> Rows:
        """Return the largest bloc among those who are left."""
        divides = self._divides(np.ones(left.size, dtype=bool))
        centre = self._most_alike(left, divides)
        bloc, middle = np.array([centre]), self.times[centre]
        for _ in range(_ROUNDS):
            outside = np.ones(left.size, dtype=bool)
            outside[bloc] = False
            asked = divides & self._divides(outside)
            bloc = np.flatnonzero(self._alike(self._most_of(bloc), middle, asked) & left)
        return bloc

    def _divides(self, people: Flags) -> Flags:
        part = self.sides[people]
        agrees, disagrees = ((part * side > 0).sum(axis=0) for side in (1, -1))
        divided: Flags = np.minimum(agrees, disagrees) >= _DIVIDED * np.maximum(agrees + disagrees, 1)
        return divided

    def _most_alike(self, left: Flags, divides: Flags) -> int:
        """Return whom most people answer like, of equals the first."""
        tried = np.flatnonzero(left)
        if tried.size > _CENTRES:
            tried = np.sort(np.random.default_rng(0).choice(tried, _CENTRES, replace=False))
        counts = [
            (self._alike(self.sides[[person]].toarray()[0], self.times[person], divides) & left).sum()
            for person in tried
        ]
        return int(tried[np.argmax(counts)])

    def _most_of(self, bloc: Rows) -> Floats:
        """Return the side on which more of the bloc stand, per statement; 0 for neither."""
        most: Floats = np.sign(self.sides[bloc].sum(axis=0))
        return most

    def _alike(self, answers: Floats, time: float, asked: Flags) -> Flags:
        """Tell of each person whether they answered the statements asked like this, at about this time."""
        pattern = np.where(asked, answers, 0.0)
        shared, balance = self.given @ np.abs(pattern), self.sides @ pattern
        near = np.abs(self.times - time) <= TOGETHER / 2
        unison: Flags = (shared >= ENOUGH_SHARED) & (shared + balance >= 2 * ALIKE * shared) & near
        return unison
