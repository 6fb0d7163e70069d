from sqlalchemy import select

from panels import comments, moderation, notices, panels, people, proposals, snapshots, statements
from panels.comments import CommentKind
from panels.database import Session
from panels.members import Member, MemberKind, take_seat
from panels.moderation import Reason
from panels.notices import Event, Notice, Topic
from panels.snapshots import Snapshot
from panels.statements import Statement
from tests.conftest import BOTH, DAY, NOON, texts
from tests.panels.conftest import visitor

pytestmark = BOTH

KEY = "s" * 32


def told(db: Session) -> list[tuple[str, Event, int]]:
    """Return who is told what of which matter."""
    asked = select(people.Person.name, Notice.event, Notice.about).join(people.Person)
    return [(row[0], row[1], row[2]) for row in db.execute(asked.order_by(Notice.id))]


def sent(db: Session) -> Statement:
    return statements.send(
        db, visitor(db, "aino"), {"fi": "Open the library on Sundays."}, "fi", key="a" * 32
    )


def test_what_happens_again_is_told_again_but_once_as_long_as_nobody_has_told_it(db: Session) -> None:
    statement, minna = sent(db), visitor(db, "minna")
    for _ in range(2):  # the same decision sent twice
        moderation.send_back(db, minna, statement, Reason.QUESTION, "Se on kysymys.", seen=1)
    assert told(db) == [("Aino", Event.DECIDED, statement.id)]
    (first,) = db.scalars(select(Notice))
    notices.tell(db, Event.DECIDED, statement.id, seat=statement.author_id, at=NOON - 60)
    db.refresh(first)
    assert (len(told(db)), first.at) == (1, NOON - 60)
    first.told_on = "2026-11-21"
    db.flush()
    notices.tell(db, Event.DECIDED, statement.id, seat=statement.author_id, at=NOON - 30)
    newest, _ = notices.of_person(db, first.person_id, 5)
    assert (newest.at, newest.told_on) == (NOON - 30, None)


def test_nobody_is_told_of_a_text_without_a_writer_or_of_a_seat_without_a_person(db: Session) -> None:
    notices.tell(db, Event.DECIDED, 1, seat=None, at=NOON)
    seat = visitor(db, "aino").seat
    db.get_one(Member, seat).person_id = None
    db.flush()
    notices.tell(db, Event.DECIDED, 1, seat=seat, at=NOON)
    assert told(db) == []


def test_who_commented_is_told_of_a_facilitators_answer_unless_it_is_taken_back_r28(db: Session) -> None:
    propose, vote = panels.get(db, 1).phases
    propose.ends_at = vote.starts_at = NOON + DAY
    db.flush()
    draft = proposals.Draft(texts("Chairs"), texts("More chairs."), "fi")
    number = proposals.propose(db, visitor(db, "aino"), draft, key="1" * 32)
    question = comments.Draft(number, CommentKind.QUESTION, texts("How many?"), "fi")
    top = comments.add(db, visitor(db, "nils"), question, key="2" * 32)
    reply = comments.Draft(number, CommentKind.REPLY, texts("Ten."), "fi", top)
    comments.add(db, visitor(db, "aino"), reply, key="3" * 32)
    assert told(db) == []
    answer = comments.Draft(number, CommentKind.ANSWER, texts("Twelve."), "fi", top)
    for _ in range(2):  # the same form sent twice
        answered = comments.add(db, visitor(db, "eero"), answer, key="4" * 32)
    assert told(db) == [("Nils", Event.ANSWERED, answered)]
    proposal = proposals.locate(db, 1, number)
    comments.take_back(db, visitor(db, "eero"), proposal, answered)
    assert told(db) == []


def test_members_follow_until_they_press_and_others_once_they_do(db: Session) -> None:
    aino, nils, ville = (visitor(db, name) for name in ("aino", "nils", "ville"))
    guest = people.ensure(db, "guest@example.fi", name="Guest")
    take_seat(db, 1, guest.id, MemberKind.GUEST)
    undecided = people.ensure(db, "undecided@example.fi", name="Undecided")
    take_seat(db, 1, undecided.id, MemberKind.OPEN, takes_part=None)
    assert [notices.follows(db, visitor) for visitor in (aino, nils, ville)] == [True, True, False]
    for _ in range(2):  # a second press of the same button
        notices.follow(db, nils, on=False)
        notices.follow(db, ville, on=True)
    assert [notices.follows(db, visitor) for visitor in (aino, nils, ville)] == [True, False, True]
    notices.tell_followers(db, Event.PHASE, 2, panel=1, at=NOON)
    assert sorted(name for name, *_ in told(db)) == ["Aino", "Ville"]
    notices.follow(db, ville, on=False)
    assert not notices.follows(db, ville)


def test_followers_are_told_of_a_published_summary(db: Session) -> None:
    snapshot = Snapshot(panel_id=1, made_at=NOON, votes=0, versions=0, edition=0, voters=0, groups={})
    snapshot.masked, snapshot.rough, snapshot.frozen = {}, {}, {}
    db.add(snapshot)
    db.flush()
    snapshots.publish(db, 1)
    assert sorted(told(db)) == [(name, Event.SUMMARY, snapshot.id) for name in ("Aino", "Nils")]


def test_a_topic_is_switched_off_and_on(db: Session) -> None:
    aino = visitor(db, "aino").person or 0
    for _ in range(2):
        notices.switch(db, aino, Topic.OWN, on=False)
    assert notices.muted(db, aino) == {Topic.OWN}
    for _ in range(2):
        notices.switch(db, aino, Topic.OWN, on=True)
    assert notices.muted(db, aino) == set()


def test_a_link_is_one_persons_and_cannot_be_guessed(db: Session) -> None:
    aino, nils = (people.ensure(db, f"{name}@example.fi") for name in ("aino", "nils"))
    link = notices.link(aino, KEY)
    assert notices.by_link(db, link, KEY) is aino
    _, _, secret = link.partition("-")
    for wrong in (
        f"{nils.id}-{secret}",
        f"999-{secret}",
        link[:-1],
        f"{link}x",
        notices.link(aino, "t" * 32),
    ):
        assert notices.by_link(db, wrong, KEY) is None, wrong


def test_whoever_leaves_takes_their_notices_along(db: Session) -> None:
    ville = visitor(db, "ville")
    notices.follow(db, ville, on=True)
    notices.switch(db, ville.person or 0, Topic.OWN, on=False)
    notices.tell_followers(db, Event.PHASE, 2, panel=1, at=NOON)
    db.delete(people.get(db, ville.person or 0))
    db.flush()
    assert "Ville" not in [name for name, *_ in told(db)]
