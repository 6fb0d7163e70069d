"""The door of every page: opens the transaction, finds out who asks, checks the permission once."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, IntegerConvertor, StringConvertor, register_url_convertor
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from panels import login
from panels.database import Engine, Session, reading
from panels.errors import ForbiddenError, NotFoundError, PreviewError, SignedOutError
from panels.members import Visitor, arrive, enter
from panels.permissions import DRAFTS, Permission, Role, may
from panels.writer import Writer
from server import forms
from server.forms import Form
from server.languages import LANGUAGES
from server.limits import PAGES, PAGES_OF_ADDRESS, VOTES, WRITES, Limits
from server.settings import Settings

ITEM = "(?:statement|reason|appeal)-[0-9]{1,9}"  # something in the queue
MOST = 64_000  # bytes of a form
SEEN_PAUSE = 60  # seconds between two notes of when a browser was last seen
PREVIEWS = {"resident": Role.RESIDENT, "councillor": Role.COUNCILLOR}
"""As whom staff may see a panel's pages."""
YEAR = 365 * 24 * 60 * 60


@dataclass(frozen=True)
class Site:
    """What the whole program shares: settings, database, writer, limits, addresses of the pages by name."""

    settings: Settings
    engine: Engine
    writer: Writer
    limits: Limits
    addresses: Mapping[str, str]


@dataclass(frozen=True)
class Visit:
    """One request that has passed the gate: what a handler needs, and nothing else."""

    request: Request
    form: Form
    db: Session
    language: str
    visitor: Visitor
    site: Site
    prepared: Any = None

    def may(self, permission: Permission | str) -> bool:
        """Return whether the visitor has the permission; templates ask this before showing a button."""
        if permission == Permission.SIGNED_IN:
            return self.visitor.person is not None
        return may(self.visitor.roles, Permission(permission))

    def link(self, page: str, **values: object) -> str:
        """Return the address of a page of this panel, such as ``link("statements.index")``."""
        address = self.site.addresses[page]  # Starlette's url_path_for walks through all pages
        return address.format_map({"language": self.language, "panel": self.visitor.slug, **values})

    @property
    def preview(self) -> Role | None:
        """As whom staff look at the page now; None if it is shown to the visitor as they are."""
        found: Role | None = getattr(self.request.state, "preview", None)
        return found

    @property
    def easy(self) -> bool:
        """Whether the visitor reads easy language."""
        return reads_easily(self.site, self.request)

    def here(self, language: str, *, easy: bool = False) -> str:
        """Return the address of this page in another language, plain or easy."""
        asked = self.request.url
        if self.request.method not in ("GET", "HEAD"):  # the page on which the form stood
            asked = URL(self.request.headers.get("referer", ""))
        rest = asked.path[3:] if re.match(f"/({'|'.join(LANGUAGES)})(/|$)", asked.path) else ""
        asked = asked.remove_query_params("easy") if "easy=" in asked.query else asked
        if easy != self.easy:
            asked = asked.include_query_params(easy="yes" if easy else "no")
        return f"/{language}{rest}" + (f"?{asked.query}" if asked.query else "")

    def number(self, name: str) -> int:
        """Return a number that stands in the address."""
        return int(self.request.path_params[name])

    def query(self, name: str) -> str:
        """Return a cleaned value from behind the question mark, empty if there is none."""
        return forms.clean(self.request.query_params.get(name, ""))[:100]

    @property
    def person(self) -> int:
        """The person; for pages that nobody enters without a login."""
        assert self.visitor.person is not None, "the page's permission lets unknown people in"
        return self.visitor.person


def shaped(regex: str, kind: type[Convertor[Any]] = StringConvertor) -> Convertor[Any]:
    """Return a convertor of parts of addresses that have this shape; others are no address of ours."""
    made: Convertor[Any] = type("Shaped", (kind,), {"regex": regex})()
    return made


register_url_convertor("language", shaped("|".join(LANGUAGES)))
register_url_convertor("slug", shaped("[a-z0-9-]{3,40}"))
register_url_convertor("code", shaped("[0-9A-Za-z-]{1,100}"))
register_url_convertor("link", shaped("[0-9]{1,9}-[0-9A-Za-z_-]{20,100}"))
register_url_convertor("place", shaped(r"[a-z0-9_-]{4,20}(\.[a-z0-9_]{1,20}){1,8}"))
register_url_convertor("item", shaped(ITEM))
register_url_convertor("small", shaped("[0-9]{1,9}", IntegerConvertor))


@dataclass(frozen=True)
class Page:
    """One row of the table of pages."""

    method: str
    address: str
    handler: Callable[[Visit], Response]
    permission: Permission
    most: int = MOST
    fields: int = forms.MOST_FIELDS
    in_mail: bool = False
    """Whether a mail program presses it for its reader: the address is the proof, and no form is read."""
    file: bool = False
    """Whether its form may bring a file."""
    framed: bool = False
    """Whether the sites that its handler names may frame it: it is alike to all, and takes no cookie."""
    as_oneself: bool = False
    """Whether nobody sees it as somebody else: the way into a preview and out of it."""
    prepare: Callable[[Site, Request, Form], Any] | None = None
    """Slow work before the transaction, such as a hash; what it returns is ``visit.prepared``."""

    @property
    def name(self) -> str:
        """The page's name in links: its handler, such as ``statements.vote``."""
        return f"{self.handler.__module__.removeprefix('server.')}.{self.handler.__name__}"

    def admit(self, site: Site, request: Request, form: Form, db: Session, prepared: Any = None) -> Response:
        """Let the visitor in to the handler, or refuse."""
        cookies = {} if self.framed else request.cookies
        parameters, token = request.path_params, cookies.get(site.settings.cookie("login"), "")
        if "panel" in parameters:
            visitor = arrive(db, parameters["panel"], token, hold=self.method != "GET")
        else:
            visitor = enter(db, token)
        if not self.as_oneself and (role := previewed(site, cookies, visitor)):
            visitor = visitor.seen_as(role)
            request.state.preview = role
        visit = Visit(request, form, db, parameters["language"], visitor, site, prepared)
        request.state.visitor = visitor
        if visitor.panel and visitor.opened_at is None and not knows_drafts(visit):
            raise NotFoundError(visitor.slug)
        if not visit.may(self.permission):
            raise SignedOutError if visitor.person is None else ForbiddenError
        if visit.preview and self.method != "GET":
            raise PreviewError
        self.count(visit)
        return self.handler(visit)

    def count(self, visit: Visit) -> None:
        """Raise LimitError if this browser or seat asks too often."""
        who = f"login {visit.visitor.login}" if visit.visitor.login else ""
        if self.method == "POST" and who:
            visit.site.limits.hit(VOTES if self.permission is Permission.VOTE else WRITES, who)
        elif who:
            visit.site.limits.hit(PAGES, who)
        else:
            visit.site.limits.hit(PAGES_OF_ADDRESS, visit.site.limits.address(visit.request))

    def route(self, site: Site) -> Route:
        """Return the Starlette route: reading visits to a thread, all others to the writer."""

        def read(request: Request) -> Response:
            with reading(site.engine) as db:
                return self.admit(site, request, {}, db)

        async def endpoint(request: Request) -> Response:
            if self.method == "GET":
                response = await run_in_threadpool(read, request)
            else:
                form = request.state.form = (
                    {} if self.in_mail else await forms.read(request, self.most, self.fields, file=self.file)
                )
                slow = self.prepare
                prepared = await run_in_threadpool(slow, site, request, form) if slow else None
                response = await site.writer.run(lambda db: self.admit(site, request, form, db, prepared))
            if not self.framed:
                settle(site, request, response)
            return response

        return Route(self.address, endpoint, methods=[self.method], name=self.name)


def previewed(site: Site, cookies: Mapping[str, str], visitor: Visitor) -> Role | None:
    """Return as whom the visitor, who works on the panel, has chosen to see its pages."""
    slug, _, name = cookies.get(site.settings.cookie("preview"), "").partition(".")
    if not slug or slug != visitor.slug or not may(visitor.roles, Permission.EDIT_PANEL):
        return None
    return PREVIEWS.get(name)


def knows_drafts(visit: Visit) -> bool:
    """Return whether the visitor works on the panel and may see it before it opens."""
    return any(visit.may(permission) for permission in DRAFTS)


def reads_easily(site: Site, request: Request) -> bool:
    """Return whether easy language was chosen: by the link that led here, else in the cookie."""
    cookie = request.cookies.get(site.settings.cookie("easy"), "")
    return request.query_params.get("easy", cookie) == "yes"


def settle(site: Site, request: Request, response: Response) -> None:
    """Keep the language, plain or easy, in cookies; note after the answer that the browser was seen."""
    chosen = {"lang": request.path_params["language"], "easy": "yes" if reads_easily(site, request) else "no"}
    for name, value in chosen.items():
        cookie = site.settings.cookie(name)
        if request.cookies.get(cookie, "no") != value:
            response.set_cookie(
                cookie, value, max_age=YEAR, secure=site.settings.secure, httponly=True, samesite="lax"
            )
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    if visitor is None or visitor.login is None or visitor.now - (visitor.seen_at or 0) < SEEN_PAUSE:
        return
    if response.background is None:
        task: Any = partial(login.note_seen, login=visitor.login, at=visitor.now)
        response.background = BackgroundTask(site.writer.run, task)
