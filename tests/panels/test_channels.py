"""By which door people answered, told so that no few of them can be picked out."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from panels import channels, statements
from panels.database import Engine, writing
from panels.statements import State, Vote
from tests.conftest import BOTH, NOON
from tests.planted import plant


def by_channel(db: Session, channel: str, *where: object, at: float = NOON - 60) -> None:
    """Let the votes have come by the channel."""
    db.execute(update(Vote).where(*where).values(channel=channel, at=at))  # type: ignore[arg-type]


@BOTH
def test_n12_each_person_counts_once_by_the_newest_answer_that_counts(engine: Engine) -> None:
    """N12"""
    with writing(engine) as db:
        panel = plant(db)
        first, second, third, fourth = sorted(channels.newest(db, panel.id))[:4]
        statement = statements.get(db, panel.id, 2)
        by_channel(db, "paper", Vote.member_id == first, Vote.statement_id == statement.id)
        by_channel(db, "phone", Vote.member_id == second, Vote.statement_id != statement.id, at=NOON - 9_000)
        by_channel(db, "desk", Vote.member_id == third, Vote.statement_id == statement.id, at=NOON - 3_600)
        taken_back = Vote.member_id == fourth, Vote.statement_id == statement.id
        by_channel(db, "paper", *taken_back)
        db.execute(update(Vote).where(*taken_back).values(choice=None))
        found = channels.newest(db, panel.id)
        assert [found[member] for member in (first, second, third, fourth)] == ["paper", "web", "web", "web"]
        assert len(found) == 60
        statement.state = State.HIDDEN
        db.flush()
        assert channels.newest(db, panel.id)[first] == "web"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, []),
        ({"web": 3}, [(["web"], 3)]),
        ({"web": 20, "paper": 5}, [(["web"], 20), (["paper"], 5)]),
        (
            {"web": 9, "paper": 9, "phone": 4, "desk": 1},
            [(["web"], 9), (["paper"], 9), (["phone", "desk"], 5)],
        ),
        ({"web": 20, "paper": 9, "phone": 4}, [(["web"], 20), (["paper", "phone"], 13)]),
        ({"import": 20}, [(["import"], 20)]),
        ({"web": 20, "desk": 1}, [(["web", "desk"], 21)]),
        ({"web": 2, "paper": 8, "phone": 8}, [(["web", "paper"], 10), (["phone"], 8)]),
    ],
)
def test_n12_a_channel_of_few_is_told_together_with_another(
    given: dict[str, int], told: list[tuple[list[str], int]]
) -> None:
    """N12"""
    people = [name for name, count in given.items() for _ in range(count)]
    assert [(row["channels"], row["people"]) for row in channels.printed(people, 5)] == told
