"""Draw the opinion map as hexagons of people, never as points of persons."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from analysis.small_cells import size_class

WIDTH, HEIGHT = 600, 360
_RADII = (16.0, 20.0, 26.0, 34.0, 44.0, 56.0)
_ENOUGH_SHOWN = 0.8

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Hexagon:
    """Hold one hexagon with at least k people in it.

    `q`, `r`: column and row on the axial grid around the drawing's middle; `x`, `y`: its centre in the drawing
    (y grows downwards). `size`: 0 for k … 2k − 1 people, 1 for 2k … 4k − 1, 2 for more. `group`: the label of
    the largest group in it if at least k of the people are in that group, else None.
    """

    q: int
    r: int
    x: float
    y: float
    size: int
    group: int | None


@dataclass(frozen=True)
class OpinionMap:
    """Hold the hexagons from top to bottom, their radius (centre to corner) and the drawing's size.

    `scale`: units of the drawing per unit of the positions.
    """

    hexagons: tuple[Hexagon, ...]
    radius: float
    scale: float
    width: int = WIDTH
    height: int = HEIGHT

    def place(self, position: Sequence[float]) -> tuple[float, float]:
        """Return where one person's position lies in the drawing, for that person's own eyes only."""
        return WIDTH / 2 + self.scale * position[0], HEIGHT / 2 - self.scale * position[1]


def draw(positions: Floats, labels: NDArray[np.int64], *, k: int = 5) -> OpinionMap:
    """Put people into hexagons (corner on top) and leave out those with fewer than k people.

    `positions`: people × 2, nan for people without a place; `labels`: group per person, −1 for none. Both axes
    have one scale, and the drawing holds everybody. The radius is the smallest of six that shows 80 % of the
    people, so that a small panel gets few large hexagons; the arguments are not changed.
    """
    placed = ~np.isnan(positions).any(axis=1)
    points, groups = positions[placed], labels[placed]
    if not len(points):
        return OpinionMap((), _RADII[-1], 1.0)
    for radius in _RADII:
        scale = _scale(points, radius)
        hexagons, shown = _hexagons(points * [scale, -scale], groups, radius=radius, k=k)
        if shown >= _ENOUGH_SHOWN * len(points):
            break
    return OpinionMap(hexagons, radius, scale)


def _scale(points: Floats, radius: float) -> float:
    """Return the scale that keeps every hexagon with a point in it whole inside the drawing."""
    reach = np.maximum(np.abs(points).max(axis=0), 1e-9)
    return float(min((WIDTH / 2 - 2 * radius) / reach[0], (HEIGHT / 2 - 2 * radius) / reach[1]))


def _hexagons(
    points: Floats, groups: NDArray[np.int64], *, radius: float, k: int
) -> tuple[tuple[Hexagon, ...], int]:
    """Return the hexagons that may be shown, and how many people are in them."""
    cells, cell = np.unique(_axial(points, radius), axis=0, return_inverse=True)
    cell = cell.reshape(-1)
    found, shown = [], 0
    for number, (r, q) in enumerate(cells.tolist()):
        inside = groups[cell == number]
        size = size_class(inside.size, k=k)
        if size is None:
            continue
        shown += inside.size
        x, y = WIDTH / 2 + radius * sqrt(3) * (q + r / 2), HEIGHT / 2 + radius * 1.5 * r
        found.append(Hexagon(q, r, round(x, 1), round(y, 1), size, _sign(inside, k)))
    return tuple(found), shown


def _sign(labels: NDArray[np.int64], k: int) -> int | None:
    counts = np.bincount(labels[labels >= 0], minlength=1)
    return int(counts.argmax()) if counts.max() >= k else None


def _axial(points: Floats, radius: float) -> NDArray[np.int64]:
    """Return row and column of the hexagon around each point: the nearest by cube rounding."""
    x, y = points.T / radius
    cube = np.stack([2 / 3 * y, x / sqrt(3) - y / 3], axis=1)
    cube = np.column_stack([cube, -cube.sum(axis=1)])
    nearest = np.rint(cube)
    # Rounding all three coordinates can break r + q + s = 0: the one rounded furthest gives way.
    worst = np.abs(nearest - cube).argmax(axis=1)
    rows = np.arange(len(points))
    nearest[rows, worst] -= nearest.sum(axis=1)
    return nearest[:, :2].astype(np.int64)
