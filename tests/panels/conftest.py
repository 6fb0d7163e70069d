"""A session on the two panels, and their people at the door."""

from collections.abc import Callable, Iterator

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

    def arrived(name: str, slug: str = "library") -> Visitor:
        person = people.by_email(db, f"{name}@example.fi")
        assert person is not None, name
        return arrive_as(db, slug, person.id)

    return arrived
