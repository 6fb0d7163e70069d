"""Addresses of every page of the table, with values of the test's panels in their places."""

import re

from server.gate import Page

SAMPLES = {
    "language": "fi",
    "panel": "library",
    "statement": "1",
    "other": "2",
    "merge": "1",
    "message": "1",
    "proposal": "1",
    "comment": "1",
    "item": "statement-4",
    "appeal": "1",
    "amendment": "1",
    "draft": "1",
    "material": "1",
    "text": "panel.title",
    "list": "1",
    "link": "1-" + "x" * 43,
    "code": "7F3K-9QXM-2WTR",
}
PLACE = re.compile(r"{(\w+)(?::\w+)?}")


def address(page: Page, **values: str) -> str:
    """Return the page's address; a place that has no sample is an error, so that no page goes untested."""
    return PLACE.sub(lambda place: values.get(place[1], SAMPLES[place[1]]), page.address)
