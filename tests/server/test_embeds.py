"""A panel on another site: what it shows, who may frame it, and pages that ask for one (V14, V15)."""

import re

import pytest
from starlette.testclient import TestClient

from panels import embeds, panels
from panels.database import Engine, writing
from panels.embeds import Part
from server.embeds import usual
from server.routes import PAGES
from tests.addresses import address
from tests.conftest import BASE, NOON, Browser

EMBED, STAFF = "/fi/embed/library", "/fi/panels/library/embeds"
SITE = "https://www.kuuraniemi.fi"
SHOWN = {
    Part.TOPIC: "What about the library? (fi)",
    Part.DESCRIPTION: "The council answers. (fi)",
    Part.INVITATION: "Puuttuuko jotain?",
    Part.BRAND: 'class="brand"',
}
"""What stands in each part while voting goes on, before there are results."""


@pytest.fixture
def framed(engine: Engine) -> Engine:
    """Let the municipality's site frame the library's panel."""
    with writing(engine) as db:
        embeds.save(db, 1, [*Part], [SITE, "http://localhost:8080"], seen=0)
    return engine


def ancestors(client: TestClient, page: str) -> str:
    """Return who may frame the page."""
    (policy,) = client.get(page).headers.get_list("content-security-policy")
    assert policy.count("frame-ancestors") == 1
    return str(policy.rpartition("frame-ancestors ")[2])


@pytest.mark.usefixtures("framed")
def test_only_the_listed_sites_frame_the_embed_and_nobody_frames_anything_else_v14(browser: Browser) -> None:
    assert ancestors(browser(""), EMBED) == f"{SITE} http://localhost:8080"
    assert ancestors(browser(""), "/fi/embed/harbour") == "'none'"
    assert ancestors(browser(""), "/fi/embed/nothing") == "'none'"
    admin = browser("admin")
    for page in PAGES:
        if page.method == "GET" and not page.framed:
            assert ancestors(admin, address(page)) == "'none'", page.name
    assert ancestors(admin, "/static/css/tokens.css") == "'none'"
    assert "default-src 'none'" in admin.get(EMBED).headers["content-security-policy"]


@pytest.mark.usefixtures("framed")
def test_the_embed_is_alike_to_all_and_takes_no_cookie_v14(browser: Browser) -> None:
    nobody, aino = browser("").get(EMBED), browser("aino").get(EMBED)
    assert "set-cookie" not in nobody.headers
    assert "set-cookie" not in aino.headers
    assert nobody.text == aino.text == browser("eero").get(EMBED).text
    for forbidden in ("<form", "<script", "style=", "<button"):
        assert forbidden not in nobody.text


@pytest.mark.usefixtures("framed")
def test_every_link_opens_a_window_of_its_own_v14(browser: Browser) -> None:
    links = re.findall("<a [^>]*>", browser("").get(EMBED).text)
    assert len(links) == 2
    assert all('target="_blank" rel="noopener"' in link for link in links)
    assert 'href="/fi/panels/library"' in links[0]


@pytest.mark.parametrize("part", SHOWN)
def test_each_part_is_switched_off_by_staff_or_in_the_address_but_never_on_there_v14(
    part: Part, browser: Browser, engine: Engine
) -> None:
    client, others = browser(""), [words for one, words in SHOWN.items() if one is not part]
    assert all(words in client.get(EMBED).text for words in SHOWN.values())
    for hidden in (f"?hide={part}", f"?hide=results,{part},nothing"):
        page = client.get(EMBED + hidden).text
        assert SHOWN[part] not in page
        assert all(words in page for words in others)
    form = {one.value: "yes" for one in Part if one is not part}
    browser("eero").post(f"{STAFF}/update", data={**form, "seen": "0", "origins": SITE})
    for asked in ("", "?hide=", f"?{part}=yes", f"?hide=nothing&show={part}"):
        page = client.get(EMBED + asked).text
        assert SHOWN[part] not in page
        assert all(words in page for words in others)
    assert engine.dialect.name == "sqlite"


def test_the_staff_choose_look_and_copy_v14(browser: Browser) -> None:
    eero = browser("eero")
    assert f'href="{STAFF}/edit"' in eero.get("/fi/panels/library/desk").text
    page = eero.get(f"{STAFF}/edit").text
    assert page.count(" checked") == len(Part)
    assert "Anna ensin sivustot" in page
    assert f'&lt;iframe src="{BASE}/sv/embed/library"' in page
    sent = {"seen": "0", "topic": "yes", "origins": f"{SITE}\r\n\r\nhttp://localhost:8080/"}
    answer = eero.post(f"{STAFF}/update", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{STAFF}/edit?saved=1")
    page = eero.get(answer.headers["location"]).text
    assert page.count(" checked") == 1
    assert f">{SITE}\nhttp://localhost:8080</textarea>" in page
    assert "Tallennettu." in page
    assert "Anna ensin sivustot" not in page
    assert SHOWN[Part.DESCRIPTION] not in page
    assert eero.post(f"{STAFF}/update", data=sent).status_code == 409


def test_the_preview_follows_what_is_ticked_and_stands_in_the_page_v14(browser: Browser) -> None:
    eero = browser("eero")
    whole = eero.get(f"{STAFF}/edit").text
    all_parts = {part.value: "yes" for part in Part}
    preview = eero.get(f"{STAFF}/edit", params=all_parts, headers={"HX-Request": "true"}).text
    assert preview in whole
    bare = eero.get(f"{STAFF}/edit", params={"brand": "yes"}, headers={"HX-Request": "true"}).text
    assert [words in bare for words in SHOWN.values()] == [False, False, False, True]


def test_a_site_that_is_none_is_refused_with_what_was_typed_v14(browser: Browser) -> None:
    eero = browser("eero")
    typed = f"{SITE}/osallistu"
    answer = eero.post(f"{STAFF}/update", data={"seen": "0", "brand": "yes", "origins": typed})
    assert answer.status_code == 422
    assert f"”{typed}” ei ole sivuston osoite." in answer.text
    assert f">{typed}</textarea>" in answer.text
    assert answer.text.count(" checked") == 1
    assert ancestors(browser(""), EMBED) == "'none'"


def test_an_embed_of_a_panel_with_nothing_open_leads_to_the_panel(browser: Browser, engine: Engine) -> None:
    assert "Osallistu" not in browser("").get("/fi/embed/harbour").text
    with writing(engine) as db:
        panel = panels.by_slug(db, "library")
        panel.promise, panel.owner, panel.answers_by = {}, {"fi": "Valtuusto"}, "2027-03-08"
        vote = panel.phases[1]
        vote.starts_at, vote.ends_at = vote.starts_at + 20 * 86_400, vote.ends_at + 20 * 86_400
    page = browser("").get(EMBED).text
    assert "Osallistu" in page
    assert "Puuttuuko" not in page
    assert "Valtuusto vastaa kirjallisesti viimeistään 8.3.2027." in page
    with writing(engine) as db:
        panel = panels.by_slug(db, "library")
        panel.phases[0].ends_at = panel.phases[1].starts_at
    assert "Onko sinulla ajatus?" in browser("").get(EMBED).text


PAGE = "/fi/embed?organisation={}&page=osallistu/kirjasto"
COMING = "Raatia valmistellaan"


@pytest.fixture
def asked(browser: Browser, engine: Engine) -> str:
    """Let the administrator give the municipality's site a key; return the address of a page's panel."""
    admin = browser("admin")
    assert "/fi/embeds" in admin.get("/fi").text
    assert "embed?organisation" not in admin.get("/fi/embeds").text
    answer = admin.post("/fi/embeds", data={"seen": "0", "origins": SITE})
    assert (answer.status_code, answer.headers["location"]) == (303, "/fi/embeds?saved=1")
    with writing(engine) as db:
        given = embeds.key(db)
        assert given is not None
    page = admin.get("/fi/embeds?saved=1").text
    assert f"{BASE}/sv/embed?organisation={given.key}&amp;amp;page=" in page
    assert "Tallennettu." in page
    return PAGE.format(given.key)


def test_a_page_gets_one_draft_that_staff_open_v15(browser: Browser, engine: Engine, asked: str) -> None:
    client, framing = browser(""), {"Referer": f"{SITE}/"}
    for _ in range(3):
        answer = client.get(asked, headers=framing)
        assert answer.status_code == 200
        assert COMING in answer.text
        assert "set-cookie" not in answer.headers
        assert answer.headers["content-security-policy"].endswith(f"frame-ancestors {SITE}")
    assert COMING in client.get(asked).text, "the panel is there, whoever asks"
    page = browser("admin").get("/fi").text
    assert page.count("Sivun osallistu/kirjasto raati") == 1
    assert "Raadit, joissa työskentelet" in page
    assert "Sivun osallistu" not in browser("eero").get("/fi").text
    assert "Raadit, joissa työskentelet" not in client.get("/fi").text
    assert "Yksi tällainen luonnos odottaa." in browser("admin").get("/fi/embeds").text
    with writing(engine) as db:
        panel = embeds.of_page(db, "osallistu/kirjasto")
        assert panel is not None
        assert (panel.title["sv"], panel.question["en"]) == (
            "Rådet på sidan osallistu/kirjasto",
            "What do you think?",
        )
        assert (panel.guests, panel.open_to_all) == (True, True)
        panel.opened_at = NOON
    opened = client.get(asked)
    assert COMING not in opened.text
    assert f'href="/fi/panels/{panel.slug}"' in opened.text
    assert "Mitä mieltä olet?" not in client.get(f"{asked}&hide=topic").text
    assert ancestors(client, asked) == SITE


@pytest.mark.parametrize(
    "referer",
    [None, "https://evil.example/", f"{SITE}.evil.example/", "http://www.kuuraniemi.fi/", "nonsense"],
)
def test_only_a_listed_site_gets_a_draft_v15(
    browser: Browser, engine: Engine, asked: str, referer: str
) -> None:
    answer = browser("").get(asked, headers={"Referer": referer} if referer else {})
    assert answer.status_code == 404
    with writing(engine) as db:
        assert embeds.count_drafts(db) == 0


def test_what_is_no_key_or_no_page_makes_nothing_v15(browser: Browser, engine: Engine, asked: str) -> None:
    client, framing, key = browser(""), {"Referer": f"{SITE}/"}, asked.partition("=")[2].partition("&")[0]
    wrong = ["", "?organisation=&page=a", "?organisation=wrong&page=a", f"?organisation={key}"]
    wrong += [
        f"?organisation={key}&page={page}" for page in ("", "/a", "%3Cb%3E", "a%20b", "a" * 81, "%C3%A4")
    ]
    for query in wrong:
        assert client.get(f"/fi/embed{query}", headers=framing).status_code == 404, query
    with writing(engine) as db:
        assert embeds.count_drafts(db) == 0


def test_a_stranger_fills_no_database_v15(browser: Browser, engine: Engine, asked: str) -> None:
    client, framing = browser(""), {"Referer": f"{SITE}/"}
    statuses = [client.get(f"{asked}{number}", headers=framing).status_code for number in range(12)]
    assert statuses == [200] * 10 + [429] * 2
    with writing(engine) as db:
        for number in range(embeds.MOST_DRAFTS):
            embeds.prepare(db, f"more/{number}", usual(f"more/{number}"))
        assert embeds.count_drafts(db) == embeds.MOST_DRAFTS
    assert client.get(f"{asked}new", headers=framing).status_code == 404
    assert client.get(f"{asked}0", headers=framing).status_code == 200


def test_a_site_that_is_none_is_refused_to_the_administrator_too(browser: Browser) -> None:
    answer = browser("admin").post("/fi/embeds", data={"seen": "0", "origins": "kuuraniemi"})
    assert answer.status_code == 422
    assert "”kuuraniemi” ei ole sivuston osoite." in answer.text
    assert ">kuuraniemi</textarea>" in answer.text
