"""Find opinion groups in votes, or say that there are none."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from analysis.canonical import MOST_IN_ORDER, Crowd, Opinions, gather
from analysis.choice import MOST_GROUPS, Choice, Refits, choose
from analysis.classes import sort_all
from analysis.plane import lay_out
from analysis.votes import Votes

_LEAST_FOR_POSITIONS = 7
_LEAST_FOR_GROUPS = 30
_LEAST_OPINIONS = 5
_MOST_TO_CHOOSE_FROM = 5_000
_LEARNT_FROM = 20_000
_TOO_FEW = Choice(0, "too_few", np.nan, np.nan)


@dataclass(frozen=True, eq=False)
class OpinionGroups:
    """Hold opinion groups and places on the map; arrays have one row per person of the votes.

    `labels`: 0 … count − 1, largest group first; −1 = not active (fewer than 7 votes).
    `confidence`: 0 … 1, the share of refits on random 80 % of the votes that agree; 0 where the label is −1.
    `positions`: people × 2, nan where not active.
    `count`: number of groups; 1 = one crowd; 0 = fewer than 7 active.
    `verdict`: 'groups', 'spectrum' (a sliding scale predicts better), 'none' or 'too_few'.
    `gain`: relative fall of the held-out log-loss against one crowd, for 'none' of the best number tried; nan
    if not measured. `gain_error`: its standard error over people.
    `axis_share`: the share of differences between votes that each axis of the map tells.
    """

    labels: NDArray[np.int64]
    confidence: NDArray[np.float64]
    positions: NDArray[np.float64]
    count: int
    verdict: str
    gain: float
    gain_error: float
    axis_share: tuple[float, float] = (np.nan, np.nan)


def find_groups(
    votes: Votes, *, seed: int = 0, groups: int | None = None, smallest: int = 5
) -> OpinionGroups:
    """Find opinion groups; the same votes and seed give the same result in any order of rows and columns.

    A pass counts as a vote when it is asked who is active, and never in forming groups. `groups` (1 … 5) sets
    their number and skips the choice; `smallest` is the fewest people a group may have. The votes are not
    changed. Raises ValueError for `groups` outside 1 … 5.
    """
    if groups is not None and not 1 <= groups <= MOST_GROUPS:
        raise ValueError(f"groups must be 1 … {MOST_GROUPS}, not {groups}")
    # More threads gain nothing on arrays this small, wait for each other on a busy machine, and change sums.
    with threadpool_limits(limits=1):
        return _find(votes, seed=seed, groups=groups, smallest=smallest)


def _find(votes: Votes, *, seed: int, groups: int | None, smallest: int) -> OpinionGroups:
    crowd = gather(votes)
    people = crowd.person.size
    if people < _LEAST_FOR_POSITIONS:
        nowhere = np.full((people, 2), np.nan)
        return _of_everybody(votes, crowd, _Found(np.full(people, -1), np.zeros(people), nowhere, _TOO_FEW))
    learnt = crowd.opinions if people <= MOST_IN_ORDER else _drawn(crowd.opinions, _LEARNT_FROM, seed)
    plane = lay_out(learnt)
    refits = Refits(learnt, plane, seed=seed)
    choice = _choice(refits, seed=seed, groups=groups, smallest=smallest)
    labels, confidence = _members(crowd, refits, choice.count)
    places = plane.places if learnt is crowd.opinions else plane.place(crowd.opinions)
    return _of_everybody(votes, crowd, _Found(labels, confidence, places[:, :2], choice, plane.axis_share))


def _drawn(opinions: Opinions, people: int, seed: int) -> Opinions:
    """Return the votes of some people, drawn at random."""
    generator = np.random.default_rng(seed + 2)
    return opinions.of_people(np.sort(generator.choice(opinions.people, people, replace=False)))


@dataclass(frozen=True, eq=False)
class _Found:
    """Hold the result for active people in canonical order."""

    labels: NDArray[np.int64]
    confidence: NDArray[np.float64]
    positions: NDArray[np.float64]
    choice: Choice
    axis_share: tuple[float, float] = (np.nan, np.nan)


def _choice(refits: Refits, *, seed: int, groups: int | None, smallest: int) -> Choice:
    opinions = refits.opinions
    people = opinions.people
    if people < _LEAST_FOR_GROUPS or opinions.person.size < _LEAST_OPINIONS * people:
        return Choice(1, "too_few", np.nan, np.nan)
    if groups is not None:
        return Choice(groups, "groups" if groups > 1 else "none", np.nan, np.nan)
    if people > _MOST_TO_CHOOSE_FROM:
        sample = _drawn(opinions, _MOST_TO_CHOOSE_FROM, seed)
        refits = Refits(sample, lay_out(sample), seed=seed)
    return choose(refits, seed=seed, smallest=smallest)


def _members(crowd: Crowd, refits: Refits, count: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return labels by size (ties: first person in canonical order) and confidence."""
    people, twin = crowd.opinions.people, crowd.twin
    if count == 1:
        return np.zeros(people, dtype=np.int64), np.ones(people)
    classes = refits.whole(count)
    if classes.share.shape[0] < people:
        classes = sort_all(crowd.opinions, classes)
    if people > _MOST_TO_CHOOSE_FROM:
        confidence = classes.share.max(axis=1)
    else:
        # Refits draw votes, so two people with the same votes may fare differently: they share the mean.
        agreement = refits.agreement(count)
        confidence = (np.bincount(twin, agreement) / np.bincount(twin))[twin]
    labels = classes.labels
    size = np.bincount(labels, minlength=count)
    first = np.array([np.append(np.flatnonzero(labels == number), people)[0] for number in range(count)])
    place = np.empty(count, dtype=np.int64)
    place[np.lexsort((first, -size))] = np.arange(count)
    return place[labels], confidence


def _of_everybody(votes: Votes, crowd: Crowd, found: _Found) -> OpinionGroups:
    """Bring the result back to the order of the votes."""
    labels = np.full(votes.people, -1)
    confidence = np.zeros(votes.people)
    positions = np.full((votes.people, 2), np.nan)
    labels[crowd.person] = found.labels
    confidence[crowd.person] = found.confidence
    positions[crowd.person] = found.positions
    choice = found.choice
    return OpinionGroups(
        labels=labels,
        confidence=confidence,
        positions=positions,
        count=choice.count,
        verdict=choice.verdict,
        gain=choice.gain,
        gain_error=choice.gain_error,
        axis_share=found.axis_share,
    )
