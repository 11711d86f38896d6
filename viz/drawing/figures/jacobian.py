"""A Jacobian or a Hessian as heat maps with numbers, one for each block.

Rows are elements of the result, columns elements of the input. Beside the rows stands v; below
them vᵀJ, worked out from the matrix, and what `backward(gradient=v)` really left in `.grad`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import Any

from viz.drawing.figures.chart import Chart, Plotted, scatter
from viz.drawing.figures.curve.readout import number
from viz.drawing.figures.palette import Palette, ink_on, mixed, palette
from viz.drawing.figures.panels import Panels
from viz.drawing.figures.plotly_layout import dressed
from viz.errors import N_
from viz.records import MAX_MATRIX, Block, Jacobian, Message, Tensor

NUMBERS = 12
"""Up to so many rows, and columns of all blocks beside each other, cells show their numbers."""
CELL = 34
"""Pixels of a cell with a number."""


def jacobian_figure(jacobian: Jacobian, *, dark: bool = False, function: str = "f") -> Chart:
    """The blocks of a function of that name beside each other (a Hessian's in rows), with v and
    vᵀJ where they are known.
    """
    colors = palette(dark)
    shown = [block for block in jacobian.blocks if block.values]
    width = min(beside(jacobian), len(shown))
    if not shown:
        return dressed(Chart(), colors, "jacobian")
    rows = max(1, (len(shown) + width - 1) // width)
    titles = [escape(title(block, jacobian.order, function)) for block in shown]
    figure = Panels(rows, min(width, len(shown)), titles)
    extent = extent_of(shown)
    for place, block in enumerate(shown):
        matrix = matrix_of(block, jacobian)
        for trace in _heat(block, matrix, extent, colors, width):
            figure.draw(place, trace)
        columns, lines = labels_of(block, jacobian, function)
        figure.update_axes(place, _names(columns), {**_names(lines), "autorange": "reversed"})
    dressed(figure, colors, f"jacobian {jacobian.order}")
    tall = max(len(matrix_of(block, jacobian)) for block in shown)
    figure.update_layout(height=rows * (max(3, min(tall, 24)) * CELL + 90), dragmode=False)
    return figure


def extent_of(blocks: Sequence[Block]) -> float:
    """The largest finite magnitude in some blocks, at which colours end; 1 where all are zero."""
    numbers = (x for block in blocks for row in block.values or () for x in row)
    return max((abs(x) for x in numbers if math.isfinite(x)), default=0.0) or 1.0


def summaries(jacobian: Jacobian, function: str = "f") -> Iterator[Message]:
    """What is to be said of the blocks that are too large to be drawn."""
    for block in jacobian.blocks:
        if block.values is None and block.summary is not None:
            yield Message(
                N_(
                    "∂{f}/∂{name} is {rows} × {columns}: from {minimum} to {maximum}, mean "
                    "{mean}. Up to {most} × {most} are drawn."
                ),
                {
                    "f": function,
                    "name": block.name,
                    "rows": str(block.shape[0]),
                    "columns": str(block.shape[1]),
                    "minimum": number(block.summary.minimum),
                    "maximum": number(block.summary.maximum),
                    "mean": number(block.summary.mean),
                    "most": str(MAX_MATRIX),
                },
            )


def beside(jacobian: Jacobian) -> int:
    """Blocks beside each other: a Hessian's as many as inputs, a Jacobian's at most four."""
    if jacobian.order == 2:
        return max(1, math.isqrt(len(jacobian.blocks)))
    return min(4, max(1, len(jacobian.blocks)))


def title(block: Block, order: int, function: str = "f") -> str:
    """What a block is called: `∂f / ∂x   2 × 3`."""
    rows, columns = block.shape
    names = " ∂".join(block.name.split(", "))
    power = "²" if order == 2 else ""
    return f"∂{power}{function} / ∂{names}   {rows} × {columns}"


def matrix_of(block: Block, jacobian: Jacobian) -> list[tuple[float | None, ...]]:
    """The rows to show: the matrix, and apart below it vᵀJ and `.grad` where v is known."""
    values: list[tuple[float | None, ...]] = list(block.values or ())
    left = _flat(block.product)
    weights = _flat(jacobian.vector)
    if not left or len(weights) != len(values):
        return values
    product = tuple(
        _total([weight * x for weight, x in zip(weights, column, strict=True)])
        for column in zip(*block.values or (), strict=True)
    )
    return [*values, (None,) * len(left), product, left]


def _total(parts: list[float]) -> float:
    # the exact sum raises where it, or a part of it, is beyond a float
    return math.fsum(parts) if all(abs(part) < 1e300 for part in parts) else sum(parts)


def _flat(tensor: Tensor | None) -> tuple[float, ...]:
    if tensor is None or tensor.values is None:
        return ()
    return tuple(float(value) for value in tensor.values)


def _heat(
    block: Block,
    matrix: list[tuple[float | None, ...]],
    extent: float,
    colors: Palette,
    side: int,
) -> list[Plotted]:
    """The cells, and their numbers in the ink that is read best on each cell's colour."""
    cells: Plotted = {
        "type": "heatmap",
        "z": matrix,
        "zmin": -extent,
        "zmax": extent,
        "colorscale": [list(stop) for stop in colors.diverging],
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "hovertemplate": "∂[%{y}] / ∂[%{x}] = %{z:.6g}<extra></extra>",
    }
    if len(matrix) > NUMBERS + 3 or block.shape[1] * side > NUMBERS:
        return [cells]
    known = [
        (column, row, value)
        for row, line in enumerate(matrix)
        for column, value in enumerate(line)
        if value is not None
    ]
    numbers = scatter(
        x=[column for column, _, _ in known],
        y=[row for _, row, _ in known],
        text=[written(value) for _, _, value in known],
        mode="text",
        textfont={
            "size": 13,
            "color": [ink_on(colour_of(value / extent, colors)) for _, _, value in known],
        },
        hoverinfo="skip",
        showlegend=False,
    )
    return [cells, numbers]


def colour_of(level: float, colors: Palette) -> str:
    """The colour of a cell, between the ends of the scale: −1 to 1."""
    if not math.isfinite(level):
        return colors.paper
    place = (1 + min(1.0, max(-1.0, level))) / 2
    for (low, before), (high, after) in pairwise(colors.diverging):
        if low <= place <= high:
            return mixed(before, after, (place - low) / (high - low))
    return colors.paper


def written(value: float) -> str:
    """A cell's number; a zero has no sign."""
    return number(value + 0.0, 4)


def labels_of(block: Block, jacobian: Jacobian, function: str = "f") -> tuple[list[str], list[str]]:
    """The names of the columns and of the rows."""
    names = block.name.split(", ")
    columns = _elements(names[-1], block.input_shape, block.shape[1])
    weights = _flat(jacobian.vector)
    if jacobian.order == 2:
        shapes = {one.name.split(", ")[-1]: one.input_shape for one in jacobian.blocks}
        return columns, _elements(names[0], shapes.get(names[0], ()), block.shape[0])
    rows = _elements(function, jacobian.output_shape, block.shape[0])
    if _flat(block.product) and len(weights) == len(rows):
        rows = [
            f"{row}   v = {number(weight, 3)}" for row, weight in zip(rows, weights, strict=True)
        ]
        rows += ["", "vᵀJ", ".grad"]
    return columns, rows


def _elements(name: str, shape: Sequence[int], count: int) -> list[str]:
    """The names of the elements, row by row: x[0, 0], x[0, 1], …"""
    if not shape:
        return [name] * count
    labels = []
    for flat in range(count):
        index, rest = [], flat
        for size in reversed(shape):
            rest, k = divmod(rest, max(size, 1))
            index.append(k)
        labels.append(f"{name}[{', '.join(map(str, reversed(index)))}]")
    return labels


def _names(labels: list[str]) -> dict[str, Any]:
    return {
        "tickvals": list(range(len(labels))),
        "ticktext": [escape(label) for label in labels],
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
        "fixedrange": True,
        "automargin": True,
    }
