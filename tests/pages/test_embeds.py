"""A panel within a municipality's page on another site, with third-party cookies blocked (V14)."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, expect

from panels import embeds, panels
from panels.database import reading, writing
from panels.embeds import Part
from tests.pages.conftest import PATIENCE, Site, Window
from tests.pages.looks import english_left, look, watch

FORBIDDEN = {"enableThirdPartyCookieRestriction": True}
FORBIDDEN |= {"disableThirdPartyCookieMetadata": True, "disableThirdPartyCookieHeuristics": True}


@pytest.fixture
def town(site: Site) -> Iterator[str]:
    """Serve the municipality's page, which frames the panels, on another site; return its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            slugs, base = ("library", "harbour", "garden"), f"{site.address}/fi/embed"
            frames = "".join(f'<iframe name="{slug}" src="{base}/{slug}"></iframe>' for slug in slugs)
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<!doctype html><html lang="fi"><title>Kunta</title>{frames}'.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing of each request."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://localhost:{server.server_port}"
    with writing(site.engine) as db:
        for slug in ("library", "harbour"):
            panel = panels.by_slug(db, slug)
            panel.guests = True
            panels.touch(panel)
            version = embeds.of(db, panel.id).version
            embeds.save(db, panel.id, [*Part], [address], seen=version)
    yield address
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """Open a window that sends a framed site no cookie, though it holds one that any site may have sent."""
    context = chromium.new_context(reduced_motion="reduce")
    context.add_cookies(
        [
            {
                "name": "given",
                "value": "1",
                "domain": "127.0.0.1",
                "path": "/",
                "secure": True,
                "sameSite": "None",
            }
        ]
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    context.new_cdp_session(page).send("Network.setCookieControls", FORBIDDEN)
    yield page
    context.close()


def test_votes_given_in_a_window_of_their_own_are_there_after_reload_v14(page: Page, town: str) -> None:
    with page.expect_request("**/embed/library") as asked:
        page.goto(town)
    assert "cookie" not in asked.value.all_headers()
    with page.context.expect_page() as opened:
        page.frame_locator("[name=library]").locator(".btn.primary").click()
    panel = opened.value
    panel.set_default_timeout(PATIENCE)
    assert panel.evaluate("window.opener") is None
    with panel.expect_navigation():
        panel.locator("form[action$='/members/guest'] button").click()
    for _ in range(2):
        before = panel.locator("#card h1").inner_text()
        panel.locator("button.is-agree").click()
        expect(panel.locator("#card h1")).not_to_have_text(before, timeout=PATIENCE)
    address = panel.url.partition("/statements")[0] + "/statements/mine"
    for _ in range(2):
        panel.goto(address)
        panel.reload()
        assert panel.locator(".is-agree").count() == 2
    page.reload()
    page.frame_locator("[name=library]").locator("h2").first.wait_for()


def test_the_figures_are_those_of_the_published_summary_and_no_other_site_frames_the_rest_v14(
    page: Page, site: Site, town: str
) -> None:
    page.goto(town)
    harbour = page.frame_locator("[name=harbour]")
    shown = harbour.locator(".values").all_inner_texts()
    assert page.frame_locator("[name=library]").locator(".values").count() == 0
    assert page.frame_locator("[name=garden]").locator(".embed").count() == 0, "its staff listed no site"
    headline = harbour.locator(".results h2").first.inner_text()
    page.goto(f"{site.address}/fi/panels/harbour/summary")
    assert page.locator("h1").inner_text() == headline
    assert shown
    assert set(shown) <= set(page.locator(".values").all_inner_texts())
    page.goto(f"{site.address}/fi/embed/harbour?hide=results")
    assert page.locator(".values").count() == 0


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_an_embed_with_results_is_accessible_and_narrow_v14(page: Page, site: Site, language: str) -> None:
    complaints = watch(page)
    page.goto(f"{site.address}/{language}/embed/harbour")
    assert page.locator(".results .dot-plot, .results .meter").count() > 0
    assert look(page, language=language) + english_left(page, language) + complaints == []


def test_the_preview_changes_as_soon_as_a_part_is_switched_off_v14(site: Site, window: Window) -> None:
    page = window(site.token("eero@example.fi"), width=1280)
    page.goto("/fi/panels/library/embeds/edit")
    expect(page.locator("#preview header")).to_be_visible()
    page.locator("[name=brand]").uncheck()
    expect(page.locator("#preview .brand")).to_have_count(0)
    page.locator("[name=topic]").uncheck()
    expect(page.locator("#preview header")).to_have_count(0)
    page.locator("[name=brand]").check()
    expect(page.locator("#preview .brand")).to_be_visible()
    with reading(site.engine) as db:
        assert embeds.of(db, 1).parts == [*Part], "nothing is stored before it is saved"
