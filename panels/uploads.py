"""Uploads: members and statements of a file, looked through first, then stored together and once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select

from panels import history, members, panels, people, statements, submissions
from panels.database import Session, Texts
from panels.errors import ClosedError, RefusedError
from panels.history import Act, Details
from panels.members import Member, MemberKind, Visitor
from panels.people import Person
from panels.statements import Origin, State, Statement, bare

Row = TypeVar("Row")
Refused = dict[int, RefusedError]
"""What is wrong with the rows of a file, by their numbers."""


@dataclass(frozen=True)
class Newcomer:
    """Somebody whom staff bring into a panel."""

    email: str
    name: str
    language: str


def refuse_twins(db: Session, visitor: Visitor, rows: Mapping[int, Texts]) -> Refused:
    """Return the statements that say the same as a visible one or as an earlier row."""
    known = {
        bare(words): card.number
        for card in statements.deck(db, visitor).cards.values()
        for words in card.texts.values()
    }
    refused: Refused = {}
    earlier: dict[str, int] = {}
    for row, texts in rows.items():
        for language, words in texts.items():
            if number := known.get(bare(words)):
                refused[row] = RefusedError("same_statement", language, number=number)
            elif earlier.setdefault(bare(words), row) != row:
                refused[row] = RefusedError("same_row", language, row=earlier[bare(words)])
    return refused


def refuse_members(db: Session, visitor: Visitor, rows: Mapping[int, Newcomer]) -> Refused:
    """Return the people who have a seat in the panel already, or stand in an earlier row."""
    seated = select(Person.email).join(Member, Member.person_id == Person.id)
    here = Member.panel_id == visitor.panel, Member.kind != MemberKind.GUEST
    known = set(db.scalars(seated.where(*here)))
    refused: Refused = {}
    earlier: dict[str, int] = {}
    for row, newcomer in rows.items():
        if newcomer.email in known:
            refused[row] = RefusedError("member_already", "email")
        elif earlier.setdefault(newcomer.email, row) != row:
            refused[row] = RefusedError("same_row", "email", row=earlier[newcomer.email])
    return refused


def add_statements(db: Session, visitor: Visitor, rows: Iterable[Texts], language: str, *, key: str) -> None:
    """Publish the organiser's statements, once for each form. Raises ClosedError, ConflictError."""

    def publish(texts: Texts) -> None:
        added = Statement(texts=texts, language=language, origin=Origin.SEED, theme={})
        added.decided_at, added.decided_by = visitor.now, visitor.person
        statements.store(db, visitor, added, State.PUBLISHED)
        told: Details = {"statement": added.number, "origin": added.origin.value}
        history.append(db, visitor.panel, Act.STATEMENT_PUBLISHED, told, at=visitor.now)

    add(db, visitor, rows, publish, key=key)


def add_members(db: Session, visitor: Visitor, rows: Iterable[Newcomer], *, key: str) -> None:
    """Give the people their seats, once for each form; whether they take part they say themselves.

    Whom we know keeps their own name and language. Raises ClosedError, ConflictError.
    """

    def seat(row: Newcomer) -> None:
        person = people.ensure(db, row.email, language=row.language, name=row.name)
        members.take_seat(db, visitor.panel, person.id, MemberKind.DRAWN, takes_part=None)

    add(db, visitor, rows, seat, key=key)


def add(
    db: Session, visitor: Visitor, rows: Iterable[Row], store: Callable[[Row], None], *, key: str
) -> None:
    """Store the rows unless the form was received before."""
    assert visitor.person is not None, "staff are signed in"
    panel, told = panels.get(db, visitor.panel), list(rows)
    if panel.phases and visitor.now >= members.takes_part_until(panel):
        raise ClosedError(visitor.slug)
    body = f"{visitor.panel} {told}"
    if not submissions.is_first(db, key=key, person=visitor.person, body=body, at=visitor.now):
        return
    for row in told:
        store(row)
    panels.touch(panel)
