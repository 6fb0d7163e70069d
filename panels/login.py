"""Logins: which browser belongs to whom, and the one-time links that make one."""

import hashlib
import secrets

from sqlalchemy import ForeignKey, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from panels.database import Base, Session

IDLE, IDLE_SHARED = 30 * 60, 10 * 60  # seconds without a visit that end a login; on a shared computer
LONGEST = 12 * 60 * 60  # seconds after which any login ends
MOST = 5  # logins of one person at once


class Login(Base):
    """A browser; somebody's once ``person_id`` is set."""

    __tablename__ = "logins"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    staff_level: Mapped[int] = mapped_column(default=0)
    """How surely a member of staff was identified: 0 not, 1 by mail, 2 by a second factor."""
    shared: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[float]
    seen_at: Mapped[float]
    ends_at: Mapped[float]


class LoginRequest(Base):
    """A mail link that was asked for; its secret or its code makes one login."""

    __tablename__ = "login_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    login_id: Mapped[int | None] = mapped_column(ForeignKey("logins.id", ondelete="SET NULL"))
    """The browser that asked; empty for a link made on the command line."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    email: Mapped[str] = mapped_column(default="", index=True)
    panel_id: Mapped[int | None] = mapped_column(ForeignKey("panels.id"))
    """The open panel in which the link opens a seat."""
    language: Mapped[str]
    next: Mapped[str] = mapped_column(default="")
    address_key: Mapped[str] = mapped_column(default="", index=True)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[float]
    ends_at: Mapped[float]
    used_at: Mapped[float | None]


def hashed(token: str) -> bytes:
    """Return what is stored of a cookie's token or a link's secret."""
    return hashlib.sha256(token.encode()).digest()


def begin(db: Session, at: float, *, person: int | None, shared: bool = False) -> tuple[Login, str]:
    """Store a new login and return it with the token for the cookie; a person's oldest beyond MOST end."""
    token = secrets.token_urlsafe(32)
    level = 0 if person is None else 1
    login = Login(token_hash=hashed(token), person_id=person, staff_level=level, shared=shared)
    login.created_at, login.seen_at, login.ends_at = at, at, at + LONGEST
    db.add(login)
    db.flush()
    if person is not None:
        db.execute(TRIM, {"person": person, "most": MOST})
    return login, token


def note_seen(db: Session, login: int, at: float) -> None:
    """Keep when the browser was last seen."""
    db.execute(SEEN, {"login": login, "at": at})


SEEN = text("update logins set seen_at = :at where id = :login and seen_at < :at")
TRIM = text(
    "delete from logins where person_id = :person and id not in"
    " (select id from logins where person_id = :person order by id desc limit :most)"
)
