"""Work that waits for a commit: rows written with their cause, handed to the job runner afterwards."""

import secrets
from typing import Any

from sqlalchemy import JSON, select
from sqlalchemy.orm import Mapped, mapped_column

from panels.database import Base, Session, now


class Job(Base):
    """A piece of work that is not handed over yet."""

    __tablename__ = "jobs"

    id: Mapped[str] = mapped_column(primary_key=True)
    task: Mapped[str]
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    due_at: Mapped[float] = mapped_column(index=True)


def leave(db: Session, task: str, **arguments: Any) -> None:
    """Leave the task for after the commit; the arguments must fit into JSON."""
    db.add(Job(id=secrets.token_hex(16), task=task, arguments=arguments, due_at=now(db)))
    db.flush()


def due(db: Session) -> list[Job]:
    """Return the work whose time has come, oldest first, at most a hundred pieces."""
    return list(db.scalars(select(Job).where(Job.due_at <= now(db)).order_by(Job.due_at).limit(100)))


def forget(db: Session, job: str) -> None:
    """Forget work that the job runner has taken over."""
    found = db.get(Job, job)
    if found is not None:
        db.delete(found)
        db.flush()
