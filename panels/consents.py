"""What a member has agreed to: each thing apart, with the time and the version of the text they read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from panels import panels, profiles
from panels.database import Base, Session, now
from panels.errors import RefusedError
from panels.members import Member
from panels.notices import Follow
from panels.panels import ZONE, Panel

VERSION = "1"
"""Names the text of ``templates/members/consent.html`` and ``agreement``; another text gets another name."""
OF_AGE = 13
"""From this age on people agree for themselves."""


class ConsentKind(StrEnum):
    """One of the things that a member is asked to agree to."""

    TAKING_PART = "taking_part"
    GUARDIAN = "guardian"
    """Given by a child's guardian, and asked only where a child needs it."""
    BACKGROUND = "background"
    CONTACT = "contact"


class Consent(Base):
    """One answer to one question; nothing is overwritten, the newest answer holds."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    kind: Mapped[ConsentKind]
    given: Mapped[bool]
    """False for a decline and for what was withdrawn."""
    version: Mapped[str]
    at: Mapped[float]


@dataclass(frozen=True)
class Born:
    """When somebody was born: the year, and whether they have turned 13 if they do so this year."""

    year: int
    turned: bool = False


def needs_guardian(born: Born, at: float) -> bool:
    """Return whether somebody is so young that a guardian has to agree for them."""
    age = datetime.fromtimestamp(at, ZONE).year - born.year  # this year's birthday counted
    return age < OF_AGE or (age == OF_AGE and not born.turned)


def asked(panel: Panel) -> list[ConsentKind]:
    """Return what everybody in the panel is asked to agree to."""
    background = [ConsentKind.BACKGROUND] if panel.background else []
    return [ConsentKind.TAKING_PART, *background, ConsentKind.CONTACT]


def standing(db: Session, member: int) -> dict[ConsentKind, Consent]:
    """Return the newest answer of each kind that the member has been asked."""
    rows = db.scalars(select(Consent).where(Consent.member_id == member).order_by(Consent.id))
    return {row.kind: row for row in rows}


def is_given(db: Session, member: int, kind: ConsentKind) -> bool:
    """Return whether the member agrees to it now."""
    last = standing(db, member).get(kind)
    return last is not None and last.given


def agree(db: Session, member: int, given: Collection[ConsentKind], born: Born | None = None) -> None:
    """Store what the member said to each thing and let them take part. Raises RefusedError.

    What they left unticked is stored as not given; without taking part there is nothing to agree to.
    ``born`` is told in panels that admit minors: a child takes part only if a guardian agrees.
    """
    seat, kinds = db.get_one(Member, member), set(given)
    if ConsentKind.TAKING_PART not in kinds:
        raise RefusedError("no_consent", "taking_part")
    child = born is not None and needs_guardian(born, now(db))
    if child and ConsentKind.GUARDIAN not in kinds:
        raise RefusedError("no_guardian", "guardian")
    seat.birth_year = born.year if born else None
    if child:
        note(db, seat, ConsentKind.GUARDIAN, given=True)
    for kind in asked(panels.get(db, seat.panel_id)):
        note(db, seat, kind, given=kind in kinds)


def decline(db: Session, member: int) -> None:
    """Store that the member does not take part; all that they agreed to before ends with it."""
    seat, before = db.get_one(Member, member), standing(db, member)
    for kind in ConsentKind:
        if kind is ConsentKind.TAKING_PART or (kind in before and before[kind].given):
            note(db, seat, kind, given=False)


def change(db: Session, member: int, kind: ConsentKind, *, given: bool) -> None:
    """Take one consent back or give it again; without taking part, or a child's guardian, all of them end."""
    if given or kind in (ConsentKind.BACKGROUND, ConsentKind.CONTACT):
        note(db, db.get_one(Member, member), kind, given=given)
    else:
        decline(db, member)


def note(db: Session, seat: Member, kind: ConsentKind, *, given: bool) -> None:
    """Store one answer with its time and the version of the text, and let follow what follows from it."""
    db.add(Consent(member_id=seat.id, kind=kind, given=given, version=VERSION, at=now(db)))
    if kind is ConsentKind.TAKING_PART:
        seat.takes_part = given
    elif kind is ConsentKind.CONTACT:
        if seat.person_id is not None:
            db.merge(Follow(panel_id=seat.panel_id, person_id=seat.person_id, follows=given))
        if not given:
            seat.channel, seat.reach = None, ""
    elif kind is ConsentKind.BACKGROUND and not given:
        profiles.forget(db, seat.id)
    db.flush()
