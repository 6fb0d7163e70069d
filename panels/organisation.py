"""The municipality itself: its name, its telephone number, its languages."""

from dataclasses import dataclass

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
    phone: str
    hours: Texts
    language: str
    bilingual: bool
    notice: Texts

    @property
    def needed(self) -> tuple[str, ...]:
        """The languages that every text of the organiser must have."""
        return ("fi", "sv") if self.bilingual else (self.language,)


UNNAMED = About(
    name={"fi": "Raati", "sv": "Raati", "en": "Raati"},
    phone="",
    hours={},
    language="fi",
    bilingual=True,
    notice={},
)


def current(db: Session) -> About:
    """Return what is known of the organisation; a plain one until it has been set up."""
    row = db.get(Organisation, 1)
    if row is None:
        return UNNAMED
    return About(row.name, row.phone, row.hours, row.language, row.bilingual, row.notice)
