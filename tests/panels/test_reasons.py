import pytest

from panels import digests, moderation, queue, reasons, statements
from panels.database import Session, now, set_clock
from panels.errors import ClosedError, ConflictError, NotFoundError, RefusedError
from panels.moderation import UNDO, Kind, Reason
from panels.notices import Event
from panels.reasons import LONGEST, MOST_A_DAY, Draft, VoteReason
from panels.statements import Choice, State, cast_vote
from tests.conftest import BOTH, DAY, NOON
from tests.panels.conftest import visitor

pytestmark = BOTH

WHY = "Minulla ei ole autoa."
KEYS = iter(range(1000))


@pytest.fixture(autouse=True)
def _votes(db: Session) -> None:
    """Let Aino and Nils answer statement 1."""
    for name in ("aino", "nils"):
        vote(db, name, Choice.AGREE)


def vote(db: Session, name: str, choice: Choice | None, *, statement: int = 1, seen: int = 0) -> None:
    cast_vote(db, visitor(db, name), statement, choice, key=f"{next(KEYS):032x}", seen=seen)


def add(
    db: Session, text: str = WHY, *, important: bool = False, name: str = "aino", statement: int = 1
) -> None:
    writer = visitor(db, name)
    card = statements.deck(db, writer).card(statement)
    reasons.add(db, writer, card, Draft(important, text, "fi"))


def own(db: Session, name: str = "aino") -> VoteReason:
    return reasons.added(db, visitor(db, name).seat).reasons[1]


def decide(db: Session, refusal: Reason | None = None, *, seen: int = 1) -> None:
    eero = visitor(db, "eero")
    if refusal:
        moderation.send_back(db, eero, own(db), refusal, "Kiitos.", seen=seen)
    else:
        moderation.approve(db, eero, own(db), seen=seen)


def texts(db: Session) -> list[str]:
    return [row.texts["fi"] for row in reasons.published(db, 1)]


def test_a_reason_waits_and_is_seen_once_published_v46(db: Session) -> None:
    add(db)
    assert queue.waiting(db, 1, [Kind.REASON]).matters == [own(db)]
    assert texts(db) == []
    decide(db)
    assert texts(db) == [WHY]
    assert own(db).decided_by == visitor(db, "eero").person
    assert own(db).decided_at is not None
    assert queue.waiting(db, 1, [Kind.REASON]).matters == []


def test_a_reason_sent_back_has_its_cause_and_is_not_seen_v46(db: Session) -> None:
    add(db)
    decide(db, Reason.PRIVATE)
    assert (own(db).state, own(db).reason) == (State.SENT_BACK, "private")
    assert texts(db) == []


def test_a_decision_sent_twice_counts_once_and_another_is_a_conflict(db: Session) -> None:
    add(db)
    decide(db)
    decide(db)
    with pytest.raises(ConflictError):
        decide(db, Reason.PERSONAL)
    assert own(db).state is State.PUBLISHED


def test_a_text_that_changed_meanwhile_is_not_published_unread(db: Session) -> None:
    add(db)
    add(db, "Jotain muuta.")
    with pytest.raises(ConflictError):
        decide(db)
    decide(db, seen=2)
    assert texts(db) == ["Jotain muuta."]


def test_a_mended_reason_waits_again_without_its_old_decision(db: Session) -> None:
    add(db)
    decide(db, Reason.PERSONAL)
    add(db, "Jotain muuta.")
    assert (own(db).state, own(db).reason, own(db).decided_at) == (State.WAITING, "", None)


def test_the_same_text_again_stays_decided(db: Session) -> None:
    add(db)
    decide(db)
    add(db)
    assert own(db).state is State.PUBLISHED


def test_the_writer_is_told_of_each_decision_until_it_is_written_anew_or_taken_back_r15(db: Session) -> None:
    def told(name: str = "aino") -> list[tuple[Event, VoteReason]]:
        set_clock(db, now(db) + 2 * UNDO)
        found = digests.items_of_person(db, visitor(db, name).person or 0, 5)
        return [(item.event, item.matter) for item in found]

    add(db)
    add(db, name="nils")
    assert told() == []
    decide(db)
    decide(db)
    assert told() == [(Event.REASON_DECIDED, own(db))]
    assert told("nils") == []
    add(db, "Jotain muuta.")
    assert told() == []
    decide(db, Reason.PRIVATE, seen=2)
    assert told() == [(Event.REASON_DECIDED, own(db))]
    add(db, "")
    assert told() == []


def test_an_empty_text_takes_the_reason_back_v46(db: Session) -> None:
    add(db)
    add(db, "")
    add(db, "")
    assert reasons.added(db, visitor(db, "aino").seat).reasons == {}


def test_a_reason_speaks_only_for_the_answer_it_was_given_with_v46(db: Session) -> None:
    add(db)
    decide(db)
    vote(db, "aino", Choice.DISAGREE, seen=1)
    assert texts(db) == []
    add(db)
    assert own(db).state is State.WAITING
    vote(db, "aino", None, seen=2)
    assert queue.count(db, 1, [Kind.REASON]) == 0


def test_what_is_important_is_counted_of_those_who_answered_v46(db: Session) -> None:
    panel = visitor(db, "aino").panel
    for name in ("aino", "nils"):
        add(db, "", important=True, name=name)
        add(db, "", important=True, name=name)
    assert reasons.count_important(db, panel) == {1: 2}
    assert reasons.added(db, visitor(db, "aino").seat).important == {1}
    vote(db, "nils", None, seen=1)
    assert reasons.count_important(db, panel) == {1: 1}
    edition = visitor(db, "aino").edition
    add(db, "")
    assert reasons.count_important(db, panel) == {}
    assert visitor(db, "aino").edition != edition, "the summary is counted anew"


def test_only_an_answer_can_have_a_reason_while_voting_is_open(db: Session) -> None:
    with pytest.raises(RefusedError) as refused:
        add(db, statement=2)
    assert (refused.value.code, refused.value.field) == ("not_answered", "important")
    vote(db, "aino", None, seen=1)
    with pytest.raises(RefusedError):
        add(db)
    set_clock(db, NOON + 9 * DAY)
    with pytest.raises(ClosedError):
        add(db)


def test_a_reason_has_at_most_300_characters_v46(db: Session) -> None:
    add(db, "x" * LONGEST)
    with pytest.raises(RefusedError) as refused:
        add(db, "x" * (LONGEST + 1))
    assert refused.value.values == {"most": LONGEST, "over": 1}


def test_reasons_are_few_a_day(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reasons, "MOST_A_DAY", 1)
    add(db)
    add(db, "Sama perustelu toisin.")
    vote(db, "aino", Choice.AGREE, statement=2)
    with pytest.raises(RefusedError) as refused:
        add(db, statement=2)
    assert refused.value.code == "reasons_a_day"
    set_clock(db, NOON + DAY + 1)
    add(db, statement=2)
    assert MOST_A_DAY == 30


def test_another_panels_reason_is_not_found(db: Session) -> None:
    add(db)
    assert queue.get(db, 1, own(db).place) is own(db)
    with pytest.raises(NotFoundError):
        queue.get(db, 2, own(db).place)
    assert queue.count(db, 2, [Kind.REASON]) == 0
