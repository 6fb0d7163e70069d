"""Logins: which browser belongs to whom, and the one-time links that make one."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, ForeignKey, LargeBinary, false, func, select, text, true, update
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from panels import jobs, people
from panels.database import Base, Session, now
from panels.errors import LimitError, NotFoundError
from panels.signs import grouped, plain, spelled

IDLE, IDLE_SHARED = 30 * 60, 10 * 60  # seconds without a visit that end a login; on a shared computer
LONGEST = 12 * 60 * 60  # seconds after which any login ends
MOST = 5  # logins of one person at once
LINK_LASTS = 30 * 60  # seconds; mail may be slow
TRIES = 5  # wrong codes that end a link
NEVER_REUSED = {"sqlite_autoincrement": True}  # a waiting mail must find its own request or none
MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60


class Login(Base):
    """A browser; somebody's once ``person_id`` is set."""

    __tablename__ = "logins"
    __table_args__ = NEVER_REUSED

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    staff_level: Mapped[int] = mapped_column(default=0)
    """How surely a member of staff was identified: 0 not, 1 by mail, 2 by a second factor."""
    shared: Mapped[bool] = mapped_column(default=False)
    guest: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether nothing else opens a guest's seat: it then ends with the panel, and never of idleness."""
    created_at: Mapped[float]
    seen_at: Mapped[float]
    ends_at: Mapped[float] = mapped_column(index=True)


class LoginRequest(Base):
    """A mail link that was asked for; its secret or its code makes one login.

    Neither is stored: both are computed from the nonce with the installation's secret, which the database
    does not hold. So the job that mails them can rebuild them, a copy of the database opens nothing, and no
    slow hash runs where everybody waits to write.
    """

    __tablename__ = "login_requests"
    __table_args__ = NEVER_REUSED

    id: Mapped[int] = mapped_column(primary_key=True)
    login_id: Mapped[int | None] = mapped_column(ForeignKey("logins.id", ondelete="SET NULL"), index=True)
    """The browser that asked; empty for a link made on the command line."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    email: Mapped[str] = mapped_column(index=True)
    panel_id: Mapped[int | None] = mapped_column(ForeignKey("panels.id"))
    """The open panel in which the link opens a seat."""
    language: Mapped[str]
    next: Mapped[str] = mapped_column(default="")
    address_key: Mapped[str] = mapped_column(default="", index=True)
    nonce: Mapped[bytes] = mapped_column(LargeBinary)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[float] = mapped_column(index=True)
    ends_at: Mapped[float]
    used_at: Mapped[float | None]

    def is_open(self, at: float) -> bool:
        """Return whether the link and its code still work."""
        return self.used_at is None and self.ends_at > at and self.tries < TRIES

    def secret(self, key: str) -> str:
        """Return the secret in the link."""
        return base64.urlsafe_b64encode(self.keyed(key, "link")).decode().rstrip("=")

    def code(self, key: str) -> str:
        """Return the code in the mail: eight signs."""
        return spelled(int.from_bytes(self.keyed(key, "code")[:5]), 8)

    def keyed(self, key: str, purpose: str) -> bytes:
        """Return 32 bytes that only the holder of the installation's secret can compute."""
        return hmac.digest(key.encode(), f"{purpose} {self.id} ".encode() + self.nonce, "sha256")

    def link(self, key: str) -> str:
        """Return the path of the page that the mail leads to."""
        return f"/{self.language}/login/{self.id}-{self.secret(key)}"


class WrongCode(Base):
    """A code that opened nothing; counted to slow down whoever guesses, forgotten after a day."""

    __tablename__ = "wrong_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    login_id: Mapped[int] = mapped_column(index=True)
    address_key: Mapped[str] = mapped_column(index=True)
    email: Mapped[str] = mapped_column(default="", index=True)
    """Whose mailed code was guessed at; empty for a code on paper."""
    at: Mapped[float] = mapped_column(index=True)


@dataclass(frozen=True)
class Wish:
    """What somebody who asks for a mail link gave, and from where."""

    email: str
    language: str
    login: int | None
    address_key: str
    panel: int | None = None
    next: str = ""
    person: int | None = None
    """Who asks, when somebody signed in adds an address to their details."""


def hashed(token: str) -> bytes:
    """Return what is stored of a cookie's token."""
    return hashlib.sha256(token.encode()).digest()


def begin(
    db: Session, at: float, *, person: int | None, shared: bool = False, until: float | None = None
) -> tuple[Login, str]:
    """Store a new login and return it with the token for the cookie; a person's oldest beyond MOST end.

    ``until`` makes it a guest's, which ends then.
    """
    token = secrets.token_urlsafe(32)
    level = 0 if person is None else 1
    login = Login(token_hash=hashed(token), person_id=person, staff_level=level, shared=shared)
    login.guest = until is not None
    login.created_at, login.seen_at, login.ends_at = at, at, until or at + LONGEST
    db.execute(ENDED, {"at": at})
    db.add(login)
    db.flush()
    if person is not None:
        db.execute(TRIM, {"person": person, "most": MOST})
    return login, token


def note_seen(db: Session, login: int, at: float) -> None:
    """Keep when the browser was last seen."""
    db.execute(SEEN, {"login": login, "at": at})


def end(db: Session, login: int) -> None:
    """End the login; its cookie opens nothing any more."""
    db.execute(END, {"login": login})


def of_person(db: Session, person: int, at: float) -> list[Login]:
    """Return the person's logins that still work, newest first."""
    rows = db.scalars(select(Login).where(Login.person_id == person, Login.ends_at > at).order_by(-Login.id))
    return [row for row in rows if row.guest or row.seen_at > at - (IDLE_SHARED if row.shared else IDLE)]


def ask(db: Session, at: float, wish: Wish) -> LoginRequest:
    """Store that a link was asked for and leave its mail. Raises LimitError.

    The work is the same whether or not somebody has the address, so nobody can find out who takes part.
    """
    for table in FORGET:
        db.execute(table, {"before": at - DAY})
    limits = [
        (LoginRequest.email == wish.email, 3, 15 * MINUTE),
        (LoginRequest.address_key == wish.address_key, 20, 15 * MINUTE),
        (true(), 500, HOUR),
    ]
    check(db, at, LoginRequest.created_at, limits)
    holder = people.by_email(db, wish.email)
    request = store(db, at, wish, holder.id if holder else wish.person)
    jobs.leave(db, "send_mail", template="login", request=request.id)
    return request


def store(db: Session, at: float, wish: Wish, person: int | None) -> LoginRequest:
    """Store a new request for a link that lasts LINK_LASTS."""
    request = LoginRequest(email=wish.email, person_id=person, panel_id=wish.panel, login_id=wish.login)
    request.language, request.next, request.address_key = wish.language, wish.next, wish.address_key
    request.nonce, request.created_at, request.ends_at = secrets.token_bytes(16), at, at + LINK_LASTS
    db.add(request)
    db.flush()
    return request


def check(
    db: Session,
    at: float,
    when: InstrumentedAttribute[float],
    limits: Iterable[tuple[ColumnElement[bool], int, int]],
) -> None:
    """Raise LimitError if there are too many rows: (whose, how many may be, in how many seconds)."""
    for whose, most, window in limits:
        counted = select(func.count(), func.min(when)).where(whose, when > at - window)
        number, oldest = db.execute(counted).one()
        if number >= most:
            raise LimitError(oldest + window - at)


def link_for(db: Session, email: str, *, key: str) -> tuple[str, str]:
    """Return a new link's path and its code, for a person whom Raati knows. Raises NotFoundError."""
    person = people.by_email(db, email)
    if person is None or person.email is None:
        raise NotFoundError(email)
    wish = Wish(email=person.email, language=person.language, login=None, address_key="")
    request = store(db, now(db), wish, person.id)
    return request.link(key), grouped(request.code(key))


def find(db: Session, link: str, *, key: str) -> LoginRequest | None:
    """Return the request of the link ``id-secret``, used or not; None if the secret is not its own."""
    number, _, secret = link.partition("-")
    request = db.get(LoginRequest, int(number))
    if request is None or not hmac.compare_digest(request.secret(key).encode(), secret.encode()):
        return None
    return request


def pending(db: Session, login: int | None) -> LoginRequest | None:
    """Return the newest request of the browser, used or not."""
    newest = select(LoginRequest).where(LoginRequest.login_id == login).order_by(-LoginRequest.id).limit(1)
    return None if login is None else db.scalars(newest).one_or_none()


def check_code_limits(db: Session, at: float, request: LoginRequest) -> None:
    """Raise LimitError if the codes mailed to this address were guessed at too often."""
    theirs = WrongCode.email == request.email
    check(db, at, WrongCode.at, [(theirs, TRIES, 5 * MINUTE), (theirs, 20, HOUR)])


def is_code(request: LoginRequest, typed: str, *, key: str) -> bool:
    """Return whether the typed code is the mailed one."""
    mailed = request.person_id is not None or request.panel_id is not None
    return hmac.compare_digest(request.code(key).encode(), plain(typed).encode()) and mailed


def miss(
    db: Session, at: float, *, login: int, address_key: str, request: LoginRequest | None = None
) -> None:
    """Count a wrong code; ``request`` is the mail that it was not in, None for a code on paper."""
    if request is not None:
        db.execute(TRY, {"request": request.id})
        db.refresh(request)
    email = request.email if request else ""
    db.add(WrongCode(login_id=login, address_key=address_key, email=email, at=at))
    db.flush()


def use(db: Session, at: float, request: LoginRequest) -> bool:
    """Use the request up; False if it was used, is too old or was guessed at too often."""
    is_open = (LoginRequest.used_at.is_(None), LoginRequest.ends_at > at, LoginRequest.tries < TRIES)
    changed = update(LoginRequest).where(LoginRequest.id == request.id, *is_open).values(used_at=at)
    used = bool(db.execute(changed).rowcount)  # type: ignore[attr-defined]
    db.refresh(request)
    return used


SEEN = text("update logins set seen_at = :at where id = :login and seen_at < :at")
END = text("delete from logins where id = :login")
ENDED = text("delete from logins where ends_at <= :at")
TRIM = text(
    "delete from logins where person_id = :person and id not in"
    " (select id from logins where person_id = :person order by id desc limit :most)"
)
TRY = text("update login_requests set tries = tries + 1 where id = :request")
FORGET = (
    text("delete from login_requests where created_at < :before"),
    text("delete from wrong_codes where at < :before"),
)
