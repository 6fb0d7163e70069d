import re
from html import unescape

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from panels import people, snapshots, statements, summary
from panels.database import Engine, set_clock, writing
from panels.members import Member, MemberKind
from panels.panels import Panel, Phase, PhaseName, touch
from panels.statements import State, Statement, Vote
from tests.conftest import DAY, NOON, Browser, texts
from tests.server.conftest import Watch

HTMX = {"HX-Request": "true"}
CARDS = "/en/panels/library/statements"
KEY = "0" * 32


def fields(page: str, action: str) -> dict[str, str]:
    """Return the hidden fields of the page's form that goes to the action."""
    form = re.search(rf'<form[^>]*action="[^"]*{re.escape(action)}".*?</form>', page, re.DOTALL)
    assert form, f"no form goes to {action}"
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', form[0]))


def heading(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page)
    return unescape(found[1]) if found else ""


def shown(page: str) -> int:
    """Return the number of the statement that the page asks to answer."""
    found = re.search(r'action="[^"]*/statements/(\d+)/vote"', page)
    assert found, "the page asks for no answer"
    return int(found[1])


def vote(
    client: TestClient,
    number: int,
    choice: str = "agree",
    *,
    htmx: bool = False,
    changed: dict[str, str] | None = None,
) -> tuple[int, str]:
    """Answer the statement as its own page offers it; return the status and the text of the answer."""
    form = (
        fields(client.get(f"{CARDS}/{number}").text, f"/{number}/vote") | {"choice": choice} | (changed or {})
    )
    response = client.post(f"{CARDS}/{number}/vote", data=form, headers=HTMX if htmx else {})
    return response.status_code, response.text


def stored(engine: Engine) -> list[tuple[int, int | None, int]]:
    with writing(engine) as db:
        rows = db.scalars(select(Vote).order_by(Vote.statement_id))
        return [(row.statement_id, row.choice, row.version) for row in rows]


def plain(part: str) -> list[str]:
    """Return the lines of a part without what is drawn anew or said only after a press."""
    part = re.sub(r"<hx-partial.*?</hx-partial>|\sautofocus", "", part)
    return [line for line in re.sub(r'value="[0-9a-f]{32}"', "", part).splitlines() if line.strip()]


def test_the_card_has_three_equal_buttons_and_says_what_it_is(browser: Browser) -> None:
    page = browser("aino").get(CARDS).text
    form = re.search(r'<form class="vote".*?</form>', page, re.DOTALL)
    assert form
    assert re.findall(r'name="choice" value="(\w+)"', form[0]) == ["agree", "disagree", "pass"]
    assert "aria-pressed" not in page
    assert "<b>1</b> / 3" in page
    assert "The organiser&#39;s statement" in page
    assert "Your answer makes the picture clearer." in page


def test_a_press_with_htmx_gets_the_part_that_the_page_includes(browser: Browser) -> None:
    client = browser("aino")
    number = shown(client.get(CARDS).text)
    status, part = vote(client, number, htmx=True)
    assert status == 200
    assert "<html" not in part
    assert "Saved. Statement 2 of 3." in part
    assert re.search(r'<h1 tabindex="-1" autofocus>', part)
    page = plain(client.get(CARDS).text)
    assert [line for line in plain(part) if line not in page] == []


def test_a_plain_form_is_answered_by_a_redirect_to_the_same_card(browser: Browser, engine: Engine) -> None:
    client = browser("aino")
    number = shown(client.get(CARDS).text)
    form = fields(client.get(CARDS).text, "/vote") | {"choice": "disagree"}
    response = client.post(f"{CARDS}/{number}/vote", data=form)
    assert (response.status_code, response.headers["location"]) == (303, CARDS)
    assert shown(client.get(CARDS).text) != number
    assert [row[1] for row in stored(engine)] == [-1]


def test_the_same_press_twice_is_one_row_r9(browser: Browser, engine: Engine) -> None:
    client = browser("aino")
    form = fields(client.get(CARDS).text, "/vote") | {"choice": "agree"}
    number = shown(client.get(CARDS).text)
    answers = [client.post(f"{CARDS}/{number}/vote", data=form, headers=HTMX) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [row[1:] for row in stored(engine)] == [(1, 1)]


def test_an_answer_in_another_window_is_shown_and_kept(browser: Browser, engine: Engine) -> None:
    client = browser("aino")
    old = fields(client.get(f"{CARDS}/1").text, "/vote") | {"choice": "disagree"}
    vote(client, 1)
    for headers in (HTMX, {}):
        response = client.post(f"{CARDS}/1/vote", data=old, headers=headers)
        assert response.status_code == 409
        assert "You answered this in another window" in response.text
        assert re.search(r'value="agree" aria-pressed="true"', response.text)
    assert [row[1:] for row in stored(engine)] == [(1, 1)]
    assert vote(client, 1, "disagree")[0] == 303


def test_one_press_takes_the_previous_answer_back(browser: Browser, engine: Engine) -> None:
    client = browser("aino")
    first = shown(client.get(CARDS).text)
    _, part = vote(client, first, "pass", htmx=True)
    assert "Previous answer: <b>Passed</b>" in part
    undone = client.post(f"{CARDS}/{first}/undo", data=fields(part, "/undo"), headers=HTMX)
    assert shown(undone.text) == first
    assert "Your answer was taken back." in undone.text
    assert [row[1:] for row in stored(engine)] == [(None, 2)]


def test_undo_without_htmx_leads_to_the_statement(browser: Browser) -> None:
    client = browser("aino")
    vote(client, 2)
    response = client.post(f"{CARDS}/2/undo", data=fields(client.get(CARDS).text, "/undo"))
    assert (response.status_code, response.headers["location"]) == (303, f"{CARDS}/2")
    assert "aria-pressed" not in client.get(f"{CARDS}/2").text


def test_every_kind_of_answer_on_three_ends_with_thanks_v9(browser: Browser) -> None:
    client = browser("aino")
    for choice in ("agree", "disagree", "pass"):
        _, part = vote(client, shown(client.get(CARDS).text), choice, htmx=True)
    assert heading(part) == "Thank you. You have answered every statement."
    assert "Saved. You have answered every statement." in part
    page = client.get(CARDS).text
    assert 'class="vote"' not in page
    for address in ("summary/mine", "statements/new"):
        assert f"/en/panels/library/{address}" in page
    assert "New statements may still come" in page


@pytest.mark.parametrize("changed", [{"choice": "perhaps"}, {"key": "x"}, {"seen": "-1"}, {"seen": ""}])
def test_an_unknown_choice_key_or_version_is_refused(
    browser: Browser, engine: Engine, changed: dict[str, str]
) -> None:
    assert vote(browser("aino"), 1, changed=changed)[0] == 422
    assert stored(engine) == []


def test_a_statement_of_another_panel_is_not_there(browser: Browser, engine: Engine) -> None:
    with writing(engine) as db:
        statement = statements.get(db, 1, 3)
        statement.number = 9
    client = browser("aino")
    assert client.get("/en/panels/harbour/statements/9").status_code == 404
    assert client.post(f"{CARDS}/4/vote", data={"choice": "agree"}).status_code == 404


@pytest.mark.parametrize("name", ["", "ville", "eero"])
def test_without_a_seat_there_are_no_buttons_but_a_way_in(browser: Browser, name: str) -> None:
    page = browser(name).get(CARDS).text
    assert heading(page).startswith("library sentence")
    assert 'class="vote"' not in page
    assert "/en/panels/library/members/join" in page


@pytest.mark.parametrize(
    ("days", "words"),
    [(-10, "You can answer from 12 November 2026."), (10, "Answering ended on 30 November 2026.")],
)
def test_a_closed_round_has_no_form_and_says_when_v3(
    browser: Browser, engine: Engine, days: int, words: str
) -> None:
    client = browser("aino")
    form = fields(client.get(f"{CARDS}/1").text, "/vote") | {"choice": "agree"}
    publish(engine, NOON + 20 * DAY)
    with writing(engine) as db:
        set_clock(db, NOON + days * DAY)
    client = browser("aino")
    for address in (CARDS, f"{CARDS}/1", f"{CARDS}/new"):
        page = client.get(address).text
        assert '<form class="vote"' not in page
        assert 'name="text"' not in page
        assert words in page
        assert "on 11 December 2026" in page
    assert client.post(f"{CARDS}/1/vote", data=form, headers=HTMX).status_code == 409
    assert client.post(CARDS, data={"text": "Open on Sundays.", "key": KEY}).status_code == 409
    assert stored(engine) == []


def publish(engine: Engine, at: float) -> None:
    """Give the library's panel a day on which its results come."""
    with writing(engine) as db:
        panel = db.get_one(Panel, 1)
        phase = Phase(name=PhaseName.PUBLISH, title=texts("Results"), starts_at=at, ends_at=at + DAY)
        panel.phases.append(phase)


def test_published_results_are_linked_and_a_lost_phase_is_said(browser: Browser, engine: Engine) -> None:
    publish(engine, NOON + 10 * DAY)
    with writing(engine) as db:
        set_clock(db, NOON + 10 * DAY)
    assert "The results are on the panel&#39;s page" in browser("aino").get(CARDS).text
    with writing(engine) as db:
        db.get_one(Panel, 1).phases = []
    assert "Nobody can answer at the moment." in browser("aino").get(CARDS).text


def test_an_answer_is_shown_after_closing(browser: Browser, engine: Engine) -> None:
    vote(browser("aino"), 1, "disagree")
    with writing(engine) as db:
        set_clock(db, NOON + 10 * DAY)
    client = browser("aino")
    assert "Your answer: <b>Disagree</b>" in client.get(f"{CARDS}/1").text
    assert "Answers cannot be changed now." in client.get(f"{CARDS}/mine").text


def test_a_panel_without_statements_asks_for_the_first(browser: Browser, engine: Engine) -> None:
    with writing(engine) as db:
        for statement in db.scalars(select(Statement)):
            statement.state = State.WAITING
            touch(db.get_one(Panel, statement.panel_id))
    page = browser("aino").get(CARDS).text
    assert heading(page) == "There are no statements yet"
    assert f'href="{CARDS}/new"' in page
    assert "members/join" in browser("ville").get(CARDS).text


def test_my_answers_stand_by_theme_and_lead_to_their_statement(browser: Browser, engine: Engine) -> None:
    with writing(engine) as db:
        statements.get(db, 1, 1).theme = texts("Opening hours")
        touch(db.get_one(Panel, 1))
    client = browser("aino")
    assert "You have not answered yet." in client.get(f"{CARDS}/mine").text
    vote(client, 1)
    vote(client, 2, "pass")
    page = client.get(f"{CARDS}/mine").text
    assert re.findall(r"<h2>(.*?)</h2>", page) == ["Opening hours (en)", "Other statements", "My statements"]
    assert f'href="{CARDS}/2"' in page
    assert f'href="{CARDS}/3"' not in page
    assert re.search(r'value="pass" aria-pressed="true"', client.get(f"{CARDS}/2").text)


def crowd(engine: Engine, choices: list[int]) -> None:
    """Let people of their own vote on statement 1, and keep the summary of that."""
    with writing(engine) as db:
        voters = [Member(panel_id=1, kind=MemberKind.OPEN, created_at=NOON) for _ in choices]
        db.add_all(voters)
        db.flush()
        for voter, choice in zip(voters, choices, strict=True):
            db.add(Vote(member_id=voter.id, statement_id=1, choice=choice, version=1, key="", at=NOON))
    with writing(engine) as db:
        snapshots.store(db, 1, summary.analyse(summary.gather(db, 1)))


def test_only_the_new_answer_stands_in_my_answers_and_is_counted_r10(
    browser: Browser, engine: Engine
) -> None:
    client = browser("aino")
    for choice in ("agree", "disagree"):
        assert vote(client, 1, choice)[0] == 303
    assert re.findall(r'class="own is-(\w+)"', client.get(f"{CARDS}/mine").text) == ["disagree"]
    with writing(engine) as db:
        assert [answer[1:3] for answer in summary.gather(db, 1).answers] == [(1, -1)]


def test_figures_are_multiples_of_k_in_words_after_ones_own_answer(browser: Browser, engine: Engine) -> None:
    crowd(engine, [1] * 23 + [-1] * 4 + [0] * 7)
    client = browser("aino")
    vote(client, 1)
    page = client.get(f"{CARDS}/1").text
    figures = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page)
    assert figures == [
        ("Agree", "20 or more"),
        ("Disagree", "fewer than 5"),
        ("Pass or cannot say", "5 or more"),
    ]
    vote(client, 2)
    assert "The figures come when enough people have answered." in client.get(f"{CARDS}/2").text


def test_no_figure_is_shown_before_ones_own_answer_v38(browser: Browser, engine: Engine) -> None:
    crowd(engine, [1] * 23 + [-1] * 14 + [0] * 7)
    client = browser("aino")
    for address in (CARDS, f"{CARDS}/1", f"{CARDS}/2", f"{CARDS}/mine", f"{CARDS}/new"):
        page = client.get(address).text
        assert "What others have answered" not in page
        assert not re.search(r"\b(44|37|23|14|20|10)\b", re.sub(r"<[^>]*>|10 to 200 characters", "", page))
    vote(client, 1)
    assert "What others have answered" in client.get(f"{CARDS}/1").text
    assert "What others have answered" not in client.get(f"{CARDS}/2").text


def test_a_translation_is_marked_and_its_original_one_press_away_v50(
    browser: Browser, engine: Engine
) -> None:
    with writing(engine) as db:
        statements.get(db, 1, 2).texts = {"sv": "Biblioteket ska vara öppet."}
        statements.get(db, 1, 2).language = "sv"
        touch(db.get_one(Panel, 1))
    client = browser("aino")
    page = client.get(f"{CARDS}/1").text
    assert "Translated from Finnish" in page
    assert '<p lang="fi">library sentence 1 (fi)</p>' in page
    untranslated = client.get(f"{CARDS}/2").text
    assert '<h1 tabindex="-1" lang="sv">Biblioteket ska vara öppet.</h1>' in untranslated
    assert "Translated from" not in untranslated


def test_the_keys_are_loaded_only_when_switched_on_r9(browser: Browser, engine: Engine) -> None:
    client = browser("aino")
    assert "keys.js" not in client.get(CARDS).text
    with writing(engine) as db:
        aino = people.by_email(db, "aino@example.fi")
        assert aino is not None
        aino.keys = True
    page = client.get(CARDS).text
    assert "keys.js" in page
    assert "Keys: 1 agree, 2 disagree, 3 pass." in page


def test_a_vote_takes_four_sql_statements_and_loads_nothing_else(browser: Browser, watched: Watch) -> None:
    client = browser("aino")
    form = fields(client.get(f"{CARDS}/1").text, "/vote") | {"choice": "agree"}
    with watched() as found:
        assert client.post(f"{CARDS}/1/vote", data=form, headers=HTMX).status_code == 200
    assert len(found) <= 5, found  # the deck's two are read at most once a second
    assert len([one for one in found if "statements.texts" not in one and "count(" not in one]) <= 3
    assert not [one for one in found if "organisations" in one or "snapshots" in one or "panels.title" in one]


@pytest.mark.parametrize("address", [CARDS, f"{CARDS}/1", f"{CARDS}/mine", f"{CARDS}/new"])
def test_a_page_takes_at_most_nine_sql_statements(browser: Browser, watched: Watch, address: str) -> None:
    client = browser("aino")
    vote(client, 1)
    with watched() as found:
        assert client.get(address).status_code == 200
    assert len(found) <= 9, found
