"""Pages under /{language}/login: the mail link, its code, and the way out."""

import re
from typing import Any

from starlette.responses import Response

from panels import guests, home, login, members, panels, people
from panels.errors import NotFoundError
from panels.login import LONGEST, LoginRequest, Wish
from panels.panels import PhaseName
from server.forms import Fields, Problem
from server.gate import Visit
from server.pages import go, page

# Where a login may lead: pages of panels and one's own details, never another site.
ALLOWED = re.compile(r"/(fi|sv|en)/(panels/[a-z0-9-]{3,40}|me)(/[a-z0-9-]+)*")


def index(visit: Visit) -> Response:
    """Show the field for the e-mail address."""
    return page(visit, "login/index.html", problems=[], next=visit.query("next"))


def create(visit: Visit) -> Response:
    """Take an address; the same answer and the same work whether or not somebody has it."""
    fields = Fields(visit.form)
    email, wanted = fields.email("email"), visit.form.get("next", "")
    if fields.problems:
        return page(visit, "login/index.html", status=422, problems=fields.problems, next=wanted)
    return mail_link(visit, email, next=wanted)


def mail_link(visit: Visit, email: str, **wishes: Any) -> Response:
    """Leave the mail and send the browser on to type its code; ``wishes`` are fields of Wish."""
    browser, token = asking_browser(visit)
    address = visit.site.limits.address(visit.request)
    wish = Wish(email=email, language=visit.language, login=browser, address_key=address, **wishes)
    login.ask(visit.db, visit.visitor.now, wish)
    return keep(visit, go(visit.link("login.sent")), token)


def asking_browser(visit: Visit) -> tuple[int, str]:
    """Return the browser's login, with a token for its cookie if it is new."""
    if visit.visitor.login is not None:
        return visit.visitor.login, ""
    made, token = login.begin(visit.db, visit.visitor.now, person=None)
    return made.id, token


def sent(visit: Visit) -> Response:
    """Say that a mail is on its way, with a field for the code in it."""
    return show_sent(visit, login.pending(visit.db, visit.visitor.login))


def show_sent(visit: Visit, request: LoginRequest | None, problems: list[Problem] | None = None) -> Response:
    """Answer with the page that waits for the mail's code."""
    return page(
        visit,
        "login/sent.html",
        status=422 if problems else 200,
        problems=problems or [],
        joins=request is not None and request.panel_id is not None,
    )


def code(visit: Visit) -> Response:
    """Let the browser that asked in by the mail's code."""
    request = login.pending(visit.db, visit.visitor.login)
    if request is None or not request.is_open(visit.visitor.now):
        return show_gone(visit, request)
    problems = wrong_code(visit, request)
    return show_sent(visit, request, problems) if problems else let_in(visit, request)


def show(visit: Visit) -> Response:
    """Show a button to whoever opens the link, and change nothing: mail scanners open links too."""
    request = asked(visit)
    if request is None or not request.is_open(visit.visitor.now):
        return show_gone(visit, request)
    return show_link(visit, request)


def show_link(visit: Visit, request: LoginRequest, problems: list[Problem] | None = None) -> Response:
    """Answer with the button; another browser than the one that asked must give the mail's code too."""
    return page(
        visit,
        "login/show.html",
        status=422 if problems else 200,
        problems=problems or [],
        here=is_own(visit, request),
        joins=request.panel_id is not None,
        address=visit.link("login.update", link=visit.request.path_params["link"]),
    )


def update(visit: Visit) -> Response:
    """Use the link up and let its person in."""
    request = asked(visit)
    if request is None or not request.is_open(visit.visitor.now):
        if request is not None and visit.visitor.person == request.person_id is not None:
            return go(landing(visit, request, visit.person))  # pressed twice
        return show_gone(visit, request)
    problems = [] if is_own(visit, request) else wrong_code(visit, request)
    return show_link(visit, request, problems) if problems else let_in(visit, request)


def renew(visit: Visit) -> Response:
    """Send a new link in place of one that is too old or was used."""
    request = asked(visit)
    if request is None:
        return go(visit.link("login.index"))
    return mail_link(visit, request.email, panel=request.panel_id, next=request.next)


def logout(visit: Visit) -> Response:
    """End the login and leave nothing in the browser."""
    if visit.visitor.login is not None:
        login.end(visit.db, visit.visitor.login)
    return forget(visit, visit.link("home.index"))


def forget(visit: Visit, address: str) -> Response:
    """Send the browser on with nothing left in it."""
    response, settings = go(address), visit.site.settings
    response.delete_cookie(settings.cookie("login"), secure=settings.secure, httponly=True, samesite="lax")
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def become(visit: Visit) -> Response:
    """Let the visitor in as one of the demo's people, where there is a demo."""
    chosen = visit.form.get("person", "")
    person = people.by_email(visit.db, home.demo_address(chosen)) if visit.site.settings.demo else None
    if person is None or chosen not in home.DEMO_PEOPLE:
        raise NotFoundError(chosen)
    return sign_in(visit, person.id, first_page(visit, person.id))


def asked(visit: Visit) -> LoginRequest | None:
    """Return the request of the link in the address."""
    return login.find(visit.db, visit.request.path_params["link"], key=visit.site.settings.secret)


def is_own(visit: Visit, request: LoginRequest) -> bool:
    """Return whether this is the browser that asked for the link."""
    return request.login_id is not None and request.login_id == visit.visitor.login


def wrong_code(visit: Visit, request: LoginRequest) -> list[Problem]:
    """Return what is wrong with the typed code, and count it. Raises LimitError after too many."""
    fields, now = Fields(visit.form), visit.visitor.now
    typed = fields.text("code", most=100)
    if fields.problems:
        return fields.problems
    login.check_code_limits(visit.db, now, request)
    if not login.is_code(request, typed, key=visit.site.settings.secret):
        address = visit.site.limits.address(visit.request)
        login.miss(visit.db, now, login=visit.visitor.login or 0, address_key=address, request=request)
        fields.refuse("code", "wrong_mail_code" if request.is_open(now) else "mail_code_ended")
    return fields.problems


def show_gone(visit: Visit, request: LoginRequest | None) -> Response:
    """Say that the link is used or too old, with one press to a new one where the address is known."""
    used = request is not None and request.used_at is not None
    link = visit.request.path_params.get("link", "")
    renewal = visit.link("login.renew", link=link) if request is not None and link else ""
    return page(visit, "login/gone.html", status=410, used=used, renewal=renewal)


def let_in(visit: Visit, request: LoginRequest) -> Response:
    """Use the request up and sign its person in."""
    if not login.use(visit.db, visit.visitor.now, request):
        return show_gone(visit, request)
    person = members.welcome(visit.db, visit.visitor.now, request).id
    return sign_in(visit, person, landing(visit, request, person))


def sign_in(visit: Visit, person: int, address: str) -> Response:
    """Make the browser the person's, by a new token, and send it on; a guest's answers come along."""
    db, visitor = visit.db, visit.visitor
    brought = guests.bring_along(db, visitor.now, guest=visitor.person, person=person)
    if visitor.login is not None:
        login.end(db, visitor.login)
    if brought.answers:
        address += f"?kept={brought.answers}&clashes={brought.clashes}"
    shared = visit.form.get("shared") == "yes"
    _, token = login.begin(db, visitor.now, person=person, shared=shared)
    return keep(visit, go(address), token, age=None if shared else LONGEST)


def keep(visit: Visit, response: Response, token: str, *, age: int | None = LONGEST) -> Response:
    """Put a new token into the browser's cookie for so many seconds; None is until the browser is closed."""
    if token:
        settings = visit.site.settings
        response.set_cookie(
            settings.cookie("login"), token, age, secure=settings.secure, httponly=True, samesite="lax"
        )
    return response


def sign_in_guest(visit: Visit, person: int, address: str) -> Response:
    """Let the browser alone hold the guest's seats as long as their panels last, on its own computer."""
    db, visitor = visit.db, visit.visitor
    if visitor.login is not None:
        login.end(db, visitor.login)
    shared = visit.form.get("shared") == "yes"
    until = None if shared else guests.lasts_until(db, person)
    _, token = login.begin(db, visitor.now, person=person, shared=shared, until=until)
    return keep(visit, go(address), token, age=int(until - visitor.now) if until else None)


def landing(visit: Visit, request: LoginRequest, person: int) -> str:
    """Return where the login leads: the panel that was joined, the page asked for, or the first page."""
    if request.panel_id is not None:
        return panel_page(visit, person, panels.get(visit.db, request.panel_id).slug)
    if ALLOWED.fullmatch(request.next):
        return request.next
    return first_page(visit, person)


def first_page(visit: Visit, person: int) -> str:
    """Return somebody's one panel, or its desk if they work on it, else the page of their details."""
    places = members.places(visit.db, person)
    if len(places) != 1:
        return visit.link("people.index")
    return visit.link("desk.show" if places[0].has_desk else "panels.show", panel=places[0].slug)


def panel_page(visit: Visit, person: int, slug: str) -> str:
    """Return the consents that a new member is asked for; the panel's statements while they are voted on."""
    visitor = members.arrive_as(visit.db, slug, person)
    if visitor.offered:
        return visit.link("members.consent", panel=slug)
    voting = visitor.phase is PhaseName.VOTE
    return visit.link("statements.index" if voting else "panels.show", panel=slug)
