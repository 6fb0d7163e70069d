from panels import jobs
from panels.database import Engine, reading, set_clock, writing
from tests.conftest import NOON


def test_work_is_due_from_when_it_was_left_and_oldest_comes_first(engine: Engine) -> None:
    with writing(engine) as db:
        jobs.leave(db, "send_mail", template="login", request=1)
        set_clock(db, NOON + 60)
        jobs.leave(db, "send_mail", template="login", request=2)
    with reading(engine) as db:
        assert [job.arguments["request"] for job in jobs.due(db)] == [1, 2]


def test_work_of_the_future_waits(engine: Engine) -> None:
    with writing(engine) as db:
        jobs.leave(db, "send_mail", request=1)
        set_clock(db, NOON - 60)
    with reading(engine) as db:
        assert jobs.due(db) == []


def test_forgotten_work_is_gone_and_the_rest_stays(engine: Engine) -> None:
    with writing(engine) as db:
        jobs.leave(db, "send_mail", request=1)
        jobs.leave(db, "send_mail", request=2)
    with writing(engine) as db:
        jobs.forget(db, [job.id for job in jobs.due(db) if job.arguments["request"] == 1])
    with reading(engine) as db:
        assert [job.arguments["request"] for job in jobs.due(db)] == [2]
