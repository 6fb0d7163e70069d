"""The recipe by which Polis makes groups, started cold: what ours is measured against, in tests only.

Written from a description of the method, not from its code.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

from analysis import Votes

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

ENOUGH_VOTES, LEAST_PEOPLE = 7, 15
BASE_CLUSTERS, BASE_ROUNDS, STANDS_STILL = 100, 100, 0.01
MOST_GROUPS, BASE_PER_GROUP, GROUP_ROUNDS = 5, 12, 20
STARTS = 20


def polis_groups(votes: Votes, rejected: Iterable[int] = ()) -> Labels:
    """Return a group per person, −1 for those who are left out."""
    inside = people_inside(votes)
    points = projection(votes, rejected)[inside]
    centres, base = k_means(points, np.ones(len(points)), BASE_CLUSTERS, BASE_ROUNDS)
    weight = np.bincount(base, minlength=len(centres)).astype(float)
    most = min(MOST_GROUPS, 2 + len(centres) // BASE_PER_GROUP)
    found = [k_means(centres, weight, groups, GROUP_ROUNDS)[1] for groups in range(2, most + 1)]
    return placed(best_silhouette(centres, found)[base], inside, votes.people)


def polis_groups_of_many_starts(votes: Votes, rejected: Iterable[int] = (), *, seed: int = 0) -> Labels:
    """Return groups of the people themselves, with the best of 20 starts for each number of groups."""
    inside = people_inside(votes)
    points = projection(votes, rejected)[inside]
    found = [
        KMeans(n_clusters=groups, n_init=STARTS, random_state=seed).fit_predict(points)
        for groups in range(2, MOST_GROUPS + 1)
    ]
    return placed(best_silhouette(points, found), inside, votes.people)


def group_aware_consensus(votes: Votes, labels: Labels) -> Floats:
    """Return the product over groups of (agrees + 1)/(votes + 2) per statement."""
    consensus = np.ones(votes.statements)
    for group in range(int(labels.max()) + 1):
        own = labels[votes.person] == group
        n = np.bincount(votes.statement[own], minlength=votes.statements)
        agrees = np.bincount(votes.statement[own & (votes.vote == 1)], minlength=votes.statements)
        consensus *= (agrees + 1) / (n + 2)
    return consensus


def people_inside(votes: Votes) -> NDArray[np.bool_]:
    """Tell who is grouped: those with 7 votes, rejected statements counted, and at least 15 people."""
    counts = np.bincount(votes.person, minlength=votes.people)
    inside: NDArray[np.bool_] = counts >= min(ENOUGH_VOTES, votes.statements)
    if inside.sum() < LEAST_PEOPLE:
        inside[np.argsort(-counts, kind="stable")[:LEAST_PEOPLE]] = True
    return inside


def projection(votes: Votes, rejected: Iterable[int]) -> Floats:
    """Return people × 2: means for missing votes, two principal components, few votes stretched outwards."""
    table = np.full((votes.people, votes.statements), np.nan)
    table[votes.person, votes.statement] = votes.vote
    table[:, list(rejected)] = 0
    seen = ~np.isnan(table)
    mean = np.where(seen, table, 0).sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
    centred = np.where(seen, table - mean, 0)
    components = np.linalg.svd(centred, full_matrices=False)[2][:2]
    stretch = np.sqrt(votes.statements / np.maximum(seen.sum(axis=1), 1))
    return np.asarray(stretch[:, None] * (centred @ components.T))


def k_means(points: Floats, weight: Floats, clusters: int, rounds: int) -> tuple[Floats, Labels]:
    """Return centres and labels, started from the first different points; empty clusters are dropped."""
    first = np.sort(np.unique(points, axis=0, return_index=True)[1])[:clusters]
    centres = points[first]
    for _ in range(rounds):
        labels = nearest(points, centres)
        kept, labels = np.unique(labels, return_inverse=True)
        mass = np.bincount(labels, weight)[:, None]
        moved = np.stack([np.bincount(labels, weight * axis) for axis in points.T], axis=1) / mass
        still = len(kept) == len(centres) and bool((np.abs(moved - centres) < STANDS_STILL).all())
        centres = moved
        if still:
            break
    return centres, nearest(points, centres)


def nearest(points: Floats, centres: Floats) -> Labels:
    """Return the number of the nearest centre."""
    labels: Labels = ((points[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)
    return labels


def best_silhouette(points: Floats, found: list[Labels]) -> Labels:
    """Return the labels with the best mean silhouette; of equals those with more groups."""
    scores = [silhouette_score(points, labels) if np.ptp(labels) > 0 else -1.0 for labels in found]
    return max(zip(scores, range(len(found)), found, strict=True), key=lambda one: one[:2])[2]


def placed(labels: Labels, inside: NDArray[np.bool_], people: int) -> Labels:
    """Return the labels of everybody, −1 for those outside."""
    everybody = np.full(people, -1)
    everybody[inside] = labels
    return everybody
