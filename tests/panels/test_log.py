from panels import appeals, log, merges, moderation, reasons, statements
from panels.appeals import Outcome
from panels.database import Session
from panels.history import Act
from panels.log import Reviews
from panels.moderation import Reason
from panels.statements import Choice
from tests.conftest import BOTH, DAY, NOON
from tests.panels.conftest import Door

pytestmark = BOTH


def send(db: Session, come: Door, words: str, refusal: Reason | None = None) -> int:
    """Let Aino send a statement, and Minna publish it or send it back; return its number."""
    sent = statements.send(db, come("aino"), {"fi": words}, "fi", key=f"{sum(map(ord, words)):032x}")
    if refusal:
        moderation.send_back(db, come("minna"), sent, refusal, "Näin on.", seen=1)
    else:
        moderation.approve(db, come("minna"), sent, seen=1)
    return sent.number


def ask(db: Session, come: Door, number: int, outcome: Outcome | None, *, days: int = 0) -> None:
    """Let Aino ask for a review, and Eero decide it days later."""
    why = f"Katsoisitteko väittämän {number} uudelleen?"
    text = appeals.own(db, come("aino"), number)
    appeals.send(db, come("aino"), text, why)
    made = appeals.against(db, text)
    if made and outcome:
        appeals.decide(db, come("eero")._replace(now=NOON + days * DAY), made, outcome, "Katsoin.")


def test_an_empty_log_is_all_naughts_n15(db: Session) -> None:
    found = log.of_panel(db, 1, NOON)
    assert (found.statements.sent, found.reasons.sent, found.acts, found.reviews.asked) == (0, 0, {}, 0)


def test_statements_are_counted_by_rule_and_outcome_and_reviews_by_their_time_n15(
    db: Session, come: Door
) -> None:
    send(db, come, "Kirjasto on auki.")
    statements.send(db, come("nils"), {"sv": "Biblioteket väntar."}, "sv", key="f" * 32)
    for words, rule, outcome, days in (
        ("Onko kirjasto auki?", Reason.QUESTION, Outcome.PUBLISHED, 1),
        ("Milloin kirjasto on auki?", Reason.QUESTION, Outcome.UPHELD, 9),
        ("Naapuri huutaa aina.", Reason.PERSONAL, None, 0),
    ):
        ask(db, come, send(db, come, words, rule), outcome, days=days)
    send(db, come, "Bussit ja kirjastot.", Reason.TWO_IDEAS)
    found = log.of_panel(db, 1, NOON)
    tally = found.statements
    assert (tally.sent, tally.published, tally.waiting) == (6, 2, 1)
    assert tally.sent_back == {"two_ideas": 1, "question": 2, "personal": 1}
    assert tally.overturned == {"question": 1}
    assert found.reviews == Reviews(waiting=1, upheld=1, overturned=1, in_time=1, late=1)
    assert log.of_panel(db, 1, NOON + 9 * DAY).reviews.late == 2  # the one that waits is late by then
    assert log.of_panel(db, 2, NOON).statements.sent == 0


def test_what_is_merged_was_sent_once_and_each_reason_too_n15(db: Session, come: Door) -> None:
    aino = come("aino")
    for number in (1, 2):
        statements.cast_vote(db, aino, number, Choice.AGREE, key=f"{number}" * 32, seen=0)
        draft = reasons.Draft(important=False, text=f"Syy {number}.", language="fi")
        reasons.add(db, aino, statements.deck(db, aino).card(number), draft)
    told = reasons.added(db, aino.seat).reasons[1]
    moderation.send_back(db, come("minna"), told, Reason.PERSONAL, "Naapuri.", seen=1)
    both = merges.pair(db, 1, send(db, come, "Kirjasto auki aina."), 2)
    merge = merges.merge(db, come("eero"), both, both[0], seen=merges.mark(both))
    found = log.of_panel(db, 1, NOON)
    assert (found.statements.sent, found.statements.published) == (1, 1)
    assert (found.reasons.sent, found.reasons.waiting, found.reasons.sent_back) == (2, 1, {"personal": 1})
    assert found.acts == {Act.STATEMENT_MERGED: 1}
    merges.split(db, come("eero"), merge)
    assert log.of_panel(db, 1, NOON).acts == {Act.STATEMENT_MERGED: 1, Act.STATEMENT_SPLIT: 1}
