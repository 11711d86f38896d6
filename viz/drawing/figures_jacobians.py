"""A Jacobian or a Hessian as heat maps with numbers, one for each block.

Rows are elements of the result, columns elements of the input. Above the columns stands vᵀJ, what
`backward(gradient=v)` left in `.grad`; beside the rows stands v.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

from plotly.graph_objects import Figure, Heatmap
from plotly.subplots import make_subplots

from viz.drawing.figures_look import dressed
from viz.drawing.palette import Palette, palette
from viz.errors import N_
from viz.records import Block, Jacobian, Tensor

Say = Callable[[str], str]
NUMBERS = 12
"""Up to so many rows, and columns of all blocks beside each other, cells show their numbers."""
CELL = 34
"""Pixels of a cell with a number."""


def jacobian_figure(jacobian: Jacobian, *, dark: bool = False, say: Say = str) -> Figure:
    """The blocks beside each other (a Hessian's in rows), with v and vᵀJ where they are known."""
    colors = palette(dark)
    shown = [block for block in jacobian.blocks if block.values]
    width = min(_side(jacobian), len(shown))
    if not shown:
        return dressed(Figure(), colors, "jacobian")
    rows = max(1, (len(shown) + width - 1) // width)
    figure = make_subplots(
        rows=rows,
        cols=min(width, len(shown)),
        subplot_titles=[_title(block) for block in shown],
    )
    extent = max((abs(x) for block in shown for row in block.values or () for x in row), default=1)
    for place, block in enumerate(shown):
        row, column = place // width + 1, place % width + 1
        figure.add_trace(_heat(block, extent or 1.0, colors, width), row=row, col=column)
        labels = _labels(block, jacobian, say)
        figure.update_xaxes(**_names(labels[0]), row=row, col=column)
        figure.update_yaxes(**_names(labels[1]), autorange="reversed", row=row, col=column)
    dressed(figure, colors, f"jacobian {jacobian.order}")
    tall = max(len(_matrix(block)) for block in shown)
    figure.update_layout(height=rows * (max(3, min(tall, 24)) * CELL + 90), dragmode=False)
    return figure


def _side(jacobian: Jacobian) -> int:
    """Blocks beside each other: a Hessian's as many as inputs, a Jacobian's at most four."""
    if jacobian.order == 2:
        return max(1, math.isqrt(len(jacobian.blocks)))
    return min(4, max(1, len(jacobian.blocks)))


def _title(block: Block) -> str:
    rows, columns = block.shape
    return f"{escape(block.name)}   {rows} × {columns}"


def _matrix(block: Block) -> list[tuple[float | None, ...]]:
    """The rows to show: the matrix, and apart below it vᵀJ where it is known."""
    values: list[tuple[float | None, ...]] = list(block.values or ())
    product = _flat(block.product)
    return [*values, (None,) * len(product), product] if product else values


def _flat(tensor: Tensor | None) -> tuple[float, ...]:
    if tensor is None or tensor.values is None:
        return ()
    return tuple(float(value) for value in tensor.values)


def _heat(block: Block, extent: float, colors: Palette, beside: int) -> Heatmap:
    matrix = _matrix(block)
    small = len(matrix) <= NUMBERS + 2 and block.shape[1] * beside <= NUMBERS
    return Heatmap(
        z=matrix,
        zmin=-extent,
        zmax=extent,
        colorscale=[list(stop) for stop in colors.diverging],
        showscale=False,
        xgap=1,
        ygap=1,
        text=[[_written(value) for value in row] for row in matrix] if small else None,
        texttemplate="%{text}" if small else None,
        hovertemplate="∂[%{y}] / ∂[%{x}] = %{z:.6g}<extra></extra>",
    )


def _written(value: float | None) -> str:
    return "" if value is None else f"{value + 0.0:.4g}"


def _labels(block: Block, jacobian: Jacobian, say: Say) -> tuple[list[str], list[str]]:
    names = block.name.split(", ")
    columns = _elements(names[-1], block.input_shape, block.shape[1])
    weights = _flat(jacobian.vector)
    if jacobian.order == 2:
        return columns, [f"{escape(names[0])}[{k}]" for k in range(block.shape[0])]
    rows = _elements("f", jacobian.output_shape, block.shape[0])
    if _flat(block.product):
        rows = [
            f"{row}  · {weight:.3g}" for row, weight in zip(rows, weights, strict=False)
        ] or rows
        rows += ["", say(N_("vᵀJ"))]
    return columns, rows


def _elements(name: str, shape: Sequence[int], count: int) -> list[str]:
    """The names of the elements, row by row: x[0, 0], x[0, 1], …"""
    if not shape:
        return [escape(name)] * count
    labels = []
    for flat in range(count):
        index, rest = [], flat
        for size in reversed(shape):
            rest, k = divmod(rest, max(size, 1))
            index.append(k)
        labels.append(f"{escape(name)}[{', '.join(map(str, reversed(index)))}]")
    return labels


def _names(labels: list[str]) -> dict[str, object]:
    return {
        "tickvals": list(range(len(labels))),
        "ticktext": labels,
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
        "fixedrange": True,
    }
