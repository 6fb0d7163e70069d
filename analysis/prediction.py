"""Predict hidden votes from classes, with each person's readiness to agree taken out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.canonical import Opinions
from analysis.classes import Classes, sort_people
from analysis.plane import Plane, lay_out

FOLDS = 5
FOLD_STARTS = 2
FOLD_ROUNDS = 12
_READINESS = (0.0, 0.3, 0.6, 1.0)
_LEAST = 1e-4
_NEWTON_STEPS = 6

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Fold:
    """Hold the votes to learn from, the votes hidden from them, and the plane of the learnt ones."""

    learnt: Opinions
    hidden: Opinions
    plane: Plane


def fold(opinions: Opinions, seed: int) -> list[Fold]:
    """Hide each agree or disagree vote once, in one of 5 folds drawn at random."""
    drawn = np.random.default_rng(seed).integers(0, FOLDS, size=opinions.person.size)
    parts = ((opinions.part(drawn != number), opinions.part(drawn == number)) for number in range(FOLDS))
    return [Fold(learnt, hidden, lay_out(learnt, rounds=FOLD_ROUNDS)) for learnt, hidden in parts]


class Predictions:
    """Give the log-probability of each person's hidden votes under k classes, computed when first asked.

    The spread ς of readiness (0, 0.3, 0.6 or 1 in logits) is the one under which one crowd predicts best;
    it holds for every k, so that "some people agree more" is no group.
    """

    def __init__(self, folds: list[Fold]) -> None:
        self._folds = folds
        self._found: dict[int, Floats] = {}
        crowd = [self._fit(part, 1) for part in folds]
        scores = [self._score(crowd, spread) for spread in _READINESS]
        best = int(np.argmax([score.sum() for score in scores]))
        self.readiness = _READINESS[best]
        self._found[1] = scores[best]

    def of(self, classes: int) -> Floats:
        """Return the held-out log-probability per person."""
        if classes not in self._found:
            fits = [self._fit(part, classes) for part in self._folds]
            self._found[classes] = self._score(fits, self.readiness)
        return self._found[classes]

    def _fit(self, part: Fold, classes: int) -> Classes:
        return sort_people(part.learnt, part.plane.places, classes=classes, starts=FOLD_STARTS)

    def _score(self, fits: list[Classes], spread: float) -> Floats:
        scores = [
            log_probability(part.hidden, hidden_agree(part, fit, spread=spread))
            for part, fit in zip(self._folds, fits, strict=True)
        ]
        total: Floats = np.sum(scores, axis=0)
        return total


def hidden_agree(part: Fold, fit: Classes, *, spread: float) -> Floats:
    """Return P(agree) of each hidden vote: logit P = logit Σ_g r_pg·θ_sg + readiness of the person."""
    hidden = _logit(_agree(part.hidden, fit))
    if spread > 0:
        hidden = (
            hidden + _readiness(part.learnt, _logit(_agree(part.learnt, fit)), spread)[part.hidden.person]
        )
    return 1 / (1 + np.exp(-hidden))


def log_probability(opinions: Opinions, agree: Floats) -> Floats:
    """Return the sum of the log-probabilities of each person's votes."""
    logs = np.log(np.where(opinions.agrees, agree, 1 - agree))
    return np.bincount(opinions.person, logs, minlength=opinions.people).astype(float)


def _agree(opinions: Opinions, fit: Classes) -> Floats:
    agree = np.einsum("vg,gv->v", fit.share[opinions.person], fit.agree[:, opinions.statement])
    held: Floats = np.clip(agree, _LEAST, 1 - _LEAST)
    return held


def _logit(share: Floats) -> Floats:
    return np.log(share / (1 - share))


def _readiness(opinions: Opinions, logits: Floats, spread: float) -> Floats:
    """Return each person's most probable shift t under N(0, spread²), by Newton steps."""
    shift = np.zeros(opinions.people)
    precision = 1 / spread**2
    for _ in range(_NEWTON_STEPS):
        agree = 1 / (1 + np.exp(-logits - shift[opinions.person]))
        slope = np.bincount(opinions.person, opinions.agrees - agree, minlength=opinions.people)
        bend = np.bincount(opinions.person, agree * (1 - agree), minlength=opinions.people)
        shift += (slope - precision * shift) / (bend + precision)
    return shift
