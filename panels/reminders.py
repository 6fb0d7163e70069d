"""Reminders: how many members have acted in a panel, and a word to those who have not."""

from typing import NamedTuple

from sqlalchemy import func, select, text

from panels.database import Session
from panels.digests import BY_MAIL, PAUSE, SILENT
from panels.errors import RefusedError
from panels.members import Visitor
from panels.notices import Event, Notice
from panels.panels import PhaseName

HOUR = 3600


class Progress(NamedTuple):
    """How many members have come how far. It counts who acted, never how: so the counts are exact."""

    members: int
    """All who have a seat, but for those who declined or left."""
    joined: int
    agreed: int
    """Those who said that they take part."""
    answered: int
    answered_all: int


class Silent(NamedTuple):
    """How many who have not answered get a reminder now: by mail, or on the list of letters."""

    by_mail: int
    by_letter: int


def count(db: Session, panel: int) -> Progress:
    """Return how far the panel's members are; guests are nobody's to remind, and not counted."""
    return Progress(*db.execute(PROGRESS, {"panel": panel}).one())


def silent(db: Session, visitor: Visitor) -> Silent:
    """Return whom a reminder would reach now; nobody unless voting is open."""
    return Silent(*db.execute(COUNT_SILENT, moments(visitor)).one())


def pause_ends(db: Session, visitor: Visitor) -> float | None:
    """Return from when on the panel's members may be reminded again; None if that is now."""
    last = select(func.max(Notice.at)).where(Notice.panel_id == visitor.panel)
    at = db.execute(last.where(Notice.event == Event.REMINDED)).scalar_one()
    return None if at is None or at <= visitor.now - PAUSE else at + PAUSE


def remind(db: Session, visitor: Visitor) -> int:
    """Leave a reminder to all who have not answered; return how many they are.

    Raises ClosedError; RefusedError: ``reminded_lately``.
    """
    visitor.require(PhaseName.VOTE)
    if again := pause_ends(db, visitor):
        raise RefusedError("reminded_lately", "remind", hours=-int((visitor.now - again) // HOUR))
    reached = db.execute(REMIND, moments(visitor)).rowcount  # type: ignore[attr-defined]
    return int(reached)


def moments(visitor: Visitor) -> dict[str, float]:
    """Return the values of the queries for who has not answered in the visitor's panel."""
    return {"panel": visitor.panel, "at": visitor.now, "pause": visitor.now - PAUSE}


PROGRESS = text(
    "select count(*), count(case when person_id is not null or answered > 0 then 1 end),"
    " count(case when agreed or answered > 0 then 1 end), count(case when answered > 0 then 1 end),"
    " count(case when answered >= asked and answered > 0 then 1 end) from (select members.person_id,"
    " takes_part and person_id is not null as agreed,"
    " (select count(*) from votes join statements on statements.id = statement_id"
    " where member_id = members.id and choice is not null and state = 'published') as answered,"
    " (select count(*) from statements where panel_id = :panel and state = 'published') as asked"
    " from members where panel_id = :panel and kind <> 'guest' and left_at is null"
    " and (takes_part is null or takes_part)) as seats"
)
HERE = f"{SILENT} and panels.id = :panel"
COUNT_SILENT = text(
    f"select count(case when {BY_MAIL} then 1 end), count(case when not ({BY_MAIL}) then 1 end) {HERE}"
)
REMIND = text(
    "insert into notices (person_id, panel_id, event, about, at)"
    f" select people.id, members.panel_id, 'reminded', phases.id, :at {HERE}"
    " on conflict (person_id, panel_id, event, about) where told_on is null and letter_id is null"
    " do update set at = excluded.at"
)
