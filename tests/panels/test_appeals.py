from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import select

from panels import appeals, moderation, people, queue, reasons, statements
from panels.appeals import DAYS, LONGEST, Outcome
from panels.database import Base, Session, connect, set_clock, writing
from panels.errors import ConflictError, ForbiddenError, NotFoundError, RefusedError
from panels.members import Visitor, arrive_as
from panels.moderation import Kind, Reason
from panels.notices import Event, Notice
from panels.people import StaffRole
from panels.permissions import Role
from panels.reasons import VoteReason
from panels.statements import Choice, State, Statement
from tests.conftest import DAY, NOON, furnish

WHY = "Tästä voi olla samaa mieltä."


@pytest.fixture
def db(either_database: str) -> Iterator[Session]:
    """Open a transaction in which Minna sent back Aino's statement and her reason, on both databases."""
    engine = connect(either_database)
    Base.metadata.create_all(engine)
    with writing(engine) as db:
        set_clock(db, NOON)
        furnish(db)
        aino, minna = come(db, "aino"), come(db, "minna")
        sent = statements.send(db, aino, {"fi": "Mitä kirjasto maksaa?"}, "fi", key="a" * 32)
        moderation.send_back(db, minna, sent, Reason.QUESTION, "Se on kysymys.", seen=1)
        statements.cast_vote(db, aino, 1, Choice.AGREE, key="b" * 32, seen=0)
        tell(db, "Naapurini on äänekäs.")
        moderation.send_back(db, minna, reason(db), Reason.PERSONAL, "Se koskee ihmistä.", seen=1)
        yield db
    engine.dispose()


def come(db: Session, name: str) -> Visitor:
    person = people.by_email(db, f"{name}@example.fi")
    assert person is not None, name
    return arrive_as(db, "library", person.id)


def tell(db: Session, words: str) -> None:
    aino = come(db, "aino")
    reasons.add(db, aino, statements.deck(db, aino).card(1), reasons.Draft(False, words, "fi"))


def reason(db: Session) -> VoteReason:
    return db.scalars(select(VoteReason)).one()


def statement(db: Session) -> Statement:
    return statements.get(db, 1, 4)


def waiting(db: Session) -> Sequence[queue.Matter]:
    return queue.waiting(db, 1, [Kind.APPEAL]).matters


def appeal(db: Session, number: int = 4, why: str = WHY) -> appeals.Appeal:
    aino = come(db, "aino")
    appeals.send(db, aino, appeals.own(db, aino, number), why)
    return next(one for one in appeals.of_member(db, aino.seat).values() if one.why == why)


@pytest.mark.parametrize("number", [4, 1])
def test_somebody_else_publishes_what_was_sent_back_and_its_writer_is_told_r12(
    db: Session, number: int
) -> None:
    made, eero = appeal(db, number), come(db, "eero")
    assert waiting(db) == [made]
    with pytest.raises(ForbiddenError):
        appeals.decide(db, come(db, "minna"), made, Outcome.PUBLISHED, "Niin voi.")
    assert made.matter.state is State.SENT_BACK
    for _ in range(2):  # the same form sent twice
        appeals.decide(db, eero, made, Outcome.PUBLISHED, "Niin voi.")
    assert (made.matter.state, made.matter.reason, made.rule) == (
        State.PUBLISHED,
        "",
        Reason.QUESTION if number == 4 else Reason.PERSONAL,
    )
    told = db.scalars(select(Notice).where(Notice.event == Event.APPEAL_DECIDED)).all()
    assert [(notice.person_id, notice.about) for notice in told] == [(come(db, "aino").person, made.id)]
    assert waiting(db) == []
    with pytest.raises(ConflictError):
        appeals.decide(db, eero, made, Outcome.UPHELD, "Ei voi.")
    if number == 4:
        assert statements.deck(db, come(db, "eero")).card(4).texts == {"fi": "Mitä kirjasto maksaa?"}
        assert statements.answers(db, come(db, "aino")).choice(statement(db).id) == Choice.AGREE


def test_a_decision_that_is_upheld_stays_r12(db: Session) -> None:
    made = appeal(db)
    for answer, code in (("", "missing"), ("x" * (LONGEST + 1), "too_long")):
        with pytest.raises(RefusedError, match=code):
            appeals.decide(db, come(db, "eero"), made, Outcome.UPHELD, answer)
    appeals.decide(db, come(db, "eero"), made, Outcome.UPHELD, "Se on kysymys.")
    assert statement(db).state is State.SENT_BACK
    assert appeals.against(db, statement(db)) == made


def test_a_decision_is_appealed_against_once_and_in_time_r12(db: Session) -> None:
    for why, code in (("Ei.", "too_short"), ("x" * (LONGEST + 1), "too_long")):
        with pytest.raises(RefusedError, match=code):
            appeal(db, why=why)
    assert appeal(db) == appeal(db)
    with pytest.raises(RefusedError, match="appealed_already"):
        appeal(db, why="Eihän tämä ole kysymys.")
    set_clock(db, appeals.open_until(NOON))
    with pytest.raises(RefusedError, match="appeal_ended"):
        appeal(db, 1)
    set_clock(db, appeals.open_until(NOON) - 60)
    assert appeal(db, 1, "Naapureita on monta.").vote_reason == reason(db)
    assert appeals.open_until(NOON) - NOON == DAYS * DAY + DAY / 2


def test_only_the_writer_appeals_and_only_against_what_was_sent_back_r12(db: Session) -> None:
    for name, number in (("nils", 4), ("nils", 1), ("aino", 2), ("aino", 77)):
        with pytest.raises(NotFoundError):
            appeals.own(db, come(db, name), number)
    with pytest.raises(NotFoundError):
        appeals.get(db, 2, appeal(db).id)
    assert appeals.get(db, 1, appeal(db).id).why == WHY


def test_a_reason_written_anew_leaves_the_queue_r12(db: Session) -> None:
    made = appeal(db, 1)
    tell(db, "Melu haittaa.")
    assert waiting(db) == []
    with pytest.raises(ConflictError):
        appeals.decide(db, come(db, "eero"), made, Outcome.UPHELD, "Se koskee ihmistä.")
    tell(db, "")  # taken back, and the appeal with it
    assert list(db.scalars(select(appeals.Appeal))) == []


def test_the_appeal_goes_to_another_moderator_else_facilitator_else_administrator_r12(db: Session) -> None:
    found, first = [], come(db, "minna").person
    for gone in ("eero", "admin", ""):
        found.append(appeals.goes_to(db, 1, first))
        for role in db.scalars(select(StaffRole).where(StaffRole.person_id != first)):
            if gone and role.person_id == come(db, gone).person:
                db.delete(role)
        db.flush()
    assert found == [Role.FACILITATOR, Role.ADMINISTRATOR, None]
    assert appeals.goes_to(db, 1, None) is Role.MODERATOR


def test_an_answer_is_promised_in_working_days() -> None:
    assert appeals.answered_by(NOON).isoformat() == "2026-11-25"  # sent on a Saturday
