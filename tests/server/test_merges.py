import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from panels import codes, notices, statements
from panels.codes import CodeKind
from panels.database import Engine, writing
from panels.notices import Event
from panels.statements import Choice, State, Statement, Vote
from tests.conftest import NOON, Browser
from tests.panels.conftest import visitor

PANEL = "/fi/panels/library"
PAGE, PAIR = f"{PANEL}/moderation/merges", f"{PANEL}/moderation/merges/1/2"
KEY = "a" * 32


def seen(client: TestClient) -> str:
    """Return the mark of the texts that the form shows."""
    return client.get(f"{PAIR}/new").text.partition('name="seen" value="')[2].partition('"')[0]


def merge(browser: Browser, **form: str) -> tuple[int, str]:
    client = browser("eero")
    answer = client.post(PAIR, data={"seen": seen(client)} | (form or {"wording": "first"}))
    return answer.status_code, answer.text


@pytest.fixture
def answered(engine: Engine) -> None:
    """Let Aino answer two statements unlike, and Nils the second of them."""
    with writing(engine) as db:
        for name, statement, choice in (("aino", 1, 1), ("aino", 2, -1), ("nils", 2, 1)):
            voter = visitor(db, name)
            statements.cast_vote(db, voter, statement, Choice(choice), key=f"{name}{statement}" * 6, seen=0)


@pytest.mark.usefixtures("answered")
def test_staff_compare_two_statements_before_merging_them_f8(browser: Browser) -> None:
    client = browser("eero")
    page = client.get(PAGE).text
    assert "Vertaa väittämiä 1 ja 2" in page
    assert client.get(f"{PAGE}?first=1&second=2").headers["location"] == f"{PAIR}/new"
    for query in ("first=1&second=1", "first=1&second=77", "first=1&second=x"):
        answer = client.get(f"{PAGE}?{query}")
        assert (answer.status_code, 'value="1"' in answer.text) == (422, True)
    page = client.get(f"{PAIR}/new").text
    for words in (
        "1 vastaus",
        "2 vastausta",
        "on silloin vastannut 2 ihmistä",
        "1 ihminen on vastannut molempiin",
    ):
        assert words in page
    assert "5 vastasi niihin eri tavoin." in page  # never how few
    assert client.get(f"{PAGE}/1/77/new").status_code == 404


@pytest.mark.usefixtures("answered")
def test_merged_statements_lead_to_the_one_they_became_f8(browser: Browser) -> None:
    assert merge(browser)[0] == 303
    client = browser("eero")
    assert "Väittämät on yhdistetty." in client.get(f"{PAGE}?merged=4").text
    assert client.get(f"{PAIR}/new").status_code == 404
    assert client.get(f"{PAGE}?first=1&second=3").status_code == 422
    for name in ("", "aino"):
        page = browser(name).get(f"{PANEL}/statements/2").text
        assert "Tämä on yhdistetty väittämään 4." in page
        assert "library sentence 2 (fi)" in page
    assert "Yhdistetty väittämistä 1 ja 2" in browser("aino").get(f"{PANEL}/statements/4").text
    mine = browser("aino").get(f"{PANEL}/statements/mine").text
    assert ("library sentence 1 (fi)" in mine, "library sentence 2 (fi)" in mine) == (True, False)
    assert client.post(f"{PAGE}/1/split").status_code == 303
    assert "taas erikseen" in client.get(f"{PAGE}?split=1").text
    assert "Niitä kysytään taas erikseen" in browser("aino").get(f"{PANEL}/statements/4").text
    assert "library sentence 2 (fi)" in browser("aino").get(f"{PANEL}/statements/mine").text
    assert browser("aino").get(f"{PANEL}/statements/77").status_code == 404


def test_a_new_wording_is_needed_in_both_languages_f8(browser: Browser) -> None:
    words = {"wording": "new", "fi": "Kirjasto on auki aina."}
    for form, problem in (
        ({"wording": "x", "fi": "Kesken."}, "Valitse yksi"),
        (words, "Täytä tämä kohta"),
        (words | {"sv": "library sentence 3 (sv)"}, "väittämä 3"),
    ):
        status, page = merge(browser, **form)
        assert (status, problem in page, form["fi"] in page) == (422, True, True), problem
    assert merge(browser, **words, sv="Biblioteket är alltid öppet.")[0] == 303
    assert "Biblioteket är alltid öppet." in browser("nils").get("/sv/panels/library/statements/4").text
    assert browser("eero").post(PAIR, data={"wording": "first", "seen": "old"}).status_code == 303  # a retry
    assert browser("eero").post(f"{PAGE}/3/1", data={"wording": "first", "seen": "old"}).status_code == 409


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_card_that_was_open_before_answers_the_merged_statement_f8(
    browser: Browser, headers: dict[str, str]
) -> None:
    assert merge(browser)[0] == 303
    form = {"choice": "disagree", "key": KEY, "seen": "0"}
    for _ in range(2):  # a retry
        answer = browser("aino").post(f"{PANEL}/statements/1/vote", data=form, headers=headers)
        assert answer.status_code == (200 if headers else 303)
    page = browser("aino").get(f"{PANEL}/statements/4").text
    assert 'value="disagree" aria-pressed="true"' in page
    answer = browser("aino").get(f"{PANEL}/statements/1/reasons/new")
    assert "Väittämä 4" in answer.text
    undone = browser("aino").post(f"{PANEL}/statements/1/undo", data={"key": "b" * 32, "seen": "1"})
    assert undone.headers["location"] == f"{PANEL}/statements/4"
    assert "aria-pressed" not in browser("aino").get(f"{PANEL}/statements/4").text


def test_a_form_that_waited_says_when_its_statement_was_split_f8(browser: Browser) -> None:
    assert merge(browser, wording="new", fi="Kirjasto on auki aina.", sv="Alltid öppet.")[0] == 303
    assert browser("eero").post(f"{PAGE}/1/split").status_code == 303
    form = {"choice": "agree", "key": KEY, "seen": "0"}
    answer = browser("aino").post(f"{PANEL}/statements/4/vote", data=form)
    assert (answer.status_code, "Joku muutti tätä ennen sinua" in answer.text) == (409, True)


@pytest.mark.parametrize(
    ("language", "published", "merged", "apart"),
    [
        ("fi", "väittämäsi on julkaistu", "väittämäsi on yhdistetty toiseen", "väittämäsi on taas erikseen"),
        (
            "sv",
            "ditt påstående har publicerats",
            "ditt påstående har slagits ihop",
            "ditt påstående står igen för sig",
        ),
        (
            "en",
            "your statement is published",
            "your statement was merged",
            "your statement stands for itself again",
        ),
    ],
)
def test_writers_are_told_in_their_language_f8(
    browser: Browser, engine: Engine, language: str, published: str, merged: str, apart: str
) -> None:
    with writing(engine) as db:
        statements.get(db, 1, 1).author_id = seat = visitor(db, "aino").member
        notices.tell(db, Event.DECIDED, 1, seat=seat, at=NOON)
    assert merge(browser)[0] == 303
    page = browser("aino").get(f"/{language}/notices").text
    assert (merged in page, published in page) == (True, True)
    assert browser("eero").post(f"{PAGE}/1/split").status_code == 303
    page = browser("aino").get(f"/{language}/notices").text
    assert apart in page
    assert f"library sentence 1 ({language})" in page


def test_an_old_paper_sheet_answers_the_merged_statement_f8(browser: Browser, engine: Engine) -> None:
    with writing(engine) as db:
        code = codes.add(db, "library", codes.draw(1), CodeKind.MEMBER)[0]
    assert merge(browser)[0] == 303
    desk, client = f"{PANEL}/members/entries", browser("eero")
    assert "1 kohtaan 4, 2 kohtaan 4" in client.get(desk).text
    sheet = {"code": code, "channel": "phone", "agreed": "yes", "key": KEY, "answer-2": "2"}
    assert client.post(f"{PANEL}/members/enter", data=sheet).status_code == 303
    with writing(engine) as db:
        given = db.execute(select(Statement.number, Vote.choice).join(Vote)).all()
    assert given == [(4, -1)]


def test_what_is_merged_is_not_corrected_f21(browser: Browser, engine: Engine) -> None:
    assert merge(browser)[0] == 303
    with writing(engine) as db:
        assert statements.get(db, 1, 1).state is State.MERGED
    assert browser("eero").get(f"{PANEL}/statements/1/corrections/new").status_code == 404
