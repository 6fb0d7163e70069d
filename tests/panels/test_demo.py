from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from panels import demo, jobs, members, panels, people, queue, summary
from panels.comments import Comment
from panels.corrections import Correction
from panels.database import Base, Engine, Session, connect, now, reading, writing
from panels.errors import RefusedError
from panels.home import demo_address
from panels.members import Member, MemberKind
from panels.merges import Merge
from panels.moderation import Kind
from panels.panels import PhaseName, midnight
from panels.permissions import Role
from panels.proposals import Backing, Proposal
from panels.reasons import VoteReason
from panels.statements import State, Statement, Vote
from tests import postgresql as postgresql_server

NOON = 12 * 60 * 60
SLUG = "kirjastoraati"


def silent(_what: str, _done: int, _of: int) -> None:
    pass


def made(address: str, day: date) -> Engine:
    engine = connect(address)
    Base.metadata.create_all(engine)
    assert demo.build(engine, day, silent)
    return engine


@pytest.fixture(scope="module")
def voting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = made(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'raati.db'}", demo.DAY)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def answered(testrun_uid: str) -> Iterator[Engine]:
    with postgresql_server.database(postgresql_server.start(testrun_uid)) as address:
        engine = made(address, date(2027, 3, 2))
        yield engine
        engine.dispose()


def count(db: Session, table: type[Base]) -> int:
    return db.scalars(select(func.count()).select_from(table)).one()


def visitor(db: Session, name: str) -> members.Visitor:
    person = people.by_email(db, demo_address(name))
    assert person is not None
    return members.arrive_as(db, SLUG, person.id)


def test_while_statements_are_open_all_614_have_voted_on_the_40_and_one_merged_of_two(voting: Engine) -> None:
    with reading(voting) as db:
        published = select(Statement.id).where(Statement.state == State.PUBLISHED)
        counted = select(func.count()).select_from(Vote).where(Vote.statement_id.in_(published))
        shown = db.scalars(select(Statement.number).where(Statement.id.in_(published)))
        assert list(shown) == [*range(1, 41), 47]
        assert db.scalars(counted).one() == 16_896
        merge = db.scalars(select(Merge)).one()
        assert (merge.first.number, merge.second.number, merge.statement.number) == (45, 46, 47)
        assert members.voters(db, panels.by_slug(db, SLUG).id) == 614
        found = summary.newest(db, panels.by_slug(db, SLUG).id)
        assert found is not None
        assert (found.voters, found.votes, found.published_at) == (614, 16_896, None)


def test_the_demo_stands_at_noon_of_its_day_and_nothing_lies_after_it(voting: Engine) -> None:
    with reading(voting) as db:
        at = midnight(demo.DAY) + NOON
        assert at <= now(db) < at + 600
        for column in (Vote.at, Statement.sent_at, Comment.sent_at, Proposal.sent_at, Member.created_at):
            assert db.scalars(select(func.max(column))).one() <= at, column


def test_the_people_of_the_demo_are_what_they_are(voting: Engine) -> None:
    with reading(voting) as db:
        assert visitor(db, "aino").roles == (Role.RESIDENT,)
        assert visitor(db, "nils").kind is MemberKind.DRAWN
        assert visitor(db, "eero").roles == (Role.FACILITATOR,)
        assert visitor(db, "outi").roles == (Role.COUNCIL_SECRETARY,)
        assert visitor(db, "ville").roles == (Role.OUTSIDER,)
        kinds = db.execute(select(Member.kind, func.count()).group_by(Member.kind))
        assert {row[0]: row[1] for row in kinds} == {MemberKind.DRAWN: 40, MemberKind.OPEN: 614}


def test_four_sentences_were_sent_back_with_their_reasons_and_no_mail_waits(voting: Engine) -> None:
    with reading(voting) as db:
        back = db.scalars(select(Statement).where(Statement.state == State.SENT_BACK)).all()
        assert [row.reason for row in back] == ["duplicate", "not_possible", "two_ideas", "personal"]
        assert all(row.message for row in back)
        assert jobs.due(db) == []


def test_a_slip_was_corrected_before_anybody_answered_f21(voting: Engine) -> None:
    with reading(voting) as db:
        correction = db.scalars(select(Correction)).one()
        assert (correction.statement.number, "aikatalun" in correction.before["fi"]) == (34, True)
        assert "aikataulun" in correction.statement.texts["fi"]


def test_answers_have_reasons_of_which_one_waits_and_importance_is_told_v46(voting: Engine) -> None:
    with reading(voting) as db:
        panel = panels.by_slug(db, SLUG).id
        assert (count(db, VoteReason), queue.count(db, panel, [Kind.REASON])) == (6, 1)
        assert {len(texts) for texts in db.scalars(select(VoteReason.texts))} == {3}
        found = summary.newest(db, panel, rough=True)
        assert found is not None
        assert any(entry["important"] for entry in found.rough["statements"])


def test_the_figures_of_the_recruitment_are_those_of_the_day(voting: Engine, answered: Engine) -> None:
    known = {"invited": 2400, "volunteered": 96, "selected": 40}
    for engine, figures in ((voting, known), (answered, {**known, "attended_all_meetings": 36})):
        with reading(engine) as db:
            assert panels.by_slug(db, SLUG).figures == figures


def test_a_demo_that_is_there_is_left_as_it_is(voting: Engine) -> None:
    with writing(voting) as db:
        before = now(db)
    assert not demo.build(voting, date(2027, 3, 2), silent)
    with reading(voting) as db:
        assert before <= now(db) < before + 600
        assert count(db, Member) == 654


def test_after_the_councils_answer_the_summary_is_published_on_its_day(answered: Engine) -> None:
    with reading(answered) as db:
        assert midnight(date(2027, 3, 2)) + NOON <= now(db) < midnight(date(2027, 3, 3))
        found = summary.published(db, panels.by_slug(db, SLUG).id)
        assert found is not None
        assert found.published_at is not None
        assert (found.voters, found.votes) == (614, 16_896)
        assert midnight(date(2026, 12, 14)) < found.published_at < midnight(date(2026, 12, 15))
        assert visitor(db, "aino").phase is PhaseName.RESPONSE


def test_while_proposals_are_open_there_are_no_statements_yet(tmp_path: Path) -> None:
    engine = made(f"sqlite:///{tmp_path / 'raati.db'}", date(2026, 10, 26))
    with reading(engine) as db:
        assert visitor(db, "aino").phase is PhaseName.PROPOSE
        assert (count(db, Proposal), count(db, Comment), count(db, Backing)) == (12, 25, 1_916)
        assert count(db, Statement) == count(db, Vote) == 0
        assert summary.newest(db, panels.by_slug(db, SLUG).id) is None
    engine.dispose()


def test_on_the_first_day_there_are_no_members_yet(tmp_path: Path) -> None:
    engine = made(f"sqlite:///{tmp_path / 'raati.db'}", date(2026, 8, 24))
    with reading(engine) as db:
        assert visitor(db, "aino").roles == (Role.OUTSIDER,)
        assert visitor(db, "aino").opened_at is not None
        assert count(db, Member) == 0
    engine.dispose()


def test_the_demo_keeps_away_from_other_panels_and_other_years(tmp_path: Path, engine: Engine) -> None:
    with pytest.raises(RefusedError, match="other_panels"):
        demo.build(engine, demo.DAY, silent)
    empty = connect(f"sqlite:///{tmp_path / 'empty.db'}")
    Base.metadata.create_all(empty)
    with pytest.raises(RefusedError, match="first_day"):
        demo.build(empty, date(2026, 8, 23), silent)
    with reading(empty) as db:
        assert people.by_email(db, demo_address("eero")) is None
    empty.dispose()
