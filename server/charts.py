"""Places of signs in charts: the arithmetic that templates do not do."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

LEFT, LENGTH, MIDDLE = 4.0, 192.0, 15.0  # the line from 0 to 100 in a drawing of 200 × 30
CLOSE = 5.0  # points; signs that stand closer are stacked
STACK = 10.8  # between two stacked signs
ROOM = 20.0  # for all signs of a stack


ACROSS, DOWN = ("left", "middle", "right"), ("top", "middle", "bottom")


@dataclass(frozen=True)
class Area:
    """The hexagons of one group, or of none, in words: where they lie, how many there are of each size."""

    letter: str
    place: tuple[str, str]
    few: int
    some: int
    many: int


@dataclass(frozen=True)
class Sign:
    """A group's sign on the line; ``certain`` is False where the figures tell only a limit."""

    letter: str
    x: float
    y: float
    certain: bool


def signs(letters: Sequence[str], rows: Sequence[dict[str, Any] | None]) -> list[Sign]:
    """Return where each group stands by how many of it agree; hidden rows have no sign."""
    shown = [(standing(row), letter, row) for letter, row in zip(letters, rows, strict=True) if row]
    shown.sort(key=lambda one: (one[0], one[1]))
    found: list[Sign] = []
    stack: list[tuple[float, str, dict[str, Any]]] = []
    for one in [*shown, None]:
        if stack and (one is None or one[0] - stack[-1][0] >= CLOSE):
            found += stacked(stack)
            stack = []
        if one is not None:
            stack.append(one)
    return found


def stacked(stack: list[tuple[float, str, dict[str, Any]]]) -> list[Sign]:
    """Return the signs of one stack around the line."""
    step = min(STACK, ROOM / max(len(stack) - 1, 1))
    top = MIDDLE - step * (len(stack) - 1) / 2
    return [
        Sign(letter, round(LEFT + LENGTH * share / 100, 1), round(top + step * place, 1), is_certain(row))
        for place, (share, letter, row) in enumerate(stack)
    ]


def standing(row: dict[str, Any]) -> float:
    """Return the per cent at which the row's sign stands: the least that its printed figures allow."""
    if row.get("rough"):
        return float(100 * row["agree"] / row["n"])
    return float(row["agree_least"] if not row["agree_is_few"] else row["agree_most"])


def is_certain(row: dict[str, Any]) -> bool:
    """Return whether both sides are printed."""
    return not (row["agree_is_few"] or row["disagree_is_few"])


def shares(row: dict[str, Any]) -> list[tuple[str, float, float]]:
    """Return (side, start, length) in per cent of agree, disagree and pass; none unless all are printed."""
    if row["agree"] is None or row["disagree"] is None:
        return []
    parts, start = [], 0.0
    for side in ("agree", "disagree", "passes"):
        length = round(100 * row[side] / row["n"], 1)
        parts.append(("pass" if side == "passes" else side, round(start, 1), length))
        start += length
    return parts


def areas(drawing: dict[str, Any]) -> list[Area]:
    """Return what the opinion map shows as a list, by letter; hexagons without a group come last."""
    by_letter: dict[str, list[dict[str, Any]]] = {}
    for hexagon in drawing["hexagons"]:
        by_letter.setdefault(hexagon["letter"], []).append(hexagon)
    found = []
    for letter in sorted(by_letter, key=lambda letter: (not letter, letter)):
        hexagons = by_letter[letter]
        x, y = (sum(hexagon[axis] for hexagon in hexagons) / len(hexagons) for axis in ("x", "y"))
        sizes = Counter(hexagon["size_class"] for hexagon in hexagons)
        found.append(Area(letter, place(drawing, x, y), sizes["few"], sizes["some"], sizes["many"]))
    return found


def place(drawing: dict[str, Any], x: float, y: float) -> tuple[str, str]:
    """Return in which third of the map's width and of its height the point lies."""
    across, down = 3 * x / drawing["width"], 3 * y / drawing["height"]
    return ACROSS[min(max(int(across), 0), 2)], DOWN[min(max(int(down), 0), 2)]
