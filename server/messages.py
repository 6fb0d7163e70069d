"""Pages under /{language}/panels/{panel}/messages: what the staff write to all members."""

from starlette.responses import Response

from panels import messages, organisation, panels
from panels.digests import Item
from panels.messages import LONGEST
from panels.panels import Texts
from server import forms
from server.forms import Fields
from server.gate import Visit
from server.languages import LANGUAGES, NAMES, said
from server.pages import go, page
from server.sentences import N_, say

ONLY_IN = {
    "fi": N_("This message is in Finnish only."),
    "sv": N_("This message is in Swedish only."),
    "en": N_("This message is in English only."),
}


def index(visit: Visit) -> Response:
    """Show the messages sent so far, and who has not got them."""
    found = messages.sent(visit.db, visit.visitor.panel)
    return page(
        visit,
        "messages/index.html",
        panel=panels.get(visit.db, visit.visitor.panel),
        messages=found,
        receivers=messages.receivers(visit.db, visit.visitor.panel),
        saved=visit.query("saved"),
    )


def new(visit: Visit) -> Response:
    """Show the form of a message."""
    return ask(visit, Fields({}))


def preview(visit: Visit) -> Response:
    """Show the message as each member would read it; nothing is stored."""
    fields = Fields(visit.form)
    title, body = read(visit, fields)
    return ask(visit, fields) if fields.problems else ask(visit, fields, title, body)


def create(visit: Visit) -> Response:
    """Send the message to all members, once."""
    fields, key = Fields(visit.form), forms.key(visit.form)
    title, body = read(visit, fields)
    if fields.problems:
        return ask(visit, fields)
    messages.send(visit.db, visit.visitor, title, body, key=key)
    return go(visit.link("messages.index") + "?saved=1")


def add(visit: Visit) -> Response:
    """Send the message also to the members who have come since."""
    message = messages.get(visit.db, visit.visitor.panel, visit.number("message"))
    messages.tell(visit.db, visit.visitor, message)
    return go(visit.link("messages.index") + "?saved=1")


def read(visit: Visit, fields: Fields) -> tuple[Texts, Texts]:
    """Return title and text in the languages in which they were written, the needed ones at least."""
    needed = organisation.needed(visit.db)
    for language in LANGUAGES:  # a language has both or neither
        written = [name for name in LONGEST if fields.form.get(f"{name}-{language}", "").strip()]
        needed = (*needed, language) if written and language not in needed else needed
    title, body = (
        {language: fields.text(f"{name}-{language}", most=most) for language in needed}
        for name, most in LONGEST.items()
    )
    return title, body


def ask(visit: Visit, fields: Fields, title: Texts | None = None, body: Texts | None = None) -> Response:
    """Answer with the form; with the message in each language once it has been looked through."""
    source = organisation.current(visit.db).language
    panel = panels.get(visit.db, visit.visitor.panel)
    shown = [
        (
            name,
            said(language, panel.title)[0],
            said(language, title, source),
            said(language, body, source),
            mark(language, title, source),
        )
        for language, name in NAMES.items()
        if title and body
    ]
    return page(
        visit,
        "messages/new.html",
        status=422 if fields.problems else 200,
        panel=panel,
        form=visit.form,
        problems=fields.problems,
        limits=LONGEST,
        needed=organisation.needed(visit.db),
        shown=shown,
    )


def told(language: str, item: Item) -> tuple[str, list[str], str]:
    """Tell the message in the reader's language, or say in which it is."""
    message = item.matter
    title, body = (said(language, texts, message.language)[0] for texts in (message.title, message.body))
    return title, [mark(language, message.title, message.language), *body.splitlines()], ""


def mark(language: str, title: Texts, source: str) -> str:
    """Return in which language the message is, if not in the reader's."""
    spoken = said(language, title, source)[1]
    return "" if spoken == language else say(language, ONLY_IN[spoken])
