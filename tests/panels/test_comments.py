import pytest

from panels import comments, digests, jobs, proposals
from panels.comments import ON_A_PAGE, UNDO, CommentKind, Draft
from panels.database import Session, set_clock
from panels.errors import ClosedError, ConflictError, ForbiddenError, NotFoundError, RefusedError
from panels.members import Visitor
from tests.conftest import DAY, NOON
from tests.panels.conftest import Door

KEYS = [f"{n:032x}" for n in range(100)]
CONCERN, REPLY, ANSWER = CommentKind.CONCERN, CommentKind.REPLY, CommentKind.ANSWER


@pytest.fixture(autouse=True)
def proposal(db: Session, come: Door) -> int:
    """Publish Aino's proposal 1 and return its id."""
    set_clock(db, NOON - 20 * DAY)
    draft = proposals.Draft({"fi": "A bus"}, {"fi": "On Tuesdays"}, "fi")
    number = proposals.propose(db, come("aino"), draft, key="f" * 32)
    return proposals.get(db, come("aino"), number).id


def say(
    db: Session,
    visitor: Visitor,
    kind: CommentKind,
    words: str = "Who pays?",
    *,
    number: int = 0,
    parent: int = 0,
) -> int:
    draft = Draft(1, kind, {"fi": words}, "fi", parent or None)
    return comments.add(db, visitor, draft, key=KEYS[number])


def test_comments_stand_in_three_groups_with_their_replies(db: Session, come: Door, proposal: int) -> None:
    concern = say(db, come("nils"), CONCERN, number=1)
    say(db, come("aino"), CommentKind.SUPPORT, "I would use it.", number=2)
    say(db, come("aino"), REPLY, "The municipality.", number=3, parent=concern)
    say(db, come("eero"), ANSWER, "It costs 4,000 euros.", number=4, parent=concern)
    thread = comments.thread(db, come("aino"), proposal)
    assert (thread.total, thread.page, thread.pages) == (2, 1, 1)
    assert [len(found) for found in thread.groups.values()] == [1, 1, 0]
    shown = thread.groups[CONCERN][0]
    assert (shown.id, shown.author, shown.texts) == (concern, "Nils", {"fi": "Who pays?"})
    assert [(reply.kind, reply.author) for reply in shown.replies] == [(REPLY, "Aino"), (ANSWER, "")]


def test_the_same_form_sent_twice_makes_one_comment(db: Session, come: Door, proposal: int) -> None:
    concern = say(db, come("aino"), CONCERN, number=1)
    later = say(db, come("aino"), CONCERN, "And who drives?", number=3)
    assert say(db, come("aino"), CONCERN, number=1) == concern != later
    answer = say(db, come("eero"), ANSWER, number=2, parent=concern)
    assert say(db, come("eero"), ANSWER, number=2, parent=concern) == answer
    assert comments.thread(db, come("aino"), proposal).total == 2
    with pytest.raises(ConflictError):
        say(db, come("aino"), CONCERN, "Another text", number=1)


def test_a_seat_writes_thirty_comments_a_day_and_answers_do_not_count(db: Session, come: Door) -> None:
    nils = come("nils")
    first, *_ = [say(db, nils, CONCERN, number=number) for number in range(30)]
    with pytest.raises(RefusedError) as error:
        say(db, nils, CONCERN, number=30)
    assert error.value.code == "comments_a_day"
    assert say(db, come("aino"), CONCERN, number=31)
    for number in range(32, 64):
        say(db, come("eero"), ANSWER, number=number, parent=first)
    set_clock(db, NOON - 19 * DAY + 60)
    assert say(db, come("nils"), CONCERN, number=30)


def test_residents_comment_only_while_proposals_are_open_and_facilitators_answer_in_any_phase(
    db: Session, come: Door
) -> None:
    concern = say(db, come("aino"), CONCERN)
    set_clock(db, NOON)  # the vote
    with pytest.raises(ClosedError):
        say(db, come("aino"), CONCERN, number=1)
    with pytest.raises(ClosedError):
        say(db, come("aino"), REPLY, number=1, parent=concern)
    assert say(db, come("eero"), ANSWER, number=2, parent=concern)
    set_clock(db, NOON + 20 * DAY)  # after the last phase
    with pytest.raises(ClosedError):
        say(db, come("eero"), ANSWER, number=3, parent=concern)


def test_only_facilitators_answer_and_they_only_answer(db: Session, come: Door) -> None:
    concern = say(db, come("aino"), CONCERN)
    with pytest.raises(ForbiddenError):
        say(db, come("aino"), ANSWER, number=1, parent=concern)
    with pytest.raises(ForbiddenError):
        say(db, come("eero"), CONCERN, number=2)
    assert not comments.may_answer(come("aino"))
    assert comments.may_answer(come("eero"))


def test_replies_go_one_level_deep_and_stay_under_their_own_proposal(db: Session, come: Door) -> None:
    aino = come("aino")
    concern = say(db, aino, CONCERN)
    reply = say(db, aino, REPLY, number=1, parent=concern)
    for parent in (reply, 999):
        with pytest.raises(NotFoundError):
            say(db, aino, REPLY, number=2, parent=parent)
    other = proposals.Draft({"fi": "A tram"}, {"fi": "Why not"}, "fi")
    number = proposals.propose(db, aino, other, key="e" * 32)
    with pytest.raises(NotFoundError):
        comments.add(db, aino, Draft(number, REPLY, {"fi": "Yes"}, "fi", concern), key=KEYS[3])
    for kind, under in ((REPLY, 0), (CONCERN, concern)):
        with pytest.raises(RefusedError):
            say(db, aino, kind, number=4, parent=under)


@pytest.mark.parametrize(("name", "kind"), [("nils", REPLY), ("eero", ANSWER)])
def test_a_comment_is_taken_back_within_ten_seconds_and_nobody_was_mailed_r28(
    db: Session, come: Door, proposal: int, name: str, kind: CommentKind
) -> None:
    """R28"""
    top = say(db, come("aino"), CONCERN)
    writer = come(name)
    own = say(db, writer, kind, number=1, parent=top)

    def fresh(reader: Visitor) -> list[bool]:
        return [r.is_fresh for r in comments.thread(db, reader, proposal).groups[CONCERN][0].replies]

    assert fresh(writer._replace(now=writer.now + UNDO)) == [True]
    assert fresh(writer._replace(now=writer.now + UNDO + 1)) == [False]
    assert fresh(come("minna")) == fresh(come("ville")) == [False]
    comments.take_back(db, writer._replace(now=writer.now + UNDO), proposal, own)
    assert fresh(writer) == []
    set_clock(db, NOON + 20 * DAY)
    assert not digests.leave_mails(db, "2026-12-01")
    assert jobs.due(db) == []
    with pytest.raises(NotFoundError):
        comments.take_back(db, writer, proposal, own)
    with pytest.raises(ConflictError):  # the form comes again, late
        say(db, writer, kind, number=1, parent=top)


def test_nobody_is_told_of_an_answer_while_it_may_be_taken_back_r28(db: Session, come: Door) -> None:
    """R28"""
    concern = say(db, come("aino"), CONCERN)
    say(db, come("eero"), ANSWER, number=1, parent=concern)
    aino = come("aino").person
    assert aino is not None
    assert not digests.leave_mails(db, "2026-11-01")
    assert digests.items_of_person(db, aino, 9) == []
    set_clock(db, NOON - 20 * DAY + 2 * UNDO)
    assert len(digests.items_of_person(db, aino, 9)) == 1
    assert digests.leave_mails(db, "2026-11-01")


def test_a_comment_stays_after_ten_seconds_and_once_somebody_has_replied_r28(
    db: Session, come: Door, proposal: int
) -> None:
    """R28"""
    nils = come("nils")
    first = say(db, nils, CONCERN)
    late = nils._replace(now=nils.now + UNDO + 1)
    with pytest.raises(RefusedError) as error:
        comments.take_back(db, late, proposal, first)
    assert (error.value.code, error.value.field) == ("undo_ended", f"comment-{first}")
    say(db, come("aino"), REPLY, number=1, parent=first)
    with pytest.raises(RefusedError) as error:
        comments.take_back(db, nils, proposal, first)
    assert error.value.code == "replied_already"
    assert comments.thread(db, nils, proposal).total == 1


@pytest.mark.parametrize("name", ["aino", "ville", "eero"])
def test_nobody_takes_back_what_somebody_else_wrote(
    db: Session, come: Door, proposal: int, name: str
) -> None:
    own = say(db, come("nils"), CONCERN)
    answer = say(db, come("eero"), ANSWER, number=1, parent=own)
    theirs = own if name == "eero" else answer
    with pytest.raises(NotFoundError):
        comments.take_back(db, come(name), proposal, theirs)
    with pytest.raises(NotFoundError):
        comments.take_back(db, come("nils"), proposal + 1, own)


def test_a_comment_on_another_panels_proposal_finds_nothing(db: Session, come: Door) -> None:
    with pytest.raises(NotFoundError):
        comments.add(db, come("aino"), Draft(99, CONCERN, {"fi": "Hm"}, "fi"), key=KEYS[0])


def test_a_long_thread_is_paged_and_opens_where_the_new_comment_stands(
    db: Session, come: Door, proposal: int
) -> None:
    written = [
        say(db, come(name), CONCERN, number=number)
        for number, name in enumerate(["aino"] * 30 + ["nils"] * (ON_A_PAGE - 29))
    ]
    assert len(comments.thread(db, come("aino"), proposal).groups[CONCERN]) == ON_A_PAGE
    second = comments.thread(db, come("aino"), proposal, showing=written[-1])
    assert (second.page, second.pages, second.total) == (2, 2, ON_A_PAGE + 1)
    assert [shown.id for shown in second.groups[CONCERN]] == [written[-1]]
    assert comments.thread(db, come("aino"), proposal, page=99).page == 2
    assert comments.thread(db, come("aino"), proposal, page=0, showing=written[0]).page == 1
