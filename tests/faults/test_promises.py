"""The judge of the fault tests: what counts as a broken promise, and what does not."""

import pytest

from tests.faults.promises import Row, Write, violations

AGREE, DISAGREE = 1, -1


def write(choice: int, key: str, start: float, *, outcome: str = "acked", tab: str = "aino/0") -> Write:
    """Return a write of Aino's on statement 1 that took one second."""
    made = Write("aino", tab, 1, choice, key, start, sent=start, tries=1, outcome=outcome)
    if outcome != "unknown":
        made.end = start + 1
    return made


def kinds(writes: list[Write], *rows: Row, kills: tuple[float, ...] = ()) -> list[str]:
    """Return the kinds of promises that are broken if these rows are stored."""
    return [words.partition(":")[0] for words in violations(writes, list(kills), list(rows))]


def row(choice: int, key: str) -> Row:
    """Return Aino's stored vote on statement 1."""
    return Row("aino", 1, choice, key)


def test_the_last_acknowledged_vote_is_right() -> None:
    assert kinds([write(AGREE, "a", 1), write(DISAGREE, "b", 5)], row(DISAGREE, "b")) == []


def test_an_acknowledged_vote_that_is_not_stored_is_lost() -> None:
    assert kinds([write(AGREE, "a", 1)]) == ["LOST"]


def test_an_older_vote_in_the_place_of_a_newer_one_is_a_loss() -> None:
    assert kinds([write(AGREE, "a", 1), write(DISAGREE, "b", 5)], row(AGREE, "a")) == ["LOST"]


def test_two_rows_are_a_duplicate() -> None:
    assert kinds([write(AGREE, "a", 1)], row(AGREE, "a"), row(AGREE, "a")) == ["duplicate"]


def test_a_row_that_nobody_sent_is_a_phantom() -> None:
    assert kinds([], row(AGREE, "a")) == ["phantom"]


def test_another_choice_under_the_right_key_is_corrupt() -> None:
    assert kinds([write(AGREE, "a", 1)], row(DISAGREE, "a")) == ["corrupt"]


def test_a_refused_vote_must_not_be_stored() -> None:
    assert kinds([write(AGREE, "a", 1, outcome="refused")], row(AGREE, "a")) == ["LOST"]


@pytest.mark.parametrize("stored", [[], [row(AGREE, "a")]], ids=["not stored", "stored"])
def test_a_vote_without_an_answer_may_be_stored_or_not(stored: list[Row]) -> None:
    assert kinds([write(AGREE, "a", 1, outcome="unknown")], *stored) == []


def test_votes_of_two_tabs_at_the_same_time_may_end_either_way() -> None:
    both = [write(AGREE, "a", 1), write(DISAGREE, "b", 1.5, tab="aino/1")]
    assert kinds(both, row(AGREE, "a")) == []
    assert kinds(both, row(DISAGREE, "b")) == []


def test_an_unanswered_vote_of_another_tab_may_come_late_until_the_server_is_killed() -> None:
    both = [write(AGREE, "a", 1, outcome="unknown", tab="aino/1"), write(DISAGREE, "b", 5)]
    assert kinds(both, row(AGREE, "a")) == []
    assert kinds(both, row(AGREE, "a"), kills=(3,)) == ["LOST"]


def test_a_vote_that_its_own_tab_gave_up_must_not_replace_a_newer_one() -> None:
    assert kinds([write(AGREE, "a", 1, outcome="unknown"), write(DISAGREE, "b", 5)], row(AGREE, "a")) == [
        "LOST"
    ]
