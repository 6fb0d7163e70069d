"""Materials: what everybody reads before weighing, for and against side by side."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, and_, select, text
from sqlalchemy.orm import Mapped, mapped_column

from panels import organisation, variants
from panels.chance import shuffled
from panels.database import Base, Session, Texts, next_number, now
from panels.errors import ConflictError, NotFoundError, RefusedError
from panels.members import Visitor

SIDES = ("for", "against")
TEXTS = ("title", "body", "source", "data")
"""The columns with words for readers."""
WORD = re.compile(r"\w+(?:[-’'.,:]\w+)*")
UNEVEN = 15  # per cent of the longer side's words: what one side may be shorter


class MaterialKind(StrEnum):
    """How a material is laid out: its ``data`` has the list of the same name, a text has none."""

    TEXT = "text"
    FACTS = "facts"
    OPTIONS = "options"
    VIEWS = "views"
    ARGUMENTS = "arguments"


class Material(Base):
    """Something to read, in the organiser's languages; ``body`` is Markdown.

    ``data`` of facts: ``{"columns": [Texts…], "rows": [[Texts, number…]…]}``, the first cell names the row;
    of options: ``{"options": [{"title": Texts, "pros": [Texts…], "cons": [Texts…], "saving": euros}…]}``,
    also with the ``cost`` of starting; of views: ``{"views": [{"speaker": Texts, "text": Texts}…]}``;
    of arguments: ``{"for": {"text": Texts, "source": Texts}, "against": …}``, the text Markdown;
    of a text: the address of the ``recording`` whose words it gives, if there is one.
    """

    __tablename__ = "materials"
    __table_args__ = (UniqueConstraint("panel_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    number: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    """Counts the edits, so that a form knows whether it is out of date."""
    kind: Mapped[MaterialKind]
    title: Mapped[Texts] = mapped_column(JSON)
    body: Mapped[Texts] = mapped_column(JSON)
    source: Mapped[Texts] = mapped_column(JSON)
    minutes: Mapped[int]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    added_at: Mapped[float]


class Reading(Base):
    """A member's own mark that they have read a material."""

    __tablename__ = "readings"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    material_id: Mapped[int] = mapped_column(ForeignKey("materials.id"), primary_key=True)
    at: Mapped[float]


@dataclass(frozen=True)
class Draft:
    """A material as a form or a file brings it."""

    title: Texts
    body: Texts = field(default_factory=dict)
    source: Texts = field(default_factory=dict)
    minutes: int = 1
    kind: MaterialKind = MaterialKind.TEXT
    data: dict[str, Any] = field(default_factory=dict)
    compared: bool = False
    """Whether somebody has compared the languages of each text, so that none of them is outdated."""


@dataclass(frozen=True)
class Listed:
    """What a list shows of a material; ``read`` is the reader's own mark."""

    number: int
    title: Texts
    minutes: int
    read: bool = False


def add(db: Session, panel: int, draft: Draft) -> Material:
    """Add a material to the panel. Raises RefusedError."""
    check(db, draft)
    material = Material(panel_id=panel, number=next_number(db, panel, "materials"), kind=draft.kind)
    material.added_at = now(db)
    write(material, draft, organisation.current(db).language)
    db.add(material)
    db.flush()
    return material


def edit(db: Session, panel: int, number: int, draft: Draft, *, seen: int) -> Material:
    """Store what the staff changed; ``seen`` is the version that their form showed.

    Raises NotFoundError, RefusedError; ConflictError if somebody else has changed the material meanwhile.
    """
    material = get(db, panel, number)
    if material.version != seen:
        raise ConflictError(f"material {number}")
    check(db, draft)
    write(material, draft, organisation.current(db).language)
    material.version += 1
    db.flush()
    return material


def check(db: Session, draft: Draft) -> None:
    """Raise RefusedError if a language is missing or one side has more room than the other."""
    texts = {"title": draft.title}
    if draft.kind is MaterialKind.TEXT:
        texts["body"] = draft.body
    if draft.kind is MaterialKind.ARGUMENTS:
        for side in SIDES:
            texts |= {side: draft.data[side]["text"], f"{side}-source": draft.data[side]["source"]}
    for name, words in texts.items():
        for language in organisation.needed(db):
            if not words.get(language):
                raise RefusedError("missing", f"{name}-{language}")
    check_sides(draft.kind, draft.data)


def check_sides(kind: MaterialKind, data: Mapping[str, Any]) -> None:
    """Raise RefusedError where one of two sides that weigh the same thing has more room."""
    if kind is MaterialKind.ARGUMENTS:
        check_balance(*([data[side]["text"]] for side in SIDES))
    for option in data.get("options", ()):
        check_balance(option["pros"], option["cons"])


def check_balance(pros: list[Texts], cons: list[Texts]) -> None:
    """Raise RefusedError, with both counts of words, if one side is too short in one of the languages."""
    keys = {key for texts in (*pros, *cons) for key in texts}
    for language in sorted(key for key in keys if "-" not in key):
        counts = [sum(count_words(texts.get(language, "")) for texts in side) for side in (pros, cons)]
        if 100 * (max(counts) - min(counts)) > UNEVEN * max(counts):
            shorter = SIDES[counts.index(min(counts))]
            raise RefusedError("uneven", f"{shorter}-{language}", pros=counts[0], cons=counts[1], most=UNEVEN)


def count_words(text: str) -> int:
    """Return how many words the text has; the signs of its layout are none."""
    return len(WORD.findall(text))


def write(material: Material, draft: Draft, source: str) -> None:
    """Put the draft into the row."""
    for name in TEXTS:
        before, value = getattr(material, name), getattr(draft, name)
        setattr(material, name, variants.renewed(before, value, source, compared=draft.compared))
    material.minutes = draft.minutes


def listed(db: Session, panel: int, seat: int | None = None) -> list[Listed]:
    """Return the panel's materials in the order in which they were added, those marked that the seat read."""
    own = and_(Reading.material_id == Material.id, Reading.member_id == (seat or 0))
    rows = db.execute(
        select(Material.number, Material.title, Material.minutes, Reading.at.is_not(None))
        .outerjoin(Reading, own)
        .where(Material.panel_id == panel)
        .order_by(Material.number)
    )
    return [Listed(*row) for row in rows]


def everything(db: Session, panel: int) -> list[Material]:
    """Return the panel's materials with all that they say."""
    return list(db.scalars(select(Material).where(Material.panel_id == panel).order_by(Material.number)))


def get(db: Session, panel: int, number: int) -> Material:
    """Return the panel's material of that number. Raises NotFoundError."""
    where = select(Material).where(Material.panel_id == panel, Material.number == number)
    found = db.scalars(where).one_or_none()
    if found is None:
        raise NotFoundError(f"material {number}")
    return found


def mark_read(db: Session, visitor: Visitor, number: int) -> None:
    """Keep that the member has read the material. Raises NotFoundError."""
    material = get(db, visitor.panel, number)
    db.execute(MARK, {"member": visitor.seat, "material": material.id, "at": visitor.now})


def has_read(db: Session, visitor: Visitor, material: Material) -> bool:
    """Return whether the visitor has marked the material as read."""
    return visitor.member is not None and db.get(Reading, (visitor.member, material.id)) is not None


def views(material: Material, visitor: Visitor) -> list[dict[str, Texts]]:
    """Return the material's views in the reader's own order, so that none always speaks first."""
    told = material.data.get("views", [])
    return [told[place] for place in shuffled(range(len(told)), visitor)]


def sides(material: Material, visitor: Visitor) -> list[str]:
    """Return for and against in the reader's own order, another one from material to material."""
    first = 2 * material.number
    return [SIDES[place - first] for place in shuffled((first, first + 1), visitor)]


MARK = text(
    "insert into readings (member_id, material_id, at) values (:member, :material, :at)"
    " on conflict (member_id, material_id) do nothing"
)
