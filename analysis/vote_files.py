"""Read vote logs and vote matrices from CSV files, naming file and line where something is wrong."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

_PERSON_COLUMNS = ("voter-id", "participant", "person")
_STATEMENT_COLUMNS = ("comment-id", "statement")
_NOT_STATEMENTS = frozenset(
    {"participant", "xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree"}
)
_CODES = {"-1": -1, "0": 0, "1": 1, "+1": 1, "-1.0": -1, "0.0": 0, "1.0": 1}
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")  # what fits into 64 bits


class VotesError(ValueError):
    """Say what is wrong with votes; `code`, `file` and `line` let an interface say it in its own language.

    Codes: missing, encoding, empty, people, columns, cells, value, number, lengths, index; in imports also
    counts, unequal, no_text.
    """

    def __init__(self, code: str, message: str, *, file: str = "", line: int = 0) -> None:
        """Join place and message to one line."""
        place = ", ".join(part for part in (file, f"line {line}" if line else "") if part)
        super().__init__(f"{place}: {message}" if place else message)
        self.code = code
        self.file = file
        self.line = line


@dataclass(frozen=True)
class Row:
    """Hold the cells of one record and the line on which it ends in the file."""

    line: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """Hold a CSV file: its name, the header's cells and the rows under it."""

    file: str
    header: list[str]
    rows: list[Row]

    def column(self, *names: str) -> int:
        """Return the place of the first of these columns that is there, or −1."""
        return next((self.header.index(name) for name in names if name in self.header), -1)

    def error(self, code: str, message: str, *, line: int = 1) -> VotesError:
        """Make an error that names this file and a line."""
        return VotesError(code, message, file=self.file, line=line)

    def whole_rows(self) -> Iterator[Row]:
        """Yield the rows that have as many cells as the header."""
        return (row for row in self.rows if len(row.cells) == len(self.header))

    def broken_rows(self) -> list[VotesError]:
        """List the rows with another number of cells than the header."""
        message = f"{{}} cells instead of {len(self.header)}"
        return [
            self.error("cells", message.format(len(row.cells)), line=row.line)
            for row in self.rows
            if len(row.cells) != len(self.header)
        ]


class Entry(NamedTuple):
    """Hold one vote as it stands in a file; `time` is None where the file has none."""

    person: str
    statement: str
    vote: int
    time: int | None

    def turned(self) -> "Entry":
        """Return the opposite vote."""
        return self._replace(vote=-self.vote)


def read_text(path: Path) -> str:
    """Read a file in UTF-8, with or without byte-order mark."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise VotesError("missing", "the file cannot be read", file=path.name) from error
    except UnicodeDecodeError as error:
        raise VotesError("encoding", "the file is not UTF-8", file=path.name) from error


def read_table(path: Path) -> Table:
    """Read a CSV file; empty lines are left out."""
    reader = csv.reader(io.StringIO(read_text(path), newline=""))
    try:
        rows = [Row(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        raise VotesError("cells", str(error), file=path.name, line=reader.line_num) from error
    if not rows:
        raise VotesError("empty", "the file is empty", file=path.name)
    header = [cell.strip() for cell in rows[0].cells]
    return Table(path.name, header, rows[1:])


def is_log(table: Table) -> bool:
    """Tell whether a table has a row per vote; otherwise it should have a row per person."""
    return "vote" in table.header


def log_entries(table: Table) -> list[Entry]:
    """Return the votes of a log in the order in which they were given: by time, then by line."""
    person, statement = table.column(*_PERSON_COLUMNS), table.column(*_STATEMENT_COLUMNS)
    vote, time = table.column("vote"), table.column("timestamp")
    if min(person, statement, vote) < 0:
        raise table.error("columns", "a log needs a column for the person, the statement and the vote")
    entries = [
        Entry(
            id_at(table, row, person),
            id_at(table, row, statement),
            vote_at(table, row, vote),
            None if time < 0 else whole_number(table, row, time),
        )
        for row in table.whole_rows()
    ]
    return entries if time < 0 else sorted(entries, key=_given_at)


def matrix_columns(table: Table) -> dict[int, str]:
    """Return the place and id of every column of a matrix that is a statement, or say which id is wrong."""
    columns = {place: name for place, name in enumerate(table.header) if name not in _NOT_STATEMENTS}
    header = Row(1, table.header)
    for place, name in columns.items():
        id_at(table, header, place)
        if table.header.index(name) < place:
            raise table.error("columns", f"two columns are named '{name}'")
    return columns


def matrix_people(table: Table) -> set[str]:
    """Return the ids of all people of a matrix, those without votes too."""
    person = table.column("participant")
    return {id_at(table, row, person) for row in table.whole_rows()}


def matrix_entries(table: Table) -> list[Entry]:
    """Return the votes of a matrix, row by row; an empty cell is an unseen statement."""
    person, columns = table.column("participant"), matrix_columns(table)
    if person < 0:
        raise table.error("columns", "a matrix needs a column 'participant'")
    return [
        Entry(id_at(table, row, person), name, vote_at(table, row, place), None)
        for row in table.whole_rows()
        for place, name in columns.items()
        if row.cells[place].strip()
    ]


def id_at(table: Table, row: Row, place: int) -> str:
    """Return the cell as an id of a person or a statement, or say on which line it is none."""
    cell = row.cells[place].strip()
    if not cell or (cell[0] == "-" and _WHOLE_NUMBER.fullmatch(cell)):
        message = f"'{cell}' in column '{table.header[place]}' is no id: it is empty or below 0"
        raise table.error("index", message, line=row.line)
    return cell


def whole_number(table: Table, row: Row, place: int) -> int:
    """Return the cell as a whole number, or say on which line it is none."""
    cell = row.cells[place].strip()
    if not _WHOLE_NUMBER.fullmatch(cell):
        raise table.error(
            "number", f"'{cell}' in column '{table.header[place]}' is no whole number", line=row.line
        )
    return int(cell)


def in_order(ids: Iterable[str]) -> tuple[str, ...]:
    """Return the different ids, sorted as numbers where all of them are numbers."""
    different = set(ids)
    if all(_WHOLE_NUMBER.fullmatch(name) for name in different):
        return tuple(sorted(different, key=lambda name: (int(name), name)))
    return tuple(sorted(different))


def vote_at(table: Table, row: Row, place: int) -> int:
    """Return the cell as a vote, or say on which line it is none."""
    cell = row.cells[place].strip()
    if cell not in _CODES:
        raise table.error(
            "value", f"'{cell}' in column '{table.header[place]}' is not −1, 0 or 1", line=row.line
        )
    return _CODES[cell]


def _given_at(entry: Entry) -> int:
    return entry.time or 0
