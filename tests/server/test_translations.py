"""Every text of a panel in all its variants: the list of what is missing, and one text side by side."""

import re

import pytest

from panels import materials, panels, quizzes, translations
from panels.database import Engine, reading, writing
from panels.materials import Draft, MaterialKind
from panels.panels import Panel
from panels.quizzes import Question
from tests.conftest import Browser, texts
from tests.server.conftest import Watch

LIST = "/fi/panels/library/translations"
SIDES = {side: {"text": texts(f"Words {side}"), "source": texts("Report")} for side in materials.SIDES}
FIGURES = {"columns": [texts("Library"), texts("Loans")], "rows": [[texts("Village"), 5200]]}
WHO = Question(texts("Who decides?"), [texts("Panel"), texts("Council")], 1, texts("The council does."))


@pytest.fixture(autouse=True)
def furnished(engine: Engine) -> Engine:
    """Give the library's panel every sort of text."""
    with writing(engine) as db:
        materials.add(db, 1, Draft(title=texts("Facts"), body=texts("A library costs.")))
        materials.add(db, 1, Draft(texts("A bus"), kind=MaterialKind.ARGUMENTS, data=SIDES))
        materials.add(db, 1, Draft(texts("Figures"), kind=MaterialKind.FACTS, data=FIGURES))
        quizzes.save(db, 1, [WHO], seen=0)
        panel = db.get_one(Panel, 1)
        panel.background = [{"code": "area", "options": [texts("Village")]}]
        panel.effort = {"fi": "Noin 10 minuuttia"}
    return engine


def form(engine: Engine, place: str, **changes: str) -> dict[str, str]:
    """Return the form of the library's text as it is shown, with some changes."""
    with reading(engine) as db:
        wording = translations.get(db, 1, place)
    shown = {key: words for key, words in wording.texts.items() if not key.endswith("-of")}
    return shown | {"seen": wording.mark} | {key.replace("_", "-"): words for key, words in changes.items()}


def address(place: str) -> str:
    """Return the address of the form of the library's text."""
    return f"{LIST}/{place}/update"


def test_n13_an_easy_variant_of_any_text_is_written_and_read_without_login(
    browser: Browser, furnished: Engine
) -> None:
    """N13, R24"""
    eero, library = browser("eero"), "/fi/panels/library"
    shown = {
        "panel.title": library,
        "panel.question": f"{library}/materials",
        "phase-vote.title": library,
        "panel.background.0.options.0": "",
        "material-1.title": f"{library}/materials",
        "material-1.body": f"{library}/materials/1",
        "material-2.data.for.text": f"{library}/materials/2",
        "material-3.data.columns.1": f"{library}/materials/3",
        "material-3.data.rows.0.0": f"{library}/materials/3",
        "quiz.questions.0.question": f"{library}/materials/quiz",
        "quiz.questions.0.options.1": f"{library}/materials/quiz",
        "statement-1.texts": f"{library}/statements/1",
    }
    for place, page in shown.items():
        sent = form(furnished, place, fi_easy=f"Helppo {place}.")
        assert eero.post(address(place), data=sent).status_code == 303, place
        if page:
            assert f"Helppo {place}." in browser("").get(f"{page}?easy=yes").text
            assert f"Helppo {place}." not in browser("").get(page).text
    card = browser("").get(f"{library}/statements/1?easy=yes").text
    assert "Selkokielellä. Katso väittämä alkuperäisin sanoin" in card


def test_n13_staff_see_what_is_missing_and_what_is_outdated_f12(
    browser: Browser, furnished: Engine, watched: Watch
) -> None:
    eero, place = browser("eero"), "material-1.body"
    eero.post(address(place), data=form(furnished, place, fi_easy="Kirjasto maksaa."))
    eero.post(address(place), data=form(furnished, place, fi="Kirjasto maksaa paljon."))
    with watched() as statements:
        listed = " ".join(eero.get(LIST).text.split())
    assert len(statements) <= 12, "one read for each kind of text, however many there are"
    row = re.search(rf'{LIST}/{place}/edit">(.*?)</li>', listed)
    assert row is not None
    assert "Vanhentunut: Svenska · English · Suomi, selkokieli" in row[1]
    assert "Puuttuu: Svenska, selkokieli · English, selkokieli" in row[1]
    assert "Kirjasto maksaa paljon." in browser("").get("/fi/panels/library/materials/1?easy=yes").text
    edit = eero.get(f"{LIST}/{place}/edit").text
    assert edit.count("Teksti on muuttunut tämän kirjoittamisen jälkeen.") == 3
    eero.post(address(place), data=form(furnished, place, compared="yes"))
    assert "Vanhentunut:" not in eero.get(LIST).text
    assert "Kirjasto maksaa." in browser("").get("/fi/panels/library/materials/1?easy=yes").text


def test_n13_saving_leads_to_the_list_or_to_the_next_text_that_lacks_something(
    browser: Browser, furnished: Engine
) -> None:
    eero, last = browser("eero"), "statement-3.texts"
    saved = eero.post(address("panel.title"), data=form(furnished, "panel.title"))
    assert saved.headers["location"] == f"{LIST}?saved=1#panel"
    easy = {f"{language}_easy": "Kysymys." for language in ("fi", "sv", "en")}
    eero.post(address("panel.question"), data=form(furnished, "panel.question", **easy))
    further = eero.post(address("panel.title"), data=form(furnished, "panel.title", next="yes"))
    assert further.headers["location"] == f"{LIST}/panel.promise/edit?saved=1"
    assert "Tallennettu" in eero.get(further.headers["location"]).text
    end = eero.post(address(last), data=form(furnished, last, next="yes"))
    assert end.headers["location"] == f"{LIST}?saved=1#statements"


def test_n13_what_must_not_be_is_refused_with_the_typed_text_kept(
    browser: Browser, furnished: Engine
) -> None:
    eero = browser("eero")
    refused = {
        "panel.effort": ({"fi_easy": "Lyhyt aika."}, "sv", "Lyhyt aika."),
        "panel.title": ({"fi_easy": "x" * 241}, "fi-easy", "x" * 241),
        "material-2.data.against.text": ({"fi": "Monta sanaa vastaan tässä näin."}, "fi", "vastaan tässä"),
    }
    for place, (changes, field, kept) in refused.items():
        answer = eero.post(address(place), data=form(furnished, place, **changes))
        assert answer.status_code == 422, place
        assert f'<a href="#{field}">' in answer.text, place
        assert kept in answer.text
        with reading(furnished) as db:
            assert kept not in str(translations.get(db, 1, place).texts)
    sent = form(furnished, "statement-1.texts", fi="Aivan muuta", fi_easy="Helppo.")
    assert eero.post(address("statement-1.texts"), data=sent).status_code == 303
    assert "Aivan muuta" not in eero.get("/fi/panels/library/statements/1").text
    assert eero.post(address("statement-1.texts"), data=sent).status_code == 409
    assert eero.get(f"{LIST}/panel.nothing/edit").status_code == 404
    assert eero.get(f"{LIST}/material-9.title/edit").status_code == 404


def test_n13_a_form_of_the_text_itself_keeps_its_easy_variant_f12(
    browser: Browser, furnished: Engine
) -> None:
    eero, quiz = browser("eero"), "quiz.questions.0.why"
    eero.post(address(quiz), data=form(furnished, quiz, fi_easy="Valtuusto päättää."))
    shown = eero.get("/fi/panels/library/materials/questions").text
    fields = dict(re.findall(r'name="(q1-[^"]+)"[^>]*value="([^"]*)"', shown))
    fields |= dict(re.findall(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>([^<]*)</textarea>', shown))
    fields |= {"seen": "2", "q1-correct": "2"}
    assert eero.post("/fi/panels/library/materials/save-questions", data=fields).status_code == 303
    with reading(furnished) as db:
        assert translations.get(db, 1, quiz).texts["fi-easy"] == "Valtuusto päättää."
        assert panels.get(db, 1).version == 1
