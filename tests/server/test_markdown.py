import re

import pytest

from server.markdown import formatted

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](&#106;avascript:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "[click](vbscript:msgbox(1))",
    "<javascript:alert(1)>",
    '[click](https://a.example "onmouseover=alert(1)")',
    '[click](https://a.example/"onmouseover="alert(1))',
    "![x](https://a.example/x.png)",
    "![x](javascript:alert(1))",
    "<a href='https://a.example' hx-get='/fi/login/logout'>x</a>",
    "<form action=/fi/login/logout method=post><button>x</button></form>",
    "<style>body{display:none}</style>",
    "<p style='position:fixed'>x</p>",
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "| <script>alert(1)</script> | b |\n|---|---|\n| <img src=x onerror=alert(1)> | d |",
    "[ref]: javascript:alert(1)\n\n[ref]",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!--><script>alert(1)</script>-->",
]
ALLOWED = re.compile(
    r"</?(?:blockquote|br|code|em|h[2-6]|hr|li|ol|p|pre|strong|table|tbody|td|th|thead|tr|ul|a)>"
    r'|<a(?: href="(?:https?://|mailto:)[^"<>]*")? rel="nofollow noopener ugc">'
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_an_attack_comes_out_as_text_or_not_at_all(payload: str) -> None:
    html = formatted(payload)
    left = ALLOWED.sub("", html)
    assert "<" not in left, html


def test_markdown_becomes_html_whose_headings_stand_below_the_pages_own() -> None:
    html = formatted("# Why\n\nBecause **many** walk.\n\n###### Small\n\n- one\n- two")
    assert html == (
        "<h2>Why</h2>\n<p>Because <strong>many</strong> walk.</p>\n<h6>Small</h6>\n"
        "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"
    )


@pytest.mark.parametrize("address", ["https://a.example/x?a=1", "http://a.example", "mailto:a@a.example"])
def test_a_link_out_says_that_a_resident_set_it(address: str) -> None:
    assert formatted(f"[x]({address})") == f'<p><a href="{address}" rel="nofollow noopener ugc">x</a></p>\n'


@pytest.mark.parametrize("address", ["/fi/me", "../me", "//a.example", "#main", "ftp://a.example"])
def test_a_link_within_the_site_or_by_another_way_leads_nowhere(address: str) -> None:
    assert "href" not in formatted(f"[x]({address})")


def test_an_image_is_not_fetched() -> None:
    assert "<img" not in formatted("![x](https://a.example/x.png)")


def test_deep_nesting_ends() -> None:
    assert len(formatted("> " * 5000 + "x")) < 100_000
