"""How a page is looked at: the accessibility rules, its width, its weight, and whom it asks."""

from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Route
from playwright.sync_api import Page as Window

from panels.permissions import Permission, Role, may
from server.gate import Page
from server.routes import PAGES
from tests.addresses import address
from tests.pages.furniture import WAITING

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = (320, 1280)
HEAVIEST = 100_000  # bytes of a page with everything that it loads
WHO = {Role.RESIDENT: "aino", Role.FACILITATOR: "eero", Role.MODERATOR: "minna", Role.ADMINISTRATOR: "admin"}
PLACES = {
    "summary.show": {"panel": "harbour"},
    "moderation.show": {"statement": str(WAITING)},
    "proposals.new": {"panel": "garden"},
}
"""Pages that show something only there."""
MEASURE = """() => ({
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  bytes: performance.getEntries().reduce((sum, entry) => sum + (entry.encodedBodySize || 0), 0),
})"""
SHOWN = [page for page in PAGES if page.method == "GET"]
ERRORS = [401, 403, 404, 409, 410, 422, 429, 503]


def viewer(page: Page) -> str:
    """Return somebody who may see the page; nobody where it is for those who have not logged in."""
    if page.permission in (Permission.READ, Permission.JOIN):
        return "aino" if "{panel" in page.address else ""
    if page.permission is Permission.SIGNED_IN:
        return "aino"
    return next(name for role, name in WHO.items() if may([role], page.permission))


def where(page: Page, language: str) -> str:
    """Return the address at which the page has something to show."""
    return address(page, language=language, **PLACES.get(page.name, {}))


def look(window: Window, status: int = 200) -> list[str]:
    """Return what is wrong with the page in the window, in light and dark, narrow and wide."""
    window.evaluate(AXE)
    found = []
    for width in WIDTHS:
        window.set_viewport_size({"width": width, "height": 800})
        for scheme in SCHEMES:
            window.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found += [f"{scheme}, {width} px: {words}" for words in violations(window)]
        measured = window.evaluate(MEASURE)
        if measured["wide"] > 0:
            found.append(f"{width} px: {measured['wide']} px wider than the window")
    if status == 200 and measured["bytes"] > HEAVIEST:
        found.append(f"weighs {measured['bytes']} bytes")
    return found


def violations(window: Window) -> list[str]:
    """Return the rules that are broken, each with its first element."""
    result: dict[str, Any] = window.evaluate("rules => axe.run(document, rules)", RULES)
    return [f"{rule['id']} at {rule['nodes'][0]['html'][:200]}" for rule in result["violations"]]


def watch(window: Window, own: str) -> list[str]:
    """Collect what the window asks of other hosts and complains of."""
    found: list[str] = []

    def asks(request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(own).netloc and not request.url.startswith("data:"):
            found.append(f"asks {request.url}")

    def complains(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            found.append(message.text)

    window.on("request", asks)
    window.on("console", complains)
    window.on("pageerror", lambda error: found.append(str(error)))
    return found


def send(context: BrowserContext, window: Window, address: str, form: dict[str, str]) -> int:
    """Show in the window what the server answers to the form, and return the answer's status."""
    statuses = []

    def answer(route: Route) -> None:
        headers = {"Sec-Fetch-Site": "same-origin"}
        reply = context.request.post(address, form={**form}, headers=headers, max_redirects=0)
        statuses.append(reply.status)
        route.fulfill(response=reply)

    window.route(f"**{address}", answer, times=1)
    window.goto(address)
    return statuses[0]
