"""Analyse votes: arrays in, frozen dataclasses out; no web, no database."""

from analysis.groups import OpinionGroups, find_groups
from analysis.letters import keep_letters
from analysis.votes import Votes, VotesError

__all__ = ["OpinionGroups", "Votes", "VotesError", "find_groups", "keep_letters"]
