"""Every address × every role, own and other panel (F14): who may, who may not, and nothing unlisted."""

import ast
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from panels import materials
from panels.amendments import Amendment
from panels.database import Engine, writing
from panels.members import Member, MemberKind
from panels.panels import Panel, PanelKind
from panels.permissions import Permission, Role, may
from panels.proposals import Proposal
from panels.statements import Origin, State, Statement
from server.gate import Page
from server.routes import PAGES
from tests.addresses import address
from tests.conftest import NOON, Browser, texts

ROLES: dict[str, Role] = {
    "": Role.OUTSIDER,
    "ville": Role.OUTSIDER,
    "aino": Role.RESIDENT,
    "eero": Role.FACILITATOR,
    "outi": Role.COUNCIL_SECRETARY,
    "minna": Role.MODERATOR,
    "admin": Role.ADMINISTRATOR,
}
"""The people of the tests and their roles in the library's panel."""
FOR_MACHINES = {"'/'", "'/healthz'", "'/readyz'", "'/static'"}
SERVER = Path(__file__).parents[2] / "server"
ROUTES = {"Route", "Mount", "WebSocketRoute", "Host", "app.add_route", "app.mount"}
ONLY_IN_THE_DEMO = {"home.demo", "login.become"}
"""Pages that are not there, even for those who might see them, as this installation is no demo."""
ONLY_THE_WRITERS = {"appeals.new", "appeals.create", "comments.undo", "drafts.edit", "drafts.delete"}
"""Pages of something that is there for whoever wrote it alone: nobody here did."""
NEED_MORE = {
    "appeals.decide",
    "embeds.embed",
    "letters.show",
    "merges.split",
    "messages.add",
    "notices.show",
    "notices.delete",
    "notices.switch",
}
"""Pages that are not there without an appeal, a merge, letters, a page's panel, or somebody's mail."""
WAITING = 4
"""The number of a statement that waits for a moderator."""
CROSS_SITE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {},
]


def name_of(page: Page) -> str:
    """Return the page's name for the test's."""
    return f"{page.method} {page.name}"


each_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


def role_of(name: str, panel: str) -> Role:
    """Return the person's role in the panel; only the administrator has one outside the library's."""
    return ROLES[name] if panel == "library" or name == "admin" else Role.OUTSIDER


def expected(page: Page, name: str, panel: str) -> int:
    """Return 401, 403 or, for whoever may see the page, 200."""
    if page.permission is Permission.SIGNED_IN:
        allowed = name != ""
    else:
        allowed = may([role_of(name, panel)], page.permission)
    return 200 if allowed else 403 if name else 401


@pytest.fixture
def furnished(engine: Engine) -> Engine:
    """Give both panels a material and a proposal, and add a panel that has not opened yet."""
    with writing(engine) as db:
        for panel in (1, 2):
            materials.add(db, panel, materials.Draft(title=texts("Costs"), body=texts("What it costs.")))
            author = Member(panel_id=panel, kind=MemberKind.DRAWN, created_at=NOON)
            db.add(author)
            db.flush()
            proposal = Proposal(panel_id=panel, number=1, title=texts("Chairs"), body=texts("More chairs."))
            proposal.language, proposal.author_id, proposal.sent_at = "fi", author.id, NOON
            db.add(proposal)
            db.flush()
            change = Amendment(
                panel_id=panel, number=1, proposal_id=proposal.id, author_id=author.id, version=1
            )
            change.title, change.body, change.why, change.sent_at = "Stools", "More stools.", "", NOON
            attic = Panel(slug=f"attic-{panel}", kind=PanelKind.RESIDENTS_PANEL, title=texts("Attic"))
            attic.question, attic.created_at = texts("What about the attic?"), NOON
            waiting = Statement(panel_id=panel, number=WAITING, texts=texts("Chairs!"), language="fi")
            waiting.origin, waiting.state, waiting.sent_at = Origin.RESIDENT, State.WAITING, NOON
            waiting.author_id = author.id
            db.add_all((change, attic, waiting))
    return engine


def ask(client: TestClient, page: Page, panel: str) -> int:
    """Ask for the page, with an empty form if it takes one, and return the status."""
    return client.request(page.method, address(page, panel=panel)).status_code


@pytest.mark.usefixtures("furnished")
@each_page
def test_f14_a_page_opens_to_whom_the_table_says(page: Page, browser: Browser) -> None:
    """F14"""
    for name in ROLES:
        for panel in ("library", "harbour") if "{panel" in page.address else ("",):
            status, wanted = ask(browser(name), page, panel), expected(page, name, panel)
            if wanted == 200:
                missing = page.name in ONLY_IN_THE_DEMO | NEED_MORE | ONLY_THE_WRITERS
                assert (status == 404) == missing, f"{name} in {panel}"
                assert status not in {401, 403, 405, *range(500, 600)}, f"{name} in {panel}"
            else:
                assert status == wanted, f"{name} in {panel}"


@pytest.mark.usefixtures("furnished")
@pytest.mark.parametrize("page", [page for page in PAGES if "{panel" in page.address], ids=name_of)
def test_f14_a_panel_that_has_not_opened_exists_only_for_its_staff(page: Page, browser: Browser) -> None:
    """F14"""
    for name in set(ROLES) - {"admin"}:
        assert ask(browser(name), page, "attic-1") == 404, name
    assert (ask(browser("admin"), page, "attic-1") == 403) == (expected(page, "admin", "attic-1") == 403)


def test_f14_every_address_stands_in_the_table() -> None:
    """F14"""
    made = [call for path in SERVER.glob("*.py") for call in ast.walk(ast.parse(path.read_text()))]
    routes = [call for call in made if isinstance(call, ast.Call) and ast.unparse(call.func) in ROUTES]
    assert {ast.unparse(route.args[0]) for route in routes} == FOR_MACHINES | {"self.address"}


@pytest.mark.parametrize("page", [page for page in PAGES if page.method != "GET"], ids=name_of)
def test_another_site_cannot_send_a_form(page: Page, browser: Browser) -> None:
    """T20"""
    client = browser("aino")
    del client.headers["Sec-Fetch-Site"]
    for headers in CROSS_SITE[: -1 if page.in_mail else None]:  # a mail program says nothing of itself
        assert client.request(page.method, address(page), headers=headers).status_code == 403, headers
