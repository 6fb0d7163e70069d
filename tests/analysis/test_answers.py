import numpy as np
import pytest

from analysis import Votes, answers
from analysis.answers import Answers
from analysis.canonical import gather


def test_sums_of_five_votes_by_hand() -> None:
    # The first person agrees with both statements, the second has no vote, the third disagrees and agrees.
    found = Answers(np.array([0, 2, 1, 2], dtype=np.int32), np.array([0, 2, 2, 4]), 4)
    assert found.count.tolist() == [1, 1, 2, 0]
    assert found.of_each_person(np.array([[1.0], [10.0], [100.0], [1000.0]])).tolist() == [[101], [0], [110]]
    assert found.of_each_answer(np.array([[1.0], [10.0], [100.0]])).tolist() == [[1], [100], [101], [0]]


def test_blocks_of_people_add_up_to_the_whole(two_camps: Votes, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(0)
    of_answers, of_people = generator.normal(size=(48, 3)), generator.normal(size=(60, 2))
    whole = gather(two_camps).opinions.answers
    monkeypatch.setattr(answers, "_BLOCK", 7)
    monkeypatch.setattr(answers, "_PIECE", 100)
    parts = gather(two_camps).opinions.answers
    assert parts.count.tolist() == whole.count.tolist()
    assert parts.of_each_person(of_answers) == pytest.approx(whole.of_each_person(of_answers))
    assert parts.of_each_answer(of_people) == pytest.approx(whole.of_each_answer(of_people))
