"""The queue: everything that waits for a moderator of a panel, oldest first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, literal, select, union_all
from sqlalchemy.orm import joinedload

from panels import appeals, moderation
from panels.appeals import Appeal
from panels.database import Session
from panels.errors import NotFoundError
from panels.members import Visitor
from panels.moderation import Decision, Kind, Moderated
from panels.reasons import VoteReason
from panels.statements import Statement

SHOWN = 50  # items on one page
Matter = Statement | VoteReason | Appeal
TEXTS: Mapping[Kind, type[Statement] | type[VoteReason]] = {
    text.kind: text for text in (Statement, VoteReason)
}
"""The tables of texts by the kind of their items."""
BESIDE = {
    Kind.REASON: (joinedload(VoteReason.statement),),
    Kind.APPEAL: (joinedload(Appeal.statement), joinedload(Appeal.vote_reason)),
}
"""What is read with the items of a kind, so that a page asks no more the more it shows."""


@dataclass(frozen=True)
class Waiting:
    """A page of what waits, oldest first, and how many wait of each kind."""

    matters: Sequence[Matter]
    counts: Mapping[Kind, int]
    oldest: float | None
    """When the oldest of all was sent."""
    page: int
    pages: int

    @property
    def total(self) -> int:
        """How many wait altogether."""
        return sum(self.counts.values())


def waiting(
    db: Session, panel: int, kinds: Collection[Kind], *, only: Kind | None = None, page: int = 1
) -> Waiting:
    """Return a page of what waits of the kinds, or of one of them."""
    queue = entries(panel, kinds)
    asked = select(queue.c.kind, func.count(), func.min(queue.c.sent_at)).group_by(queue.c.kind)
    rows = db.execute(asked).all()
    found = {kind: count for kind, count, _ in rows}
    counts = {kind: found[kind.value] for kind in Kind if kind.value in found}
    total = sum(counts.values()) if only is None else counts.get(only, 0)
    pages = max(1, -(-total // SHOWN))
    page = min(max(page, 1), pages)
    shown = select(queue.c.kind, queue.c.id).order_by(queue.c.sent_at, queue.c.kind, queue.c.id)
    if only is not None:
        shown = shown.where(queue.c.kind == only.value)
    places = db.execute(shown.limit(SHOWN).offset((page - 1) * SHOWN))
    oldest = min((first for _, _, first in rows), default=None)
    return Waiting(read(db, [(Kind(kind), id_) for kind, id_ in places]), counts, oldest, page, pages)


def count(db: Session, panel: int, kinds: Collection[Kind]) -> int:
    """Return how many of the kinds wait."""
    return db.execute(select(func.count()).select_from(entries(panel, kinds))).scalar_one()


def entries(panel: int, kinds: Collection[Kind]) -> Subquery:
    """Return the query of everything that waits: kind, id, and when it was sent."""
    queries = {kind: table.waiting(panel) for kind, table in TEXTS.items()}
    queries[Kind.APPEAL] = appeals.waiting(panel)
    asked = [queries[kind].add_columns(literal(kind.value).label("kind")) for kind in kinds]
    return union_all(*asked).subquery()


def read(db: Session, found: Sequence[tuple[Kind, int]]) -> list[Matter]:
    """Return the items in the order given, in one query for each kind."""
    rows: dict[tuple[Kind, int], Matter] = {}
    for kind in {kind for kind, _ in found}:
        table: Any = TEXTS.get(kind, Appeal)
        asked = select(table).options(*BESIDE.get(kind, ()))
        for row in db.scalars(asked.where(table.id.in_([id_ for of, id_ in found if of is kind]))):
            rows[kind, row.id] = row
    return [rows[entry] for entry in found]


def get(db: Session, panel: int, place: str) -> Matter:
    """Return the item of an address such as ``statement-4``, waiting or decided. Raises NotFoundError.

    What staff wrote never waited.
    """
    word, _, number = place.partition("-")
    table: Any = TEXTS.get(Kind(word), Appeal)
    found: Matter | None = db.scalar(select_one(table, table.within(panel), table.numbered(int(number))))
    if found is None or found.writer is None:
        raise NotFoundError(place)
    return found


def select_one(table: Any, *here: ColumnElement[bool]) -> Select[Any]:
    """Return the query of one item with what is shown beside it."""
    return select(table).options(*BESIDE.get(table.kind, ())).where(*here)


def undo(db: Session, visitor: Visitor, decisions: Collection[int]) -> int:
    """Undo those of the visitor's latest decisions, and return how many."""
    undone = 0
    for decision in moderation.just_decided(db, visitor):
        if decision.id in decisions:
            undone += moderation.undo(db, visitor, decision, text_of(db, decision))
    return undone


def text_of(db: Session, decision: Decision) -> Moderated | None:
    """Return the text that was decided on, None if it is gone."""
    table: Any = TEXTS[decision.kind]
    return db.get(table, decision.matter)
