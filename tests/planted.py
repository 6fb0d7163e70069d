"""Votes of two planted opinion groups: what the tests of the summary and its pages are made on."""

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from panels import panels
from panels.database import now
from panels.members import Member, MemberKind
from panels.panels import Panel
from panels.statements import Origin, State, Statement, Vote

LARGER, SMALLER = 36, 24
COMMON, REJECTED, DIVIDING, UNSURE, RARE = (1, 2), (3,), tuple(range(4, 12)), 12, 13
"""Numbers of the statements: all agree, all disagree, groups apart, many pass, only eight answer."""


def plant(db: Session, slug: str = "library") -> Panel:
    """Give the panel 60 open voters in two groups and 13 statements."""
    panel = panels.by_slug(db, slug)
    for number in range(4, RARE + 1):
        statement = Statement(
            panel_id=panel.id, number=number, texts={"fi": f"Väittämä {number}"}, language="fi"
        )
        statement.origin, statement.state, statement.sent_at = Origin.SEED, State.PUBLISHED, 0.0
        db.add(statement)
    seats = [Member(panel_id=panel.id, kind=MemberKind.OPEN, created_at=0.0) for _ in range(LARGER + SMALLER)]
    db.add_all(seats)
    db.flush()
    for place, seat in enumerate(seats):
        vote(db, panel, seat.id, answers(place))
    return panel


def answers(place: int) -> dict[int, int]:
    """Return the choices of one voter by number of statement; one in eleven differs from the group's."""
    given = {}
    for number in range(1, RARE + 1):
        if number == RARE and place % 8:
            continue
        if number in DIVIDING:
            choice = 1 if (place < LARGER) == (number % 2 == 0) else -1
        elif number == UNSURE:
            choice = (0, 1, -1)[place % 3]
        else:
            choice = -1 if number in REJECTED else 1
        turned = (place * 5 + number * 3) % 11 == 0 and number not in (UNSURE, RARE)
        given[number] = -choice if turned else choice
    return given


def vote(db: Session, panel: Panel, member: int, choices: dict[int, int], *, at: float | None = None) -> None:
    """Store the member's votes, given before voting on this page was thought of unless ``at`` says when."""
    found = db.execute(select(Statement.number, Statement.id).where(Statement.panel_id == panel.id))
    ids: dict[int, int] = {row[0]: row[1] for row in found}
    given = now(db) - 3600 if at is None else at
    rows = [
        {
            "member_id": member,
            "statement_id": ids[number],
            "choice": choice,
            "version": 1,
            "key": "0" * 32,
            "at": given,
        }
        for number, choice in choices.items()
    ]
    db.execute(insert(Vote), rows)
