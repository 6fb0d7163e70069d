"""Background questions: what a panel asks its members about themselves, and what they told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Select, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from panels import organisation, panels, variants
from panels.database import Base, Session, Texts
from panels.errors import ConflictError, RefusedError
from panels.members import Member
from panels.panels import Panel, Questions


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
OWN = 3  # questions that a panel may add to ours
CHOICES = (2, 12)  # options of a question with its own words, at least and at most
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


def own(panel: Panel) -> list[str]:
    """Return the codes of the panel's own questions, and after them those that new ones will have."""
    stored = [told["code"] for told in panel.background if told["code"] not in list(Feature)]
    free = (f"own{number}" for number in range(1, 2 * OWN + 1))
    return [*stored, *(code for code in free if code not in stored)][: max(OWN, len(stored))]


def choose(db: Session, panel: int, questions: Questions, *, seen: int) -> None:
    """Store what the panel asks from now on; ``seen`` is the panel's version that the form showed.

    What was told to a question that is asked no more is deleted. Raises RefusedError for options that are
    too few or too many, or fewer than have been chosen from; ConflictError if somebody else was faster.
    """
    found, source = panels.get(db, panel), organisation.current(db).language
    if found.version != seen:
        raise ConflictError(f"panel {panel}")
    before = {told["code"]: told for told in found.background}
    for one in questions:
        if "options" in one:
            check(one, before.get(one["code"], {}), answered(db, panel))
    found.background = [
        variants.renewed(before.get(one["code"], {}), one, source, compared=False) for one in questions
    ]
    dropped = Background.question.not_in([one["code"] for one in questions])
    db.execute(delete(Background).where(Background.member_id.in_(seats(panel)), dropped))
    found.version += 1
    panels.touch(found)
    db.flush()


def check(question: Mapping[str, Any], before: Mapping[str, Any], chosen_from: set[str]) -> None:
    """Raise RefusedError for options that a question must not have."""
    code, count, (least, most) = question["code"], len(question["options"]), CHOICES
    if not least <= count <= most:
        raise RefusedError("so_many_options", f"{code}-options", least=least, most=most)
    if code in chosen_from and count < len(before["options"]):
        raise RefusedError("chosen_from", f"{code}-options", count=len(before["options"]))


def seats(panel: int) -> Select[int]:
    """Return the query of the panel's seats."""
    return select(Member.id).where(Member.panel_id == panel)


def answered(db: Session, panel: int) -> set[str]:
    """Return the questions of which somebody has told something."""
    return set(
        db.scalars(select(Background.question).where(Background.member_id.in_(seats(panel))).distinct())
    )


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
