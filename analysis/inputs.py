"""Read the votes of one file, with what the file and its neighbours tell about them."""

from dataclasses import dataclass
from pathlib import Path

from analysis.polis import COMMENTS, LOG, MATRIX, sign_of, source_of, time_unit
from analysis.vote_files import Table, VotesError, is_log, matrix_columns, matrix_people, read_table
from analysis.votes import Votes, from_entries


@dataclass(frozen=True, eq=False)
class VoteFile:
    """Hold the votes of a file with their ids, +1 = agree whatever the file meant.

    `kind`: 'matrix' or 'log'. `sign`: 'checked', 'turned' or 'assumed'. `time_unit`: 'ms', 's' or None.
    `revotes`: rows of a log that a later row of the same person and statement replaced.
    """

    votes: Votes
    kind: str
    sign: str
    time_unit: str | None
    revotes: int


def read_votes(path: Path) -> VoteFile:
    """Read a vote log or a vote matrix, told apart by the header.

    The other files of a Polis export tell the sign of a log that is named votes.csv as there. Raises
    VotesError for what no analysis can be made of: no votes at all, or those of a single person.
    """
    table = read_table(path)
    for error in table.broken_rows():
        raise error
    found = _of_log(table, path) if is_log(table) else _of_matrix(table)
    if found.votes.vote.size == 0:
        raise VotesError("empty", "the file has no votes", file=path.name)
    if len(set(found.votes.person.tolist())) == 1:
        raise VotesError("people", "only one person has voted; there is nothing to compare", file=path.name)
    return found


def _of_log(table: Table, path: Path) -> VoteFile:
    names = (COMMENTS, MATRIX) if path.name == LOG else ()
    neighbours = {name: path.with_name(name) for name in names}
    near = {name: read_table(file) for name, file in neighbours.items() if file.exists()}
    source = source_of(near | {LOG: table})
    sign = sign_of(source)
    entries = [entry.turned() for entry in source.log] if sign == "turned" else source.log
    people, statements = {entry.person for entry in entries}, {entry.statement for entry in entries}
    votes = from_entries(entries, people=people, statements=statements)
    return VoteFile(votes, "log", sign, time_unit(entries), len(entries) - votes.vote.size)


def _of_matrix(table: Table) -> VoteFile:
    source = source_of({MATRIX: table})
    columns = matrix_columns(table)
    if not columns:
        raise table.error("columns", "no column is a statement")
    votes = from_entries(source.matrix, people=matrix_people(table), statements=columns.values())
    return VoteFile(votes, "matrix", sign_of(source), None, 0)
