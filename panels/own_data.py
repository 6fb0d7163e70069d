"""What is stored about one person: told to them whole, taken out of a panel they leave, erased when they go.

The name of a column says whose its row is: ``person_id``, ``member_id`` or ``author_id`` make it the
person's own; any other that leads to them, such as ``decided_by``, tells what they did to somebody else's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, delete, exists, func, null, or_, select, update

from panels import history, jobs, panels, people
from panels.database import Base, Session, Texts, now
from panels.history import Act
from panels.jobs import Job
from panels.login import Login, LoginRequest
from panels.members import Member, takes_part_until
from panels.migrations import tables

TEXTS = ("comments", "vote_reasons", "amendments", "proposals", "statements")
"""What others read, replies first: it stays without a name, or goes if nobody has answered it."""
ANSWERS = ("backings", "important_statements", "vote_reasons", "votes")
"""What is counted: goes while the panel counts; after that it stays, on a seat that is nobody's."""
ASIDE = ("corrections",)
"""What staff did to a text, which is no answer: it goes with the text."""
KEPT = {*TEXTS, *ANSWERS, "members"}

SUBJECTS = {
    "panel_id": ("panels", "title"),
    "statement_id": ("statements", "texts"),
    "proposal_id": ("proposals", "title"),
    "material_id": ("materials", "title"),
}
"""Columns that tell what a row is about, and where the words of that stand."""

Row = dict[str, Any]
Rows = dict[str, list[Row]]


@dataclass(frozen=True)
class Marks:
    """By what the rows of a person are known."""

    person: int
    email: str | None
    seats: Sequence[int]
    logins: Sequence[int]
    requests: Sequence[int]


@dataclass(frozen=True)
class Written:
    """How many texts would go if their writer wants them removed, and how many have been answered."""

    alone: int
    answered: int


def of_person(db: Session, person: int) -> Rows:
    """Return every row that is the person's, by the name of its table."""
    marks, found = marks_of(db, person), {}
    for table in every_table():
        mine = own(table, marks)
        if mine is not None:
            rows = db.execute(select(table).where(mine).order_by(*table.primary_key)).mappings()
            found[table.name] = [dict(row) for row in rows]
    return {name: rows for name, rows in sorted(found.items()) if rows}


def subjects(db: Session, stored: Rows) -> dict[str, dict[int, Texts]]:
    """Return the words of what the rows are about, by the name of their column and by its value."""
    found: dict[str, dict[int, Texts]] = {}
    for column, (name, words) in SUBJECTS.items():
        ids = {row[column] for rows in stored.values() for row in rows if column in row}
        table = Base.metadata.tables[name]
        pairs = db.execute(select(table.c.id, table.c[words]).where(table.c.id.in_(ids)))
        found[column] = {row[0]: row[1] for row in pairs}
    found["member_id"] = {row["id"]: found["panel_id"][row["panel_id"]] for row in stored.get("members", [])}
    return found


def seat_in(db: Session, panel: int, person: int) -> Member | None:
    """Return the person's seat in the panel, decided or not; None if there is none."""
    return db.scalars(
        select(Member).where(Member.panel_id == panel, Member.person_id == person)
    ).one_or_none()


def seats_of(db: Session, person: int) -> list[Member]:
    """Return all seats of the person."""
    return list(db.scalars(select(Member).where(Member.person_id == person).order_by(Member.panel_id)))


def written_on(db: Session, seats: Sequence[Member]) -> Written:
    """Return how many texts were written on the seats."""
    ids, alone, total = [seat.id for seat in seats], 0, 0
    for table in texts():
        alone += len(db.scalars(unanswered(table, ids)).all())
        total += db.execute(select(func.count()).select_from(table).where(on_seats(table, ids))).scalar_one()
    return Written(alone, total - alone)


def leave(db: Session, seat: Member, *, remove: bool, act: Act = Act.SEAT_LEFT) -> None:
    """End the seat, kept in the totals as nobody's; ``remove`` takes its texts that nobody answered."""
    panel, at = panels.get(db, seat.panel_id), now(db)
    if remove:
        remove_texts(db, seat.id)
    kept = {*TEXTS, *ANSWERS} if takes_part_until(panel) <= at else {*TEXTS} - {*ANSWERS}
    for table in reversed(every_table()):
        if "member_id" in table.c and table.name not in kept:
            db.execute(delete(table).where(table.c.member_id == seat.id))
    seat.person_id, seat.left_at = None, at
    seat.channel, seat.reach, seat.birth_year = None, "", None
    panels.touch(panel)
    history.append(db, seat.panel_id, act, {"kind": seat.kind.value, "seats": 1}, at=at)


def erase(db: Session, person: int, *, remove: bool) -> None:
    """Forget the person: leave all panels, delete their other rows, take their name off the rest."""
    marks = marks_of(db, person)
    for seat in seats_of(db, person):
        leave(db, seat, remove=remove, act=Act.SEAT_ERASED)
    for role in people.roles_of(db, person):
        people.note_role(db, Act.ROLE_TAKEN, role)
    for table in reversed(every_table()):
        mine = own(table, marks)
        if mine is not None and table.name not in KEPT:
            db.execute(delete(table).where(mine))
        for column in pointers(table, "people"):
            if column.nullable:
                db.execute(update(table).where(column == person).values({column.name: None}))
    jobs.leave(db, "scrub")


def remove_texts(db: Session, seat: int) -> None:
    """Delete what was written on the seat and answered by nobody else."""
    for table in texts():
        gone = db.scalars(unanswered(table, [seat])).all()
        for child in every_table():
            for column in pointers(child, table.name):
                db.execute(delete(child).where(column.in_(gone)))
        db.execute(delete(table).where(table.c.id.in_(gone)))


def unanswered(table: Table, seats: Sequence[int]) -> Select[Any]:
    """Return the query of the seats' texts in the table to which no row of anybody else points."""
    query = select(table.c.id).where(on_seats(table, seats))
    if table.name == "amendments":  # what the proposal's author decided is an answer too
        query = query.where(table.c.decided_at.is_(None))
    for answers in every_table():
        if answers.name in ASIDE:
            continue
        for column in pointers(answers, table.name):
            other = answers.alias()
            query = query.where(~exists().where(other.c[column.name] == table.c.id, ~on_seats(other, seats)))
    return query


def on_seats(table: Any, seats: Sequence[int]) -> ColumnElement[bool]:
    """Return what tells the rows of the seats; one without a seat is somebody else's."""
    owner = table.c.get("author_id", table.c.get("member_id", null()))
    return func.coalesce(owner, 0).in_(seats)


def marks_of(db: Session, person: int) -> Marks:
    """Return by what the rows of the person are known. Raises NotFoundError."""
    email = people.get(db, person).email
    seats = [seat.id for seat in seats_of(db, person)]
    logins = db.scalars(select(Login.id).where(Login.person_id == person)).all()
    asked = or_(LoginRequest.person_id == person, LoginRequest.email == email)
    return Marks(person, email, seats, logins, db.scalars(select(LoginRequest.id).where(asked)).all())


def own(table: Table, marks: Marks) -> ColumnElement[bool] | None:
    """Return what tells the person's own rows of the table; None for one that holds nothing of anybody's."""
    if table.name == "people":
        return table.c.id == marks.person
    if table.name == "jobs":
        arguments = Job.arguments
        for_request = arguments["request"].as_integer().in_(marks.requests)
        return or_(arguments["person"].as_integer() == marks.person, for_request)
    known = {
        "person_id": [marks.person],
        "staff_id": [marks.person],
        "member_id": marks.seats,
        "author_id": marks.seats,
        "login_id": marks.logins,
        "email": [marks.email],
    }
    found = [table.c[name].in_(values) for name, values in known.items() if name in table.c]
    return or_(*found) if found else None


def pointers(table: Table, name: str) -> list[Column[Any]]:
    """Return the table's columns that point to rows of the table of that name."""
    return [key.parent for key in table.foreign_keys if key.column.table.name == name]


def texts() -> list[Table]:
    """Return the tables of texts, replies first."""
    every_table()
    return [Base.metadata.tables[name] for name in TEXTS]


@cache
def every_table() -> list[Table]:
    """Return all tables, each after those that it points to."""
    return list(tables().sorted_tables)
