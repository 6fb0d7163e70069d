"""Pages under /{language}/me: one's own details, panels and logins, the copy of it all, and the ways out."""

import json
from collections.abc import Sequence

from starlette.responses import Response

from panels import login, members, own_data, panels, people
from panels.members import Member
from server.forms import Fields, Problem
from server.gate import Visit
from server.languages import LANGUAGES
from server.login import forget, mail_link
from server.pages import file, go, page

FATES = ("keep", "remove")
"""What becomes of the texts of somebody who goes."""


def index(visit: Visit) -> Response:
    """Show one's own details."""
    return show(visit, [])


def show(visit: Visit, problems: list[Problem]) -> Response:
    """Answer with the details and what is wrong with a form on their page."""
    stored = own_data.of_person(visit.db, visit.person)
    return page(
        visit,
        "people/index.html",
        status=422 if problems else 200,
        problems=problems,
        person=people.get(visit.db, visit.person),
        places=members.places(visit.db, visit.person),
        logins=login.of_person(visit.db, visit.person, visit.visitor.now),
        stored=stored,
        subjects=own_data.subjects(visit.db, stored),
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


def data(visit: Visit) -> Response:
    """Hand out everything that is stored about the person, row by row."""
    stored = own_data.of_person(visit.db, visit.person)
    content = json.dumps(stored, default=bytes.hex, ensure_ascii=False, indent=2)
    return file(content.encode(), "application/json", "raati.json")


def erasure(visit: Visit) -> Response:
    """Say what goes with the account and what stays, and ask what becomes of the texts."""
    return ask_erasure(visit, [])


def ask_erasure(visit: Visit, problems: list[Problem]) -> Response:
    """Answer with the question before the account is deleted."""
    seats = own_data.seats_of(visit.db, visit.person)
    return ask(visit, "people/erasure.html", seats, problems)


def ask(
    visit: Visit, template: str, seats: Sequence[Member], problems: list[Problem], **values: object
) -> Response:
    """Answer with a page that asks what becomes of the texts written on the seats."""
    texts = own_data.written_on(visit.db, seats)
    return page(visit, template, status=422 if problems else 200, texts=texts, problems=problems, **values)


def delete(visit: Visit) -> Response:
    """Delete the account and say good-bye."""
    fields = Fields(visit.form)
    fate = fields.choice("texts", FATES)
    if fields.problems:
        return ask_erasure(visit, fields.problems)
    own_data.erase(visit.db, visit.person, remove=fate == "remove")
    return forget(visit, visit.link("people.deleted"))


def deleted(visit: Visit) -> Response:
    """Say that the account is gone."""
    return page(visit, "people/deleted.html")


def leave(visit: Visit) -> Response:
    """Say what leaving the panel means, and ask what becomes of the texts."""
    seat = own_data.seat_in(visit.db, visit.visitor.panel, visit.person)
    return go(visit.link("people.index")) if seat is None else ask_leave(visit, seat, [])


def ask_leave(visit: Visit, seat: Member, problems: list[Problem]) -> Response:
    """Answer with the question before the seat ends."""
    panel = panels.get(visit.db, visit.visitor.panel)
    again = members.may_join(panel, visit.visitor.now)
    return ask(visit, "people/leave.html", [seat], problems, panel=panel, again=again)


def left(visit: Visit) -> Response:
    """End the person's seat in the panel."""
    seat, fields = own_data.seat_in(visit.db, visit.visitor.panel, visit.person), Fields(visit.form)
    if seat is None:
        return go(visit.link("people.index"))
    fate = fields.choice("texts", FATES)
    if fields.problems:
        return ask_leave(visit, seat, fields.problems)
    own_data.leave(visit.db, seat, remove=fate == "remove")
    return go(visit.link("people.index"))
