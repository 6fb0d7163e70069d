"""A panel in its voting phase with many seats: what benchmarks and fault tests vote in."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from panels import codes, login, people
from panels.codes import Code, CodeKind
from panels.database import Base, connect, now, reading, writing
from panels.members import Member, MemberKind
from panels.panels import Panel, PanelKind, Phase, PhaseName
from panels.statements import Origin, State, Statement, Vote
from server import routes

SLUG = "crowd"
DAY = 86_400.0
assert routes.PAGES, "the table of pages brings every table of the database along"


def in_three_languages(words: str) -> dict[str, str]:
    """Return the words as a text in each language."""
    return dict.fromkeys(("fi", "sv", "en"), words)


def open_panel(db: Session, statements: int) -> Panel:
    """Store a panel that votes now, with so many statements."""
    at = now(db)
    panel = Panel(slug=SLUG, kind=PanelKind.RESIDENTS_PANEL, title=in_three_languages("Kirjastoraati"))
    panel.question = in_three_languages("Miten kirjastoja kehitetään?")
    panel.promise = in_three_languages("Lautakunta vastaa.")
    panel.created_at = panel.opened_at = at - DAY
    panel.phases = [
        Phase(
            name=PhaseName.VOTE, title=in_three_languages("Väittämät"), starts_at=at - DAY, ends_at=at + DAY
        )
    ]
    db.add(panel)
    db.flush()
    for number in range(1, statements + 1):
        texts = in_three_languages(f"{number}: Kirjaston pitää olla auki iltaisin.")
        statement = Statement(panel_id=panel.id, number=number, texts=texts, language="fi")
        statement.origin, statement.state, statement.sent_at = Origin.SEED, State.PUBLISHED, at
        db.add(statement)
    return panel


@contextmanager
def emptied(database: str) -> Iterator[Session]:
    """Open a transaction on the database, in which there are tables but nothing in them."""
    engine = connect(database)
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    with writing(engine) as db:
        yield db
    engine.dispose()


def letters(database: str, *, seats: int, statements: int) -> list[str]:
    """Fill the database with a panel and its seats; return the code in the letter of each."""
    drawn = codes.draw(seats)
    with emptied(database) as db:
        open_panel(db, statements)
        return codes.add(db, SLUG, drawn, CodeKind.MEMBER)


def votes(database: str) -> list[tuple[str, int, int | None, str]]:
    """Return each stored vote: whose letter it was (v0, v1 …), the statement's number, choice, key."""
    engine = connect(database)
    with reading(engine) as db:
        seats = db.scalars(select(Code.member_id).order_by(Code.id))
        voters = {seat: f"v{number}" for number, seat in enumerate(seats)}
        rows = db.execute(
            select(Vote.member_id, Statement.number, Vote.choice, Vote.key).join(Statement)
        ).all()
    engine.dispose()
    return [(voters[seat], number, choice, key) for seat, number, choice, key in rows]


def voters(database: str) -> int:
    """Return how many seats have voted."""
    engine = connect(database)
    with reading(engine) as db:
        found = db.execute(select(func.count(distinct(Vote.member_id)))).scalar_one()
    engine.dispose()
    return found


def gather(database: str, *, seats: int, statements: int) -> list[str]:
    """Fill the database with a panel and its seats; return the cookie of a signed-in browser for each."""
    tokens = []
    with emptied(database) as db:
        panel = open_panel(db, statements)
        for seat in range(seats):
            person = people.ensure(db, f"seat{seat}@example.fi")
            db.add(Member(panel_id=panel.id, person_id=person.id, kind=MemberKind.DRAWN, created_at=now(db)))
            tokens.append(login.begin(db, now(db), person=person.id)[1])
    return tokens
