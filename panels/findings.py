"""What a result says of its statements, chosen and ranked by the printed figures alone."""

from collections.abc import Callable, Sequence
from typing import Any

Row = dict[str, Any]
"""Printed figures of everybody or of one group. ``_least`` and ``_most`` are per cent that they allow."""
Entry = dict[str, Any]
"""A statement: ``all`` and ``groups`` are rows, None where hidden."""

HALF, AGREED, DIVIDED, UNSURE = 50, 60, 30, 30  # per cent that a reader can check in the printed figures
MOST_MARKS = 2
PRINTED = (
    *("n", "agree", "disagree", "passes", "agree_is_few", "disagree_is_few"),
    *("agree_bounds", "disagree_bounds"),
    *("agree_percent", "disagree_percent", "passes_percent"),
    *("agree_least", "agree_most", "disagree_least", "disagree_most"),
)


def printed_row(cell: Any) -> Row | None:
    """Return the printed figures of a cell of ``analysis.small_cells``; None if it is hidden."""
    if cell.hidden:
        return None
    return {"k": cell.k, **{name: getattr(cell, name) for name in PRINTED}}


def rough_row(k: int, n: int, agree: int, disagree: int, passes: int) -> Row | None:
    """Return the figures of rounded counts, each the least of k possible; None for fewer than 2k people."""
    if n < 2 * k:
        return None
    row: Row = {"k": k, "n": n, "agree": agree, "disagree": disagree, "passes": passes, "rough": True}
    for side, count in (("agree", agree), ("disagree", disagree)):
        row[f"{side}_is_few"], row[f"{side}_percent"], row[f"{side}_bounds"] = False, None, None
        row[f"{side}_least"] = 100 * count // (n + k - 1)
        row[f"{side}_most"] = min(100, -(-100 * (count + k - 1) // n))
    return {**row, "passes_percent": None}


def rows(entry: Entry) -> list[Row] | None:
    """Return the rows that a claim about the statement rests on; None if one of them is hidden."""
    found = entry["groups"] or [entry["all"]]
    return None if entry["all"] is None or None in found else found


def lowest(entry: Entry, side: str) -> int:
    """Return the least per cent on the side that the figures allow in any group; 0 where one is hidden."""
    return min((row[f"{side}_least"] for row in rows(entry) or []), default=0)


def leaning(row: Row) -> int:
    """Return 1 if the figures surely show more who agree, −1 if more who disagree, else 0."""
    return int(row["agree_least"] > row["disagree_most"]) - int(row["disagree_least"] > row["agree_most"])


def spread(entry: Entry) -> int:
    """Return how far apart, in points, the figures surely show the groups, or the two sides, to stand."""
    found = rows(entry) or []
    if not found:
        return 0
    if not entry["groups"]:
        return int(min(found[0]["agree_least"], found[0]["disagree_least"]))
    return int(max(row["agree_least"] for row in found) - min(row["agree_most"] for row in found))


def is_dividing(entry: Entry) -> bool:
    """Return whether the figures show groups on both sides, or without groups two large sides."""
    if "dividing" not in entry["claims"]:
        return False
    if not entry["groups"]:
        return spread(entry) >= DIVIDED
    return {1, -1} <= {leaning(row) for row in rows(entry) or []}


def agreed_side(entry: Entry) -> str:
    """Return the side on which the figures show common ground, or an empty string."""
    return next(
        (
            side
            for side in ("agree", "disagree")
            if f"common_ground_{side}" in entry["claims"] and lowest(entry, side) >= AGREED
        ),
        "",
    )


def is_unsure(entry: Entry) -> bool:
    """Return whether many passed, by the figures."""
    row = entry["all"]
    return "could_not_say" in entry["claims"] and row is not None and 100 * row["passes"] >= UNSURE * row["n"]


def marks(entries: Sequence[Entry], group: int, letter: str) -> list[dict[str, Any]]:
    """Return the statements that set the group apart: at most MOST_MARKS numbers, each with its side."""
    found = []
    for entry in entries:
        for side in ("agree", "disagree"):
            if f"marks_{letter}_{side}" in entry["claims"] and rows(entry):
                own, rest = entry["groups"][group], entry["groups"][:group] + entry["groups"][group + 1 :]
                lead = own[f"{side}_least"] - max(row[f"{side}_most"] for row in rest)
                if own[f"{side}_least"] >= HALF:
                    found.append((lead, entry["number"], side))
    ranked = sorted(found, key=lambda mark: (-mark[0], mark[1]))[:MOST_MARKS]
    return [{"number": number, "side": side} for _, number, side in ranked]


def report(entries: list[Entry], letters: Sequence[str]) -> dict[str, Any]:
    """Return the statements with what they have in common, what divides, and what sets each group apart."""
    for entry in entries:
        entry["side"], entry["spread"] = agreed_side(entry), spread(entry)
    return {
        "statements": entries,
        "common": ranked([e for e in entries if e["side"]], by=lambda e: lowest(e, e["side"])),
        "dividing": ranked([e for e in entries if is_dividing(e)], by=spread),
        "unsure": [e["number"] for e in entries if is_unsure(e)],
        "marks": [marks(entries, group, letter) for group, letter in enumerate(letters)],
    }


def ranked(entries: list[Entry], *, by: Callable[[Entry], int]) -> list[int]:
    """Return the numbers of the statements, the largest value first."""
    return [entry["number"] for entry in sorted(entries, key=lambda e: (-by(e), e["number"]))]
