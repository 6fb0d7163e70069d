"""One noun, four places: what somebody sees in the address opens the right file at the first guess."""

import re
from pathlib import Path

import pytest

from server.gate import Page
from server.routes import PAGES

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "templates"
NOUN = re.compile(
    "home|login|people|organisation|panels|desk|members|lottery|materials|proposals|amendments|appeals|drafts|comments"
    "|statements|corrections|meetings|reasons|merges|log|moderation|messages|notices|imports|letters|embeds|summary|recommendations"
    "|responses|bodies|opinions|translations|profiles|exports"
)
ELSEWHERE = {
    "join": "members",
    "j": "members",
    "me": "people",
    "embed": "embeds",
    "demo": "home",
    "accessibility": "home",
    "privacy": "home",
    "terms": "home",
    "methodology": "home",
}
"""Short words of addresses, and the noun whose module answers them."""
PLAIN = {"GET": {"index", "show", "new", "edit"}, "POST": {"create", "update", "delete"}}
FORBIDDEN = re.compile(r"^_?(utils?|helpers?|common|misc|base|managers?)$")
LONGEST = {"server": 350, "panels": 350, "analysis": 350, "tests": 500, "templates": 150}  # lines of a file
INCLUDED = re.compile(r'{%-?\s*include\s+"([^"]+)"')
NAMED = re.compile(r'["\']([a-z_]+/[a-z_]+\.(?:html|txt|typ))["\']')
by_name = pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.method} {page.name}")


def module_of(page: Page) -> str:
    """Return the noun whose server module holds the page's handler."""
    return page.name.partition(".")[0]


def templates(pattern: str = "*/*") -> list[Path]:
    """Return the templates whose path matches."""
    return sorted(path for path in TEMPLATES.glob(pattern) if path.is_file())


def sources() -> list[Path]:
    """Return every file of the project that we write: code, tests, templates."""
    found = (path for folder in LONGEST for path in (ROOT / folder).rglob("*") if path.is_file())
    return [path for path in found if path.suffix in (".py", ".html", ".txt", ".typ")]


def noun_and_handlers(page: Page) -> tuple[str, set[str]]:
    """Return the noun of the address and the names that its handler may have."""
    words = [word for word in page.address.split("/") if word and not word.startswith("{")]
    places = [place for place, word in enumerate(words) if NOUN.fullmatch(word) or word in ELSEWHERE]
    if not places:
        return "home", {"index"} if not words else set()
    noun, after = words[places[-1]], words[places[-1] + 1 :]
    assert len(after) <= 1, f"{page.address}: more than one word after its last noun"
    if after:
        return ELSEWHERE.get(noun, noun), {after[0].replace("-", "_")}
    return ELSEWHERE.get(noun, noun), PLAIN[page.method] | ({noun} if noun in ELSEWHERE else set())


def test_the_vote_stands_first() -> None:
    assert PAGES[0].name == "statements.vote"


def test_no_two_pages_share_an_address_or_a_name() -> None:
    assert len({(page.method, page.address) for page in PAGES}) == len(PAGES)
    assert len({page.name for page in PAGES}) == len(PAGES)


@by_name
def test_an_address_names_its_module_and_its_handler(page: Page) -> None:
    noun, handlers = noun_and_handlers(page)
    assert module_of(page) == noun
    assert page.handler.__name__ in handlers


@pytest.mark.parametrize("noun", sorted({module_of(page) for page in PAGES}))
def test_a_noun_with_pages_has_its_templates_and_its_tests(noun: str) -> None:
    assert templates(f"{noun}/*.html"), f"templates/{noun}/ has no page"
    assert (ROOT / "tests" / "server" / f"test_{noun}.py").is_file()


def test_every_folder_of_templates_is_a_noun_or_shared() -> None:
    folders = {path.name for path in TEMPLATES.iterdir() if path.is_dir()} - {"shared", "mail", "errors"}
    assert {folder for folder in folders if not NOUN.fullmatch(folder)} == set()


@pytest.mark.parametrize("part", templates("*/_*.html"), ids=lambda part: f"{part.parent.name}/{part.name}")
def test_a_part_is_included_by_a_whole_page(part: Path) -> None:
    includes = {
        path.relative_to(TEMPLATES).as_posix(): set(INCLUDED.findall(path.read_text()))
        for path in templates()
    }
    reached = {name for name in includes if '{% extends "base.html" %}' in (TEMPLATES / name).read_text()}
    while new := {included for name in reached for included in includes[name]} - reached:
        reached |= new
    assert part.relative_to(TEMPLATES).as_posix() in reached


@pytest.mark.parametrize("template", templates(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_template_is_used(template: Path) -> None:
    name = template.relative_to(TEMPLATES).as_posix()
    users = [path for path in sources() if path != template and path.parts[-2] != "tests"]
    assert any(name in NAMED.findall(path.read_text()) for path in users)


def test_no_file_has_a_name_that_says_nothing() -> None:
    found = [path for path in sources() if FORBIDDEN.match(path.stem) and path != TEMPLATES / "base.html"]
    assert found == []


def test_no_file_is_longer_than_a_reader_likes() -> None:
    ours = [path for path in sources() if path.parent.name != "versions"]  # migrations are generated
    lengths = {path: len(path.read_text().splitlines()) for path in ours}
    limits = {path: LONGEST[path.relative_to(ROOT).parts[0]] for path in lengths}
    assert {str(path): n for path, n in lengths.items() if n > limits[path]} == {}
