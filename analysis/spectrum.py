"""Predict hidden votes from a sliding scale of opinion, the rival of groups."""

import numpy as np
from numpy.typing import NDArray

from analysis.answers import Answers
from analysis.prediction import Fold, log_probability

_REACH = 2.6
_NODES = {1: 15, 2: 7}
_ROUNDS = 8
_NEWTON_STEPS = 2
_RIDGE = 1.0
_RIDGE_OF_LEVEL = 0.1
_LEAST = 1e-4

Floats = NDArray[np.float64]


def spectrum_prediction(folds: list[Fold], *, dimensions: int) -> Floats:
    """Return the held-out log-probability per person under logit P(agree) = b_s + a_s·z, z ~ N(0, I).

    z is integrated on a grid in 1 or 2 dimensions; b and a by 8 EM rounds of 2 Newton steps each, with ridge
    1 on a and 0.1 on b (a two-parameter logistic model, Bock and Aitkin 1981).
    """
    grid, weight = _grid(dimensions)
    scores = []
    for part in folds:
        share, agree = _fit(part, grid, weight)
        hidden = np.einsum("vq,vq->v", share[part.hidden.person], agree[part.hidden.statement])
        scores.append(log_probability(part.hidden, np.clip(hidden, _LEAST, 1 - _LEAST)))
    total: Floats = np.sum(scores, axis=0)
    return total


def _grid(dimensions: int) -> tuple[Floats, Floats]:
    """Return nodes with a leading 1 for the level (nodes × dimensions + 1) and their normal weights."""
    line = np.linspace(-_REACH, _REACH, _NODES[dimensions])
    nodes = np.stack(np.meshgrid(*[line] * dimensions, indexing="ij"), axis=-1).reshape(-1, dimensions)
    weight = np.exp(-(nodes**2).sum(axis=1) / 2)
    return np.hstack([np.ones((len(nodes), 1)), nodes]), weight / weight.sum()


def _fit(part: Fold, grid: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Return each person's weights over the nodes and P(agree) per statement and node."""
    answers = part.learnt.answers
    slopes = _start(answers, part.plane.loadings[:, : grid.shape[1] - 1])
    for _ in range(_ROUNDS):
        share = _shares(answers, slopes @ grid.T, weight)
        counts = answers.of_each_answer(share).reshape(-1, 2, len(grid))
        for _ in range(_NEWTON_STEPS):
            slopes = _newton(slopes, grid, counts)
    logits = slopes @ grid.T
    return _shares(answers, logits, weight), 1 / (1 + np.exp(-logits))


def _start(answers: Answers, loadings: Floats) -> Floats:
    """Return level and slopes per statement that fit the plane: P(agree) moves by half a loading."""
    agree, disagree = answers.count[::2], answers.count[1::2]
    share = (agree + 1) / (agree + disagree + 2)
    bend = (share * (1 - share))[:, None]
    return np.hstack([np.log(share / (1 - share))[:, None], np.clip(loadings / (2 * bend), -3, 3)])


def _shares(answers: Answers, logits: Floats, weight: Floats) -> Floats:
    logs = np.stack([-np.logaddexp(0, -logits), -np.logaddexp(0, logits)], axis=1)
    weights = np.log(weight) + answers.of_each_person(logs.reshape(-1, len(weight)))
    likelihood = np.exp(weights - weights.max(axis=1, keepdims=True))
    share: Floats = likelihood / likelihood.sum(axis=1, keepdims=True)
    return share


def _newton(slopes: Floats, grid: Floats, counts: Floats) -> Floats:
    """Take one ridge-penalised Newton step for all statements at once."""
    ridge = np.full(grid.shape[1], _RIDGE)
    ridge[0] = _RIDGE_OF_LEVEL
    agree = 1 / (1 + np.exp(-slopes @ grid.T))
    seen = counts.sum(axis=1)
    slope = (counts[:, 0] - seen * agree) @ grid - ridge * slopes
    bend = np.einsum("sq,qi,qj->sij", seen * agree * (1 - agree), grid, grid, optimize=True) + np.diag(ridge)
    step: Floats = np.linalg.solve(bend, slope[:, :, None])[:, :, 0]
    return slopes + np.clip(step, -2, 2)
