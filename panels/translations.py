"""Translations: every text of a panel, wherever it stands, to be written side by side in all its variants."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from panels import materials, organisation, panels, quizzes, variants
from panels.database import Session, Texts
from panels.errors import ConflictError, NotFoundError, RefusedError
from panels.materials import Material
from panels.panels import Panel, Phase
from panels.quizzes import Quiz
from panels.statements import State, Statement

Row = Panel | Phase | Material | Quiz | Statement


@dataclass(frozen=True)
class Wording:
    """One text of a panel, under the part of the panel that it belongs to."""

    part: str
    place: str
    """The row, its column, and where in the column: ``material-3.data.options.0.title``."""
    row: Row
    texts: Texts
    source: str

    @property
    def is_fixed(self) -> bool:
        """Whether the text in its own language stays as it is: it is what people vote on."""
        return isinstance(self.row, Statement)

    @property
    def mark(self) -> str:
        """The mark of all variants, by which a form knows whether it is out of date."""
        return variants.mark(repr(sorted(self.texts.items())))


def everything(db: Session, panel: int) -> list[Wording]:
    """Return every text that readers of the panel meet in the organiser's words, and its statements."""
    language = organisation.current(db).language
    published = select(Statement).where(Statement.panel_id == panel, Statement.state == State.PUBLISHED)
    found, quiz = panels.get(db, panel), quizzes.of(db, panel)
    wordings = [*within("panel", found, panels.TEXTS, language)]
    wordings += within("background", found, ("background",), language)
    for phase in found.phases:
        wordings += within("phases", phase, ("title",), language)
    for material in materials.everything(db, panel):
        wordings += within(f"material-{material.number}", material, materials.TEXTS, language)
    if quiz:
        wordings += within("quiz", quiz, ("questions",), language)
    for statement in db.scalars(published.order_by(Statement.number)):
        wordings += within("statements", statement, ("texts",), statement.language)
    return wordings


def within(part: str, row: Row, columns: tuple[str, ...], source: str) -> Iterator[Wording]:
    """Yield the texts in the row's columns."""
    for column in columns:
        for place, texts in variants.found(getattr(row, column), f"{named(row)}.{column}"):
            yield Wording(part, place, row, texts, source)


def named(row: Row) -> str:
    """Return the name of the row within its panel: statement-12, phase-vote, quiz."""
    kind = type(row).__name__.lower()
    key = row.number if isinstance(row, Material | Statement) else row.name if isinstance(row, Phase) else ""
    return f"{kind}-{key}" if key else kind


def get(db: Session, panel: int, place: str) -> Wording:
    """Return the panel's text at the place. Raises NotFoundError."""
    for wording in everything(db, panel):
        if wording.place == place:
            return wording
    raise NotFoundError(place)


def save(db: Session, wording: Wording, texts: Texts, *, seen: str, compared: bool) -> None:
    """Store the variants of the text; ``seen`` is the mark of those that the form showed.

    Raises RefusedError; ConflictError if somebody else has changed the text meanwhile.
    """
    row, source = wording.row, wording.source
    if wording.mark != seen:
        raise ConflictError(wording.place)
    if wording.is_fixed:
        texts = texts | {source: wording.texts[source]}
    else:
        for language in organisation.needed(db):
            if not texts.get(language):
                raise RefusedError("missing", language)
    new = variants.written(wording.texts, texts, source, compared=compared)
    _, column, *place = wording.place.split(".")
    value = variants.replaced(getattr(row, column), place, new)
    if isinstance(row, Material) and column == "data":
        materials.check_sides(row.kind, value)
    setattr(row, column, value)
    panel = row if isinstance(row, Panel) else db.get_one(Panel, row.panel_id)
    holder = panel if isinstance(row, Phase) else row
    holder.version += 1
    panels.touch(panel)
    panels.note_text(db, panel, f"{named(row)}.{column}")
