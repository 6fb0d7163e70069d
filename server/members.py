"""Pages of joining by code, by e-mail or as a guest, of what members agree to, and of the desk."""

from starlette.requests import Request
from starlette.responses import Response

from panels import (
    codes,
    consents,
    guests,
    login,
    members,
    organisation,
    panels,
    people,
    profiles,
    sheets,
    signs,
)
from panels.consents import Born, ConsentKind
from panels.database import reading
from panels.errors import ClosedError, RefusedError
from panels.members import Member, Reach
from server import forms
from server.forms import Fields, Form, Problem
from server.gate import Site, Visit
from server.languages import local
from server.limits import GUESTS
from server.login import asking_browser, keep, mail_link, panel_page, sign_in, sign_in_guest
from server.pages import go, page
from server.sheets import ask_sheet, next_sheet, read_sheet, refuse_sheet, say_aloud


def new(visit: Visit) -> Response:
    """Show the field for the code in the letter."""
    return ask_code(visit, "", [])


def show(visit: Visit) -> Response:
    """Show the field with the code of the letter's QR picture in it, and change nothing."""
    return ask_code(visit, str(visit.request.path_params["code"]), [])


def ask_code(visit: Visit, code: str, problems: list[Problem]) -> Response:
    """Answer with the field for the code."""
    status = 422 if problems else 200
    return page(visit, "members/new.html", status=status, code=code, problems=problems)


def prove(site: Site, request: Request, form: Form) -> int | None:
    """Return the id of the typed code, None if it is nobody's: the slow part, outside the transaction.

    Raises LimitError, so that whoever guesses gets no more slow hashes.
    """
    code = signs.plain(form.get("code", ""))
    if not signs.is_whole(code):
        return None
    with reading(site.engine) as db:
        visitor = members.enter(db, request.cookies.get(site.settings.cookie("login"), ""))
        address = site.limits.address(request)
        codes.check_limits(db, visitor.now, browser=visitor.login, address_key=address)
        stored = codes.look_up(db, code)
    return codes.prove(code, stored)


def create(visit: Visit) -> Response:
    """Let somebody in by the code of their letter."""
    fields, address = Fields(visit.form), visit.site.limits.address(visit.request)
    typed = fields.text("code", most=100)
    if fields.problems:
        return ask_code(visit, typed, fields.problems)
    codes.check_limits(visit.db, visit.visitor.now, browser=visit.visitor.login, address_key=address)
    if visit.prepared is None:
        return refuse(visit, typed, address)
    try:
        person, slug = codes.open_seat(visit.db, visit.visitor.now, visit.prepared, language=visit.language)
    except RefusedError as error:
        fields.add(error)
        return ask_code(visit, typed, fields.problems)
    offered = members.arrive_as(visit.db, slug, person).offered
    return sign_in(visit, person, visit.link("members.consent" if offered else "members.welcome", panel=slug))


def refuse(visit: Visit, typed: str, address: str) -> Response:
    """Say that the code is not valid, never which sign; one with a typing error is not counted."""
    phone, token = organisation.current(visit.db).phone, ""
    if signs.is_whole(signs.plain(typed)):
        browser, token = asking_browser(visit)
        login.miss(visit.db, visit.visitor.now, login=browser, address_key=address)
    problem = Problem("code", "wrong_code_call" if phone else "wrong_code", {"phone": phone})
    return keep(visit, ask_code(visit, typed, [problem]), token)


def welcome(visit: Visit) -> Response:
    """Name the panel and the municipality to a new member, and say how to come back."""
    if visit.visitor.member is None:
        return go(visit.link("members.consent" if visit.visitor.offered else "panels.show"))
    panel = panels.get(visit.db, visit.visitor.panel)
    person = people.get(visit.db, visit.person)
    lasting = codes.opens_again(visit.db, visit.visitor.member)
    next_page = panel_page(visit, visit.person, visit.visitor.slug)
    return page(
        visit, "members/welcome.html", panel=panel, person=person, lasting=lasting, next_page=next_page
    )


def join(visit: Visit) -> Response:
    """Show what joining means, with a field for the e-mail address, or one button to who is signed in."""
    return go(visit.link("members.consent")) if visit.visitor.offered else ask_address(visit, [])


def ask_address(visit: Visit, problems: list[Problem]) -> Response:
    """Answer with the page of joining by e-mail."""
    panel = panels.get(visit.db, visit.visitor.panel)
    return page(
        visit,
        "members/join.html",
        status=422 if problems else 200,
        panel=panel,
        ends=members.takes_part_until(panel),
        is_open=members.may_join(panel, visit.visitor.now),
        known=is_known(visit),
        problems=problems,
    )


def is_known(visit: Visit) -> bool:
    """Return whether the visitor joins without giving an address: they came by a mail or a code before."""
    person = visit.visitor.person
    return person is not None and not guests.is_guest(visit.db, person)


def seat(visit: Visit) -> Response:
    """Give who is signed in a seat; mail others the link that does."""
    if is_known(visit):
        members.join(visit.db, visit.visitor)
        return go(panel_page(visit, visit.person, visit.visitor.slug))
    if not members.may_join(panels.get(visit.db, visit.visitor.panel), visit.visitor.now):
        raise ClosedError(visit.visitor.slug)
    fields = Fields(visit.form)
    email = fields.email("email")
    if fields.problems:
        return ask_address(visit, fields.problems)
    return mail_link(visit, email, panel=visit.visitor.panel)


def guest(visit: Visit) -> Response:
    """Let somebody answer without an account, on a seat that this browser holds."""
    address, visitor = visit.link("statements.index"), visit.visitor
    if visitor.member or visitor.offered:
        return go(address)
    visit.site.limits.hit(GUESTS, visit.site.limits.address(visit.request))
    person = guests.sit_down(visit.db, visitor, language=visit.language)
    return sign_in_guest(visit, person, address) if guests.is_guest(visit.db, person) else go(address)


def consent(visit: Visit) -> Response:
    """Show what taking part means and ask for each consent; show who takes part what they agreed to."""
    return ask_consent(visit, [])


def ask_consent(visit: Visit, problems: list[Problem]) -> Response:
    """Answer with the page of consents, to whoever has a seat."""
    seat = visit.visitor.member or visit.visitor.offered
    if seat is None:
        return go(visit.link("panels.show"))
    panel = panels.get(visit.db, visit.visitor.panel)
    return page(
        visit,
        "members/consent.html",
        status=422 if problems else 200,
        panel=panel,
        ends=members.takes_part_until(panel),
        kinds=consents.asked(panel),
        standing=consents.standing(visit.db, seat),
        problems=problems,
    )


def agree(visit: Visit) -> Response:
    """Store what a new member agrees to, or that they do not take part."""
    seat, fields = visit.visitor.offered, Fields(visit.form)
    if seat is None:
        return go(visit.link("members.consent"))
    if fields.choice("answer", ("yes", "no")) == "no":
        consents.decline(visit.db, seat)
        return go(visit.link("members.consent"))
    born = read_birth(fields, visit.visitor.now) if admits_minors(visit) else None
    if not fields.problems:
        try:
            given = {kind for kind in ConsentKind if visit.form.get(kind) == "yes"}
            consents.agree(visit.db, seat, given, born)
            return go(visit.link("members.profile"))
        except RefusedError as error:
            fields.add(error)
    return ask_consent(visit, fields.problems)


def admits_minors(visit: Visit) -> bool:
    """Return whether the panel asks birth years."""
    return panels.get(visit.db, visit.visitor.panel).admits_minors


def read_birth(fields: Fields, at: float) -> Born:
    """Return the birth year, and whether somebody who turns 13 this year has done so."""
    year = fields.whole("birth_year", least=1900, most=local(at).year)
    return Born(year, turned=fields.form.get("turned") == "yes")


def update(visit: Visit) -> Response:
    """Take one consent back or give it again."""
    fields, seat = Fields(visit.form), visit.visitor.member
    kind, given = fields.choice("kind", list(ConsentKind)), fields.choice("given", ("yes", "no"))
    if seat is None:
        return go(visit.link("members.consent"))
    if fields.problems:
        return ask_consent(visit, fields.problems)
    consents.change(visit.db, seat, ConsentKind(kind), given=given == "yes")
    return go(visit.link("members.consent"))


def agreement(visit: Visit) -> Response:
    """Show the whole text that members agree to."""
    panel = panels.get(visit.db, visit.visitor.panel)
    ends, version = members.takes_part_until(panel), consents.VERSION
    return page(visit, "members/agreement.html", panel=panel, ends=ends, version=version)


def profile(visit: Visit) -> Response:
    """Ask the next background question, or the one behind the question mark."""
    return ask_background(visit, visit.query("question"), [])


def ask_background(visit: Visit, number: str, problems: list[Problem]) -> Response:
    """Answer with one background question; go on to the channel if none is to be asked."""
    seat, panel = visit.visitor.member, panels.get(visit.db, visit.visitor.panel)
    questions = profiles.asked(panel)
    if seat is None:
        return go(visit.link("members.consent"))
    place = int(number) if number.isascii() and number.isdecimal() else 1
    if not (consents.is_given(visit.db, seat, ConsentKind.BACKGROUND) and 1 <= place <= len(questions)):
        return go(visit.link("members.channel"))
    question = questions[place - 1]
    return page(
        visit,
        "members/profile.html",
        status=422 if problems else 200,
        panel=panel,
        question=question,
        place=place,
        total=len(questions),
        answer=profiles.told(visit.db, seat).get(question.code, ""),
        problems=problems,
    )


def tell(visit: Visit) -> Response:
    """Store the answer to a background question, if there is one, and go on to the next."""
    seat, fields = visit.visitor.member, Fields(visit.form)
    questions = profiles.asked(panels.get(visit.db, visit.visitor.panel))
    place = fields.whole("question", least=1, most=len(questions))
    if seat is None or fields.problems or not consents.is_given(visit.db, seat, ConsentKind.BACKGROUND):
        return go(visit.link("members.profile"))
    if answer := visit.form.get("answer"):
        try:
            profiles.tell(visit.db, seat, questions[place - 1], answer)
        except RefusedError as error:
            fields.add(error)
            return ask_background(visit, str(place), fields.problems)
    return go(visit.link("members.profile") + f"?question={place + 1}")


def channel(visit: Visit) -> Response:
    """Ask how the member wants to hear of the panel, if they do."""
    return ask_channel(visit, [])


def ask_channel(visit: Visit, problems: list[Problem]) -> Response:
    """Answer with the choice of the channel; go on if the member wants to hear nothing."""
    if visit.visitor.member is None or not consents.is_given(
        visit.db, visit.visitor.member, ConsentKind.CONTACT
    ):
        return go(visit.link("members.welcome"))
    return page(
        visit,
        "members/channel.html",
        status=422 if problems else 200,
        panel=panels.get(visit.db, visit.visitor.panel),
        seat=visit.db.get_one(Member, visit.visitor.member),
        person=people.get(visit.db, visit.person),
        problems=problems,
    )


def reach(visit: Visit) -> Response:
    """Store how the member wants to hear of the panel."""
    seat, fields = visit.visitor.member, Fields(visit.form)
    if seat is None or not consents.is_given(visit.db, seat, ConsentKind.CONTACT):
        return go(visit.link("members.welcome"))
    chosen = visit.form.get("channel", "")
    if chosen not in list(Reach):
        fields.refuse("channel", "not_an_option")
    told = fields.text(chosen, least=0, most=200) if chosen in ("letter", "telephone") else ""
    if fields.problems:
        return ask_channel(visit, fields.problems)
    members.choose_channel(visit.db, seat, Reach(chosen), told)
    return go(visit.link("members.welcome"))


def entries(visit: Visit) -> Response:
    """Show the form in which staff enter the answers of a paper sheet or a call."""
    return ask_sheet(visit, [])


def enter(visit: Visit) -> Response:
    """Store the answers of a sheet on the seat of its code."""
    fields, key = Fields(visit.form), forms.key(visit.form)
    sheet, places = read_sheet(visit, fields), set()
    if sheet is not None:
        try:
            counts = sheets.enter(visit.db, visit.visitor, sheet, key=key, language=visit.language)
            return go(visit.link("members.entries") + next_sheet(sheet, counts=counts))
        except RefusedError as error:
            places = refuse_sheet(visit, fields, error)
    return ask_sheet(visit, fields.problems, places)


def script(visit: Visit) -> Response:
    """Show what a caller says, word for word."""
    return say_aloud(visit)


def undo(visit: Visit) -> Response:
    """Take one's own entry back."""
    fields = Fields(visit.form)
    take_back, name = (sheets.take_back, "keying") if "keying" in visit.form else (sheets.undo, "entry")
    entry = fields.whole(name, least=1, most=999_999_999)
    if not fields.problems:
        try:
            take_back(visit.db, visit.visitor, entry)
            return go(visit.link("members.entries") + "#entries")
        except RefusedError as error:
            fields.add(error)
    return ask_sheet(visit, fields.problems)
