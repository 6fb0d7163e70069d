"""Snapshots: what a computation found, kept as it was printed. Every reader reads these, never the votes."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, and_, bindparam, delete, func, insert, or_, select
from sqlalchemy.orm import Mapped, mapped_column, undefer

from panels import history, notices
from panels.database import NOW, Base, Session, now
from panels.errors import NotFoundError
from panels.history import Act
from panels.members import Visitor
from panels.notices import Event
from panels.panels import Panel, Phase, PhaseName, Texts
from panels.statements import State as TextState
from panels.statements import Statement, Vote
from panels.verify_history import digest

REST = 20.0  # seconds between two snapshots of a panel
DAY = 24 * 60 * 60.0  # how long after the last vote the sweep still looks at a panel

Printed = dict[str, Any]
"""JSON of printed figures, made by ``panels/findings.py``."""


class Snapshot(Base):
    """One whole result. Only the time of its publication is ever added."""

    __tablename__ = "snapshots"
    __table_args__ = (Index("snapshots_of_panel", "panel_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    made_at: Mapped[float]
    published_at: Mapped[float | None]
    votes: Mapped[int]
    """With ``versions`` and ``edition`` the state of the panel from which it was computed."""
    versions: Mapped[int] = mapped_column(BigInteger)
    edition: Mapped[int] = mapped_column(BigInteger)
    voters: Mapped[int]
    groups: Mapped[Printed] = mapped_column(JSON)
    """Verdict, groups, map."""
    masked: Mapped[Printed] = mapped_column(JSON, deferred=True)
    """What may be published of each statement."""
    rough: Mapped[Printed] = mapped_column(JSON, deferred=True)
    """The same while voting goes on: multiples of k, rounded down."""
    frozen: Mapped[Printed] = mapped_column(JSON, deferred=True)
    """The rough counts by statement id, each with the time since when it stands."""


class Place(Base):
    """Where a member stood in the panel's newest snapshot; shown to nobody else."""

    __tablename__ = "places"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshots.id"), index=True)
    letter: Mapped[str | None]
    confidence: Mapped[float]
    """Share of repeated computations that put the member into the same group."""
    x: Mapped[float]
    y: Mapped[float]
    """In the drawing of the map."""


class State(NamedTuple):
    """What tells whether a snapshot is out of date: any vote or any visible text changes it."""

    votes: int
    versions: int
    edition: int


@dataclass(frozen=True)
class Outcome:
    """What a computation hands back; everything but ``places`` is printed as it stands."""

    state: State
    at: float
    voters: int
    groups: Printed
    masked: Printed
    rough: Printed
    frozen: Printed
    places: list[Printed]


@dataclass(frozen=True)
class Rough:
    """A statement's counts while voting goes on: multiples of ``k``, rounded down; 0 is "fewer than k"."""

    k: int
    n: int
    agree: int
    disagree: int
    passes: int


class Wording(NamedTuple):
    """The words of a statement as they stand now: a text hidden later is gone from every page."""

    id: int
    texts: Texts
    language: str


VISIBLE = and_(Statement.panel_id == bindparam("panel"), Statement.state == TextState.PUBLISHED)
OF_PANEL = (
    select(Snapshot).where(Snapshot.panel_id == bindparam("panel")).order_by(Snapshot.id.desc()).limit(1)
)
PUBLISHED = OF_PANEL.where(Snapshot.published_at.is_not(None))
WORDS = select(Statement.number, Statement.id, Statement.texts, Statement.language).where(VISIBLE)
CAST = select(func.count(), func.coalesce(func.sum(Vote.version), 0)).join(Statement).where(VISIBLE)
LATEST = select(func.max(Snapshot.id).label("id")).group_by(Snapshot.panel_id).subquery()
WATCHED = (
    select(Panel.id, Panel.edition, Snapshot.votes, Snapshot.versions, Snapshot.edition)
    .join(Phase, and_(Phase.panel_id == Panel.id, Phase.name == PhaseName.VOTE))
    .outerjoin(Snapshot, and_(Snapshot.panel_id == Panel.id, Snapshot.id.in_(select(LATEST.c.id))))
    .where(Panel.opened_at.is_not(None), Phase.starts_at <= NOW)
    .where(or_(Phase.ends_at > NOW - DAY, Snapshot.id.is_(None), Snapshot.edition != Panel.edition))
    .where(or_(Snapshot.id.is_(None), Snapshot.made_at <= NOW - REST, Snapshot.made_at > NOW))
    .order_by(Panel.id)
)


def newest(db: Session, panel: int, *, rough: bool = False) -> Snapshot | None:
    """Return the panel's newest snapshot, published or not; None before the first."""
    figures = Snapshot.rough if rough else Snapshot.masked
    return db.scalars(OF_PANEL.options(undefer(figures)), {"panel": panel}).one_or_none()


def published(db: Session, panel: int) -> Snapshot | None:
    """Return the panel's published snapshot, the latest if there are several."""
    return db.scalars(PUBLISHED.options(undefer(Snapshot.masked)), {"panel": panel}).one_or_none()


def place(db: Session, visitor: Visitor) -> Place | None:
    """Return where the visitor stands in the newest snapshot; None without a seat or with too few votes."""
    return db.get(Place, visitor.member) if visitor.member else None


def rough(db: Session, panel: int, statement: int) -> Rough | None:
    """Return what somebody who has answered may see of the statement during voting; None for nothing yet."""
    row = db.execute(
        select(Snapshot.frozen, Panel.smallest)
        .join(Panel)
        .where(Snapshot.panel_id == panel)
        .order_by(Snapshot.id.desc())
        .limit(1)
    ).one_or_none()
    found = row[0].get(str(statement)) if row else None
    return Rough(row[1], **found["all"]) if row and found else None


def wordings(db: Session, panel: int) -> dict[int, Wording]:
    """Return the words of the panel's visible statements by number."""
    return {row[0]: Wording._make(row[1:]) for row in db.execute(WORDS, {"panel": panel})}


def state(db: Session, panel: int) -> State:
    """Return what the panel's votes and texts are now. Raises NotFoundError."""
    found = db.get(Panel, panel)
    if found is None:
        raise NotFoundError(f"panel {panel}")
    votes, versions = db.execute(CAST, {"panel": panel}).one()
    return State(votes, versions, found.edition)


def stale(db: Session) -> list[int]:
    """Return the panels, open to votes, whose votes or texts differ from a snapshot older than REST."""
    return [
        panel
        for panel, edition, *kept in db.execute(WATCHED).all()
        if kept[2] != edition or tuple(db.execute(CAST, {"panel": panel}).one()) != tuple(kept[:2])
    ]


def store(db: Session, panel: int, outcome: Outcome) -> Snapshot:
    """Keep the outcome as the panel's newest snapshot; an older one goes unless it was published."""
    made = Snapshot(panel_id=panel, made_at=outcome.at, published_at=None, **outcome.state._asdict())
    made.voters, made.groups, made.masked = outcome.voters, outcome.groups, outcome.masked
    made.rough, made.frozen = outcome.rough, outcome.frozen
    db.add(made)
    db.flush()
    older = and_(Snapshot.panel_id == panel, Snapshot.id != made.id)
    db.execute(delete(Place).where(Place.snapshot_id.in_(select(Snapshot.id).where(older))))
    db.execute(delete(Snapshot).where(older, Snapshot.published_at.is_(None)))
    if outcome.places:
        db.execute(insert(Place), [{"snapshot_id": made.id, **row} for row in outcome.places])
    return made


def publish(db: Session, panel: int) -> Snapshot:
    """Publish the panel's newest snapshot and tell who follows it. Raises NotFoundError before the first."""
    found = newest(db, panel)
    if found is None:
        raise NotFoundError(f"snapshot of panel {panel}")
    found.published_at = now(db)
    db.flush()
    notices.tell_followers(db, Event.SUMMARY, found.id, panel=panel, at=found.published_at)
    figures = {"figures": digest(found.masked)}
    history.append(db, panel, Act.SUMMARY_PUBLISHED, figures, at=found.published_at)
    return found
