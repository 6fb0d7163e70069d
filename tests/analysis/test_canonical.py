from collections.abc import Callable

import numpy as np
import pytest

from analysis import Votes, canonical
from analysis.canonical import active_people, gather

VotesOf = Callable[[list[str]], Votes]


def test_seven_votes_make_somebody_active_and_passes_count(votes_of: VotesOf) -> None:
    votes = votes_of(["+-00+-+..", "++++++...", "........+", "+-+-+-+-+"])
    assert active_people(votes).tolist() == [True, False, False, True]


def test_where_fewer_than_seven_statements_have_votes_all_of_them_make_active(votes_of: VotesOf) -> None:
    votes = votes_of(["+-0..", "+-...", "....."])
    assert active_people(votes).tolist() == [True, False, False]


def test_nobody_is_active_without_votes(votes_of: VotesOf) -> None:
    assert not active_people(votes_of(["..", ".."])).any()


def test_passes_are_no_opinions_and_statements_with_passes_alone_are_left_out(votes_of: VotesOf) -> None:
    crowd = gather(votes_of(["+0-", "-0+", "+0."]))
    assert (crowd.opinions.people, crowd.opinions.statements) == (2, 2)
    assert crowd.opinions.person.tolist() == [0, 0, 1, 1]
    assert sorted(crowd.person.tolist()) == [0, 1]


def test_the_order_comes_from_the_votes_alone(two_camps: Votes) -> None:
    generator = np.random.default_rng(1)
    people, statements = generator.permutation(two_camps.people), generator.permutation(two_camps.statements)
    entries = generator.permutation(two_camps.vote.size)
    shuffled = Votes.from_arrays(
        people[two_camps.person][entries],
        statements[two_camps.statement][entries],
        two_camps.vote[entries],
        people=two_camps.people,
        statements=two_camps.statements,
    )
    one, other = gather(two_camps), gather(shuffled)
    assert people[one.person].tolist() == other.person.tolist()
    assert one.opinions.person.tolist() == other.opinions.person.tolist()
    assert one.opinions.statement.tolist() == other.opinions.statement.tolist()
    assert one.opinions.agrees.tolist() == other.opinions.agrees.tolist()
    assert one.person.tolist() != sorted(one.person.tolist())


def test_people_with_the_same_votes_are_twins(votes_of: VotesOf) -> None:
    crowd = gather(votes_of(["+-+-+", "+++-0", "+-+-+", "--+-+"]))
    twin = dict(zip(crowd.person.tolist(), crowd.twin.tolist(), strict=True))
    assert twin[0] == twin[2]
    assert len(set(twin.values())) == 3


def test_a_part_of_people_keeps_their_votes(votes_of: VotesOf) -> None:
    opinions = gather(votes_of(["+-+", "+++", "--+", "---"])).opinions
    part = opinions.of_people(np.array([1, 3]))
    assert (part.people, part.statements, part.person.tolist()) == (2, 3, [0, 0, 0, 1, 1, 1])
    for new, old in enumerate([1, 3]):
        assert part.agrees[part.person == new].tolist() == opinions.agrees[opinions.person == old].tolist()


def test_a_great_many_people_stay_as_they_are_given(
    votes_of: VotesOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canonical, "MOST_IN_ORDER", 2)
    crowd = gather(votes_of(["+0-0", "-+.0", "+.+0", "+0-0"]))
    assert crowd.person.tolist() == [0, 3]
    crowd = gather(votes_of(["+0-+", "-+..", "+++0", "+0--", "++++"]))
    assert (crowd.person.tolist(), crowd.twin.tolist()) == ([0, 2, 3, 4], [0, 1, 2, 3])
    opinions = crowd.opinions
    entries = zip(
        opinions.person.tolist(), opinions.statement.tolist(), opinions.agrees.tolist(), strict=True
    )
    assert list(entries) == [
        (0, 0, True),
        (0, 2, False),
        (0, 3, True),
        (1, 0, True),
        (1, 1, True),
        (1, 2, True),
        (2, 0, True),
        (2, 2, False),
        (2, 3, False),
        (3, 0, True),
        (3, 1, True),
        (3, 2, True),
        (3, 3, True),
    ]
