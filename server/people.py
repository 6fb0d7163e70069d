"""Pages under /{language}/me: one's own details, panels and logins."""

from starlette.responses import Response

from panels import login, members, people
from server.forms import Fields, Problem
from server.gate import Visit
from server.languages import LANGUAGES
from server.login import mail_link
from server.pages import go, page


def index(visit: Visit) -> Response:
    """Show one's own details."""
    return show(visit, [])


def show(visit: Visit, problems: list[Problem]) -> Response:
    """Answer with the details and what is wrong with a form on their page."""
    return page(
        visit,
        "people/index.html",
        status=422 if problems else 200,
        problems=problems,
        person=people.get(visit.db, visit.person),
        places=members.places(visit.db, visit.person),
        logins=login.of_person(visit.db, visit.person, visit.visitor.now),
    )


def update(visit: Visit) -> Response:
    """Store name and language."""
    fields = Fields(visit.form)
    name, language = fields.text("name", least=0, most=80), fields.choice("language", LANGUAGES)
    if fields.problems:
        return show(visit, fields.problems)
    people.describe(visit.db, visit.person, name=name, language=language)
    return go(visit.link("people.index"))


def email(visit: Visit) -> Response:
    """Mail a link to the address that somebody without one gives; using it proves that it is theirs."""
    fields = Fields(visit.form)
    address = fields.email("email")
    if fields.problems:
        return show(visit, fields.problems)
    if people.get(visit.db, visit.person).email is not None:
        return go(visit.link("people.index"))
    return mail_link(visit, address, person=visit.person, next=visit.link("people.index"))


def keys(visit: Visit) -> Response:
    """Switch the answer keys on or off."""
    people.switch_keys(visit.db, visit.person, on=visit.form.get("keys") == "yes")
    return go(visit.link("people.index"))


def end(visit: Visit) -> Response:
    """End one of one's own logins; one that has ended meanwhile stays so."""
    chosen = visit.form.get("login", "")
    own = {str(row.id): row.id for row in login.of_person(visit.db, visit.person, visit.visitor.now)}
    if chosen in own:
        login.end(visit.db, own[chosen])
    return go(visit.link("people.index"))
