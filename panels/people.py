"""People: whoever has logged in or holds a seat or a role."""

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column

from panels import history
from panels.database import Base, Session, now
from panels.errors import NotFoundError
from panels.history import Act
from panels.permissions import Role


class Person(Base):
    """Somebody whom Raati knows; without an e-mail address if they came by a code on paper."""

    __tablename__ = "people"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  a waiting mail finds its own person or none

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="fi")
    keys: Mapped[bool] = mapped_column(default=False)
    """Whether the keys 1, 2 and 3 answer a statement; only after the person switched them on."""
    created_at: Mapped[float]


class StaffRole(Base):
    """A role that a person holds in one panel, or in all of them if ``panel_id`` is empty."""

    __tablename__ = "staff_roles"
    __table_args__ = (
        UniqueConstraint("person_id", "panel_id"),
        Index(
            "one_role_everywhere",
            "person_id",
            unique=True,
            sqlite_where=text("panel_id is null"),
            postgresql_where=text("panel_id is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    panel_id: Mapped[int | None] = mapped_column(ForeignKey("panels.id"))
    role: Mapped[Role]


def get(db: Session, person: int) -> Person:
    """Return the person. Raises NotFoundError."""
    found = db.get(Person, person)
    if found is None:
        raise NotFoundError(f"person {person}")
    return found


def by_email(db: Session, email: str) -> Person | None:
    """Return the person with the address, or None."""
    return db.scalars(select(Person).where(Person.email == email.strip().lower())).one_or_none()


def ensure(db: Session, email: str, *, language: str = "fi", name: str = "") -> Person:
    """Return the person with the address, new if nobody has it."""
    found = by_email(db, email)
    if found is None:
        found = Person(email=email.strip().lower(), language=language, name=name, created_at=now(db))
        db.add(found)
        db.flush()
    return found


def give_role(db: Session, person: Person, role: Role, *, panel: int | None) -> None:
    """Give the person the role in the panel, or in all panels; it replaces the one held there before."""
    where = StaffRole.panel_id.is_(None) if panel is None else StaffRole.panel_id == panel
    held = db.scalars(select(StaffRole).where(StaffRole.person_id == person.id, where)).one_or_none()
    if held is None:
        db.add(StaffRole(person_id=person.id, panel_id=panel, role=role))
    elif held.role is role:
        return
    else:
        note_role(db, Act.ROLE_TAKEN, held)
        held.role = role
    note_role(db, Act.ROLE_GIVEN, StaffRole(panel_id=panel, role=role))


def note_role(db: Session, act: Act, held: StaffRole) -> None:
    """Write the role into the history of its panel, or of each panel if it is held in all of them."""
    here = [held.panel_id] if held.panel_id else history.panels(db)
    for panel in here:
        history.append(db, panel, act, {"role": held.role.value}, at=now(db))


def roles_of(db: Session, person: int) -> list[StaffRole]:
    """Return the roles that the person holds."""
    return list(db.scalars(select(StaffRole).where(StaffRole.person_id == person).order_by(StaffRole.id)))


def describe(db: Session, person: int, *, name: str, language: str) -> None:
    """Store the person's name, which may be empty, and the language of their mail."""
    found = get(db, person)
    found.name, found.language = name, language
    db.flush()


def switch_keys(db: Session, person: int, *, on: bool) -> None:
    """Let the keys 1, 2 and 3 answer statements for the person, or not."""
    get(db, person).keys = on
    db.flush()
