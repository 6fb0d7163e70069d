"""Codes on paper: made in numbers for letters, proven outside the transaction, opening a seat inside it."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from panels import history, login, members, panels, signs
from panels.database import Base, Session, now
from panels.errors import RefusedError
from panels.history import Act, Details
from panels.login import MINUTE, TRIES, WrongCode
from panels.members import Member, MemberKind
from panels.people import Person

SELECTOR = 4  # signs by which a code is looked up
PLAIN_SALT = b"no such code has"  # 16 bytes: an unknown code costs the same time as a known one


class CodeKind(StrEnum):
    """What a code on paper opens: one registration, or the same seat again and again."""

    REGISTRATION = "registration"
    MEMBER = "member"


class Code(Base):
    """A code printed in a letter; only its first four signs are stored readably."""

    __tablename__ = "codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    kind: Mapped[CodeKind]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    selector: Mapped[str] = mapped_column(unique=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[float]
    used_at: Mapped[float | None]
    """When the registration was made; of a member's code, when an e-mail address took its place."""


@dataclass(frozen=True)
class Drawn:
    """A code that is not stored yet."""

    code: str
    salt: bytes
    hash: bytes


@dataclass(frozen=True)
class Stored:
    """What the database knows of the code that somebody typed: all that is needed to prove it."""

    id: int
    salt: bytes
    hash: bytes


def slow_hash(code: str, salt: bytes) -> bytes:
    """Return the code's hash; it takes tens of milliseconds, so never inside a transaction."""
    return hashlib.scrypt(code.encode(), salt=salt, n=2**14, r=8, p=1)


def draw(number: int) -> list[Drawn]:
    """Return that many new codes with different selectors; slow, so outside any transaction."""
    drawn: dict[str, Drawn] = {}
    while len(drawn) < number:
        code, salt = signs.draw(), secrets.token_bytes(16)
        if code[:SELECTOR] not in drawn:
            drawn[code[:SELECTOR]] = Drawn(code, salt, slow_hash(code, salt))
    return list(drawn.values())


def add(db: Session, panel: str, drawn: list[Drawn], kind: CodeKind) -> list[str]:
    """Store the codes for the panel of that slug, a member's with a new seat; return them as printed.

    A code whose selector another one has already is left out: draw again for it. Raises NotFoundError.
    """
    found, at = panels.by_slug(db, panel), now(db)
    taken = set(db.scalars(select(Code.selector)))
    fresh = [code for code in drawn if code.code[:SELECTOR] not in taken]
    for code in fresh:
        row = Code(panel_id=found.id, kind=kind, selector=code.code[:SELECTOR], created_at=at)
        row.salt, row.hash = code.salt, code.hash
        if kind is CodeKind.MEMBER:
            seat = Member(panel_id=found.id, kind=MemberKind.DRAWN, created_at=at)
            db.add(seat)
            db.flush()
            row.member_id = seat.id
        db.add(row)
    db.flush()
    if kind is CodeKind.MEMBER and fresh:
        made: Details = {"kind": MemberKind.DRAWN.value, "seats": len(fresh)}
        history.append(db, found.id, Act.SEAT_MADE, made, at=at)
    return [signs.grouped(code.code) for code in fresh]


def look_up(db: Session, code: str) -> Stored | None:
    """Return what is stored of the plain code's selector."""
    known = select(Code.id, Code.salt, Code.hash).where(Code.selector == code[:SELECTOR])
    row = db.execute(known).one_or_none()
    return None if row is None else Stored(*row)


def prove(code: str, stored: Stored | None) -> int | None:
    """Return the id of the code if it is the stored one; slow, and as slow for a code that nobody has."""
    found = slow_hash(code, stored.salt if stored else PLAIN_SALT)
    return stored.id if stored and hmac.compare_digest(found, stored.hash) else None


def check_limits(db: Session, at: float, *, browser: int | None, address_key: str) -> None:
    """Raise LimitError if this browser or address has typed too many wrong codes."""
    paper = WrongCode.email == ""
    limits = [(paper & (WrongCode.address_key == address_key), 10, 5 * MINUTE)]
    if browser is not None:
        limits.append((paper & (WrongCode.login_id == browser), TRIES, 5 * MINUTE))
    login.check(db, at, WrongCode.at, limits)


def open_seat(db: Session, at: float, code: int, *, language: str) -> tuple[int, str]:
    """Return the person and the panel's slug that the proven code opens.

    A registration code makes one seat, once; a member's code opens the same seat again and again.
    Raises RefusedError: ``code_used``, ``code_closed``.
    """
    row = db.scalars(select(Code).where(Code.id == code).with_for_update()).one()
    panel = panels.get(db, row.panel_id)
    if row.used_at is not None:
        raise RefusedError("code_used", "code")
    last = max((phase.ends_at for phase in panel.phases), default=0.0)
    if panel.opened_at is None or at >= last:
        raise RefusedError("code_closed", "code")
    seat = db.get_one(Member, row.member_id) if row.member_id else None
    person = seat.person_id if seat else None
    if person is None:
        person = register(db, row, seat, Person(language=language, created_at=at))
    return person, panel.slug


def opens_again(db: Session, seat: int | None) -> bool:
    """Return whether the seat's letter has a code that opens it again."""
    lasting = Code.kind == CodeKind.MEMBER, Code.used_at.is_(None)
    return db.scalars(select(Code.id).where(Code.member_id == seat, *lasting)).first() is not None


def register(db: Session, code: Code, seat: Member | None, person: Person) -> int:
    """Store the new person, who has no e-mail address, on the code's seat or on a new one."""
    db.add(person)
    db.flush()
    if seat is not None:
        seat.person_id, seat.takes_part = person.id, None
    else:
        code.used_at = person.created_at
        drawn, panel = MemberKind.DRAWN, code.panel_id
        code.member_id = members.take_seat(db, panel, person.id, drawn, takes_part=None)
    db.flush()
    return person.id
