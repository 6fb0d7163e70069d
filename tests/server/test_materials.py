import re
from html import unescape
from typing import Any

import pytest

from panels import materials, panels, quizzes
from panels.database import Engine, reading, writing
from panels.materials import Draft, MaterialKind
from tests.conftest import Browser, texts
from tests.server.conftest import Watch

PAGE = "/en/panels/library/materials"
FORM = {
    "key": "a" * 32,
    "title-fi": "Kirjastot lukuina",
    "title-sv": "Biblioteken i siffror",
    "body-fi": "Lainoja oli **98 400**.",
    "body-sv": "Lånen var **98 400**.",
    "minutes": "3",
}
OPTIONS = {
    "options": [
        {"title": texts("A bus"), "pros": [texts("It stops often")], "cons": [texts("No meeting room")]}
        | {"saving": 93000, "cost": 38000}
    ]
}
TABLE = {
    "columns": [texts("Library"), texts("Loans")],
    "rows": [[texts("Centre"), 66200], [texts("Village"), 5200]],
}
VIEWS = {"views": [{"speaker": texts(f"Speaker {n}"), "text": texts(f"View {n}")} for n in range(5)]}
ARGUMENTS = {
    "key": "b" * 32,
    "kind": "arguments",
    "title-fi": "Kirjastoauto",
    "title-sv": "Bokbuss",
    "for-fi": "- Auto tulee lähelle.\n- Se pysähtyy usein.",
    "for-sv": "Bussen kommer nära.",
    "for-source-fi": "Tilinpäätös",
    "for-source-sv": "Bokslutet",
    "against-fi": "Auto ei ole paikka tavata muita.",
    "against-sv": "Bussen väntar inte.",
    "against-source-fi": "Lausunto",
    "against-source-sv": "Utlåtandet",
    "minutes": "2",
}
QUIZ = {
    "seen": "0",
    "q1-question-fi": "Kuka päättää?",
    "q1-question-sv": "Vem beslutar?",
    "q1-option1-fi": "Raati",
    "q1-option1-sv": "Rådet",
    "q1-option2-fi": "Valtuusto",
    "q1-option2-sv": "Fullmäktige",
    "q1-correct": "2",
    "q1-why-fi": "Raati suosittaa, valtuusto päättää.",
    "q1-why-sv": "Rådet rekommenderar, fullmäktige beslutar.",
}


def add(engine: Engine, kind: MaterialKind, data: dict[str, Any]) -> None:
    """Add a material to the library's panel."""
    with writing(engine) as db:
        draft = Draft(title=texts("Libraries"), minutes=4, kind=kind, data=data, source=texts("The accounts"))
        materials.add(db, panels.by_slug(db, "library").id, draft)


def count(engine: Engine) -> int:
    with reading(engine) as db:
        return len(materials.listed(db, panels.by_slug(db, "library").id))


def test_what_there_is_to_read_is_listed_with_its_minutes(
    browser: Browser, engine: Engine, watched: Watch
) -> None:
    assert "The texts are coming." in browser("").get(PAGE).text
    for _ in range(12):
        add(engine, MaterialKind.OPTIONS, OPTIONS)
    client = browser("aino")
    with watched() as found:
        html = client.get(PAGE).text
    assert html.count("4 min") == 12
    assert len(found) <= 5, found


def test_r8_options_stand_with_both_sides_and_their_cost(browser: Browser, engine: Engine) -> None:
    add(engine, MaterialKind.OPTIONS, OPTIONS)
    html = browser("").get(f"{PAGE}/1").text
    assert "Saving <b>93,000 euros</b> a year" in html
    assert "Cost of starting <b>38,000 euros</b>" in html
    assert "It stops often (en)" in html
    assert "No meeting room (en)" in html
    assert "Source: The accounts (en)" in html


def test_r8_views_stand_in_another_order_for_each_reader(browser: Browser, engine: Engine) -> None:
    add(engine, MaterialKind.VIEWS, VIEWS)
    orders = [
        re.findall(r"View \d", browser(name).get(f"{PAGE}/1").text) for name in ("aino", "nils", "aino")
    ]
    assert orders[0] != orders[1]
    assert orders[0] == orders[2]
    assert sorted(orders[0]) == [f"View {n}" for n in range(5)]


def test_facts_are_a_table_with_headed_rows_and_columns(browser: Browser, engine: Engine) -> None:
    add(engine, MaterialKind.FACTS, TABLE)
    html = browser("").get(f"{PAGE}/1").text
    assert '<caption id="facts">Libraries (en)</caption>' in html
    assert '<th scope="col">Library (en)</th><th scope="col" class="n">Loans (en)</th>' in html
    assert '<th scope="row">Centre (en)</th><td class="n">66,200</td>' in html


def test_staff_add_a_text_once_however_often_it_is_sent(browser: Browser, engine: Engine) -> None:
    eero = browser("eero")
    assert eero.get(f"{PAGE}/new").status_code == 200
    for _ in range(2):
        assert eero.post(PAGE, data=FORM).headers["location"] == PAGE
    assert count(engine) == 1
    html = browser("").get("/fi/panels/library/materials/1").text
    assert "<p>Lainoja oli <strong>98 400</strong>.</p>" in html
    assert "Lukuaika 3\u00a0min" in unescape(html)
    assert '<div class="prose" lang="fi">' in browser("").get(f"{PAGE}/1").text


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"title-sv": ""}, "title-sv", "Fill in this field."),
        ({"body-fi": " "}, "body-fi", "Fill in this field."),
        ({"minutes": "0"}, "minutes", "Write a whole number from 1 to 120."),
        ({"body-en": "x" * 50_001}, "body-en", "Shorten this by 1 characters."),
    ],
)
def test_a_text_with_a_mistake_is_kept_in_the_form(
    browser: Browser, engine: Engine, typed: dict[str, str], field: str, sentence: str
) -> None:
    answer = browser("eero").post(PAGE, data={**FORM, **typed})
    assert answer.status_code == 422
    assert re.search(f'<a href="#{field}">[^<]*{re.escape(sentence)}', answer.text)
    assert 'value="Kirjastot lukuina"' in answer.text
    assert count(engine) == 0


def test_a_long_text_fits_and_a_longer_one_is_refused(browser: Browser) -> None:
    eero = browser("eero")
    assert eero.post(PAGE, data={**FORM, "body-fi": "word " * 9_999}).status_code == 303
    assert eero.post(PAGE, data={**FORM, "body-fi": "x" * 512_001}).status_code == 413


def test_residents_add_nothing_and_another_panels_material_is_not_found(
    browser: Browser, engine: Engine
) -> None:
    add(engine, MaterialKind.FACTS, TABLE)
    assert browser("aino").get(f"{PAGE}/new").status_code == 403
    assert browser("aino").post(PAGE, data=FORM).status_code == 403
    assert browser("").get("/en/panels/harbour/materials/1").status_code == 404
    assert browser("").get(f"{PAGE}/2").status_code == 404


def test_staff_edit_a_text_and_two_at_once_do_not_undo_each_other(browser: Browser) -> None:
    eero, address = browser("eero"), "/fi/panels/library/materials/1"
    eero.post(PAGE, data=FORM)
    assert "Lainoja oli **98 400**." in eero.get(f"{address}/edit").text
    change = FORM | {"seen": "1", "title-fi": "Luvut"}
    assert eero.post(f"{address}/update", data=change).headers["location"] == address
    assert "<h1>Luvut</h1>" in browser("").get(address).text
    late = eero.post(f"{address}/update", data=change | {"body-fi": "Toinen teksti."})
    assert late.status_code == 409
    assert "Toinen teksti." in late.text
    wrong = eero.post(f"{address}/update", data=change | {"seen": "2", "title-sv": ""})
    assert wrong.status_code == 422
    assert 'value="Luvut"' in wrong.text


def test_what_came_from_a_file_keeps_its_table_when_its_words_are_edited(
    browser: Browser, engine: Engine
) -> None:
    add(engine, MaterialKind.FACTS, TABLE)
    change = {"seen": "1", "title-fi": "Uusi", "title-sv": "Ny", "minutes": "4"}
    assert browser("eero").post(f"{PAGE}/1/update", data=change).status_code == 303
    assert "66,200" in browser("").get(f"{PAGE}/1").text


def test_r8_both_sides_stand_with_their_sources_in_an_order_drawn_for_each_reader(browser: Browser) -> None:
    eero = browser("eero")
    assert 'id="against-source-sv"' in eero.get(f"{PAGE}/new?kind=arguments").text
    for number in range(4):
        assert eero.post(PAGE, data=ARGUMENTS | {"key": f"{number:032x}"}).status_code == 303
    html = [browser("aino").get(f"/fi/panels/library/materials/{number}").text for number in (1, 2, 3, 4, 1)]
    assert all("Lähde: Tilinpäätös" in one and "Lähde: Lausunto" in one for one in html)
    first = [one.index("Auto tulee lähelle.") < one.index("Auto ei ole paikka") for one in html]
    assert len(set(first)) == 2
    assert first[0] == first[-1]
    form = eero.get("/fi/panels/library/materials/1/edit").text
    assert "Se pysähtyy usein." in form
    assert 'value="Lausunto"' in form


def test_r8_sides_of_unequal_length_are_refused_with_both_counts(browser: Browser, engine: Engine) -> None:
    answer = browser("eero").post(PAGE, data=ARGUMENTS | {"against-fi": "Auto ei ole paikka."})
    assert answer.status_code == 422
    assert "Now 6 words are for and 4 against. The difference may be at most 15 per cent." in answer.text
    assert '<a href="#against-fi">' in answer.text
    assert "Auto ei ole paikka." in answer.text
    missing = browser("eero").post(PAGE, data=ARGUMENTS | {"for-source-sv": ""})
    assert '<a href="#for-source-sv">' in missing.text
    assert count(engine) == 0


def test_r8_a_recording_comes_with_its_text(browser: Browser, engine: Engine) -> None:
    eero, video = browser("eero"), {"recording": "https://video.example.fi/1"}
    assert eero.post(PAGE, data=FORM | video | {"body-sv": ""}).status_code == 422
    for wrong in ("video.example.fi", "javascript:alert(1)", "https://"):
        answer = eero.post(PAGE, data=FORM | {"recording": wrong})
        assert "Write the whole address, starting with https://." in answer.text
    assert count(engine) == 0
    eero.post(PAGE, data=FORM | video)
    html = browser("").get("/fi/panels/library/materials/1").text
    assert '<a class="btn" href="https://video.example.fi/1"' in html
    assert html.index("https://video.example.fi/1") < html.index("Lainoja oli")


def test_r7_a_member_marks_what_they_have_read_and_is_led_on(browser: Browser, engine: Engine) -> None:
    for _ in range(2):
        add(engine, MaterialKind.FACTS, TABLE)
    aino, home = browser("aino"), "/en/panels/library"
    assert "Read about the matter (8 min)" in aino.get(home).text
    assert aino.post(f"{PAGE}/1/read").headers["location"] == f"{PAGE}/1"
    html = aino.get(f"{PAGE}/1").text
    assert "You have read this" in html
    assert "Mark as read" not in html
    assert "Next: Libraries (en)" in html
    assert aino.get(PAGE).text.count("· read") == 1
    assert "Read about the matter (4 min)" in aino.get(home).text
    assert "Go on reading" in aino.get(home).text
    part = aino.post(f"{PAGE}/2/read", headers={"HX-Request": "true"}).text
    assert part.strip() in aino.get(f"{PAGE}/2").text
    assert "You have read everything. Go on." in part
    assert "Start answering" in aino.get(home).text
    assert "min)" not in aino.get(home).text
    assert "Read about the matter (8 min)" in browser("nils").get(home).text
    for name, status in (("ville", 403), ("eero", 403), ("", 401)):
        assert browser(name).post(f"{PAGE}/1/read").status_code == status
    assert aino.post(f"{PAGE}/3/read").status_code == 404


def test_n6_staff_write_the_questions_and_a_later_form_does_not_undo_them(browser: Browser) -> None:
    eero, address = browser("eero"), "/fi/panels/library/materials"
    assert "Kysymyksiä ei vielä ole." in browser("").get(f"{address}/quiz").text
    assert "Testaa tietosi" not in browser("").get(address).text
    assert eero.post(f"{address}/save-questions", data=QUIZ).headers["location"] == f"{address}/quiz"
    assert "Yksi lyhyt kysymys." in browser("").get(address).text
    form = eero.get(f"{address}/questions").text
    assert 'value="Fullmäktige"' in form
    assert '<option value="2" selected>' in form
    assert eero.post(f"{address}/save-questions", data=QUIZ).status_code == 409
    assert eero.post(f"{address}/save-questions", data={"seen": "1"}).status_code == 303
    assert "Kysymyksiä ei vielä ole." in browser("").get(f"{address}/quiz").text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"q1-why-sv": ""}, "q1-why-sv"),
        ({"q1-option2-fi": ""}, "q1-option2-fi"),
        ({"q1-option3-fi": "Lautakunta"}, "q1-option3-sv"),
        ({"q1-correct": "3"}, "q1-correct"),
        ({"q1-correct": ""}, "q1-correct"),
        ({"q3-question-fi": "Milloin?"}, "q3-question-sv"),
        ({"q1-question-fi": "x" * 301}, "q1-question-fi"),
    ],
)
def test_n6_a_question_with_a_mistake_is_kept_in_the_form(
    browser: Browser, engine: Engine, typed: dict[str, str], field: str
) -> None:
    answer = browser("eero").post(f"{PAGE}/save-questions", data=QUIZ | typed)
    assert answer.status_code == 422
    assert f'<a href="#{field}">' in answer.text
    assert 'value="Raati"' in answer.text
    with reading(engine) as db:
        assert quizzes.of(db, 1) is None


def test_n6_answers_are_explained_and_a_browser_is_counted_once_before_reading_and_once_after(
    browser: Browser, engine: Engine
) -> None:
    add(engine, MaterialKind.FACTS, TABLE)
    browser("eero").post(f"{PAGE}/save-questions", data=QUIZ)
    aino, address = browser("aino"), "/fi/panels/library/materials/check"
    assert '<div id="explained" aria-live="polite"></div>' in aino.get(address.replace("check", "quiz")).text
    for answer in (aino.post(address, data={"q1": "0"}), browser("").post(address, data={"q1": "0"})):
        assert answer.status_code == 200
        assert "Ei aivan. Vastasit: Raati. Oikea vastaus on: <b>Valtuusto</b>." in answer.text
        assert "Raati suosittaa, valtuusto päättää." in answer.text
        assert 'value="0" checked' in answer.text
    part = aino.post(address, data={"q1": "1"}, headers={"HX-Request": "true"}).text
    assert "Oikein." in part
    assert part.strip() in aino.post(address, data={"q1": "1"}).text
    assert "Et vastannut." in aino.post(address, data={"q1": "7"}).text
    aino.post(f"{PAGE}/1/read")
    for _ in range(2):
        aino.post(address, data={"q1": "1"})
    with reading(engine) as db:
        found = quizzes.of(db, 1)
        assert found is not None
        counts = (found.people_before, found.right_before, found.people_after, found.right_after)
        assert counts == (1, 0, 1, 1)


def test_n6_a_wrong_answer_keeps_nobody_from_voting(browser: Browser) -> None:
    browser("eero").post(f"{PAGE}/save-questions", data=QUIZ)
    aino = browser("aino")
    aino.post(f"{PAGE}/check", data={"q1": "0"})
    vote = {"key": "c" * 32, "seen": "0", "choice": "agree"}
    assert aino.post("/en/panels/library/statements/1/vote", data=vote).status_code == 303
