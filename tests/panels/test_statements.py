from collections.abc import Mapping

import pytest
from sqlalchemy import delete, select

from panels import statements
from panels.database import Session, set_clock
from panels.errors import ClosedError, ConflictError, NotFoundError, RefusedError
from panels.order import Weight, weigh
from panels.panels import Phase, PhaseName
from panels.statements import Choice, Origin, State, Statement, Vote, cast_vote
from tests.conftest import BOTH, DAY, NOON, texts
from tests.panels.conftest import visitor

pytestmark = BOTH

KEYS = [f"{n:032x}" for n in range(40)]
WORDS = "The library should open on Sundays."


def send(db: Session, words: str = WORDS, *, name: str = "aino", key: str = KEYS[0]) -> Statement:
    return statements.send(db, visitor(db, name), {"fi": words}, "fi", key=key)


def votes(db: Session) -> list[tuple[int | None, int]]:
    return [(vote.choice, vote.version) for vote in db.scalars(select(Vote).order_by(Vote.statement_id))]


def test_a_retry_of_a_vote_counts_once(db: Session) -> None:
    for _ in range(2):
        cast_vote(db, visitor(db, "aino"), 1, Choice.AGREE, key=KEYS[0], seen=0)
    assert votes(db) == [(1, 1)]


def test_the_new_answer_counts_alone_r10(db: Session) -> None:
    cast_vote(db, visitor(db, "aino"), 1, Choice.AGREE, key=KEYS[0], seen=0)
    cast_vote(db, visitor(db, "aino"), 1, Choice.DISAGREE, key=KEYS[1], seen=1)
    assert votes(db) == [(-1, 2)]


def test_a_form_that_came_late_changes_nothing(db: Session) -> None:
    cast_vote(db, visitor(db, "aino"), 1, Choice.AGREE, key=KEYS[0], seen=0)
    with pytest.raises(ConflictError):
        cast_vote(db, visitor(db, "aino"), 1, Choice.DISAGREE, key=KEYS[1], seen=0)
    assert votes(db) == [(1, 1)]


def test_taking_an_answer_back_keeps_the_row(db: Session) -> None:
    cast_vote(db, visitor(db, "aino"), 1, Choice.AGREE, key=KEYS[0], seen=0)
    cast_vote(db, visitor(db, "aino"), 1, None, key=KEYS[1], seen=1)
    assert votes(db) == [(None, 2)]
    assert statements.answers(db, visitor(db, "aino")).given == set()


@pytest.mark.parametrize("days", [-10, 9])
def test_a_vote_outside_the_phase_is_refused_v3(db: Session, days: int) -> None:
    set_clock(db, NOON + days * DAY)
    with pytest.raises(ClosedError):
        cast_vote(db, visitor(db, "aino"), 1, Choice.AGREE, key=KEYS[0], seen=0)
    assert votes(db) == []


def test_nobody_without_a_seat_has_answers(db: Session) -> None:
    assert statements.answers(db, visitor(db, "ville")) == {}


def test_a_statement_of_another_panel_is_not_found(db: Session) -> None:
    aino = visitor(db, "aino")
    added = statements.add(db, aino, texts("One sentence more"), "fi")
    assert statements.get(db, aino.panel, added.number) is added
    with pytest.raises(NotFoundError):
        statements.get(db, visitor(db, "aino", "harbour").panel, added.number)
    with pytest.raises(NotFoundError):
        statements.deck(db, visitor(db, "aino", "harbour")).card(added.number)


def test_a_sent_statement_waits_with_its_writers_agreement_v10_v11(db: Session) -> None:
    sent = send(db)
    assert (sent.state, sent.number, sent.origin, sent.version) == (State.WAITING, 4, Origin.RESIDENT, 1)
    assert statements.answers(db, visitor(db, "aino")).choice(sent.id) == Choice.AGREE
    assert sent.id not in statements.deck(db, visitor(db, "aino")).cards


def test_the_same_form_sent_twice_is_one_statement(db: Session) -> None:
    assert send(db).id == send(db).id
    assert len(statements.written_by(db, visitor(db, "aino").seat)) == 1


def test_another_text_under_a_used_key_is_a_conflict(db: Session) -> None:
    send(db)
    with pytest.raises(ConflictError):
        send(db, "The library should close on Mondays.")


@pytest.mark.parametrize(("words", "code"), [("x" * 9, "too_short"), ("x" * 201, "too_long")])
def test_a_statement_has_10_to_200_characters_r11(db: Session, words: str, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        send(db, words)
    assert (refused.value.code, refused.value.field) == (code, "text")
    assert [len(send(db, "x" * n, key=KEYS[n // 100]).texts["fi"]) for n in (10, 200)] == [10, 200]


def test_statements_are_written_while_voting_is_open(db: Session) -> None:
    set_clock(db, NOON + 9 * DAY)
    with pytest.raises(ClosedError):
        send(db)


@pytest.mark.parametrize("words", ["LIBRARY  sentence 2 (fi)!", "Library sentence, 2: sv."])
def test_the_same_sentence_again_names_the_statement_v45(db: Session, words: str) -> None:
    with pytest.raises(RefusedError) as refused:
        send(db, words)
    assert (refused.value.code, refused.value.values) == ("same_statement", {"number": 2})
    assert send(db, "Library sentence 20 (fi)").number == 4  # the refusal left the form's key free


def test_the_writers_own_waiting_sentence_again_is_refused(db: Session) -> None:
    send(db)
    with pytest.raises(RefusedError, match="sent_already"):
        send(db, WORDS.upper(), key=KEYS[1])
    assert send(db, "Something else about the library.", key=KEYS[1]).number == 5
    assert (
        send(db, name="nils", key=KEYS[2]).number == 6
    )  # what others wrote stays unknown until it is published


def test_five_may_wait_and_twenty_be_sent(db: Session) -> None:
    for n in range(20):
        sent = send(db, f"Sentence of the library, number {n}", key=KEYS[n])
        if n == 4:
            with pytest.raises(RefusedError, match="too_many_waiting"):
                send(db, key=KEYS[30])
        if n >= 4:
            sent.state = State.SENT_BACK
            db.flush()
    with pytest.raises(RefusedError, match="too_many_statements"):
        send(db, key=KEYS[30])


def test_the_organisers_statement_is_published_at_once_v12(db: Session) -> None:
    before = visitor(db, "aino").edition
    added = statements.add(db, visitor(db, "eero"), texts("One sentence more"), "fi", theme=texts("Hours"))
    assert (added.state, added.origin, added.number) == (State.PUBLISHED, Origin.SEED, 4)
    assert visitor(db, "aino").edition != before
    assert statements.deck(db, visitor(db, "aino")).card(4).theme == texts("Hours")


def test_the_organiser_adds_before_voting_but_not_after(db: Session) -> None:
    set_clock(db, NOON - 20 * DAY)
    statements.add(db, visitor(db, "eero"), texts("One sentence more"), "fi")
    set_clock(db, NOON + 9 * DAY)
    with pytest.raises(ClosedError):
        statements.add(db, visitor(db, "eero"), texts("And yet another one"), "fi")
    db.execute(delete(Phase).where(Phase.name == PhaseName.VOTE))
    statements.add(db, visitor(db, "eero"), texts("And yet another one"), "fi")


def test_the_organiser_does_not_say_the_same_twice(db: Session) -> None:
    with pytest.raises(RefusedError, match="same_statement"):
        statements.add(db, visitor(db, "eero"), {"fi": "Library sentence 1 – fi"}, "fi")
    with pytest.raises(RefusedError, match="too_short") as refused:
        statements.add(db, visitor(db, "eero"), {"fi": "Long enough now", "sv": "kort"}, "fi")
    assert refused.value.field == "sv"


def test_staff_are_warned_of_no_statements_or_none_published_v4(db: Session) -> None:
    panel = visitor(db, "eero").panel
    assert statements.warnings(db, panel) == []
    for statement in db.scalars(select(Statement).where(Statement.panel_id == panel)):
        statement.state = State.WAITING
    db.flush()
    assert statements.warnings(db, panel) == ["none_published"]
    db.execute(delete(Statement).where(Statement.panel_id == panel))
    assert statements.warnings(db, panel) == ["no_statements"]


def test_while_one_visitor_counts_the_others_get_the_deck_before(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = statements.deck(db, visitor(db, "aino"))
    set_clock(db, NOON + 2 * statements.OLDEST)
    meanwhile = []

    def slow(counts: Mapping[int, tuple[int, int, int]]) -> dict[int, Weight]:
        meanwhile.append(statements.deck(db, visitor(db, "aino")))
        return weigh(counts)

    monkeypatch.setattr(statements, "weigh", slow)
    again = statements.deck(db, visitor(db, "aino"))
    assert len(meanwhile) == 1
    assert meanwhile[0].weights is first.weights
    assert again.weights is not first.weights


def test_the_deck_is_read_anew_after_a_second_or_a_change(db: Session) -> None:
    first = statements.deck(db, visitor(db, "aino"))
    assert statements.deck(db, visitor(db, "aino")) is first
    cast_vote(db, visitor(db, "aino"), first.numbers[1], Choice.AGREE, key=KEYS[0], seen=0)
    set_clock(db, NOON + 2)
    assert statements.deck(db, visitor(db, "aino")).weights != first.weights
