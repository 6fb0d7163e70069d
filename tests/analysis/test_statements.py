from collections.abc import Callable

import numpy as np
import pytest

from analysis import OpinionGroups, Votes, measure

VotesOf = Callable[[list[str]], Votes]


def grouped(labels: list[int]) -> OpinionGroups:
    """Opinion groups with these labels; nothing else of them matters to statements."""
    people = len(labels)
    return OpinionGroups(
        labels=np.array(labels),
        confidence=np.ones(people),
        positions=np.zeros((people, 2)),
        count=max(labels) + 1,
        verdict="groups",
        gain=0.1,
        gain_error=0.01,
    )


def crowd(votes_of: VotesOf, *rows: tuple[int, int, str]) -> tuple[Votes, OpinionGroups]:
    """Each row: number of people, their label, their votes."""
    people = [(label, signs) for number, label, signs in rows for _ in range(number)]
    return votes_of([signs for _, signs in people]), grouped([label for label, _ in people])


def test_five_votes_in_two_groups_by_hand(votes_of: VotesOf) -> None:
    votes = votes_of(["+", "+", "-", "-", "0"])
    (found,) = measure(votes, grouped([0, 0, 1, 1, 1]))
    assert (found.statement, found.n, found.agree, found.disagree, found.passes) == (0, 5, 2, 2, 1)
    assert (found.agree_share, found.disagree_share) == (0.4, 0.4)
    assert [(group.agree, group.disagree, group.passes, group.n) for group in found.by_group] == [
        (2, 0, 0, 2),
        (0, 2, 1, 3),
    ]
    # p = 3/7 on both sides; agree: (2 + 12/7)/6 and (0 + 12/7)/7; disagree: (12/7)/6 and (2 + 12/7)/7.
    assert found.common_ground == pytest.approx(2 / 7)
    assert found.side == "disagree"
    assert found.consensus_agree == pytest.approx((3 / 4 * 1 / 5) ** 0.5)
    assert found.consensus_disagree == pytest.approx((1 / 4 * 3 / 5) ** 0.5)
    assert found.dividing == pytest.approx((2 / 6 + 2 / 7) / 2)
    assert (found.bridge, found.claims) == (None, ())


def test_one_crowd_by_hand(votes_of: VotesOf) -> None:
    (found,) = measure(votes_of(["+", "+", "+", "-", "0"]), grouped([0] * 5))
    assert found.common_ground == pytest.approx((3 + 4 * 4 / 7) / 9)
    assert found.side == "agree"
    assert found.consensus_agree == pytest.approx(4 / 7)
    assert found.dividing == pytest.approx(2 * 1 / 5)
    assert found.agree_low == pytest.approx((3 + 1.3528 - 2.2532) / 7.7057, abs=1e-4)
    assert found.agree_high == pytest.approx((3 + 1.3528 + 2.2532) / 7.7057, abs=1e-4)


def test_people_without_a_group_count_in_the_whole_only(votes_of: VotesOf) -> None:
    (found,) = measure(votes_of(["+", "-", "-"]), grouped([0, 0, -1]))
    assert (found.n, found.disagree) == (3, 2)
    assert [(group.agree, group.disagree) for group in found.by_group] == [(1, 1)]


def test_fewer_than_seven_active_people_have_no_groups_but_counts(votes_of: VotesOf) -> None:
    nobody = OpinionGroups(np.full(2, -1), np.zeros(2), np.full((2, 2), np.nan), 0, "too_few", np.nan, np.nan)
    (found,) = measure(votes_of(["+", "-"]), nobody)
    assert (found.n, found.by_group) == (2, ())
    assert found.dividing == 1.0


def test_a_statement_without_votes_has_no_share(votes_of: VotesOf) -> None:
    _, empty = measure(votes_of(["+.", "-."]), grouped([0, 1]))
    assert (empty.n, empty.agree_low, empty.agree_high) == (0, 0.0, 1.0)
    assert np.isnan(empty.agree_share)
    assert np.isnan(empty.by_group[0].disagree_share)
    assert empty.common_ground == 0.5
    assert empty.claims == ()


def test_v36_common_ground_is_claimed_alike_for_agree_and_disagree(votes_of: VotesOf) -> None:
    votes, groups = crowd(votes_of, (10, 0, "+-"), (2, 0, "-+"), (10, 1, "+-"))
    accepted, rejected = measure(votes, groups)
    assert accepted.claims == ("common_ground_agree",)
    assert rejected.claims == ("common_ground_disagree",)
    assert accepted.common_ground == pytest.approx(rejected.common_ground)


def test_agree_and_disagree_swapped_swap_every_figure(votes_of: VotesOf) -> None:
    rows = (10, 0, "++-0-"), (7, 0, "-+-++"), (8, 1, "--+0-"), (6, 1, "+0+-+")
    votes, groups = crowd(votes_of, *rows)
    swapped = Votes.from_arrays(
        votes.person, votes.statement, -votes.vote, people=votes.people, statements=votes.statements
    )
    turned = {"agree": "disagree", "disagree": "agree"}
    for one, other in zip(measure(votes, groups), measure(swapped, groups), strict=True):
        assert (one.agree, one.disagree, one.passes) == (other.disagree, other.agree, other.passes)
        assert one.agree_low == pytest.approx(other.disagree_low)
        assert one.common_ground == pytest.approx(other.common_ground)
        assert one.side == turned[other.side]
        assert one.consensus_agree == pytest.approx(other.consensus_disagree)
        assert one.dividing == pytest.approx(other.dividing)
        assert one.bridge == other.bridge
        assert {_turned(claim) for claim in one.claims} == set(other.claims)


def _turned(claim: str) -> str:
    word = claim.rsplit("_", 1)[-1]
    turned = {"agree": "disagree", "disagree": "agree"}
    return claim.removesuffix(word) + turned[word] if word in turned else claim


def test_relabelled_groups_give_the_same_figures(votes_of: VotesOf) -> None:
    votes, groups = crowd(votes_of, (12, 0, "+-+"), (9, 1, "-+0"), (8, 2, "0++"))
    others = grouped([(label + 1) % 3 for label in groups.labels.tolist()])
    for one, other in zip(measure(votes, groups), measure(votes, others, letters="CAB"), strict=True):
        assert one.common_ground == pytest.approx(other.common_ground)
        assert one.consensus_agree == pytest.approx(other.consensus_agree)
        assert one.dividing == pytest.approx(other.dividing)
        assert one.by_group == (*other.by_group[1:], other.by_group[0])
        assert set(one.claims) == set(other.claims)


def test_an_added_empty_column_changes_nothing(votes_of: VotesOf) -> None:
    rows = (12, 0, "+-+"), (9, 1, "-+0")
    votes, groups = crowd(votes_of, *rows)
    wider, _ = crowd(votes_of, *((number, label, signs + ".") for number, label, signs in rows))
    assert measure(votes, groups) == measure(wider, groups)[:3]


def test_v32_a_statement_that_is_left_out_is_as_if_it_had_never_been_there(votes_of: VotesOf) -> None:
    votes, groups = crowd(votes_of, (25, 0, "+-+"), (25, 1, "-++"))
    without, _ = crowd(votes_of, (25, 0, "++"), (25, 1, "-+"))
    assert measure(votes.without([1]), groups) == measure(without, groups)


def test_v35_nothing_is_claimed_below_twenty_votes(votes_of: VotesOf) -> None:
    few = measure(*crowd(votes_of, (10, 0, "+0"), (9, 1, "+0")))
    enough = measure(*crowd(votes_of, (10, 0, "+0"), (10, 1, "+0")))
    assert [found.claims for found in few] == [(), ()]
    assert [found.claims for found in enough] == [("common_ground_agree",), ("could_not_say",)]


def test_nothing_is_claimed_about_groups_of_which_one_is_too_small(votes_of: VotesOf) -> None:
    votes, groups = crowd(votes_of, (26, 0, "+0"), (4, 1, "+0"))
    assert [found.claims for found in measure(votes, groups)] == [(), ("could_not_say",)]
    votes, groups = crowd(votes_of, (26, 0, "+"), (5, 1, "+"))
    assert measure(votes, groups)[0].claims == ("common_ground_agree",)
    assert measure(votes, groups, smallest=10)[0].claims == ()


def test_one_crowd_is_judged_by_plain_shares(votes_of: VotesOf) -> None:
    votes, groups = crowd(votes_of, (9, 0, "+++"), (6, 0, "-+-"), (6, -1, "-0-"))
    divided, shared, refused = measure(votes, groups)
    assert divided.claims == ("dividing",)
    assert shared.claims == ("common_ground_agree",)
    assert refused.claims == ("dividing",)


@pytest.mark.parametrize(
    ("agree", "disagree", "passes", "claims"),
    [
        (12, 3, 5, ("common_ground_agree",)),
        (11, 4, 5, ()),
        (3, 12, 5, ("common_ground_disagree",)),
        (11, 6, 3, ("dividing",)),
        (11, 5, 4, ()),
        (11, 3, 6, ("could_not_say",)),
    ],
)
def test_claims_begin_exactly_at_their_thresholds(
    votes_of: VotesOf, agree: int, disagree: int, passes: int, claims: tuple[str, ...]
) -> None:
    (found,) = measure(*crowd(votes_of, (agree, 0, "+"), (disagree, 0, "-"), (passes, 0, "0")))
    assert found.claims == claims


def test_what_sets_groups_apart_is_dividing_and_marks_both(votes_of: VotesOf) -> None:
    (found,) = measure(*crowd(votes_of, (15, 0, "+"), (15, 1, "-")))
    assert found.claims == ("dividing", "marks_A_agree", "marks_B_disagree")
    assert found.dividing == pytest.approx(15 / 19)


def test_groups_on_the_same_side_are_not_divided(votes_of: VotesOf) -> None:
    (found,) = measure(*crowd(votes_of, (30, 0, "+"), (11, 1, "+"), (10, 1, "-")))
    assert found.dividing > 0.3
    assert "dividing" not in found.claims


def test_at_most_five_statements_mark_a_group(votes_of: VotesOf) -> None:
    votes, groups = crowd(votes_of, (20, 0, "+++++++"), (2, 0, "+++++--"), (20, 1, "-------"))
    marked = [found.statement for found in measure(votes, groups) if "marks_A_agree" in found.claims]
    assert marked == [0, 1, 2, 3, 4]


def test_what_both_camps_refuse_or_accept_bridges_a_division(votes_of: VotesOf) -> None:
    found = measure(*crowd(votes_of, (25, 0, "+-00"), (25, 0, "---0")))
    assert [statement.bridge for statement in found] == [1, None, None, None]
    assert [statement.claims for statement in found] == [
        ("dividing",),
        ("common_ground_disagree", "bridging"),
        ("could_not_say",),
        ("could_not_say",),
    ]


def test_a_bridge_needs_twenty_people_of_each_camp(votes_of: VotesOf) -> None:
    few = measure(*crowd(votes_of, (19, 0, "++"), (5, 0, "+."), (24, 0, "-+")))
    enough = measure(*crowd(votes_of, (20, 0, "++"), (4, 0, "+."), (24, 0, "-+")))
    assert (few[0].bridge, enough[0].bridge) == (None, 1)


def test_measuring_changes_no_argument(votes_of: VotesOf) -> None:
    votes, groups = crowd(votes_of, (15, 0, "+-"), (15, 1, "-+"))
    before = votes.vote.copy(), groups.labels.copy()
    measure(votes, groups)
    assert (votes.vote == before[0]).all()
    assert (groups.labels == before[1]).all()
