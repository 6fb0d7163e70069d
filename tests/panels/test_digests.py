from datetime import datetime

import pytest
from sqlalchemy import delete, select

from panels import consents, digests, members, moderation, notices, people, statements
from panels.consents import ConsentKind
from panels.database import Session, set_clock
from panels.jobs import Job
from panels.members import MemberKind, Reach, take_seat
from panels.notices import Event, Notice, Topic
from panels.panels import ZONE, Panel, Phase, PhaseName
from panels.statements import Choice, Statement, cast_vote
from tests.conftest import BOTH, DAY, NOON
from tests.panels.conftest import visitor

pytestmark = BOTH

TODAY, TOMORROW = "2026-11-21", "2026-11-22"
HOUR = 3600


def decide(db: Session, number: int = 1) -> Statement:
    """Let a statement of Aino have been published a minute ago."""
    words, key = f"Open the library on day {number}.", f"{number:032x}"
    statement = statements.send(db, visitor(db, "aino"), {"fi": words}, "fi", key=key)
    moderation.approve(db, visitor(db, "eero")._replace(now=NOON - 60), statement, seen=1)
    return statement


def mails(db: Session, day: str = TODAY) -> list[str]:
    """Leave the day's mails; return the names of who gets one."""
    db.execute(delete(Job))
    while digests.leave_mails(db, day):
        pass
    found = [job.arguments for job in db.scalars(select(Job).where(Job.task == "send_digest"))]
    assert all(mail["template"] == "digest" and mail["day"] == day for mail in found)
    return sorted(people.get(db, mail["person"]).name for mail in found)


def events(db: Session, name: str, day: str = TODAY) -> list[Event]:
    return [item.event for item in digests.items_of_mail(db, visitor(db, name).person or 0, day)]


def ending(db: Session, days: float) -> Phase:
    """Let the library's vote end so many days after noon."""
    vote = db.scalars(select(Phase).where(Phase.panel_id == 1, Phase.name == PhaseName.VOTE)).one()
    vote.ends_at = NOON + days * DAY
    db.flush()
    return vote


def test_mails_are_due_from_17_on_by_finnish_clocks() -> None:
    def at(*moment: int) -> float:
        return datetime(*moment, tzinfo=ZONE).timestamp()  # type: ignore[arg-type,misc]

    assert digests.day_of(at(2026, 11, 21, 16, 59)) == ""
    assert digests.day_of(at(2026, 11, 21, 17, 0)) == TODAY
    assert digests.day_of(at(2026, 7, 1, 23, 59)) == "2026-07-01"


def test_there_is_at_most_one_mail_a_day_r15(db: Session) -> None:
    decide(db, 1)
    decide(db, 2)
    assert mails(db) == ["Aino"]
    assert events(db, "aino") == [Event.DECIDED, Event.DECIDED]
    decide(db, 3)
    assert mails(db) == []
    assert mails(db, TOMORROW) == ["Aino"]
    assert events(db, "aino", TOMORROW) == [Event.DECIDED]
    assert mails(db, TOMORROW) == []


def test_what_is_ones_own_is_told_first(db: Session) -> None:
    seat = visitor(db, "aino").seat
    for event in (Event.CLOSING, Event.PHASE):
        notices.tell(db, event, ending(db, 9).id, seat=seat, at=NOON - DAY)
    notices.tell(db, Event.DECIDED, 1, seat=seat, at=NOON)
    assert mails(db) == ["Aino"]
    assert events(db, "aino") == [Event.DECIDED, Event.PHASE, Event.CLOSING]


def test_many_people_are_served_some_at_a_time(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "AT_ONCE", 1)
    notices.tell_followers(db, Event.PHASE, 2, panel=1, at=NOON)
    assert mails(db) == ["Aino", "Nils"]


def test_what_nobody_wants_mail_of_is_not_mailed_later_either(db: Session) -> None:
    aino = visitor(db, "aino").person or 0
    notices.switch(db, aino, Topic.OWN, on=False)
    decide(db)
    assert mails(db) == []
    notices.switch(db, aino, Topic.OWN, on=True)
    assert mails(db, TOMORROW) == []
    assert [item.event for item in digests.items_of_person(db, aino, 5)] == [Event.DECIDED]


def test_who_has_no_address_waits_for_a_letter(db: Session) -> None:
    decide(db)
    people.get(db, visitor(db, "aino").person or 0).email = None
    db.flush()
    assert mails(db) == []
    assert db.scalars(select(Notice.told_on)).all() == [None]


def test_followers_are_told_once_of_a_phase_that_began(db: Session) -> None:
    vote = ending(db, 9)
    digests.notice_time(db)
    assert mails(db) == []  # it began nine days ago
    vote.starts_at = NOON - HOUR
    db.flush()
    for day in (TODAY, TOMORROW):
        digests.notice_time(db)
        assert mails(db, day) == (["Aino", "Nils"] if day == TODAY else [])
    (item,) = digests.items_of_mail(db, visitor(db, "aino").person or 0, TODAY)
    assert (item.event, item.matter, item.panel.slug) == (Event.PHASE, vote, "library")


def test_moderators_are_told_once_a_day_of_what_still_waits_f6(db: Session) -> None:
    digests.notice_time(db)
    assert mails(db) == []
    sent = statements.send(db, visitor(db, "aino"), {"fi": "Kirjasto auki aina."}, "fi", key="f" * 32)
    for day in (TODAY, TOMORROW):
        digests.notice_time(db)
        assert mails(db, day) == ["Eero", "Minna"]
    (item,) = digests.items_of_mail(db, visitor(db, "minna").person or 0, TODAY)
    assert (item.event, item.matter.total, item.matter.matters) == (Event.WAITING, 1, [sent])
    moderation.approve(db, visitor(db, "minna"), sent, seen=1)
    assert events(db, "minna") == []


def test_a_panel_that_is_not_open_tells_nothing(db: Session) -> None:
    ending(db, 1).starts_at = NOON - HOUR
    db.get_one(Panel, 1).opened_at = None
    db.flush()
    digests.notice_time(db)
    assert mails(db) == []


def test_a_reminder_goes_only_to_who_has_not_answered(db: Session) -> None:
    take_seat(db, 1, people.ensure(db, "guest@example.fi", name="Guest").id, MemberKind.GUEST)
    undecided = people.ensure(db, "undecided@example.fi", name="Undecided")
    take_seat(db, 1, undecided.id, MemberKind.OPEN, takes_part=None)
    cast_vote(db, visitor(db, "aino"), 1, Choice.PASS, key="1" * 32, seen=0)
    ending(db, 3)
    digests.notice_time(db)
    assert mails(db) == []
    ending(db, 2)
    digests.notice_time(db)
    assert mails(db) == ["Nils"]
    assert events(db, "nils") == [Event.CLOSING]


def test_who_answers_before_the_hour_is_reminded_no_more_f9(db: Session) -> None:
    ending(db, 2)
    digests.notice_time(db)
    cast_vote(db, visitor(db, "aino"), 1, Choice.PASS, key="1" * 32, seen=0)
    assert mails(db) == ["Nils"]
    assert digests.items_of_person(db, visitor(db, "aino").person or 0, 5) == []


def test_nobody_is_reminded_twice_within_48_hours(db: Session) -> None:
    nils = visitor(db, "nils").person or 0
    take_seat(db, 2, nils, MemberKind.OPEN)
    ending(db, 2)
    digests.notice_time(db)
    harbour = db.scalars(select(Phase).where(Phase.panel_id == 2, Phase.name == PhaseName.VOTE)).one()
    harbour.ends_at = NOON + 3.2 * DAY
    assert mails(db) == ["Aino", "Nils"]
    for days, reminded in ((1, []), (2.1, ["Nils"])):
        set_clock(db, NOON + days * DAY)
        digests.notice_time(db)
        assert mails(db, f"2026-11-2{2 + int(days)}") == reminded


def test_who_wants_no_reminder_is_left_alone(db: Session) -> None:
    notices.switch(db, visitor(db, "nils").person or 0, Topic.REMINDERS, on=False)
    ending(db, 1)
    digests.notice_time(db)
    assert mails(db) == ["Aino"]


def test_nobody_is_reminded_of_statements_that_are_not_there(db: Session) -> None:
    for statement in db.scalars(select(Statement)):
        statement.state = statements.State.HIDDEN
    ending(db, 1)
    digests.notice_time(db)
    assert mails(db) == []


@pytest.mark.parametrize("event", [Event.ANSWERED, Event.SUMMARY, Event.CLOSING])
def test_what_is_gone_by_the_hour_is_told_no_more(db: Session, event: Event) -> None:
    seat = visitor(db, "aino").seat
    notices.tell(db, event, 999, seat=seat, at=NOON)
    assert mails(db) == []
    assert digests.items_of_person(db, visitor(db, "aino").person or 0, 5) == []


@pytest.mark.parametrize("channel", list(Reach))
def test_who_chose_letters_or_calls_gets_no_mail_r5(db: Session, channel: Reach) -> None:
    members.choose_channel(db, visitor(db, "nils").seat, channel, "")
    by_mail = ["Nils"] if channel is Reach.EMAIL else []
    notices.tell_followers(db, Event.PHASE, 2, panel=1, at=NOON)
    assert mails(db) == ["Aino", *by_mail]
    ending(db, 2)
    digests.notice_time(db)
    assert mails(db, TOMORROW) == ["Aino", *by_mail]
    assert events(db, "nils", TOMORROW) == [Event.CLOSING] * len(by_mail)


def test_who_agreed_to_no_contact_is_not_reminded_r5(db: Session) -> None:
    consents.change(db, visitor(db, "nils").seat, ConsentKind.CONTACT, given=False)
    ending(db, 2)
    digests.notice_time(db)
    assert mails(db) == ["Aino"]
