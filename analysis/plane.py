"""Lay people on axes by probabilistic principal components of their agree and disagree votes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import svds

from analysis.canonical import Opinions

AXES = 3
_PSEUDO_VOTES = 3.0
_LEAST_NOISE = 1e-6
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
    """

    places: Floats
    loadings: Floats
    axis_share: tuple[float, float]


@dataclass(frozen=True, eq=False)
class _Deviations:
    """Hold each vote's deviation x from its statement's mean, as sparse matrices both ways."""

    x: Any
    x_by_statement: Any
    seen: Any
    seen_by_statement: Any

    @property
    def square(self) -> float:
        return float(np.square(self.x.data).sum())


def lay_out(opinions: Opinions, *, rounds: int = 20) -> Plane:
    """Fit x = w·z + ε, z ~ N(0, I), ε ~ N(0, σ²) by EM (Tipping and Bishop 1999) on the observed votes only.

    x is the vote ±1 less the statement's mean, shrunk by 3 votes at the overall mean. The prior on z shrinks:
    somebody with few votes lies near the middle. Axes are the principal axes of z, largest first; the largest
    absolute loading of each axis is positive. `rounds` is the most EM iterations.
    """
    if opinions.person.size == 0:
        shape = (opinions.people, AXES), (opinions.statements, AXES)
        return Plane(np.zeros(shape[0]), np.zeros(shape[1]), (np.nan, np.nan))
    votes = _deviations(opinions)
    loadings, noise = _start(votes.x), max(votes.square / (2 * opinions.person.size), _LEAST_NOISE)
    for _ in range(rounds):
        before = loadings
        places, spread = _places(votes, loadings, noise)
        loadings, noise = _loadings(votes, places, spread, noise)
        if np.abs(loadings - before).max() < _ENOUGH_CHANGE:
            break
    places, _ = _places(votes, loadings, noise)
    places, loadings = _on_principal_axes(places, loadings)
    return Plane(places, loadings, _axis_share(votes, places, loadings))


def _deviations(opinions: Opinions) -> _Deviations:
    sign = np.where(opinions.agrees, 1.0, -1.0)
    counts = np.bincount(opinions.statement, minlength=opinions.statements)
    sums = np.bincount(opinions.statement, sign, minlength=opinions.statements)
    mean = (sums + _PSEUDO_VOTES * sign.mean()) / (counts + _PSEUDO_VOTES)
    width = opinions.statements
    x = opinions.sparse(sign - mean[opinions.statement], columns=opinions.statement, width=width)
    seen = opinions.sparse(np.ones(sign.size), columns=opinions.statement, width=width)
    return _Deviations(x, x.T.tocsr(), seen, seen.T.tocsr())


def _start(x: Any) -> Floats:
    """Return loadings V·S/√n/√density of a truncated singular value decomposition."""
    people, statements = x.shape
    axes = min(AXES, people, statements)
    if min(x.shape) <= AXES:
        _, sizes, directions = np.linalg.svd(x.toarray(), full_matrices=False)
    elif not x.data.any():
        return np.zeros((statements, AXES))
    else:
        # A fixed start vector makes the result repeatable; unequal parts, so that no symmetric data is at a
        # right angle to it.
        start = 1.0 + np.arange(min(x.shape)) / min(x.shape)
        _, sizes, directions = svds(x, k=AXES, v0=start)
        sizes, directions = sizes[::-1], directions[::-1]
    density = x.nnz / (people * statements)
    loadings = np.zeros((statements, AXES))
    loadings[:, :axes] = (directions[:axes].T * sizes[:axes]) / np.sqrt(people * density)
    return loadings


def _places(votes: _Deviations, loadings: Floats, noise: float) -> tuple[Floats, Floats]:
    """Return the expected z of each person (people × 3) and its covariance (people × 6)."""
    precision = votes.seen @ (loadings[:, _LEFT] * loadings[:, _RIGHT])
    precision[:, _LEFT == _RIGHT] += noise
    inverse = _inverse(precision)
    return _product(inverse, votes.x @ loadings), noise * inverse


def _loadings(votes: _Deviations, places: Floats, spread: Floats, noise: float) -> tuple[Floats, float]:
    """Return new loadings and noise from the expected places."""
    moments = votes.seen_by_statement @ (places[:, _LEFT] * places[:, _RIGHT] + spread)
    weight = moments.copy()
    weight[:, _LEFT == _RIGHT] += _PSEUDO_VOTES * noise
    crossed = votes.x_by_statement @ places
    loadings = _product(_inverse(weight), crossed)
    squares = loadings[:, _LEFT] * loadings[:, _RIGHT] * moments * _TWICE
    left = votes.square - 2 * (loadings * crossed).sum() + squares.sum()
    return loadings, max(left / votes.x.nnz, _LEAST_NOISE)


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
    crossed = (loadings * (votes.x_by_statement @ places)).sum(axis=0)
    moments = votes.seen_by_statement @ (places[:, [0, 0, 1]] * places[:, [0, 1, 1]])
    products = (loadings[:, [0, 0, 1]] * loadings[:, [0, 1, 1]] * moments).sum(axis=0)
    first = (2 * crossed[0] - products[0]) / votes.square
    second = (2 * crossed[1] - products[2] - 2 * products[1]) / votes.square
    return float(first), float(second)
