"""Analyse a file of votes from the command line: python -m analysis VOTES.csv --out report.json."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import NoReturn

from analysis.choice import MOST_GROUPS
from analysis.groups import find_groups
from analysis.inputs import VoteFile, read_votes
from analysis.report import Analysis, report
from analysis.statements import measure
from analysis.vote_files import VotesError, read_text

WRONG = 2


class _OneLine(argparse.ArgumentParser):
    """Say what is wrong with the arguments in one line."""

    def error(self, message: str) -> NoReturn:
        """Leave with exit status 2."""
        self.exit(WRONG, f"analysis: {' '.join(message.split())}\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the report and return, or say in one line what is wrong, write nothing and leave with 2."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    try:
        file = read_votes(asked.votes)
        if asked.out.exists() and asked.out.samefile(asked.votes):
            parser.error("the report would take the place of the votes")
        left_out = _left_out(asked.exclude)
        _write(asked.out, report(_analyse(file, asked, left_out)))
    except VotesError as error:
        parser.error(str(error))
    except OSError as error:
        parser.error(f"{asked.out}: {error.strerror}")
    for name in left_out:
        if name not in (file.votes.statement_ids or ()):
            sys.stderr.write(f"analysis: {asked.exclude.name}: no statement has the id '{name}'\n")


def _parser() -> argparse.ArgumentParser:
    parser = _OneLine(prog="python -m analysis", description="Find opinion groups and measure statements.")
    parser.add_argument("votes", type=Path, metavar="VOTES.csv", help="a vote log or a vote matrix")
    parser.add_argument("--out", type=Path, required=True, metavar="report.json")
    parser.add_argument(
        "--exclude", type=Path, metavar="FILE", help="ids of statements to leave out, one a line"
    )
    parser.add_argument(
        "--groups", type=int, choices=range(1, MOST_GROUPS + 1), metavar="K", help="set the number of groups"
    )
    parser.add_argument("--seed", type=_seed, default=0, metavar="N")
    return parser


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is no whole number from 0")
    return int(text)


def _left_out(path: Path | None) -> list[str]:
    """Return the ids in the file, one a line."""
    return [] if path is None else [line.strip() for line in read_text(path).splitlines() if line.strip()]


def _analyse(file: VoteFile, asked: argparse.Namespace, left_out: list[str]) -> Analysis:
    names = file.votes.statement_ids or ()
    votes = file.votes.without(names.index(name) for name in left_out if name in names)
    if votes.vote.size == 0:
        raise VotesError("empty", "no vote is left without these statements", file=asked.votes.name)
    groups = find_groups(votes, seed=asked.seed, groups=asked.groups)
    return Analysis(file, votes, groups, measure(votes, groups), asked.seed)


def _write(path: Path, text: str) -> None:
    """Write a temporary file beside the path, then put it in its place: no half report is ever seen.

    Only its owner may read it, for it tells of people.
    """
    with NamedTemporaryFile("w", dir=path.parent, encoding="utf-8", newline="\n", delete=False) as temporary:
        name = Path(temporary.name)
        try:
            temporary.write(text)
            temporary.flush()
            name.replace(path)
        except OSError:
            name.unlink()
            raise


if __name__ == "__main__":
    main()
