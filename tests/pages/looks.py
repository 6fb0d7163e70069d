"""How a page is looked at: the accessibility rules, its width, its weight, and whom it asks."""

from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Request
from playwright.sync_api import Page as Window

from panels.permissions import Permission, Role, may
from server.gate import Page
from server.languages import catalogue
from server.routes import PAGES
from tests.addresses import address
from tests.pages.furniture import SENT_BACK, WAITING
from tests.test_messages import messages

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
Scheme = Literal["light", "dark"]
WIDTHS = (320, 1280)
LOOKS: tuple[tuple[int, Scheme], ...] = tuple(
    (width, scheme) for width in WIDTHS for scheme in ("light", "dark")
)
LOOKS_IN = {"fi": LOOKS[::3], "sv": LOOKS[1:2], "en": LOOKS[2:3]}
"""Which looks a page that is the same in three languages is given in each: together all of them."""
HEAVIEST = 100_000  # bytes of a page with everything that it loads
WHO = {Role.RESIDENT: "aino", Role.FACILITATOR: "eero", Role.MODERATOR: "minna", Role.ADMINISTRATOR: "admin"}
PLACES = {
    "summary.show": {"panel": "harbour"},
    "appeals.new": {"statement": str(SENT_BACK)},
    "moderation.show": {"item": f"statement-{WAITING}"},
    "proposals.new": {"panel": "garden"},
    "proposals.similar": {"panel": "garden"},
    "amendments.new": {"panel": "garden"},
    "drafts.edit": {"panel": "garden"},
}
"""Pages that show something only there."""
MEASURE = """() => ({
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  bytes: performance.getEntries().reduce((sum, entry) => sum + (entry.encodedBodySize || 0), 0),
})"""
WORDS = """() => {
  const found = [], walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) found.push(walker.currentNode.data.trim());
  const named = document.querySelectorAll("[aria-label], [title], [placeholder], [alt]");
  const names = ["aria-label", "title", "placeholder", "alt"];
  for (const node of named) found.push(...names.map(node.getAttribute, node));
  return found.filter(Boolean);
}"""
SUBMIT = """([address, fields]) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = address;
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement("input");
    form.append(Object.assign(input, { name, value }));
  }
  document.body.append(form);
  form.submit();
}"""
FILES = {
    "exports.chain",
    "exports.verifier",
    "letters.show",
    "panels.calendar",
    "people.data",
    "statements.sheet",
}
"""Pages that a browser saves and does not show."""
SHOWN = [page for page in PAGES if page.method == "GET" and page.name not in FILES]


def viewer(page: Page) -> str:
    """Return somebody who may see the page; nobody where it does not matter or nobody may be logged in."""
    if page.permission in (Permission.READ, Permission.JOIN):
        return "aino" if "{panel" in page.address and not page.framed else ""
    if page.permission is Permission.SIGNED_IN:
        return "aino"
    return next(name for role, name in WHO.items() if may([role], page.permission))


def where(page: Page, language: str) -> str:
    """Return the address at which the page has something to show."""
    return address(page, language=language, **PLACES.get(page.name, {}))


def look(window: Window, status: int = 200, *, language: str = "") -> list[str]:
    """Return what is wrong with the page in the window: narrow and wide, in light and dark.

    A test that looks at the page in each language names it, and the looks are shared among them.
    """
    window.evaluate(AXE)
    found = []
    for width in WIDTHS:
        window.set_viewport_size({"width": width, "height": 800})
        for _, scheme in (one for one in LOOKS_IN.get(language, LOOKS) if one[0] == width):
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


def english_left(window: Window, language: str) -> list[str]:
    """Return the messages that stand on the page in English although the language has words of its own."""
    shown = set(window.evaluate(WORDS))
    return [f"in English: {message}" for message in sorted(shown & foreign(language))]


@cache
def foreign(language: str) -> frozenset[str]:
    """Return the English messages that are written otherwise in the language."""
    found = catalogue(language)
    english = {form for message in messages() for form in message}
    return frozenset(message for message in english if found.gettext(message) != message)


def watch(window: Window) -> list[str]:
    """Collect what the window asks of other hosts than the page's own and complains of."""
    found: list[str] = []

    def asks(request: Request) -> None:
        asked, own = urlsplit(request.url).netloc, urlsplit(request.frame.url).netloc
        if asked != own and not request.is_navigation_request():
            found.append(f"asks {request.url}")

    def complains(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            found.append(message.text)

    window.on("request", asks)
    window.on("console", complains)
    window.on("pageerror", lambda error: found.append(str(error)))
    return found


def send(window: Window, address: str, form: dict[str, str]) -> int:
    """Send the form from a page of the site, and return the status of what the window then shows."""
    window.goto(f"/{address[1:3]}/terms")
    with window.expect_navigation(url=lambda url: not url.endswith("/terms")) as shown:
        window.evaluate(SUBMIT, [address, form])
    return shown.value.status
