"""The desk: what waits for those who work on a panel, and what a new panel still lacks."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import Select, exists, func, or_, select

from panels import (
    appeals,
    jobs,
    letters,
    members,
    organisation,
    panels,
    statements,
    translations,
    variants,
)
from panels.codes import Code
from panels.database import Session
from panels.home import local_day
from panels.materials import Material
from panels.members import Member, MemberKind, Visitor
from panels.panels import Panel
from panels.reasons import VoteReason
from panels.statements import State, Statement
from panels.variants import VariantState

WORKING_DAYS = 1  # in which what residents write is published or sent back


@dataclass(frozen=True)
class Queue:
    """What waits for a decision, and by which day the oldest of it should have one."""

    count: int
    oldest: float | None
    due: date | None
    late: bool


@dataclass(frozen=True)
class Desk:
    """How things stand in a panel today."""

    statements: Queue
    reasons: Queue
    appeals: Queue
    letters: int
    """How many people wait for a letter."""
    lacking: int
    """How many texts miss a language that they must have, or have it outdated."""
    warnings: list[str]
    """What should be known before people vote: ``no_statements`` or ``none_published``."""
    seats: dict[MemberKind, int]
    voters: int
    answer_in: int | None
    """Days to the day of the promised answer, negative after it."""
    stuck: bool
    """Whether mails and summaries have waited long for the job runner."""


class Step(NamedTuple):
    """A part of setting up a panel; what is ``needed`` holds up its opening."""

    code: str
    done: bool
    needed: bool


def look(db: Session, visitor: Visitor, panel: Panel) -> Desk:
    """Return what the people who work on the panel have before them now."""
    at, due = visitor.now, WORKING_DAYS
    return Desk(
        statements=queue(db, Statement.waiting(panel.id), due, at),
        reasons=queue(db, VoteReason.waiting(panel.id), due, at),
        appeals=queue(db, appeals.waiting(panel.id), appeals.WORKING_DAYS, at),
        letters=letters.count_waiting(db, panel.id),
        lacking=lacking(db, panel.id),
        warnings=statements.warnings(db, panel.id),
        seats=seats(db, panel.id),
        voters=members.voters(db, panel.id),
        answer_in=(date.fromisoformat(panel.answers_by) - local_day(at)).days if panel.answers_by else None,
        stuck=jobs.are_stuck(db),
    )


def queue(db: Session, sent: Select[int, float], days: int, at: float) -> Queue:
    """Return how much was sent, and when the oldest should be decided: ``days`` working days later."""
    waiting = sent.subquery()
    counted = select(func.count(), func.min(waiting.c.sent_at)).select_from(waiting)
    count, oldest = db.execute(counted).one()
    due = appeals.answered_by(oldest, days) if count else None
    return Queue(count, oldest, due, late=due is not None and local_day(at) > due)


def lacking(db: Session, panel: int) -> int:
    """Return how many texts of the panel miss a needed language, or have it outdated."""
    needed = organisation.needed(db)
    return sum(
        any(
            variants.state(one.texts, language, one.source) is not VariantState.CURRENT for language in needed
        )
        for one in translations.everything(db, panel)
    )


def seats(db: Session, panel: int) -> dict[MemberKind, int]:
    """Return how many people take part, by how they came; a code that nobody used is nobody."""
    counted = select(Member.kind, func.count()).where(Member.panel_id == panel, Member.takes_part.is_(True))
    return {row[0]: row[1] for row in db.execute(counted.group_by(Member.kind))}


def steps(db: Session, panel: Panel) -> list[Step]:
    """Return what belongs to setting the panel up, in the order in which it is done."""
    lacks = panels.missing(db, panel)
    published = Statement.panel_id == panel.id, Statement.state == State.PUBLISHED
    ready = select(
        exists().where(*published),
        or_(exists().where(Code.panel_id == panel.id), exists().where(Member.panel_id == panel.id)),
        exists().where(Material.panel_id == panel.id),
    )
    has_statement, has_seat, has_material = db.execute(ready).one()
    return [
        Step("question", True, True),  # no panel is stored without one
        Step("promise", "no_promise" not in lacks, True),
        Step("languages", "not_translated" not in lacks, True),
        Step("phases", "no_vote_phase" not in lacks, True),
        Step("statements", bool(has_statement), False),
        Step("people", panel.open_to_all or panel.guests or bool(has_seat), False),
        Step("materials", bool(has_material), False),
    ]
