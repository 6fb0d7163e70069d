import logging
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update
from starlette.testclient import TestClient

from panels import apart, digests, jobs, login, members, notices, people, summary
from panels.database import Base, Engine, connect, reading, set_clock, writing
from panels.jobs import Job
from panels.login import Wish
from panels.members import MemberKind
from panels.notices import Event
from panels.statements import Vote
from server import worker
from server.app import make_app
from server.settings import Settings
from server.worker import Arguments
from tests.conftest import BASE, BOTH, NOON, SAME_ORIGIN, furnish
from tests.planted import plant

HOUR = 3600
SOON = 60.0  # seconds within which a loaded machine has done a small job


def wait_until(done: Callable[[], Any]) -> None:
    """Return once it is done; fail after SOON."""
    end = time.monotonic() + SOON
    while not done():
        assert time.monotonic() < end, "it was not done in time"
        time.sleep(0.1)


class Queue:
    """Keeps what is handed over, as the job runner does: the same id once."""

    def __init__(self) -> None:
        self.work: dict[str, tuple[str, Arguments]] = {}

    def put(self, identity: str, task: str, arguments: Arguments) -> None:
        self.work[identity] = task, arguments


def test_what_is_due_is_handed_over_and_forgotten(engine: Engine) -> None:
    with writing(engine) as db:
        jobs.leave(db, "send_mail", template="login", request=7)
    queue = Queue()
    worker.hand_over(engine, queue.put)
    assert list(queue.work.values()) == [("send_mail", {"template": "login", "request": 7})]
    with reading(engine) as db:
        assert jobs.due(db) == []
    worker.hand_over(engine, queue.put)
    assert len(queue.work) == 1


def test_work_that_was_handed_over_before_a_crash_comes_again_under_the_same_id(engine: Engine) -> None:
    with writing(engine) as db:
        jobs.leave(db, "send_mail", template="login", request=7)
        jobs.leave(db, "send_mail", template="login", request=8)
    queue = Queue()

    def crash(identity: str, task: str, arguments: Arguments) -> None:
        queue.put(identity, task, arguments)
        if arguments["request"] == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        worker.hand_over(engine, crash)
    worker.hand_over(engine, queue.put)
    assert len(queue.work) == 2


def test_a_panel_whose_votes_changed_is_asked_for_once_by_all_processes(engine: Engine) -> None:
    with writing(engine) as db:
        panel = plant(db).id
    queue = Queue()
    worker.sweep(engine, queue.put)
    worker.sweep(engine, queue.put)
    asked = [arguments["panel"] for _, arguments in queue.work.values()]
    assert panel in asked
    assert len(queue.work) <= 2 * len(set(asked))  # two slots at most


def test_the_days_mails_are_asked_for_from_their_hour_on_once_by_all_processes(engine: Engine) -> None:
    queue = Queue()
    worker.ring(engine, queue.put)
    assert queue.work == {}
    with writing(engine) as db:
        set_clock(db, NOON + 5 * HOUR)
    for _ in range(2):
        worker.ring(engine, queue.put)
    assert queue.work == {"mails-2026-11-21": ("begin_mails", {"day": "2026-11-21"})}


@BOTH
def test_the_days_mails_drip_and_whom_a_stop_leaves_over_is_told_soon_after_r15(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "AT_ONCE", 1)
    with writing(engine) as db:
        notices.tell_followers(db, Event.PHASE, 2, panel=1, at=NOON)
    queue = Queue()
    at, told = NOON + 5 * HOUR, []
    worker.begin_mails(settings, engine, {"day": "2026-11-21"})
    for _ in range(5):  # each round is a process of its own
        with writing(engine) as db:
            set_clock(db, at)
        queue.work.clear()
        worker.hand_over(engine, queue.put)
        for task, arguments in queue.work.values():
            if task == "leave_mails":
                worker.leave_mails(settings, engine, arguments)
            else:
                told.append((task, arguments["person"], at))
        with reading(engine) as db:
            assert "leave_mails" not in [job.task for job in jobs.due(db)]
        at += worker.BREATH + 1
    assert [task for task, *_ in told] == ["send_digest", "send_digest"]
    assert [person for _, person, _ in told] == [1, 2]
    assert told[1][2] - told[0][2] == worker.BREATH + 1
    with reading(engine) as db:
        assert db.scalars(select(Job)).all() == []


def test_the_mails_of_a_day_end_with_it(settings: Settings, engine: Engine) -> None:
    with writing(engine) as db:
        notices.tell_followers(db, Event.PHASE, 2, panel=1, at=NOON)
        set_clock(db, NOON + 29 * HOUR)
    worker.leave_mails(settings, engine, {"day": "2026-11-21"})
    with reading(engine) as db:
        assert db.scalars(select(Job)).all() == []


def test_v25_a_summary_that_cannot_be_computed_is_told_to_the_log_alone(
    settings: Settings, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with writing(engine) as db:
        panel = plant(db).id
        db.execute(update(Vote).values(choice=7))
    with caplog.at_level(logging.WARNING, logger="raati"):
        worker.refresh_summary(settings, engine, {"panel": panel})
    assert "no new summary" in caplog.text
    with reading(engine) as db:
        assert summary.newest(db, panel) is None


@pytest.fixture
def place(either_database: str, tmp_path: Path) -> Iterator[tuple[Settings, Engine]]:
    """Furnish an empty database of either kind and stop what runs on it afterwards."""
    settings = Settings(database=either_database, base_url=BASE, mail=str(tmp_path / "mail"), secret="s" * 32)
    engine = connect(either_database)
    Base.metadata.create_all(engine)
    with writing(engine) as db:
        set_clock(db, NOON)
        furnish(db)
    yield settings, engine
    worker.stop()
    engine.dispose()


def ask(engine: Engine) -> None:
    """Let Aino ask for a login link."""
    with writing(engine) as db:
        login.ask(db, NOON, Wish(email="aino@example.fi", language="fi", login=None, address_key="here"))


def test_the_runner_sends_mail_and_refreshes_summaries(place: tuple[Settings, Engine]) -> None:
    settings, engine = place
    with writing(engine) as db:
        panel = plant(db).id
        notices.tell_followers(db, Event.PHASE, 2, panel=1, at=NOON)
        set_clock(db, NOON + 5 * HOUR)
    ask(engine)
    worker.launch(settings, engine)
    wait_until(lambda: len(list(Path(settings.mail).glob("*.eml"))) == 3)  # a link, and two are told

    def has_snapshot() -> bool:
        with reading(engine) as db:
            return summary.newest(db, panel) is not None

    wait_until(has_snapshot)
    worker.stop()
    if engine.dialect.name == "sqlite":
        with sqlite3.connect(f"{engine.url.database}.jobs") as kept:
            assert kept.execute("pragma journal_mode").fetchone() == ("wal",)
    else:
        with engine.connect() as connection:
            assert connection.execute(text("select count(*) from dbos.workflow_status")).scalar_one() >= 2


def test_a_mail_that_fails_is_tried_again(settings: Settings, engine: Engine, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    settings = replace(settings, mail=str(blocked))
    ask(engine)
    worker.launch(settings, engine)
    try:
        wait_until(lambda: not waiting(engine))
        time.sleep(1)  # the first attempt has failed by now
        blocked.unlink()
        wait_until(lambda: blocked.is_dir() and list(blocked.glob("*")))
    finally:
        worker.stop()


def waiting(engine: Engine) -> bool:
    """Return whether work waits to be handed over."""
    with reading(engine) as db:
        return bool(jobs.due(db))


def test_work_that_was_handed_over_outlives_a_restart(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    settings = replace(settings, mail=str(blocked))
    ask(engine)
    worker.launch(settings, engine)
    wait_until(lambda: not waiting(engine))
    worker.stop()
    blocked.unlink()
    worker.launch(settings, engine)
    try:
        wait_until(lambda: blocked.is_dir() and list(blocked.glob("*")))
    finally:
        worker.stop()


def test_a_stop_ends_a_computation_and_the_runner_learns_of_it(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow_to_give_up(_engine: Engine, _panel: int) -> None:
        try:
            apart.run(time.sleep, SOON)
        finally:
            time.sleep(0.5)

    with writing(engine) as db:
        plant(db)
    monkeypatch.setattr(summary, "refresh", slow_to_give_up)
    worker.launch(settings, engine)
    try:
        wait_until(lambda: apart.CHILDREN)
    finally:
        worker.stop()
    query = (
        "select distinct status from workflow_status where name = 'refresh_summary' and status != 'ENQUEUED'"
    )
    with sqlite3.connect(f"{engine.url.database}.jobs") as kept:
        assert kept.execute(query).fetchall() == [("SUCCESS",)]


def test_the_runner_outlives_a_database_that_is_away(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker, "AFTER_FAILURE", 0.1)
    worker.launch(settings, engine)
    try:
        with writing(engine) as db:
            db.execute(text("alter table jobs rename to elsewhere"))
        wait_until(lambda: "could not do a chore" in caplog.text)
        with writing(engine) as db:
            db.execute(text("alter table elsewhere rename to jobs"))
        ask(engine)
        wait_until(lambda: list(Path(settings.mail).glob("*")))
    finally:
        worker.stop()


def test_finished_work_is_forgotten_after_a_week(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def remembered() -> int:
        with sqlite3.connect(f"{engine.url.database}.jobs") as kept:
            query = "select count(*) from workflow_status where status = 'SUCCESS' and name = 'send_mail'"
            return int(kept.execute(query).fetchone()[0])

    ask(engine)
    worker.launch(settings, engine)
    try:
        wait_until(lambda: remembered() == 1)
        worker.forget_finished()
        assert remembered() == 1
        monkeypatch.setattr(worker, "KEPT", -worker.KEPT)
        worker.forget_finished()
        assert remembered() == 0
    finally:
        worker.stop()


def test_the_runner_alone_works_until_it_is_told_to_stop(settings: Settings, engine: Engine) -> None:
    ask(engine)
    program = (
        f"from server import worker\nfrom server.settings import Settings\nworker.run_forever({settings!r})"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": str(Path.cwd())}
    )
    try:
        wait_until(lambda: list(Path(settings.mail).glob("*")))
    finally:
        child.send_signal(signal.SIGTERM)
    assert child.wait(timeout=SOON) == 0


def test_r16_a_deleted_account_leaves_no_trace_in_files_in_the_runner_or_in_the_log(
    settings: Settings, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """R16"""
    name, email, words = "Kaarlo Planted-Testinen", "kaarlo.planted@example.fi", "Istutettu lause kirjastosta"
    with writing(engine) as db:
        person = people.ensure(db, email, name=name)
        members.take_seat(db, 1, person.id, MemberKind.OPEN)
        _, token = login.begin(db, NOON, person=person.id)
    with (
        caplog.at_level(logging.DEBUG),
        TestClient(make_app(settings), base_url=BASE, headers=SAME_ORIGIN) as client,
    ):
        client.cookies.set("login", token)
        form = {"text": words, "language": "fi", "key": "1" * 32}
        assert client.post("/fi/panels/library/statements", data=form).status_code == 200
        with writing(engine) as db:
            login.ask(db, NOON, Wish(email=email, language="fi", login=None, address_key="here"))
        wait_until(lambda: list(Path(settings.mail).glob("*.eml")))
        assert client.post("/fi/me/delete", data={"texts": "remove"}).status_code == 200
        wait_until(lambda: not planted_in(engine, name, email, words))
    assert not planted_in(engine, name, email, words)
    assert Path(f"{engine.url.database}.jobs").exists()
    assert not any(planted in caplog.text for planted in (name, email, words))


def planted_in(engine: Engine, *planted: str) -> bool:
    """Return whether any of the words stands in a file of the database or of the job runner."""
    database = Path(str(engine.url.database))
    kept = b"".join(path.read_bytes() for path in database.parent.glob(f"{database.name}*"))
    return any(words.encode() in kept for words in planted)
