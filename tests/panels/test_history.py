"""The history of a panel on either database: what it holds, and that no change of it stays unseen."""

import ast
import hashlib
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from panels import (
    codes,
    guests,
    history,
    login,
    members,
    own_data,
    panels,
    people,
    snapshots,
    statements,
    summary,
    translations,
)
from panels.codes import Code, CodeKind
from panels.database import Engine, Session, reading, writing
from panels.history import Act
from panels.login import Wish
from panels.panels import Draft, PanelKind, PhaseName, Stretch
from panels.permissions import Role
from panels.statements import Choice
from panels.verify_history import FIRST, digest
from tests.conftest import BOTH, NOON, texts
from tests.panels.conftest import visitor

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


def told(db: Session, panel: int = LIBRARY) -> list[tuple[str, dict[str, Any] | None]]:
    """Return the acts of the panel's history with their details, None where these are erased."""
    rows = (json.loads(row) for row in history.written(db, panel))
    return [(row["line"]["act"], row.get("details")) for row in rows]


def test_every_seat_made_changed_and_ended_writes_its_line_t13(db: Session) -> None:
    ville = visitor(db, "ville")
    assert ville.person is not None
    before = len(told(db))
    library = panels.get(db, LIBRARY)
    library.guests = True
    db.flush()
    guests.sit_down(db, ville, language="fi")
    members.join(db, visitor(db, "ville"))
    members.join(db, visitor(db, "ville"))
    codes.add(db, "library", codes.draw(2), CodeKind.MEMBER)
    codes.add(db, "library", [], CodeKind.MEMBER)
    codes.add(db, "library", codes.draw(1), CodeKind.REGISTRATION)
    newest = db.scalars(select(Code.id).order_by(Code.id.desc())).first()
    assert newest is not None
    codes.open_seat(db, NOON, newest, language="fi")
    wish = Wish(email="new@example.fi", language="fi", login=None, address_key="a", panel=LIBRARY)
    members.welcome(db, NOON, login.ask(db, NOON, wish))
    guest = guests.sit_down(db, visitor(db, "ville")._replace(person=None), language="fi")
    guests.bring_along(db, NOON, guest=guest, person=ville.person)
    seat = own_data.seat_in(db, LIBRARY, ville.person)
    assert seat is not None
    own_data.leave(db, seat, remove=False)
    aino = visitor(db, "aino").person
    assert aino is not None
    own_data.erase(db, aino, remove=False)
    one = {"seats": 1}
    assert told(db)[before:] == [
        ("seat_made", None),  # Ville has left
        ("seat_changed", None),
        ("seat_made", {"kind": "drawn", "seats": 2}),
        ("seat_made", {"kind": "drawn"} | one),
        ("seat_made", {"kind": "open"} | one),
        ("seat_made", None),  # so has the guest's seat that became a part of his
        ("seat_joined", {"kind": "guest"} | one),
        ("seat_left", {"kind": "open"} | one),
        ("seat_erased", {"kind": "drawn"} | one),
    ]
    assert history.first_fault(db, LIBRARY) == ""


def test_whatever_code_makes_a_seat_writes_a_line_t13() -> None:
    """T13: another function that makes seats fails here until it writes its line too."""
    makers = {}
    for path in (*Path("panels").glob("*.py"), *Path("server").glob("*.py")):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef):
                code = ast.unparse(function)
                if re.search(r"\bMember\(|\bSIT_DOWN\b|insert\(Member\)|insert into members", code):
                    makers[f"{path.stem}.{function.name}"] = "history.append(" in code
    assert makers == {"members.take_seat": True, "codes.add": True, "imports.store": True}


def test_a_plan_is_told_when_it_is_set_and_when_it_changes(db: Session) -> None:
    stretch = Stretch(PhaseName.VOTE, texts("Vote"), date(2027, 3, 27), date(2027, 3, 29))  # 71 hours
    draft = Draft("attic", PanelKind.RESIDENTS_PANEL, texts("Attic"), texts("Why?"), phases=[stretch])
    eero = visitor(db, "eero").person
    panel = panels.create(db, draft, creator=eero)
    panels.edit(db, panel.id, draft, seen=1)
    longer = replace(draft, phases=[replace(stretch, last=date(2027, 4, 1))])
    panels.edit(db, panel.id, longer, seen=2)
    assert told(db, panel.id) == [
        ("role_given", {"role": "facilitator"}),
        ("plan_set", {"vote": "2027-03-27/2027-03-29"}),
        ("plan_set", {"vote": "2027-03-27/2027-04-01"}),
    ]


def test_what_is_changed_in_the_texts_of_an_open_panel_is_told(db: Session) -> None:
    stretch = Stretch(PhaseName.VOTE, texts("Vote"), date(2027, 3, 27), date(2027, 3, 29))
    draft = Draft("attic", PanelKind.RESIDENTS_PANEL, texts("Attic"), texts("Why?"), phases=[stretch])
    draft = replace(draft, promise=texts("Soon."), owner=texts("Board"), answers_by=date(2027, 5, 1))
    attic = panels.create(db, draft, creator=None).id
    panels.edit(db, attic, replace(draft, promise=texts("Later.")), seen=1)
    panels.open_panel(db, attic)
    before = len(told(db, attic))
    draft = replace(draft, promise=texts("Never."), question=texts("Why not?"), compared=True)
    for seen in (2, 3):
        panels.edit(db, attic, draft, seen=seen)
    wording = translations.get(db, LIBRARY, "statement-2.texts")
    easy = wording.texts | {"fi-easy": "Helposti."}
    translations.save(db, wording, easy, seen=wording.mark, compared=False)
    assert told(db)[-1] == ("text_changed", {"text": "statement-2.texts"})
    changed = [("text_changed", {"text": f"panel.{name}"}) for name in ("question", "promise")]
    assert told(db, attic)[before:] == changed


def test_a_vote_writes_no_line(db: Session) -> None:
    before = told(db)
    statements.cast_vote(db, visitor(db, "aino"), 1, Choice.AGREE, key="a" * 32, seen=0)
    assert told(db) == before


def test_opening_a_panel_is_told_once(db: Session) -> None:
    library = panels.get(db, LIBRARY)
    library.opened_at, library.owner, library.answers_by = None, texts("The council"), "2027-03-08"
    before = len(told(db))
    for _ in range(2):
        panels.open_panel(db, LIBRARY)
    assert told(db)[before:] == [("panel_opened", {})]


def test_roles_are_told_where_they_are_held(db: Session) -> None:
    ville = people.ensure(db, "ville@example.fi")
    before = {panel: len(told(db, panel)) for panel in (LIBRARY, HARBOUR)}
    for role in (Role.MODERATOR, Role.MODERATOR, Role.CALLER):
        people.give_role(db, ville, role, panel=LIBRARY)
    people.give_role(db, ville, Role.ADMINISTRATOR, panel=None)
    own_data.erase(db, ville.id, remove=False)
    everywhere = [("role_given", {"role": "administrator"}), ("role_taken", {"role": "administrator"})]
    assert told(db, HARBOUR)[before[HARBOUR] :] == everywhere
    assert told(db)[before[LIBRARY] :] == [
        ("role_given", {"role": "moderator"}),
        ("role_taken", {"role": "moderator"}),
        ("role_given", {"role": "caller"}),
        everywhere[0],
        ("role_taken", {"role": "caller"}),
        everywhere[1],
    ]


def test_a_summary_is_told_with_the_hash_of_its_figures(db: Session) -> None:
    outcome = summary.analyse(summary.gather(db, LIBRARY))
    snapshots.store(db, LIBRARY, outcome)
    published = snapshots.publish(db, LIBRARY)
    assert told(db)[-1] == ("summary_published", {"figures": digest(published.masked)})
