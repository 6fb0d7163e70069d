"""The opinion map as it is printed: hexagons with their corners, and each member's own place among them."""

import math
from typing import TYPE_CHECKING, Any

from panels.snapshots import Printed

if TYPE_CHECKING:
    from analysis import OpinionGroups
    from analysis.opinion_map import OpinionMap

SIZE_CLASSES = ("few", "some", "many")
LETTER_SHARES = (0.6, 0.75, 0.9)  # of a hexagon's radius, by the size at which it is drawn


def printed_map(plan: "OpinionMap", letters: tuple[str, ...]) -> Printed:
    """Return the hexagons of the map with their corners, ready to be drawn."""
    corners = [(math.sin(turn * math.pi / 3), math.cos(turn * math.pi / 3)) for turn in range(6)]
    return {
        "width": plan.width,
        "height": plan.height,
        "radius": plan.radius,
        "hexagons": [
            {
                "x": one.x,
                "y": one.y,
                "size_class": SIZE_CLASSES[one.size],
                "letter_size": round(plan.radius * LETTER_SHARES[one.size], 1),
                "letter": letters[one.group] if letters and one.group is not None else "",
                "points": " ".join(
                    f"{one.x + plan.radius * x:.1f},{one.y + plan.radius * y:.1f}" for x, y in corners
                ),
            }
            for one in plan.hexagons
        ],
    }


def places(
    members: list[int], found: "OpinionGroups", own: list[str | None], plan: "OpinionMap"
) -> list[dict[str, Any]]:
    """Return where each member with enough votes stands."""
    return [
        {
            "member_id": member,
            "letter": own[row],
            "confidence": round(float(found.confidence[row]), 2),
            "x": round(x, 1),
            "y": round(y, 1),
        }
        for row, member in enumerate(members)
        if math.isfinite(found.positions[row].sum())
        for x, y in [plan.place(found.positions[row])]
    ]
