"""What a member has agreed to: each thing apart, with the time and the version of the text they read."""

from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from panels.database import Base, Session, now
from panels.errors import RefusedError
from panels.members import Member

VERSION = "1"
"""Names the text of ``templates/members/consent.html`` and ``agreement``; another text gets another name."""


class ConsentKind(StrEnum):
    """One of the things that a member is asked to agree to."""

    TAKING_PART = "taking_part"
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


def standing(db: Session, member: int) -> dict[ConsentKind, Consent]:
    """Return the newest answer of each kind that the member has been asked."""
    rows = db.scalars(select(Consent).where(Consent.member_id == member).order_by(Consent.id))
    return {row.kind: row for row in rows}


def agree(db: Session, member: int, given: Collection[ConsentKind]) -> None:
    """Store what the member said to each thing and let them take part. Raises RefusedError.

    What they left unticked is stored as not given; without taking part there is nothing to agree to.
    """
    if ConsentKind.TAKING_PART not in given:
        raise RefusedError("no_consent", "taking_part")
    for kind in ConsentKind:
        note(db, member, kind, given=kind in given)


def decline(db: Session, member: int) -> None:
    """Store that the member does not take part; all that they agreed to before ends with it."""
    before = standing(db, member)
    for kind in ConsentKind:
        if kind is ConsentKind.TAKING_PART or (kind in before and before[kind].given):
            note(db, member, kind, given=False)


def change(db: Session, member: int, kind: ConsentKind, *, given: bool) -> None:
    """Take one consent back or give it again; who withdraws from taking part withdraws from all."""
    if kind is ConsentKind.TAKING_PART and not given:
        decline(db, member)
    else:
        note(db, member, kind, given=given)


def note(db: Session, member: int, kind: ConsentKind, *, given: bool) -> None:
    """Store one answer with its time and the version of the text; taking part opens or closes the seat."""
    db.add(Consent(member_id=member, kind=kind, given=given, version=VERSION, at=now(db)))
    if kind is ConsentKind.TAKING_PART:
        db.get_one(Member, member).takes_part = given
    db.flush()
