"""A panel: its question and its promise, and the staff's work on them."""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from panels import history, organisation, people, phases, variants
from panels.database import Base, Session, now
from panels.database import Texts as Texts  # handed on: a panel's texts are the first that anybody meets
from panels.errors import ConflictError, NotFoundError, RefusedError
from panels.history import Act
from panels.permissions import Role
from panels.phases import ZONE as ZONE  # handed on, as a panel is known by its phases
from panels.phases import Phase as Phase
from panels.phases import PhaseName as PhaseName
from panels.phases import Stretch as Stretch
from panels.phases import midnight as midnight
from panels.variants import VariantState

TEXTS = ("title", "question", "promise", "not_decided", "owner", "organiser", "effort", "fee")
"""What staff write about a panel, in every language that is needed."""
SLUG = re.compile("[a-z0-9-]{3,40}")
TAKEN = ("new", "practice")  # words that stand where a panel's address does
SMALLEST = 5


class PanelKind(StrEnum):
    """What sort of panel it is; the words are in the templates."""

    RESIDENTS_PANEL = "residents_panel"
    SERVICE_USERS_PANEL = "service_users_panel"
    YOUTH_COUNCIL = "youth_council"
    OLDER_PEOPLES_COUNCIL = "older_peoples_council"
    DISABILITY_COUNCIL = "disability_council"
    CITIZENS_JURY = "citizens_jury"
    STATEMENT_ROUND = "statement_round"


SMALLEST_OF_KIND = {  # bodies whose members know one another, or whose matters are delicate
    PanelKind.SERVICE_USERS_PANEL: 10,
    PanelKind.YOUTH_COUNCIL: 10,
    PanelKind.OLDER_PEOPLES_COUNCIL: 10,
    PanelKind.DISABILITY_COUNCIL: 10,
}


def new_edition() -> int:
    """Return a number that no other state of any panel has."""
    return secrets.randbits(62)


Questions = list[dict[str, Any]]


def usual_questions() -> Questions:
    """Return the background questions of a panel that has not chosen others."""
    return [{"code": code} for code in ("age", "gender", "language", "education")]


class Panel(Base):
    """A group of residents asked about one matter."""

    __tablename__ = "panels"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    edition: Mapped[int] = mapped_column(BigInteger, default=new_edition)
    """Drawn anew whenever a text of the panel changes, so that what is cached names its state."""
    version: Mapped[int] = mapped_column(default=1)
    """Counts the edits of the panel itself, so that a form knows whether it is out of date."""
    kind: Mapped[PanelKind]
    title: Mapped[Texts] = mapped_column(JSON)
    question: Mapped[Texts] = mapped_column(JSON)
    promise: Mapped[Texts] = mapped_column(JSON, default=dict)
    not_decided: Mapped[Texts] = mapped_column(JSON, default=dict)
    owner: Mapped[Texts] = mapped_column(JSON, default=dict)
    """Who answers: the body that gave the promise."""
    organiser: Mapped[Texts] = mapped_column(JSON, default=dict)
    """Who runs the panel; empty for the organisation itself."""
    considered_on: Mapped[str] = mapped_column(default="")
    answers_by: Mapped[str] = mapped_column(default="")
    """Dates of the promise, written 2027-03-08; empty where not known."""
    record_number: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    effort: Mapped[Texts] = mapped_column(JSON, default=dict, server_default="{}")
    """How much time taking part needs, such as "three evenings"."""
    fee: Mapped[Texts] = mapped_column(JSON, default=dict, server_default="{}")
    """What is paid for taking part, its tax, and travel; empty if nothing is paid."""
    figures: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """People by step of the recruitment: invited, volunteered, selected, attended_all_meetings."""
    background: Mapped[Questions] = mapped_column(JSON, default=usual_questions, server_default="[]")
    """What members are asked about themselves, each with ``code`` and, if it is the panel's own, words."""
    admits_minors: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether people under 18 may be members: they are asked their birth year."""
    open_to_all: Mapped[bool] = mapped_column(default=False)
    """Whether anybody may join by e-mail; otherwise a code is needed."""
    guests: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether anybody may answer statements without an account."""
    smallest: Mapped[int] = mapped_column(default=SMALLEST)
    """The smallest group of people that may be told of (k)."""
    opened_at: Mapped[float | None]
    created_at: Mapped[float]
    phases: Mapped[list[Phase]] = relationship(order_by="Phase.starts_at", cascade="all, delete-orphan")


@dataclass(frozen=True)
class Draft:
    """All that the staff decide about a panel, as a form or a file brings it."""

    slug: str
    kind: PanelKind
    title: Texts
    question: Texts
    promise: Texts = field(default_factory=dict)
    not_decided: Texts = field(default_factory=dict)
    owner: Texts = field(default_factory=dict)
    organiser: Texts = field(default_factory=dict)
    considered_on: date | None = None
    answers_by: date | None = None
    record_number: str = ""
    contact: str = ""
    effort: Texts = field(default_factory=dict)
    fee: Texts = field(default_factory=dict)
    figures: Mapping[str, int] = field(default_factory=dict)
    open_to_all: bool = False
    guests: bool = False
    admits_minors: bool = False
    smallest: int = SMALLEST
    phases: Sequence[Stretch] = ()
    compared: bool = False
    """Whether somebody has compared the languages of each text, so that none of them is outdated."""


def get(db: Session, panel: int) -> Panel:
    """Return the panel with its phases. Raises NotFoundError."""
    found = db.get(Panel, panel)
    if found is None:
        raise NotFoundError(f"panel {panel}")
    return found


def by_slug(db: Session, slug: str) -> Panel:
    """Return the panel of the address. Raises NotFoundError."""
    found = db.scalars(select(Panel).where(Panel.slug == slug)).one_or_none()
    if found is None:
        raise NotFoundError(slug)
    return found


def coming(panel: Panel, at: float) -> Phase | None:
    """Return the next phase to start, or None."""
    return next((phase for phase in panel.phases if phase.starts_at > at), None)


def touch(panel: Panel) -> None:
    """Let everything that was kept in memory about the panel be read anew."""
    panel.edition = new_edition()


def create(db: Session, draft: Draft, *, creator: int | None) -> Panel:
    """Store a panel that is not open yet; the creator becomes its facilitator. Raises RefusedError."""
    check(db, draft)
    panel = Panel(created_at=now(db))
    write(panel, draft, organisation.current(db).language)
    db.add(panel)
    db.flush()
    if creator is not None:
        people.give_role(db, db.get_one(people.Person, creator), Role.FACILITATOR, panel=panel.id)
    note_plan(db, panel, {})
    return panel


def edit(db: Session, panel: int, draft: Draft, *, seen: int) -> Panel:
    """Store what the staff changed; ``seen`` is the version that their form showed.

    Raises RefusedError; ConflictError if somebody else has changed the panel meanwhile.
    """
    found = get(db, panel)
    if found.version != seen:
        raise ConflictError(f"panel {panel}")
    check(db, draft, found)
    if found.opened_at is not None:
        require_complete(db, draft)
    before = phases.plan(found.phases)
    texts = {name: getattr(found, name) for name in TEXTS}
    write(found, draft, organisation.current(db).language)
    found.version += 1
    touch(found)
    note_plan(db, found, before)
    for name in TEXTS:
        if getattr(found, name) != texts[name]:
            note_text(db, found, f"panel.{name}")
    return found


def open_panel(db: Session, panel: int) -> Panel:
    """Let people see and join the panel from now on. Raises RefusedError while something is missing."""
    found = get(db, panel)
    require_complete(db, found)
    if found.opened_at is None:
        found.opened_at = now(db)
        touch(found)
        history.append(db, found.id, Act.PANEL_OPENED, at=found.opened_at)
    return found


def note_text(db: Session, panel: Panel, place: str) -> None:
    """Write into the history that a text of a panel that is open was changed, such as ``panel.promise``."""
    db.flush()
    if panel.opened_at is not None:
        history.append(db, panel.id, Act.TEXT_CHANGED, {"text": place}, at=now(db))


def note_plan(db: Session, panel: Panel, before: dict[str, str]) -> None:
    """Write the plan into the history if it differs from what it was before."""
    plan = phases.plan(panel.phases)
    if plan != before:
        history.append(db, panel.id, Act.PLAN_SET, plan, at=now(db))


def missing(db: Session, panel: Panel | Draft) -> list[str]:
    """Return what the panel still needs before it may open: ``no_promise``, ``not_translated``, …"""
    lacks = {
        "no_promise": not (panel.promise and panel.owner and panel.answers_by),
        "not_translated": any(untranslated(db, panel)),
        "no_vote_phase": all(phase.name is not PhaseName.VOTE for phase in panel.phases),
    }
    return [code for code, lacking in lacks.items() if lacking]


def untranslated(db: Session, panel: Panel | Draft) -> Iterator[str]:
    """Yield each text that is missing or outdated in a language that is needed: ``effort-sv``."""
    source, needed = organisation.current(db).language, organisation.needed(db)
    for name in TEXTS:
        texts = getattr(panel, name)
        states = variants.states(texts, needed, source) if texts else {}
        for language in needed:
            if states.get(language, VariantState.CURRENT) is not VariantState.CURRENT:
                yield f"{name}-{language}"


def require_complete(db: Session, panel: Panel | Draft) -> None:
    """Raise RefusedError if the panel lacks what an open one must have."""
    fields = {"no_promise": "promise", "no_vote_phase": "phases"}
    for code in missing(db, panel):
        raise RefusedError(code, fields.get(code) or next(untranslated(db, panel)))


def check(db: Session, draft: Draft, before: Panel | None = None) -> None:
    """Raise RefusedError for the first rule that the draft breaks; ``before`` is the panel as it stands."""
    check_slug(db, draft.slug, before)
    for name, texts in (("title", draft.title), ("question", draft.question)):
        for language in organisation.needed(db):
            if not texts.get(language):
                raise RefusedError("missing", f"{name}-{language}")
    least = SMALLEST_OF_KIND.get(draft.kind, SMALLEST)
    if before and before.opened_at:
        least = max(least, before.smallest)
    if draft.smallest < least:
        raise RefusedError("too_small_a_group", "smallest", least=least)
    phases.check(draft.phases)


def check_slug(db: Session, slug: str, before: Panel | None) -> None:
    """Raise RefusedError unless the panel may have this address; an open one keeps what its letters bear."""
    if not SLUG.fullmatch(slug):
        raise RefusedError("not_a_slug", "slug")
    if before and before.opened_at and slug != before.slug:
        raise RefusedError("slug_stays", "slug")
    holder = db.scalar(select(Panel.id).where(Panel.slug == slug))
    if slug in TAKEN or (holder is not None and (before is None or holder != before.id)):
        raise RefusedError("slug_taken", "slug")


def write(panel: Panel, draft: Draft, source: str) -> None:
    """Put the draft into the row; a phase that stays keeps its row, a variant what it was made of."""
    for name in TEXTS:
        before, texts = getattr(panel, name), getattr(draft, name)
        setattr(panel, name, variants.renewed(before, texts, source, compared=draft.compared))
    for name in ("slug", "kind", "record_number", "contact"):
        setattr(panel, name, getattr(draft, name))
    for name in ("open_to_all", "guests", "admits_minors", "smallest"):
        setattr(panel, name, getattr(draft, name))
    panel.figures = dict(draft.figures)
    panel.considered_on = draft.considered_on.isoformat() if draft.considered_on else ""
    panel.answers_by = draft.answers_by.isoformat() if draft.answers_by else ""
    stored = {phase.name: phase for phase in panel.phases}
    kept = []
    for stretch in draft.phases:
        phase = stored.get(stretch.name) or Phase(name=stretch.name)
        phase.title, phase.starts_at, phase.ends_at = stretch.title, stretch.starts_at, stretch.ends_at
        kept.append(phase)
    panel.phases = sorted(kept, key=lambda phase: phase.starts_at)
