import pytest
from sqlalchemy import select

from panels import moderation, people, queue, statements
from panels.database import Engine, Session, set_clock, writing
from panels.errors import ConflictError, RefusedError
from panels.history import HistoryLine, HistoryOpening
from panels.members import Visitor, arrive_as
from panels.moderation import UNDO, Kind, Reason, State
from panels.notices import Event, Notice
from panels.reasons import VoteReason
from panels.statements import Statement
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
        found = queue.waiting(db, 1, list(Kind))
        assert found.matters == [early, late]
        assert (found.counts, found.oldest, found.total) == ({Kind.STATEMENT: 2}, early.sent_at, 2)
        assert queue.waiting(db, 1, list(Kind), only=Kind.APPEAL, page=7).matters == []


def test_an_approved_statement_is_offered_at_once_v11(engine: Engine) -> None:
    with writing(engine) as db:
        statement, eero = sent(db), come(db, "eero")
        moderation.approve(db, eero, statement, seen=1)
        assert statement.state is State.PUBLISHED
        assert (statement.decided_by, statement.decided_at) == (eero.person, eero.now)
        assert statement.id in statements.deck(db, come(db, "nils")).cards
        assert queue.count(db, 1, list(Kind)) == 0
        assert moderation.decided_since(db, eero.panel, NOON) == {State.PUBLISHED: 1}
        assert moderation.decided_since(db, eero.panel, NOON + 3600) == {}


def test_a_decision_can_be_undone_and_its_writer_hears_nothing_of_it_f6(engine: Engine) -> None:
    with writing(engine) as db:
        statement, eero, minna = sent(db), come(db, "eero"), come(db, "minna")
        moderation.send_back(db, eero, statement, Reason.QUESTION, "Se on kysymys.", seen=1)
        [decision] = moderation.just_decided(db, eero)
        assert db.scalars(select(Notice.at)).all() == [eero.now + UNDO]
        assert queue.undo(db, minna, [decision.id]) == 0, "another's decision stays"
        assert queue.undo(db, eero, [decision.id + 1]) == 0
        assert queue.undo(db, eero, [decision.id]) == 1
        assert (statement.state, statement.reason, statement.message) == (State.WAITING, "", "")
        assert told(db) == []
        assert moderation.decided_since(db, 1, NOON) == {}
        moderation.approve(db, minna, statement, seen=1)
        late = minna._replace(now=minna.now + UNDO + 1)
        assert queue.undo(db, late, [decision.id for decision in moderation.just_decided(db, minna)]) == 0
        assert statement.state is State.PUBLISHED


def test_what_changed_since_is_not_undone(engine: Engine) -> None:
    with writing(engine) as db:
        statement, eero = sent(db), come(db, "eero")
        moderation.approve(db, eero, statement, seen=1)
        statement.state = State.MERGED
        db.flush()
        [decision] = moderation.just_decided(db, eero)
        assert queue.undo(db, eero, [decision.id]) == 0
        assert statement.state is State.MERGED
        assert not moderation.undo(db, eero, decision, None), "its writer has removed it"


def test_a_reason_that_does_not_fit_the_text_is_refused(engine: Engine) -> None:
    with writing(engine) as db, pytest.raises(RefusedError, match="no_reason"):
        moderation.send_back(db, come(db, "eero"), VoteReason(), Reason.TWO_IDEAS, "Kaksi.", seen=1)


def test_decisions_write_the_panels_history_t28(engine: Engine) -> None:
    with writing(engine) as db:
        statement, eero = sent(db), come(db, "eero")
        moderation.send_back(db, eero, statement, Reason.QUESTION, "Se on kysymys.", seen=1)
        queue.undo(db, eero, [decision.id for decision in moderation.just_decided(db, eero)])
        moderation.approve(db, eero, statement, seen=1)
        lines = db.scalars(select(HistoryLine.act).order_by(HistoryLine.number)).all()
        assert lines[-3:] == ["statement_sent_back", "decision_undone", "statement_published"]
        details = db.scalars(select(HistoryOpening.details).order_by(HistoryOpening.number)).all()
        assert details[-3] == {"statement": statement.number, "rule": "question"}


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
