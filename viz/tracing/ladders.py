"""What a ladder of values tells: a row of them, from right beside a place outwards.

Each rung is so many times (`ratio`) farther away than the one before. Over a jump the difference of
two sides stays, at a pole the steps do not shrink; where large terms cancel, rounding scatters.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from viz.tracing.samples import Floats

STAYS: Final = 0.9
"""Share of a difference that a rung must keep for the difference to count as a limit."""
CLEARLY: Final = 3.0
"""How many times what a side itself changes a difference must be: near a place where large terms
cancel, rounding scatters the values, and more so those of the derivatives."""
SMALLEST: Final = 1e-8
"""A jump less than this share of the values around it is rounding."""


def simplest(low: float, high: float) -> float:
    """The number with the fewest digits in an interval: the place that was meant."""
    if low <= 0.0 <= high:
        return 0.0
    middle = (low + high) / 2
    for digits in range(17):
        number = float(f"{middle:.{digits}e}")
        if low <= number <= high:
            return number
    return middle


def limit(side: Floats, order: int, ratio: float, blur: float) -> float | None:
    """The value that a side runs to, `None` where f is not defined on it, or nothing can be told.

    Two rungs, `ratio` times apart, are drawn on as a line; `blur` is what rounding may hide.
    """
    if side.shape[1] < 4 or not defined(side[order]):
        return None
    row = side[order]
    if unbounded(row):
        return float(np.copysign(np.inf, row[0]))
    place = _calmest(row, 1e-5 * float(np.abs(row[:4]).max()))
    if place is None:
        return None
    near, far = float(row[place]), float(row[place + 1])
    limit = near - (far - near) / (ratio - 1)
    blur += 4e-16 * abs(near) if place == 0 else 2 * abs(far - near)
    return simplest(limit - blur, limit + blur)


def _calmest(row: Floats, blur: float) -> int | None:
    """The rung from which to draw on: the nearest, if the steps shrink towards the place.

    Where rounding makes the nearest values worthless, as of (1 − cos x)/x², it is the rung up to
    which the steps shrink from far to near.
    """
    with np.errstate(all="ignore"):
        steps = np.abs(np.diff(row))
    if (steps[:2] <= steps[1:3] + blur).all():
        return 0
    place = len(steps) - 1
    while place > 0 and steps[place - 1] <= max(steps[place], blur):
        place -= 1
    return place if place < len(steps) - 1 and np.isfinite(steps[place]) else None


def defined(side: Floats) -> bool:
    """Whether a ladder has values, those right at the place included."""
    return len(side) >= 4 and bool(np.isfinite(side[:4]).all())


def unbounded(side: Floats) -> bool:
    """Whether the steps of a ladder towards the place lead one way and do not shrink."""
    change = np.diff(side[:5])
    steps = np.abs(change)
    size = np.abs(side[:4]).max()
    return bool(
        steps[0] > 1e-6 * size
        and (steps[:-1] >= STAYS * steps[1:]).all()
        and (np.sign(change) == np.sign(change[0])).all()
    )


def differ(left: Floats, right: Floats, least: float) -> bool:
    """Whether two sides have different limits, and not only values that rounding scatters."""
    apart = np.abs(left[:2] - right[:2])
    size = max(np.abs(left).max(), np.abs(right).max())
    return bool(
        apart[0] > max(SMALLEST * size, least)
        and apart[0] >= STAYS * apart[1]
        and apart[0] > CLEARLY * _scatter(left, right)
    )


def _scatter(left: Floats, right: Floats) -> float:
    """How far neighbouring rungs are from each other close to the place."""
    return float(max(np.abs(np.diff(side[:4])).max() for side in (left, right)))


def off(answer: float, left: Floats, right: Floats, least: float) -> bool:
    """Whether the value at the place is not the limit of its sides."""
    if not np.isfinite(answer):
        return True
    apart = abs(answer - left[0])
    size = max(np.abs(left).max(), np.abs(right).max(), abs(answer))
    return bool(apart > max(1e-4 * size, least) and apart > CLEARLY * _scatter(left, right))
