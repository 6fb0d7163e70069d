"""Read a conversation that was exported from Polis, and check it against itself."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.vote_files import (
    Entry,
    Table,
    VotesError,
    in_order,
    log_entries,
    matrix_columns,
    matrix_entries,
    matrix_people,
    read_table,
    vote_at,
    whole_number,
)
from analysis.votes import Votes, from_entries

COMMENTS, MATRIX, LOG = "comments.csv", "participants-votes.csv", "votes.csv"
_REJECTED = -1
_YES = frozenset({"1", "true", "t"})
_FIRST_MILLISECONDS = 1e11


@dataclass(frozen=True)
class PolisStatement:
    """Hold one statement of the export; `column` is its column in the votes, None if it has no vote.

    `moderated`: −1 rejected, 0 undecided, 1 accepted. `meta`: about the conversation itself. `author` is a
    participant's id, empty if the file does not tell.
    """

    id: str
    body: str
    moderated: int
    meta: bool
    author: str
    column: int | None

    @property
    def rejected(self) -> bool:
        """Tell whether the statement keeps its votes in the files but must be left out of every result."""
        return self.moderated == _REJECTED or self.meta


@dataclass(frozen=True, eq=False)
class PolisExport:
    """Hold an export: all votes, rejected statements still among them, +1 = agree whatever the file meant.

    `revotes`: log rows that a later row of the same person and statement replaced.
    `sign`: 'checked' (+1 is agree in the file), 'turned' (−1 was agree; turned round), 'assumed' (nothing
    in the files tells).
    `time_unit`: 'ms', 's' or None without times. `times`: when each vote was given, in milliseconds since
    1970, in the order of the votes' entries; None without a log that has times.
    `problems`: rows that do not fit, each with file and line; broken rows are left out, not guessed.
    """

    votes: Votes
    statements: tuple[PolisStatement, ...]
    revotes: int
    sign: str
    time_unit: str | None
    times: NDArray[np.int64] | None
    problems: tuple[VotesError, ...]

    @property
    def rejected_columns(self) -> list[int]:
        """Return the columns of the votes that every result must leave out."""
        return [s.column for s in self.statements if s.rejected and s.column is not None]


@dataclass(frozen=True)
class Source:
    """Hold tables by name, and the entries of the matrix and of the log, empty where there is none."""

    tables: dict[str, Table]
    matrix: list[Entry]
    log: list[Entry]


def read_polis(folder: str | Path) -> PolisExport:
    """Read comments.csv with participants-votes.csv, votes.csv or both from a folder.

    With both, the votes are the log's, and the matrix tells the log's sign. Raises VotesError, naming file
    and line, for a missing or unreadable file, a missing column and a cell that is no vote or no number.
    """
    source = source_of(_read(Path(folder)))
    sign = sign_of(source)
    log = [entry.turned() for entry in source.log] if sign == "turned" else source.log
    votes = _votes(source, log or source.matrix)
    pairs = {(entry.person, entry.statement): entry for entry in log}
    unit = time_unit(log)
    return PolisExport(
        votes=votes,
        statements=_statements(source.tables[COMMENTS], votes),
        revotes=len(log) - len(pairs),
        sign=sign,
        time_unit=unit,
        times=_times(votes, pairs, unit) if unit else None,
        problems=tuple(_problems(source, votes, pairs)),
    )


def source_of(tables: dict[str, Table]) -> Source:
    """Read the votes of tables named as Polis names its files."""
    if COMMENTS in tables:
        comments = tables[COMMENTS]
        if min(comments.column("comment-id"), comments.column("comment-body")) < 0:
            raise comments.error("columns", "columns 'comment-id' and 'comment-body' are needed")
    matrix = matrix_entries(tables[MATRIX]) if MATRIX in tables else []
    return Source(tables, matrix, log_entries(tables[LOG]) if LOG in tables else [])


def sign_of(source: Source) -> str:
    """Tell what +1 means: a matrix decides about a log beside it, else the agrees of comments.csv do.

    Returns 'checked', 'turned' or 'assumed', as in PolisExport. The older server file turned votes and agrees
    alike, with times in seconds: there the two prove nothing.
    """
    if source.matrix and source.log:
        matrix = {(entry.person, entry.statement): entry.vote for entry in source.matrix}
        log = {(entry.person, entry.statement): entry.vote for entry in source.log}
        products = [vote * log.get(pair, 0) for pair, vote in matrix.items()]
        return _smaller(products.count(-1), products.count(1))
    if source.log:
        known = COMMENTS in source.tables and time_unit(source.log) == "ms"
        return _sign_by_agrees(source.tables[COMMENTS], source.log) if known else "assumed"
    counted = source.matrix and "n-agree" in source.tables[MATRIX].header
    return "checked" if counted and not any(_miscounted(source.tables[MATRIX])) else "assumed"


def _read(folder: Path) -> dict[str, Table]:
    tables = {COMMENTS: read_table(folder / COMMENTS)}
    tables |= {name: read_table(folder / name) for name in (MATRIX, LOG) if (folder / name).exists()}
    if len(tables) == 1:
        raise VotesError("missing", f"neither {MATRIX} nor {LOG} is there", file=folder.name)
    return tables


def _sign_by_agrees(comments: Table, log: list[Entry]) -> str:
    place, agrees = comments.column("comment-id"), comments.column("agrees")
    if agrees < 0:
        return "assumed"
    events = {vote: Counter(entry.statement for entry in log if entry.vote == vote) for vote in (1, -1)}
    off = {1: 0, -1: 0}
    for row in comments.whole_rows():
        count = whole_number(comments, row, agrees)
        for vote in off:
            off[vote] += abs(events[vote][row.cells[place].strip()] - count)
    return _smaller(off[1], off[-1])


def _smaller(against: int, against_turned: int) -> str:
    if against == against_turned:
        return "assumed"
    return "checked" if against < against_turned else "turned"


def time_unit(log: list[Entry]) -> str | None:
    """Tell the unit of the times, 's' or 'ms'; None without times."""
    times = [entry.time for entry in log if entry.time is not None]
    if not times:
        return None
    return "s" if float(np.median(times)) < _FIRST_MILLISECONDS else "ms"


def _votes(source: Source, entries: list[Entry]) -> Votes:
    people = {entry.person for entry in entries}
    if MATRIX in source.tables:
        people |= matrix_people(source.tables[MATRIX])
    return from_entries(entries, people=people, statements=(entry.statement for entry in entries))


def _times(votes: Votes, pairs: dict[tuple[str, str], Entry], unit: str) -> NDArray[np.int64]:
    factor = 1000 if unit == "s" else 1
    people, statements = votes.person_ids or (), votes.statement_ids or ()
    places = zip(votes.person.tolist(), votes.statement.tolist(), strict=True)
    found = [pairs[people[person], statements[statement]].time for person, statement in places]
    return np.array([factor * (time or 0) for time in found], dtype=np.int64)


def _statements(comments: Table, votes: Votes) -> tuple[PolisStatement, ...]:
    columns = {name: column for column, name in enumerate(votes.statement_ids or ())}
    moderated, meta = comments.column("moderated"), comments.column("is-meta")
    author, place, body = (comments.column(name) for name in ("author-id", "comment-id", "comment-body"))
    found = {}
    for row in comments.whole_rows():
        name = row.cells[place].strip()
        found[name] = PolisStatement(
            id=name,
            body=row.cells[body],
            moderated=whole_number(comments, row, moderated) if moderated >= 0 else 0,
            meta=meta >= 0 and row.cells[meta].strip().lower() in _YES,
            author=row.cells[author].strip() if author >= 0 else "",
            column=columns.get(name),
        )
    for name, column in columns.items():
        found.setdefault(name, PolisStatement(name, "", 0, False, "", column))
    return tuple(found[name] for name in in_order(found))


def _problems(source: Source, votes: Votes, pairs: dict[tuple[str, str], Entry]) -> Iterator[VotesError]:
    for table in source.tables.values():
        yield from table.broken_rows()
    if MATRIX in source.tables:
        yield from _miscounted(source.tables[MATRIX])
    if source.matrix and pairs:
        yield from _unequal(source, pairs)
    comments = source.tables[COMMENTS]
    place = comments.column("comment-id")
    told = {row.cells[place].strip() for row in comments.whole_rows()}
    for name in votes.statement_ids or ():
        if name not in told:
            yield VotesError("no_text", f"statement {name} has votes but no text", file=COMMENTS)


def _miscounted(matrix: Table) -> Iterator[VotesError]:
    """Yield the rows whose n-votes, n-agree or n-disagree is not the number of votes in the row."""
    columns = matrix_columns(matrix)
    counted = (("n-votes", (1, 0, -1)), ("n-agree", (1,)), ("n-disagree", (-1,)))
    checked = [(name, kinds, matrix.column(name)) for name, kinds in counted if name in matrix.header]
    for row in matrix.whole_rows():
        votes = Counter(vote_at(matrix, row, place) for place in columns if row.cells[place].strip())
        for name, kinds, place in checked:
            counted_here = sum(votes[kind] for kind in kinds)
            if whole_number(matrix, row, place) != counted_here:
                message = f"{name} is {row.cells[place].strip()}, but the row has {counted_here}"
                yield matrix.error("counts", message, line=row.line)


def _unequal(source: Source, pairs: dict[tuple[str, str], Entry]) -> Iterator[VotesError]:
    """Yield each pair of person and statement that log and matrix tell differently."""
    matrix = {(entry.person, entry.statement): entry.vote for entry in source.matrix}
    log = {pair: entry.vote for pair, entry in pairs.items()}
    for person, statement in sorted(matrix.keys() | log.keys()):
        if matrix.get((person, statement)) != log.get((person, statement)):
            message = f"participant {person}, statement {statement}: {MATRIX} and {LOG} differ"
            yield VotesError("unequal", message, file=MATRIX)
