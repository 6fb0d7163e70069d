import pytest

from server import pages
from tests.conftest import Browser


def test_a_heavy_page_travels_compressed_where_the_browser_can_unpack_it(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, plain = browser(""), {"Accept-Encoding": "identity"}
    light = client.get("/fi/methodology")
    monkeypatch.setattr(pages, "HEAVY", 1000)
    heavy, unpacked = client.get("/fi/methodology"), client.get("/fi/methodology", headers=plain)
    assert heavy.headers["content-encoding"] == "gzip"
    assert int(heavy.headers["content-length"]) < len(heavy.content) / 2
    assert "content-encoding" not in light.headers
    assert "content-encoding" not in unpacked.headers
    assert heavy.text == unpacked.text == light.text


def test_a_file_has_an_address_that_changes_with_its_content() -> None:
    assert pages.static("css/tokens.css").startswith("/static/css/tokens.css?v=")
    with pytest.raises(KeyError):
        pages.static("css/nothing.css")
