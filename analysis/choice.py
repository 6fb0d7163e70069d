"""Choose how many groups the votes bear: the fewest classes within one standard error of the best gain."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from analysis.canonical import Opinions
from analysis.classes import Classes, sort_people
from analysis.letters import renumber
from analysis.plane import Plane, lay_out
from analysis.prediction import FOLD_ROUNDS, FOLD_STARTS, Predictions, fold
from analysis.spectrum import spectrum_prediction

MOST_GROUPS = 5
_PEOPLE_PER_GROUP = 10
_LEAST_GAIN = 0.01
_STANDARD_ERRORS = 2.0
_SHARE_OF_BEST = 0.4
# One in twenty who vote in unison would be a group, and a group can veto any common ground: ask for more.
_LEAST_SHARE_OF_PEOPLE = 0.08
_LEAST_LIKENESS = 0.4
_REFITS = 10
_SHARE_OF_VOTES = 0.8
_STARTS = 4

Labels = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Choice:
    """Hold the number of groups, the verdict and how much better hidden votes are predicted with them."""

    count: int
    verdict: str
    gain: float
    gain_error: float


class Refits:
    """Fit all votes, and 10 times a random 80 % of them, for any number of classes; each is done once."""

    def __init__(self, opinions: Opinions, plane: Plane, *, seed: int) -> None:
        self.opinions, self._plane, self._seed = opinions, plane, seed
        self._samples: list[tuple[Opinions, Plane]] = []
        self._whole: dict[int, Classes] = {}
        self._parts: dict[int, list[Labels]] = {}

    def whole(self, classes: int) -> Classes:
        """Return the classes of all votes."""
        if classes not in self._whole:
            self._whole[classes] = sort_people(
                self.opinions, self._plane.places, classes=classes, starts=_STARTS
            )
        return self._whole[classes]

    def parts(self, classes: int) -> list[Labels]:
        """Return everybody's labels in each refit, in the refit's own numbering."""
        if classes not in self._parts:
            self._parts[classes] = [
                sort_people(votes, plane.places, classes=classes, starts=FOLD_STARTS).labels
                for votes, plane in self._drawn()
            ]
        return self._parts[classes]

    def likeness(self, classes: int) -> float:
        """Return the mean adjusted Rand index over pairs of refits (Hubert and Arabie 1985)."""
        pairs = combinations(self.parts(classes), 2)
        return float(np.mean([adjusted_rand_score(one, other) for one, other in pairs]))

    def agreement(self, classes: int) -> Floats:
        """Return per person the share of refits that put the person into the same class as all votes do."""
        labels = self.whole(classes).labels
        same = [renumber(part, labels, classes) == labels for part in self.parts(classes)]
        share: Floats = np.mean(same, axis=0)
        return share

    def _drawn(self) -> list[tuple[Opinions, Plane]]:
        if not self._samples:
            generator = np.random.default_rng(self._seed + 1)
            for _ in range(_REFITS):
                part = self.opinions.part(generator.random(self.opinions.person.size) < _SHARE_OF_VOTES)
                self._samples.append((part, lay_out(part, rounds=FOLD_ROUNDS)))
        return self._samples


def choose(refits: Refits, *, seed: int, smallest: int) -> Choice:
    """Choose the number of groups, at most 5 and at most one per 10 people.

    Admission: the best number of classes lowers the held-out log-loss by at least 1 % and by two standard
    errors over people. Admissible numbers gain at least 0.4 of the best, have no group under `smallest` or
    8 % of people, and give like groups on random parts of the votes. Of them the fewest are chosen that gain
    as much as the best less its standard error (Breiman, Friedman, Olshen and Stone 1984). 'spectrum': a
    sliding scale predicts better still than the best classes.
    """
    opinions = refits.opinions
    folds = fold(opinions, seed)
    predictions = Predictions(folds)
    most = min(MOST_GROUPS, opinions.people // _PEOPLE_PER_GROUP)
    gains = {classes: _gain(predictions, classes) for classes in range(2, most + 1)}
    best = max(gains, key=lambda classes: gains[classes][0])
    none = Choice(1, "none", *gains[best])
    if gains[best][0] < _LEAST_GAIN or not _surely_better(predictions.of(best), predictions.of(1)):
        return none
    floor = max(_LEAST_GAIN, _SHARE_OF_BEST * gains[best][0])
    count = _fewest_good(
        {classes: found for classes, found in gains.items() if found[0] >= floor},
        refits,
        smallest=max(smallest, _LEAST_SHARE_OF_PEOPLE * opinions.people),
    )
    if count == 0:
        return none
    scales = [spectrum_prediction(folds, dimensions=dimensions) for dimensions in (1, 2)]
    scale = max(scales, key=lambda prediction: float(prediction.sum()))
    verdict = "spectrum" if _surely_better(scale, predictions.of(best)) else "groups"
    return Choice(count, verdict, *gains[count])


def _gain(predictions: Predictions, classes: int) -> tuple[float, float]:
    """Return the relative fall of the held-out log-loss against one crowd, and its standard error."""
    difference = predictions.of(classes) - predictions.of(1)
    loss = -predictions.of(1).sum()
    return float(difference.sum() / loss), float(np.sqrt(difference.size) * difference.std(ddof=1) / loss)


def _surely_better(one: Floats, other: Floats) -> bool:
    difference = one - other
    error = np.sqrt(difference.size) * difference.std(ddof=1)
    return bool(difference.sum() >= _STANDARD_ERRORS * error)


def _fewest_good(gains: dict[int, tuple[float, float]], refits: Refits, *, smallest: float) -> int:
    """Return the fewest admissible classes within one standard error of the best; 0 if none is admissible."""
    admissible: dict[int, bool] = {}

    def is_admissible(classes: int) -> bool:
        if classes not in admissible:
            sizes = np.bincount(refits.whole(classes).labels, minlength=classes)
            admissible[classes] = sizes.min() >= smallest and refits.likeness(classes) >= _LEAST_LIKENESS
        return admissible[classes]

    by_gain = sorted(gains, key=lambda classes: -gains[classes][0])
    best = next(filter(is_admissible, by_gain), 0)
    if best == 0:
        return 0
    gain, error = gains[best]
    return next(few for few in sorted(gains) if gains[few][0] >= gain - error and is_admissible(few))
