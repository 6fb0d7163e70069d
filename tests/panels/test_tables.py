import csv
import zipfile
from collections.abc import Sequence
from datetime import date
from io import BytesIO, StringIO
from time import perf_counter

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panels import tables
from panels.errors import RefusedError
from server.letters import table

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)


def sheet(*rows: Sequence[object]) -> bytes:
    """Return an XLSX with the rows."""
    book, kept = openpyxl.Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(kept)
    return kept.getvalue()


def refused(content: bytes) -> str:
    with pytest.raises(RefusedError) as error:
        tables.read(content)
    return error.value.code


def packed(*sizes: int) -> bytes:
    """Return a packed folder with files of the sizes."""
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as parts:
        for number, size in enumerate(sizes):
            parts.writestr(f"{number}.xml", bytes(size))
    return kept.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_f17_a_csv_is_read_as_finnish_spreadsheets_write_it(encoding: str, separator: str) -> None:
    """F17"""
    lines = [["nimi", "sähköposti"], ["Åke Ärlig", 'o"ma@example.fi']]
    quoted = [[cell.replace('"', '""') for cell in line] for line in lines]
    written = "".join(separator.join(f'"{cell}"' for cell in line) + "\r\n" for line in quoted)
    assert tables.read(written.encode(encoding)) == lines


def test_f17_an_xlsx_is_read_as_text() -> None:
    """F17"""
    rows = tables.read(sheet(["fi", "number", None], ["=1+1", 7, 2.5], [date(2027, 3, 8)], [], ["Ä", None]))
    assert rows == [["fi", "number"], ["", "7", "2.5"], ["2027-03-08 00:00:00"], [], ["Ä"]]


@pytest.mark.parametrize(
    "content",
    [b"PK\3\4 but no folder", packed(10), b"\x81\x8d", b'a;b\n"', sheet(["a"])[:-200]],
    ids=["no folder", "no sheet", "no text", "open quotes", "half a file"],
)
def test_t25_what_is_no_table_is_refused(content: bytes) -> None:
    """T25"""
    assert refused(content) == "not_a_table"


def test_t25_a_file_over_the_limits_is_refused_within_two_seconds() -> None:
    """T25, F17"""
    many = [["fi", "sv"], *([f"Väittämä {number}", "Påstående"] for number in range(50_001))]
    begun = perf_counter()
    assert refused("\n".join(";".join(row) for row in many).encode()) == "too_many_rows"
    assert refused(b";" * 100) == "too_many_columns"
    assert refused(packed(*[1] * 101)) == "too_much_inside"
    assert refused(packed(20_000_001)) == "too_much_inside"
    assert perf_counter() - begun < 2
    long, wide = sheet(*many[:2_002]), sheet(["a"] * 101)
    begun = perf_counter()
    assert refused(long) == "too_many_rows"
    assert refused(wide) == "too_many_columns"
    assert perf_counter() - begun < 2


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=20, max_size=30))
def test_t25_what_we_write_comes_back_as_it_was(rows: list[tuple[str, str]]) -> None:
    """T25"""
    written = table([("a", "b"), *rows])
    assert tables.read(written) == [["a", "b"], *map(list, rows)]
    found = csv.reader(StringIO(written.decode("utf-8-sig"), newline=""), delimiter=";")
    assert not any(cell.startswith(tables.FORMULA) for row in found for cell in row)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_t25_no_cell_is_a_formula(sign: str) -> None:
    """T25"""
    assert tables.harmless(f"{sign}1+1") == f"'{sign}1+1"
    assert tables.harmless(f"1{sign}") == f"1{sign}"
    assert tables.plain(f"'{sign}1+1") == f"{sign}1+1"
    assert tables.plain("'n") == "'n"
