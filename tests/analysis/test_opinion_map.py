from itertools import pairwise
from math import hypot, sqrt

import numpy as np
import pytest

from analysis.opinion_map import HEIGHT, WIDTH, draw


def test_people_in_one_place_are_one_hexagon_in_the_middle() -> None:
    drawn = draw(np.zeros((5, 2)), np.zeros(5, dtype=int))
    (hexagon,) = drawn.hexagons
    assert (hexagon.q, hexagon.r, hexagon.x, hexagon.y) == (0, 0, 300.0, 180.0)
    assert (hexagon.size, hexagon.group, drawn.radius) == (0, 0, 48.0)


def test_fewer_than_k_people_are_not_drawn() -> None:
    positions = np.repeat([[-1.0, 0.0], [1.0, 0.0]], [4, 21], axis=0)
    drawn = draw(positions, np.zeros(25, dtype=int))
    assert [hexagon.size for hexagon in drawn.hexagons] == [2]
    assert len(draw(positions, np.zeros(25, dtype=int), k=10).hexagons) == 1


def test_a_group_is_told_only_where_k_of_it_are_together() -> None:
    positions = np.repeat([[-1.0, 0.0], [1.0, 0.0], [0.0, 2.0]], [6, 6, 6], axis=0)
    labels = np.repeat([0, 1, 1, 0, -1], [4, 2, 5, 1, 6])
    assert [hexagon.group for hexagon in draw(positions, labels).hexagons] == [None, None, 1]


def test_people_without_a_place_are_not_on_the_map() -> None:
    positions = np.vstack([np.zeros((5, 2)), np.full((9, 2), np.nan)])
    assert [hexagon.size for hexagon in draw(positions, np.zeros(14, dtype=int)).hexagons] == [0]


def test_nobody_makes_an_empty_map() -> None:
    assert draw(np.full((3, 2), np.nan), np.full(3, -1)).hexagons == ()


def test_a_scattered_few_make_an_empty_map_rather_than_points() -> None:
    angles = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    positions = 10 * np.column_stack([np.cos(angles), np.sin(angles)])
    assert draw(positions, np.zeros(8, dtype=int)).hexagons == ()


def test_a_small_panel_gets_fewer_and_larger_hexagons() -> None:
    positions = np.random.default_rng(3).normal(size=(600, 2))
    large, small = draw(positions, np.zeros(600, dtype=int)), draw(positions[:40], np.zeros(40, dtype=int))
    assert len(large.hexagons) > 3 * len(small.hexagons)
    assert large.radius < small.radius


def test_every_hexagon_lies_whole_in_the_drawing_and_overlaps_none() -> None:
    positions = np.random.default_rng(4).normal(size=(400, 2)) * [3, 1]
    drawn = draw(positions, np.zeros(400, dtype=int))
    wide = drawn.radius * sqrt(3) / 2
    for hexagon in drawn.hexagons:
        assert wide <= hexagon.x <= WIDTH - wide
        assert drawn.radius <= hexagon.y <= HEIGHT - drawn.radius
    centres = [(hexagon.x, hexagon.y) for hexagon in drawn.hexagons]
    apart = [hypot(a[0] - b[0], a[1] - b[1]) for i, a in enumerate(centres) for b in centres[:i]]
    assert min(apart) == pytest.approx(2 * wide, abs=0.3)


def test_everybody_is_counted_in_the_nearest_hexagon() -> None:
    positions = np.random.default_rng(5).normal(size=(300, 2))
    drawn = draw(positions, np.zeros(300, dtype=int))
    nearest = [
        min(drawn.hexagons, key=lambda h: hypot(h.x - x, h.y - y))
        for x, y in (drawn.place(position) for position in positions)
        if min(hypot(h.x - x, h.y - y) for h in drawn.hexagons) < drawn.radius * 0.85
    ]
    for hexagon in drawn.hexagons:
        least = (5, 10, 20)[hexagon.size]
        assert 0.8 * least <= nearest.count(hexagon)


def test_hexagons_stand_from_top_to_bottom_whatever_the_order_of_people() -> None:
    positions = np.random.default_rng(6).normal(size=(200, 2))
    labels = np.arange(200) % 2
    order = np.random.default_rng(7).permutation(200)
    drawn = draw(positions, labels)
    assert all(above.y <= below.y for above, below in pairwise(drawn.hexagons))
    shuffled = draw(positions[order], labels[order])
    assert [(h.q, h.r, h.size, h.group) for h in drawn.hexagons] == [
        (h.q, h.r, h.size, h.group) for h in shuffled.hexagons
    ]


def test_up_is_up_and_own_places_stay_inside() -> None:
    drawn = draw(np.repeat([[0.0, 1.0], [0.0, -1.0]], 5, axis=0), np.zeros(10, dtype=int))
    upper, lower = drawn.hexagons
    assert upper.y < lower.y
    assert drawn.place((0.0, 1.0))[1] < drawn.place((0.0, -1.0))[1]
    assert drawn.place((1e9, -1e9)) == (WIDTH, HEIGHT)
