"""What is stored about a person is told whole and erased whole, on either database (R16)."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Table, delete, func, inspect, select

from panels import (
    amendments,
    codes,
    comments,
    consents,
    drafts,
    jobs,
    login,
    materials,
    members,
    moderation,
    notices,
    own_data,
    panels,
    people,
    profiles,
    proposals,
    statements,
)
from panels.appeals import Appeal
from panels.codes import CodeKind
from panels.comments import Comment, CommentKind
from panels.consents import ConsentKind
from panels.database import Base, Engine, Session, connect, scrub, set_clock, writing
from panels.errors import BusyError
from panels.jobs import Job
from panels.login import Wish
from panels.materials import Reading
from panels.members import Member, MemberKind, Visitor, arrive_as
from panels.migrations import tables, upgrade
from panels.moderation import Reason
from panels.notices import Letter, Topic
from panels.people import Person
from panels.permissions import Role
from panels.reasons import Important, VoteReason
from panels.sheets import Channel, Entry, Keying
from panels.snapshots import Place, Snapshot
from panels.statements import Choice, State, Statement, Vote
from tests.conftest import DAY, NOON, furnish, texts

NAME, EMAIL = "Kaarlo Päivänsäde-Testinen", "kaarlo.testinen@example.fi"
WORDS = "Kaarlon istutetut sanat ovat tässä lauseessa"
ANSWERED = "Tähän muut ovat jo ehtineet vastata"
BY_NAME = {"person_id", "staff_id", "member_id", "author_id", "login_id", "email"}
"""Names of columns that make a row somebody's own."""


@pytest.fixture
def engine(either_database: str) -> Iterator[Engine]:
    made = connect(either_database)
    upgrade(made)
    with writing(made) as db:
        set_clock(db, NOON)
        furnish(db)
        live(db)
    yield made
    made.dispose()


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    with writing(engine) as db:
        yield db


def visitor(db: Session, email: str, slug: str = "library") -> Visitor:
    person = people.by_email(db, email)
    assert person is not None
    return arrive_as(db, slug, person.id)


def live(db: Session) -> None:
    """Let Kaarlo do all that a person can do, so that every table has a row of his."""
    kaarlo = people.ensure(db, EMAIL, name=NAME)
    members.take_seat(db, 1, kaarlo.id, MemberKind.OPEN)
    people.give_role(db, kaarlo, Role.MODERATOR, panel=2)
    browser, _ = login.begin(db, NOON, person=kaarlo.id)
    request = login.ask(db, NOON, Wish(email=EMAIL, language="fi", login=browser.id, address_key="a"))
    login.miss(db, NOON, login=browser.id, address_key="a", request=request)
    (code,) = codes.draw(1)
    codes.add(db, "library", [code], CodeKind.REGISTRATION)
    seat = visitor(db, EMAIL).seat
    db.query(codes.Code).update({"member_id": seat})
    discuss(db)
    vote(db)
    snapshot = Snapshot(panel_id=1, made_at=NOON, votes=1, versions=1, edition=1, voters=1)
    snapshot.groups = snapshot.masked = snapshot.rough = snapshot.frozen = {}
    db.add(snapshot)
    db.flush()
    db.add(Place(member_id=seat, snapshot_id=snapshot.id, letter="A", confidence=1.0, x=0.0, y=0.0))
    jobs.leave(db, "send_mail", template="digest", person=kaarlo.id, day="2026-11-21")
    db.add(Letter(panel_id=1, number=1, person_id=kaarlo.id, listed_by=kaarlo.id, at=NOON))
    notices.switch(db, kaarlo.id, Topic.OWN, on=False)
    notices.follow(db, visitor(db, EMAIL), on=True)
    materials.add(db, 1, materials.Draft(title=texts("Costs"), body=texts("What it costs.")))
    consents.agree(db, seat, set(ConsentKind))
    profiles.tell(db, seat, profiles.asked(panels.get(db, 1))[0], "30-44")
    entry = Entry(panel_id=1, member_id=seat, agent_id=kaarlo.id, channel=Channel.PAPER, key="d", at=NOON)
    entry.answers, entry.before = 1, []
    db.add(entry)
    db.add(
        Keying(panel_id=1, member_id=seat, agent_id=kaarlo.id, day="2026-11-21", answers={"1": 1}, at=NOON)
    )
    db.add(Reading(member_id=seat, material_id=1, at=NOON))


def discuss(db: Session) -> None:
    """Let him and others propose and comment while proposals were open."""
    set_clock(db, NOON - 20 * DAY)
    kaarlo, nils = visitor(db, EMAIL), visitor(db, "nils@example.fi")
    for number, words in enumerate((WORDS, ANSWERED)):
        draft = proposals.Draft({"fi": f"{words} otsikko"}, {"fi": words}, "fi")
        proposals.propose(db, kaarlo, draft, key=f"{number:032}")
        proposals.back(db, kaarlo, number + 1)
    nils_draft = proposals.Draft({"sv": "Mera böcker"}, {"sv": "Mera böcker."}, "sv")
    theirs = proposals.propose(db, nils, nils_draft, key="a" * 32)
    proposals.back(db, kaarlo, theirs)
    drafts.save(db, kaarlo, drafts.Draft(f"{WORDS} luonnos", "", "fi"), key="m" * 32)
    change = amendments.Draft(WORDS, "Näin.", "", seen=1)
    amendments.send(db, kaarlo, theirs, change, key="l" * 32)
    remark = comments.Draft(1, CommentKind.SUPPORT, {"fi": WORDS}, "fi")
    comments.add(db, kaarlo, remark, key="b" * 32)
    first = comments.add(db, kaarlo, replace(remark, proposal=theirs, texts={"fi": ANSWERED}), key="c" * 32)
    reply = comments.Draft(theirs, CommentKind.REPLY, {"sv": "Tack."}, "sv", parent=first)
    comments.add(db, nils, reply, key="d" * 32)
    comments.add(db, kaarlo, replace(reply, texts={"fi": WORDS}), key="e" * 32)
    comments.add(db, nils, replace(remark, proposal=2, texts={"sv": "Bra."}), key="f" * 32)
    set_clock(db, NOON)


def vote(db: Session) -> None:
    """Let him vote and write one statement that others answer and one that waits; let him judge another's."""
    kaarlo, nils = visitor(db, EMAIL), visitor(db, "nils@example.fi")
    statements.cast_vote(db, kaarlo, 1, Choice.AGREE, key="g" * 32, seen=0)
    statements.send(db, kaarlo, {"fi": WORDS}, "fi", key="h" * 32)
    db.add(Important(member_id=kaarlo.seat, statement_id=1))
    why = VoteReason(member_id=kaarlo.seat, statement_id=1, choice=1, texts={"fi": WORDS}, language="fi")
    why.state, why.sent_at = State.WAITING, NOON
    db.add(why)
    db.flush()
    appeal = Appeal(panel_id=1, member_id=kaarlo.seat, statement_id=1, vote_reason_id=why.id, why=WORDS)
    appeal.version, appeal.rule, appeal.sent_at = 1, Reason.OFF_TOPIC, NOON
    db.add(appeal)
    answered = statements.send(db, kaarlo, {"fi": ANSWERED}, "fi", key="i" * 32)
    moderation.approve(db, visitor(db, "minna@example.fi"), answered, seen=1)
    statements.cast_vote(db, nils, answered.id, Choice.DISAGREE, key="j" * 32, seen=0)
    judged = statements.send(db, nils, {"sv": "Biblioteket behöver stolar."}, "sv", key="k" * 32)
    db.query(Statement).filter_by(id=judged.id).update({"decided_by": kaarlo.person})
    db.query(Vote).filter_by(statement_id=answered.id, member_id=nils.seat).update(
        {"agent_id": kaarlo.person}
    )


def everything(db: Session) -> dict[str, list[dict[str, Any]]]:
    """Return all rows of all tables."""
    found = tables().sorted_tables
    return {table.name: [dict(row) for row in db.execute(select(table)).mappings()] for table in found}


def leads(column: Column[Any]) -> bool:
    """Return whether the column could lead to a person."""
    targets = {key.column.table.name for key in column.foreign_keys}
    return bool(targets & {"people", "members", "logins"}) or column.name in BY_NAME


def dump(db: Session) -> str:
    """Return the whole database as text."""
    db.expire_all()
    return json.dumps(everything(db), default=str, ensure_ascii=False)


def kaarlo_in(db: Session) -> Person:
    found = people.by_email(db, EMAIL)
    assert found is not None
    return found


def test_r16_the_copy_has_every_row_that_leads_to_the_person(db: Session) -> None:
    """R16: a table that is added later fails here until the tests' Kaarlo has a row in it."""
    person = kaarlo_in(db)
    copy, rows = own_data.of_person(db, person.id), everything(db)
    keys: dict[str, set[Any]] = {"people": {person.id}}
    for name in ("members", "logins"):
        keys[name] = {row["id"] for row in rows[name] if row["person_id"] == person.id}
    named = {"person_id": "people", "staff_id": "people", "login_id": "logins"}
    for table in tables().sorted_tables:
        columns = [column for column in table.c if leads(column) and column.name in BY_NAME]
        if not columns or table.name == "people":
            continue
        mine = []
        for row in rows[table.name]:
            for column in columns:
                target = next(
                    (key.column.table.name for key in column.foreign_keys), named.get(column.name, "")
                )
                if row[column.name] in (keys[target] if target else {EMAIL}):
                    mine.append(row)
                    break
        assert mine, f"{table.name}: let Kaarlo have a row in it"
        assert sorted(map(str, copy[table.name])) == sorted(map(str, mine)), table.name
    assert [row["name"] for row in copy["people"]] == [NAME]
    assert [row["task"] for row in copy["jobs"]] == ["send_mail"] * 2


@pytest.mark.parametrize("table", tables().sorted_tables, ids=lambda table: table.name)
def test_r16_a_column_that_leads_to_a_person_can_be_let_go(table: Table) -> None:
    """R16: it either makes the row the person's own, or may become empty."""
    for column in table.c:
        if leads(column):
            assert column.name in BY_NAME or column.nullable, f"{table.name}.{column.name}"


def test_r16_the_copy_holds_nothing_of_somebody_else(db: Session) -> None:
    """R16"""
    copy = json.dumps(own_data.of_person(db, kaarlo_in(db).id), default=str)
    for other in ("nils@example.fi", "Biblioteket", "Mera", "Tack"):
        assert other not in copy
    ville = people.by_email(db, "ville@example.fi")
    assert ville is not None
    assert list(own_data.of_person(db, ville.id)) == ["people"]


def test_r16_the_writer_sees_how_many_texts_go_and_stay(db: Session) -> None:
    """R16"""
    seats = own_data.seats_of(db, kaarlo_in(db).id)
    assert own_data.written_on(db, seats) == own_data.Written(alone=6, answered=3)
    assert own_data.written_on(db, []) == own_data.Written(0, 0)


def test_r16_erased_with_the_texts_nothing_is_left_but_what_others_answered(db: Session) -> None:
    """R16"""
    own_data.erase(db, kaarlo_in(db).id, remove=True)
    left = dump(db)
    for planted in (NAME, EMAIL, WORDS):
        assert planted not in left
    assert left.count(ANSWERED) == 4  # a statement, a comment, a proposal's title and body
    assert {"Tack.", "Bra."} <= {text for row in db.scalars(select(Comment.texts)) for text in row.values()}


def test_r16_erased_without_the_texts_they_stay_and_are_nobodys(db: Session) -> None:
    """R16"""
    person = kaarlo_in(db).id
    own_data.erase(db, person, remove=False)
    left = dump(db)
    assert NAME not in left
    assert EMAIL not in left
    assert left.count(WORDS) == 6
    proposal = proposals.get(db, visitor(db, "nils@example.fi"), 1)
    assert (proposal.author, proposal.title) == ("", {"fi": f"{WORDS} otsikko"})
    for table in tables().sorted_tables:
        for column in table.c:
            if any(key.column.table.name == "people" for key in column.foreign_keys):
                assert db.scalars(select(column).where(column == person)).all() == [], str(column)


@pytest.mark.parametrize(("days", "votes", "backings"), [(8, 0, 0), (10, 3, 3)])
def test_r16_answers_go_while_the_panel_counts_and_stay_unnamed_afterwards(
    db: Session, days: int, votes: int, backings: int
) -> None:
    """R16"""
    seat = visitor(db, EMAIL).seat
    set_clock(db, NOON + days * DAY)
    own_data.erase(db, kaarlo_in(db).id, remove=False)
    for table, left in ((Vote, votes), (proposals.Backing, backings)):
        assert db.query(table).filter_by(member_id=seat).count() == left
    assert db.query(Place).filter_by(member_id=seat).count() == 0
    held = db.get_one(Member, seat)
    assert held.person_id is None
    assert held.left_at == pytest.approx(NOON + days * DAY, abs=60)


def test_leaving_one_panel_leaves_the_person_and_the_others_alone(db: Session) -> None:
    person = kaarlo_in(db)
    members.take_seat(db, 2, person.id, MemberKind.OPEN)
    before = visitor(db, "nils@example.fi").edition
    held = own_data.seat_in(db, 1, person.id)
    assert held is not None
    own_data.leave(db, held, remove=True)
    assert own_data.seat_in(db, 1, person.id) is None
    assert [seat.panel_id for seat in own_data.seats_of(db, person.id)] == [2]
    assert (person.name, person.email) == (NAME, EMAIL)
    assert WORDS not in dump(db)
    assert visitor(db, "nils@example.fi").edition != before
    assert db.query(codes.Code).count() == 0


def test_r16_the_id_of_somebody_who_went_is_never_given_again(db: Session) -> None:
    """R16: a mail that waits for them must not reach whoever comes next."""
    newest = kaarlo_in(db).id
    assert newest == db.scalar(select(func.max(Person.id)))
    own_data.erase(db, newest, remove=True)
    assert people.ensure(db, "next@example.fi").id > newest


def test_r16_no_trace_is_left_in_the_files_of_the_database(engine: Engine) -> None:
    """R16"""
    with writing(engine) as db:
        for number in range(40):
            people.ensure(db, f"{number}-{EMAIL}", name=f"{number} {NAME}")
            people.ensure(db, f"{number}-stays@example.fi", name=f"{number} stays here")
    with writing(engine) as db:
        erased = select(Person.id).where(Person.email.like(f"%{EMAIL}"))
        for person in db.scalars(erased).all():
            own_data.erase(db, person, remove=True)
        db.execute(delete(Job))
    scrub(engine)
    if engine.dialect.name == "sqlite":
        files = Path(str(engine.url.database)).parent.glob("*")
        kept = b"".join(file.read_bytes() for file in files)
        for planted in (NAME, EMAIL, WORDS):
            assert planted.encode() not in kept
            assert json.dumps(planted).strip('"').encode() not in kept
    else:
        with engine.connect() as connection:
            cursor = connection.connection.cursor()
            for table in inspect(connection).get_table_names():
                with cursor.copy(f'copy "{table}" to stdout') as copy:
                    kept = b"".join(bytes(block) for block in copy)
                for planted in (NAME, EMAIL, WORDS):
                    assert planted.encode() not in kept, table


def test_the_log_of_writes_cannot_be_emptied_while_somebody_reads_it(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        scrub(engine)
        return
    with engine.connect() as reader:
        reader.execute(select(func.count()).select_from(Base.metadata.tables["people"]))
        with writing(engine) as db:
            people.ensure(db, "next@example.fi")
        with pytest.raises(BusyError):
            scrub(engine)
    scrub(engine)
