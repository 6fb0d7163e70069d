import pytest

from panels import statements
from panels.database import Engine, writing
from panels.statements import Choice
from tests.conftest import Browser
from tests.panels.conftest import visitor

PAGE = "/fi/panels/library/statements/1/corrections"
WORDS = "library sentence 1 (fi)"


def mend(browser: Browser, words: str, seen: str = "1", name: str = "eero") -> tuple[int, str]:
    answer = browser(name).post(PAGE, data={"fi": words, "seen": seen})
    return answer.status_code, answer.text


def test_staff_correct_a_wording_and_readers_see_the_old_one_f21(browser: Browser) -> None:
    client = browser("eero")
    assert "Korjaa sanamuotoa" in client.get("/fi/panels/library/statements/1").text
    assert WORDS in client.get(f"{PAGE}/new").text
    status, page = mend(browser, "Lyhyt")
    assert (status, "Lyhyt" in page, "vähintään 10 merkkiä" in page) == (422, True, True)
    status, page = mend(browser, "library sentence 2 (fi)")
    assert (status, "väittämä 2" in page) == (422, True)
    assert mend(browser, "Kirjasto on auki.")[0] == 303
    assert "Tallennettu" in client.get(f"{PAGE}/new?saved=1").text
    for name in ("", "aino"):
        page = browser(name).get("/fi/panels/library/statements/1").text
        for words in ("Kirjasto on auki.", "Sanamuotoa korjattu 21.11.2026", WORDS):
            assert words in page
        assert f"{PAGE}/new" not in page
    assert mend(browser, "Kirjasto on kiinni.")[0] == 409


@pytest.mark.parametrize("name", ["aino", "nils"])
def test_the_writer_is_told_in_their_language_f21(browser: Browser, engine: Engine, name: str) -> None:
    with writing(engine) as db:
        sent = statements.send(db, visitor(db, name), {"fi": "Kirjsto auki."}, "fi", key="a" * 32)
    browser("minna").post(PAGE.replace("/1/", f"/{sent.number}/"), data={"fi": "Kirjasto auki.", "seen": "1"})
    for language, told in (("fi", "väittämäsi sanamuotoa on korjattu"), ("sv", "formuleringen i ditt")):
        page = browser(name).get(f"/{language}/notices").text
        for words in (told, "Kirjsto auki.", "Kirjasto auki."):
            assert words in page


def test_a_writer_is_told_the_words_that_changed_though_not_those_of_their_own_language_f21(
    browser: Browser, engine: Engine
) -> None:
    texts = {"fi": "Kirjsto auki.", "sv": "Biblioteket öppet."}
    with writing(engine) as db:
        sent = statements.send(db, visitor(db, "nils"), texts, "fi", key="a" * 32)
    form = texts | {"fi": "Kirjasto auki.", "seen": "1"}
    browser("minna").post(PAGE.replace("/1/", f"/{sent.number}/"), data=form)
    page = browser("nils").get("/sv/notices").text
    for words in ("Nu står det: Kirjasto auki.", "Tidigare: Kirjsto auki."):
        assert words in page


def test_with_answers_a_direct_edit_is_refused_f21(browser: Browser, engine: Engine) -> None:
    with writing(engine) as db:
        statements.cast_vote(db, visitor(db, "aino"), 1, Choice.AGREE, key="a" * 32, seen=0)
    page = browser("eero").get(f"{PAGE}/new").text
    assert "1 ihminen on vastannut tähän, joten sanamuoto pysyy." in page
    assert "<textarea" not in page
    status, page = mend(browser, "Kirjasto on auki.")
    assert (status, "Joku on vastannut väittämään" in page) == (422, True)
    assert WORDS in browser("aino").get("/fi/panels/library/statements/1").text
