"""Small heat maps: the elements of a matrix with their texts and their place between −1 and 1."""

from __future__ import annotations

import math
from dataclasses import dataclass

from viz.drawing import texts
from viz.records import Number, Tensor


@dataclass(frozen=True)
class Heat:
    """`rows` × `columns` cells, row by row.

    `levels` are the elements over the largest magnitude, −1 to 1; `None` for NaN and infinity.
    """

    rows: int
    columns: int
    cells: tuple[str, ...]
    levels: tuple[float | None, ...]


def heat(value: Tensor, digits: int = 4) -> Heat | None:
    """The heat map of a real tensor of one or more dimensions whose elements were written out."""
    cells = texts.elements(value, min(digits, 4))
    if cells is None or value.values is None or len(value.shape) < 1 or len(cells) < 2:
        return None
    if value.dtype.startswith("complex"):
        return None
    columns = value.shape[-1]
    largest = max((abs(each) for each in value.values if math.isfinite(each)), default=0)
    levels = tuple(_level(each, float(largest)) for each in value.values)
    return Heat(len(cells) // columns, columns, cells, levels)


def _level(value: Number, largest: float) -> float | None:
    if not math.isfinite(value):
        return None
    return round(float(value) / largest, 3) if largest else 0.0
