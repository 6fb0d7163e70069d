import pytest

from panels import appeals, corrections, moderation, statements
from panels.appeals import Outcome
from panels.database import Engine, writing
from panels.moderation import Reason
from tests.conftest import Browser
from tests.panels.conftest import visitor

PAGE = "/{}/panels/library/moderation/log"
WORDS, WHY, ANSWER = "Mitä kirjasto maksaa?", "Siihen voi vastata.", "Niin voi tehdä."


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "fi",
            (
                "Moderointi lukuina",
                "Kysymys, ei väittämä",
                "sanamuotoa korjattu",
                "1 vastaus tuli ajoissa",
            ),
        ),
        ("sv", ("Modereringen i siffror", "formuleringen rättad", "1 svar kom i tid")),
        ("en", ("Moderation in numbers", "wording corrected", "1 answer came in time")),
    ],
)
def test_anybody_reads_what_was_decided_and_nothing_of_anybody_n15(
    browser: Browser, engine: Engine, language: str, told: tuple[str, ...]
) -> None:
    page = browser("").get(PAGE.format(language)).text
    assert told[0] in page
    assert told[1] not in page
    with writing(engine) as db:
        aino, minna, eero = (visitor(db, name) for name in ("aino", "minna", "eero"))
        sent = statements.send(db, aino, {"fi": WORDS}, "fi", key="a" * 32)
        moderation.send_back(db, minna, sent, Reason.QUESTION, "Kirjoita väittämä.", seen=1)
        appeals.send(db, aino, sent, WHY)
        made = appeals.against(db, sent)
        assert made is not None
        appeals.decide(db, eero, made, Outcome.PUBLISHED, ANSWER)
        texts = {"fi": "Kirjasto maksaa."}
        corrections.correct(db, eero, sent, texts, seen=1, compared=False)
    for name in ("", "aino"):
        page = browser(name).get(PAGE.format(language)).text
        assert [words for words in told if words not in page] == []
        for hidden in (WORDS, WHY, ANSWER, "Kirjoita väittämä.", "Minna", "Eero", "Kirjasto maksaa."):
            assert hidden not in page


def test_the_log_is_linked_from_the_panel_and_the_summary_n15(browser: Browser) -> None:
    assert PAGE.format("fi") in browser("").get("/fi/panels/library").text
    assert "joka kertoo lukuina" in browser("").get("/fi/methodology").text
