import pytest

from panels import digests, letters, messages, notices, people
from panels.database import Session
from panels.errors import ConflictError, NotFoundError
from panels.members import MemberKind, take_seat
from panels.messages import Message
from panels.notices import Event, Topic
from tests.conftest import BOTH, NOON, texts
from tests.panels.conftest import Door
from tests.panels.test_digests import TOMORROW, events, mails

pytestmark = BOTH


def send(db: Session, come: Door, *, key: str = "a" * 32, title: str = "Meeting") -> Message:
    messages.send(db, come("eero"), texts(title), texts("Come at 17."), key=key)
    return messages.sent(db, 1)[0]


def newcomer(db: Session, name: str, **how: object) -> None:
    """Let somebody take a seat after the message."""
    seated = people.ensure(db, f"{name}@example.fi", name=name, language="en")
    kind = MemberKind.GUEST if how.get("guest") else MemberKind.OPEN
    take_seat(db, 1, seated.id, kind, takes_part=how.get("takes_part") is None or None)


def test_one_more_member_gets_one_further_mail_f10(db: Session, come: Door) -> None:
    message = send(db, come)
    assert mails(db) == ["Aino", "Nils"]
    newcomer(db, "late")
    newcomer(db, "guest", guest=True)
    newcomer(db, "undecided", takes_part=False)
    assert mails(db, TOMORROW) == []
    (item,) = digests.items_of_person(db, come("late").person or 0, 5)
    assert (item.event, item.matter) == (Event.MESSAGE, message)
    assert digests.items_of_person(db, come("undecided").person or 0, 5) == []
    assert messages.receivers(db, 1) == {message.id: (2, 1)}
    assert messages.tell(db, come("eero"), message) == 1
    assert mails(db, TOMORROW) == ["late"]
    assert messages.tell(db, come("eero"), message) == 0
    assert messages.receivers(db, 1) == {message.id: (3, 0)}
    assert len(digests.items_of_person(db, come("late").person or 0, 5)) == 1


def test_the_same_form_sends_one_message_f10(db: Session, come: Door) -> None:
    for _ in range(2):
        send(db, come)
    assert len(messages.sent(db, 1)) == 1
    with pytest.raises(ConflictError):
        send(db, come, title="Another")


def test_a_message_comes_with_what_else_is_told_that_day_and_by_letter_without_an_address_f10(
    db: Session, come: Door
) -> None:
    people.ensure(db, "nils@example.fi").email = None
    notices.tell(db, Event.PHASE, 2, seat=come("aino").seat, at=NOON - 1)
    send(db, come)
    assert mails(db) == ["Aino"]
    assert events(db, "aino") == [Event.PHASE, Event.MESSAGE]
    assert letters.count_waiting(db, 1) == 1


def test_who_wants_no_mail_of_the_panel_finds_the_message_on_their_page_f10(db: Session, come: Door) -> None:
    nils = come("nils")
    notices.switch(db, come("aino").person or 0, Topic.PANELS, on=False)
    notices.follow(db, nils, on=False)
    message = send(db, come)
    assert mails(db) == []
    for name in ("aino", "nils"):
        assert [item.matter for item in digests.items_of_person(db, come(name).person or 0, 5)] == [message]
    assert messages.receivers(db, 1) == {message.id: (1, 0)}


def test_a_message_is_its_panels_and_newest_first_f10(db: Session, come: Door) -> None:
    first = send(db, come)
    second = send(db, come, key="b" * 32)
    assert messages.sent(db, 1) == [second, first]
    assert messages.get(db, 1, first.id) == first
    for panel, number in ((2, first.id), (1, 999)):
        with pytest.raises(NotFoundError):
            messages.get(db, panel, number)
