"""Forms that were received: the same form sent twice counts once."""

import hashlib

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
    """Keep the form's key; return False for a retry. Raises ConflictError for another text under the same key."""
    digest = hashlib.sha256(body.encode()).digest()
    if db.execute(SUBMIT, {"key": key, "person": person, "digest": digest, "at": at}).rowcount:  # type: ignore[attr-defined]
        return True
    stored = db.execute(select(Submission.person_id, Submission.digest).where(Submission.key == key)).one()
    if tuple(stored) != (person, digest):
        raise ConflictError(key)
    return False
