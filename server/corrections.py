"""Pages on which staff mend the wording of a statement that nobody has answered yet."""

from starlette.responses import Response

from panels import corrections, panels, variants
from panels.digests import Item
from panels.errors import RefusedError
from panels.statements import LONGEST, SHORTEST, Statement
from server import forms
from server.forms import Fields, Form
from server.gate import Visit
from server.languages import LANGUAGES, said
from server.pages import go, page
from server.sentences import N_, say


def new(visit: Visit) -> Response:
    """Show the form with the wording as it is, or why it stays."""
    statement = asked(visit)
    return ask(visit, statement, statement.texts | {"seen": str(statement.version)}, Fields({}))


def create(visit: Visit) -> Response:
    """Store the mended wording."""
    statement, fields = asked(visit), Fields(visit.form)
    source, seen = statement.language, forms.seen(visit.form)
    texts = {
        language: fields.text(language, least=SHORTEST, most=LONGEST)
        for language in LANGUAGES
        if language == source or visit.form.get(language, "").strip()
    }
    if not fields.problems:
        compared = visit.form.get("compared") == "yes"
        try:
            corrections.correct(visit.db, visit.visitor, statement, texts, seen=seen, compared=compared)
            return go(visit.link("corrections.new", statement=statement.number) + "?saved=1")
        except RefusedError as error:  # what says the same as another statement has no field of its own
            fields.refuse(error.field if error.field in LANGUAGES else source, error.code, **error.values)
    return ask(visit, statement, visit.form, fields)


def asked(visit: Visit) -> Statement:
    """Return the statement that the address names. Raises NotFoundError, also for another panel's."""
    return corrections.get(visit.db, visit.visitor.panel, visit.number("statement"))


def ask(visit: Visit, statement: Statement, form: Form, fields: Fields) -> Response:
    """Answer with the form, and what it was before if it was mended."""
    return page(
        visit,
        "corrections/new.html",
        status=422 if fields.problems else 200,
        panel=panels.get(visit.db, visit.visitor.panel),
        statement=statement,
        answered=corrections.answered(visit.db, statement),
        corrections=corrections.made(visit.db, statement.id),
        states=variants.states(statement.texts, LANGUAGES, statement.language),
        form=form,
        most=LONGEST,
        problems=fields.problems,
        saved=visit.query("saved"),
    )


def made(language: str, item: Item) -> tuple[str, list[str], str]:
    """Tell the writer that the wording was mended, in a language in which it was."""
    statement = item.matter.statement
    both = statement.texts, item.matter.before
    now, before = (said(language, texts, statement.language)[0] for texts in both)
    if now == before:  # the reader's language was left as it is
        now, before = (texts[statement.language] for texts in both)
    more = [
        say(language, N_("Now it says: %(words)s"), {"words": now}),
        say(language, N_("Before: %(words)s"), {"words": before}),
        say(language, N_("Nobody else had answered it yet. If this is not what you meant, call us.")),
    ]
    return say(language, N_("the wording of your statement was corrected")), more, "/statements/mine"
