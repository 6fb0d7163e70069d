"""The check of understanding: a few questions with explained answers, and what reading changed."""

from collections.abc import Container, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import JSON, ForeignKey, update
from sqlalchemy.orm import Mapped, mapped_column

from panels import materials, members, organisation, panels, variants
from panels.database import Base, Session, Texts
from panels.errors import ConflictError, RefusedError
from panels.members import Visitor
from panels.panels import Panel

MOST = 3  # questions of a panel
OPTIONS = (2, 3)  # the fewest and the most of a question


class Quiz(Base):
    """A panel's questions, and how many people answered them before and after reading; never who."""

    __tablename__ = "quizzes"

    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """As the fields of Question."""
    people_before: Mapped[int] = mapped_column(default=0)
    right_before: Mapped[int] = mapped_column(default=0)
    """Right answers of all these people together."""
    people_after: Mapped[int] = mapped_column(default=0)
    right_after: Mapped[int] = mapped_column(default=0)


@dataclass(frozen=True)
class Question:
    """A question, its options, which of them is right, counted from 0, and why."""

    question: Texts
    options: list[Texts]
    correct: int
    why: Texts


@dataclass(frozen=True)
class Change:
    """Shares of right answers in whole per cent, and how many people gave them."""

    before: int
    people_before: int
    after: int
    people_after: int


def of(db: Session, panel: int) -> Quiz | None:
    """Return the panel's quiz, None without one."""
    return db.get(Quiz, panel)


def save(db: Session, panel: int, questions: Sequence[Question], *, seen: int) -> None:
    """Store the panel's questions, none to have no quiz; ``seen`` is the form's version, 0 without a quiz.

    What is stored is counted anew. Raises RefusedError; ConflictError if somebody else was faster.
    """
    check(db, questions)
    found, source = of(db, panel), organisation.current(db).language
    if (found.version if found else 0) != seen:
        raise ConflictError(f"quiz of {panel}")
    before = found.questions if found else []
    stored = variants.renewed(before, [asdict(one) for one in questions], source, compared=False)
    if found:
        db.delete(found)
        db.flush()
    if questions:
        db.add(Quiz(panel_id=panel, version=seen + 1, questions=stored))
        db.flush()


def check(db: Session, questions: Sequence[Question]) -> None:
    """Raise RefusedError for the first question that lacks a language, an option or its right one."""
    needed = organisation.needed(db)
    for number, one in enumerate(questions, start=1):
        texts = {"question": one.question, "why": one.why}
        places = range(max(OPTIONS[0], len(one.options)))
        texts |= {f"option{n + 1}": one.options[n] if n < len(one.options) else {} for n in places}
        for name, text in texts.items():
            for language in needed:
                if not text.get(language):
                    raise RefusedError("missing", f"q{number}-{name}-{language}")
        if not 0 <= one.correct < len(one.options):
            raise RefusedError("not_an_option", f"q{number}-correct")


def answer(db: Session, visitor: Visitor, chosen: Sequence[int | None], *, counted: Container[str]) -> str:
    """Count a member's answers to all questions, as right ones before or after reading, and forget them.

    ``counted`` are the moments at which this reader has been counted. Returns the moment; empty if the
    answers are not counted: one is missing, they come twice, or voting has ended.
    """
    quiz, moment = of(db, visitor.panel), stage(db, visitor)
    if quiz is None or None in chosen or len(chosen) != len(quiz.questions) or moment in counted:
        return ""
    if visitor.member is None or visitor.now >= members.takes_part_until(panels.get(db, visitor.panel)):
        return ""
    right = sum(pick == one["correct"] for pick, one in zip(chosen, quiz.questions, strict=True))
    people, rights = getattr(Quiz, f"people_{moment}"), getattr(Quiz, f"right_{moment}")
    own = update(Quiz).where(Quiz.panel_id == visitor.panel)
    db.execute(own.values({people: people + 1, rights: rights + right}))
    return moment


def stage(db: Session, visitor: Visitor) -> str:
    """Return whether the visitor answers ``before`` or ``after`` having read every material."""
    listed = materials.listed(db, visitor.panel, visitor.member)
    return "after" if listed and all(one.read for one in listed) else "before"


def change(db: Session, panel: Panel) -> Change | None:
    """Return what reading changed, None until enough people have answered before and after it."""
    quiz = of(db, panel.id)
    if quiz is None or min(quiz.people_before, quiz.people_after) < panel.smallest:
        return None
    return Change(
        percent(quiz.right_before, quiz.people_before * len(quiz.questions)),
        quiz.people_before,
        percent(quiz.right_after, quiz.people_after * len(quiz.questions)),
        quiz.people_after,
    )


def percent(part: int, whole: int) -> int:
    """Return the share in whole per cent, half rounded up."""
    return (200 * part + whole) // (2 * whole)
