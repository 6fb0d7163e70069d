import pytest

from panels import panels, statements, translations, variants
from panels.database import Session
from panels.errors import ConflictError, RefusedError
from panels.panels import Panel
from panels.variants import VariantState
from tests.conftest import BOTH
from tests.panels.conftest import Door

pytestmark = BOTH


def write(db: Session, place: str, **changes: str) -> None:
    """Store the library's text at the place with some changes."""
    wording = translations.get(db, 1, place)
    texts = wording.texts | {key.replace("_", "-"): words for key, words in changes.items()}
    translations.save(db, wording, texts, seen=wording.mark, compared=False)


def test_n13_a_statement_in_easy_language_is_the_same_statement(db: Session, come: Door) -> None:
    before = statements.deck(db, come("aino")).card(1)
    write(db, "statement-1.texts", fi="Other words", fi_easy="Helposti.")
    after = statements.deck(db, come("aino")).card(1)
    assert after.id == before.id
    assert after.texts == {**before.texts, "fi-easy": "Helposti."}


def test_n13_f12_a_bilingual_panel_opens_only_when_swedish_says_what_finnish_says(db: Session) -> None:
    panel = db.get_one(Panel, 1)
    panel.owner, panel.answers_by, panel.opened_at = (
        {"fi": "Valtuusto", "sv": "Fullmäktige"},
        "2027-03-08",
        None,
    )
    write(db, "panel.question", fi="Mitä kirjastolle tehdään?")
    states = variants.states(panel.question, ("fi", "sv", "en"), "fi")
    assert (states["sv"], states["en"]) == (VariantState.OUTDATED, VariantState.OUTDATED)
    with pytest.raises(RefusedError) as error:
        panels.open_panel(db, 1)
    assert (error.value.code, error.value.field) == ("not_translated", "question-sv")
    write(db, "panel.question", sv="Vad ska vi göra med biblioteket?")
    assert panels.open_panel(db, 1).opened_at is not None


def test_n13_an_open_form_of_the_panel_learns_that_a_text_has_changed(db: Session) -> None:
    panel, place = db.get_one(Panel, 1), "phase-vote.title"
    old = translations.get(db, 1, place)
    write(db, place, fi_easy="Vastaa.")
    assert panel.version == 2
    with pytest.raises(ConflictError):
        translations.save(db, old, old.texts, seen=old.mark + "x", compared=False)
