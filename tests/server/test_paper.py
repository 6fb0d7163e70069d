"""The statements on paper: what stands on a sheet, and the file that is printed."""

import zlib
from re import DOTALL, findall
from typing import Any

import pytest
import typst

from panels import organisation, variants
from panels.organisation import About
from panels.panels import Panel, Phase, PhaseName
from panels.statements import Card, Origin
from server import paper, pdf
from server.paper import Copy, Printing, Reading
from tests.conftest import NOON, Browser, texts

SHEET = "/{}/panels/library/statements/sheet"
EASY = "Lainaan kirjoja.\nSe on helppoa."
COPIES = (Copy("https://raati.example.fi/fi/panels/library/statements"),)


def card(number: int, words: dict[str, str]) -> Card:
    return Card(number, number, words, "fi", Origin.SEED, None, {})


def sheet(
    language: str, reading: Reading, *, panel: Panel | None = None, about: About = organisation.UNNAMED
) -> dict[str, Any]:
    """Return the sheet of two statements, numbers 3 and 12, one with words in easy language."""
    panel = panel or Panel(title=texts("Library"), question=texts("What about it?"), owner={}, phases=[])
    cards = [card(3, texts("Books")), card(12, {"fi": "Lainaan kirjoja", "fi-easy": EASY})]
    panel.answers_by, panel.contact, panel.smallest = "2027-03-08", panel.contact or "", 5
    return paper.sheets(language, reading, Printing(panel, about, cards, NOON, COPIES))


def everything(file: bytes) -> bytes:
    """Return what a file says, its packed parts unpacked."""
    packed = findall(rb"stream\r?\n(.*?)\r?\nendstream", file, DOTALL)
    return file + b"".join(zlib.decompress(part) for part in packed if part[:1] == b"x")


@pytest.mark.parametrize("reading", Reading)
def test_n12_a_statement_is_named_by_its_number_and_has_three_equal_boxes(reading: Reading) -> None:
    """N12"""
    printed = sheet("fi", reading)
    assert [one["number"] for one in printed["statements"]] == [3, 12]
    assert printed["columns"][2:] == ["Samaa mieltä", "Eri mieltä", "Ohita tai en osaa sanoa"]
    easy = EASY if reading is Reading.EASY else ""
    assert [one["easy"] for one in printed["statements"]] == ["", easy]
    assert printed["statements"][1]["words"] == "Lainaan kirjoja", "the words that are voted on stay"


def test_an_easy_text_that_is_older_than_its_statement_is_not_printed() -> None:
    outdated = {"fi": "Lainaan", "fi-easy": EASY, "fi-easy" + variants.MADE_OF: variants.mark("Luen")}
    assert paper.written("fi", Reading.EASY, card(1, outdated))["easy"] == ""


def test_a_statement_that_is_not_translated_says_its_language() -> None:
    assert [one["language"] for one in sheet("sv", Reading.PLAIN)["statements"]] == ["sv", "fi"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "fi",
            [
                "viimeistään 30.11.2026",
                "Valtuusto (fi) saa tulokset",
                "vähintään 5 ihmisestä",
                "Soita 040 1 (klo 9)",
            ],
        ),
        (
            "sv",
            ["senast 30.11.2026", "Valtuusto (sv) får resultaten", "minst 5 personer", "Ring 040 1 (klo 9)"],
        ),
        (
            "en",
            [
                "by 30 November 2026",
                "Valtuusto (en) gets the results",
                "at least 5 people",
                "Call 040 1 (klo 9)",
            ],
        ),
    ],
)
def test_n12_a_sheet_says_by_when_who_answers_who_sees_and_whom_to_ask(
    language: str, said: list[str]
) -> None:
    """N12"""
    ends = NOON + 9 * 86_400 + 12 * 3600
    vote = Phase(name=PhaseName.VOTE, title={}, starts_at=NOON, ends_at=ends)
    panel = Panel(title={}, question={}, owner=texts("Valtuusto"), contact="Eero, 040 2", phases=[vote])
    printed = sheet(language, Reading.PLAIN, panel=panel, about=About({"fi": "K"}, "040 1", {"fi": "klo 9"}))
    points = printed["how"]["points"] + printed["after"]["points"]
    assert all(any(words in point for point in points) for words in said)
    assert points[-1] == "Eero, 040 2"


def test_n12_a_sheet_for_a_member_bears_their_code_and_its_picture() -> None:
    """N12"""
    panel = Panel(
        title=texts("Library"), question=texts("What?"), owner={}, phases=[], smallest=5, contact=""
    )
    codes = ("7K4M-Q2XD-9TRA-9", "7K4M-Q2XD-9TRB-8")
    copies = [Copy(f"https://raati.example.fi/fi/j/{code}", code) for code in codes]
    printing = Printing(panel, organisation.UNNAMED, [card(3, texts("Books"))], NOON, copies)
    printed = paper.sheets("en", Reading.PLAIN, printing)
    assert [copy["code"] for copy in printed["copies"]] == list(codes)
    assert printed["copies"][0]["qr"] == pdf.qr(copies[0].address) != pdf.qr(copies[1].address)
    assert "Write below the date on which you answer." in printed["how"]["points"]
    said = everything(pdf.pdf("statements/sheet.typ", printed))
    assert said.count(b"/S/Figure") == 2
    assert said.count(b"/Type/Page/") == 3, "each sheet begins on a leaf of its own"


def test_a_sheet_says_nothing_of_what_is_not_known() -> None:
    printed = sheet("en", Reading.PLAIN)
    assert printed["how"]["points"][-1] == "Return the sheet to the place where you got it."
    assert len(printed["after"]["points"]) == 3
    about = About({"fi": "K"}, "040 1")
    assert "Do you have a question? Call 040 1." in sheet("en", Reading.PLAIN, about=about)["after"]["points"]


@pytest.mark.parametrize("reading", Reading)
def test_n12_the_file_is_tagged_for_screen_readers_and_says_its_language(reading: Reading) -> None:
    """N12, A14"""
    said = everything(pdf.pdf("statements/sheet.typ", sheet("sv", reading)))
    for mark in (b"<pdfuaid:part>1</pdfuaid:part>", b"/Marked true", b"/Lang(sv)", b"/S/H1", b"/Alt<FEFF"):
        assert mark in said, mark
    assert (b"/S/TH" in said) == (reading is Reading.PLAIN)


def test_residents_texts_are_printed_and_never_run() -> None:
    printed = sheet("fi", Reading.PLAIN)
    printed["statements"][0]["words"] = '#panic("!") = *$x$ \\ @a'
    assert b"pdfuaid" in everything(pdf.pdf("statements/sheet.typ", printed))


def test_a_sign_that_no_font_has_costs_the_standard_and_not_the_file() -> None:
    printed = sheet("fi", Reading.PLAIN)
    printed["statements"][0]["words"] = "Kirjasto \N{GRINNING FACE} 図書館"
    file = pdf.pdf("statements/sheet.typ", printed)
    assert file.startswith(b"%PDF")
    assert b"pdfuaid" not in everything(file)


def test_a_file_is_not_made_of_half_the_data() -> None:
    with pytest.raises(typst.TypstError):
        pdf.pdf("statements/sheet.typ", {"reading": "plain"})


@pytest.mark.parametrize(
    ("asked", "name"),
    [("", "plain"), ("?reading=large", "large"), ("?easy=yes", "easy"), ("?reading=9", "plain")],
)
def test_n12_anybody_prints_the_statements_as_they_read(browser: Browser, asked: str, name: str) -> None:
    """N12"""
    answer = browser("").get(SHEET.format("sv") + asked)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == f'attachment; filename="library-sv-{name}.pdf"'
    assert answer.content.startswith(b"%PDF")


def test_n12_the_sheets_are_found_on_the_panels_page_and_at_the_desk(browser: Browser) -> None:
    """N12"""
    for address in ("/fi/panels/library", "/fi/panels/library/members/entries"):
        page = browser("eero").get(address).text
        for reading in Reading:
            assert f'href="{SHEET.format("fi")}?reading={reading}"' in page
