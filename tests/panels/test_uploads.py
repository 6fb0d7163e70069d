import pytest

from panels import history, people, uploads
from panels.database import Session
from panels.errors import ClosedError
from panels.members import Member, MemberKind, take_seat
from panels.panels import Panel
from panels.statements import Origin, State, Statement
from panels.uploads import Newcomer
from tests.conftest import BOTH, DAY, NOON
from tests.panels.conftest import Door

pytestmark = BOTH


def test_f17_statements_are_published_together_and_once(db: Session, come: Door) -> None:
    """F17"""
    eero, rows = come("eero"), [{"fi": "Kirjastoon lisää tuoleja."}, {"fi": "Kirjasto auki sunnuntaisin."}]
    before = history.last(db, 1)
    for _ in range(2):
        uploads.add_statements(db, eero, rows, "fi", key="a" * 32)
    found = db.query(Statement).filter(Statement.panel_id == 1, Statement.number > 3).all()
    assert [(row.texts, row.origin, row.state) for row in found] == [
        (texts, Origin.SEED, State.PUBLISHED) for texts in rows
    ]
    head = history.last(db, 1)
    assert head is not None
    assert head.number - (before.number if before else 0) == 2
    refused = uploads.refuse_twins(
        db, come("eero"), {2: {"fi": "Kirjasto auki sunnuntaisin"}, 3: {"sv": "Ny"}}
    )
    assert {row: error.code for row, error in refused.items()} == {2: "same_statement"}
    twice = uploads.refuse_twins(db, eero, {2: {"sv": "Ny stol"}, 3: {"sv": "ny stol!"}})
    assert (twice[3].code, twice[3].values, len(twice)) == ("same_row", {"row": 2}, 1)


def test_f17_members_get_seats_and_decide_themselves(db: Session, come: Door) -> None:
    """F17"""
    guest = people.ensure(db, "ville@example.fi", name="Ville")
    take_seat(db, 1, guest.id, MemberKind.GUEST)
    rows = {
        2: Newcomer("new@example.fi", "New", "sv"),
        3: Newcomer("aino@example.fi", "", "fi"),
        4: Newcomer("ville@example.fi", "Another", "en"),
        5: Newcomer("new@example.fi", "", "fi"),
    }
    refused = uploads.refuse_members(db, come("eero"), rows)
    assert {row: error.code for row, error in refused.items()} == {3: "member_already", 5: "same_row"}
    for _ in range(2):
        uploads.add_members(db, come("eero"), [rows[2], rows[4]], key="a" * 32)
    new, ville = (people.by_email(db, f"{name}@example.fi") for name in ("new", "ville"))
    assert new is not None
    assert ville is not None
    assert [(one.name, one.language) for one in (new, ville)] == [("New", "sv"), ("Ville", "fi")]
    for person in (new, ville):
        seat = db.query(Member).filter(Member.panel_id == 1, Member.person_id == person.id).one()
        assert (seat.kind, seat.takes_part) == (MemberKind.DRAWN, None)


def test_f17_nothing_is_imported_into_a_panel_that_has_ended(db: Session, come: Door) -> None:
    """F17"""
    eero = come("eero")
    with pytest.raises(ClosedError):
        uploads.add_members(db, eero._replace(now=NOON + 90 * DAY), [], key="a" * 32)
    db.get_one(Panel, 1).phases = []
    db.flush()
    uploads.add_statements(db, eero, [{"fi": "Kirjastoon lisää tuoleja."}], "fi", key="b" * 32)
    assert db.query(Statement).filter(Statement.panel_id == 1, Statement.number == 4).one()
