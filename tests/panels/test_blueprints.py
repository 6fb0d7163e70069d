from datetime import date, timedelta
from itertools import pairwise

import pytest

from panels import blueprints, panels
from panels.blueprints import BLUEPRINTS, Blueprint
from panels.database import Session
from panels.panels import SMALLEST_OF_KIND, PhaseName
from tests.conftest import texts

MONDAY = date(2027, 1, 11)


@pytest.mark.parametrize("blueprint", BLUEPRINTS.values(), ids=BLUEPRINTS)
def test_a_blueprint_makes_a_plan_without_gaps_that_the_rules_accept_v1(
    blueprint: Blueprint, db: Session
) -> None:
    draft = blueprints.draft(blueprint, MONDAY)
    assert draft.phases[0].first == MONDAY
    assert all(later.first - earlier.last == timedelta(days=1) for earlier, later in pairwise(draft.phases))
    assert [phase.name for phase in draft.phases] == [name for name in PhaseName if name in blueprint.days]
    assert (draft.phases[-1].name, draft.phases[-1].last) == (PhaseName.RESPONSE, draft.answers_by)
    assert draft.smallest >= SMALLEST_OF_KIND.get(blueprint.kind, panels.SMALLEST)
    said = (blueprint.name, blueprint.effort, blueprint.promise, blueprint.example, *blueprint.materials)
    assert {frozenset(text) for text in said} == {frozenset({"fi", "sv", "en"})}
    named = {"slug": "attic", "title": texts("Attic"), "question": texts("?"), "owner": texts("The council")}
    made = panels.create(db, panels.Draft(**{**vars(draft), **named}), creator=None)
    assert panels.missing(db, made) == []


@pytest.mark.parametrize(
    ("today", "first"),
    [(date(2026, 11, 21), date(2026, 11, 30)), (date(2026, 11, 23), date(2026, 12, 7))],
)
def test_a_plan_begins_on_a_monday_a_week_or_two_ahead(today: date, first: date) -> None:
    assert blueprints.usual_start(today) == first
