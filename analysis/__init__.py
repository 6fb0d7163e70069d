"""Analyse votes: arrays in, frozen dataclasses out; no web, no database.

    from analysis import Votes, find_groups, measure

    votes = Votes.read_csv("votes.csv")            # or Votes.from_arrays(person, statement, vote, …)
    votes = votes.without([4, 9])                  # hidden statements leave as if they had never been there
    groups = find_groups(votes, smallest=5)        # verdict, labels, positions: opinions form groups, or not
    for statement in measure(votes, groups):       # shares with intervals, what unites, what divides
        print(statement.agree_share, statement.claims)

Votes are 1 agree, −1 disagree, 0 pass; an unseen pair is absent. The same votes and seed give the same result
in any order of people and statements, and no function changes its arguments. From the command line:

    python -m analysis votes.csv --out report.json [--exclude ids.txt] [--groups 3] [--seed 0]

`groups.verdict` comes first. 'groups': they foretell votes that were hidden from them. 'spectrum': they do,
but a sliding scale does better, so show the map and let groups only sum it up. 'none': nothing foretells
hidden votes better than the crowd as a whole; random votes give this. 'too_few': under 30 people with 7
votes, or under 5 agrees and disagrees each. `groups.labels`, `.confidence` and `.positions` tell of persons:
they are for the persons themselves. `axis_ends` says what the map's axes stand for, `keep_letters` keeps a
group's letter from one result to the next. Three or more groups among fewer than 150 people cannot be found
reliably.

What may be published goes through three more modules, none of which looks at a person: `small_cells`
(counts in, printable cells out), `word_ladder` (printable cells in, words out) and `opinion_map` (hexagons
of at least k people). `polis` reads a conversation exported from Polis and checks it against itself.

Inside: `canonical` puts votes into an order of their own; `answers` adds up over them; `plane` lays people on
axes; `classes` sorts them; `prediction` and `spectrum` foretell hidden votes, by which `choice` judges how
many groups there are.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.groups import OpinionGroups, find_groups
    from analysis.letters import keep_letters
    from analysis.polis import PolisExport, read_polis
    from analysis.statements import GroupCounts, StatementMeasure, measure
    from analysis.votes import Votes, VotesError

VERSION = "0.1.0"

__all__ = [
    "VERSION",
    "GroupCounts",
    "OpinionGroups",
    "PolisExport",
    "StatementMeasure",
    "Votes",
    "VotesError",
    "find_groups",
    "keep_letters",
    "measure",
    "read_polis",
]

_HOMES = {
    "GroupCounts": "statements",
    "OpinionGroups": "groups",
    "PolisExport": "polis",
    "StatementMeasure": "statements",
    "Votes": "votes",
    "VotesError": "votes",
    "find_groups": "groups",
    "keep_letters": "letters",
    "measure": "statements",
    "read_polis": "polis",
}


def __getattr__(name: str) -> Any:
    """Load a public name when first asked for: scikit-learn takes seconds, and `small_cells` needs none."""
    if name not in _HOMES:
        raise AttributeError(f"module 'analysis' has no attribute '{name}'")
    return getattr(import_module(f"analysis.{_HOMES[name]}"), name)
