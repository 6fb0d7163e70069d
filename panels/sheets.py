"""Sheets: staff enter the answers of a paper sheet or a call on the seat whose code they are given."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, select, text
from sqlalchemy.orm import Mapped, mapped_column

from panels import codes, consents, submissions
from panels.codes import Code, CodeKind
from panels.consents import ConsentKind
from panels.database import Base, Session
from panels.errors import NotFoundError, RefusedError
from panels.members import Member, Visitor
from panels.panels import PhaseName
from panels.people import Person
from panels.statements import Choice, Vote

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
    channel: Mapped[Channel]
    key: Mapped[str]
    answers: Mapped[int]
    before: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    at: Mapped[float]
    undone_at: Mapped[float | None]


@dataclass(frozen=True)
class Sheet:
    """What staff key: the proven code's id, how the answers came, and the answers by statement id."""

    code: int
    channel: Channel
    answers: Mapping[int, Choice]
    agreed: bool = False
    """Whether the person has agreed to take part, on the coupon or in the call."""


def enter(db: Session, visitor: Visitor, sheet: Sheet, *, key: str, language: str) -> None:
    """Store the sheet as the seat's newest answers; a retry of the same form counts once.

    Raises ClosedError; RefusedError for a code that opens no seat here, or for somebody who has not agreed.
    """
    visitor.require(PhaseName.VOTE)
    assert visitor.person is not None, "nobody works at the desk without a login"
    body = repr((sheet.code, sheet.channel, sorted(sheet.answers.items())))
    with submissions.once(db, key=key, person=visitor.person, body=body, at=visitor.now) as first:
        if first:
            store(db, visitor, sheet, seat_of(db, visitor, sheet, language), key)


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


def store(db: Session, visitor: Visitor, sheet: Sheet, seat: int, key: str) -> None:
    """Keep what is replaced, then write the answers."""
    db.execute(FORGET, {"before": visitor.now - UNDO})
    held = select(Vote).where(Vote.member_id == seat, Vote.statement_id.in_(sheet.answers))
    before = [{name: getattr(vote, name) for name in RESTORED} for vote in db.scalars(held)]
    entry = Entry(panel_id=visitor.panel, member_id=seat, agent_id=visitor.person, channel=sheet.channel)
    entry.key, entry.answers, entry.before, entry.at = key, len(sheet.answers), before, visitor.now
    db.add(entry)
    row = {
        "at": visitor.now,
        "member": seat,
        "key": key,
        "channel": sheet.channel.value,
        "agent": visitor.person,
    }
    answers = sheet.answers.items()
    db.execute(STORE, [{**row, "statement": id_, "choice": int(choice)} for id_, choice in answers])
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
)
FORGET = text("update desk_entries set before = '[]' where at <= :before")
