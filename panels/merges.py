"""Merging: two statements that say the same become one, with the answers of both; splitting undoes it.

The merged statement is a new one. Its origins leave the deck and keep their texts and answers, so that
splitting gives back exactly what was there. An answer belongs to the words that it was given to: whoever
answers the merged statement in the words of an origin has answered that origin when it stands for itself
again; answers to a wording of its own stay with the merged statement, which nobody is asked about any more.
"""

from typing import NamedTuple

from sqlalchemy import ForeignKey, select, text
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from panels import history, notices, panels, statements, variants
from panels.database import Base, Session, Texts
from panels.errors import ClosedError, ConflictError, NotFoundError, RefusedError
from panels.history import Act
from panels.members import Visitor, takes_part_until
from panels.notices import Event
from panels.panels import Panel, PhaseName
from panels.statements import Choice, Origin, State, Statement

SHOWN = 50  # merges on one page
Pair = tuple[Statement, Statement]


class Merge(Base):
    """Two statements that became one; what was split again stays written down."""

    __tablename__ = "merges"

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"), index=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"), unique=True)
    """The merged statement."""
    first_id: Mapped[int] = mapped_column(ForeignKey("statements.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("statements.id"))
    at: Mapped[float]
    merged_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    split_at: Mapped[float | None]
    split_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    statement: Mapped[Statement] = relationship(foreign_keys=statement_id)
    first: Mapped[Statement] = relationship(foreign_keys=first_id)
    second: Mapped[Statement] = relationship(foreign_keys=second_id)

    @property
    def kept(self) -> Statement | None:
        """The origin whose words the merged statement has; None if it has words of its own."""
        words = wording(self.statement)
        return next((origin for origin in (self.first, self.second) if wording(origin) == words), None)


class Counted(NamedTuple):
    """How many have answered two statements: each, both, and of these how many not alike."""

    first: int
    second: int
    both: int
    unlike: int

    @property
    def either(self) -> int:
        """How many have answered one or both."""
        return self.first + self.second - self.both


class Wording(NamedTuple):
    """New words for a merged statement, and the language in which the organiser wrote them."""

    texts: Texts
    language: str
    origin: Origin = Origin.SEED


def wording(statement: Statement) -> tuple[str, str]:
    """Return the words that people answer, and their language."""
    return statement.language, statement.texts[statement.language]


def pair(db: Session, panel: int, first: int, second: int) -> Pair:
    """Return the panel's statements of these numbers, merged already or not.

    Raises NotFoundError, also for one number twice.
    """
    if first == second:
        raise NotFoundError(f"statement {first} twice")
    return statements.get(db, panel, first), statements.get(db, panel, second)


def mark(both: Pair) -> str:
    """Return the mark of both texts, by which a form knows whether it is out of date."""
    return variants.mark(repr([sorted(statement.texts.items()) for statement in both]))


def count(db: Session, both: Pair) -> Counted:
    """Return how many have answered the statements."""
    ids = {"first": both[0].id, "second": both[1].id}
    return Counted._make(db.execute(COUNT, ids).one())


def of_panel(db: Session, panel: int) -> list[Merge]:
    """Return the panel's merges, the newest first."""
    whole = joinedload(Merge.statement), joinedload(Merge.first), joinedload(Merge.second)
    asked = select(Merge).where(Merge.panel_id == panel).order_by(Merge.id.desc()).options(*whole)
    return list(db.scalars(asked))


def get(db: Session, panel: int, merge: int) -> Merge:
    """Return the merge. Raises NotFoundError, also for another panel's."""
    found = db.scalar(select(Merge).where(Merge.panel_id == panel, Merge.id == merge))
    if found is None:
        raise NotFoundError(f"merge {merge}")
    return found


def about(db: Session, panel: int, number: int) -> Merge:
    """Return the merge because of which the statement of that number is not asked about.

    Raises NotFoundError for a statement that is asked about, or for another reason is not.
    """
    statement = statements.get(db, panel, number)
    found = of_origin(db, statement.id) if statement.state is State.MERGED else made(db, statement.id)
    if found is None or statement.state not in (State.MERGED, State.SPLIT):
        raise NotFoundError(f"merge of statement {number}")
    return found


def of_origin(db: Session, statement: int) -> Merge | None:
    """Return the merge because of which the origin is not asked about; None if it stands for itself."""
    mine = (Merge.first_id == statement) | (Merge.second_id == statement)
    return db.scalar(select(Merge).where(mine, Merge.split_at.is_(None)))


def made(db: Session, statement: int) -> Merge | None:
    """Return how the statement came about by merging, also if it was split again; None if it was written."""
    return db.scalar(select(Merge).where(Merge.statement_id == statement))


def paths(db: Session, panel: int) -> dict[int, list[Statement]]:
    """Return to which statements answers are carried on, the last one visible, by the number they are for.

    From an origin the way leads to what it was merged into, and on if that was merged again; from a merged
    statement that was split to the origin in whose words it was asked.
    """
    steps: dict[int, Statement] = {}
    numbers: dict[int, int] = {}
    for merge in of_panel(db, panel):
        numbers |= {one.id: one.number for one in (merge.first, merge.second, merge.statement)}
        if merge.split_at is None:
            steps[merge.first_id] = steps[merge.second_id] = merge.statement
        elif merge.kept:
            steps[merge.statement_id] = merge.kept
    found: dict[int, list[Statement]] = {}
    for id_, number in numbers.items():
        here, way = id_, []
        while here in steps:
            way.append(steps[here])
            here = steps[here].id
        if way:
            found[number] = way
    return found


def onward(db: Session, panel: int, number: int) -> list[Statement]:
    """Return to which statements an answer to this one is carried on, the last one visible.

    Raises NotFoundError; ConflictError if it was split, and none of its origins is asked in its words.
    """
    found = paths(db, panel).get(number)
    if found is None:
        about(db, panel, number)
        raise ConflictError(f"statement {number}")
    return found


def cast_vote(
    db: Session, visitor: Visitor, number: int, choice: Choice | None, *, key: str, seen: int
) -> None:
    """Record an answer that a card older than the merging brings, and carry it on to what is asked now.

    Raises ClosedError, NotFoundError; ConflictError if another form changed the answer meanwhile, or if
    the number is that of a statement that was split again.
    """
    before, after = statements.get(db, visitor.panel, number).id, onward(db, visitor.panel, number)
    statements.cast_vote(db, visitor, before, choice, key=key, seen=seen)
    for statement in after:
        db.execute(CARRY, {"member": visitor.seat, "before": before, "after": statement.id})


def refuse_twin(db: Session, panel: int, words: str) -> None:
    """Raise RefusedError if a statement that was merged, or split again, says the same."""
    ways = paths(db, panel)
    for merge in of_panel(db, panel):
        for one in (merge.first, merge.second, merge.statement):
            same = statements.bare(words) in map(statements.bare, one.texts.values())
            if same and one.number in ways:
                raise RefusedError("same_statement", "text", number=ways[one.number][-1].number)


def hold(db: Session, visitor: Visitor) -> Panel:
    """Return the panel, in which nobody answers until the commit: what is on its way is stored first.

    Raises ClosedError after the end of voting: results are computed from what was asked.
    """
    panel = panels.get(db, visitor.panel)
    db.refresh(panel, with_for_update=True)
    if takes_part_until(panel) <= visitor.now:
        raise ClosedError(PhaseName.VOTE)
    return panel


def merge(db: Session, visitor: Visitor, both: Pair, words: Wording | Statement, *, seen: str) -> Merge:
    """Make one statement of two, in new words or those of either, and tell their writers.

    The same form again changes nothing. Of two answers of one person the newer counts, be it a pass. ``seen``
    is the mark of the texts that the form showed. Raises ClosedError; RefusedError for the wording;
    ConflictError if either has changed.
    """
    panel, (first, second) = hold(db, visitor), both
    for statement in both:
        db.refresh(statement)
    before = of_origin(db, first.id)
    if before and {before.first_id, before.second_id} == {first.id, second.id}:
        return before
    if {first.state, second.state} != {State.PUBLISHED} or mark(both) != seen:
        raise ConflictError(f"statements {first.number} and {second.number}")
    if isinstance(words, Wording):
        statements.check_lengths(words.texts, fields={})
        cards = statements.deck(db, visitor).cards.values()
        statements.refuse_twin(
            words.texts, [card for card in cards if card.id not in (first.id, second.id)], []
        )
    merged = Statement(texts=words.texts, language=words.language, origin=words.origin)
    merged.theme = first.theme or second.theme
    statements.store(db, visitor, merged, State.PUBLISHED)
    ids = {"first": first.id, "second": second.id, "merged": merged.id}
    for copied in (UNITE_VOTES, UNITE_IMPORTANT, UNITE_REASONS):
        db.execute(copied, ids)
    first.state = second.state = State.MERGED
    made = Merge(panel_id=panel.id, statement=merged, first=first, second=second, at=visitor.now)
    made.merged_by = visitor.person
    db.add(made)
    panels.touch(panel)
    db.flush()
    tell(db, made, Event.MERGED, Act.STATEMENT_MERGED, visitor.now)
    return made


def split(db: Session, visitor: Visitor, merge: Merge) -> None:
    """Let the origins stand for themselves again, and tell their writers; the same again changes nothing.

    Raises ClosedError; ConflictError as long as the merged statement is itself merged or hidden.
    """
    panel = hold(db, visitor)
    db.refresh(merge)
    db.refresh(merge.statement)
    if merge.split_at is not None:
        return
    if merge.statement.state is not State.PUBLISHED:
        raise ConflictError(f"merge {merge.id}")
    if merge.kept:
        ids = {"first": merge.first_id, "second": merge.second_id, "merged": merge.statement_id}
        values = {**ids, "kept": merge.kept.id, "merged_at": merge.at}
        for returned in (RETURN_VOTES, RETURN_IMPORTANT, RETURN_REASONS):
            db.execute(returned, values)
    merge.first.state = merge.second.state = State.PUBLISHED
    merge.statement.state = State.SPLIT
    merge.split_at, merge.split_by = visitor.now, visitor.person
    panels.touch(panel)
    db.flush()
    tell(db, merge, Event.SPLIT, Act.STATEMENT_SPLIT, visitor.now)


def tell(db: Session, merge: Merge, event: Event, act: Act, at: float) -> None:
    """Leave a notice to those who wrote the origins, and write the line of the panel's history."""
    for writer in {merge.first.author_id, merge.second.author_id}:
        notices.tell(db, event, merge.id, seat=writer, at=at)
    numbers = {name: getattr(merge, name).number for name in ("statement", "first", "second")}
    history.append(db, merge.panel_id, act, numbers, at=at)


COUNT = text(
    "select (select count(*) from votes where statement_id = :first and choice is not null),"
    " (select count(*) from votes where statement_id = :second and choice is not null),"
    " count(*), coalesce(sum(case when votes.choice <> other.choice then 1 else 0 end), 0)"
    " from votes join votes as other on other.member_id = votes.member_id"
    " and other.statement_id = :second and other.choice is not null"
    " where votes.statement_id = :first and votes.choice is not null"
)
CARRY = text(
    "insert into votes (member_id, statement_id, choice, version, key, channel, agent_id, at)"
    " select member_id, :after, choice, 1, key, channel, agent_id, at from votes"
    " where member_id = :member and statement_id = :before"
    " on conflict (member_id, statement_id) do update set choice = excluded.choice, key = excluded.key,"
    " channel = excluded.channel, agent_id = excluded.agent_id, at = excluded.at, version = votes.version + 1"
    " where excluded.at > votes.at"
)
UNITE_VOTES = text(
    "insert into votes (member_id, statement_id, choice, version, key, channel, agent_id, at)"
    " select member_id, :merged, choice, 1, key, channel, agent_id, at from"
    " (select votes.*, row_number() over (partition by member_id order by at desc, statement_id desc)"
    " as place"
    " from votes where statement_id in (:first, :second) and choice is not null) as given where place = 1"
)
UNITE_IMPORTANT = text(
    "insert into important_statements (member_id, statement_id)"
    " select distinct member_id, :merged from important_statements where statement_id in (:first, :second)"
)
UNITE_REASONS = text(  # each that stands or waits beside an answer that counts
    "insert into vote_reasons (member_id, statement_id, choice, texts, language, state, version,"
    " sent_at, decided_at, decided_by, reason)"
    " select member_id, :merged, choice, texts, language, state, version,"
    " sent_at, decided_at, decided_by, reason from vote_reasons join"
    " (select member_id as voter, statement_id as origin,"
    " row_number() over (partition by member_id order by at desc, statement_id desc) as place"
    " from votes where statement_id in (:first, :second) and choice is not null) as given"
    " on voter = member_id and origin = statement_id and place = 1 where state in ('published', 'waiting')"
)
# What was given to the merged statement itself: other answers on it have an origin's key.
RETURN_VOTES = text(
    "insert into votes (member_id, statement_id, choice, version, key, channel, agent_id, at)"
    " select member_id, :kept, choice, 1, key, channel, agent_id, at from votes where statement_id = :merged"
    " and not exists (select 1 from votes as held where held.member_id = votes.member_id"
    " and held.statement_id in (:first, :second) and held.key = votes.key)"
    " on conflict (member_id, statement_id) do update set choice = excluded.choice, key = excluded.key,"
    " channel = excluded.channel, agent_id = excluded.agent_id, at = excluded.at, version = votes.version + 1"
    " where excluded.at > votes.at"
)
RETURN_IMPORTANT = text(  # with the answers that were returned: they have the same key now
    "insert into important_statements (member_id, statement_id)"
    " select member_id, :kept from important_statements as marked where statement_id = :merged and exists"
    " (select 1 from votes join votes as held on held.member_id = votes.member_id and held.key = votes.key"
    " where votes.member_id = marked.member_id and votes.statement_id = :kept"
    " and held.statement_id = :merged and votes.at > :merged_at)"
    " on conflict do nothing"
)
RETURN_REASONS = text(
    "insert into vote_reasons (member_id, statement_id, choice, texts, language, state, version,"
    " sent_at, decided_at, decided_by, reason)"
    " select member_id, :kept, choice, texts, language, state, version,"
    " sent_at, decided_at, decided_by, reason from vote_reasons as told where statement_id = :merged"
    " and exists"
    " (select 1 from votes join votes as held on held.member_id = votes.member_id and held.key = votes.key"
    " where votes.member_id = told.member_id and votes.statement_id = :kept"
    " and held.statement_id = :merged and votes.at > :merged_at)"
    " on conflict do nothing"
)
