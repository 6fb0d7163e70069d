"""Work that waits for a commit: rows written with their cause, handed to the job runner afterwards."""

import secrets
from collections.abc import Iterable
from typing import Any

from sqlalchemy import JSON, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from panels.database import NOW, Base, Session, now

MOST = 100  # pieces of work handed over at once
LATE = 120.0  # seconds that work may wait for the job runner


class Job(Base):
    """A piece of work that is not handed over yet."""

    __tablename__ = "jobs"

    id: Mapped[str] = mapped_column(primary_key=True)
    task: Mapped[str]
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    due_at: Mapped[float] = mapped_column(index=True)


def leave(db: Session, task: str, *, delay: float = 0.0, **arguments: Any) -> None:
    """Leave the task for ``delay`` seconds after the commit; the arguments must fit into JSON."""
    db.add(Job(id=secrets.token_hex(16), task=task, arguments=arguments, due_at=now(db) + delay))
    db.flush()


def due(db: Session) -> list[Job]:
    """Return the work whose time has come, oldest first, at most MOST pieces."""
    return list(db.scalars(select(Job).where(Job.due_at <= NOW).order_by(Job.due_at, Job.id).limit(MOST)))


def are_stuck(db: Session) -> bool:
    """Return whether work has waited so long that nobody seems to do it."""
    return db.scalar(select(Job.id).where(Job.due_at < now(db) - LATE).limit(1)) is not None


def forget(db: Session, jobs: Iterable[str]) -> None:
    """Forget work that the job runner has taken over."""
    db.execute(delete(Job).where(Job.id.in_(list(jobs))))
