import pytest

from panels import materials, organisation, panels, variants
from panels.database import Session
from panels.errors import RefusedError
from panels.materials import Draft
from panels.organisation import About
from panels.panels import Panel
from panels.variants import VariantState
from tests.conftest import texts
from tests.panels.conftest import Door

PLAIN = {"fi": "Kirjasto", "sv": "Bibliotek", "fi-easy": "Paikka, jossa on kirjoja."}
OUTDATED, CURRENT, MISSING = VariantState.OUTDATED, VariantState.CURRENT, VariantState.MISSING


def after(*changes: dict[str, str], source: str = "fi", compared: bool = False) -> dict[str, str]:
    """Return what is stored after each change, the last one compared or not."""
    stored: dict[str, str] = variants.renewed({}, PLAIN, source, compared=False)
    for place, change in enumerate(changes, start=1):
        stored = variants.renewed(stored, PLAIN | change, source, compared=compared and place == len(changes))
    return stored


@pytest.mark.parametrize(
    ("change", "compared", "swedish", "easy"),
    [
        ({}, False, CURRENT, CURRENT),
        ({"sv": "Biblioteket"}, False, CURRENT, CURRENT),
        ({"fi": "Kirjastot"}, False, OUTDATED, OUTDATED),
        ({"fi": "Kirjastot"}, True, CURRENT, CURRENT),
        ({"fi": "Kirjastot", "sv": "Biblioteken"}, False, CURRENT, OUTDATED),
        ({"fi": "Kirjastot", "fi-easy": "Paikkoja, joissa on kirjoja."}, False, OUTDATED, CURRENT),
        ({"fi-easy": "", "sv": ""}, False, MISSING, MISSING),
    ],
)
def test_n13_editing_finnish_outdates_swedish_and_easy_until_they_are_edited_or_compared(
    change: dict[str, str], *, compared: bool, swedish: VariantState, easy: VariantState
) -> None:
    stored = after(change, compared=compared)
    assert [variants.state(stored, key, "fi") for key in ("fi", "sv", "fi-easy")] == [CURRENT, swedish, easy]
    assert variants.easy(stored, "fi") == (stored["fi-easy"] if easy is CURRENT else "")
    assert variants.state(stored, "sv-easy", "fi") is MISSING


def test_n13_an_outdated_variant_stays_so_and_fits_again_when_the_text_is_changed_back() -> None:
    twice = ({"fi": "Kirjastot"}, {"fi": "Kirjastoja"})
    assert variants.state(after(*twice), "fi-easy", "fi") is OUTDATED
    assert after(*twice, {}) == PLAIN


def test_n13_where_swedish_is_written_first_finnish_is_made_of_it() -> None:
    stored = after({"sv": "Biblioteket"}, source="sv")
    assert [variants.state(stored, key, "sv") for key in ("fi", "sv", "fi-easy")] == [
        OUTDATED,
        CURRENT,
        CURRENT,
    ]


def test_n13_a_material_keeps_the_state_of_its_easy_variant(db: Session, come: Door) -> None:
    panel, body = come("aino").panel, texts("Read.") | {"fi-easy": "Lue tämä."}
    material = materials.add(db, panel, Draft(title=texts("Facts"), body=body))
    assert variants.easy(material.body, "fi") == "Lue tämä."
    changed = Draft(title=texts("Facts"), body=body | {"fi": "Lue nämä."})
    assert variants.easy(materials.edit(db, panel, 1, changed, seen=1).body, "fi") == ""


def test_n13_only_a_municipality_of_one_language_opens_a_panel_without_swedish(
    db: Session, come: Door
) -> None:
    panel = db.get_one(Panel, come("aino").panel)
    panel.promise = panel.owner = {"fi": "Valtuusto vastaa."}
    panel.answers_by, panel.opened_at = "2027-03-08", None
    with pytest.raises(RefusedError) as error:
        panels.open_panel(db, panel.id)
    assert (error.value.code, error.value.field) == ("not_translated", "promise-sv")
    with pytest.raises(RefusedError) as error:
        materials.add(db, panel.id, Draft(title=texts("Facts"), body={"fi": "Lue."}))
    assert (error.value.code, error.value.field) == ("missing", "body-sv")
    organisation.save(db, About(name=texts("Kuuraniemi"), bilingual=False))
    assert panels.open_panel(db, panel.id).opened_at is not None
