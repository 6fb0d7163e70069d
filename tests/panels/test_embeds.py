import threading

import pytest
from sqlalchemy import select

from panels import embeds, home, own_data, panels, people
from panels.database import Engine, Session, writing
from panels.embeds import MOST_DRAFTS, MOST_ORIGINS, EmbeddedPage, Part, origin, slug
from panels.errors import ConflictError, RefusedError
from panels.panels import SLUG, Draft, Panel, PanelKind
from tests.conftest import BOTH, NOON, texts

SITE = "https://www.kuuraniemi.fi"
AT_ONCE = 6


def draft(page: str = "kirjasto") -> Draft:
    return Draft(slug(page), PanelKind.STATEMENT_ROUND, texts(page), texts("What?"))


def admin(db: Session) -> int:
    return people.ensure(db, "admin@example.fi").id


def test_a_panel_shows_every_part_and_nobody_frames_it_until_its_staff_choose_v14(db: Session) -> None:
    plain = embeds.of(db, 1)
    assert (plain.version, plain.parts, plain.origins) == (0, [*Part], [])
    typed = [f" {SITE.upper()}/", "", "http://localhost:8080", SITE]
    made = embeds.save(db, 1, [Part.TOPIC], typed, seen=0)
    assert (made.version, made.parts, made.origins) == (1, ["topic"], [SITE, "http://localhost:8080"])
    db.expire_all()
    assert embeds.save(db, 1, [], [], seen=1).origins == []
    assert embeds.of(db, 1).parts == []
    assert embeds.of(db, 2).parts == [*Part]


def test_who_saves_an_older_form_hears_that_somebody_was_faster(db: Session) -> None:
    embeds.save(db, 1, [*Part], [SITE], seen=0)
    with pytest.raises(ConflictError):
        embeds.save(db, 1, [], [], seen=0)
    assert embeds.of(db, 1).origins == [SITE]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("https://kuuraniemi.fi", "https://kuuraniemi.fi"),
        ("  HTTPS://WWW.Kuuraniemi.FI/ ", SITE),
        (f"{SITE}:443", SITE),
        (f"{SITE}:8443", f"{SITE}:8443"),
        ("https://xn--kuuraniemi-example.xn--p1ai", "https://xn--kuuraniemi-example.xn--p1ai"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost", "http://localhost"),
    ],
)
def test_a_site_is_kept_as_browsers_name_it(typed: str, found: str) -> None:
    assert origin(typed) == found


@pytest.mark.parametrize(
    "typed",
    [
        "www.kuuraniemi.fi",
        "http://www.kuuraniemi.fi",
        "https://",
        "https://kuuraniemi",
        "https://*.kuuraniemi.fi",
        "*",
        "'self'",
        f"{SITE}/osallistu",
        f"{SITE}?a",
        f"{SITE}#a",
        f"{SITE}; script-src *",
        f"{SITE} https://evil.example",
        f"{SITE}\nhttps://evil.example",
        "https://eero@kuuraniemi.fi",
        "https://192.168.0.1",
        "https://-kuuraniemi.fi",
        "https://kuuraniemi-.fi",
        "https://kuuraniemi..fi",
        f"{SITE}:",
        f"{SITE}:0",
        f"{SITE}:123456",
        "https://kuurani\u0435mi.fi",
        "https://" + "a." * 130 + "fi",
        "data:text/html,x",
        "javascript:alert(1)",
        "http://localhost.evil.example",
    ],
)
def test_what_is_no_single_site_is_refused_v14(typed: str) -> None:
    with pytest.raises(RefusedError) as error:
        origin(typed)
    assert (error.value.code, error.value.field) == ("not_an_origin", "origins")


def test_too_many_sites_are_refused_and_nothing_is_stored(db: Session) -> None:
    typed = [f"https://www{number}.example" for number in range(MOST_ORIGINS + 1)]
    with pytest.raises(RefusedError) as error:
        embeds.save(db, 1, [], typed, seen=0)
    assert error.value.code == "too_many_origins"
    assert embeds.of(db, 1).version == 0


@BOTH
def test_all_requests_that_come_at_once_make_one_draft_v15(engine: Engine) -> None:
    with writing(engine) as db:
        embeds.give_key(db, admin(db), [SITE], seen=0)
    start = threading.Barrier(AT_ONCE)

    def ask() -> None:
        start.wait()
        with writing(engine) as db:
            embeds.prepare(db, "kirjasto", draft())

    threads = [threading.Thread(target=ask) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with writing(engine) as db:
        made = embeds.of_page(db, "kirjasto")
        assert made is not None
        assert db.scalars(select(Panel.id).where(Panel.opened_at.is_(None))).all() == [made.id]
        assert embeds.count_drafts(db) == 1
        assert (embeds.of(db, made.id).parts, embeds.of(db, made.id).origins) == ([*Part], [SITE])
        assert [panel.id for panel in home.workplaces(db, admin(db))] == [made.id]
        made.opened_at = NOON
        db.flush()
        assert embeds.count_drafts(db) == 0


def test_strangers_fill_no_database_v15(db: Session) -> None:
    embeds.prepare(db, "early", draft())
    assert embeds.of_page(db, "early") is None, "no key was given"
    embeds.give_key(db, admin(db), [SITE], seen=0)
    for number in range(MOST_DRAFTS + 1):
        embeds.prepare(db, f"page/{number}", draft())
    assert embeds.count_drafts(db) == MOST_DRAFTS
    assert embeds.of_page(db, f"page/{MOST_DRAFTS}") is None
    first = embeds.of_page(db, "page/0")
    assert first is not None
    first.opened_at = NOON
    db.flush()
    embeds.prepare(db, f"page/{MOST_DRAFTS}", draft())
    assert embeds.count_drafts(db) == MOST_DRAFTS


def test_the_key_stays_and_outlives_who_gave_it_v15(db: Session) -> None:
    given = embeds.give_key(db, admin(db), [SITE], seen=0).key
    with pytest.raises(ConflictError):
        embeds.give_key(db, admin(db), [], seen=0)
    assert embeds.give_key(db, admin(db), [], seen=1).key == given
    own_data.erase(db, admin(db), remove=True)
    db.expire_all()
    embeds.prepare(db, "kirjasto", draft())
    assert embeds.of_page(db, "kirjasto") is not None
    assert db.get_one(EmbeddedPage, "kirjasto").at > 0


@pytest.mark.parametrize("page", ["kirjasto", "Osallistu/Kirjasto_2027.html", "1", "a" * 80, "a-/-b"])
def test_a_page_gives_its_panel_an_address(page: str) -> None:
    assert embeds.PAGE.fullmatch(page)
    assert SLUG.fullmatch(slug(page))
    assert slug(page) != slug(page)


def test_staff_see_the_panels_that_have_not_opened_and_on_which_they_work(db: Session) -> None:
    for name in ("library", "harbour"):
        panels.by_slug(db, name).opened_at = None
    db.flush()
    seen = {
        name: [panel.slug for panel in home.workplaces(db, people.ensure(db, f"{name}@example.fi").id)]
        for name in ("admin", "eero", "minna", "outi", "aino", "ville")
    }
    staff = {name: ["library"] for name in ("eero", "minna", "outi")}
    assert seen == {"admin": ["harbour", "library"], **staff, "aino": [], "ville": []}
