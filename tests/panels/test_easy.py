import pytest

from panels import easy, materials, organisation, panels
from panels.database import Session
from panels.easy import EasyState
from panels.errors import RefusedError
from panels.materials import Draft
from panels.organisation import About
from panels.panels import Panel
from tests.conftest import texts
from tests.panels.conftest import Door

PLAIN = {"fi": "Kirjasto", "sv": "Bibliotek", "fi-easy": "Paikka, jossa on kirjoja."}


@pytest.mark.parametrize(
    ("change", "checked", "state"),
    [
        ({}, False, EasyState.CURRENT),
        ({"sv": "Biblioteket"}, False, EasyState.CURRENT),
        ({"fi": "Kirjastot"}, False, EasyState.OUTDATED),
        ({"fi": "Kirjastot"}, True, EasyState.CURRENT),
        ({"fi": "Kirjastot", "fi-easy": "Paikkoja, joissa on kirjoja."}, False, EasyState.CURRENT),
        ({"fi-easy": ""}, False, EasyState.MISSING),
    ],
)
def test_n13_editing_a_text_outdates_its_easy_variant_until_that_is_edited_or_compared(
    change: dict[str, str], *, checked: bool, state: EasyState
) -> None:
    stored = easy.renewed({}, PLAIN, checked=False)
    assert easy.states(stored) == {"fi": EasyState.CURRENT}
    after = easy.renewed(
        stored, {key: words for key, words in (PLAIN | change).items() if words}, checked=checked
    )
    assert easy.state(after, "fi") is state
    assert easy.current(after, "fi") == (after["fi-easy"] if state is EasyState.CURRENT else "")
    assert easy.state(after, "sv") is EasyState.MISSING


def test_n13_an_outdated_variant_stays_so_and_fits_again_when_the_text_is_changed_back() -> None:
    first = easy.renewed({}, PLAIN, checked=False)
    second = easy.renewed(first, PLAIN | {"fi": "Kirjastot"}, checked=False)
    third = easy.renewed(second, PLAIN | {"fi": "Kirjastoja"}, checked=False)
    assert easy.state(third, "fi") is EasyState.OUTDATED
    assert easy.state(easy.renewed(third, PLAIN, checked=False), "fi") is EasyState.CURRENT


def test_n13_a_material_keeps_the_state_of_its_easy_variant(db: Session, come: Door) -> None:
    panel, body = come("aino").panel, texts("Read.") | {"fi-easy": "Lue tämä."}
    material = materials.add(db, panel, Draft(title=texts("Facts"), body=body))
    assert easy.current(material.body, "fi") == "Lue tämä."
    changed = Draft(title=texts("Facts"), body=body | {"fi": "Lue nämä."})
    assert easy.states(materials.edit(db, panel, 1, changed, seen=1).body) == {"fi": EasyState.OUTDATED}


def test_n13_only_a_municipality_of_one_language_opens_a_panel_without_swedish(
    db: Session, come: Door
) -> None:
    panel = db.get_one(Panel, come("aino").panel)
    panel.promise = panel.owner = {"fi": "Valtuusto vastaa."}
    panel.answers_by, panel.opened_at = "2027-03-08", None
    with pytest.raises(RefusedError) as error:
        panels.open_panel(db, panel.id)
    assert error.value.code == "no_promise"
    with pytest.raises(RefusedError) as error:
        materials.add(db, panel.id, Draft(title=texts("Facts"), body={"fi": "Lue."}))
    assert (error.value.code, error.value.field) == ("missing", "body-sv")
    organisation.save(db, About(name=texts("Kuuraniemi"), bilingual=False))
    assert panels.open_panel(db, panel.id).opened_at is not None
