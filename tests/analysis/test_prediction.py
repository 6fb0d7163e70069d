from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import brentq

from analysis import Votes
from analysis.canonical import Opinions, gather
from analysis.classes import Classes
from analysis.plane import lay_out
from analysis.prediction import Fold, Predictions, fold, hidden_agree, log_probability
from analysis.spectrum import spectrum_prediction

VotesOf = Callable[[list[str]], Votes]


def opinions_of(person: list[int], agrees: list[bool], statement: list[int] | None = None) -> Opinions:
    columns = statement or list(range(len(person)))
    return Opinions(np.array(person), np.array(columns), np.array(agrees), max(person) + 1, max(columns) + 1)


def one_class(agree: list[float], people: int) -> Classes:
    return Classes(np.ones((people, 1)), np.array([agree]), 0.0)


def test_every_vote_is_hidden_once_and_learnt_four_times(two_camps: Votes) -> None:
    opinions = gather(two_camps).opinions
    folds = fold(opinions, 0)
    assert sum(part.hidden.person.size for part in folds) == opinions.person.size
    assert all(part.hidden.person.size + part.learnt.person.size == opinions.person.size for part in folds)
    pairs = {
        pair
        for part in folds
        for pair in zip(part.hidden.person.tolist(), part.hidden.statement.tolist(), strict=True)
    }
    assert len(pairs) == opinions.person.size


def test_log_probabilities_add_up_per_person_by_hand() -> None:
    found = log_probability(opinions_of([0, 0, 2], [True, False, False]), np.array([0.9, 0.4, 0.2]))
    assert found == pytest.approx([np.log(0.9 * 0.6), 0.0, np.log(0.8)])


def test_a_hidden_vote_is_predicted_by_the_persons_classes_by_hand() -> None:
    learnt, hidden = opinions_of([0], [True], [0]), opinions_of([0], [True], [1])
    part = Fold(learnt, hidden, lay_out(learnt))
    fit = Classes(np.array([[0.75, 0.25]]), np.array([[0.5, 0.8], [0.5, 0.2]]), 0.0)
    assert hidden_agree(part, fit, spread=0.0) == pytest.approx([0.75 * 0.8 + 0.25 * 0.2])


def test_readiness_to_agree_is_the_most_probable_shift_of_a_persons_logits() -> None:
    learnt = opinions_of([0, 0, 0, 0], [True, True, True, False], [0, 1, 2, 3])
    hidden = opinions_of([0], [True], [4])
    fit = one_class([0.5, 0.6, 0.2, 0.7, 0.5], 1)
    logits = np.log(np.array([1, 1.5, 0.25, 7 / 3]))

    def slope(shift: float) -> float:
        return float(3 - (1 / (1 + np.exp(-logits - shift))).sum() - shift / 0.6**2)

    shift = brentq(slope, -3, 3)
    assert shift > 0.1
    part = Fold(learnt, hidden, lay_out(learnt))
    assert hidden_agree(part, fit, spread=0.6) == pytest.approx([1 / (1 + np.exp(-shift))], abs=1e-6)


def test_predictions_stay_away_from_certainty() -> None:
    learnt, hidden = opinions_of([0], [True], [0]), opinions_of([0], [False], [1])
    part = Fold(learnt, hidden, lay_out(learnt))
    assert hidden_agree(part, one_class([0.5, 1.0], 1), spread=0.0) == pytest.approx([1 - 1e-4])


def test_readiness_is_chosen_where_one_crowd_predicts_best() -> None:
    generator = np.random.default_rng(3)
    ready = np.repeat([-1.5, 1.5], 20)
    agrees = generator.random((40, 30)) < (1 / (1 + np.exp(-ready)))[:, None]
    person, statement = np.nonzero(np.ones((40, 30)))
    uneven = Opinions(person, statement, agrees.ravel(), 40, 30)
    even = Opinions(person, statement, generator.random(1200) < 0.5, 40, 30)
    assert Predictions(fold(uneven, 0)).readiness == 1.0
    assert Predictions(fold(even, 0)).readiness == 0.0


def test_two_camps_are_predicted_better_by_two_classes(two_camps: Votes) -> None:
    predictions = Predictions(fold(gather(two_camps).opinions, 0))
    assert predictions.of(2).sum() > 0.85 * predictions.of(1).sum()


@pytest.mark.parametrize("dimensions", [1, 2])
def test_a_sliding_scale_is_predicted_better_by_a_spectrum(dimensions: int) -> None:
    generator = np.random.default_rng(5)
    place, slope = generator.normal(size=(120, 1)), np.where(np.arange(30) % 2, 2.5, -2.5)
    agrees = generator.random((120, 30)) < 1 / (1 + np.exp(-place * slope))
    person, statement = np.nonzero(np.ones((120, 30)))
    folds = fold(Opinions(person, statement, agrees.ravel(), 120, 30), 0)
    best_classes = max(Predictions(folds).of(classes).sum() for classes in (1, 2, 3))
    assert spectrum_prediction(folds, dimensions=dimensions).sum() > best_classes


def test_a_spectrum_approaches_the_true_probabilities() -> None:
    generator = np.random.default_rng(6)
    place, slope = generator.normal(size=(300, 1)), np.linspace(-2, 2, 40)
    agree = 1 / (1 + np.exp(-place * slope - 0.5))
    agrees = generator.random((300, 40)) < agree
    person, statement = np.nonzero(np.ones((300, 40)))
    opinions = Opinions(person, statement, agrees.ravel(), 300, 40)
    found = spectrum_prediction(fold(opinions, 0), dimensions=1).sum()
    ceiling = log_probability(opinions, agree.ravel()).sum()
    assert ceiling > found > 1.05 * ceiling
