"""Answers to what goes wrong: a status, a sentence in the reader's language, the typed text kept."""

import logging
import re
import secrets

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from panels import organisation
from panels.database import Session, reading
from panels.errors import (
    BusyError,
    ClosedError,
    ConflictError,
    ForbiddenError,
    LimitError,
    NotFoundError,
    PreviewError,
    RefusedError,
    SignedOutError,
)
from panels.members import Visitor
from panels.organisation import UNNAMED, About
from server.gate import Site, Visit
from server.languages import LANGUAGES
from server.pages import part
from server.sentences import CONFLICT, PAGES, PREVIEW, say

STATUS: dict[type[Exception], int] = {
    NotFoundError: 404,
    ClosedError: 409,
    ConflictError: 409,
    ForbiddenError: 403,
    PreviewError: 403,
    SignedOutError: 401,
    RefusedError: 422,
    LimitError: 429,
    BusyError: 503,
}
OTHERWISE: dict[type[Exception], tuple[str, str]] = {ConflictError: CONFLICT, PreviewError: PREVIEW}
"""Errors that have words of their own beside those of their status."""
NOT_TEXT = {
    "file",
    "key",
    "seen",
    "choice",
    "kind",
    "parent",
    "decision",
    "reason",
}  # fields that nobody typed
log = logging.getLogger("raati")


def answer(request: Request, error: Exception) -> Response:
    """Answer an error that a rule, the gate or Starlette raised."""
    path = request.url.path
    if isinstance(error, HTTPException):
        if error.status_code == 404 and path.endswith("/") and path.strip("/"):
            return RedirectResponse("/" + path.strip("/"), 301)
        return show(request, error.status_code, PAGES.get(error.status_code, PAGES[400]))
    status = STATUS[type(error)]
    response = show(request, status, OTHERWISE.get(type(error), PAGES[status]))
    if isinstance(error, LimitError):
        response.headers["retry-after"] = str(int(error.wait) + 1)
    elif status == 503:
        response.headers["retry-after"] = "5"
    return response


def crash(request: Request, error: Exception) -> Response:
    """Answer an unforeseen error with the number under which the log has it."""
    number = secrets.token_hex(4)
    log.error("unforeseen %s", number, exc_info=error)
    return show(request, 500, PAGES[500], number=number)


def show(request: Request, status: int, words: tuple[str, str], *, number: str = "") -> Response:
    """Answer with an error page; for htmx with the same in place of the page's main part."""
    site: Site = request.app.state.site
    visitor: Visitor = getattr(request.state, "visitor", NOBODY)
    form = getattr(request.state, "form", {})
    visit = Visit(request, form, Session(), language_of(request), visitor, site)
    typed = {name: text for name, text in form.items() if name not in NOT_TEXT and text.strip()}
    title, hint = (say(visit.language, text) for text in words)
    whole = "HX-Request" not in request.headers
    response = part(
        visit,
        "errors/show.html" if whole else "errors/_error.html",
        status=status,
        about=about(site) if whole else UNNAMED,
        error=status,
        title=title,
        hint=hint,
        typed=typed,
        number=number,
    )
    if not whole:
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#main", "innerHTML"
    return response


def about(site: Site) -> About:
    """Return the organisation; a plain one when the database is away."""
    try:
        with reading(site.engine) as db:
            return organisation.current(db)
    except BusyError:
        return UNNAMED


def language_of(request: Request) -> str:
    """Return the language of the address, else of the cookie, else of the browser, else Finnish."""
    first = request.url.path[1:3]
    if first in LANGUAGES and request.url.path[3:4] in ("", "/"):
        return first
    cookie = request.cookies.get(request.app.state.site.settings.cookie("lang"), "")
    if cookie in LANGUAGES:
        return cookie
    wanted = re.findall(r"\b(fi|sv|en)\b", request.headers.get("accept-language", "").lower())
    return wanted[0] if wanted else "fi"


NOBODY = Visitor(now=0.0, login=None, seen_at=None, person=None, keys=None, staff=None)
