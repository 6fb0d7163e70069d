import math
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from panels import apart, members, panels, snapshots, statements, summary
from panels.apart import LostError
from panels.database import Engine, reading, set_clock, writing
from panels.errors import NotFoundError
from panels.panels import Panel
from panels.reasons import Important
from panels.snapshots import Outcome
from panels.snapshots import State as PanelState
from panels.statements import State, Statement, Vote
from panels.summary import Answer, Material
from tests.analysis.test_faction import COMMON as FACTION_IS_AGAINST
from tests.analysis.test_faction import with_faction
from tests.conftest import DAY, NOON
from tests.planted import COMMON, DIVIDING, LARGER, RARE, REJECTED, SMALLER, UNSURE, answers, plant, vote


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    with writing(engine) as session:
        yield session


@pytest.fixture
def panel(db: Session) -> Panel:
    return plant(db)


def refreshed(db: Session, panel: Panel) -> Outcome:
    """Compute in this process and keep the outcome."""
    outcome = summary.analyse(summary.gather(db, panel.id))
    summary.check(outcome)
    snapshots.store(db, panel.id, outcome)
    return outcome


def statement(db: Session, panel: Panel, number: int) -> Statement:
    """Return the panel's statement of that number."""
    return statements.get(db, panel.id, number)


def test_a_refresh_keeps_one_whole_snapshot_computed_in_a_process_of_its_own(engine: Engine) -> None:
    with writing(engine) as db:
        panel = plant(db).id
    summary.refresh(engine, panel)
    with reading(engine) as db:
        found = summary.newest(db, panel)
        assert found is not None
        assert (found.voters, found.groups["letters"]) == (60, ["A", "B"])
        assert found.made_at == pytest.approx(NOON, abs=60)
        assert found.published_at is None
        assert summary.stale(db) == [panels.by_slug(db, "harbour").id]
    summary.refresh(engine, panel)
    with reading(engine) as db:
        assert db.scalar(select(func.max(snapshots.Snapshot.id))) == found.id


def test_a_computation_needs_nothing_but_the_database_and_the_panel(engine: Engine) -> None:
    with writing(engine) as db:
        panel = plant(db).id
    outcome = summary.compute(engine.url.render_as_string(hide_password=False), panel)
    assert (outcome.voters, outcome.state.votes) == (60, 728)


def test_the_planted_groups_are_found_with_what_unites_and_what_divides_them(
    db: Session, panel: Panel
) -> None:
    outcome = refreshed(db, panel)
    assert outcome.groups["sizes"] == [LARGER, SMALLER]
    assert outcome.groups["kinds"] == {"open": LARGER + SMALLER}
    assert outcome.groups["channels"] == [{"channels": ["web"], "people": LARGER + SMALLER}]
    assert sorted(outcome.masked["common"]) == [*COMMON, *REJECTED]
    assert sorted(outcome.masked["dividing"]) == list(DIVIDING)
    assert outcome.masked["unsure"] == [UNSURE]


def test_v35_a_rare_statement_is_named_but_in_no_list(db: Session, panel: Panel) -> None:
    report = refreshed(db, panel).masked
    (rare,) = [entry for entry in report["statements"] if entry["number"] == RARE]
    assert rare["all"] is None
    assert rare["words"] == "too_few"
    assert RARE not in (*report["common"], *report["dividing"], *report["unsure"])


def test_v32_a_hidden_statement_is_as_if_it_had_never_been(db: Session, panel: Panel) -> None:
    hidden = statement(db, panel, 5)
    hidden.state = State.HIDDEN
    without = summary.analyse(summary.gather(db, panel.id))
    db.execute(delete(Vote).where(Vote.statement_id == hidden.id))
    db.delete(hidden)
    db.flush()
    never = summary.analyse(summary.gather(db, panel.id))
    assert replace(without, at=0, frozen={}) == replace(never, at=0, frozen={})
    assert 5 not in [entry["number"] for entry in without.masked["statements"]]


def test_v39_no_printed_count_of_a_side_or_of_a_hexagon_is_under_k(db: Session, panel: Panel) -> None:
    outcome = refreshed(db, panel)
    for entry in outcome.masked["statements"]:
        for row in (entry["all"], *entry["groups"]):
            if row:
                sides = [row[side] for side in ("agree", "disagree") if row[side] is not None]
                assert all(count >= 5 for count in sides)
                assert row["agree"] is not None or not sides
    for entry in outcome.rough["statements"]:
        for row in (entry["all"], *entry["groups"]):
            assert row is None or all(row[name] % 5 == 0 for name in ("n", "agree", "disagree", "passes"))
    assert all(
        hexagon["size_class"] in ("few", "some", "many") for hexagon in outcome.groups["map"]["hexagons"]
    )


def test_a_panel_without_votes_has_an_empty_summary(db: Session) -> None:
    harbour = panels.by_slug(db, "harbour")
    outcome = refreshed(db, harbour)
    assert (outcome.voters, outcome.groups["verdict"], outcome.groups["letters"]) == (0, "too_few", [])
    assert outcome.groups["map"]["hexagons"] == []
    assert outcome.groups["axis_percent"] is None
    assert outcome.places == []


def test_rough_figures_stand_until_k_more_people_have_voted(db: Session, panel: Panel) -> None:
    before = refreshed(db, panel)
    first = statement(db, panel, 1)
    set_clock(db, NOON + 60)
    voters = select(Vote.member_id).where(Vote.statement_id == first.id).order_by(Vote.member_id)
    seats = list(db.scalars(voters))
    turn = update(Vote).values(choice=-1, version=Vote.version + 1, at=NOON + 60.5)
    db.execute(turn.where(Vote.statement_id == first.id, Vote.member_id.in_(seats[:4])))
    assert refreshed(db, panel).frozen[str(first.id)] == before.frozen[str(first.id)]
    db.execute(turn.where(Vote.statement_id == first.id, Vote.member_id.in_(seats[4:9])))
    after = refreshed(db, panel).frozen[str(first.id)]
    assert after["at"] > before.frozen[str(first.id)]["at"]
    assert after["all"]["disagree"] > before.frozen[str(first.id)]["all"]["disagree"]


def hold_important(db: Session, panel: Panel, number: int, people: int) -> None:
    """Let some of those who answered the statement hold it important."""
    row = statement(db, panel, number).id
    voters = db.scalars(select(Vote.member_id).where(Vote.statement_id == row).limit(people))
    db.add_all([Important(member_id=member, statement_id=row) for member in voters.all()])
    db.flush()


def important(report: dict[str, Any], number: int) -> int | None:
    """Return the printed count of those who hold the statement important."""
    return {entry["number"]: entry["important"] for entry in report["statements"]}[number]  # type: ignore[no-any-return]


def test_importance_is_told_as_sums_of_k_or_more_and_rounded_while_voting_v46(
    db: Session, panel: Panel
) -> None:
    for number, people in ((1, 13), (2, 4), (RARE, 8)):
        hold_important(db, panel, number, people)
    outcome = refreshed(db, panel)
    assert [important(outcome.masked, number) for number in (1, 2, 3, RARE)] == [13, None, None, None]
    assert [important(outcome.rough, number) for number in (1, 2, 3, RARE)] == [10, None, None, None]


def test_importance_counts_the_new_answer_only_and_stands_until_k_more_have_voted_v46(
    db: Session, panel: Panel
) -> None:
    hold_important(db, panel, 1, 13)
    refreshed(db, panel)
    hold = db.scalars(select(Important.member_id)).all()
    db.execute(update(Vote).where(Vote.member_id.in_(hold[:7]), Vote.statement_id == 1).values(choice=None))
    outcome = refreshed(db, panel)
    assert (important(outcome.masked, 1), important(outcome.rough, 1)) == (6, 10)


def test_rough_figures_of_a_statement_are_there_from_k_votes_on(db: Session, panel: Panel) -> None:
    refreshed(db, panel)
    common = summary.rough(db, panel.id, statement(db, panel, 1).id)
    assert common is not None
    assert (common.k, common.n) == (5, 60)
    assert common.agree % 5 == common.disagree % 5 == common.passes % 5 == 0
    rare = statement(db, panel, RARE)
    assert summary.rough(db, panel.id, rare.id) is not None  # eight have answered
    db.execute(delete(Vote).where(Vote.statement_id == rare.id, Vote.member_id > 0))
    refreshed(db, panel)


def test_there_are_no_rough_figures_before_the_first_snapshot_or_for_few_votes(
    db: Session, panel: Panel
) -> None:
    first = statement(db, panel, RARE)
    assert summary.rough(db, panel.id, first.id) is None
    keep = [
        row[0] for row in db.execute(select(Vote.member_id).where(Vote.statement_id == first.id).limit(4))
    ]
    db.execute(delete(Vote).where(Vote.statement_id == first.id, Vote.member_id.not_in(keep)))
    refreshed(db, panel)
    assert summary.rough(db, panel.id, first.id) is None


def test_v44_groups_keep_their_letters_when_a_tenth_more_people_vote(db: Session, panel: Panel) -> None:
    letters = {row["member_id"]: row["letter"] for row in refreshed(db, panel).places}
    for place in range(6):
        seat = members.Member(panel_id=panel.id, kind=members.MemberKind.OPEN, created_at=0.0)
        db.add(seat)
        db.flush()
        vote(db, panel, seat.id, answers(LARGER + place))
    after = refreshed(db, panel)
    kept = [row["letter"] == letters[row["member_id"]] for row in after.places if row["member_id"] in letters]
    assert sum(kept) >= 0.9 * len(kept)
    assert after.groups["regrouped_at"] is None


def test_v44_the_summary_tells_when_the_groups_changed(db: Session, panel: Panel) -> None:
    refreshed(db, panel)
    everybody = list(db.scalars(select(Vote.member_id).distinct()))
    set_clock(db, NOON + 60)
    db.execute(update(Vote).values(choice=1, at=NOON + 61).where(Vote.member_id.in_(everybody)))
    after = refreshed(db, panel)
    assert after.groups["letters"] == []
    assert after.groups["regrouped_at"] == pytest.approx(NOON + 60, abs=30)


def test_only_published_and_newest_snapshots_are_kept_and_places_only_of_the_newest(
    db: Session, panel: Panel
) -> None:
    refreshed(db, panel)
    refreshed(db, panel)
    published = summary.publish(db, panel.id)
    refreshed(db, panel)
    newest = summary.newest(db, panel.id)
    assert newest is not None
    found = summary.published(db, panel.id)
    assert found is not None
    assert found.id == published.id
    assert set(db.scalars(select(snapshots.Snapshot.id))) == {published.id, newest.id}
    assert set(db.scalars(select(snapshots.Place.snapshot_id))) == {newest.id}


def test_nothing_can_be_published_before_the_first_snapshot(db: Session, panel: Panel) -> None:
    with pytest.raises(NotFoundError):
        summary.publish(db, panel.id)
    assert summary.published(db, panel.id) is None


def test_a_member_finds_the_own_place_alone(db: Session, panel: Panel) -> None:
    refreshed(db, panel)
    own = db.scalars(select(snapshots.Place).limit(1)).one()
    visitor = members.Visitor(
        now=NOON, login=None, seen_at=None, person=1, keys=False, staff=None, member=own.member_id
    )
    assert summary.place(db, visitor) is own
    assert summary.place(db, visitor._replace(member=None)) is None


def test_a_panel_is_looked_at_again_when_votes_or_texts_change(db: Session, panel: Panel) -> None:
    harbour = panels.by_slug(db, "harbour").id
    assert summary.stale(db) == [panel.id, harbour]
    refreshed(db, panel)
    refreshed(db, panels.get(db, harbour))
    set_clock(db, NOON + 60)
    assert summary.stale(db) == []
    db.execute(
        update(Vote)
        .values(version=Vote.version + 1)
        .where(Vote.member_id == select(func.max(Vote.member_id)).scalar_subquery())
    )
    assert summary.stale(db) == [panel.id]
    panels.touch(panels.get(db, harbour))
    db.flush()
    assert summary.stale(db) == [panel.id, harbour]


def test_a_panel_has_at_most_one_snapshot_in_twenty_seconds(db: Session, panel: Panel) -> None:
    refreshed(db, panel)
    panels.touch(panel)
    db.flush()
    set_clock(db, NOON + 10)
    assert panel.id not in summary.stale(db)
    set_clock(db, NOON + 40)
    assert panel.id in summary.stale(db)


def test_a_panel_that_closed_days_ago_is_left_alone_unless_its_texts_change(
    db: Session, panel: Panel
) -> None:
    refreshed(db, panel)
    set_clock(db, NOON + 20 * DAY)
    db.execute(update(Vote).values(version=Vote.version + 1))
    assert panel.id not in summary.stale(db)
    panels.touch(panel)
    db.flush()
    assert panel.id in summary.stale(db)


def test_v25_a_contradictory_result_is_not_kept(db: Session, panel: Panel) -> None:
    outcome = summary.analyse(summary.gather(db, panel.id))
    wrong = [
        replace(outcome, voters=0),
        replace(outcome, places=[{**outcome.places[0], "x": math.nan}]),
        replace(outcome, rough={**outcome.rough, "statements": []}),
    ]
    for one in wrong:
        with pytest.raises(LostError):
            summary.check(one)


def test_v25_a_killed_computation_leaves_the_snapshot_before_it(engine: Engine) -> None:
    with writing(engine) as db:
        panel = plant(db)
        number, made_at = panel.id, refreshed(db, panel).at
        panels.touch(panel)

    def kill() -> None:
        while not apart.CHILDREN:
            time.sleep(0.01)
        apart.give_up()

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(LostError):
        summary.refresh(engine, number)
    killer.join()
    with reading(engine) as db:
        found = summary.newest(db, number)
        assert found is not None
        assert found.made_at == made_at


def test_v31_the_order_and_the_names_of_rows_change_nothing(db: Session, panel: Panel) -> None:
    material = summary.gather(db, panel.id)
    turned = replace(material, answers=list(reversed(material.answers)))
    assert summary.analyse(material) == summary.analyse(turned)


def test_the_words_of_a_statement_hidden_later_are_gone(db: Session, panel: Panel) -> None:
    assert 5 in summary.wordings(db, panel.id)
    statement(db, panel, 5).state = State.HIDDEN
    db.flush()
    assert 5 not in summary.wordings(db, panel.id)


def test_an_unknown_panel_has_no_state(db: Session) -> None:
    with pytest.raises(NotFoundError):
        snapshots.state(db, 999)


@pytest.mark.parametrize("bloc", [0, 50])
def test_v42_staff_hear_of_answers_in_unison_and_what_they_change(bloc: int) -> None:
    votes = with_faction(0, faction=bloc)
    people, columns, choices = votes.person.tolist(), votes.statement.tolist(), votes.vote.tolist()
    outcome = summary.analyse(
        Material(
            state=PanelState(votes=len(choices), versions=0, edition=0),
            now=NOON,
            k=5,
            statements=[(column, column + 1) for column in range(votes.statements)],
            answers=[Answer(*row, NOON) for row in zip(people, columns, choices, strict=True)],
            kinds=dict.fromkeys(people, "open"),
            channels=dict.fromkeys(people, "web"),
            letters={},
            frozen={},
            regrouped_at=None,
            important={},
        )
    )
    if not bloc:
        assert outcome.groups["unison"] is None
        return
    unison = outcome.groups["unison"]
    assert unison["size"] == bloc
    assert set(unison["without_them"]) <= {column + 1 for column in FACTION_IS_AGAINST}
    assert unison["without_them"]
