import pytest
from sqlalchemy import select

from panels import members, own_data, panels, profiles
from panels.database import Session
from panels.errors import RefusedError
from panels.members import Member, Reach
from panels.panels import Panel
from panels.profiles import UNTOLD
from tests.conftest import BOTH, texts

pytestmark = BOTH

AINO = 1


@pytest.fixture
def library(db: Session) -> Panel:
    """Return the library's panel, which asks its usual questions."""
    assert db.get_one(Member, AINO).panel_id == 1
    return panels.get(db, 1)


def test_a_new_panel_asks_the_usual_questions(library: Panel) -> None:
    assert [question.code for question in profiles.asked(library)] == [
        "age",
        "gender",
        "language",
        "education",
    ]


def test_a_panel_asks_of_its_own_areas_and_its_own_questions(library: Panel) -> None:
    options = [texts("Often"), texts("Seldom")]
    library.background = [{"code": "visits", "title": texts("How often?"), "options": options}]
    (question,) = profiles.asked(library)
    assert (question.title, question.values) == (texts("How often?"), ("1", "2"))


def test_only_a_panel_with_minors_offers_the_age_of_children(library: Panel) -> None:
    assert "0-14" not in profiles.asked(library)[0].values
    library.admits_minors = True
    assert profiles.asked(library)[0].values[:2] == ("0-14", "15-29")


def test_an_answer_replaces_the_one_before_and_may_be_that_one_will_not_say(
    db: Session, library: Panel
) -> None:
    age, gender, *_ = profiles.asked(library)
    for answer in ("65-74", UNTOLD):
        profiles.tell(db, AINO, age, answer)
    profiles.tell(db, AINO, gender, "woman")
    assert profiles.told(db, AINO) == {"age": UNTOLD, "gender": "woman"}


def test_an_answer_that_is_no_option_is_refused(db: Session, library: Panel) -> None:
    with pytest.raises(RefusedError, match="not_an_option"):
        profiles.tell(db, AINO, profiles.asked(library)[0], "101")
    assert profiles.told(db, AINO) == {}


def test_who_leaves_takes_background_channel_and_birth_year_along(db: Session, library: Panel) -> None:
    seat = db.get_one(Member, AINO)
    seat.birth_year = 1959
    members.choose_channel(db, AINO, Reach.TELEPHONE, "040 123 4567")
    profiles.tell(db, AINO, profiles.asked(library)[0], "65-74")
    own_data.leave(db, seat, remove=False)
    assert profiles.told(db, AINO) == {}
    left = select(Member.channel, Member.reach, Member.birth_year).where(Member.id == AINO)
    assert db.execute(left).one() == (None, "", None)
