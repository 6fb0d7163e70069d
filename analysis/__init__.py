"""Analyse votes: arrays in, frozen dataclasses out; no web, no database."""

from analysis.votes import Votes, VotesError

__all__ = ["Votes", "VotesError"]
