"""Formatted text of residents and organisers: Markdown without HTML, cleaned again once it is HTML."""

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

TEXT = {"a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "strong", "ul"}
TAGS = TEXT | {"h2", "h3", "h4", "h5", "h6", "table", "tbody", "td", "th", "thead", "tr"}
OUTSIDE = re.compile("https?://|mailto:", re.IGNORECASE)
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


class Html(str):
    """Text that templates show as the HTML it is."""

    def __html__(self) -> str:
        """Say so to Jinja."""
        return self


@lru_cache(maxsize=512)
def formatted(text: str) -> Html:
    """Return the Markdown as safe HTML; its headings start below the page's own."""
    tokens = MARKDOWN.parse(text)
    for token in tokens:
        if token.type.startswith("heading"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
    return Html(
        nh3.clean(
            MARKDOWN.renderer.render(tokens, MARKDOWN.options, {}),
            tags=TAGS,
            attributes={"a": {"href"}},
            attribute_filter=leading_out,
            url_schemes={"http", "https", "mailto"},
            link_rel="nofollow noopener ugc",
        )
    )


def leading_out(_tag: str, name: str, value: str) -> str | None:
    """Return the attribute's value, or None to drop it: links within the site are not residents' to set."""
    return value if name == "rel" or OUTSIDE.match(value) else None
