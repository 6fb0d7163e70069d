"""A served site and a browser to look at it: one of each for all tests of a worker."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from panels import login, members, people
from panels.database import Base, Engine, connect, now, set_clock, writing
from panels.members import MemberKind
from tests.conftest import NOON, furnish
from tests.pages.furniture import complete
from tests.serve import serving

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
QUIET += ["--disable-background-networking", "--disable-component-update"]
PATIENCE = 30_000  # milliseconds: the machine may be busy with other tests


@dataclass(frozen=True)
class Site:
    """A running server and its database."""

    address: str
    engine: Engine

    def token(self, email: str) -> str:
        """Return the cookie of a browser in which the person is signed in."""
        with writing(self.engine) as db:
            person = people.by_email(db, email)
            assert person is not None, email
            return login.begin(db, now(db), person=person.id)[1]

    def newcomer(self, name: str, *, keys: bool = False) -> str:
        """Give somebody new a seat in the library's panel; return the cookie of their browser."""
        with writing(self.engine) as db:
            person = people.ensure(db, f"{name}@example.fi")
            person.keys = keys
            members.take_seat(db, 1, person.id, MemberKind.OPEN)
        return self.token(f"{name}@example.fi")


def build(path: Path) -> None:
    """Make the tests' panels, complete with something on every page; it takes seconds."""
    engine = connect(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    with writing(engine) as db:
        set_clock(db, NOON)
        furnish(db)
    complete(engine)
    engine.dispose()  # the last connection leaves everything in the one file


@pytest.fixture(scope="session")
def panels_file(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Build the panels once for all workers, who wait for the first; return the database's file."""
    own = tmp_path_factory.getbasetemp()
    path = (own if worker_id == "master" else own.parent) / "panels.db"
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            build(path.with_suffix(".new"))
            path.with_suffix(".new").rename(path)
    return path


@pytest.fixture(scope="module")
def site(panels_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a copy of the tests' panels, for one file only: what its tests do there misleads no other."""
    path = tmp_path_factory.mktemp("site") / "raati.db"
    shutil.copy(panels_file, path)
    database = f"sqlite:///{path}"
    engine = connect(database)
    with serving(database, "--unlimited", "--without-jobs") as server:
        yield Site(server.address, engine)
    engine.dispose()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium, else the one that Playwright keeps.

    For one file only: as long as it runs, an event loop does, and no other test could start one.
    """
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()


Window = Callable[..., Page]


@pytest.fixture
def window(chromium: Browser, site: Site) -> Iterator[Window]:
    """Open windows: ``window(token)`` belongs to whom the token names; with ``script=False`` it is plain."""
    contexts: list[BrowserContext] = []

    def opened(token: str = "", *, script: bool = True, width: int = 390) -> Page:
        context = chromium.new_context(
            base_url=site.address,
            java_script_enabled=script,
            viewport={"width": width, "height": 800},
            reduced_motion="reduce",
        )
        contexts.append(context)
        if token:
            context.add_cookies([{"name": "login", "value": token, "url": site.address}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        return page

    yield opened
    for context in contexts:
        context.close()
