"""No text is decided on in silence (T28): every route of moderation writes a line of the panel's history."""

import json
import re

import pytest
from starlette.testclient import TestClient

from panels import appeals, history, moderation, reasons, statements
from panels.database import Engine, reading, writing
from panels.moderation import Reason
from panels.permissions import Permission
from panels.reasons import Draft
from panels.statements import Choice
from server.routes import PAGES
from tests.addresses import address
from tests.conftest import Browser
from tests.panels.conftest import visitor

Case = tuple[str, dict[str, str], dict[str, str], dict[str, object]]
WORDS = {language: f"A better sentence ({language})" for language in ("fi", "sv", "en")}
CASES: list[Case] = [  # page, places of its address, form, details of the line
    ("moderation.decide", {"item": "statement-4"}, {"decision": "approve"}, {"statement": 4}),
    (
        "moderation.decide",
        {"item": "statement-5"},
        {"decision": "send_back", "reason": "question"},
        {"statement": 5, "rule": "question"},
    ),
    ("moderation.decide", {"item": "reason-1"}, {"decision": "approve"}, {"statement": 1}),
    (
        "moderation.together",
        {},
        {"reason-2": "1", "decision": "send_back", "reason": "off_topic"},
        {"statement": 1, "rule": "off_topic"},
    ),
    ("moderation.undo", {}, {}, {"statement": 1}),
    (
        "appeals.decide",
        {"appeal": "1"},
        {"outcome": "published", "answer": "So it is."},
        {"statement": 6, "rule": "question", "text": "statement", "outcome": "published"},
    ),
    ("corrections.create", {"statement": "3"}, WORDS, {"statement": 3}),
    ("merges.create", {}, {"wording": "first"}, {"statement": 7, "first": 1, "second": 2}),
    ("merges.split", {"merge": "1"}, {}, {"statement": 7, "first": 1, "second": 2}),
]
QUEUE = "/fi/panels/library/moderation"
MODERATION = {
    page.name: page
    for page in PAGES
    if page.method != "GET" and page.permission in (Permission.MODERATE, Permission.DECIDE_APPEALS)
}


@pytest.fixture
def client(engine: Engine, browser: Browser) -> TestClient:
    """Let texts of every kind wait for a decision, and give Eero's browser."""
    with writing(engine) as db:
        aino, minna = visitor(db, "aino"), visitor(db, "minna")
        for number, words in enumerate(("Chairs for all.", "What does it cost?", "Who would pay for it?")):
            last = statements.send(db, aino, {"en": words}, "en", key=f"{number:032x}")
        moderation.send_back(db, minna, last, Reason.QUESTION, "It is a question.", seen=1)
        appeals.send(db, aino, last, "One can agree with it.")
        for name in ("aino", "nils"):
            voter = visitor(db, name)
            card = statements.deck(db, voter).card(1)
            statements.cast_vote(db, voter, card.id, Choice.AGREE, key=f"{name:x<32}", seen=0)
            reasons.add(db, voter, card, Draft(False, f"Because {name} says so.", "en"))
    return browser("eero")


def lines(engine: Engine) -> list[dict[str, object]]:
    """Return the details of the library's history."""
    with reading(engine) as db:
        return [json.loads(row)["details"] for row in history.written(db, 1)]


def act(client: TestClient, engine: Engine, case: Case) -> None:
    """Send the form; the act has to leave its line, once, however often it is sent."""
    name, places, form, details = case
    to = address(MODERATION[name], **places)
    if name == "merges.create":
        shown = client.get(f"{to}/new").text
        form = {**form, "seen": re.findall(r'name="seen" value="([^"]+)"', shown)[0]}
    if name == "moderation.undo":
        form = dict.fromkeys(re.findall(r'name="(\d+)" value="undo"', client.get(QUEUE).text), "undo")
    before = lines(engine)
    for _ in range(2):
        client.post(to, data={"seen": "1", **form})
    assert lines(engine)[len(before) :] == [details]


def test_every_route_of_moderation_writes_its_line_t28(client: TestClient, engine: Engine) -> None:
    assert {case[0] for case in CASES} == set(MODERATION), "a route has no case here"
    for case in CASES:
        act(client, engine, case)
    with reading(engine) as db:
        assert history.first_fault(db, 1) == ""


def test_a_route_that_writes_no_line_is_found_t28(
    client: TestClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "append", lambda *_, **__: None)
    for case in CASES[:-1]:  # there is nothing to split twice without the merge before it
        with pytest.raises(AssertionError):
            act(client, engine, case)


WITHOUT = {
    "desk.preview": "shows and changes nothing",
    "embeds.create": "belongs to no panel",
    "embeds.update": "shows a panel elsewhere and changes nothing in it",
    "imports.check": "looks a file through and changes nothing",
    "letters.create": "tells what is already there",
    "materials.create": "what it says stands on its page",
    "materials.save_questions": "the same",
    "materials.update": "the same",
    "members.enter": "answers write no line",
    "members.undo": "the same",
    "messages.add": "a message stands on its page, with when it was sent",
    "messages.create": "the same",
    "messages.preview": "shows and changes nothing",
    "notices.remind": "tells what is already there",
    "profiles.update": "what members are asked stands on their page",
}
"""Other acts of staff, and why they write no line."""
TOLD = {
    "imports.create",
    "panels.create",
    "panels.open",
    "panels.update",
    "statements.add",
    "translations.update",
}
"""Other acts of staff whose lines the tests of their rules look at."""


def test_every_act_of_staff_is_told_or_says_why_not() -> None:
    needs = {page.permission for page in PAGES} - {
        Permission.READ,
        Permission.SIGNED_IN,
        Permission.JOIN,
        Permission.VOTE,
        Permission.WRITE_STATEMENT,
        Permission.PROPOSE,
        Permission.COMMENT,
    }
    acts = {page.name for page in PAGES if page.method != "GET" and page.permission in needs}
    assert acts == {*MODERATION, *TOLD, *WITHOUT}
