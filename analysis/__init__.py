"""Compute from arrays of votes: no web, no database, nothing remembered."""
