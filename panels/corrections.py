"""Corrections: staff mend the wording of a statement before anybody else has answered it."""

from sqlalchemy import JSON, ForeignKey, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from panels import history, notices, panels, sheets, statements, variants
from panels.database import Base, Session, Texts
from panels.errors import ConflictError, NotFoundError, RefusedError
from panels.history import Act
from panels.members import Visitor
from panels.notices import Event
from panels.statements import State, Statement, Vote


class Correction(Base):
    """The words of a statement as they were before somebody mended them; readers may see them."""

    __tablename__ = "corrections"

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"), index=True)
    before: Mapped[Texts] = mapped_column(JSON)
    at: Mapped[float]
    corrected_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    statement: Mapped[Statement] = relationship()


def get(db: Session, panel: int, number: int) -> Statement:
    """Return the statement of that number if it is, or may yet be, among those to answer.

    Raises NotFoundError.
    """
    found = statements.get(db, panel, number)
    if found.state not in (State.WAITING, State.PUBLISHED):
        raise NotFoundError(f"statement {number} to correct")
    return found


def made(db: Session, statement: int) -> list[Correction]:
    """Return the corrections of the statement, the newest first."""
    asked = select(Correction).where(Correction.statement_id == statement)
    return list(db.scalars(asked.order_by(Correction.id.desc())))


def answered(db: Session, statement: Statement) -> int:
    """Return how many have answered the statement, on waiting sheets too, without its writer, who agreed."""
    others = Vote.statement_id == statement.id, Vote.member_id != func.coalesce(Statement.author_id, 0)
    votes = db.execute(select(func.count()).select_from(Vote).join(Statement).where(*others)).scalar_one()
    return votes + sheets.waiting_on(db, statement)


def correct(
    db: Session, visitor: Visitor, statement: Statement, texts: Texts, *, seen: int, compared: bool
) -> None:
    """Store the mended wording and tell the writer; the same wording again changes nothing.

    Its other languages and its easy variants are outdated by that, unless somebody ``compared`` them.
    Raises RefusedError once somebody has answered; ConflictError if it was changed since the form showed it.
    """
    panel = panels.get(db, visitor.panel)
    db.refresh(panel, with_for_update=True)  # a vote that is on its way is stored first, and counted
    db.refresh(statement)
    statements.check_lengths(texts, fields={})
    if said(statement.texts) == texts:
        return
    if statement.version != seen:
        raise ConflictError(f"statement {statement.number}")
    if answered(db, statement):
        raise RefusedError("answered_already", statement.language)
    cards = statements.deck(db, visitor).cards.values()
    statements.refuse_twin(texts, [card for card in cards if card.id != statement.id], [])
    correction = Correction(statement_id=statement.id, before=statement.texts, at=visitor.now)
    correction.corrected_by = visitor.person
    db.add(correction)
    statement.texts = variants.written(statement.texts, texts, statement.language, compared=compared)
    statement.version += 1
    panels.touch(panel)
    db.flush()
    notices.tell(db, Event.CORRECTED, correction.id, seat=statement.author_id, at=visitor.now)
    details = {"statement": statement.number}
    history.append(db, panel.id, Act.STATEMENT_EDITED, details, at=visitor.now)


def said(texts: Texts) -> Texts:
    """Return the text in its languages alone, without easy variants and marks."""
    return {language: words for language, words in texts.items() if len(language) == 2}
