"""Turns a handler's values into a whole page or, for htmx, into the part that changed."""

import gzip
import secrets
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from panels import organisation
from server import languages
from server.gate import Visit
from server.languages import LANGUAGES, Translated, catalogue
from server.markdown import formatted
from server.sentences import sentence

ROOT = Path(__file__).parent
STATIC = ROOT / "static"
HEAVY = 20_000  # bytes; what is lighter arrives sooner as it is


def fingerprint(path: Path) -> str:
    """Return a mark of the file's content, so that a browser may keep the file for ever."""
    return sha256(path.read_bytes()).hexdigest()[:10]


VERSIONS = {
    path.relative_to(STATIC).as_posix(): fingerprint(path) for path in STATIC.rglob("*") if path.is_file()
}


def static(name: str) -> str:
    """Return the address of a file under server/static."""
    return f"/static/{name}?v={VERSIONS[name]}"


def new_key() -> str:
    """Return a form's key: 128 random bits."""
    return secrets.token_hex(16)


def environment(language: str, *, easy: bool = False) -> Environment:
    """Return the templates in one language, those for easy reading with easy variants of texts."""
    made = Environment(
        loader=FileSystemLoader(ROOT.parent / "templates"),
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", Translated],
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    messages = catalogue(language)
    made.extend(catalogue=messages)
    made.install_gettext_translations(messages, newstyle=True)  # type: ignore[attr-defined]  # from jinja2.ext.i18n
    made.globals.update(
        language=language, languages=languages.NAMES, static=static, new_key=new_key, easy=easy
    )
    for name in ("said", "day", "clock_time", "moment", "day_range", "number", "percent"):
        made.globals[name] = bound(getattr(languages, name), language)
    if easy:
        made.globals["said"] = bound(languages.said_easily, language)
    made.globals["macros"] = lambda name: made.get_template(name).module  # an import costs 60 µs a card
    made.globals["sentence"] = bound(sentence, language)
    made.filters["formatted"] = formatted
    return made


def bound(function: Any, language: str) -> Any:
    """Return the function for one language, so that templates write ``day(date)``."""

    def call(*values: Any, **named: Any) -> Any:
        return function(language, *values, **named)

    return call


TEMPLATES = {language: environment(language) for language in LANGUAGES}
EASY = {language: environment(language, easy=True) for language in LANGUAGES}


def part(visit: Visit, template: str, *, status: int = 200, **values: Any) -> Response:
    """Answer with a part of a page."""
    found = (EASY if visit.easy else TEMPLATES)[visit.language].get_template(template)
    return HTMLResponse(found.render(visit=visit, **values), status)


def page(visit: Visit, template: str, *, status: int = 200, **values: Any) -> Response:
    """Answer with a whole page, a heavy one compressed."""
    response = part(visit, template, status=status, about=organisation.current(visit.db), **values)
    if len(response.body) > HEAVY and "gzip" in visit.request.headers.get("accept-encoding", ""):
        packed = gzip.compress(response.body, mtime=0)
        headers = {"content-encoding": "gzip", "vary": "accept-encoding"}
        return HTMLResponse(packed, status, headers)
    return response


def wants_part(visit: Visit) -> bool:
    """Return whether htmx asks, which swaps the part that the whole page includes."""
    return "HX-Request" in visit.request.headers


def asked_page(visit: Visit) -> int:
    """Return the page of a list that the address asks for, from 1."""
    number = visit.query("page")
    return int(number) if number.isascii() and number.isdecimal() and int(number) else 1


def file(content: bytes, kind: str, name: str) -> Response:
    """Answer with a file to be saved under the name."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, media_type=kind)


def go(address: str) -> Response:
    """Send the browser on after a form."""
    return RedirectResponse(address, 303)


def changed(visit: Visit, template: str, go_to: str, **values: Any) -> Response:
    """Answer an action: with the changed part for htmx, with a redirect for a plain form.

    ``template`` is a part that the whole page includes too, so both always look the same.
    """
    return part(visit, template, **values) if wants_part(visit) else go(go_to)
