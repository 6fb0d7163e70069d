import pytest
from sqlalchemy import select

from panels import codes, digests, letters, members, notices, people, reminders
from panels.codes import CodeKind
from panels.database import Session, set_clock
from panels.errors import ClosedError, RefusedError
from panels.members import Member, MemberKind, Reach, take_seat
from panels.notices import Event, Topic
from panels.panels import Phase, PhaseName
from panels.permissions import Role
from panels.reminders import Progress, Silent
from panels.statements import Choice, Statement, cast_vote
from tests.conftest import BOTH, DAY, NOON
from tests.panels.conftest import Door, visitor
from tests.panels.test_digests import mails

pytestmark = BOTH


@pytest.fixture
def eight(db: Session) -> None:
    """Let eight members be silent in all, and others besides who have answered or want no reminders.

    Of the eight Nils and five more have e-mail, one has none, and one chose letters.
    """
    for name in ("a", "b", "c", "d", "e", "letter", "paper", "muted", "left", "declined", "guest"):
        person = people.ensure(db, f"{name}@example.fi", name=name)
        kind = MemberKind.GUEST if name == "guest" else MemberKind.DRAWN
        seat = take_seat(db, 1, person.id, kind, takes_part=name != "declined")
        if name == "letter":
            members.choose_channel(db, seat, Reach.LETTER, "Rantatie 1")
    people.ensure(db, "paper@example.fi").email = None
    notices.switch(db, people.ensure(db, "muted@example.fi").id, Topic.REMINDERS, on=False)
    notices.follow(db, visitor(db, "left"), on=False)
    cast_vote(db, visitor(db, "aino"), 1, Choice.PASS, key="1" * 32, seen=0)


@pytest.mark.usefixtures("eight")
def test_one_press_reminds_the_silent_once_in_48_hours_f9(db: Session, come: Door) -> None:
    eero = come("eero")
    assert reminders.silent(db, eero) == Silent(by_mail=6, by_letter=2)
    assert reminders.remind(db, eero) == 8
    assert mails(db) == ["Nils", "a", "b", "c", "d", "e"]
    assert letters.count_waiting(db, 1) == 2
    assert reminders.silent(db, eero) == Silent(0, 0)
    with pytest.raises(RefusedError) as refused:
        reminders.remind(db, eero._replace(now=NOON + DAY))
    assert (refused.value.code, refused.value.values) == ("reminded_lately", {"hours": 25})
    later = eero._replace(now=NOON + 2 * DAY + 60)
    assert reminders.pause_ends(db, later) is None
    assert reminders.remind(db, later) == 8


def test_eight_mails_go_to_eight_people_f9(db: Session, come: Door) -> None:
    for number in range(6):  # besides Aino and Nils
        take_seat(db, 1, people.ensure(db, f"{number}@example.fi", name=str(number)).id, MemberKind.DRAWN)
    assert reminders.remind(db, come("eero")) == 8
    assert len(mails(db)) == 8
    (item,) = digests.items_of_mail(db, come("aino").person or 0, "2026-11-21")
    assert (item.event, item.matter.name) == (Event.REMINDED, PhaseName.VOTE)


def test_who_was_reminded_by_the_clock_is_left_alone_and_the_other_way_round_f9(
    db: Session, come: Door
) -> None:
    vote = db.scalars(select(Phase).where(Phase.panel_id == 1, Phase.name == PhaseName.VOTE)).one()
    vote.ends_at = NOON + 4 * DAY
    db.flush()
    assert reminders.remind(db, come("eero")) == 2
    set_clock(db, NOON + 1.9 * DAY)
    digests.notice_time(db)
    assert len(mails(db, "2026-11-23")) == 2  # the facilitator's, which waited until now
    set_clock(db, NOON + 2.1 * DAY)
    digests.notice_time(db)
    assert reminders.remind(db, come("eero")) == 0
    assert len(mails(db, "2026-11-24")) == 2


def test_nobody_is_reminded_outside_voting_or_from_another_panel_f9(db: Session, come: Door) -> None:
    people.give_role(db, people.ensure(db, "eero@example.fi"), Role.FACILITATOR, panel=2)
    assert reminders.remind(db, come("eero", "harbour")) == 0
    ended = come("eero")._replace(now=NOON + 90 * DAY, phase=None)
    assert reminders.silent(db, ended) == Silent(0, 0)
    with pytest.raises(ClosedError):
        reminders.remind(db, ended)


@pytest.mark.usefixtures("eight")
def test_progress_counts_who_acted_and_never_how_f9(db: Session, come: Door) -> None:
    codes.add(db, "library", codes.draw(1), CodeKind.MEMBER)
    undecided = people.ensure(db, "undecided@example.fi")
    take_seat(db, 1, undecided.id, MemberKind.OPEN, takes_part=None)
    gone = people.ensure(db, "gone@example.fi")
    db.get_one(Member, take_seat(db, 1, gone.id, MemberKind.OPEN)).left_at = NOON
    db.flush()
    assert reminders.count(db, 1) == Progress(members=13, joined=12, agreed=11, answered=1, answered_all=0)
    for number, statement in enumerate(db.scalars(select(Statement.id).where(Statement.panel_id == 1)).all()):
        if number:
            cast_vote(db, come("aino"), statement, Choice.AGREE, key=f"{number:032x}", seen=0)
    assert reminders.count(db, 1)[3:] == (1, 1)
    assert reminders.count(db, 2) == Progress(0, 0, 0, 0, 0)
