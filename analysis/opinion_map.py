"""Draw the opinion map as hexagons of people, never as points of persons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from analysis.small_cells import size_class

WIDTH, HEIGHT = 600, 360
_MARGIN = 8
_LARGEST_RADIUS = 48.0
# How many radii of a hexagon make the people's standard distance from the origin, finest first.
_FINENESS = (5.0, 4.0, 3.0, 2.5, 2.0, 1.5, 1.0)
_ENOUGH_SHOWN = 0.8

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Hexagon:
    """Hold one hexagon with at least k people in it.

    `q`, `r`: column and row on the axial grid around the origin; `x`, `y`: its centre in the drawing (y grows
    downwards). `size`: 0 for k … 2k − 1 people, 1 for 2k … 4k − 1, 2 for more. `group`: the label of the
    largest group in it if at least k of the people are in that group, else None.
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

    `scale`: units of the drawing per unit of the positions; `middle`: the position in the drawing's middle.
    """

    hexagons: tuple[Hexagon, ...]
    radius: float
    scale: float
    middle: tuple[float, float]
    width: int = WIDTH
    height: int = HEIGHT

    def place(self, position: Sequence[float]) -> tuple[float, float]:
        """Return where one position lies in the drawing, held inside it, for that person's own eyes only."""
        x = WIDTH / 2 + self.scale * (position[0] - self.middle[0])
        y = HEIGHT / 2 - self.scale * (position[1] - self.middle[1])
        return min(max(x, 0.0), float(WIDTH)), min(max(y, 0.0), float(HEIGHT))


@dataclass(frozen=True)
class _Crowded:
    """Hold a cell of the grid with enough people: row, column, centre in positions, size, group."""

    q: int
    r: int
    centre: tuple[float, float]
    size: int
    group: int | None


def draw(positions: Floats, labels: NDArray[np.int64], *, k: int = 5) -> OpinionMap:
    """Put people into hexagons (corner on top) and leave out those with fewer than k people.

    `positions`: people × 2, nan for no place; `labels`: group per person, −1 for none. Both axes have one
    scale, and the hexagons that remain fill the drawing. They are the finest of seven sizes that show 80 % of
    the people, so a small panel gets few large ones. The arguments are not changed.
    """
    placed = ~np.isnan(positions).any(axis=1)
    points, groups = positions[placed], labels[placed]
    spread = float(np.sqrt((points**2).sum(axis=1).mean())) if len(points) else 0.0
    for fineness in _FINENESS:
        radius = (spread or 1.0) / fineness
        cells, shown = _crowded_cells(points, groups, radius=radius, k=k)
        if shown >= _ENOUGH_SHOWN * len(points):
            break
    return _drawing(cells, radius)


def _crowded_cells(
    points: Floats, groups: NDArray[np.int64], *, radius: float, k: int
) -> tuple[list[_Crowded], int]:
    """Return the cells that may be shown, and how many people are in them."""
    places, cell = np.unique(_axial(points, radius), axis=0, return_inverse=True)
    found, shown = [], 0
    for number, (row, column) in enumerate(places.tolist()):
        inside = groups[cell.reshape(-1) == number]
        size = size_class(inside.size, k=k)
        if size is not None:
            shown += inside.size
            centre = (radius * sqrt(3) * (column + row / 2), -radius * 1.5 * row)
            found.append(_Crowded(column, row, centre, size, _sign(inside, k)))
    return found, shown


def _axial(points: Floats, radius: float) -> NDArray[np.int64]:
    """Return row and column of the hexagon around each point: the nearest by cube rounding."""
    x, y = points[:, 0] / radius, -points[:, 1] / radius
    cube = np.stack([2 / 3 * y, x / sqrt(3) - y / 3], axis=1)
    cube = np.column_stack([cube, -cube.sum(axis=1)])
    nearest = np.rint(cube)
    # Rounding all three coordinates can break r + q + s = 0: the one rounded furthest gives way.
    worst = np.abs(nearest - cube).argmax(axis=1)
    nearest[np.arange(len(points)), worst] -= nearest.sum(axis=1)
    whole: NDArray[np.int64] = nearest[:, :2].astype(np.int64)
    return whole


def _sign(labels: NDArray[np.int64], k: int) -> int | None:
    counts = np.bincount(labels[labels >= 0], minlength=1)
    return int(counts.argmax()) if counts.max() >= k else None


def _drawing(cells: list[_Crowded], radius: float) -> OpinionMap:
    """Fit the cells into the drawing's middle."""
    across = [cell.centre[0] for cell in cells] or [0.0]
    down = [cell.centre[1] for cell in cells] or [0.0]
    middle = (max(across) + min(across)) / 2, (max(down) + min(down)) / 2
    scale = min(
        (WIDTH - 2 * _MARGIN) / (max(across) - min(across) + sqrt(3) * radius),
        (HEIGHT - 2 * _MARGIN) / (max(down) - min(down) + 2 * radius),
        _LARGEST_RADIUS / radius,
    )
    empty = OpinionMap((), round(scale * radius, 1), scale, middle)
    return replace(empty, hexagons=tuple(_hexagon(cell, empty.place(cell.centre)) for cell in cells))


def _hexagon(cell: _Crowded, place: tuple[float, float]) -> Hexagon:
    return Hexagon(cell.q, cell.r, round(place[0], 1), round(place[1], 1), cell.size, cell.group)
