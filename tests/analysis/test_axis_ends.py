from collections.abc import Callable

import numpy as np
import pytest

from analysis import OpinionGroups, Votes
from analysis.axis_ends import AxisEnds, axis_ends

VotesOf = Callable[[list[str]], Votes]

NOTHING = AxisEnds((), ())


def test_people_at_an_end_agree_with_its_statements(votes_of: VotesOf) -> None:
    # Left: agree with the first; right: with the second; above, on either side: with the third.
    rows = ["+--0", "-+-0"] * 8 + ["+-+0", "-++0"] * 4
    positions = np.array([[-1.0, 0.0], [1.0, 0.0]] * 8 + [[-1.0, 2.0], [1.0, 2.0]] * 4)
    horizontal, vertical = axis_ends(votes_of(rows), positions)
    assert (horizontal.low, horizontal.high) == ((0,), (1,))
    assert (vertical.low, vertical.high) == ((), (2,))


def test_the_most_telling_three_are_listed_first_the_strongest(votes_of: VotesOf) -> None:
    # On each statement one more person on the left disagrees than on the one before.
    rows = ["".join("-" if row < column else "+" for column in range(5)) for row in range(12)]
    rows += ["-----"] * 12
    positions = np.array([[-1.0, 0.0]] * 12 + [[1.0, 0.0]] * 12)
    horizontal, vertical = axis_ends(votes_of(rows), positions)
    assert (horizontal.low, horizontal.high) == ((0, 1, 2), ())
    assert vertical == NOTHING


@pytest.mark.parametrize(("people", "listed"), [(19, ()), (20, (0,))])
def test_a_statement_needs_twenty_voters(votes_of: VotesOf, people: int, listed: tuple[int, ...]) -> None:
    rows = ["+"] * (people // 2) + ["-"] * (people - people // 2)
    positions = np.array([[-1.0, 0.0]] * (people // 2) + [[1.0, 0.0]] * (people - people // 2))
    assert axis_ends(votes_of(rows), positions)[0].low == listed


def test_without_a_place_nobody_counts(votes_of: VotesOf) -> None:
    votes = votes_of(["+-"] * 15 + ["-+"] * 15)
    assert axis_ends(votes, np.full((30, 2), np.nan)) == (NOTHING, NOTHING)
    assert axis_ends(votes, np.zeros((30, 2))) == (NOTHING, NOTHING)


def test_the_demo_panels_first_axis_is_told_by_dividing_statements(
    demo_votes: Votes, demo_groups: OpinionGroups
) -> None:
    before = demo_groups.positions.copy()
    horizontal, vertical = axis_ends(demo_votes, demo_groups.positions)
    assert np.array_equal(before, demo_groups.positions, equal_nan=True)
    names = demo_votes.statement_ids or ()
    told = {int(names[column]) for column in (*horizontal.low, *horizontal.high)}
    assert len(told & {16, 5, 39, 4, 6}) >= 2
    assert all(len(end) == 3 for axis in (horizontal, vertical) for end in (axis.low, axis.high))


def test_mirrored_positions_mirror_the_ends(demo_votes: Votes, demo_groups: OpinionGroups) -> None:
    positions = demo_groups.positions
    for axis, mirrored in zip(
        axis_ends(demo_votes, positions), axis_ends(demo_votes, -positions), strict=True
    ):
        assert (axis.low, axis.high) == (mirrored.high, mirrored.low)
