from dataclasses import replace

import pytest
from sqlalchemy import text

from panels import materials, members, panels, quizzes
from panels.database import Base, Session
from panels.errors import ConflictError, RefusedError
from panels.members import MemberKind, Visitor
from panels.quizzes import Change, Question
from tests.conftest import BOTH, DAY, NOON, texts
from tests.panels.conftest import Door

pytestmark = BOTH

WHO = Question(texts("Who decides?"), [texts("Panel"), texts("Council")], 1, texts("The council does."))
WHEN = Question(texts("When?"), [texts("May"), texts("June"), texts("July")], 0, texts("In May."))


@pytest.fixture
def asked(db: Session, come: Door) -> Session:
    """Give the library's panel two questions and a text to read."""
    panel = come("aino").panel
    quizzes.save(db, panel, [WHO, WHEN], seen=0)
    materials.add(db, panel, materials.Draft(title=texts("Facts"), body=texts("The council decides in May.")))
    return db


def guests(db: Session, visitor: Visitor, count: int) -> list[Visitor]:
    """Return that many people with a seat in the visitor's panel."""
    found = []
    for _ in range(count):
        seat = members.Member(panel_id=visitor.panel, kind=MemberKind.GUEST, created_at=NOON)
        db.add(seat)
        db.flush()
        found.append(visitor._replace(member=seat.id))
    return found


def test_n6_the_change_is_told_with_its_people_once_enough_have_answered(asked: Session, come: Door) -> None:
    aino = come("aino")
    panel = panels.get(asked, aino.panel)
    for place, guest in enumerate(guests(asked, aino, 6)):
        assert quizzes.answer(asked, guest, [place % 2, 1], counted=()) == "before"
        if place < 5:
            assert quizzes.change(asked, panel) is None
            materials.mark_read(asked, guest, 1)
            assert quizzes.answer(asked, guest, [1, place // 4], counted=("before",)) == "after"
    assert quizzes.change(asked, panel) == Change(before=25, people_before=6, after=90, people_after=5)


def test_n6_nothing_of_an_answer_leads_to_a_person(asked: Session, come: Door) -> None:
    aino = come("aino")
    tables = [f"select count(*) from {table.name}" for table in Base.metadata.sorted_tables]
    before = [asked.execute(text(count)).scalar_one() for count in tables]
    quizzes.answer(asked, aino, [1, 0], counted=())
    assert [asked.execute(text(count)).scalar_one() for count in tables] == before
    assert not any("member" in column.name or "person" in column.name for column in quizzes.Quiz.__table__.c)


def test_n6_only_whole_answers_of_members_count_once_and_until_voting_ends(
    asked: Session, come: Door
) -> None:
    aino = come("aino")
    late, outsider = aino._replace(now=NOON + 9 * DAY), come("ville")
    for visitor, chosen, counted in (
        (aino, [1, None], ()),
        (aino, [1], ()),
        (aino, [1, 0], ("before",)),
        (late, [1, 0], ()),
        (outsider, [1, 0], ()),
        (come("aino", "harbour"), [1, 0], ()),
    ):
        assert quizzes.answer(asked, visitor, chosen, counted=counted) == ""
    found = quizzes.of(asked, aino.panel)
    assert found is not None
    assert (found.people_before, found.people_after) == (0, 0)


def test_n6_other_questions_are_counted_anew(asked: Session, come: Door) -> None:
    aino = come("aino")
    quizzes.answer(asked, aino, [1, 0], counted=())
    with pytest.raises(ConflictError):
        quizzes.save(asked, aino.panel, [WHO], seen=0)
    quizzes.save(asked, aino.panel, [WHO], seen=1)
    found = quizzes.of(asked, aino.panel)
    assert found is not None
    assert (found.version, len(found.questions), found.people_before) == (2, 1, 0)
    quizzes.save(asked, aino.panel, [], seen=2)
    assert quizzes.of(asked, aino.panel) is None
    assert quizzes.change(asked, panels.get(asked, aino.panel)) is None


@pytest.mark.parametrize(
    ("question", "code", "field"),
    [
        (replace(WHO, why={"fi": "Valtuusto."}), "missing", "q1-why-sv"),
        (replace(WHO, options=[texts("Panel")]), "missing", "q1-option2-fi"),
        (replace(WHO, options=[*WHO.options, {"sv": "Nämnden"}]), "missing", "q1-option3-fi"),
        (replace(WHO, correct=2), "not_an_option", "q1-correct"),
    ],
)
def test_n6_a_question_that_lacks_something_is_refused(
    db: Session, come: Door, question: Question, code: str, field: str
) -> None:
    with pytest.raises(RefusedError) as error:
        quizzes.save(db, come("aino").panel, [question], seen=0)
    assert (error.value.code, error.value.field) == (code, field)
