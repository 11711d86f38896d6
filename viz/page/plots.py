"""What a program drew with `plt`, as a plotly figure in the page's colours."""

from __future__ import annotations

import math
from collections.abc import Callable
from html import escape
from typing import Any, Final

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from viz.drawing.figures.palette import palette
from viz.drawing.figures.plotly_layout import axis, dressed
from viz.records import Axes, Mark, Plot

COLORS: Final = {
    "b": "#1f77b4", "g": "#2ca02c", "r": "#d62728", "c": "#17becf", "m": "#9467bd", "y": "#bcbd22",
    "k": "gray", "w": "white",
}  # fmt: skip
"""matplotlib's one-letter colours; black as gray, which is seen on paper and in the dark."""
MARKERS: Final = {
    "o": "circle", ".": "circle", "s": "square", "^": "triangle-up", "v": "triangle-down",
    "x": "x-thin-open", "+": "cross-thin-open", "*": "star", "d": "diamond", "D": "diamond",
}  # fmt: skip


SCALES: Final = {
    "gray": "gray", "Greys": "Greys", "binary": "Greys", "plasma": "Plasma", "inferno": "Inferno",
    "magma": "Magma", "cividis": "Cividis", "hot": "Hot", "jet": "Jet", "rainbow": "Rainbow",
    "Blues": "Blues", "Reds": "Reds", "Greens": "Greens", "RdBu": "RdBu", "coolwarm": "RdBu_r",
    "bwr": "RdBu_r", "RdBu_r": "RdBu_r", "Spectral": "Spectral", "RdYlBu": "RdYlBu", "hsv": "HSV",
    "PiYG": "PiYG", "YlGnBu": "YlGnBu", "YlOrRd": "YlOrRd", "turbo": "Turbo", "Purples": "Purples",
}  # fmt: skip
"""matplotlib's scales of colours; any other is drawn as viridis."""


def figure(plot: Plot, *, dark: bool = False) -> go.Figure:
    """The areas, row by row."""
    colors = palette(dark)
    columns = plot.columns or len(plot.axes) or 1
    rows = -(-len(plot.axes) // columns) or 1
    titles = [escape(axes.title) for axes in plot.axes]
    made = make_subplots(rows=rows, cols=columns, subplot_titles=titles)
    for place, axes in enumerate(plot.axes):
        at = {"row": place // columns + 1, "col": place % columns + 1}
        for mark in axes.marks:
            _draw(made, mark, at, axes)
        made.update_xaxes(axis(colors, axes.xlabel, **_axis(axes, "x")), **at)
        made.update_yaxes(axis(colors, axes.ylabel, **_axis(axes, "y")), **at)
        if axes.equal and any(axes.marks):
            own = made.get_subplot(at["row"], at["col"]).xaxis.plotly_name
            made.update_yaxes(scaleanchor=own.replace("axis", ""), **at)
    dressed(made, colors, "plot")
    made.update_layout(
        colorway=list(colors.orders),
        showlegend=any(axes.legend for axes in plot.axes),
        height=None if rows == 1 else 220 * rows,  # one row is as high as its place
    )
    return made


def _axis(axes: Axes, side: str) -> dict[str, Any]:
    """What the program has said of one axis."""
    limits, log, ticks = (
        (axes.xlim, axes.xlog, axes.xticks) if side == "x" else (axes.ylim, axes.ylog, axes.yticks)
    )
    said: dict[str, Any] = {"showgrid": axes.grid, "visible": not axes.bare}
    if log:
        said["type"] = "log"
    if limits and not (log and min(limits) <= 0) and all(map(math.isfinite, limits)):
        said["range"] = [math.log10(each) for each in limits] if log else list(limits)
    if ticks is not None:
        said |= {"tickmode": "array", "tickvals": list(ticks.at)}
        if ticks.texts:
            said["ticktext"] = [escape(text) for text in ticks.texts]
    return said


def _draw(made: go.Figure, mark: Mark, at: dict[str, int], axes: Axes) -> None:
    color = COLORS.get(mark.color or "", mark.color)
    if mark.kind == "horizontal":
        for y in mark.y:
            made.add_hline(y=y, line_color=color or "gray", line_width=1, **at)
    elif mark.kind == "vertical":
        for x in mark.x:
            made.add_vline(x=x, line_color=color or "gray", line_width=1, **at)
    elif mark.kind == "text" and mark.x and mark.y:
        made.add_annotation(**_text(mark, color), **at)
    else:
        made.add_trace(_TRACES.get(mark.kind, _line)(mark, color, axes), **at)


def _text(mark: Mark, color: str | None) -> dict[str, Any]:
    """A text, or a text with an arrow to what it speaks of."""
    said = {"text": escape(mark.label or ""), "showarrow": len(mark.x) > 1}
    if color is not None:
        said["font"] = {"color": color}
    if len(mark.x) == 1:
        return said | {"x": mark.x[0], "y": mark.y[0], "xanchor": "left"}
    return said | {
        "ax": mark.x[0], "ay": mark.y[0], "x": mark.x[1], "y": mark.y[1],
        "axref": "x", "ayref": "y", "arrowhead": 2,
    }  # fmt: skip


def _named(mark: Mark) -> dict[str, Any]:
    return {"name": escape(mark.label or ""), "showlegend": mark.label is not None}


def _line(mark: Mark, color: str | None, _axes: Axes) -> go.Scatter:
    lines = mark.kind == "line" and mark.dash != "none"
    points = mark.kind == "scatter" or bool(mark.marker) or mark.dash == "none"
    mode = "+".join(name for name, is_on in (("lines", lines), ("markers", points)) if is_on)
    return go.Scatter(
        x=mark.x,
        y=mark.y,
        mode=mode,
        line={"color": color, "dash": "solid" if mark.dash == "none" else mark.dash},
        marker={"color": color, "symbol": MARKERS.get(mark.marker or "o", "circle")},
        **_named(mark),
    )


def _bars(mark: Mark, color: str | None, _axes: Axes) -> go.Bar:
    lying = mark.kind == "barh"
    return go.Bar(
        x=mark.y if lying else mark.x,
        y=mark.x if lying else mark.y,
        orientation="h" if lying else "v",
        base=mark.z,
        width=mark.width,
        marker_color=color,
        **_named(mark),
    )


def _fill(mark: Mark, color: str | None, _axes: Axes) -> go.Scatter:
    return go.Scatter(
        x=mark.x,
        y=mark.y,
        mode="none",
        fill="toself",
        fillcolor=color,
        opacity=0.4,
        **_named(mark),
    )


def _heights(mark: Mark, _color: str | None, axes: Axes) -> go.Heatmap | go.Contour:
    columns = max(len(mark.x), 1)
    said = {
        "x": mark.x,
        "y": mark.y,
        "z": [mark.z[start : start + columns] for start in range(0, len(mark.z), columns)],
        "colorscale": SCALES.get(mark.colors or "", "Viridis"),
        "showscale": axes.colorbar and mark.kind != "contour",
    }
    if mark.kind == "image":
        return go.Heatmap(**said)
    coloring = "fill" if mark.kind == "filled" else "lines"
    return go.Contour(**said, contours_coloring=coloring)


_TRACES: Final[dict[str, Callable[[Mark, str | None, Axes], Any]]] = {
    **dict.fromkeys(("bar", "barh"), _bars),
    **dict.fromkeys(("image", "contour", "filled"), _heights),
    "fill": _fill,
}
"""How a mark is drawn; every other is a line or points."""
