"""The page of entries: answers on paper and by telephone, keyed by staff."""

import re

import pytest
from sqlalchemy import select

from panels import codes, people
from panels.codes import CodeKind
from panels.database import Engine, reading, set_clock, writing
from panels.permissions import Role
from panels.statements import Origin, State, Statement, Vote
from tests.conftest import DAY, NOON, Browser, texts

ENTRIES, ENTER, UNDO = (f"/fi/panels/library/members/{word}" for word in ("entries", "enter", "undo"))
SHEET = {"channel": "desk", "agreed": "yes", "answer-1": "1", "answer-2": "2", "key": "a" * 32}
PAPER = {**SHEET, "channel": "paper", "day": "2026-11-21"}


@pytest.fixture
def code(engine: Engine) -> str:
    """Print a member's code for the library's panel."""
    with writing(engine) as db:
        return codes.add(db, "library", codes.draw(1), CodeKind.MEMBER)[0]


def votes(engine: Engine) -> list[tuple[int, int | None, str]]:
    with reading(engine) as db:
        rows = db.execute(select(Vote.statement_id, Vote.choice, Vote.channel).order_by(Vote.statement_id))
        return [(row[0], row[1], row[2]) for row in rows]


def test_r22_staff_key_a_sheet_of_somebody_without_an_email_and_undo_it(
    browser: Browser, engine: Engine, code: str
) -> None:
    """R22"""
    eero = browser("eero")
    assert f'href="{ENTRIES}"' in eero.get("/fi/panels/library/desk").text
    answer = eero.post(ENTER, data={**SHEET, "code": code, "answer-3": "", "answer-99": "1"})
    assert answer.headers["location"] == f"{ENTRIES}?saved=counts&channel=desk#code"
    assert votes(engine) == [(1, 1, "desk"), (2, -1, "desk")]
    page = eero.get(f"{ENTRIES}?saved=counts&channel=desk").text
    assert "Vastaukset on tallennettu." in page
    assert "Palvelupiste, 2 vastausta" in page
    entry = re.search(r'name="entry" value="(\d+)"', page)
    assert entry is not None
    assert eero.post(UNDO, data={"entry": entry[1]}).status_code == 303
    assert votes(engine) == [(1, None, "desk"), (2, None, "desk")]
    assert "Peruttu" in eero.get(ENTRIES).text


def test_r22_the_form_shows_nobodys_answers_and_no_names(browser: Browser, code: str) -> None:
    """R22"""
    aino = {"choice": "agree", "key": "b" * 32, "seen": "0"}
    browser("aino").post("/fi/panels/library/statements/1/vote", data=aino)
    eero = browser("eero")
    eero.post(ENTER, data={**SHEET, "code": code})
    page = eero.get(ENTRIES).text
    assert "Aino" not in page
    assert re.findall(r'name="answer-\d" value="(\w*)"', page) == [""] * 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": ""}, "Täytä tämä kohta."),
        ({"code": "7K4M-Q2XD-9TRA-9"}, "Koodi ei kelpaa. Tarkista se kirjeestä."),
        ({"channel": ""}, "Täytä tämä kohta."),
        ({"channel": "pigeon"}, "Valitse yksi vaihtoehdoista."),
        ({"answer-1": "", "answer-2": ""}, "Merkitse ainakin yksi vastaus."),
        ({"answer-2": "4"}, "Väittämä 2: kirjoita 1, 2 tai 3, tai jätä kohta tyhjäksi."),
        ({"channel": "paper"}, "Täytä tämä kohta."),
        ({"channel": "paper", "day": "2026-11-22"}, "Silloin ei voinut vastata."),
        ({"agreed": ""}, "Jäsen ei ole vielä suostunut osallistumaan."),
    ],
)
def test_r22_what_is_wrong_is_said_and_what_was_keyed_is_kept(
    browser: Browser, engine: Engine, code: str, change: dict[str, str], said: str
) -> None:
    """R22"""
    form = {**SHEET, "code": code, "answer-3": "3", **change}
    if "answer-1" in change:
        form["answer-3"] = ""
    answer = browser("eero").post(ENTER, data=form)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{form["code"]}"' in answer.text
    if form["answer-3"]:
        assert 'name="answer-3" value="3"' in answer.text
    assert votes(engine) == []


def test_r22_an_entry_that_stays_is_said_in_words(browser: Browser, engine: Engine, code: str) -> None:
    """R22"""
    eero = browser("eero")
    eero.post(ENTER, data={**SHEET, "code": code})
    entry = re.search(r'name="entry" value="(\d+)"', eero.get(ENTRIES).text)
    assert entry is not None
    with writing(engine) as db:
        set_clock(db, NOON + 11 * 60)
    answer = eero.post(UNDO, data={"entry": entry[1]})
    assert answer.status_code == 422
    assert "Vastaukset voi perua 10 minuutin ajan." in answer.text
    assert len(votes(engine)) == 2


@pytest.mark.parametrize("entry", ["", "first", "0"])
def test_r22_an_undo_of_nothing_is_answered_in_words(browser: Browser, entry: str) -> None:
    """R22"""
    answer = browser("eero").post(UNDO, data={"entry": entry})
    assert answer.status_code == 422
    assert 'href="#entry"' in answer.text


def test_f14_only_facilitators_and_callers_enter_answers(browser: Browser) -> None:
    """F14"""
    for name, status in (("aino", 403), ("minna", 403), ("eero", 200), ("", 401)):
        assert browser(name).get(ENTRIES).status_code == status


def test_when_answering_has_ended_there_is_no_form(browser: Browser, engine: Engine) -> None:
    with writing(engine) as db:
        set_clock(db, NOON + 9 * DAY)
    page = browser("eero").get(ENTRIES).text
    assert "Vastauksia voi kirjata silloin, kun väittämiin vastataan." in page
    assert f'action="{ENTER}"' not in page


def test_a_sheet_of_many_statements_is_keyed_on_one_page(browser: Browser, engine: Engine, code: str) -> None:
    many = 150
    with writing(engine) as db:
        for number in range(4, many + 1):
            added = Statement(panel_id=1, number=number, texts=texts(f"Sentence {number}"), language="fi")
            added.origin, added.state, added.sent_at = Origin.SEED, State.PUBLISHED, NOON
            db.add(added)
    eero = browser("eero")
    fields = re.findall(r'name="(answer-\d+)"', eero.get(ENTRIES).text)
    assert fields == [f"answer-{number}" for number in range(1, many + 1)]
    assert eero.post(ENTER, data={**SHEET, **dict.fromkeys(fields, "3"), "code": code}).status_code == 303
    assert len(votes(engine)) == many


def test_n12_f4_a_paper_sheet_is_keyed_twice_and_what_differs_is_listed(
    browser: Browser, engine: Engine, code: str
) -> None:
    """N12, F4"""
    with writing(engine) as db:
        caller = people.ensure(db, "kaisa@example.fi", name="Kaisa")
        people.give_role(db, caller, Role.CALLER, panel=1)
    kaisa, eero = browser("kaisa"), browser("eero")
    answer = kaisa.post(ENTER, data={**PAPER, "code": code})
    assert answer.headers["location"] == f"{ENTRIES}?saved=once&channel=paper&day=2026-11-21#code"
    page = kaisa.get(answer.headers["location"]).text
    assert "Lomake on kirjattu kerran." in page
    assert 'value="paper" checked' in page
    assert 'value="2026-11-21"' in page
    assert "Sinun kirjaamasi." in page
    assert votes(engine) == []
    again = kaisa.post(ENTER, data={**PAPER, "code": code, "key": "b" * 32})
    assert "Kirjasit tämän lomakkeen myös ensimmäisellä kerralla." in again.text
    assert 'name="alone"' in again.text
    assert "Toisen kirjaama." in eero.get(ENTRIES).text
    form = {**PAPER, "code": code, "key": "c" * 32, "day": "2026-11-20", "answer-2": "", "answer-3": "1"}
    page = eero.post(ENTER, data=form).text
    listed = re.findall(r'<li><a href="#([\w-]+)">', page)
    assert listed == ["answer-2", "answer-3", "day"]
    assert "Väittämä 2 kirjattiin ensimmäisellä kerralla toisin." in page
    compared = re.search(r'name="compared" value="([^"]*)"', page)
    assert compared is not None
    assert compared[1] == "answer-2 answer-3 day"
    form |= {"compared": f"{compared[1]} answer-99", "answer-2": "2"}
    assert eero.post(ENTER, data=form).headers["location"].startswith(f"{ENTRIES}?saved=counts")
    assert votes(engine) == [(1, 1, "paper"), (2, -1, "paper"), (3, 1, "paper")]
    assert "odottaa toista kirjausta" not in eero.get(ENTRIES).text


def test_n12_the_first_entry_of_a_sheet_is_taken_back_by_who_keyed_it(
    browser: Browser, engine: Engine, code: str
) -> None:
    """N12"""
    eero = browser("eero")
    eero.post(ENTER, data={**PAPER, "code": code})
    entry = re.search(r'name="keying" value="(\d+)"', eero.get(ENTRIES).text)
    assert entry is not None
    with writing(engine) as db:
        other = people.ensure(db, "kaisa@example.fi", name="Kaisa")
        people.give_role(db, other, Role.CALLER, panel=1)
    assert browser("kaisa").post(UNDO, data={"keying": entry[1]}).status_code == 404
    assert eero.post(UNDO, data={"keying": entry[1]}).status_code == 303
    assert "odottaa toista kirjausta" not in eero.get(ENTRIES).text


@pytest.mark.parametrize(
    ("language", "three"),
    [
        ("fi", "Mikä on vastauksesi: samaa mieltä, eri mieltä vai ohita tai en osaa sanoa?"),
        ("sv", "Vad svarar du: av samma åsikt, av annan åsikt eller hoppa över eller kan inte säga?"),
        ("en", "What is your answer: agree, disagree, or pass or cannot say?"),
    ],
)
def test_n12_a_caller_reads_the_same_words_and_the_same_three_answers_for_each_statement(
    browser: Browser, engine: Engine, language: str, three: str
) -> None:
    """N12"""
    script = f"/{language}/panels/library/members/script"
    page = browser("eero").get(script).text
    assert f'href="{script}"' in browser("eero").get(f"/{language}/panels/library/members/entries").text
    assert page.count(three) == 3
    for number in (1, 2, 3):
        assert f"<b>library sentence {number} ({language})</b>" in page
    until = {"fi": "30.11.2026 asti", "sv": "30.11.2026 på webben", "en": "until 30 November 2026"}[language]
    assert until in page
    with writing(engine) as db:
        set_clock(db, NOON + 9 * DAY)
    assert until not in browser("eero").get(script).text
