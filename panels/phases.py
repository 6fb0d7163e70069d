"""Phases: the stretches of time in which a panel does one thing after the other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from panels.database import Base, Texts
from panels.errors import RefusedError

ZONE = ZoneInfo("Europe/Helsinki")


class PhaseName(StrEnum):
    """What a panel does in a phase."""

    RECRUIT = "recruit"
    LEARN = "learn"
    PROPOSE = "propose"
    VOTE = "vote"
    MEETINGS = "meetings"
    PUBLISH = "publish"
    RESPONSE = "response"


class Phase(Base):
    """A stretch of time in which a panel does one thing; phases of a panel never overlap."""

    __tablename__ = "phases"
    __table_args__ = (UniqueConstraint("panel_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"), index=True)
    name: Mapped[PhaseName]
    title: Mapped[Texts] = mapped_column(JSON)
    starts_at: Mapped[float]
    ends_at: Mapped[float]
    """The first moment after the phase: a vote counts before it."""

    @property
    def days(self) -> str:
        """The first and the last day in Finland, both included, such as ``2027-03-08/2027-03-21``."""
        first, last = (datetime.fromtimestamp(at, ZONE).date() for at in (self.starts_at, self.ends_at - 1))
        return f"{first}/{last}"


def midnight(day: date) -> float:
    """Return when the day begins in Finland."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE).timestamp()


@dataclass(frozen=True)
class Stretch:
    """A phase as the staff plan it: from the first day to the last, both included."""

    name: PhaseName
    title: Texts
    first: date
    last: date

    @property
    def starts_at(self) -> float:
        """The first moment of the phase."""
        return midnight(self.first)

    @property
    def ends_at(self) -> float:
        """The first moment after the phase."""
        return midnight(self.last + timedelta(days=1))


def check(phases: Sequence[Stretch]) -> None:
    """Raise RefusedError if a phase ends before it starts or starts before another has ended."""
    for phase in phases:
        if phase.last < phase.first:
            raise RefusedError("ends_before_start", f"{phase.name}-last")
    for earlier, later in pairwise(sorted(phases, key=lambda phase: phase.first)):
        if later.first <= earlier.last:
            raise RefusedError("overlaps", f"{later.name}-first")


def plan(phases: Iterable[Phase]) -> dict[str, str]:
    """Return the days of each phase by its name."""
    return {phase.name.value: phase.days for phase in phases}
