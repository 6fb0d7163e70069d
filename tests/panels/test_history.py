"""The history of a panel on either database: what it holds, and that no change of it stays unseen."""

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from panels import history
from panels.database import Engine, Session, reading, writing
from panels.history import Act
from panels.verify_history import FIRST
from tests.conftest import BOTH, NOON

pytestmark = BOTH
LIBRARY, HARBOUR = 1, 2


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    with writing(engine) as db:
        yield db


def test_a_line_holds_the_hash_of_the_one_before_and_of_its_details(db: Session) -> None:
    assert history.last(db, 77) is None
    before = history.last(db, LIBRARY)
    history.append(db, LIBRARY, Act.STATEMENT_PUBLISHED, {"statement": 12, "origin": "ä"}, at=NOON)
    row = json.loads(list(history.written(db, LIBRARY))[-1])
    line = row["line"]
    assert (line["at"], line["act"], line["panel"]) == ("2026-11-21T10:00Z", "statement_published", LIBRARY)
    assert (line["n"], line["prev"]) == ((before.number + 1, before.hash) if before else (1, FIRST))
    opened = '{"origin":"ä","statement":12}'.encode()
    salted = b"raati-history-1\x00" + bytes.fromhex(row["salt"]) + opened
    assert line["c"] == hashlib.sha256(salted).hexdigest()
    assert len(bytes.fromhex(row["salt"])) == 32
    written = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert history.last(db, LIBRARY) == (line["n"], hashlib.sha256(written).hexdigest())


def test_each_panel_has_a_chain_of_its_own(db: Session) -> None:
    before = {panel: len(list(history.written(db, panel))) for panel in (LIBRARY, HARBOUR)}
    for panel in (LIBRARY, HARBOUR, LIBRARY):
        history.append(db, panel, Act.SUMMARY_PUBLISHED, at=NOON)
    after = {panel: len(list(history.written(db, panel))) for panel in (LIBRARY, HARBOUR)}
    assert after == {LIBRARY: before[LIBRARY] + 2, HARBOUR: before[HARBOUR] + 1}
    assert history.first_fault(db, LIBRARY) == history.first_fault(db, HARBOUR) == ""


def test_acts_at_once_write_one_line_after_the_other(engine: Engine) -> None:
    def act(number: int) -> None:
        with writing(engine) as db:
            history.append(db, LIBRARY, Act.STATEMENT_PUBLISHED, {"statement": number}, at=NOON)

    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(act, range(40)))
    with reading(engine) as db:
        rows = [json.loads(row) for row in history.written(db, LIBRARY)]
        told = [row["details"]["statement"] for row in rows if row["line"]["act"] == "statement_published"]
        assert sorted(told) == list(range(40))
        assert history.first_fault(db, LIBRARY) == ""


def test_an_act_that_fails_writes_no_line_and_leaves_no_gap(engine: Engine) -> None:
    def fail() -> None:
        with writing(engine) as db:
            history.append(db, LIBRARY, Act.SUMMARY_PUBLISHED, at=NOON)
            raise ZeroDivisionError

    with reading(engine) as db:
        before = list(history.written(db, LIBRARY))
    with pytest.raises(ZeroDivisionError):
        fail()
    with writing(engine) as db:
        assert list(history.written(db, LIBRARY)) == before
        history.append(db, LIBRARY, Act.SUMMARY_PUBLISHED, at=NOON)
        assert history.first_fault(db, LIBRARY) == ""
