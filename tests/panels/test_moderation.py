import pytest
from sqlalchemy import select

from panels import moderation, people, statements
from panels.database import Engine, Session, set_clock, writing
from panels.errors import ConflictError, RefusedError
from panels.members import Visitor, arrive_as
from panels.moderation import Reason
from panels.notices import Event, Notice
from panels.statements import State, Statement
from tests.conftest import NOON


def come(db: Session, name: str) -> Visitor:
    person = people.by_email(db, f"{name}@example.fi")
    assert person is not None, name
    return arrive_as(db, "library", person.id)


def sent(db: Session, name: str = "aino", words: str = "Open the library on Sundays.") -> Statement:
    return statements.send(db, come(db, name), {"fi": words}, "fi", key=f"{len(words):032x}")


def told(db: Session) -> list[tuple[int, Event, int]]:
    """Return who is told what of which statement."""
    return [(notice.person_id, notice.event, notice.about) for notice in db.scalars(select(Notice))]


def test_the_queue_is_oldest_first(engine: Engine) -> None:
    with writing(engine) as db:
        set_clock(db, NOON + 60)
        late = sent(db)
        set_clock(db, NOON)
        early = sent(db, "nils", "Close the library on Mondays.")
        panel = come(db, "eero").panel
        assert moderation.waiting(db, panel) == [early, late]
        assert moderation.count_waiting(db, panel) == 2


def test_an_approved_statement_is_offered_at_once_v11(engine: Engine) -> None:
    with writing(engine) as db:
        statement, eero = sent(db), come(db, "eero")
        moderation.approve(db, eero, statement, seen=1)
        assert (statement.state, statement.version) == (State.PUBLISHED, 2)
        assert (statement.decided_by, statement.decided_at) == (eero.person, eero.now)
        assert statement.id in statements.deck(db, come(db, "nils")).cards
        assert moderation.waiting(db, eero.panel) == []
        assert moderation.decided_since(db, eero.panel, NOON) == {State.PUBLISHED: 1}
        assert moderation.decided_since(db, eero.panel, NOON + 3600) == {}


def test_a_statement_sent_back_has_its_reason_and_a_message(engine: Engine) -> None:
    with writing(engine) as db:
        statement = sent(db)
        moderation.send_back(db, come(db, "eero"), statement, Reason.QUESTION, "Se on kysymys.", seen=1)
        assert (statement.state, statement.reason) == (State.SENT_BACK, "question")
        assert statement.message == "Se on kysymys."
        assert statement.id not in statements.deck(db, come(db, "nils")).cards


@pytest.mark.parametrize(("message", "code"), [("", "missing"), ("x" * 2001, "too_long")])
def test_a_message_has_up_to_2000_characters(engine: Engine, message: str, code: str) -> None:
    with writing(engine) as db:
        with pytest.raises(RefusedError, match=code):
            moderation.send_back(db, come(db, "eero"), sent(db), Reason.QUESTION, message, seen=1)
        assert told(db) == []


def test_the_writer_is_told_once(engine: Engine) -> None:
    with writing(engine) as db:
        statement, aino = sent(db), come(db, "aino")
        for _ in range(2):  # the same decision sent twice
            moderation.approve(db, come(db, "eero"), statement, seen=1)
        assert told(db) == [(aino.person, Event.DECIDED, statement.id)]


def test_the_second_of_two_moderators_changes_nothing(engine: Engine) -> None:
    with writing(engine) as db:
        statement = sent(db)
        moderation.approve(db, come(db, "eero"), statement, seen=1)
        with pytest.raises(ConflictError):
            moderation.send_back(db, come(db, "minna"), statement, Reason.QUESTION, "Se on kysymys.", seen=1)
        assert (statement.state, len(told(db))) == (State.PUBLISHED, 1)
