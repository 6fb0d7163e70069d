import pytest

from panels import materials, organisation
from panels.database import Session
from panels.errors import NotFoundError, RefusedError
from panels.materials import Draft, MaterialKind
from tests.conftest import texts
from tests.panels.conftest import Door

VIEWS = [{"speaker": texts(f"Speaker {n}"), "text": texts(f"View {n}")} for n in range(6)]


def test_materials_are_numbered_within_their_panel(db: Session, come: Door) -> None:
    library, harbour = come("aino").panel, come("aino", "harbour").panel
    for panel, words in ((library, "Facts"), (library, "Options"), (harbour, "Boats")):
        materials.add(db, panel, Draft(title=texts(words), body=texts("Read this."), minutes=3))
    assert [(found.number, found.title["en"]) for found in materials.listed(db, library)] == [
        (1, "Facts (en)"),
        (2, "Options (en)"),
    ]
    assert materials.get(db, harbour, 1).title["en"] == "Boats (en)"
    with pytest.raises(NotFoundError):
        materials.get(db, harbour, 2)


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (Draft(title={"fi": "Luvut"}, body=texts("Read.")), "title-sv"),
        (Draft(title=texts("Figures"), body={"sv": "Siffror"}), "body-fi"),
    ],
)
def test_a_text_without_one_of_the_languages_is_refused(
    db: Session, come: Door, draft: Draft, field: str
) -> None:
    with pytest.raises(RefusedError) as error:
        materials.add(db, come("aino").panel, draft)
    assert (error.value.code, error.value.field) == ("missing", field)
    assert organisation.needed(db) == ("fi", "sv")


def test_views_stand_in_another_order_for_each_reader_and_the_same_on_a_reload(
    db: Session, come: Door
) -> None:
    aino, nils, ville = come("aino"), come("nils"), come("ville")
    kind, data = MaterialKind.VIEWS, {"views": VIEWS}
    material = materials.add(db, aino.panel, Draft(title=texts("Views"), kind=kind, data=data))
    orders = [
        [view["text"]["en"] for view in materials.views(material, visitor)]
        for visitor in (aino, nils, ville, ville._replace(person=None, login=None))
    ]
    assert len({tuple(order) for order in orders}) == 4
    assert all(sorted(order) == [f"View {n} (en)" for n in range(6)] for order in orders)
    assert [view["text"]["en"] for view in materials.views(material, aino)] == orders[0]


def test_a_text_has_no_views(db: Session, come: Door) -> None:
    aino = come("aino")
    material = materials.add(db, aino.panel, Draft(title=texts("Facts"), body=texts("Read.")))
    assert materials.views(material, aino) == []
