import pytest
from sqlalchemy import select

from panels import amendments, digests, people, proposals
from panels.amendments import Draft, State, Version
from panels.database import Session, set_clock
from panels.errors import ClosedError, ConflictError, ForbiddenError, NotFoundError, RefusedError
from panels.jobs import Job
from panels.members import MemberKind, Visitor, arrive_as, take_seat
from panels.notices import Event, Notice
from tests.conftest import BOTH, DAY, NOON
from tests.panels.conftest import Door

pytestmark = BOTH

KEYS = [f"{n:032x}" for n in range(40)]
CHANGE = Draft("A bus on Tuesdays and Fridays", "Because many walk.", "Fridays are busy.", seen=1)


@pytest.fixture(autouse=True)
def _proposal(db: Session, come: Door) -> None:
    """Let Aino propose a bus."""
    set_clock(db, NOON - 20 * DAY)
    draft = proposals.Draft({"fi": "A bus on Tuesdays", "sv": "Ny linje"}, {"fi": "Because many walk."}, "fi")
    proposals.propose(db, come("aino"), draft, key=KEYS[0])


def join(db: Session, name: str) -> Visitor:
    """Give somebody new a seat and let them back the bus."""
    person = people.ensure(db, f"{name}@example.fi").id
    take_seat(db, 1, person, MemberKind.OPEN)
    backer = arrive_as(db, "library", person)
    proposals.back(db, backer, 1)
    return backer


def change(db: Session, visitor: Visitor, draft: Draft = CHANGE, *, key: str = KEYS[1]) -> int:
    return amendments.send(db, visitor, 1, draft, key=key)


def told(db: Session) -> list[tuple[int, Event]]:
    rows = db.scalars(select(Notice).order_by(Notice.id))
    return [(row.person_id, row.event) for row in rows]


def test_an_accepted_change_becomes_the_text_and_each_backer_is_told_once_r13(
    db: Session, come: Door
) -> None:
    """R13"""
    aino, nils, backers = come("aino"), come("nils"), [join(db, "liisa"), join(db, "pekka")]
    proposals.back(db, aino, 1)
    proposals.back(db, nils, 1)
    number = change(db, nils)
    assert number == change(db, nils) == 1
    assert told(db) == [(aino.person, Event.AMENDMENT)]
    assert proposals.get(db, nils, 1).title["fi"] == "A bus on Tuesdays"
    for _ in range(2):
        amendments.decide(db, aino, 1, number, state=State.ACCEPTED, reason="Good.")
    shown = proposals.get(db, nils, 1)
    assert (shown.title, shown.body) == ({"fi": CHANGE.title}, {"fi": CHANGE.body})
    assert shown.version == 2
    assert told(db)[1:] == [
        (nils.person, Event.AMENDMENT_DECIDED),
        *((backer.person, Event.AMENDED) for backer in backers),
    ]
    listed = amendments.of_proposal(db, shown.id)[0]
    assert (listed.author, listed.amendment.state, listed.amendment.reason) == ("Nils", "accepted", "Good.")
    assert amendments.text_before(db, listed.amendment) == ("A bus on Tuesdays", "Because many walk.")
    assert db.scalars(select(Version.title)).all() == [{"fi": "A bus on Tuesdays", "sv": "Ny linje"}]
    while digests.leave_mails(db, "2026-11-01"):
        pass
    mailed = [job.arguments["person"] for job in db.scalars(select(Job))]
    assert len(mailed) == 4
    assert set(mailed) == {aino.person, nils.person, *(backer.person for backer in backers)}


def test_a_rejected_change_says_why_and_backers_hear_nothing(db: Session, come: Door) -> None:
    aino, nils, _ = come("aino"), come("nils"), join(db, "liisa")
    change(db, nils)
    with pytest.raises(RefusedError) as error:
        amendments.decide(db, aino, 1, 1, state=State.REJECTED, reason="")
    assert (error.value.code, error.value.field) == ("missing", "reason")
    amendments.decide(db, aino, 1, 1, state=State.REJECTED, reason="Too dear.")
    assert proposals.get(db, nils, 1).version == 1
    assert [event for _, event in told(db)] == [Event.AMENDMENT, Event.AMENDMENT_DECIDED]
    with pytest.raises(ConflictError):
        amendments.decide(db, aino, 1, 1, state=State.ACCEPTED, reason="Too dear.")


def test_a_change_of_an_older_text_is_not_accepted(db: Session, come: Door) -> None:
    aino, nils, liisa = come("aino"), come("nils"), join(db, "liisa")
    change(db, nils)
    change(db, liisa, Draft("A bus on Mondays", "Because many walk.", "", seen=1), key=KEYS[2])
    amendments.decide(db, aino, 1, 1, state=State.ACCEPTED, reason="")
    with pytest.raises(RefusedError) as error:
        amendments.decide(db, aino, 1, 2, state=State.ACCEPTED, reason="")
    assert (error.value.code, error.value.field) == ("text_changed_since", "decision")
    amendments.decide(db, aino, 1, 2, state=State.REJECTED, reason="Too late.")
    with pytest.raises(RefusedError) as error:
        change(db, nils, key=KEYS[3])
    assert error.value.code == "text_changed"
    assert change(db, nils, Draft("A tram", "Why not.", "", seen=2), key=KEYS[3]) == 3


def test_one_change_of_a_member_waits_at_a_time_and_it_changes_something(db: Session, come: Door) -> None:
    nils = come("nils")
    with pytest.raises(RefusedError) as error:
        change(db, nils, Draft("A bus on Tuesdays", "Because many walk.", "", seen=1))
    assert error.value.code == "nothing_changed"
    change(db, nils)
    with pytest.raises(RefusedError) as error:
        change(db, nils, Draft("A tram", "Why not.", "", seen=1), key=KEYS[2])
    assert error.value.code == "amendment_waiting"


def test_authors_do_not_amend_and_others_do_not_decide(db: Session, come: Door) -> None:
    with pytest.raises(ForbiddenError):
        change(db, come("aino"))
    change(db, come("nils"))
    with pytest.raises(NotFoundError):
        amendments.decide(db, come("nils"), 1, 1, state=State.ACCEPTED, reason="")


def test_what_is_not_there_is_not_found(db: Session, come: Door) -> None:
    with pytest.raises(NotFoundError):
        amendments.send(db, come("nils"), 2, CHANGE, key=KEYS[1])
    change(db, come("nils"))
    for panel, proposal, number in ((1, 1, 2), (1, 2, 1), (2, 1, 1)):
        with pytest.raises(NotFoundError):
            amendments.get(db, panel, proposal, number)


def test_texts_change_only_while_proposals_are_open(db: Session, come: Door) -> None:
    change(db, come("nils"))
    set_clock(db, NOON)
    with pytest.raises(ClosedError):
        change(db, come("nils"), key=KEYS[2])
    with pytest.raises(ClosedError):
        amendments.decide(db, come("aino"), 1, 1, state=State.ACCEPTED, reason="")
