from collections.abc import Callable

import numpy as np
import pytest

from analysis import Votes, classes
from analysis.canonical import gather
from analysis.classes import sort_people
from analysis.plane import lay_out

VotesOf = Callable[[list[str]], Votes]


def test_five_votes_in_one_class_by_hand(votes_of: VotesOf) -> None:
    opinions = gather(votes_of(["+", "+", "+", "-", "-"])).opinions
    fit = sort_people(opinions, np.zeros((5, 3)), classes=1, starts=1)
    # The statement's own share with 3 votes at the overall share is 3/5; so is the class's with 4 at that.
    assert fit.agree == pytest.approx(np.array([[3 / 5]]))
    assert fit.objective == pytest.approx(
        0.6 * (3 * np.log(3 / 5) + 2 * np.log(2 / 5)) + 4 * (3 / 5 * np.log(3 / 5) + 2 / 5 * np.log(2 / 5))
    )
    assert (fit.share == 1).all()


def test_a_statement_is_drawn_towards_the_overall_share_by_three_and_then_four_votes(
    votes_of: VotesOf,
) -> None:
    opinions = gather(votes_of(["+-", "+-", "+-", "+-", "+-"])).opinions
    fit = sort_people(opinions, np.zeros((5, 3)), classes=1, starts=1)
    own = (5 + 3 / 2) / 8
    high = (5 + 4 * own) / 9
    assert sorted(fit.agree[0].tolist()) == pytest.approx([1 - high, high])


def test_shares_are_tempered_products_of_the_classes_answers(two_camps: Votes) -> None:
    opinions = gather(two_camps).opinions
    fit = sort_people(opinions, lay_out(opinions).places, classes=2, starts=4)
    size = np.log(
        (sort_people(opinions, lay_out(opinions).places, classes=2, starts=4).share.sum(axis=0) + 1) / 62
    )
    for person in range(3):
        own = opinions.person == person
        agree = fit.agree[:, opinions.statement[own]]
        logs = np.log(np.where(opinions.agrees[own], agree, 1 - agree)).sum(axis=1)
        weight = np.exp(size + 0.6 * logs)
        assert fit.share[person] == pytest.approx(weight / weight.sum(), rel=1e-2)


def test_planted_camps_are_found(two_camps: Votes) -> None:
    crowd = gather(two_camps)
    labels = sort_people(crowd.opinions, lay_out(crowd.opinions).places, classes=2, starts=2).labels
    first = labels[crowd.person < 40]
    assert np.bincount(labels).min() >= 18
    assert max((first == 0).mean(), (first == 1).mean()) >= 0.95


def test_more_starts_never_end_lower(two_camps: Votes) -> None:
    opinions = gather(two_camps).opinions
    places = lay_out(opinions).places
    one, four = (sort_people(opinions, places, classes=4, starts=starts).objective for starts in (1, 4))
    assert four >= one


def test_more_classes_than_kinds_of_people_leave_classes_empty(votes_of: VotesOf) -> None:
    opinions = gather(votes_of(["++++++++"] * 6 + ["--------"] * 6)).opinions
    fit = sort_people(opinions, lay_out(opinions).places, classes=3, starts=4)
    assert np.bincount(fit.labels, minlength=3).tolist() == [6, 6, 0]
    assert fit.share.sum(axis=1) == pytest.approx(np.ones(12))


def test_a_climb_ends_after_the_most_rounds(two_camps: Votes, monkeypatch: pytest.MonkeyPatch) -> None:
    opinions = gather(two_camps).opinions
    places = lay_out(opinions).places
    long = sort_people(opinions, places, classes=4, starts=1)
    monkeypatch.setattr(classes, "_MOST_ROUNDS", 1)
    short = sort_people(opinions, places, classes=4, starts=1)
    assert short.objective < long.objective
