"""Forms that were received: the same form sent twice counts once."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import LargeBinary, select, text
from sqlalchemy.orm import Mapped, mapped_column

from panels.database import Base, Session
from panels.errors import ConflictError


class Submission(Base):
    """A form that carried a text; kept for seven days."""

    __tablename__ = "submissions"

    key: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[float]


SUBMIT = text(
    "insert into submissions (key, person_id, digest, at) values (:key, :person, :digest, :at)"
    " on conflict do nothing"
)


def is_first(db: Session, *, key: str, person: int, body: str, at: float) -> bool:
    """Keep the form's key; return False for a retry. Raises ConflictError for another text under the key."""
    digest = hashlib.sha256(body.encode()).digest()
    form = {"key": key, "person": person, "digest": digest, "at": at}
    if db.execute(SUBMIT, form).rowcount:  # type: ignore[attr-defined]
        return True
    stored = db.execute(select(Submission.person_id, Submission.digest).where(Submission.key == key)).one()
    if tuple(stored) != (person, digest):
        raise ConflictError(key)
    return False


def is_known(db: Session, key: str) -> bool:
    """Return whether a form with the key was received before."""
    return db.get(Submission, key) is not None


@contextmanager
def once(db: Session, *, key: str, person: int, body: str, at: float) -> Iterator[bool]:
    """Tell the block whether the form is new; a block that refuses leaves the key free for another text."""
    with db.begin_nested():
        yield is_first(db, key=key, person=person, body=body, at=at)
