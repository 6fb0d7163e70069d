"""Lay people on axes by probabilistic principal components of their agree and disagree votes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.linalg import svds

from analysis.answers import Answers
from analysis.canonical import Opinions

AXES = 3
_PSEUDO_VOTES = 3.0
_LEAST_NOISE = 1e-6
_START_TOLERANCE = 1e-3
_ENOUGH_CHANGE = 1e-4
# A symmetric 3 × 3 matrix is kept as six columns: the pairs of axes in this order.
_LEFT = np.array([0, 0, 0, 1, 1, 2])
_RIGHT = np.array([0, 1, 2, 1, 2, 2])
_TWICE = np.array([1.0, 2.0, 2.0, 1.0, 2.0, 1.0])

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Plane:
    """Hold places of people (people × 3), loadings of statements (statements × 3), both on principal axes.

    `axis_share`: the share of Σx² that the first axis explains, then what the second adds; nan without votes.
    `mean`: what a statement's x is measured from. `noise`: σ².
    """

    places: Floats
    loadings: Floats
    axis_share: tuple[float, float]
    mean: Floats
    noise: float

    def place(self, opinions: Opinions) -> Floats:
        """Return the expected places of other people, who voted on the same statements."""
        return _places(_Deviations(opinions.answers, _from(self.mean)), self.loadings, self.noise)[0]


@dataclass(frozen=True, eq=False)
class _Deviations:
    """Hold who gave which answer, and each answer's deviation x from its statement's mean."""

    answers: Answers
    x: Floats

    @property
    def square(self) -> float:
        return float((self.answers.count * self.x**2).sum())


def lay_out(opinions: Opinions, *, rounds: int = 20) -> Plane:
    """Fit x = w·z + ε, z ~ N(0, I), ε ~ N(0, σ²) by EM (Tipping and Bishop 1999) on the observed votes only.

    x is the vote ±1 less the statement's mean, shrunk by 3 votes at the overall mean. The prior on z shrinks:
    somebody with few votes lies near the middle. Axes are the principal axes of z, largest first; the largest
    absolute loading of each axis is positive. `rounds` is the most EM iterations.
    """
    if opinions.person.size == 0:
        nothing, width = (np.nan, np.nan), opinions.statements
        return Plane(
            np.zeros((opinions.people, AXES)), np.zeros((width, AXES)), nothing, np.zeros(width), 1.0
        )
    mean = _mean(opinions.answers)
    votes = _Deviations(opinions.answers, _from(mean))
    loadings, noise = _start(opinions, votes), max(votes.square / (2 * opinions.person.size), _LEAST_NOISE)
    for _ in range(rounds):
        before = loadings
        places, spread = _places(votes, loadings, noise)
        loadings, noise = _loadings(votes, places, spread, noise)
        if np.abs(loadings - before).max() < _ENOUGH_CHANGE:
            break
    places, _ = _places(votes, loadings, noise)
    places, loadings = _on_principal_axes(places, loadings)
    return Plane(places, loadings, _axis_share(votes, places, loadings), mean, noise)


def _mean(answers: Answers) -> Floats:
    agree, disagree = answers.count[::2], answers.count[1::2]
    overall = (agree.sum() - disagree.sum()) / answers.count.sum()
    mean: Floats = (agree - disagree + _PSEUDO_VOTES * overall) / (agree + disagree + _PSEUDO_VOTES)
    return mean


def _from(mean: Floats) -> Floats:
    """Return x of each answer: 1 − mean for agree, −1 − mean for disagree."""
    return np.stack([1 - mean, -1 - mean], axis=1).ravel()


def _start(opinions: Opinions, votes: _Deviations) -> Floats:
    """Return loadings V·S/√n/√density of a truncated singular value decomposition."""
    people, statements = opinions.people, opinions.statements
    entries = votes.x[votes.answers.columns], opinions.statement, opinions.starts
    x = csr_array(entries, shape=(people, statements))
    axes = min(AXES, people, statements)
    if min(x.shape) <= AXES:
        _, sizes, directions = np.linalg.svd(x.toarray(), full_matrices=False)
    elif not x.data.any():
        return np.zeros((statements, AXES))
    else:
        # A fixed start vector makes the result repeatable; unequal parts, so that no symmetric data is at a
        # right angle to it.
        start = 1.0 + np.arange(min(x.shape)) / min(x.shape)
        _, sizes, directions = svds(x, k=AXES, v0=start, tol=_START_TOLERANCE)
        sizes, directions = sizes[::-1], directions[::-1]
    density = x.nnz / (people * statements)
    loadings = np.zeros((statements, AXES))
    loadings[:, :axes] = (directions[:axes].T * sizes[:axes]) / np.sqrt(people * density)
    return loadings


def _places(votes: _Deviations, loadings: Floats, noise: float) -> tuple[Floats, Floats]:
    """Return the expected z of each person (people × 3) and its covariance (people × 6)."""
    both = np.repeat(loadings, 2, axis=0)
    values = np.hstack([both[:, _LEFT] * both[:, _RIGHT], votes.x[:, None] * both])
    sums = votes.answers.of_each_person(values)
    precision, crossed = sums[:, : _LEFT.size], sums[:, _LEFT.size :]
    precision[:, _LEFT == _RIGHT] += noise
    inverse = _inverse(precision)
    return _product(inverse, crossed), noise * inverse


def _loadings(votes: _Deviations, places: Floats, spread: Floats, noise: float) -> tuple[Floats, float]:
    """Return new loadings and noise from the expected places."""
    moments, crossed = _sums(votes, np.hstack([places[:, _LEFT] * places[:, _RIGHT] + spread, places]))
    weight = moments.copy()
    weight[:, _LEFT == _RIGHT] += _PSEUDO_VOTES * noise
    loadings = _product(_inverse(weight), crossed)
    squares = loadings[:, _LEFT] * loadings[:, _RIGHT] * moments * _TWICE
    left = votes.square - 2 * (loadings * crossed).sum() + squares.sum()
    return loadings, max(left / votes.answers.count.sum(), _LEAST_NOISE)


def _sums(votes: _Deviations, values: Floats) -> tuple[Floats, Floats]:
    """Return per statement the sums of all but the last 3 of the voters' values, and of x times those 3."""
    sums = votes.answers.of_each_answer(values)
    plain, crossed = sums[:, :-AXES], votes.x[:, None] * sums[:, -AXES:]
    return plain[::2] + plain[1::2], crossed[::2] + crossed[1::2]


def _inverse(packed: Floats) -> Floats:
    """Invert symmetric 3 × 3 matrices, six columns each, by cofactors."""
    a, b, c, d, e, f = packed.T
    cofactors = np.stack(
        [d * f - e * e, c * e - b * f, b * e - c * d, a * f - c * c, b * c - a * e, a * d - b * b]
    )
    determinant = a * cofactors[0] + b * cofactors[1] + c * cofactors[2]
    inverse: Floats = (cofactors / determinant).T
    return inverse


def _product(packed: Floats, vectors: Floats) -> Floats:
    a, b, c, d, e, f = packed.T
    x, y, z = vectors.T
    return np.stack([a * x + b * y + c * z, b * x + d * y + e * z, c * x + e * y + f * z], axis=1)


def _on_principal_axes(places: Floats, loadings: Floats) -> tuple[Floats, Floats]:
    # einsum adds up in one order, where the matrix product's order depends on the number of threads.
    centred = places - places.mean(axis=0)
    axes = np.linalg.eigh(np.einsum("pi,pj->ij", centred, centred))[1][:, ::-1]
    places, loadings = (np.einsum("pi,ij->pj", vectors, axes) for vectors in (places, loadings))
    largest = np.abs(loadings).argmax(axis=0)
    sign = np.where(loadings[largest, np.arange(AXES)] < 0, -1.0, 1.0)
    return places * sign, loadings * sign


def _axis_share(votes: _Deviations, places: Floats, loadings: Floats) -> tuple[float, float]:
    """Return how much of Σx² falls away with axis 1 alone, and how much more with axis 2."""
    if votes.square == 0:
        return np.nan, np.nan
    pairs = places[:, [0, 0, 1]] * places[:, [0, 1, 1]]
    moments, crossings = _sums(votes, np.hstack([pairs, places]))
    crossed = (loadings * crossings).sum(axis=0)
    products = (loadings[:, [0, 0, 1]] * loadings[:, [0, 1, 1]] * moments).sum(axis=0)
    first = (2 * crossed[0] - products[0]) / votes.square
    second = (2 * crossed[1] - products[2] - 2 * products[1]) / votes.square
    return float(first), float(second)
