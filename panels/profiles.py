"""Background questions: what a panel asks its members about themselves, and what they told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from panels.database import Base, Session, Texts
from panels.errors import RefusedError
from panels.panels import Panel


class Feature(StrEnum):
    """What most panels ask; the words are in the templates."""

    AGE = "age"
    GENDER = "gender"
    AREA = "area"
    LANGUAGE = "language"
    EDUCATION = "education"


OPTIONS: dict[str, tuple[str, ...]] = {
    Feature.AGE: ("15-29", "30-44", "45-64", "65-74", "75+"),
    Feature.GENDER: ("woman", "man", "other"),
    Feature.LANGUAGE: ("fi", "sv", "other"),
    Feature.EDUCATION: ("basic", "secondary", "higher"),
}
CHILDREN = "0-14"
"""The age that only panels with minors have."""
UNTOLD = "untold"
"""The answer of somebody who would rather not say."""


@dataclass(frozen=True)
class Question:
    """One question; areas and a panel's own questions have words of their own, their options are numbered."""

    code: str
    values: Sequence[str]
    title: Texts = field(default_factory=dict)
    options: Sequence[Texts] = ()


class Background(Base):
    """What one member told to one question."""

    __tablename__ = "backgrounds"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[str]


def asked(panel: Panel) -> list[Question]:
    """Return the questions of the panel in their order."""
    found = []
    for told in panel.background:
        code, options = told["code"], told.get("options", [])
        values = OPTIONS.get(code) or tuple(str(number) for number in range(1, len(options) + 1))
        if code == Feature.AGE and panel.admits_minors:
            values = (CHILDREN, *values)
        found.append(Question(code, values, told.get("title", {}), options))
    return found


def told(db: Session, member: int) -> dict[str, str]:
    """Return the member's answers by question."""
    rows = db.execute(select(Background.question, Background.answer).where(Background.member_id == member))
    return {row.question: row.answer for row in rows}


def tell(db: Session, member: int, question: Question, answer: str) -> None:
    """Store the member's answer in place of an earlier one. Raises RefusedError."""
    if answer not in (*question.values, UNTOLD):
        raise RefusedError("not_an_option", "answer")
    db.merge(Background(member_id=member, question=question.code, answer=answer))
    db.flush()


def forget(db: Session, member: int) -> None:
    """Delete all that the member told."""
    db.execute(delete(Background).where(Background.member_id == member))
