"""Who belongs to a panel, and who stands at its door."""

from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import (
    ForeignKey,
    LargeBinary,
    UniqueConstraint,
    and_,
    bindparam,
    case,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from panels.database import NOW, Base, Session
from panels.errors import ClosedError, NotFoundError
from panels.login import IDLE, IDLE_SHARED, Login, hashed
from panels.panels import Panel, Phase, PhaseName
from panels.people import Person, StaffRole
from panels.permissions import Role


class MemberKind(StrEnum):
    """How a seat came to be."""

    DRAWN = "drawn"
    OPEN = "open"
    GUEST = "guest"


class Member(Base):
    """A seat in one panel. Its person is empty while only a code on paper knows it."""

    __tablename__ = "members"
    __table_args__ = (UniqueConstraint("panel_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[MemberKind]
    created_at: Mapped[float]


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
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    selector: Mapped[str] = mapped_column(index=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[float]
    used_at: Mapped[float | None]


class Visitor(NamedTuple):
    """Who comes, and to which panel doing what: all that the gate needs. ``panel`` is 0 outside a panel."""

    now: float
    login: int | None
    seen_at: float | None
    person: int | None
    keys: bool | None
    staff: Role | None
    panel: int = 0
    edition: int = 0
    slug: str = ""
    smallest: int = 5
    opened_at: float | None = None
    open_to_all: bool = False
    phase: PhaseName | None = None
    phase_ends: float | None = None
    member: int | None = None
    kind: MemberKind | None = None

    @property
    def roles(self) -> tuple[Role, ...]:
        """The visitor's roles here: the seat's, the staff role, or that of an outsider."""
        seat = () if self.kind is None else (Role.GUEST if self.kind is MemberKind.GUEST else Role.RESIDENT,)
        return (*seat, *((self.staff,) if self.staff else ())) or (Role.OUTSIDER,)

    def require(self, phase: PhaseName) -> None:
        """Raise ClosedError unless the panel is open and in ``phase``."""
        if self.phase is not phase or self.opened_at is None:
            raise ClosedError(phase)

    @property
    def seat(self) -> int:
        """The visitor's seat; for pages whose permission nobody has without one."""
        assert self.member is not None, "the page's permission lets people without a seat in"
        return self.member


HERE = and_(
    Login.token_hash == bindparam("token"),
    Login.ends_at > NOW,
    Login.seen_at > NOW - case((Login.shared, float(IDLE_SHARED)), else_=float(IDLE)),
)
ROLE_HERE = (
    select(StaffRole.role)
    .where(
        StaffRole.person_id == Person.id, or_(StaffRole.panel_id == Panel.id, StaffRole.panel_id.is_(None))
    )
    .order_by(StaffRole.panel_id.is_(None))
    .limit(1)
    .correlate(Person, Panel)
    .scalar_subquery()
)
ROLE_EVERYWHERE = (
    select(StaffRole.role)
    .where(StaffRole.person_id == Person.id, StaffRole.panel_id.is_(None))
    .correlate(Person)
    .scalar_subquery()
)
PANEL = (Panel.id, Panel.edition, Panel.slug, Panel.smallest, Panel.opened_at, Panel.open_to_all)
PHASE_NOW = and_(Phase.panel_id == Panel.id, Phase.starts_at <= NOW, Phase.ends_at > NOW)
SEAT = and_(Member.panel_id == Panel.id, Member.person_id == Person.id)
DOOR = (
    select(NOW, Login.id, Login.seen_at, Person.id, Person.keys, ROLE_HERE)
    .add_columns(*PANEL, Phase.name, Phase.ends_at, Member.id, Member.kind)
    .select_from(Panel)
    .outerjoin(Phase, PHASE_NOW)
    .outerjoin(Login, HERE)
    .outerjoin(Person, Person.id == Login.person_id)
    .outerjoin(Member, SEAT)
    .where(Panel.slug == bindparam("slug"))
)
# On PostgreSQL the phases then cannot change before the commit; on SQLite nobody else writes meanwhile.
HELD_DOOR = DOOR.with_for_update(read=True, of=Panel)
KNOWN = (
    select(NOW, null(), null(), Person.id, Person.keys, ROLE_HERE)
    .add_columns(*PANEL, Phase.name, Phase.ends_at, Member.id, Member.kind)
    .select_from(Panel)
    .outerjoin(Phase, PHASE_NOW)
    .join(Person, Person.id == bindparam("person"))
    .outerjoin(Member, SEAT)
    .where(Panel.slug == bindparam("slug"))
)
ONE = select(literal(1).label("one")).subquery()
HALL = (
    select(NOW, Login.id, Login.seen_at, Person.id, Person.keys, ROLE_EVERYWHERE)
    .select_from(ONE)
    .outerjoin(Login, HERE)
    .outerjoin(Person, Person.id == Login.person_id)
)


def arrive(db: Session, slug: str, token: str, *, hold: bool) -> Visitor:
    """Return who comes to the panel with the cookie's token, in one query; hold its phase. Raises NotFoundError."""
    door = HELD_DOOR if hold else DOOR
    row = db.connection().execute(door, {"slug": slug, "token": hashed(token)}).one_or_none()
    if row is None:
        raise NotFoundError(slug)
    return Visitor._make(row)


def arrive_as(db: Session, slug: str, person: int) -> Visitor:
    """Return the person as a visitor of the panel, for commands that act for somebody. Raises NotFoundError."""
    row = db.connection().execute(KNOWN, {"slug": slug, "person": person}).one_or_none()
    if row is None:
        raise NotFoundError(slug)
    return Visitor._make(row)


def enter(db: Session, token: str) -> Visitor:
    """Return who comes with the cookie's token to a page outside any panel."""
    return Visitor(*db.connection().execute(HALL, {"token": hashed(token)}).one())
