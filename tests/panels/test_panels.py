from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from panels import members, organisation, panels, people
from panels.database import Session
from panels.errors import ConflictError, NotFoundError, PanelError, RefusedError
from panels.panels import Draft, Panel, PanelKind, PhaseName, Stretch
from panels.permissions import Role
from panels.statements import Choice, Statement, cast_vote
from tests.conftest import texts
from tests.panels.conftest import Door


def stretch(name: PhaseName, first: date, last: date) -> Stretch:
    return Stretch(name, texts(name), first, last)


LEARN = stretch(PhaseName.LEARN, date(2026, 10, 1), date(2026, 10, 24))
VOTE = stretch(PhaseName.VOTE, date(2026, 10, 25), date(2026, 11, 29))
PROMISED = Draft(
    slug="swimming-hall",
    kind=PanelKind.RESIDENTS_PANEL,
    title=texts("Swimming hall"),
    question=texts("Where should the swimming hall be?"),
    promise=texts("The council answers every recommendation."),
    owner=texts("The council"),
    considered_on=date(2027, 2, 8),
    answers_by=date(2027, 3, 8),
    phases=[LEARN, VOTE],
)


def person(db: Session, name: str) -> int:
    found = people.by_email(db, f"{name}@example.fi")
    assert found is not None
    return found.id


def make(db: Session, **changes: object) -> Panel:
    return panels.create(db, replace(PROMISED, **changes), creator=person(db, "admin"))  # type: ignore[arg-type]


def refusal(error: pytest.ExceptionInfo[RefusedError]) -> tuple[str, str]:
    return error.value.code, error.value.field


def test_v2_a_panel_that_was_drafted_is_there_as_it_was_written(db: Session) -> None:
    panel_id = make(db, figures={"invited": 2400}).id
    db.expire_all()
    panel = panels.get(db, panel_id)
    assert (panel.title, panel.promise) == (PROMISED.title, PROMISED.promise)
    assert (panel.considered_on, panel.answers_by) == ("2027-02-08", "2027-03-08")
    assert panel.figures == {"invited": 2400}
    assert panel.opened_at is None


def test_phases_run_from_midnight_to_midnight_in_finland_over_the_change_of_the_clocks(db: Session) -> None:
    phases = {phase.name: phase for phase in make(db).phases}
    assert phases[PhaseName.VOTE].starts_at == 1_792_875_600.0  # 25 October 2026, 00:00 +03:00
    assert phases[PhaseName.VOTE].ends_at == 1_795_989_600.0  # 30 November 2026, 00:00 +02:00
    assert phases[PhaseName.LEARN].ends_at == phases[PhaseName.VOTE].starts_at


def test_whoever_creates_a_panel_becomes_its_facilitator(db: Session, come: Door) -> None:
    make(db)
    assert come("admin", "swimming-hall").roles == (Role.FACILITATOR,)


def test_a_panel_is_found_by_its_address_and_by_nothing_else(db: Session) -> None:
    assert panels.by_slug(db, "library").slug == "library"
    with pytest.raises(NotFoundError):
        panels.by_slug(db, "nowhere")
    with pytest.raises(NotFoundError):
        panels.get(db, 999)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"slug": "Swimming hall"}, ("not_a_slug", "slug")),
        ({"slug": "new"}, ("slug_taken", "slug")),
        ({"slug": "library"}, ("slug_taken", "slug")),
        ({"title": {"fi": "Uimahalli"}}, ("missing", "title-sv")),
        ({"question": {"sv": "Var?", "en": "Where?"}}, ("missing", "question-fi")),
        ({"smallest": 4}, ("too_small_a_group", "smallest")),
        ({"smallest": 9, "kind": PanelKind.YOUTH_COUNCIL}, ("too_small_a_group", "smallest")),
        ({"smallest": 9, "kind": PanelKind.SERVICE_USERS_PANEL}, ("too_small_a_group", "smallest")),
        ({"phases": [replace(VOTE, last=date(2026, 10, 24))]}, ("ends_before_start", "vote-last")),
        ({"phases": [VOTE, replace(LEARN, last=date(2026, 10, 25))]}, ("overlaps", "vote-first")),
    ],
)
def test_a_draft_that_breaks_a_rule_is_refused(
    db: Session, changes: dict[str, object], expected: tuple[str, str]
) -> None:
    with pytest.raises(RefusedError) as error:
        make(db, **changes)
    assert refusal(error) == expected


def test_one_language_is_enough_where_the_organisation_has_one(db: Session) -> None:
    organisation.save(db, replace(organisation.UNNAMED, bilingual=False, language="fi"))
    assert make(db, title={"fi": "Uimahalli"}, question={"fi": "Missä?"}).title == {"fi": "Uimahalli"}


def test_an_edit_replaces_texts_and_phases_and_draws_a_new_edition(db: Session) -> None:
    panel = make(db)
    edition = panel.edition
    kept = next(phase.id for phase in panel.phases if phase.name is PhaseName.VOTE)
    meetings = stretch(PhaseName.MEETINGS, date(2026, 12, 3), date(2026, 12, 12))
    longer = replace(VOTE, last=date(2026, 12, 1))
    panels.edit(db, panel.id, replace(PROMISED, slug="hall", phases=[meetings, longer]), seen=1)
    db.expire_all()
    assert [phase.name for phase in panel.phases] == [PhaseName.VOTE, PhaseName.MEETINGS]
    assert (panel.slug, panel.version, panel.phases[0].id) == ("hall", 2, kept)
    assert panel.edition != edition


def test_the_second_of_two_editors_is_told_and_loses_nothing_of_the_first(db: Session) -> None:
    panel = make(db)
    panels.edit(db, panel.id, replace(PROMISED, contact="Eero"), seen=1)
    with pytest.raises(ConflictError):
        panels.edit(db, panel.id, replace(PROMISED, contact="Outi"), seen=1)
    assert panel.contact == "Eero"


@pytest.mark.parametrize(
    ("lacking", "expected"),
    [
        ({"promise": {}}, "no_promise"),
        ({"promise": {"fi": "Valtuusto vastaa."}}, "not_translated"),
        ({"effort": {"fi": "Noin 10 minuuttia"}}, "not_translated"),
        ({"owner": {}}, "no_promise"),
        ({"answers_by": None}, "no_promise"),
        ({"phases": [LEARN]}, "no_vote_phase"),
    ],
)
def test_f1_a_panel_without_its_promise_or_its_vote_does_not_open(
    db: Session, lacking: dict[str, object], expected: str
) -> None:
    panel = make(db, **lacking)
    assert panels.missing(db, panel) == [expected]
    with pytest.raises(RefusedError) as error:
        panels.open_panel(db, panel.id)
    assert (error.value.code, panel.opened_at) == (expected, None)


def test_a_panel_opens_once(db: Session) -> None:
    panel = make(db)
    opened = panels.open_panel(db, panel.id).opened_at
    edition = panel.edition
    assert opened is not None
    assert panels.open_panel(db, panel.id).opened_at == opened
    assert panel.edition == edition


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"slug": "hall"}, ("slug_stays", "slug")),
        ({"promise": {}}, ("no_promise", "promise")),
        ({"fee": {"fi": "150 euroa"}}, ("not_translated", "fee-sv")),
        ({"phases": [LEARN]}, ("no_vote_phase", "phases")),
        ({"smallest": 19}, ("too_small_a_group", "smallest")),
    ],
)
def test_an_open_panel_keeps_what_people_rely_on(
    db: Session, changes: dict[str, object], expected: tuple[str, str]
) -> None:
    panel = make(db, smallest=20)
    panels.open_panel(db, panel.id)
    with pytest.raises(RefusedError) as error:
        panels.edit(db, panel.id, replace(PROMISED, **{"smallest": 20, **changes}), seen=1)  # type: ignore[arg-type]
    assert refusal(error) == expected
    assert (panel.smallest, panel.promise, panel.version) == (20, PROMISED.promise, 1)


def test_a_draft_may_lower_what_was_raised_by_mistake(db: Session) -> None:
    panel = make(db, smallest=50)
    panels.edit(db, panel.id, replace(PROMISED, smallest=5), seen=1)
    assert panel.smallest == 5


def test_the_next_phase_is_the_first_that_has_not_started(db: Session) -> None:
    panel = make(db)
    start = LEARN.starts_at
    assert [getattr(panels.coming(panel, at), "name", None) for at in (start - 1, start, VOTE.starts_at)] == [
        PhaseName.LEARN,
        PhaseName.VOTE,
        None,
    ]


def test_voters_are_members_with_an_answer_that_stands(db: Session, come: Door) -> None:
    aino, nils = come("aino"), come("nils")
    statement = db.scalars(select(Statement.id).where(Statement.panel_id == aino.panel)).first()
    assert statement is not None
    for visitor, key in ((aino, "a" * 32), (nils, "b" * 32)):
        cast_vote(db, visitor, statement, Choice.AGREE, key=key, seen=0)
    assert members.voters(db, aino.panel) == 2
    cast_vote(db, nils, statement, None, key="c" * 32, seen=1)
    assert members.voters(db, aino.panel) == 1


def test_every_refusal_is_an_error_that_stores_nothing(db: Session) -> None:
    before = db.scalars(select(Panel.slug)).all()
    with pytest.raises(PanelError):
        make(db, slug="x")
    assert db.scalars(select(Panel.slug)).all() == before
