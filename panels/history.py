"""The history of a panel: a line for each act of its staff and each change of its seats, chained by hashes.

A line tells when, what kind of act, and a hash of the details; the details and their salt stand apart, in an
opening that can be erased while the line stays. Neither ever holds a name, an address, the id of a person or
a seat, a code, free text, an answer, or a count of fewer people than may be told of. Votes write no line.

Phases open and close by the clock, which writes nothing: a plan's line tells the days, from the first to the
last, both included, and a phase is open in them unless a later line has set another plan.
"""

import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, and_, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from panels.database import Base, Session, next_number
from panels.verify_history import FIRST, canonical, commitment, digest, verify

Details = Mapping[str, str | int]


class Act(StrEnum):
    """What a line tells of: a closed list, so that nothing free is ever written."""

    PLAN_SET = "plan_set"
    PANEL_OPENED = "panel_opened"
    TEXT_CHANGED = "text_changed"
    ROLE_GIVEN = "role_given"
    ROLE_TAKEN = "role_taken"
    SEAT_MADE = "seat_made"
    SEAT_CHANGED = "seat_changed"
    SEAT_JOINED = "seat_joined"
    SEAT_LEFT = "seat_left"
    SEAT_ERASED = "seat_erased"
    STATEMENT_PUBLISHED = "statement_published"
    STATEMENT_SENT_BACK = "statement_sent_back"
    STATEMENT_EDITED = "statement_edited"
    STATEMENT_HIDDEN = "statement_hidden"
    STATEMENT_RESTORED = "statement_restored"
    STATEMENT_MERGED = "statement_merged"
    STATEMENT_SPLIT = "statement_split"
    REASON_PUBLISHED = "reason_published"
    REASON_SENT_BACK = "reason_sent_back"
    APPEAL_DECIDED = "appeal_decided"
    DECISION_UNDONE = "decision_undone"
    SUMMARY_PUBLISHED = "summary_published"


class HistoryLine(Base):
    """One act: what is hashed, as it was hashed. A line is never changed or deleted."""

    __tablename__ = "history_lines"

    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    previous: Mapped[str]
    at: Mapped[str]
    act: Mapped[str]
    """One of ``Act``; text, so that a line somebody has changed can still be read and told."""
    commitment: Mapped[str]

    @property
    def content(self) -> dict[str, str | int]:
        """The line as it is published and hashed."""
        return {
            "n": self.number,
            "prev": self.previous,
            "at": self.at,
            "act": self.act,
            "panel": self.panel_id,
            "c": self.commitment,
        }


class HistoryOpening(Base):
    """The details of a line and the salt that proves them."""

    __tablename__ = "history_openings"
    __table_args__ = (
        ForeignKeyConstraint(["panel_id", "number"], ["history_lines.panel_id", "history_lines.number"]),
    )

    panel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    salt: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    """The seat that the act is about: the opening goes with it."""


class Head(NamedTuple):
    """The last line of a history: whoever knows it sees any change of what stood there before."""

    number: int
    hash: str


LAST = (
    select(HistoryLine)
    .where(HistoryLine.panel_id == bindparam("panel"))
    .order_by(HistoryLine.number.desc())
    .limit(1)
)
OPENED = and_(HistoryOpening.panel_id == HistoryLine.panel_id, HistoryOpening.number == HistoryLine.number)
LINES = select(HistoryLine, HistoryOpening).outerjoin(HistoryOpening, OPENED)


def append(
    db: Session, panel: int, act: Act, details: Details | None = None, *, at: float, seat: int | None = None
) -> None:
    """Write the act's line, with the details that readers may see; call it last in the act's transaction.

    Who numbers a line holds the panel's count of lines until the commit, so that the next waits. The panel's
    own row is not locked: votes hold that one, and an act that came after another's would wait in a circle.
    ``seat`` is the seat that the act is about, if it is about one: the opening goes when its holder does.
    """
    db.flush()
    number, told = next_number(db, panel, "history"), dict(details or {})
    head = last(db, panel)
    salt = secrets.token_bytes(32)
    line = HistoryLine(panel_id=panel, number=number, previous=head.hash if head else FIRST, act=act.value)
    line.at = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%MZ")
    line.commitment = commitment(salt, told)
    db.add(line)
    db.flush()
    opening = HistoryOpening(panel_id=panel, number=number, salt=salt.hex(), details=told, member_id=seat)
    db.add(opening)
    db.flush()


def panels(db: Session) -> list[int]:
    """Return all panels, in an order that is always the same: so nobody waits for them in a circle."""
    return list(db.scalars(select(Base.metadata.tables["panels"].c.id).order_by("id")))


def last(db: Session, panel: int) -> Head | None:
    """Return the head of the panel's history, None before the first line."""
    line = db.scalar(LAST, {"panel": panel})
    return Head(line.number, digest(line.content)) if line else None


def newest(
    db: Session, panel: int, *, before: int | None, most: int
) -> list[tuple[HistoryLine, dict[str, Any] | None]]:
    """Return lines with their details, the newest first; only those ``before`` the number if one is given."""
    asked = LINES.where(HistoryLine.panel_id == panel).order_by(HistoryLine.number.desc()).limit(most)
    if before is not None:
        asked = asked.where(HistoryLine.number < before)
    return [(line, opening.details if opening else None) for line, opening in db.execute(asked)]


def written(db: Session, panel: int) -> Iterator[str]:
    """Yield the history as it is handed out and checked: a JSON object a line, its opening unless erased."""
    asked = LINES.where(HistoryLine.panel_id == panel).order_by(HistoryLine.number)
    for line, opening in db.execute(asked):
        row: dict[str, Any] = {"line": line.content}
        if opening:
            row |= {"salt": opening.salt, "details": opening.details}
        yield canonical(row).decode()


def first_fault(db: Session, panel: int) -> str:
    """Return what is wrong with the first bad line of the panel's history; nothing if all is well."""
    try:
        verify(written(db, panel), [])
    except ValueError as error:
        return str(error)
    return ""
