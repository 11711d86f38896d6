"""A Jacobian or a Hessian as a still picture: each block with its cells, numbers and names.

Red is below zero, blue above, as in the figure. v stands beside the rows; below them vᵀJ and what
`backward(gradient=v)` left in `.grad`. A block that is too large to be written out is a sentence.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from viz.drawing.figures.jacobian import (
    NUMBERS,
    beside,
    colour_of,
    extent_of,
    labels_of,
    matrix_of,
    summaries,
    title,
    written,
)
from viz.drawing.figures.palette import Palette, ink_on, palette
from viz.drawing.stills.marks import Label, Patch, Still, StillMark
from viz.records import Block, Jacobian

HIGH: Final = 24.0
"""Points of a cell's height with a number; its width is as its longest text needs."""
SMALL: Final = 9.0
"""Points of a cell's side without."""
PAD: Final = 14.0
TITLE: Final = 40.0
"""Points above a block's cells, for its title and its columns' names."""
LETTER: Final = 6.8
"""Points of a letter, about."""
SENTENCE: Final = 18.0
NAMES_APART: Final = 60.0
"""Points between names where there is not room for all."""


class _BlockAt(NamedTuple):
    """A block where it stands: its upper left corner, its margin for names, its cells' size."""

    block: Block
    x: float
    y: float
    margin: float
    cell: tuple[float, float]
    numbers: bool


def matrix_still(jacobian: Jacobian, *, dark: bool = False) -> Still:
    """All blocks, a Hessian's in rows."""
    colours = palette(dark)
    areas = list(_areas(jacobian))
    marks: list[StillMark] = []
    right = low = PAD
    extent = extent_of([area.block for area in areas])
    for area in areas:
        marks += _block(area, jacobian, extent, colours)
        wide, high = _size(area, jacobian)
        right, low = max(right, area.x + wide), max(low, area.y + high)
    for sentence in map(str, summaries(jacobian)):
        low += SENTENCE
        marks.append(Label(PAD, low, sentence, colours.ink))
        right = max(right, PAD + LETTER * len(sentence))
    return Still(right + PAD, low + PAD, colours.paper, tuple(marks))


def _areas(jacobian: Jacobian) -> Iterator[_BlockAt]:
    """Where each block stands: from left to right, then below."""
    shown = [block for block in jacobian.blocks if block.values]
    side = beside(jacobian)
    x = y = low = PAD
    for place, block in enumerate(shown):
        if place and place % side == 0:
            x, y = PAD, low
        columns, rows = labels_of(block, jacobian)
        numbers = len(rows) <= NUMBERS + 3 and block.shape[1] <= NUMBERS
        cells = [written(cell) for row in block.values or () for cell in row] if numbers else []
        longest = LETTER * max(map(len, [*cells, *columns]), default=0) + 10
        cell = (max(HIGH, longest), HIGH) if numbers else (SMALL, SMALL)
        area = _BlockAt(block, x, y, LETTER * max(map(len, rows), default=0) + 8, cell, numbers)
        yield area
        wide, high = _size(area, jacobian)
        x, low = x + wide + PAD, max(low, y + high + PAD)


def _size(area: _BlockAt, jacobian: Jacobian) -> tuple[float, float]:
    wide = area.margin + area.block.shape[1] * area.cell[0]
    name = LETTER * len(title(area.block, jacobian.order))
    return max(wide, name), TITLE + len(matrix_of(area.block, jacobian)) * area.cell[1]


def _block(
    area: _BlockAt, jacobian: Jacobian, extent: float, colours: Palette
) -> Iterator[StillMark]:
    left, top = area.x + area.margin, area.y + TITLE
    wide, high = area.cell
    columns, rows = labels_of(area.block, jacobian)
    yield Label(area.x, area.y + 14, title(area.block, jacobian.order), colours.ink)
    for place in _named(columns, wide):
        middle = left + (place + 0.5) * wide
        yield Label(middle, top - 6, columns[place], colours.muted, "middle")
    for place in _named(rows, high * NAMES_APART / HIGH):
        low = top + (place + 0.5) * high + 4
        yield Label(left - 6, low, rows[place], colours.muted, "end")
    for down, row in enumerate(matrix_of(area.block, jacobian)):
        for along, value in enumerate(row):
            if value is None:
                continue
            x, y = left + along * wide, top + down * high
            ground = colour_of(value / extent, colours)
            yield Patch(x, y, wide - 1, high - 1, ground)
            if area.numbers:
                middle, low = x + (wide - 1) / 2, y + high / 2 + 4
                yield Label(middle, low, written(value), ink_on(ground), "middle")


def _named(labels: Sequence[str], apart: float) -> range:
    """The places whose names are written, so that they do not touch."""
    return range(0, len(labels), max(1, math.ceil(NAMES_APART / apart)) if apart < HIGH else 1)
