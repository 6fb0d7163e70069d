"""The municipality itself: its name, its telephone number, its languages."""

from dataclasses import asdict, dataclass, field

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from panels.database import Base, Session, Texts


class Organisation(Base):
    """The municipality or wellbeing services county that runs this installation."""

    __tablename__ = "organisations"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Texts] = mapped_column(JSON)
    phone: Mapped[str]
    hours: Mapped[Texts] = mapped_column(JSON)
    language: Mapped[str]
    bilingual: Mapped[bool]
    notice: Mapped[Texts] = mapped_column(JSON, default=dict)
    """A sentence shown on every page, such as that a demo is fictional."""


@dataclass(frozen=True)
class About:
    """What pages show of the organisation."""

    name: Texts
    phone: str = ""
    hours: Texts = field(default_factory=dict)
    language: str = "fi"
    bilingual: bool = True
    notice: Texts = field(default_factory=dict)


UNNAMED = About(name={"fi": "Raati", "sv": "Raati", "en": "Raati"})


def current(db: Session) -> About:
    """Return what is known of the organisation; a plain one until it has been set up."""
    row = db.get(Organisation, 1)
    if row is None:
        return UNNAMED
    return About(row.name, row.phone, row.hours, row.language, row.bilingual, row.notice)


def save(db: Session, about: About) -> None:
    """Set the organisation up, or change what is known of it."""
    db.merge(Organisation(id=1, **asdict(about)))
    db.flush()


def needed(db: Session) -> tuple[str, ...]:
    """Return the languages that every text of the organisation must have."""
    about = current(db)
    return ("fi", "sv") if about.bilingual else (about.language,)
