"""Statements, their order, and the votes on them."""

import math
from collections.abc import Container, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from hashlib import blake2b
from typing import NamedTuple

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, bindparam, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from panels.database import Base, Session
from panels.errors import ConflictError, NotFoundError
from panels.members import Visitor
from panels.panels import PhaseName, Texts

OLDEST = 1.0  # seconds that the counts behind the order may lag


class Choice(IntEnum):
    """A vote on a statement. The numbers are those the analysis reads."""

    AGREE = 1
    PASS = 0
    DISAGREE = -1


class State(StrEnum):
    """Where a text stands on its way to the readers."""

    WAITING = "waiting"
    PUBLISHED = "published"
    SENT_BACK = "sent_back"
    MERGED = "merged"
    HIDDEN = "hidden"


class Origin(StrEnum):
    """Whether the organiser or a resident wrote the statement."""

    SEED = "seed"
    RESIDENT = "resident"


class Statement(Base):
    """A sentence that members agree with, disagree with or pass."""

    __tablename__ = "statements"
    __table_args__ = (UniqueConstraint("panel_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    number: Mapped[int]
    texts: Mapped[Texts] = mapped_column(JSON)
    language: Mapped[str]
    """The language it was written in; its other texts are translations."""
    origin: Mapped[Origin]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    theme: Mapped[Texts] = mapped_column(JSON, default=dict)
    state: Mapped[State]
    sent_at: Mapped[float]
    decided_at: Mapped[float | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(default="")
    """Why it was sent back, a code of the closed list in ``panels/moderation.py``."""
    message: Mapped[str] = mapped_column(default="")


class Vote(Base):
    """A member's latest choice on a statement; an empty choice is one taken back."""

    __tablename__ = "votes"
    __table_args__ = (Index("votes_of_statement", "statement_id"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"), primary_key=True)
    choice: Mapped[int | None]
    version: Mapped[int]
    key: Mapped[str]
    channel: Mapped[str] = mapped_column(default="web")
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[float]


@dataclass(frozen=True)
class Card:
    """What a reader sees of a statement."""

    id: int
    number: int
    texts: Mapping[str, str]
    language: str
    origin: Origin


@dataclass(frozen=True)
class Weight:
    """How much a statement needs an answer, and the reason to give for it."""

    value: float
    reason: str


@dataclass(frozen=True)
class Deck:
    """A panel's visible statements and their weights by id, as of one edition, at most OLDEST old."""

    edition: int
    read_at: float
    cards: Mapping[int, Card]
    weights: Mapping[int, Weight]
    numbers: Mapping[int, int]

    def card(self, number: int) -> Card:
        """Return the statement of that number. Raises NotFoundError."""
        if number not in self.numbers:
            raise NotFoundError(f"statement {number}")
        return self.cards[self.numbers[number]]


class Answer(NamedTuple):
    """What a member has stored on a statement: an empty choice was taken back."""

    version: int
    choice: int | None
    at: float


class Answers(dict[int, Answer]):
    """A member's votes by statement id."""

    @property
    def given(self) -> set[int]:
        """The statements that have an answer which was not taken back."""
        return {statement for statement, answer in self.items() if answer.choice is not None}

    def version(self, statement: int) -> int:
        """Return the version that a form for the statement has to show, 0 for none."""
        return self[statement].version if statement in self else 0

    def choice(self, statement: int) -> int | None:
        """Return the choice on the statement, or None."""
        return self[statement].choice if statement in self else None


def weigh(counts: Mapping[int, tuple[int, int, int]]) -> dict[int, Weight]:
    """Return the weight of each statement, given its (agree, disagree, pass).

    fresh = ((mean + 5) / (n + 5))³ within [1/16, 16]; worth = 0.5 + 4·q·(1 − q)·(1 − p) with
    q = (agree + 2) / (agree + disagree + 4) and p = (pass + 1) / (n + 6); alike for agree and disagree.
    """
    mean = sum(map(sum, counts.values())) / max(len(counts), 1)
    weights = {}
    for statement, (agree, disagree, passed) in counts.items():
        votes = agree + disagree + passed
        fresh = min(max(((mean + 5) / (votes + 5)) ** 3, 1 / 16), 16)
        share = (agree + 2) / (agree + disagree + 4)
        worth = 0.5 + 4 * share * (1 - share) * (1 - (passed + 1) / (votes + 6))
        reason = "few" if fresh >= 2 else "clarify" if worth >= 1.2 else "chance"
        weights[statement] = Weight(fresh * worth, reason)
    return weights


def offer(weights: Mapping[int, Weight], answered: Container[int], *, key: str) -> int | None:
    """Return the next statement for the member of the key, or None when all are answered.

    The smallest −ln(u) / weight wins; u is fixed by key and statement, so a reload shows the same card.
    """

    def rank(statement: int) -> float:
        chance = (int.from_bytes(blake2b(f"{key}:{statement}".encode()).digest()[:8]) + 1) / (2**64 + 1)
        return -math.log(chance) / weights[statement].value

    return min((statement for statement in weights if statement not in answered), key=rank, default=None)


IN_PANEL = Statement.panel_id == bindparam("panel")
VISIBLE = Statement.state == State.PUBLISHED
CARDS = (
    select(Statement.id, Statement.number, Statement.texts, Statement.language, Statement.origin)
    .where(IN_PANEL, VISIBLE)
    .order_by(Statement.number)
)
COUNTS = (
    select(Vote.statement_id, Vote.choice, func.count())
    .join(Statement)
    .where(IN_PANEL, VISIBLE, Vote.choice.is_not(None))
    .group_by(Vote.statement_id, Vote.choice)
)
ANSWERS = select(Vote.statement_id, Vote.version, Vote.choice, Vote.at).where(
    Vote.member_id == bindparam("member")
)
STORE = text(
    "insert into votes (member_id, statement_id, choice, version, key, channel, at)"
    " values (:member, :statement, :choice, 1, :key, 'web', :at)"
    " on conflict (member_id, statement_id) do update"
    " set choice = excluded.choice, key = excluded.key, channel = 'web', agent_id = null,"
    " at = excluded.at, version = votes.version + 1"
    " where votes.version = :seen"
)
STORED = text("select key, choice from votes where member_id = :member and statement_id = :statement")
DECKS: dict[int, Deck] = {}


def deck(db: Session, visitor: Visitor) -> Deck:
    """Return the panel's statements; read anew when a text changed or the counts are a second old."""
    known = DECKS.get(visitor.panel)
    if known is None or known.edition != visitor.edition or not 0 <= visitor.now - known.read_at < OLDEST:
        cards = {row.id: Card(*row) for row in db.execute(CARDS, {"panel": visitor.panel})}
        votes = {(statement, choice): count for statement, choice, count in count_votes(db, visitor.panel)}
        weights = weigh(
            {id_: (votes.get((id_, 1), 0), votes.get((id_, -1), 0), votes.get((id_, 0), 0)) for id_ in cards}
        )
        numbers = {card.number: card.id for card in cards.values()}
        known = DECKS[visitor.panel] = Deck(visitor.edition, visitor.now, cards, weights, numbers)
    return known


def count_votes(db: Session, panel: int) -> list[tuple[int, int, int]]:
    """Return (statement id, choice, number of votes) of the panel's visible statements."""
    return [(row[0], row[1], row[2]) for row in db.execute(COUNTS, {"panel": panel})]


def answers(db: Session, visitor: Visitor) -> Answers:
    """Return what the visitor has answered; nothing without a seat."""
    if visitor.member is None:
        return Answers()
    rows = db.connection().execute(ANSWERS, {"member": visitor.member})
    return Answers((row[0], Answer(*row[1:])) for row in rows)


def cast_vote(
    db: Session, visitor: Visitor, statement: int, choice: Choice | None, *, key: str, seen: int
) -> None:
    """Record the member's choice, or take it back with None; a retry of the same form counts once.

    ``seen`` is the version that the form showed, 0 for none. Raises ClosedError; ConflictError if another
    form changed the vote meanwhile.
    """
    visitor.require(PhaseName.VOTE)
    row = {"member": visitor.seat, "statement": statement, "choice": choice, "key": key}
    if not db.connection().execute(STORE, {**row, "at": visitor.now, "seen": seen}).rowcount:
        stored = db.connection().execute(STORED, row).one()
        if tuple(stored) != (key, choice):
            raise ConflictError(f"statement {statement}")
