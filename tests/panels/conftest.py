"""A session on the two panels, and their people at the door."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from panels import people
from panels.database import Engine, Session, writing
from panels.members import Visitor, arrive_as

Door = Callable[..., Visitor]


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    with writing(engine) as db:
        yield db


@pytest.fixture
def come(db: Session) -> Door:
    """Let people come: ``come("aino")`` is Aino at the door of the library's panel now."""
    return partial(visitor, db)


def visitor(db: Session, name: str, slug: str = "library") -> Visitor:
    """Return the person at the panel's door now."""
    person = people.by_email(db, f"{name}@example.fi")
    assert person is not None, name
    return arrive_as(db, slug, person.id)
