"""Analyse votes: arrays in, frozen dataclasses out; no web, no database."""

from analysis.groups import OpinionGroups, find_groups
from analysis.letters import keep_letters
from analysis.statements import GroupCounts, StatementMeasure, measure
from analysis.votes import Votes, VotesError

__all__ = [
    "GroupCounts",
    "OpinionGroups",
    "StatementMeasure",
    "Votes",
    "VotesError",
    "find_groups",
    "keep_letters",
    "measure",
]
