"""Pages under /{language}/panels/{panel}/translations: every text of the panel in all its variants."""

from itertools import groupby

from starlette.responses import Response

from panels import organisation, panels, translations, variants
from panels.errors import RefusedError
from panels.statements import LONGEST
from panels.translations import Wording
from panels.variants import VariantState
from server import materials
from server import panels as panel_pages
from server.forms import Fields, Form, Problem
from server.gate import Visit
from server.languages import LANGUAGES
from server.pages import go, page

LIMITS = panel_pages.LIMITS | materials.LIMITS | materials.QUIZ_LIMITS
LIMITS |= {"options": LIMITS["option"], "text": LIMITS["argument"], "texts": LONGEST}
"""The longest a text may be, by the last word of its place."""
USUAL = 500


def index(visit: Visit) -> Response:
    """List the texts, with what is missing or outdated of each."""
    found = translations.everything(visit.db, visit.visitor.panel)
    return page(
        visit,
        "translations/index.html",
        panel=panels.get(visit.db, visit.visitor.panel),
        parts=[(part, list(wordings)) for part, wordings in groupby(found, key=lambda one: one.part)],
        states={one.place: states(one) for one in found},
        saved=visit.query("saved"),
    )


def edit(visit: Visit) -> Response:
    """Show one text in all its variants, side by side."""
    wording = asked(visit)
    return ask(visit, wording, wording.texts | {"seen": wording.mark}, [])


def update(visit: Visit) -> Response:
    """Store the variants of a text."""
    fields, wording = Fields(visit.form), asked(visit)
    most = longest(wording)
    texts = {language: fields.text(language, least=0, most=most) for language in LANGUAGES}
    for variant in (language + variants.EASY for language in LANGUAGES):
        texts[variant] = fields.text(variant, least=0, most=2 * most)
    if not fields.problems:
        seen, compared = visit.form.get("seen", ""), visit.form.get("compared") == "yes"
        try:
            translations.save(visit.db, wording, texts, seen=seen, compared=compared)
            return go(following(visit, wording))
        except RefusedError as error:  # of two sides the rule names the shorter one: against-sv
            fields.refuse(error.field.rpartition("-")[2], error.code, **error.values)
    return ask(visit, wording, visit.form, fields.problems)


def asked(visit: Visit) -> Wording:
    """Return the text that the address names. Raises NotFoundError, also for another panel's."""
    return translations.get(visit.db, visit.visitor.panel, visit.request.path_params["text"])


def following(visit: Visit, wording: Wording) -> str:
    """Return the address of the next text that lacks a variant, if it is wanted, else of the list."""
    found = translations.everything(visit.db, visit.visitor.panel)
    places = [one.place for one in found]
    after = found[places.index(wording.place) + 1 :] if visit.form.get("next") == "yes" else []
    for one in after:
        if set(states(one).values()) != {VariantState.CURRENT}:
            return visit.link("translations.edit", text=one.place) + "?saved=1"
    return visit.link("translations.index") + f"?saved=1#{wording.part}"


def states(wording: Wording) -> dict[str, VariantState]:
    """Return how each variant of the text stands to it, by its key: sv, fi-easy."""
    return variants.states(wording.texts, LANGUAGES, wording.source)


def longest(wording: Wording) -> int:
    """Return how many characters the text may have; in easy language twice as many."""
    words = [word for word in wording.place.split(".") if not word.isdecimal()]
    return LIMITS.get(words[-1], USUAL)


def ask(visit: Visit, wording: Wording, form: Form, problems: list[Problem]) -> Response:
    """Answer with the form of one text."""
    return page(
        visit,
        "translations/edit.html",
        status=422 if problems else 200,
        panel=panels.get(visit.db, visit.visitor.panel),
        wording=wording,
        form=form,
        problems=problems,
        needed=organisation.needed(visit.db),
        most=longest(wording),
        states=states(wording),
        saved=visit.query("saved"),
    )
