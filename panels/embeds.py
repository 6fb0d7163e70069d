"""Embeds: what a panel shows of itself on other sites, which may frame it, and pages that ask for one."""

import re
import secrets
from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, func, select
from sqlalchemy.orm import Mapped, mapped_column

from panels import panels
from panels.database import Base, Session, now
from panels.errors import ConflictError, RefusedError
from panels.panels import Draft, Panel

MOST_ORIGINS = 10
MOST_DRAFTS = 20  # panels that pages have asked for and that nobody has opened: strangers fill no database
PAGE = re.compile("[0-9A-Za-z][0-9A-Za-z._/-]{0,79}")
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


class EmbedKey(Base):
    """What lets pages of the organisation's sites ask for panels of their own; there is one at most."""

    __tablename__ = "embed_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    """Stands in the code of the pages, so it is no secret."""
    version: Mapped[int]
    origins: Mapped[list[str]] = mapped_column(JSON)
    given_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """Who becomes the facilitator of the panels that pages ask for."""


class EmbeddedPage(Base):
    """A page of the organisation's sites and the one panel that it asked for."""

    __tablename__ = "embedded_pages"

    page: Mapped[str] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"), unique=True)
    at: Mapped[float]


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


def key(db: Session) -> EmbedKey | None:
    """Return the organisation's key, None until an administrator has given one."""
    return db.get(EmbedKey, 1)


def give_key(db: Session, person: int, typed: Sequence[str], *, seen: int) -> EmbedKey:
    """Let pages of the sites ask for panels, which the person will prepare; without a site none may.

    Raises RefusedError; ConflictError if somebody else was faster.
    """
    found = key(db) or EmbedKey(id=1, key=secrets.token_hex(8), version=0)
    if found.version != seen:
        raise ConflictError("embed key")
    found.origins, found.given_by = origins(typed), person
    found.version += 1
    db.add(found)
    db.flush()
    return found


def of_page(db: Session, page: str) -> Panel | None:
    """Return the panel of the page, opened or not; None if the page has never asked."""
    return db.scalars(select(Panel).join(EmbeddedPage).where(EmbeddedPage.page == page)).one_or_none()


def count_drafts(db: Session) -> int:
    """Return how many panels of pages nobody has opened yet."""
    waiting = select(func.count()).select_from(EmbeddedPage).join(Panel).where(Panel.opened_at.is_(None))
    return db.execute(waiting).scalar_one()


def prepare(db: Session, page: str, draft: Draft) -> None:
    """Make the page's draft of a panel, unless it has one or too many wait; all who ask at once make one."""
    given = db.get(EmbedKey, 1, with_for_update=True)
    if given is None or of_page(db, page) is not None or count_drafts(db) >= MOST_DRAFTS:
        return
    panel = panels.create(db, draft, creator=given.given_by)
    db.add(Embed(panel_id=panel.id, version=1, parts=[*Part], origins=given.origins))
    db.add(EmbeddedPage(page=page, panel_id=panel.id, at=now(db)))
    db.flush()


def slug(page: str) -> str:
    """Return an address for the panel of the page, which no other has."""
    words = re.sub("[^a-z0-9]+", "-", page.lower()).strip("-")[:31].strip("-")
    return f"{words}-{secrets.token_hex(4)}".lstrip("-")
