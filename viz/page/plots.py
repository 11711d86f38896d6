"""What a program drew with `plt`, as a plotly figure in the page's look."""

from __future__ import annotations

from html import escape
from typing import Any, Final

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from viz.drawing.figures.look import axis, dressed
from viz.drawing.figures.palette import palette
from viz.records import Mark, Plot

COLORS: Final = {
    "b": "#1f77b4", "g": "#2ca02c", "r": "#d62728", "c": "#17becf", "m": "#9467bd", "y": "#bcbd22",
    "k": "gray", "w": "white",
}  # fmt: skip
"""matplotlib's one-letter colours; black as gray, which is seen on paper and in the dark."""
MARKERS: Final = {
    "o": "circle", ".": "circle", "s": "square", "^": "triangle-up", "v": "triangle-down",
    "x": "x-thin-open", "+": "cross-thin-open", "*": "star", "d": "diamond", "D": "diamond",
}  # fmt: skip


def figure(plot: Plot, *, dark: bool = False) -> go.Figure:
    """One row of axes."""
    colors = palette(dark)
    made = make_subplots(
        rows=1, cols=len(plot.axes) or 1, subplot_titles=[escape(axes.title) for axes in plot.axes]
    )
    for column, axes in enumerate(plot.axes, start=1):
        for mark in axes.marks:
            _draw(made, mark, column)
        made.update_xaxes(axis(colors, axes.xlabel, showgrid=axes.grid), col=column)
        made.update_yaxes(axis(colors, axes.ylabel, showgrid=axes.grid), col=column)
    dressed(made, colors, "plot")
    made.update_layout(
        colorway=list(colors.orders),
        showlegend=any(axes.legend for axes in plot.axes),
        height=300,
    )
    return made


def _draw(made: go.Figure, mark: Mark, column: int) -> None:
    color = COLORS.get(mark.color or "", mark.color)
    if mark.kind == "horizontal":
        for y in mark.y:
            made.add_hline(y=y, line_color=color or "gray", line_width=1, col=column)
    elif mark.kind == "vertical":
        for x in mark.x:
            made.add_vline(x=x, line_color=color or "gray", line_width=1, col=column)
    else:
        made.add_trace(go.Scatter(**_scatter(mark, color)), row=1, col=column)


def _scatter(mark: Mark, color: str | None) -> dict[str, Any]:
    lines = mark.kind == "line" and mark.dash != "none"
    points = mark.kind == "scatter" or bool(mark.marker) or mark.dash == "none"
    mode = "+".join(name for name, is_on in (("lines", lines), ("markers", points)) if is_on)
    return {
        "x": mark.x,
        "y": mark.y,
        "name": escape(mark.label or ""),
        "showlegend": mark.label is not None,
        "mode": mode,
        "line": {"color": color, "dash": "solid" if mark.dash == "none" else mark.dash},
        "marker": {"color": color, "symbol": MARKERS.get(mark.marker or "o", "circle")},
    }
