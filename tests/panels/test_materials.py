import pytest

from panels import materials, organisation
from panels.database import Session
from panels.errors import ConflictError, NotFoundError, RefusedError
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


def arguments(pros: str, cons: str) -> Draft:
    """Return arguments of these lengths in Finnish and Swedish."""
    sides = {
        side: {"text": {"fi": words, "sv": words}, "source": texts("Report")}
        for side, words in (("for", pros), ("against", cons))
    }
    return Draft(title=texts("A bus"), kind=MaterialKind.ARGUMENTS, data=sides)


@pytest.mark.parametrize(
    ("pros", "cons", "counts"),
    [
        ("word " * 20, "- word\n" * 17, None),
        ("word " * 20, "word " * 16, (20, 16)),
        ("word " * 16, "word " * 20, (16, 20)),
        ("90,000 self-service", "two words", None),
    ],
)
def test_r8_one_side_may_have_15_per_cent_fewer_words_and_no_more(
    db: Session, come: Door, pros: str, cons: str, counts: tuple[int, int] | None
) -> None:
    panel = come("aino").panel
    if counts is None:
        assert materials.add(db, panel, arguments(pros, cons)).number == 1
        return
    with pytest.raises(RefusedError) as error:
        materials.add(db, panel, arguments(pros, cons))
    shorter = "for-fi" if counts[0] < counts[1] else "against-fi"
    assert (error.value.code, error.value.field) == ("uneven", shorter)
    assert error.value.values == {"pros": counts[0], "cons": counts[1], "most": 15}
    assert materials.listed(db, panel) == []


def test_r8_a_language_that_one_side_lacks_is_unequal(db: Session, come: Door) -> None:
    draft = arguments("one two", "three four")
    draft.data["for"]["text"]["en"] = "one two"
    with pytest.raises(RefusedError) as error:
        materials.add(db, come("aino").panel, draft)
    assert (error.value.code, error.value.field) == ("uneven", "against-en")


def test_r8_the_sides_of_an_option_are_weighed_too(db: Session, come: Door) -> None:
    option = {
        "title": texts("A bus"),
        "pros": [texts("Stops often")],
        "cons": [texts("No room to meet at all")],
    }
    draft = Draft(title=texts("Options"), kind=MaterialKind.OPTIONS, data={"options": [option]})
    with pytest.raises(RefusedError) as error:
        materials.add(db, come("aino").panel, draft)
    assert error.value.code == "uneven"


def test_a_material_that_somebody_else_has_edited_is_not_overwritten(db: Session, come: Door) -> None:
    panel, draft = come("aino").panel, Draft(title=texts("Facts"), body=texts("Read."))
    materials.add(db, panel, draft)
    assert materials.edit(db, panel, 1, draft, seen=1).version == 2
    with pytest.raises(ConflictError):
        materials.edit(db, panel, 1, draft, seen=1)


def test_r7_a_mark_is_the_members_own_and_made_once(db: Session, come: Door) -> None:
    aino, nils, ville = come("aino"), come("nils"), come("ville")
    material = materials.add(db, aino.panel, Draft(title=texts("Facts"), body=texts("Read.")))
    for _ in range(2):
        materials.mark_read(db, aino, material.number)
    assert [materials.has_read(db, one, material) for one in (aino, nils, ville)] == [True, False, False]
    assert [materials.listed(db, aino.panel, seat)[0].read for seat in (aino.member, nils.member, None)] == [
        True,
        False,
        False,
    ]
    with pytest.raises(NotFoundError):
        materials.mark_read(db, aino, 2)
