"""Embeds: what a panel shows of itself on other web sites, and which sites may frame it."""

import re
from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from panels.database import Base, Session
from panels.errors import ConflictError, RefusedError

MOST_ORIGINS = 10
LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
ORIGIN = re.compile(
    rf"(?:https://(?:{LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])"
    r"|http://(?:localhost|127\.0\.0\.1))(?::[1-9][0-9]{0,4})?"
)
"""A site's address and nothing after it; without https only on the reader's own machine."""


class Part(StrEnum):
    """Something that an embed shows and that can be switched off."""

    TOPIC = "topic"
    DESCRIPTION = "description"
    RESULTS = "results"
    INVITATION = "invitation"
    BRAND = "brand"


class Embed(Base):
    """The choices of a panel's staff; a panel without a row shows every part and is framed by nobody."""

    __tablename__ = "embeds"

    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=0)
    """Counts the edits, so that a form knows whether it is out of date."""
    parts: Mapped[list[str]] = mapped_column(JSON, default=lambda: [*Part])
    origins: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Web sites that may frame the panel, such as https://www.example.fi."""


def of(db: Session, panel: int) -> Embed:
    """Return the panel's embed, a plain one that is not stored if nobody has made any choice."""
    return db.get(Embed, panel) or Embed(panel_id=panel, version=0, parts=[*Part], origins=[])


def save(db: Session, panel: int, parts: Sequence[Part], typed: Sequence[str], *, seen: int) -> Embed:
    """Store what the embed shows and to which sites, as typed; ``seen`` is the version of the form.

    Raises RefusedError; ConflictError if somebody else was faster.
    """
    found = of(db, panel)
    if found.version != seen:
        raise ConflictError(f"embed of {panel}")
    found.parts, found.origins = [*parts], origins(typed)
    found.version += 1
    db.add(found)
    db.flush()
    return found


def origins(typed: Sequence[str]) -> list[str]:
    """Return the sites, each once, as browsers name them. Raises RefusedError for the first that is none."""
    found = [origin(line) for line in typed if line.strip()]
    if len(found) > MOST_ORIGINS:
        raise RefusedError("too_many_origins", "origins", most=MOST_ORIGINS)
    return list(dict.fromkeys(found))


def origin(typed: str) -> str:
    """Return the site of an address. Raises RefusedError unless it is a whole one with nothing after it."""
    found = typed.strip().lower().removesuffix("/").removesuffix(":443")
    if len(found) > 255 or not ORIGIN.fullmatch(found):
        raise RefusedError("not_an_origin", "origins", typed=typed.strip()[:100])
    return found
