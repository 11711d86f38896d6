"""Where a number stands between two others, however far apart or close these are."""

from __future__ import annotations

import math


def share(at: float, low: float, high: float) -> float:
    """0 at `low`, 1 at `high`; in the middle where these two are not apart."""
    if math.isinf(high - low):  # a quarter of a float has room for the difference of two
        at, low, high = at / 4, low / 4, high / 4
    return (at - low) / (high - low) if high > low else 0.5


def heading(right: float, up: float, wide: float, high: float) -> tuple[float, float]:
    """The direction of a vector in cells of a width and a height: one long, 0, 0 for none.

    Numbers and powers of two apart: a quotient may be too small or too large for a float.
    """
    parts = [_quotient(right, wide), _quotient(up, high)]
    most = max((power for number, power in parts if number), default=0)
    x, y = (math.ldexp(number, max(power - most, -2_000)) for number, power in parts)
    length = math.hypot(x, y)
    return (x / length, y / length) if length else (0.0, 0.0)


def _quotient(number: float, by: float) -> tuple[float, int]:
    (above, power), (below, less) = math.frexp(number), math.frexp(by)
    return above / below, power - less if above else -2_000
