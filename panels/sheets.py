"""Sheets: staff enter the answers of a paper sheet or a call on the seat whose code they are given.

A call or a visit counts at once. A paper sheet counts when it has been entered twice alike, or when whoever
enters it the second time has looked again at what differs. Answers hold from when they were given: those of
a sheet from the beginning of the day that is written on it, so that nothing newer is ever replaced by paper.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, select, text
from sqlalchemy.orm import Mapped, mapped_column

from panels import codes, consents, panels, statements, submissions
from panels.codes import Code, CodeKind
from panels.consents import ConsentKind
from panels.database import Base, Session
from panels.errors import NotFoundError, RefusedError
from panels.members import Member, Visitor
from panels.panels import PhaseName
from panels.people import Person
from panels.statements import Choice, Statement, Vote

UNDO = 10 * 60  # seconds in which an entry can be taken back


class Channel(StrEnum):
    """How answers that staff enter came to them."""

    PAPER = "paper"
    PHONE = "phone"
    DESK = "desk"


class Entry(Base):
    """Answers entered at once for one seat; ``before`` is what they replaced, while it can be undone."""

    __tablename__ = "desk_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    """Who entered them; nobody is shown the seat's answers for that."""
    first_agent_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    """Who entered the same paper sheet the first time."""
    channel: Mapped[Channel]
    key: Mapped[str]
    answers: Mapped[int]
    before: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    at: Mapped[float]
    undone_at: Mapped[float | None]


class Keying(Base):
    """A paper sheet entered once: it waits to be entered again, and counts nowhere until then."""

    __tablename__ = "keyings"

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), unique=True)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    day: Mapped[str]
    answers: Mapped[dict[str, int]] = mapped_column(JSON)
    at: Mapped[float]


@dataclass(frozen=True)
class Sheet:
    """What staff key: the proven code's id, how the answers came, and the answers by statement id."""

    code: int
    channel: Channel
    answers: Mapping[int, Choice]
    day: date | None = None
    """The day written on a paper sheet."""
    agreed: bool = False
    """Whether the person has agreed to take part, on the coupon or in the call."""
    alone: bool = False
    """Whether there is nobody else to enter the sheet the second time."""
    compared: frozenset[int | str] = field(default_factory=frozenset)
    """Of the ``differences`` of the two entries those for which the sheet was looked at again."""


def enter(db: Session, visitor: Visitor, sheet: Sheet, *, key: str, language: str) -> bool:
    """Store the sheet, and return whether its answers count now; a retry of the same form counts once.

    Raises ClosedError; RefusedError for a code that opens no seat here, for somebody who has not agreed, and
    for the second entry of a paper sheet by the same person (``keyed_by_you``) or otherwise than the first
    (``keyed_otherwise``, with the ``places`` that differ).
    """
    visitor.require(PhaseName.VOTE)
    assert visitor.person is not None, "nobody works at the desk without a login"
    given_at = given(db, visitor, sheet)
    body = repr((sheet.code, sheet.channel, sheet.day, sorted(sheet.answers.items())))
    with submissions.once(db, key=key, person=visitor.person, body=body, at=visitor.now) as first:
        if not first:
            return counts(db, visitor, key)
        seat, before = seat_of(db, visitor, sheet, language), None
        if sheet.channel is Channel.PAPER:
            before = db.scalars(select(Keying).where(Keying.member_id == seat)).one_or_none()
            if before is None:
                keep(db, visitor, sheet, seat)
                return False
            check(db, visitor, sheet, before)
            db.delete(before)
        entry = Entry(panel_id=visitor.panel, member_id=seat, agent_id=visitor.person, channel=sheet.channel)
        entry.key, entry.first_agent_id = key, before.agent_id if before else None
        store(db, visitor, entry, sheet.answers, given_at)
    return True


def given(db: Session, visitor: Visitor, sheet: Sheet) -> float:
    """Return when the answers were given. Raises RefusedError for a day on which nobody could answer."""
    if sheet.day is None:
        return visitor.now
    at, after = panels.midnight(sheet.day), panels.midnight(sheet.day + timedelta(days=1))
    phases = panels.get(db, visitor.panel).phases
    if at > visitor.now or not any(p.name is PhaseName.VOTE and p.starts_at < after for p in phases):
        raise RefusedError("no_answers_then", "day")
    return at


def counts(db: Session, visitor: Visitor, key: str) -> bool:
    """Return whether the form of that key made answers count."""
    entry = select(Entry.id).where(Entry.key == key, Entry.agent_id == visitor.person)
    return db.scalars(entry).first() is not None


def keep(db: Session, visitor: Visitor, sheet: Sheet, seat: int) -> None:
    """Keep a paper sheet that is entered for the first time."""
    answers = {str(statement): int(choice) for statement, choice in sheet.answers.items()}
    keying = Keying(panel_id=visitor.panel, member_id=seat, agent_id=visitor.person, answers=answers)
    keying.day, keying.at = str(sheet.day), visitor.now
    db.add(keying)
    db.flush()


def check(db: Session, visitor: Visitor, sheet: Sheet, before: Keying) -> None:
    """Raise RefusedError unless the sheet may count now that it is entered the second time."""
    if before.agent_id == visitor.person and not sheet.alone:
        raise RefusedError("keyed_by_you", "alone")
    found = differences(db, visitor, sheet, before)
    if not found <= sheet.compared:
        raise RefusedError("keyed_otherwise", "answers", places=found)


def differences(db: Session, visitor: Visitor, sheet: Sheet, before: Keying) -> set[int | str]:
    """Return the statements, by id, on which the two entries of a sheet differ, and "day" if that does."""
    visible = statements.deck(db, visitor).cards  # one may have been hidden between the entries
    first = {int(id_): choice for id_, choice in before.answers.items() if int(id_) in visible}
    found: set[int | str] = {
        statement
        for statement in first.keys() | sheet.answers.keys()
        if first.get(statement) != sheet.answers.get(statement)
    }
    return found | ({"day"} if before.day != str(sheet.day) else set())


def seat_of(db: Session, visitor: Visitor, sheet: Sheet, language: str) -> int:
    """Return the seat that the member's code opens in this panel, of somebody who has agreed to take part."""
    code = db.scalars(select(Code).where(Code.id == sheet.code).with_for_update()).one()
    if code.panel_id != visitor.panel or code.kind is not CodeKind.MEMBER:
        raise RefusedError("other_code", "code")
    if code.used_at is not None:
        raise RefusedError("code_used", "code")
    seat = db.get_one(Member, code.member_id)
    if seat.person_id is None:
        codes.register(db, code, seat, Person(language=language, created_at=visitor.now))
    if not seat.takes_part:
        if not sheet.agreed:
            raise RefusedError("not_agreed", "agreed")
        consents.agree(db, seat.id, {ConsentKind.TAKING_PART})
    return seat.id


def store(
    db: Session, visitor: Visitor, entry: Entry, answers: Mapping[int, Choice], given_at: float
) -> None:
    """Keep what is replaced, then write the answers that are not older than what is there."""
    db.execute(FORGET, {"before": visitor.now - UNDO})
    held = select(Vote).where(Vote.member_id == entry.member_id, Vote.statement_id.in_(answers))
    entry.before = [{name: getattr(vote, name) for name in RESTORED} for vote in db.scalars(held)]
    entry.answers, entry.at = len(answers), visitor.now
    db.add(entry)
    row = {"member": entry.member_id, "key": entry.key, "agent": entry.agent_id, "at": given_at}
    row["channel"] = entry.channel.value
    db.execute(STORE, [{**row, "statement": id_, "choice": int(choice)} for id_, choice in answers.items()])
    db.flush()


def undo(db: Session, visitor: Visitor, entry: int) -> None:
    """Bring back what the visitor's entry replaced, but for answers that have changed since.

    Raises ClosedError; NotFoundError for another's entry; RefusedError when it is too late.
    """
    visitor.require(PhaseName.VOTE)
    mine = Entry.agent_id == visitor.person, Entry.panel_id == visitor.panel
    found = db.scalars(select(Entry).where(Entry.id == entry, *mine).with_for_update()).one_or_none()
    if found is None:
        raise NotFoundError(f"entry {entry}")
    if found.undone_at is not None:
        return
    if visitor.now >= found.at + UNDO:
        raise RefusedError("entry_stays", "entries", minutes=UNDO // 60)
    written = select(Vote).where(Vote.member_id == found.member_id, Vote.key == found.key)
    before = {row["statement_id"]: row for row in found.before}
    for vote in db.scalars(written):
        old = before.get(vote.statement_id, {"choice": None})
        for name, value in old.items():
            setattr(vote, name, value)
        vote.version += 1
    found.undone_at, found.before = visitor.now, []
    db.flush()


def take_back(db: Session, visitor: Visitor, keying: int) -> None:
    """Forget a sheet that the visitor entered once; one that waits no more is left as it is.

    Raises NotFoundError for another's.
    """
    here = Keying.id == keying, Keying.panel_id == visitor.panel
    found = db.scalars(select(Keying).where(*here)).one_or_none()
    if found is not None:
        if found.agent_id != visitor.person:
            raise NotFoundError(f"keying {keying}")
        db.delete(found)
        db.flush()


def waiting(db: Session, visitor: Visitor) -> list[Keying]:
    """Return the panel's sheets that wait to be entered again, oldest first."""
    return list(db.scalars(select(Keying).where(Keying.panel_id == visitor.panel).order_by(Keying.id)))


def waiting_on(db: Session, statement: Statement) -> int:
    """Return how many sheets that wait to be entered again answer the statement."""
    kept = db.scalars(select(Keying.answers).where(Keying.panel_id == statement.panel_id))
    return sum(str(statement.id) in answers for answers in kept)


def recent(db: Session, visitor: Visitor) -> list[Entry]:
    """Return the visitor's entries that can still be undone, or were, newest first."""
    mine = Entry.agent_id == visitor.person, Entry.panel_id == visitor.panel
    newest = select(Entry).where(*mine, Entry.at > visitor.now - UNDO).order_by(Entry.id.desc())
    return list(db.scalars(newest))


RESTORED = ("statement_id", "choice", "channel", "agent_id", "at")
STORE = text(
    "insert into votes (member_id, statement_id, choice, version, key, channel, agent_id, at)"
    " values (:member, :statement, :choice, 1, :key, :channel, :agent, :at)"
    " on conflict (member_id, statement_id) do update"
    " set choice = excluded.choice, key = excluded.key, channel = excluded.channel,"
    " agent_id = excluded.agent_id, at = excluded.at, version = votes.version + 1"
    " where votes.at <= excluded.at"
)
FORGET = text("update desk_entries set before = '[]' where at <= :before")
