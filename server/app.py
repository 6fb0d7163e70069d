"""Puts the application together: pages, cross-site check, headers on every answer."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio.to_thread import current_default_thread_limiter
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route, compile_path
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from panels.database import beat, connect
from panels.errors import BusyError, PanelError
from panels.writer import Writer
from server import errors, worker
from server.gate import Site
from server.limits import Limits
from server.pages import STATIC
from server.routes import PAGES
from server.settings import Settings

READERS = 4  # threads for pages that only read; more of them only fight for the interpreter
SOURCES = "script style img font connect media manifest"
POLICY = "; ".join(
    ["default-src 'none'", *(f"{source}-src 'self'" for source in SOURCES.split()), "form-action 'self'"]
    + [f"{closed} 'none'" for closed in ("base-uri", "object-src")]
)
HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]
HSTS = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")
NO_STORE = (b"cache-control", b"no-store")
KEEP = (b"cache-control", b"public, max-age=31536000, immutable")
IN_MAIL = [compile_path(page.address)[0] for page in PAGES if page.in_mail]
FOR_MACHINES = ("/healthz", "/readyz")


def guarded(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Return the application behind the host and cross-site checks, with headers on every answer.

    It stands outside Starlette, whose own answer to an unforeseen error passes by every middleware.
    """
    always = HEADERS + ([HSTS] if settings.secure else [])

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = scope["path"].startswith("/static/") and message["status"] == 200
                keeping = KEEP if kept else NO_STORE
                message["headers"] = [*message["headers"], policy(scope), *always, keeping]
            await send(message)

        await (refusal(settings, scope) or app)(scope, receive, send_with_headers)

    return serve


def policy(scope: Scope) -> tuple[bytes, bytes]:
    """Return the header that says what a page loads and who frames it: the sites that it named, or nobody."""
    framed_by = scope.get("state", {}).get("framed_by", ["'none'"])
    return b"content-security-policy", f"{POLICY}; frame-ancestors {' '.join(framed_by)}".encode()


def refusal(settings: Settings, scope: Scope) -> ASGIApp | None:
    """Return the answer to a request under another name or from another site, None for one of ours."""
    headers = Headers(scope=scope)
    if headers.get("host") != settings.host and scope["path"] not in FOR_MACHINES:
        return PlainTextResponse("This address is not served here.", 400)
    if scope["method"] in ("GET", "HEAD", "OPTIONS"):
        return None
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    known = site is not None or origin is not None
    if not known and any(pattern.fullmatch(scope["path"]) for pattern in IN_MAIL):
        return None
    if known and site in (None, "same-origin") and origin in (None, settings.base_url):
        return None
    return PlainTextResponse("This request came from another site.", 403)


async def healthz(_request: Request) -> Response:
    """Say that the process runs."""
    return PlainTextResponse("ok")


async def readyz(request: Request) -> Response:
    """Say whether a write reaches the disk."""
    try:
        await asyncio.wait_for(request.app.state.site.writer.run(beat), 5)
    except (BusyError, TimeoutError):
        return PlainTextResponse("cannot write", 503)
    return PlainTextResponse("ok")


def first(request: Request) -> Response:
    """Send the bare address on to a language."""
    return RedirectResponse(f"/{errors.language_of(request)}", 302)


def make_app(settings: Settings, *, limited: bool = True, jobs: bool = True) -> ASGIApp:
    """Return the application; ``limited`` counts requests, ``jobs`` runs the job runner beside SQLite."""
    engine = connect(settings.database, weak=settings.weak_durability)
    writer = Writer(engine)
    site = Site(
        settings=settings,
        engine=engine,
        writer=writer,
        limits=Limits(settings.secret, settings.proxies, switched_on=limited),
        addresses={page.name: re.sub(r":\w+}", "}", page.address) for page in PAGES},
    )

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = READERS
        running = jobs and settings.database.startswith("sqlite")
        if running:
            await asyncio.to_thread(worker.launch, settings, engine)
        yield
        if running:
            await asyncio.to_thread(worker.stop)
        writer.stop()
        engine.dispose()

    app = Starlette(
        routes=[
            *(page.route(site) for page in PAGES),
            Route("/", first),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Mount("/static", GZipMiddleware(StaticFiles(directory=STATIC))),
        ],
        exception_handlers={PanelError: errors.answer, HTTPException: errors.answer, Exception: errors.crash},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.site = site
    return guarded(app, settings)
