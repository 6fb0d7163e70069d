"""Materials: what everybody reads before weighing, for and against side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from panels import organisation
from panels.chance import shuffled
from panels.database import Base, Session, Texts, next_number, now
from panels.errors import NotFoundError, RefusedError
from panels.members import Visitor


class MaterialKind(StrEnum):
    """How a material is laid out: its ``data`` has the list of the same name, a text has none."""

    TEXT = "text"
    FACTS = "facts"
    OPTIONS = "options"
    VIEWS = "views"


class Material(Base):
    """Something to read, in the organiser's languages; ``body`` is Markdown.

    ``data`` of facts: ``{"columns": [Texts…], "rows": [[Texts, number…]…]}``, the first cell names the row;
    of options: ``{"options": [{"title": Texts, "pros": [Texts…], "cons": [Texts…], "saving": euros}…]}``,
    also with the ``cost`` of starting; of views: ``{"views": [{"speaker": Texts, "text": Texts}…]}``.
    """

    __tablename__ = "materials"
    __table_args__ = (UniqueConstraint("panel_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    number: Mapped[int]
    kind: Mapped[MaterialKind]
    title: Mapped[Texts] = mapped_column(JSON)
    body: Mapped[Texts] = mapped_column(JSON)
    source: Mapped[Texts] = mapped_column(JSON)
    minutes: Mapped[int]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    added_at: Mapped[float]


@dataclass(frozen=True)
class Draft:
    """A material as a form or a file brings it."""

    title: Texts
    body: Texts = field(default_factory=dict)
    source: Texts = field(default_factory=dict)
    minutes: int = 1
    kind: MaterialKind = MaterialKind.TEXT
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Listed:
    """What a list shows of a material."""

    number: int
    title: Texts
    minutes: int


def add(db: Session, panel: int, draft: Draft) -> Material:
    """Add a material to the panel. Raises RefusedError if a language is missing."""
    texts = [("title", draft.title)] + ([("body", draft.body)] if draft.kind is MaterialKind.TEXT else [])
    for name, text in texts:
        for language in organisation.needed(db):
            if not text.get(language):
                raise RefusedError("missing", f"{name}-{language}")
    material = Material(panel_id=panel, number=next_number(db, panel, "materials"), kind=draft.kind)
    material.title, material.body, material.source = draft.title, draft.body, draft.source
    material.minutes, material.data, material.added_at = draft.minutes, dict(draft.data), now(db)
    db.add(material)
    db.flush()
    return material


def listed(db: Session, panel: int) -> list[Listed]:
    """Return the panel's materials in the order in which they were added."""
    columns = select(Material.number, Material.title, Material.minutes)
    rows = db.execute(columns.where(Material.panel_id == panel).order_by(Material.number))
    return [Listed(*row) for row in rows]


def get(db: Session, panel: int, number: int) -> Material:
    """Return the panel's material of that number. Raises NotFoundError."""
    where = select(Material).where(Material.panel_id == panel, Material.number == number)
    found = db.scalars(where).one_or_none()
    if found is None:
        raise NotFoundError(f"material {number}")
    return found


def views(material: Material, visitor: Visitor) -> list[dict[str, Texts]]:
    """Return the material's views in the reader's own order, so that none always speaks first."""
    told = material.data.get("views", [])
    return [told[place] for place in shuffled(range(len(told)), visitor)]
