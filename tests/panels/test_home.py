from collections.abc import Iterator

import pytest

from panels import home, panels, people
from panels.database import Engine, Session, writing
from panels.members import MemberKind, take_seat
from panels.panels import Panel, PhaseName
from panels.statements import Vote
from tests.conftest import DAY, NOON


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    with writing(engine) as db:
        yield db


def library(db: Session) -> Panel:
    return panels.by_slug(db, "library")


def slugs(found: list[Panel]) -> list[str]:
    return [panel.slug for panel in found]


def test_open_panels_tell_the_days_left_and_how_many_have_answered(db: Session) -> None:
    for number, choice in ((1, 1), (2, None)):
        person = people.ensure(db, f"r{number}@example.fi")
        seat = take_seat(db, library(db).id, person.id, MemberKind.OPEN)
        db.add(Vote(member_id=seat, statement_id=1, choice=choice, version=1, key="k", at=NOON))
    db.flush()
    found = {item.panel.slug: item for item in home.front(db, NOON).open}
    assert set(found) == {"library", "harbour"}
    assert (found["library"].answered, found["harbour"].answered) == (1, 0)
    assert (found["library"].days, found["library"].votes) == (9, True)


def test_the_panel_that_is_voted_on_and_ends_first_stands_first(db: Session) -> None:
    votes = {phase.name: phase for phase in library(db).phases}[PhaseName.VOTE]
    votes.ends_at = NOON + 8 * DAY
    assert [item.panel.slug for item in home.front(db, NOON).open] == ["library", "harbour"]
    votes.starts_at = NOON + DAY
    assert [item.panel.slug for item in home.front(db, NOON).open] == ["harbour", "library"]


@pytest.mark.parametrize(("answers_by", "days"), [("2026-12-09", 9), ("2026-11-30", 0), ("2026-11-18", -12)])
def test_after_voting_the_days_to_the_promised_answer_count_down_and_then_up(
    db: Session, answers_by: str, days: int
) -> None:
    library(db).answers_by = answers_by
    front = home.front(db, NOON + 9 * DAY)
    assert [(item.panel.slug, item.days) for item in front.awaited] == [("library", days)]
    assert slugs(front.ended) == ["harbour"]
    assert front.open == []


def test_the_most_overdue_answer_stands_first(db: Session) -> None:
    library(db).answers_by, panels.by_slug(db, "harbour").answers_by = "2026-12-09", "2026-11-18"
    found = home.front(db, NOON + 9 * DAY).awaited
    assert [item.panel.slug for item in found] == ["harbour", "library"]


def test_a_panel_that_is_not_open_yet_is_not_listed(db: Session) -> None:
    library(db).opened_at = None
    assert [item.panel.slug for item in home.front(db, NOON).open] == ["harbour"]


def test_the_demos_people_have_addresses_that_lead_nowhere() -> None:
    assert {home.demo_address(name).rpartition(".")[2] for name in home.DEMO_PEOPLE} == {"example"}
