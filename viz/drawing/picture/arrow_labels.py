"""Where what flows along an arrow is written: beside the line, and not on a card.

Above a level line and beside a steep one, of parallel ones on the outer side; on the line itself
where it slopes, or where there are cards on both sides.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from viz.drawing.picture.cards import FLOWING
from viz.drawing.picture.positions import Point, Route

LEVEL: Final = 0.25
"""Steepness (height over width) up to which a line is level for as long as a text is."""
STEEP: Final = 1.0
"""Steepness from which on a line is upright for as high as a text is."""
ABOVE: Final = -6.5
"""Points from the line down to the baseline of a text above it: its descenders stay clear."""
BELOW: Final = 12.5
"""The same of a text below it: its ascenders stay clear."""
ON: Final = 4.0
"""The same of a text whose middle is on the line."""
ASIDE: Final = 6.0
"""Points between an upright line and a text beside it."""


@dataclass(frozen=True)
class Stand:
    """A text's baseline and where on it the text is fixed; `on` the line it hides the line."""

    x: float
    y: float
    anchor: Literal["start", "middle", "end"] = "middle"
    on: bool = False


class Cards:
    """The cards of a picture, (centre, width, height) each, and its (width, height)."""

    def __init__(self, cards: Iterable[tuple[Point, float, float]], size: Point) -> None:
        boxes = [
            (x - width / 2, x + width / 2, y - height / 2, y + height / 2)
            for (x, y), width, height in cards
        ]
        self._size = size
        self._boxes = sorted(boxes)
        self._lefts = [box[0] for box in self._boxes]
        self._widest = max((box[1] - box[0] for box in boxes), default=0.0)

    def free(self, left: float, right: float, top: float, bottom: float) -> bool:
        """Whether the rectangle is free of cards and within the picture."""
        first = bisect_left(self._lefts, left - self._widest)
        last = bisect_left(self._lefts, right)
        within = left >= 0 and right <= self._size[0] and top >= 0 and bottom <= self._size[1]
        return within and not any(
            box[1] > left and box[2] < bottom and box[3] > top for box in self._boxes[first:last]
        )


def stand(route: Route, outward: Point, cards: Cards, room: float) -> Stand:
    """Where the text of an arrow stands; `outward` leads away from arrows parallel to it.

    `room` is the width of a number's text; what is longer than that may begin on a card.
    """
    (x, y), (along, up), (across, down) = route.middle, route.direction, outward
    if abs(up) <= LEVEL * abs(along):
        for shift in (BELOW, ABOVE) if down >= 1 else (ABOVE, BELOW):
            if cards.free(x - room / 2, x + room / 2, y + shift - FLOWING, y + shift + 2):
                return Stand(x, y + shift)
    elif abs(up) >= STEEP * abs(along):
        aside = ASIDE + FLOWING / 2 * abs(along / up)
        for side in (-1, 1) if across <= -1 else (1, -1):
            near, far = x + side * aside, x + side * (aside + room)
            if cards.free(min(near, far), max(near, far), y + ON - FLOWING, y + ON + 2):
                return Stand(near, y + ON, "end" if side < 0 else "start")
    return Stand(x, y + ON, on=True)
