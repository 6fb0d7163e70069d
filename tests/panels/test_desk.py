from datetime import date

import pytest

from panels import appeals, desk, jobs, moderation, panels, reasons, statements
from panels.database import Session, now, set_clock
from panels.desk import Queue, Step
from panels.members import MemberKind, take_seat
from panels.moderation import Reason
from panels.panels import Panel
from panels.statements import Choice
from tests.conftest import BOTH, DAY, NOON, texts
from tests.panels.conftest import Door

pytestmark = BOTH
EMPTY = Queue(0, None, None, late=False)


def test_the_desk_counts_what_waits_and_by_when_it_is_due(db: Session, come: Door) -> None:
    panel = panels.get(db, 1)
    quiet = desk.look(db, come("eero"), panel)
    assert (quiet.statements, quiet.reasons, quiet.appeals, quiet.letters) == (EMPTY, EMPTY, EMPTY, 0)
    assert (quiet.answer_in, quiet.stuck, quiet.lacking, quiet.warnings) == (None, False, 0, [])
    assert (quiet.seats, quiet.voters) == ({MemberKind.DRAWN: 2}, 0)

    thursday = NOON - 2 * DAY
    set_clock(db, thursday)
    first = statements.send(db, come("aino"), {"fi": "Lisää tuoleja kirjastoon."}, "fi", key="a" * 32)
    set_clock(db, NOON)
    sent = statements.send(db, come("nils"), {"sv": "Vad kostar biblioteket?"}, "sv", key="b" * 32)
    moderation.send_back(db, come("minna"), sent, Reason.QUESTION, "Det är en fråga.", seen=1)
    appeals.send(db, come("nils"), sent, "Man kan hålla med om det.")
    card = statements.deck(db, come("nils")).card(1)
    statements.cast_vote(db, come("nils"), card.id, Choice.AGREE, key="c" * 32, seen=0)
    reasons.add(db, come("nils"), card, reasons.Draft(True, "Jag har ingen bil.", "sv"))
    take_seat(db, 1, come("ville").person or 0, MemberKind.OPEN, takes_part=None)  # who has not decided yet
    panel.answers_by, panel.effort = "2026-11-20", {"fi": "Tunti"}
    full = desk.look(db, come("eero"), panel)
    assert full.statements == Queue(1, first.sent_at, date(2026, 11, 20), late=True)
    assert (full.reasons.count, full.reasons.due) == (1, date(2026, 11, 23))
    assert (full.appeals.count, full.appeals.due) == (1, date(2026, 11, 25))
    assert not full.reasons.late
    assert not full.appeals.late
    assert (full.answer_in, full.lacking, full.voters) == (-1, 1, 2)
    assert full.seats == {MemberKind.DRAWN: 2}
    assert desk.look(db, come("admin", "harbour"), panels.get(db, 2)).statements == EMPTY


def test_work_that_waits_for_minutes_is_told(db: Session) -> None:
    jobs.leave(db, "send_mail")
    assert not jobs.are_stuck(db)
    set_clock(db, now(db) + jobs.LATE + 5)
    assert jobs.are_stuck(db)


@pytest.mark.parametrize("opens", ["open_to_all", "guests", "seats"])
def test_a_new_panel_shows_what_it_lacks_and_what_of_it_holds_up_the_opening_f1(
    db: Session, opens: str
) -> None:
    panel = panels.get(db, 2)
    if opens == "seats":
        take_seat(db, 2, 1, MemberKind.DRAWN)
    else:
        setattr(panel, opens, True)
    assert [step.code for step in desk.steps(db, panel) if not step.done] == ["promise", "materials"]
    panel.owner, panel.answers_by = texts("The council"), "2027-03-08"
    assert [step for step in desk.steps(db, panel) if not step.done] == [Step("materials", False, False)]
    bare = Panel(slug="attic", kind=panel.kind, title={"fi": "Ullakko"}, question=texts("?"), created_at=NOON)
    bare.promise = bare.owner = bare.effort = bare.fee = bare.not_decided = bare.organiser = {}
    db.add(bare)
    db.flush()
    lacking = {step.code: step.needed for step in desk.steps(db, bare) if not step.done}
    assert lacking == {
        "promise": True,
        "languages": True,
        "phases": True,
        "statements": False,
        "people": False,
        "materials": False,
    }
