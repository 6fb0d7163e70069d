"""A panel: its question, its promise and its phases."""

import secrets
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from panels.database import Base, Session
from panels.errors import NotFoundError

Texts = dict[str, str]
"""One text by language: ``{"fi": …, "sv": …, "en": …}``; a resident's text has the language it was written in."""


class PhaseName(StrEnum):
    """What a panel does in a phase."""

    RECRUIT = "recruit"
    LEARN = "learn"
    PROPOSE = "propose"
    VOTE = "vote"
    MEETINGS = "meetings"
    PUBLISH = "publish"
    RESPONSE = "response"


class PanelKind(StrEnum):
    """What sort of panel it is; the words are in the templates."""

    RESIDENTS_PANEL = "residents_panel"
    SERVICE_USERS_PANEL = "service_users_panel"
    YOUTH_COUNCIL = "youth_council"
    OLDER_PEOPLES_COUNCIL = "older_peoples_council"
    DISABILITY_COUNCIL = "disability_council"
    CITIZENS_JURY = "citizens_jury"
    STATEMENT_ROUND = "statement_round"


def new_edition() -> int:
    """Return a number that no other state of any panel has."""
    return secrets.randbits(62)


class Panel(Base):
    """A group of residents asked about one matter."""

    __tablename__ = "panels"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    edition: Mapped[int] = mapped_column(BigInteger, default=new_edition)
    """Drawn anew whenever a text of the panel changes, so that what is cached names its state."""
    version: Mapped[int] = mapped_column(default=1)
    """Counts the edits of the panel itself, so that a form knows whether it is out of date."""
    kind: Mapped[PanelKind]
    title: Mapped[Texts] = mapped_column(JSON)
    question: Mapped[Texts] = mapped_column(JSON)
    promise: Mapped[Texts] = mapped_column(JSON, default=dict)
    not_decided: Mapped[Texts] = mapped_column(JSON, default=dict)
    owner: Mapped[Texts] = mapped_column(JSON, default=dict)
    """Who answers: the body that gave the promise."""
    considered_on: Mapped[str] = mapped_column(default="")
    answers_by: Mapped[str] = mapped_column(default="")
    """Dates of the promise, written 2027-03-08; empty where not known."""
    record_number: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    figures: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """People by step of the recruitment: invited, volunteered, selected, attended_all_meetings."""
    open_to_all: Mapped[bool] = mapped_column(default=False)
    """Whether anybody may join by e-mail; otherwise a code is needed."""
    smallest: Mapped[int] = mapped_column(default=5)
    """The smallest group of people that may be told of (k)."""
    opened_at: Mapped[float | None]
    created_at: Mapped[float]
    phases: Mapped[list["Phase"]] = relationship(order_by="Phase.starts_at", cascade="all, delete-orphan")


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


def get(db: Session, panel: int) -> Panel:
    """Return the panel with its phases. Raises NotFoundError."""
    found = db.get(Panel, panel)
    if found is None:
        raise NotFoundError(f"panel {panel}")
    return found


def by_slug(db: Session, slug: str) -> Panel:
    """Return the panel of the address. Raises NotFoundError."""
    found = db.scalars(select(Panel).where(Panel.slug == slug)).one_or_none()
    if found is None:
        raise NotFoundError(slug)
    return found


def touch(panel: Panel) -> None:
    """Let everything that was kept in memory about the panel be read anew."""
    panel.edition = new_edition()
