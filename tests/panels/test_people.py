from collections.abc import Iterator

import pytest

from panels import people
from panels.database import Engine, Session, writing
from panels.errors import NotFoundError
from panels.people import StaffRole
from panels.permissions import Role


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    with writing(engine) as db:
        yield db


def test_an_address_is_one_persons_whatever_its_case(db: Session) -> None:
    first = people.ensure(db, "Maija@Example.fi", language="sv", name="Maija")
    assert people.ensure(db, " maija@example.fi ") is first
    assert people.by_email(db, "MAIJA@example.fi") is first
    assert (first.email, first.language, first.name) == ("maija@example.fi", "sv", "Maija")


def test_somebody_unknown_is_not_found(db: Session) -> None:
    assert people.by_email(db, "stranger@example.fi") is None
    with pytest.raises(NotFoundError):
        people.get(db, 999)


def test_a_person_has_one_role_in_a_panel_and_one_in_all(db: Session) -> None:
    person = people.ensure(db, "maija@example.fi")
    for role in (Role.MODERATOR, Role.FACILITATOR):
        people.give_role(db, person, role, panel=1)
        people.give_role(db, person, role, panel=None)
    held = db.query(StaffRole).filter(StaffRole.person_id == person.id)
    assert {(row.panel_id, row.role) for row in held} == {(1, Role.FACILITATOR), (None, Role.FACILITATOR)}


def test_a_person_is_described_and_switches_the_keys(db: Session) -> None:
    person = people.ensure(db, "maija@example.fi", name="Maija")
    people.describe(db, person.id, name="", language="en")
    people.switch_keys(db, person.id, on=True)
    assert (person.name, person.language, person.keys) == ("", "en", True)
    people.switch_keys(db, person.id, on=False)
    assert not person.keys
