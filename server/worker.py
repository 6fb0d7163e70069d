"""The job runner: takes work over after its commit and sees it through, whatever crashes."""

import logging
import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from aiosmtplib import SMTPException
from dbos import DBOS, DBOSConfig, SetWorkflowID

from panels import apart, database, digests, jobs, summary
from panels.database import Engine, connect, now, reading, writing
from server import mail
from server.settings import Settings

PAUSE = 0.5  # seconds between two looks for work that waits
SWEEP = 4.0  # seconds between two looks for panels whose votes have changed
ROUND = 60.0  # seconds between two looks at the clock for the mails of the day
SLOT = 20.0  # seconds in which a panel's summary is asked for once, by however many processes
BREATH = 4.0  # seconds between two bundles of the day's mails: thousands at once would hold voters up
CLEANING = 60 * 60.0  # seconds between two removals of what was done long ago
KEPT = timedelta(days=7)  # how long the runner remembers finished work
ENDING = 5  # seconds in which work that was given up may say so before the runner is gone
AFTER_FAILURE = 5.0  # seconds to wait when the database cannot be had

Arguments = dict[str, Any]
Enqueue = Callable[[str, str, Arguments], None]
"""Takes (id, task, arguments); the same id twice is one piece of work."""
log = logging.getLogger("raati")


@dataclass(frozen=True)
class Task:
    """A kind of work: what does it, in which queue, and how often it is tried."""

    do: Callable[[Settings, Engine, Arguments], None]
    queue: str
    attempts: int


def send_mail(settings: Settings, engine: Engine, arguments: Arguments) -> None:
    """Send one mail; what a mail server complains of names the reader, and is kept nowhere."""
    try:
        mail.send(settings, engine, **arguments)
    except SMTPException as error:
        raise OSError(f"the mail server answered with {type(error).__name__}") from None


def refresh_summary(_settings: Settings, engine: Engine, arguments: Arguments) -> None:
    """Compute the summary of a panel whose votes have changed; if that fails, the next sweep tries again."""
    try:
        summary.refresh(engine, arguments["panel"])
    except summary.LostError as error:
        log.warning("no new summary: %s", error)


def begin_mails(_settings: Settings, engine: Engine, arguments: Arguments) -> None:
    """Leave notices of what the clock brings, and then the day's mails."""
    with writing(engine) as db:
        digests.notice_time(db)
        jobs.leave(db, "leave_mails", day=arguments["day"])


def leave_mails(_settings: Settings, engine: Engine, arguments: Arguments) -> None:
    """Leave the day's mails of some people, and the rest for after a pause: a restart goes on from there.

    Whom the end of the day leaves over is told the next day.
    """
    day = arguments["day"]
    with writing(engine) as db:
        if digests.day_of(now(db)) == day and digests.leave_mails(db, day):
            jobs.leave(db, "leave_mails", delay=BREATH, day=day)


def scrub(_settings: Settings, engine: Engine, _arguments: Arguments) -> None:
    """Let no copy of what was deleted stay in the database's files."""
    database.scrub(engine)


TASKS = {
    "send_mail": Task(send_mail, queue="mail", attempts=5),
    "send_digest": Task(send_mail, queue="digests", attempts=5),  # who logs in does not wait for them
    "begin_mails": Task(begin_mails, queue="digests", attempts=5),
    "leave_mails": Task(leave_mails, queue="digests", attempts=5),
    "refresh_summary": Task(refresh_summary, queue="summaries", attempts=1),
    "scrub": Task(scrub, queue="summaries", attempts=5),
}
QUEUES = {"mail": 4, "digests": 4, "summaries": 1}  # pieces of work at a time in one process


def hand_over(engine: Engine, enqueue: Enqueue) -> None:
    """Give the runner what is due, then forget it; a crash in between gives it again under the same id."""
    with reading(engine) as db:
        due = jobs.due(db)
    for job in due:
        enqueue(job.id, job.task, job.arguments)
    if due:
        with writing(engine) as db:
            jobs.forget(db, [job.id for job in due])


def sweep(engine: Engine, enqueue: Enqueue) -> None:
    """Have the summary of each panel computed whose votes differ from it; once for all processes."""
    with reading(engine) as db:
        panels = summary.stale(db)
    for panel in panels:
        enqueue(f"summary-{panel}-{int(time.time() // SLOT)}", "refresh_summary", {"panel": panel})


def ring(engine: Engine, enqueue: Enqueue) -> None:
    """Have the mails of the day left once their hour has come; once for all processes."""
    with reading(engine) as db:
        day = digests.day_of(now(db))
    if day:
        enqueue(f"mails-{day}", "begin_mails", {"day": day})


def forget_finished() -> None:
    """Remove finished work from the runner's own tables, with the addresses that were in it."""
    before = (datetime.now(UTC) - KEPT).isoformat()
    finished = DBOS.list_workflows(
        status=["SUCCESS", "ERROR"], completed_before=before, load_input=False, load_output=False
    )
    if finished:
        DBOS.delete_workflows([work.workflow_id for work in finished])


class Runner:
    """The running job runner of this process: DBOS, and the thread that feeds it."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        """Start both."""
        DBOS(config=configuration(settings, engine))
        self.workflows = {
            name: durable(name, partial(task.do, settings, engine), task.attempts)
            for name, task in TASKS.items()
        }
        DBOS.launch()
        for queue, at_once in QUEUES.items():
            DBOS.register_queue(queue, worker_concurrency=at_once, polling_interval_sec=PAUSE)
        self.engine, self.stopping = engine, threading.Event()
        self.thread = threading.Thread(target=self.tend, name="worker", daemon=True)
        self.thread.start()

    def enqueue(self, identity: str, task: str, arguments: Arguments) -> None:
        """Put the work into its queue."""
        with SetWorkflowID(identity):
            DBOS.enqueue_workflow(TASKS[task].queue, self.workflows[task], arguments)

    def tend(self) -> None:
        """Hand over, sweep and clean, each in its rhythm, until stopped."""
        chores: list[tuple[float, Callable[[], None]]] = [
            (PAUSE, partial(hand_over, self.engine, self.enqueue)),
            (SWEEP, partial(sweep, self.engine, self.enqueue)),
            (ROUND, partial(ring, self.engine, self.enqueue)),
            (CLEANING, forget_finished),
        ]
        due = [0.0] * len(chores)
        pause = 0.0
        while not self.stopping.wait(pause):
            pause = PAUSE
            for number, (rhythm, chore) in enumerate(chores):
                if time.monotonic() < due[number]:
                    continue
                due[number] = time.monotonic() + rhythm
                try:
                    chore()
                except Exception:  # the edge: the runner outlives a database that is away for a while
                    log.exception("the job runner could not do a chore")
                    pause = AFTER_FAILURE

    def stop(self) -> None:
        """End the thread, a computation under way, and DBOS; what was begun is taken up at the next start."""
        self.stopping.set()
        self.thread.join()
        busy = apart.give_up()
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=ENDING if busy else 0)


def durable(name: str, do: Callable[[Arguments], None], attempts: int) -> Callable[[Arguments], None]:
    """Return the work as something that DBOS sees through: it survives a crash and is tried again."""

    @DBOS.step(name=f"{name}_attempt", retries_allowed=attempts > 1, max_attempts=max(attempts, 2))
    def attempt(arguments: Arguments) -> None:
        do(arguments)

    @DBOS.workflow(name=name)
    def workflow(arguments: Arguments) -> None:
        attempt(arguments)

    return workflow


def configuration(settings: Settings, engine: Engine) -> DBOSConfig:
    """Return how DBOS runs: its tables apart from ours, nothing sent anywhere, no word but of trouble."""
    own: DBOSConfig = {
        "name": "raati",
        "application_version": "raati",  # work outlives an upgrade
        "system_database_url": settings.database,
        "enable_otlp": False,
        "log_level": "WARNING",
    }
    if engine.dialect.name != "sqlite":
        return {**own, "dbos_system_schema": "dbos", "executor_id": socket.gethostname()}
    file = f"{engine.url.database}.jobs"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("pragma journal_mode=WAL")
    return {**own, "system_database_url": f"sqlite:///{file}"}


RUNNING: list[Runner] = []


def launch(settings: Settings, engine: Engine) -> None:
    """Start the runner of this process."""
    RUNNING.append(Runner(settings, engine))


def stop() -> None:
    """Let the runner finish."""
    while RUNNING:
        RUNNING.pop().stop()


def run_forever(settings: Settings) -> None:
    """Run the job runner alone until the process is told to stop (SIGTERM, SIGINT)."""
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    engine = connect(settings.database, weak=settings.weak_durability)
    launch(settings, engine)
    told.wait()
    stop()
    engine.dispose()
