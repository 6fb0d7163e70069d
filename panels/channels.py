"""Channels: by which door people answered, told so that no few of them can be picked out."""

from collections import Counter
from collections.abc import Iterable
from operator import itemgetter

from sqlalchemy import func, select

from panels.database import Session
from panels.snapshots import VISIBLE, Printed
from panels.statements import Statement, Vote

ORDER = ("web", "paper", "phone", "desk", "import")
"""All channels of votes; the last are those that were given in another service."""


def newest(db: Session, panel: int) -> dict[int, str]:
    """Return by which channel the newest counted answer of each member came; of two at once, by the web's."""
    latest = func.max(Vote.at)
    counted = select(Vote.member_id, Vote.channel, latest).join(Statement)
    rows = db.execute(
        counted.where(VISIBLE, Vote.choice.is_not(None)).group_by(Vote.member_id, Vote.channel),
        {"panel": panel},
    ).all()
    return {row[0]: row[1] for row in sorted(rows, key=lambda row: (row[2], -ORDER.index(row[1])))}


def printed(channels: Iterable[str], k: int) -> list[Printed]:
    """Return how many people answered by each channel, ``{"channels": ["phone", "desk"], "people": 7}``.

    Where fewer than k came by a channel, it is told together with the next smallest: a "fewer than k" could
    be worked out from the rest, for the number of all who answered is told too.
    """
    counts = Counter(channels)
    rows = sorted(((counts[name], [name]) for name in ORDER if counts[name]), key=itemgetter(0))
    while len(rows) > 1 and rows[0][0] < k:
        (few, names), (more, others), *rest = rows
        rows = sorted([(few + more, names + others), *rest], key=itemgetter(0))
    told = ({"channels": sorted(names, key=ORDER.index), "people": people} for people, names in rows)
    return sorted(told, key=lambda row: ORDER.index(row["channels"][0]))
