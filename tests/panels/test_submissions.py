import pytest

from panels import submissions
from panels.database import Engine, Session, writing
from panels.errors import ConflictError, RefusedError

KEY = "0" * 32


def test_the_same_form_again_is_no_longer_the_first(engine: Engine) -> None:
    with writing(engine) as db:
        assert submissions.is_first(db, key=KEY, person=1, body="A text", at=1.0)
        assert not submissions.is_first(db, key=KEY, person=1, body="A text", at=2.0)


@pytest.mark.parametrize(("person", "body"), [(1, "Another text"), (2, "A text")])
def test_another_text_or_person_under_a_used_key_is_a_conflict(
    engine: Engine, person: int, body: str
) -> None:
    with writing(engine) as db:
        submissions.is_first(db, key=KEY, person=1, body="A text", at=1.0)
        with pytest.raises(ConflictError):
            submissions.is_first(db, key=KEY, person=person, body=body, at=2.0)


def submit(db: Session, body: str) -> bool:
    """Submit a text, refused if it is bad; return whether it was new."""
    with submissions.once(db, key=KEY, person=1, body=body, at=1.0) as first:
        if body == "bad":
            raise RefusedError("too_short", "text")
        return first


def test_a_refused_form_leaves_its_key_free_for_the_mended_text(engine: Engine) -> None:
    with writing(engine) as db:
        with pytest.raises(RefusedError):
            submit(db, "bad")
        assert submit(db, "good")
        assert not submit(db, "good")
