"""Who belongs to a panel, and who stands at its door."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import (
    ForeignKey,
    UniqueConstraint,
    and_,
    bindparam,
    case,
    literal,
    null,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from panels import history, panels, people
from panels.database import NOW, Base, Prepared, Session, Texts, now
from panels.errors import ClosedError, NotFoundError
from panels.history import Act
from panels.login import IDLE, IDLE_SHARED, Login, LoginRequest, hashed
from panels.panels import Panel, Phase, PhaseName
from panels.people import Person, StaffRole
from panels.permissions import Permission, Role, may

NO_SEAT = -1  # nothing is stored of it


class MemberKind(StrEnum):
    """How a seat came to be."""

    DRAWN = "drawn"
    OPEN = "open"
    GUEST = "guest"


class Reach(StrEnum):
    """How somebody wants to hear of a panel."""

    EMAIL = "email"
    LETTER = "letter"
    TELEPHONE = "telephone"


class Member(Base):
    """A seat in one panel. Its person is empty while only a code on paper knows it, and after they left."""

    __tablename__ = "members"
    __table_args__ = (UniqueConstraint("panel_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[MemberKind]
    takes_part: Mapped[bool | None] = mapped_column(default=True, server_default=true())
    """Whether the person takes part; empty from joining until they have decided."""
    channel: Mapped[Reach | None]
    """How the member wants to hear of the panel; empty if they have not chosen."""
    reach: Mapped[str] = mapped_column(default="", server_default="")
    """The telephone number or postal address for it, if the member told one."""
    birth_year: Mapped[int | None]
    """Asked only in panels that admit minors."""
    created_at: Mapped[float]
    left_at: Mapped[float | None]


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
    offered: int | None = None
    """The seat of somebody who has not decided to take part, or decided not to; ``member`` is empty then."""

    @property
    def roles(self) -> tuple[Role, ...]:
        """The visitor's roles here: the seat's, the staff role, or that of an outsider."""
        seat = () if self.kind is None else (Role.GUEST if self.kind is MemberKind.GUEST else Role.RESIDENT,)
        return (*seat, *((self.staff,) if self.staff else ())) or (Role.OUTSIDER,)

    def require(self, phase: PhaseName) -> None:
        """Raise ClosedError unless the panel is open and in ``phase``."""
        if self.phase is not phase or self.opened_at is None:
            raise ClosedError(phase)

    def seen_as(self, role: Role) -> "Visitor":
        """Return a stand-in who holds nothing but the role, so that staff see the pages as its holders do."""
        resident = role is Role.RESIDENT
        seat = (NO_SEAT, MemberKind.DRAWN) if resident else (None, None)
        alone = self._replace(staff=None if resident else role, member=seat[0], kind=seat[1], offered=None)
        return alone._replace(opened_at=self.opened_at or self.now)

    @property
    def seat(self) -> int:
        """The visitor's seat; for pages whose permission nobody has without one."""
        assert self.member is not None, "the page's permission lets people without a seat in"
        return self.member


HERE = and_(
    Login.token_hash == bindparam("token"),
    Login.ends_at > NOW,
    or_(Login.guest, Login.seen_at > NOW - case((Login.shared, float(IDLE_SHARED)), else_=float(IDLE))),
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
TAKES_PART = Member.takes_part.is_(True)
SEATED = (
    case((TAKES_PART, Member.id)),
    case((TAKES_PART, Member.kind)),
    case((TAKES_PART, null()), else_=Member.id),
)
DOOR = (
    select(NOW, Login.id, Login.seen_at, Person.id, Person.keys, ROLE_HERE)
    .add_columns(*PANEL, Phase.name, Phase.ends_at, *SEATED)
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
    .add_columns(*PANEL, Phase.name, Phase.ends_at, *SEATED)
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


OPEN, HELD = Prepared(DOOR), Prepared(HELD_DOOR)
ROLES = {role.value: role for role in Role}
PHASES = {phase.value: phase for phase in PhaseName}
KINDS = {kind.value: kind for kind in MemberKind}


def arrive(db: Session, slug: str, token: str, *, hold: bool) -> Visitor:
    """Return who comes to the panel with the cookie's token, in one query; ``hold`` keeps its phase.

    Raises NotFoundError.
    """
    door = HELD if hold else OPEN
    row = door.execute(db, slug=slug, token=hashed(token)).one_or_none()
    if row is None:
        raise NotFoundError(slug)
    phase, kind = PHASES.get(row[12]), KINDS.get(row[15])
    typed = (*row[:5], ROLES.get(row[5]), *row[6:11], bool(row[11]), phase, *row[13:15], kind, row[16])
    return Visitor._make(typed)


def arrive_as(db: Session, slug: str, person: int) -> Visitor:
    """Return the person as a visitor of the panel, to act without a browser. Raises NotFoundError."""
    row = db.connection().execute(KNOWN, {"slug": slug, "person": person}).one_or_none()
    if row is None:
        raise NotFoundError(slug)
    return Visitor._make(row)


def enter(db: Session, token: str) -> Visitor:
    """Return who comes with the cookie's token to a page outside any panel."""
    return Visitor(*db.connection().execute(HALL, {"token": hashed(token)}).one())


def take_seat(
    db: Session, panel: int, person: int, kind: MemberKind, *, takes_part: bool | None = True
) -> int:
    """Return the person's seat in the panel: a new one of that kind if there is none or it was a guest's."""
    place, at = {"panel": panel, "person": person}, now(db)
    before = db.execute(SEAT_OF, place).one_or_none()
    db.execute(SIT_DOWN, {**place, "kind": kind.value, "takes_part": takes_part, "at": at})
    seat, held = db.execute(SEAT_OF, place).one()
    if before is None or before.kind != held:
        act = Act.SEAT_CHANGED if before else Act.SEAT_MADE
        history.append(db, panel, act, {"kind": held, "seats": 1}, at=at, seat=seat)
    return int(seat)


def takes_part_until(panel: Panel) -> float:
    """Return the moment from which nobody takes part any more: the end of voting, else of the last phase."""
    ends = {phase.name: phase.ends_at for phase in panel.phases}
    return ends.get(PhaseName.VOTE, max(ends.values(), default=0.0))


def may_join(panel: Panel, at: float) -> bool:
    """Return whether anybody may take a seat in the panel now."""
    return panel.opened_at is not None and panel.open_to_all and at < takes_part_until(panel)


def join(db: Session, visitor: Visitor) -> int:
    """Return the seat that somebody signed in has or takes in an open panel. Raises ClosedError."""
    assert visitor.person is not None, "only who is signed in joins without a mail"
    held = visitor.member or visitor.offered
    if held is not None and visitor.kind is not MemberKind.GUEST:
        return held
    if not may_join(panels.get(db, visitor.panel), visitor.now):
        raise ClosedError(visitor.slug)
    return take_seat(db, visitor.panel, visitor.person, MemberKind.OPEN, takes_part=None)


def welcome(db: Session, at: float, request: LoginRequest) -> Person:
    """Return whom the mail link lets in: with the address they added, with a seat in the panel they join.

    Raises ClosedError if somebody new comes when the panel may no longer be joined.
    """
    person = people.by_email(db, request.email)
    if person is None and request.person_id is not None:
        person = db.get_one(Person, request.person_id)
        person.email = request.email
        db.execute(END_CODES, {"person": person.id, "at": at})
    if request.panel_id is not None and may_join(panels.get(db, request.panel_id), at):
        person = person or people.ensure(db, request.email, language=request.language)
        take_seat(db, request.panel_id, person.id, MemberKind.OPEN, takes_part=None)
    if person is None:
        raise ClosedError(f"panel {request.panel_id}")
    request.person_id = person.id
    db.flush()
    return person


def choose_channel(db: Session, seat: int, channel: Reach, reach: str) -> None:
    """Store how the member wants to hear of the panel, with the number or address if they told one."""
    found = db.get_one(Member, seat)
    found.channel, found.reach = channel, reach
    db.flush()


def voters(db: Session, panel: int) -> int:
    """Return how many members have answered at least one statement."""
    return int(db.execute(VOTERS, {"panel": panel}).scalar_one())


@dataclass(frozen=True)
class Place:
    """A panel in which a person has a seat or works, newest first among the person's places."""

    slug: str
    title: Texts
    kind: MemberKind | None
    role: Role | None

    @property
    def has_desk(self) -> bool:
        """Whether the person's role has work at the panel's desk."""
        return self.role is not None and may([self.role], Permission.WORK)


def places(db: Session, person: int) -> list[Place]:
    """Return the panels of the person."""
    rows = db.execute(PLACES, {"person": person})
    return [Place(*row) for row in rows]


SIT_DOWN = text(
    "insert into members (panel_id, person_id, kind, takes_part, created_at)"
    " values (:panel, :person, :kind, :takes_part, :at)"
    " on conflict (panel_id, person_id) do update set kind = excluded.kind, takes_part = excluded.takes_part"
    " where members.kind = 'guest'"
)
SEAT_OF = text("select id, kind from members where panel_id = :panel and person_id = :person")
# Who has an e-mail address needs no code on paper any more; a code that lies about could be found.
END_CODES = text(
    "update codes set used_at = :at where used_at is null"
    " and member_id in (select id from members where person_id = :person)"
)
VOTERS = text(
    "select count(*) from members where panel_id = :panel and exists"
    " (select 1 from votes where votes.member_id = members.id and votes.choice is not null)"
)
PLACES = (
    select(Panel.slug, Panel.title, Member.kind, StaffRole.role)
    .outerjoin(Member, and_(Member.panel_id == Panel.id, Member.person_id == bindparam("person")))
    .outerjoin(StaffRole, and_(StaffRole.panel_id == Panel.id, StaffRole.person_id == bindparam("person")))
    .where(or_(Member.id.is_not(None), StaffRole.id.is_not(None)))
    .order_by(Panel.id.desc())
)
