"""The front page: which panels are open, which wait for an answer, which have ended."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, or_, select, text
from sqlalchemy.orm import selectinload

from panels.database import Session
from panels.members import takes_part_until
from panels.panels import ZONE, Panel, PhaseName
from panels.people import StaffRole
from panels.permissions import DRAFTS, P, Role, may

DEMO_PEOPLE = ("aino", "nils", "eero", "outi")
"""Whom one press on the demo page logs in as."""


@dataclass(frozen=True)
class Open:
    """A panel in which people take part, or soon will."""

    panel: Panel
    starts_at: float
    ends_at: float
    days: int
    """Days from today to the last day."""
    votes: bool
    """Whether statements are answered now."""
    answered: int
    """How many people have answered at least one statement."""


@dataclass(frozen=True)
class Awaited:
    """A panel whose answer was promised; ``days`` are left, or overdue if negative."""

    panel: Panel
    days: int


@dataclass(frozen=True)
class Front:
    """All that the front page lists, each in the order in which it presses."""

    open: list[Open]
    awaited: list[Awaited]
    ended: list[Panel]


def front(db: Session, at: float) -> Front:
    """Return the opened panels by where they stand."""
    opened = select(Panel).where(Panel.opened_at.is_not(None)).options(selectinload(Panel.phases))
    panels = list(db.scalars(opened.order_by(Panel.id.desc())))
    answered = {row.panel_id: row.voters for row in db.execute(VOTERS, {"at": at})}
    today = local_day(at)
    taking_part, awaited, ended = [], [], []
    for panel in panels:
        ends = takes_part_until(panel)
        if at < ends:
            voting = any(p.name is PhaseName.VOTE and p.starts_at <= at < p.ends_at for p in panel.phases)
            starts = min(phase.starts_at for phase in panel.phases)
            left = (local_day(ends - 1) - today).days
            taking_part.append(Open(panel, starts, ends, left, voting, answered.get(panel.id, 0)))
        elif panel.answers_by:
            awaited.append(Awaited(panel, (date.fromisoformat(panel.answers_by) - today).days))
        else:
            ended.append(panel)
    taking_part.sort(key=lambda item: (not item.votes, item.starts_at > at, item.ends_at))
    return Front(taking_part, sorted(awaited, key=lambda item: item.days), ended)


def workplaces(db: Session, person: int) -> list[Panel]:
    """Return the panels on which the person works, newest first; of all panels those not opened yet."""
    everywhere = and_(StaffRole.panel_id.is_(None), Panel.opened_at.is_(None))
    works = or_(StaffRole.panel_id == Panel.id, everywhere)
    rows = db.execute(
        select(Panel, StaffRole.role).join(StaffRole, works).where(StaffRole.person_id == person)
    )
    found = {panel.id: panel for panel, role in rows if sees_desk(panel, role)}
    return [found[panel] for panel in sorted(found, reverse=True)]


def sees_desk(panel: Panel, role: Role) -> bool:
    """Return whether the role has work at the panel's desk, and enters before the panel has opened."""
    return may([role], P.WORK) and (panel.opened_at is not None or any(may([role], p) for p in DRAFTS))


def local_day(moment: float) -> date:
    """Return the day in Finland."""
    return datetime.fromtimestamp(moment, ZONE).date()


def demo_address(name: str) -> str:
    """Return the e-mail address of one of the demo's people."""
    return f"{name}@kuuraniemi.example"


VOTERS = text(
    "select members.panel_id, count(*) as voters from members"
    " join phases on phases.panel_id = members.panel_id and phases.name = 'vote'"
    " where phases.ends_at > :at and exists"
    " (select 1 from votes where votes.member_id = members.id and votes.choice is not null)"
    " group by members.panel_id"
)
