"""Tables that other programs wrote: CSV as spreadsheets in Finland save it, and XLSX."""

import codecs
import csv
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO, StringIO
from itertools import islice

import openpyxl

from panels.errors import RefusedError

MOST_ROWS = 2_000  # below the header: they are stored in one turn to write, for which voters wait
MOST_COLUMNS = 100
MOST_PARTS, MOST_UNPACKED = 100, 20_000_000  # of an XLSX, which is a packed folder
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell must not begin with: a spreadsheet would compute it."""
UNREADABLE = (
    *(csv.Error, zipfile.BadZipFile, zlib.error, ValueError, LookupError, TypeError, AttributeError),
    *(SyntaxError, OSError, EOFError, RuntimeError),
)
"""What reading a foreign file may raise; openpyxl checks little of what it is given."""


def read(content: bytes) -> list[list[str]]:
    """Return the rows of the file's table, the first one of an XLSX.

    Raises RefusedError: ``not_a_table``, ``too_many_rows``, ``too_many_columns``, ``too_much_inside``.
    """
    try:
        found = read_sheet(content) if content.startswith(b"PK") else read_lines(content)
        rows = list(islice(found, MOST_ROWS + 2))
    except UNREADABLE as error:
        raise RefusedError("not_a_table", "file") from error
    if len(rows) > MOST_ROWS + 1:
        raise RefusedError("too_many_rows", "file", most=MOST_ROWS)
    if max(map(len, rows), default=0) > MOST_COLUMNS:
        raise RefusedError("too_many_columns", "file", most=MOST_COLUMNS)
    return rows


def read_lines(content: bytes) -> Iterator[list[str]]:
    """Yield the rows of a CSV, apart at what stands most often in its first line: ``;`` ``,`` or a tab."""
    text = decoded(content).replace("\0", "")
    header = text.partition("\n")[0]
    separator = max(";,\t", key=header.count)
    for row in csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True):
        yield [plain(cell) for cell in row]


def decoded(content: bytes) -> str:
    """Return the text: UTF-8 or UTF-16 with their marks, else UTF-8, else as Windows in the West writes."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def read_sheet(content: bytes) -> Iterator[list[str]]:
    """Yield the rows of an XLSX's first sheet: of formulas what they came to."""
    with zipfile.ZipFile(BytesIO(content)) as packed:
        parts = packed.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise RefusedError("too_much_inside", "file")
    book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
    try:
        for row in book.worksheets[0].iter_rows(max_col=MOST_COLUMNS + 1, values_only=True):
            yield trimmed([plain(written(value)) for value in row])
    finally:
        book.close()


def written(value: object) -> str:
    """Return a cell's value as a person would write it."""
    return "" if value is None else f"{value:.15g}" if isinstance(value, float) else str(value)


def trimmed(row: list[str]) -> list[str]:
    """Return the row without the empty cells at its end."""
    while row and not row[-1]:
        row.pop()
    return row


def harmless(cell: str) -> str:
    """Return the cell so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.lstrip("'").startswith(FORMULA) else cell


def plain(cell: str) -> str:
    """Return the cell as it was before it was made harmless."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell
