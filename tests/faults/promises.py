"""What the server has promised to its voters, and whether the votes that it stores keep it.

Every write is an interval on one register (voter, statement):

- acked: a 2xx reached the voter, so it took effect somewhere between start and end
- refused: a 4xx on the first try, so it must not take effect
- unknown: 5xx, reset, timeout or no reply, so it may take effect until the next kill of the server, or never
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

NEVER = float("inf")
Register = tuple[str, int]


@dataclass
class Write:
    """A press of a button in one tab, with all its retries."""

    voter: str
    tab: str
    statement: int
    choice: int
    key: str
    start: float
    end: float = NEVER
    sent: float = 0.0
    """When the last try began."""
    tries: int = 0
    outcome: str = "unknown"

    @property
    def register(self) -> Register:
        """What it writes to."""
        return self.voter, self.statement


class Row(NamedTuple):
    """A stored vote."""

    voter: str
    statement: int
    choice: int | None
    key: str


def violations(writes: list[Write], kills: list[float], stored: list[Row]) -> list[str]:
    """Return every broken promise in words, after one read of the votes when everything was over.

    LOST: the stored vote was replaced by a later acknowledged one, or none is stored; also a write that a tab
    gave up and that the network delivered after a newer vote of that tab. duplicate: two rows of one voter on
    one statement. phantom: a row that nobody sent. corrupt: the right key with another choice.
    """
    rows: dict[Register, list[Row]] = defaultdict(list)
    registers: dict[Register, list[Write]] = defaultdict(list)
    for row in stored:
        rows[row.voter, row.statement].append(row)
    for write in writes:
        registers[write.register].append(write)
    found = [f"duplicate: {name} has {len(both)} rows" for name, both in rows.items() if len(both) > 1]
    found += [f"phantom: {name} is stored, nobody sent it" for name in rows if name not in registers]
    for name, sent in registers.items():
        found += broken(sent, kills, rows[name][-1] if name in rows else None)
    return found


def broken(sent: list[Write], kills: list[float], row: Row | None) -> list[str]:
    """Return what is wrong with the row of one register, as at most one sentence."""
    acked = [write for write in sent if write.outcome == "acked"]
    possible = [write for write in sent if write.outcome != "refused"]
    legal = {write.key: write for write in possible if not any(replaced(write, a, kills) for a in acked)}
    name = sent[0].register
    if row is None:
        return [f"LOST: {name} has {len(acked)} acknowledged votes, none is stored"] if acked else []
    last = acked[-1].choice if acked else None
    if row.key not in legal:
        kind = "a replaced" if row.key in keys(possible) else "an unknown or refused"
        return [f"LOST: {name} stores {kind} write {row.choice}, last acknowledged {last}"]
    if legal[row.key].choice != row.choice:
        return [f"corrupt: {name} stores {row.choice}, sent {legal[row.key].choice}"]
    return []


def keys(writes: Iterable[Write]) -> set[str]:
    """Return the keys of the writes."""
    return {write.key for write in writes}


def replaced(write: Write, acked: Write, kills: list[float]) -> bool:
    """Return whether the acknowledged write must have taken effect after the other one."""
    last_moment = write.end
    if write.outcome != "acked":
        last_moment = min((kill for kill in kills if kill > write.sent), default=NEVER)
    gave_up = write.outcome == "unknown" and acked.tab == write.tab and acked.start > write.start
    return acked.start > last_moment or gave_up
