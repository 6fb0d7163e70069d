from typing import Any

import pytest
from sqlalchemy import select

from panels import members, own_data, panels, profiles, translations, variants
from panels.database import Session
from panels.errors import ConflictError, RefusedError
from panels.members import Member, Reach
from panels.panels import Panel
from panels.profiles import UNTOLD
from panels.variants import VariantState
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


def visits(*words: str) -> dict[str, Any]:
    """Return a question of the panel's own with these options."""
    return {"code": "own1", "title": texts("How often?"), "options": [texts(word) for word in words]}


def test_what_is_asked_no_more_is_deleted_and_the_rest_stays(db: Session, library: Panel) -> None:
    profiles.choose(db, 1, [{"code": "age"}, visits("Often", "Seldom")], seen=library.version)
    for question, answer in zip(profiles.asked(library), ("65-74", "2"), strict=True):
        profiles.tell(db, AINO, question, answer)
    profiles.choose(db, 1, [visits("Weekly", "Seldom", "Never")], seen=library.version)
    (question,) = profiles.asked(library)
    assert (question.options[0]["fi"], len(question.values)) == ("Weekly (fi)", 3)
    assert profiles.told(db, AINO) == {"own1": "2"}


def test_an_option_that_somebody_may_have_chosen_is_not_removed(db: Session, library: Panel) -> None:
    profiles.choose(db, 1, [visits("Often", "Seldom", "Never")], seen=library.version)
    profiles.choose(db, 1, [visits("Often", "Seldom")], seen=library.version)
    profiles.tell(db, AINO, profiles.asked(library)[0], "1")
    profiles.choose(db, 1, [visits("Daily", "Weekly", "Never")], seen=library.version)
    with pytest.raises(RefusedError, match="chosen_from"):
        profiles.choose(db, 1, [visits("Daily", "Weekly")], seen=library.version)


@pytest.mark.parametrize("count", [1, 13])
def test_a_question_has_neither_too_few_nor_too_many_options(db: Session, library: Panel, count: int) -> None:
    with pytest.raises(RefusedError, match="so_many_options"):
        profiles.choose(db, 1, [visits(*map(str, range(count)))], seen=library.version)


def test_of_two_who_choose_at_once_the_second_is_told(db: Session, library: Panel) -> None:
    seen = library.version
    profiles.choose(db, 1, [{"code": "age"}], seen=seen)
    with pytest.raises(ConflictError):
        profiles.choose(db, 1, [], seen=seen)


def test_a_rewording_makes_its_other_languages_outdated_and_the_easy_one_too(
    db: Session, library: Panel
) -> None:
    first = visits("Often", "Seldom")
    profiles.choose(db, 1, [first], seen=library.version)
    reworded = first | {"title": first["title"] | {"fi": "Kuinka usein?"}}
    profiles.choose(db, 1, [reworded], seen=library.version)
    states = {
        one.place: variants.states(one.texts, ["fi", "sv"], "fi") for one in translations.everything(db, 1)
    }
    assert states["panel.background.0.title"]["sv"] is VariantState.OUTDATED
    assert states["panel.background.0.options.0"]["sv"] is VariantState.CURRENT
