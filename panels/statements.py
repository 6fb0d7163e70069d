"""Statements, their order, and the votes on them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import NamedTuple

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, UniqueConstraint, bindparam, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from panels import history, panels, submissions
from panels.database import Base, Prepared, Session, next_number
from panels.errors import ClosedError, ConflictError, NotFoundError, RefusedError
from panels.history import Act, Details
from panels.members import Visitor
from panels.moderation import Kind, Moderated, State
from panels.notices import Event
from panels.order import Weight, offer, weigh
from panels.panels import PhaseName, Texts

__all__ = [
    "Answers",
    "Card",
    "Choice",
    "Deck",
    "Origin",
    "State",
    "Statement",
    "Vote",
    "cast_vote",
    "deck",
    "offer",
    "weigh",
]

OLDEST = 1.0  # seconds that the counts behind the order may lag
SHORTEST, LONGEST = 10, 200  # characters of a statement
MOST_WAITING, MOST = 5, 20  # statements of one seat


class Choice(IntEnum):
    """A vote on a statement. The numbers are those the analysis reads."""

    AGREE = 1
    PASS = 0
    DISAGREE = -1


class Origin(StrEnum):
    """Whether the organiser or a resident wrote the statement."""

    SEED = "seed"
    RESIDENT = "resident"


class Statement(Moderated, Base):
    """A sentence that members agree with, disagree with or pass."""

    __tablename__ = "statements"
    __table_args__ = (UniqueConstraint("panel_id", "number"),)
    kind, event = Kind.STATEMENT, Event.DECIDED

    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    number: Mapped[int]
    origin: Mapped[Origin]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    theme: Mapped[Texts] = mapped_column(JSON, default=dict)
    message: Mapped[str] = mapped_column(default="")

    @classmethod
    def within(cls, panel: int) -> ColumnElement[bool]:
        """Return what tells the panel's statements."""
        return cls.panel_id == panel

    @classmethod
    def numbered(cls, number: int) -> ColumnElement[bool]:
        """Return what tells the statement of that number."""
        return cls.number == number

    @property
    def place(self) -> str:
        """Its name in addresses of the queue."""
        return f"{self.kind}-{self.number}"

    @property
    def writer(self) -> int | None:
        """The seat of whoever wrote it, None for the organiser."""
        return self.author_id

    @property
    def details(self) -> dict[str, str | int]:
        """What the panel's history tells of it."""
        return {"statement": self.number}


class Vote(Base):
    """A member's latest choice on a statement; an empty choice is one taken back."""

    __tablename__ = "votes"
    # All that is counted stands in the index: half a million rows need not be read for it.
    __table_args__ = (Index("votes_counted", "statement_id", "choice", "version"),)

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
    author: int | None
    theme: Mapping[str, str]


@dataclass(frozen=True)
class Deck:
    """A panel's visible statements and their weights by id, as of one edition, at most OLDEST old."""

    edition: int
    read_at: float
    cards: Mapping[int, Card]
    weights: Mapping[int, Weight]
    numbers: Mapping[int, int]
    written: Mapping[int | None, set[int]]
    """What each member wrote: nobody is asked about their own statement."""

    def card(self, number: int) -> Card:
        """Return the statement of that number. Raises NotFoundError."""
        if number not in self.numbers:
            raise NotFoundError(f"statement {number}")
        return self.cards[self.numbers[number]]


class Answer(NamedTuple):
    """What a member has stored on a statement: an empty choice was taken back."""

    version: int
    choice: int | None


class Answers(dict[int, Answer]):
    """A member's votes by statement id, the latest last."""

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


IN_PANEL = Statement.panel_id == bindparam("panel")
VISIBLE = Statement.state == State.PUBLISHED
CARDS = (
    select(Statement.id, Statement.number, Statement.texts, Statement.language)
    .add_columns(Statement.origin, Statement.author_id, Statement.theme)
    .where(IN_PANEL, VISIBLE)
    .order_by(Statement.number)
)
CAST = select(func.count()).where(Vote.statement_id == Statement.id)
COUNTS = select(  # one short stretch of the index each: grouped, all votes would be sorted first
    Statement.id, *(CAST.where(Vote.choice == choice).scalar_subquery() for choice in (1, -1, 0))
).where(IN_PANEL, VISIBLE)
ANSWERS = Prepared(
    select(Vote.statement_id, Vote.version, Vote.choice)
    .where(Vote.member_id == bindparam("member"))
    .order_by(Vote.at)
)
STORE = Prepared(
    text(
        "insert into votes (member_id, statement_id, choice, version, key, channel, at)"
        " values (:member, :statement, :choice, 1, :key, 'web', :at)"
        " on conflict (member_id, statement_id) do update"
        " set choice = excluded.choice, key = excluded.key, channel = 'web', agent_id = null,"
        " at = excluded.at, version = votes.version + 1"
        " where votes.version = :seen"
    )
)
STORED = text("select key, choice from votes where member_id = :member and statement_id = :statement")
DECKS: dict[int, Deck] = {}


def deck(db: Session, visitor: Visitor) -> Deck:
    """Return the panel's statements; read anew when a text changed or the counts are a second old.

    Counting takes a moment in a large panel: only one visitor does it, the others still get the deck before.
    """
    known = DECKS.get(visitor.panel)
    if known is None or known.edition != visitor.edition or not 0 <= visitor.now - known.read_at < OLDEST:
        if known is not None and known.edition == visitor.edition:
            # While one visitor counts, the others go on with the counts before.
            DECKS[visitor.panel] = replace(known, read_at=visitor.now)
        panel = {"panel": visitor.panel}
        cards = {row.id: Card(*row) for row in db.execute(CARDS, panel)}
        counts = {
            id_: (agree, disagree, passed) for id_, agree, disagree, passed in db.execute(COUNTS, panel)
        }
        weights = weigh({id_: counts.get(id_, (0, 0, 0)) for id_ in cards})
        numbers = {card.number: card.id for card in cards.values()}
        written: dict[int | None, set[int]] = {}
        for card in cards.values():
            written.setdefault(card.author, set()).add(card.id)
        known = DECKS[visitor.panel] = Deck(visitor.edition, visitor.now, cards, weights, numbers, written)
    return known


def answers(db: Session, visitor: Visitor) -> Answers:
    """Return what the visitor has answered; nothing without a seat."""
    if visitor.member is None:
        return Answers()
    rows = ANSWERS.execute(db, member=visitor.member).all()  # fetched one by one they cost twice as much
    return Answers({statement: Answer(version, choice) for statement, version, choice in rows})


def cast_vote(
    db: Session, visitor: Visitor, statement: int, choice: Choice | None, *, key: str, seen: int
) -> None:
    """Record the member's choice, or take it back with None; a retry of the same form counts once.

    ``seen`` is the version that the form showed, 0 for none. Raises ClosedError; ConflictError if another
    form changed the vote meanwhile.
    """
    visitor.require(PhaseName.VOTE)
    row = {"member": visitor.seat, "statement": statement, "choice": choice, "key": key}
    if not STORE.execute(db, **row, at=visitor.now, seen=seen).rowcount:
        stored = db.connection().execute(STORED, row).one()
        if tuple(stored) != (key, choice):
            raise ConflictError(f"statement {statement}")


def get(db: Session, panel: int, number: int) -> Statement:
    """Return the panel's statement of that number, visible or not. Raises NotFoundError."""
    found = db.scalars(
        select(Statement).where(Statement.panel_id == panel, Statement.number == number)
    ).one_or_none()
    if found is None:
        raise NotFoundError(f"statement {number}")
    return found


def written_by(db: Session, member: int) -> list[Statement]:
    """Return what the member wrote, newest first, whatever became of it."""
    own = select(Statement).where(Statement.author_id == member)
    return list(db.scalars(own.order_by(Statement.id.desc())))


def send(db: Session, visitor: Visitor, texts: Texts, language: str, *, key: str) -> Statement:
    """Take a member's statement into the queue, with its writer's agreement; a retry of the form counts once.

    Raises ClosedError; RefusedError with what the writer can mend; ConflictError for a key used before.
    """
    visitor.require(PhaseName.VOTE)
    assert visitor.person is not None, "a seat belongs to a person"
    check_lengths(texts, fields={language: "text"})
    with submissions.once(db, key=key, person=visitor.person, body=texts[language], at=visitor.now) as first:
        own = written_by(db, visitor.seat)
        if not first:
            return next(statement for statement in own if statement.texts == texts)
        refuse_too_many(own)
        refuse_twin(texts, deck(db, visitor).cards.values(), own)
        sent = Statement(texts=texts, language=language, origin=Origin.RESIDENT, author_id=visitor.seat)
        store(db, visitor, sent, State.WAITING)
        cast_vote(db, visitor, sent.id, Choice.AGREE, key=key, seen=0)
    return sent


def add(
    db: Session, visitor: Visitor, texts: Texts, language: str, *, theme: Texts | None = None
) -> Statement:
    """Publish a statement of the organiser, before voting ends. Raises ClosedError, RefusedError."""
    panel = panels.get(db, visitor.panel)
    if any(phase.name is PhaseName.VOTE and phase.ends_at <= visitor.now for phase in panel.phases):
        raise ClosedError(PhaseName.VOTE)
    check_lengths(texts, fields={})
    refuse_twin(texts, deck(db, visitor).cards.values(), [])
    added = Statement(texts=texts, language=language, origin=Origin.SEED, theme=theme or {})
    added.decided_at, added.decided_by = visitor.now, visitor.person
    store(db, visitor, added, State.PUBLISHED)
    panels.touch(panel)
    told: Details = {"statement": added.number, "origin": added.origin.value}
    history.append(db, visitor.panel, Act.STATEMENT_PUBLISHED, told, at=visitor.now)
    return added


def store(db: Session, visitor: Visitor, statement: Statement, state: State) -> None:
    """Store a new statement under the panel's next number."""
    statement.panel_id, statement.number = visitor.panel, next_number(db, visitor.panel, "statements")
    statement.state, statement.sent_at = state, visitor.now
    db.add(statement)
    db.flush()


def check_lengths(texts: Texts, *, fields: Mapping[str, str]) -> None:
    """Raise RefusedError for a text that is too short or too long; ``fields`` names its input by language."""
    for language, words in texts.items():
        field = fields.get(language, language)
        if len(words) < SHORTEST:
            raise RefusedError("too_short", field, least=SHORTEST)
        if len(words) > LONGEST:
            raise RefusedError("too_long", field, most=LONGEST, over=len(words) - LONGEST)


def refuse_too_many(own: list[Statement]) -> None:
    """Raise RefusedError if the writer of these may send no more for now, or at all."""
    if sum(statement.state is State.WAITING for statement in own) >= MOST_WAITING:
        raise RefusedError("too_many_waiting", "text", most=MOST_WAITING)
    if len(own) >= MOST:
        raise RefusedError("too_many_statements", "text", most=MOST)


def refuse_twin(texts: Texts, visible: Iterable[Card], own: list[Statement]) -> None:
    """Raise RefusedError if a visible statement, or one of the writer's own that waits, says the same."""
    said = {bare(words) for words in texts.values()}
    for card in visible:
        if not said.isdisjoint(map(bare, card.texts.values())):
            raise RefusedError("same_statement", "text", number=card.number)
    for statement in own:
        if statement.state is State.WAITING and not said.isdisjoint(map(bare, statement.texts.values())):
            raise RefusedError("sent_already", "text")


def bare(words: str) -> str:
    """Return the letters and digits alone, in small letters: what makes two sentences the same."""
    return "".join(sign for sign in words.casefold() if sign.isalnum())


def warnings(db: Session, panel: int) -> list[str]:
    """Return what staff should know before people vote: no statements, or none that is published."""
    states = set(db.scalars(select(Statement.state).where(Statement.panel_id == panel).distinct()))
    if not states:
        return ["no_statements"]
    return [] if State.PUBLISHED in states else ["none_published"]
