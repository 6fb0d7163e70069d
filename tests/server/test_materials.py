import re
from collections.abc import Mapping
from html import unescape

import pytest

from panels import materials, panels
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
        {"title": texts("A bus"), "pros": [texts("It stops often")], "cons": [texts("No room to meet")]}
        | {"saving": 93000, "cost": 38000}
    ]
}
TABLE = {
    "columns": [texts("Library"), texts("Loans")],
    "rows": [[texts("Centre"), 66200], [texts("Village"), 5200]],
}
VIEWS = {"views": [{"speaker": texts(f"Speaker {n}"), "text": texts(f"View {n}")} for n in range(5)]}


def add(engine: Engine, kind: MaterialKind, data: Mapping[str, object]) -> None:
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
    assert html.index("It stops often (en)") < html.index("No room to meet (en)")
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
