import itertools
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from panels import history, login, merges, moderation, panels, queue, reasons, similar, statements, summary
from panels.database import Engine, Session, set_clock, writing
from panels.errors import ClosedError, ConflictError, NotFoundError, RefusedError
from panels.members import Member, MemberKind, Visitor, arrive
from panels.merges import Counted, Merge, Wording
from panels.moderation import Kind
from panels.notices import Event, Notice
from panels.reasons import Important, VoteReason
from panels.statements import Choice, Origin, State, Statement, Vote
from tests.conftest import BOTH, DAY, NOON
from tests.panels.conftest import Door, visitor

pytestmark = BOTH
A, B = Choice.AGREE, Choice.DISAGREE
Given = tuple[int, int, Choice | None]
ANSWERS = st.tuples(st.integers(0, 4), st.integers(1, 3), st.sampled_from([A, B, Choice.PASS, None]))
"""An answer, by the places of its member and of its statement."""
CLOCK = itertools.count(1)
NEW = Wording({"fi": "Kirjasto on auki aina.", "sv": "Biblioteket är alltid öppet."}, "fi")


def give(db: Session, voter: Visitor, number: int, choice: Choice | None, *, after: float = 0) -> None:
    """Let the member answer the statement a while later, whatever they have answered before."""
    later = voter._replace(now=voter.now + after, edition=panels.get(db, 1).edition)
    statement = statements.deck(db, later).card(number).id
    seen = statements.answers(db, voter).version(statement)
    statements.cast_vote(db, later, statement, choice, key=f"{random.getrandbits(128):032x}", seen=seen)


def merge(db: Session, come: Door, words: Wording | int = 0, first: int = 1, second: int = 2) -> Merge:
    """Let Eero merge two statements, in new words or those of the one with this place."""
    both = merges.pair(db, 1, first, second)
    said = both[words] if isinstance(words, int) else words
    return merges.merge(db, come("eero"), both, said, seen=merges.mark(both))


def answer(db: Session, voter: Visitor, number: int) -> int | None:
    """Return what is stored of the member on the statement, asked about or not."""
    found = db.get(Vote, (voter.seat, statements.get(db, 1, number).id), populate_existing=True)
    return found.choice if found else None


def rows(db: Session, without: set[int]) -> dict[str, list[dict[str, Any]]]:
    """Return what is stored of statements and answers but for those of the merged statements."""
    db.flush()
    found = {}
    for kind in (Vote, VoteReason, Important, Statement):
        table: Any = kind.__table__
        column = table.c.id if kind is Statement else table.c.statement_id
        query = select(table).where(column.not_in(without)).order_by(*table.primary_key)
        found[table.name] = [dict(row) for row in db.execute(query).mappings()]
    return found


def voters(db: Session) -> int:
    """Return how many have answered what is asked about."""
    here = Vote.choice.is_not(None), Statement.panel_id == 1, Statement.state == State.PUBLISHED
    asked = select(func.count(Vote.member_id.distinct())).join(Statement).where(*here)
    return db.execute(asked).scalar_one()


def test_two_become_one_with_the_answers_of_both_f8(db: Session, come: Door) -> None:
    aino, nils = come("aino"), come("nils")
    give(db, aino, 1, A)
    give(db, aino, 2, B, after=1)
    give(db, nils, 2, Choice.PASS)
    assert merges.count(db, merges.pair(db, 1, 1, 2)) == Counted(1, 2, 1, 1)
    found = merge(db, come)
    assert merge(db, come) is found  # the same form sent twice
    assert found.statement.number == 4
    assert found.statement.texts == statements.get(db, 1, 1).texts
    assert found.kept is found.first
    assert [answer(db, aino, 4), answer(db, nils, 4)] == [B, Choice.PASS]
    assert [answer(db, aino, 1), answer(db, aino, 2)] == [A, B]
    deck = statements.deck(db, come("aino"))
    assert list(deck.numbers) == [3, 4]
    outcome = summary.analyse(summary.gather(db, 1))
    assert (outcome.voters, len(outcome.masked["statements"])) == (2, 2)


def test_an_answer_taken_back_is_none_and_a_later_pass_counts_f8(db: Session, come: Door) -> None:
    aino, nils = come("aino"), come("nils")
    give(db, aino, 1, A)
    give(db, aino, 2, B)
    give(db, aino, 2, None, after=1)
    give(db, nils, 1, A)
    give(db, nils, 2, Choice.PASS, after=1)
    assert merges.count(db, merges.pair(db, 1, 1, 2)) == Counted(2, 1, 1, 1)
    merge(db, come)
    assert [answer(db, aino, 4), answer(db, nils, 4)] == [A, Choice.PASS]


def test_splitting_gives_back_what_was_there_and_later_answers_to_the_kept_words_f8(
    db: Session, come: Door
) -> None:
    aino, nils = come("aino"), come("nils")
    give(db, aino, 1, A)
    give(db, nils, 2, B)
    found = merge(db, come)
    give(db, aino, 4, B, after=5)
    card = statements.deck(db, come("aino")).card(4)
    reasons.add(db, aino, card, reasons.Draft(True, "Tilaa on.", "fi"))
    for _ in range(2):  # the same button pressed twice
        merges.split(db, come("eero"), found)
    assert [answer(db, aino, 1), answer(db, nils, 1), answer(db, nils, 2)] == [B, None, B]
    assert [told.texts for told in reasons.added(db, aino.seat).reasons.values()] == [{"fi": "Tilaa on."}] * 2
    assert list(statements.deck(db, come("aino")).numbers) == [1, 2, 3]
    assert found.statement.state is State.SPLIT
    # a card of the merged statement that is still open answers the origin in whose words it is asked
    merges.cast_vote(db, come("nils"), 4, A, key="c" * 32, seen=1)
    assert [answer(db, nils, 1), answer(db, nils, 2)] == [A, B]


def test_answers_to_a_new_wording_stay_with_it_f8(db: Session, come: Door) -> None:
    aino, nils = come("aino"), come("nils")
    give(db, aino, 1, A)
    found = merge(db, come, NEW)
    assert (found.kept, found.statement.origin) == (None, Origin.SEED)
    give(db, nils, 4, B)
    give(db, aino, 4, B, after=1)
    merges.split(db, come("eero"), found)
    assert [answer(db, aino, 1), answer(db, nils, 1), answer(db, nils, 4)] == [A, None, B]
    with pytest.raises(ConflictError):
        merges.cast_vote(db, come("nils"), 4, A, key="c" * 32, seen=1)


def test_an_old_card_answers_the_merged_statement_once_f8(db: Session, come: Door) -> None:
    aino = come("aino")
    first, _ = merge(db, come), merge(db, come, first=3, second=4)
    for _ in range(2):  # a retry
        merges.cast_vote(db, come("aino"), 1, A, key="a" * 32, seen=0)
    assert [answer(db, aino, number) for number in (1, 4, 5)] == [A, A, A]
    give(db, aino, 5, B, after=5)
    merges.cast_vote(db, come("aino"), 1, A, key="a" * 32, seen=0)
    assert answer(db, aino, 5) == B
    merges.cast_vote(db, come("aino")._replace(now=aino.now + 9), 1, None, key="b" * 32, seen=1)
    assert answer(db, aino, 5) is None
    with pytest.raises(ConflictError):  # the newer one has to be split first
        merges.split(db, come("eero"), first)
    for number in (5, 77):
        with pytest.raises(NotFoundError):
            merges.onward(db, 1, number)


def test_reasons_and_importance_come_along_and_wait_once_f8(db: Session, come: Door) -> None:
    aino, nils = come("aino"), come("nils")
    for voter, number in ((aino, 1), (aino, 2), (nils, 2)):
        give(db, voter, number, A, after=number)
        card = statements.deck(db, voter).card(number)
        reasons.add(db, voter, card, reasons.Draft(voter is aino, f"Syy {number}.", "fi"))
    told = reasons.added(db, nils.seat).reasons[2]
    moderation.approve(db, come("eero"), told, seen=1)
    merge(db, come)
    assert [row.texts["fi"] for row in reasons.published(db, statements.get(db, 1, 4).id)] == ["Syy 2."]
    [waits] = queue.waiting(db, 1, [Kind.REASON]).matters
    assert isinstance(waits, VoteReason)
    assert (waits.texts, waits.statement.number) == ({"fi": "Syy 2."}, 4)
    assert reasons.count_important(db, 1)[statements.get(db, 1, 4).id] == 1


def test_both_writers_are_told_f8(db: Session, come: Door) -> None:
    sent = [
        statements.send(db, come(name), {language: words}, language, key=f"{words:a<32}"[:32])
        for name, language, words in (("aino", "fi", "Lisää tuoleja"), ("nils", "sv", "Fler stolar"))
    ]
    for statement in sent:
        statement.state = State.PUBLISHED
    panels.touch(panels.get(db, 1))
    found = merge(db, come, first=4, second=5)
    merges.split(db, come("eero"), found)
    told = db.execute(select(Notice.event, Notice.person_id).order_by(Notice.id)).all()
    assert history.first_fault(db, 1) == ""
    lines = [line for line in history.written(db, 1) if "statement_" in line]
    assert ["merged" in line for line in lines] == [True, False]
    assert all('"details":{"first":4,"second":5,"statement":6}' in line for line in lines)
    assert sorted(told) == sorted(
        (event, come(name).person) for event in (Event.MERGED, Event.SPLIT) for name in ("aino", "nils")
    )


def test_what_cannot_be_merged_is_refused_f8(db: Session, come: Door) -> None:
    eero, both = come("eero"), merges.pair(db, 1, 1, 2)
    with pytest.raises(NotFoundError):
        merges.pair(db, 1, 1, 1)
    with pytest.raises(NotFoundError):
        merges.get(db, 2, merge(db, come).id)
    with pytest.raises(ConflictError):
        merge(db, come, first=1, second=3)
    both = merges.pair(db, 1, 3, 4)
    with pytest.raises(ConflictError):
        merges.merge(db, eero, both, both[0], seen="of other words")
    with pytest.raises(RefusedError, match="too_short"):
        merge(db, come, Wording({"fi": "Ei."}, "fi"), 3, 4)
    with pytest.raises(RefusedError, match="same_statement"):
        similar.similar_statements(db, eero, "library sentence 2 (fi)", "fi")
    assert similar.similar_statements(db, eero, "Lentokenttä", "fi") == []
    with pytest.raises(NotFoundError):
        merges.about(db, 1, 3)
    set_clock(db, NOON + 9 * DAY)
    with pytest.raises(ClosedError):
        merges.split(db, come("eero"), merges.get(db, 1, 1))


def test_likely_pairs_are_suggested_most_alike_first_f8(db: Session, come: Door) -> None:
    for words in ("Kirjaston pitää olla auki sunnuntaina", "Kirjasto auki myös sunnuntaisin"):
        statements.add(db, come("eero"), {"fi": words}, "fi")
    statements.add(db, come("eero"), {"fi": "Bussit kulkevat liian harvoin"}, "fi")
    pairs = [(one.number, other.number) for one, other in similar.likely_pairs(db, come("eero"))]
    assert (4, 5) in pairs
    assert not any(6 in pair for pair in pairs)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    given_before=st.lists(ANSWERS, max_size=25),
    words=st.sampled_from([0, 1, NEW]),
    pairs=st.permutations([1, 2, 3]),
)
def test_merging_and_splitting_change_no_row_and_no_number_of_voters_f8(
    db: Session, come: Door, given_before: list[Given], words: Wording | int, pairs: list[int]
) -> None:
    with db.begin_nested() as example:
        seats = [Member(panel_id=1, kind=MemberKind.DRAWN, created_at=NOON) for _ in range(5)]
        db.add_all(seats)
        db.flush()
        for seat, number, choice in given_before:
            give(db, come("aino")._replace(member=seats[seat].id), number, choice, after=next(CLOCK))
        before, counted = rows(db, set()), voters(db)
        first = merge(db, come, words, *pairs[:2])
        second = merge(db, come, 0, pairs[2], first.statement.number)
        assert voters(db) == counted
        merges.split(db, come("eero"), second)
        merges.split(db, come("eero"), first)
        assert voters(db) == counted
        assert rows(db, {first.statement_id, second.statement_id}) == before
        example.rollback()


def test_a_vote_on_its_way_while_others_merge_is_not_lost_f8(engine: Engine) -> None:
    with writing(engine) as db:
        tokens = {
            name: login.begin(db, NOON, person=visitor(db, name).person or 0)[1] for name in ("aino", "nils")
        }
    voted, merging = threading.Event(), threading.Event()

    def vote(name: str) -> None:
        with writing(engine) as db:
            comer = arrive(db, "library", tokens[name], hold=True)
            known = 1 in statements.deck(db, comer).numbers
            cast = statements.cast_vote if known else merges.cast_vote
            cast(db, comer, 1, A, key=name * 8, seen=0)
            voted.set()
            merging.wait(0.5)  # the merging waits for this answer, or has waited for the one before

    with ThreadPoolExecutor() as threads:
        first = threads.submit(vote, "aino")
        assert voted.wait(20)
        with writing(engine) as db:  # on SQLite nobody else writes, on PostgreSQL the panel is held
            found = merge(db, partial(visitor, db))
            merging.set()
            second = threads.submit(vote, "nils")
            time.sleep(0.2)
            number = found.statement.number
        for done in (first, second):
            done.result()
    with writing(engine) as db:
        assert [answer(db, visitor(db, name), number) for name in ("aino", "nils")] == [A, A]
