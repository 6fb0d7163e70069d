import pytest

from panels import embeds
from panels.database import Session
from panels.embeds import MOST_ORIGINS, Part, origin
from panels.errors import ConflictError, RefusedError

SITE = "https://www.kuuraniemi.fi"


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
