"""Sort people into latent classes that answer alike, by maximum a posteriori EM."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans

from analysis.answers import Answers
from analysis.canonical import Opinions

# Eighty related votes are not eighty independent ones: the temper keeps their sum from claiming certainty.
TEMPER = 0.6
_PSEUDO_VOTES = 4.0
_STATEMENT_PSEUDO_VOTES = 3.0
_OWN_CLUSTER = 0.9
_MOST_ROUNDS = 100
_GROWTH = 1e-5
_GROWTH_OF_MANY = 1e-4

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Classes:
    """Hold `share` (people × k), the probability of each class, and `agree` (k × statements), θ of agree."""

    share: Floats
    agree: Floats
    objective: float

    @property
    def labels(self) -> NDArray[np.int64]:
        """Return each person's most probable class."""
        labels: NDArray[np.int64] = self.share.argmax(axis=1)
        return labels


@dataclass(frozen=True, eq=False)
class _Table:
    """Hold who gave which answer, and each answer's share before anybody is sorted."""

    answers: Answers
    prior: Floats


def sort_people(opinions: Opinions, places: Floats, *, classes: int, starts: int) -> Classes:
    """Fit `classes` latent classes and return the best of `starts` starts (at most 4) from the places.

    One statement has P(agree | class) = θ with 4 pseudo-votes at the statement's own shares, which have 3 at
    the overall shares. P(class | votes) ∝ π·exp(0.6·Σ log θ).
    """
    table = _table(opinions)
    found = (
        _climb(table, _share_around(clusters, classes), growth=_GROWTH)
        for clusters in _clusters(places, classes=classes, starts=starts)
    )
    return max(found, key=lambda fit: fit.objective)


def sort_all(opinions: Opinions, learnt: Classes) -> Classes:
    """Fit the classes of all people, starting from those learnt of some of them."""
    table = _table(opinions)
    people, classes = learnt.share.shape
    theta = np.stack([learnt.agree, 1 - learnt.agree], axis=2)
    size = (learnt.share.sum(axis=0) + 1) / (people + classes)
    share = _shares(table, size, np.log(theta))[0]
    return _climb(table, share, growth=_GROWTH_OF_MANY)


def _table(opinions: Opinions) -> _Table:
    counts = opinions.answers.count.reshape(-1, 2)
    overall = counts.sum(axis=0) / max(counts.sum(), 1)
    pseudo = _STATEMENT_PSEUDO_VOTES
    prior = (counts + pseudo * overall) / (counts.sum(axis=1, keepdims=True) + pseudo)
    return _Table(opinions.answers, np.clip(prior, 1e-9, 1.0))


def _clusters(places: Floats, *, classes: int, starts: int) -> list[NDArray[np.int64]]:
    """Return k-means clusters of all three axes, of the first two, and twice more of three from one draw."""
    if classes == 1:
        return [np.zeros(len(places), dtype=np.int64)]
    recipes = [(3, 4), (2, 4), (3, 1), (3, 1)][:starts]
    return [
        _k_means(np.ascontiguousarray(places[:, :axes]), classes, draws, seed)
        for seed, (axes, draws) in enumerate(recipes)
    ]


def _k_means(places: Floats, classes: int, draws: int, seed: int) -> NDArray[np.int64]:
    different, cluster = np.unique(places.round(9), axis=0, return_inverse=True)
    if len(different) <= classes:
        return cluster.reshape(-1)
    model = KMeans(n_clusters=classes, n_init=draws, random_state=seed)
    labels: NDArray[np.int64] = model.fit_predict(places)
    return labels


def _share_around(clusters: NDArray[np.int64], classes: int) -> Floats:
    share = np.full((len(clusters), classes), (1 - _OWN_CLUSTER) / classes)
    share[np.arange(len(clusters)), clusters] += _OWN_CLUSTER
    return share


def _climb(table: _Table, share: Floats, *, growth: float) -> Classes:
    """Alternate between the shares and the classes' answers until the objective stands still."""
    objective = -np.inf
    for _ in range(_MOST_ROUNDS):
        size, theta = _theta(table, share)
        logs = np.log(theta)
        share, likelihood = _shares(table, size, logs)
        before = objective
        objective = likelihood + _PSEUDO_VOTES * (table.prior * logs).sum() + np.log(size).sum()
        if objective - before < growth * abs(objective):
            break
    return Classes(share, theta[:, :, 0], objective)


def _shares(table: _Table, size: Floats, logs: Floats) -> tuple[Floats, float]:
    """Return each person's probability of each class, and the tempered log-likelihood of all."""
    weights = np.log(size) + TEMPER * table.answers.of_each_person(logs.reshape(len(size), -1).T)
    top = weights.max(axis=1, keepdims=True)
    likelihood = np.exp(weights - top)
    sums = likelihood.sum(axis=1, keepdims=True)
    return likelihood / sums, float((top + np.log(sums)).sum())


def _theta(table: _Table, share: Floats) -> tuple[Floats, Floats]:
    """Return the classes' sizes π (k) and answers θ (k × statements × 2)."""
    people, classes = share.shape
    size = (share.sum(axis=0) + 1) / (people + classes)
    counts = table.answers.of_each_answer(share).T.reshape(classes, -1, 2)
    return size, (counts + _PSEUDO_VOTES * table.prior) / (counts.sum(axis=2, keepdims=True) + _PSEUDO_VOTES)
