from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis import Votes
from analysis.canonical import Opinions, gather
from analysis.plane import lay_out

VotesOf = Callable[[list[str]], Votes]
Floats = NDArray[np.float64]


def deviations(opinions: Opinions) -> tuple[Floats, NDArray[np.bool_]]:
    """Votes less the statement's mean, shrunk by three votes at the overall mean, as a plain table."""
    vote = np.full((opinions.people, opinions.statements), np.nan)
    vote[opinions.person, opinions.statement] = np.where(opinions.agrees, 1, -1)
    seen = ~np.isnan(vote)
    mean = (np.nansum(vote, axis=0) + 3 * np.nanmean(vote)) / (seen.sum(axis=0) + 3)
    return np.where(seen, vote - mean, 0.0), seen


def plain_em(opinions: Opinions, rounds: int) -> Floats:
    """The model's EM, person by person and statement by statement with numpy's inverse."""
    x, seen = deviations(opinions)
    _, sizes, directions = np.linalg.svd(x, full_matrices=False)
    w = directions[:3].T * sizes[:3] / np.sqrt(len(x)) / np.sqrt(seen.mean())
    noise = (x[seen] ** 2).mean() / 2

    def expected() -> tuple[Floats, Floats]:
        inverse = np.array([np.linalg.inv(w[row].T @ w[row] + noise * np.eye(3)) for row in seen])
        return np.einsum("pij,pj->pi", inverse, x @ w), noise * inverse

    for _ in range(rounds):
        z, spread = expected()
        for s in range(len(w)):
            p = seen[:, s]
            weight = z[p].T @ z[p] + spread[p].sum(axis=0) + 3 * noise * np.eye(3)
            w[s] = np.linalg.solve(weight, z[p].T @ x[p, s])
        error = (x - z @ w.T) ** 2 + np.einsum("si,pij,sj->ps", w, spread, w)
        noise = error[seen].mean()
    z, _ = expected()
    axes = np.linalg.eigh(np.cov(z.T))[1][:, ::-1]
    return np.asarray(z @ axes)


def test_sums_over_votes_give_what_a_plain_em_gives(two_camps: Votes) -> None:
    opinions = gather(two_camps).opinions
    found = lay_out(opinions, rounds=5)
    expected = plain_em(opinions, 5)
    assert np.abs(found.places) == pytest.approx(np.abs(expected), abs=1e-6)


def test_axis_shares_are_the_fall_of_the_squares(two_camps: Votes) -> None:
    opinions = gather(two_camps).opinions
    plane = lay_out(opinions)
    x, seen = deviations(opinions)
    squares = [
        ((x - plane.places[:, :axes] @ plane.loadings[:, :axes].T)[seen] ** 2).sum() for axes in (0, 1, 2)
    ]
    falls = [(before - after) / squares[0] for before, after in pairwise(squares)]
    assert plane.axis_share == pytest.approx(falls)
    assert plane.axis_share[0] > 0.2


def test_axes_are_uncorrelated_ordered_and_point_to_their_largest_loading(two_camps: Votes) -> None:
    plane = lay_out(gather(two_camps).opinions)
    covariance = np.cov(plane.places.T)
    assert covariance == pytest.approx(np.diag(np.diag(covariance)), abs=1e-9)
    assert (np.diff(np.diag(covariance)) < 0).all()
    assert (plane.loadings.max(axis=0) == np.abs(plane.loadings).max(axis=0)).all()


def test_the_fewer_votes_the_nearer_the_middle(two_camps: Votes) -> None:
    opinions = gather(two_camps).opinions
    order = np.arange(opinions.person.size) - np.searchsorted(opinions.person, opinions.person)
    brief = opinions.person % 3 == 0
    spread = [
        float(np.square(lay_out(opinions.part(~brief | (order < most))).places[::3]).sum())
        for most in (1, 3, 8, 30)
    ]
    assert spread == sorted(spread)
    assert spread[0] < 0.4 * spread[-1]


@pytest.mark.parametrize("row", ["++++++++", "++"])
def test_people_who_agree_on_everything_lie_in_one_place(votes_of: VotesOf, row: str) -> None:
    plane = lay_out(gather(votes_of([row] * 9)).opinions)
    assert plane.places == pytest.approx(np.zeros((9, 3)), abs=1e-9)
    assert np.isnan(plane.axis_share).all()


def test_two_statements_are_enough_for_a_plane(votes_of: VotesOf) -> None:
    crowd = gather(votes_of(["++"] * 5 + ["--"] * 5))
    plane = lay_out(crowd.opinions)
    sides = plane.places[:, 0] > 0
    assert sides[crowd.person < 5].all() or sides[crowd.person >= 5].all()
    assert sides.sum() == 5


def test_without_an_opinion_everybody_lies_in_the_middle(votes_of: VotesOf) -> None:
    plane = lay_out(gather(votes_of(["000", "000"])).opinions)
    assert (plane.places == 0).all()
    assert plane.loadings.shape == (0, 3)
    assert np.isnan(plane.axis_share).all()
