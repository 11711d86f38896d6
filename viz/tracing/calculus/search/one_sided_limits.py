"""What a ladder of values tells: a row of them, from right beside a place outwards.

Each rung is so many times (`ratio`) farther away than the one before. Over a jump the difference of
two sides stays, at a pole the steps do not shrink; where large terms cancel, rounding scatters.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from viz.tracing.sampling.samples import Floats

STAYS: Final = 0.9
"""Share of a difference that a rung must keep for the difference to count as a limit."""
CLEARLY: Final = 3.0
"""How many times what a side itself changes a difference must be: near a place where large terms
cancel, rounding scatters the values, and more so those of the derivatives."""
RUNGS_LEFT: Final = 4
"""A ladder with fewer rungs tells nothing."""
SMALLEST: Final = 1e-8
"""A jump less than this share of the values around it is rounding."""
ROUNDED: Final = 1e-12
"""Share of a row's height that rounding may hide of a limit."""
VAGUE: Final = 1e-2
"""Share of a row's height: a limit that is known no better is not known."""
INVISIBLE: Final = 3e-8
"""Share of a row's height that nobody could see: a smaller jump is none, two limits so near are
one."""
ONE_LIMIT: Final = 1e-6
"""Relative distance up to which the limits of two sides are one: each is drawn on from two rungs,
which is known no better."""
CALM: Final = 1e-5
"""Share of a ladder's largest value by which neighbouring rungs may differ where it is calm."""
LAST_DIGIT: Final = 4e-16
"""Relative rounding of one number: two units in the last place of a float64."""
SETTLED: Final = 1e-2
"""Relative change over three rungs up to which a ladder without its nearest ones is believed."""
A_STEP: Final = (1e-6, 1e-3)
"""Share of a ladder's values that its first step must be to count: of f's, of a derivative's, whose
rounding is coarser and does not shrink either."""
OFF: Final = 1e-4
"""Relative distance of a value from the limits of its sides from which on it is another one."""
SLOW: Final = 0.5
"""Steps that shrink by less than this from rung to rung go on for long behind the nearest one."""


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


def together(
    left: float | None, right: float | None, scale: float
) -> tuple[float | None, float | None]:
    """The limits of two sides, as one where only rounding is between them."""
    if left is None or right is None or not np.isfinite(left) or not np.isfinite(right):
        return left, right
    apart = abs(left - right)
    if not 0 < apart <= max(ONE_LIMIT * max(abs(left), abs(right)), INVISIBLE * scale):
        return left, right
    one = simplest(min(left, right) - apart, max(left, right) + apart)
    return one, one


def limit(side: Floats, order: int, ratio: float, scale: float, answer: float) -> float | None:
    """The value that a side runs to, `None` where f is not defined on it, or nothing can be told.

    Two rungs, `ratio` times apart, are drawn on as a line; `scale` is the row's height. Where the
    value at the place (`answer`) is as near as can be told, the side runs to it.
    """
    if side.shape[1] < 4 or not defined(side[order]):
        return None
    row = side[order]
    if unbounded(row):
        return float(np.copysign(np.inf, row[0]))
    place = _calmest(row, CALM * float(np.abs(row[:4]).max()))
    if place is None:
        return None
    near, far, farther = (float(value) for value in row[place : place + 3])
    limit = near - (far - near) / (ratio - 1)
    before = far - (farther - far) / (ratio - 1)
    blur = ROUNDED * scale
    blur += LAST_DIGIT * abs(near) if place == 0 else 2 * abs(far - near)
    blur = max(blur, abs(limit - before))  # one rung farther away the line led to another number
    if blur > max(VAGUE * scale, VAGUE * abs(limit)):  # it swings, or comes too slowly
        return None
    low, high = limit - blur, limit + blur
    return answer if low <= answer <= high else simplest(low, high)


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


def without_rounding(side: Floats, order: int, ratio: float) -> Floats:
    """A ladder of a derivative without its nearest rungs, if those are nothing but rounding.

    Where a derivative's terms cancel, as in that of asin(sin(x)), its error grows faster towards
    the place than the derivative of anything bounded could.
    """
    if not order or len(side) < RUNGS_LEFT or _grows(side, order, ratio):
        return side
    known = side[1:][np.isfinite(side[1:])]
    place = _calmest(side, CALM * float(np.abs(known).max())) if len(known) else None
    if not place or len(side) - place < RUNGS_LEFT or not _fades(side, place, order, ratio):
        return side
    calm = side[place:]
    return calm if np.abs(np.diff(calm[:3])).max() <= SETTLED * np.abs(calm[:3]).max() else side


def _grows(side: Floats, order: int, ratio: float) -> bool:
    """Whether a derivative grows towards the place as one of a bounded function can."""
    with np.errstate(all="ignore"):
        steps = np.abs(np.diff(side[:4]))
        return bool((steps[:-1] <= 2 * ratio**order * steps[1:]).all() and steps[0] > steps[1])


def _fades(side: Floats, place: int, order: int, ratio: float) -> bool:
    """Whether the steps up to a rung become smaller from one to the next, and not at once."""
    with np.errstate(all="ignore"):
        steps = np.abs(np.diff(side[: place + 2]))
    steps = steps[np.isfinite(steps)]
    return bool(
        (steps[:-1] > steps[1:]).all() and (steps[:-1] < ratio ** (order + 2) * steps[1:]).all()
    )


def defined(side: Floats) -> bool:
    """Whether a ladder has values, those right at the place included."""
    return len(side) >= 4 and bool(np.isfinite(side[:4]).all())


def unbounded(side: Floats, order: int = 0) -> bool:
    """Whether the steps of a ladder towards the place lead one way and do not shrink.

    Those of a derivative must also be more than rounding, which does not shrink either.
    """
    change = np.diff(side[:5])
    steps = np.abs(change)
    size = np.abs(side[:4]).max()
    return bool(
        steps[0] > A_STEP[order > 0] * size
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
    if apart <= max(OFF * size, least) or apart <= CLEARLY * _scatter(left, right):
        return False
    return not (_comes(answer, left) and _comes(answer, right))


def _comes(answer: float, side: Floats) -> bool:
    """Whether a side runs to the answer so slowly, as |x| to the power 0.1, that it is far yet.

    Steps that shrink by a constant factor add up to a number; it must be most of what is missing.
    """
    near, far, farther = (float(value) for value in side[:3])
    step, before = far - near, farther - far
    if not SLOW * abs(before) < abs(step) < abs(before) or step * before < 0:
        return False
    coming = near - step * step / (before - step)
    return abs(coming - answer) < 0.6 * abs(near - answer)
