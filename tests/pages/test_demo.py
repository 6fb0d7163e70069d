"""The demo's own pages, with all that real texts bring (A1, A4, V16)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Window

from panels import demo, login, people
from panels.database import Base, connect, now, writing
from panels.home import DEMO_PEOPLE, demo_address
from tests.pages.conftest import PATIENCE
from tests.pages.looks import english_left, look, watch
from tests.serve import serving

PANEL = "panels/kirjastoraati"
PAGES = [
    ("", ""),
    ("", "demo"),
    ("", PANEL),
    ("aino", PANEL),
    ("aino", f"{PANEL}/statements"),
    ("aino", f"{PANEL}/statements/1"),
    ("aino", f"{PANEL}/materials"),
    ("aino", f"{PANEL}/materials/1"),
    ("aino", f"{PANEL}/proposals"),
    ("aino", f"{PANEL}/proposals/1"),
    ("eero", PANEL),
    ("eero", f"{PANEL}/moderation"),
    ("eero", f"{PANEL}/edit"),
    ("outi", f"{PANEL}/summary/draft"),
]


@pytest.fixture(scope="module")
def windows(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Window]]:
    """Serve the demo and keep one window for each of its people."""
    database = f"sqlite:///{tmp_path_factory.mktemp('demo') / 'raati.db'}"
    engine = connect(database)
    Base.metadata.create_all(engine)
    demo.build(engine, demo.DAY, lambda *_: None)
    with serving(database, "--unlimited", "--without-jobs", RAATI_DEMO="1") as server:
        opened = {}
        for name in ("", *DEMO_PEOPLE):
            context = chromium.new_context(base_url=server.address, reduced_motion="reduce")
            with writing(engine) as db:
                person = people.by_email(db, demo_address(name))
                _, token = login.begin(db, now(db), person=person.id if person else None)
            context.add_cookies([{"name": "login", "value": token, "url": server.address}])
            opened[name] = context.new_page()
            opened[name].set_default_timeout(PATIENCE)
        yield opened
        for window in opened.values():
            window.context.close()
    engine.dispose()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize(("name", "path"), PAGES)
def test_a1_a4_a_page_of_the_demo(name: str, path: str, language: str, windows: dict[str, Window]) -> None:
    """A1, A4, A5, V16"""
    window = windows[name]
    complaints = watch(window)
    answer = window.goto(f"/{language}/{path}".rstrip("/"))
    assert answer is not None
    assert answer.status == 200
    assert look(window, language=language) + english_left(window, language) + complaints == []
