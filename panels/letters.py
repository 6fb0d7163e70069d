"""Letters on paper: what people are told who have no e-mail address or chose to hear otherwise."""

from dataclasses import dataclass

from sqlalchemy import Select, and_, func, or_, select

from panels import digests
from panels.database import Session, next_number
from panels.digests import Item
from panels.errors import NotFoundError
from panels.members import Member, Visitor
from panels.notices import NOT_BY_MAIL, Letter, Notice
from panels.people import Person


@dataclass(frozen=True)
class Addressed:
    """A letter: to whose seat, None for somebody who only follows the panel, and what it tells."""

    seat: int | None
    name: str
    language: str
    reach: str | None
    """The postal address or telephone number that the member told for the panel."""
    items: list[Item]


@dataclass(frozen=True)
class Listed:
    """A list of letters: when it was made, and how many are on it."""

    number: int
    at: float
    letters: int


def waiting(panel: int) -> Select[Notice]:
    """Return the query for what nobody has told the panel's people who get no mail."""
    untold = and_(Notice.panel_id == panel, Notice.told_on.is_(None), Notice.letter_id.is_(None))
    return select(Notice).join(Person).where(untold, or_(Person.email.is_(None), NOT_BY_MAIL))


def count_waiting(db: Session, panel: int) -> int:
    """Return how many people wait for a letter."""
    found = waiting(panel).with_only_columns(func.count(Notice.person_id.distinct()))
    return db.execute(found).scalar_one()


def make_list(db: Session, visitor: Visitor) -> int | None:
    """Put a letter to everybody who waits on a new list; return its number, None if nobody waits.

    What is on a list is never listed again.
    """
    theirs: dict[int, list[Notice]] = {}
    for notice in db.scalars(waiting(visitor.panel).order_by(Notice.id).with_for_update(of=Notice)):
        if digests.matter(db, notice) is None:
            notice.told_on = ""
        else:
            theirs.setdefault(notice.person_id, []).append(notice)
    if not theirs:
        return None
    number = next_number(db, visitor.panel, "letters")
    for person, notices in theirs.items():
        letter = Letter(panel_id=visitor.panel, number=number, person_id=person, at=visitor.now)
        letter.listed_by = visitor.person
        db.add(letter)
        db.flush()
        for notice in notices:
            notice.letter_id = letter.id
    db.flush()
    return number


def lists(db: Session, panel: int) -> list[Listed]:
    """Return the panel's lists, newest first."""
    asked = select(Letter.number, func.max(Letter.at), func.count()).where(Letter.panel_id == panel)
    return [Listed(*row) for row in db.execute(asked.group_by(Letter.number).order_by(Letter.number.desc()))]


def of_list(db: Session, panel: int, number: int) -> list[Addressed]:
    """Return the letters of the list. Raises NotFoundError."""
    seat = and_(Member.panel_id == Letter.panel_id, Member.person_id == Letter.person_id)
    asked = select(Letter.id, Member.id, Person.name, Person.language, Member.reach).select_from(Letter)
    joined = asked.join(Person, Person.id == Letter.person_id).outerjoin(Member, seat)
    here = Letter.panel_id == panel, Letter.number == number
    rows = db.execute(joined.where(*here).order_by(Letter.id)).all()
    if not rows:
        raise NotFoundError(f"list {number}")
    return [Addressed(*row[1:], told(db, row[0])) for row in rows]


def told(db: Session, letter: int) -> list[Item]:
    """Return what the letter tells."""
    asked = select(Notice).where(Notice.letter_id == letter).order_by(Notice.at, Notice.id)
    return digests.items(db, db.scalars(asked).all())
