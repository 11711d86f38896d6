"""What a program drew with `plt`, as a chart in the page's colours."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from html import escape
from typing import Any, Final

from msgspec import structs
from plotly.colors import get_colorscale

from viz.drawing.figures.chart import Chart, Plotted, scatter
from viz.drawing.figures.palette import palette
from viz.drawing.figures.panels import Panels, axes_of
from viz.drawing.figures.plotly_layout import axis, dressed
from viz.records import Axes, Mark, Plot

BLACK: Final = ("black", "#000", "#000000")
"""Is the page's ink: black would not be seen in the dark."""
FIRST: Final = palette(dark=False).orders[0]
"""What plotly draws the first mark with that has no colour."""
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


MAX_LABEL: Final = 24
"""Letters of a name at an axis."""
BETWEEN: Final = 10
"""The same where other areas stand beside it."""
MAX_LINES: Final = 2_000
"""Straight helper lines of one figure: each is a shape of its own, which the browser draws."""


def figure(plot: Plot, *, dark: bool = False) -> Chart:
    """The areas, row by row."""
    colors = palette(dark)
    columns = plot.columns or len(plot.axes) or 1
    rows = -(-len(plot.axes) // columns) or 1
    made = Panels(rows, columns, [escape(axes.title) for axes in plot.axes])
    for panel, axes in enumerate(plot.axes):
        for mark in axes.marks:
            _draw(made, mark, panel, axes, colors.ink)
        longest = MAX_LABEL if panel % columns == 0 else BETWEEN
        up = axis(colors, axes.ylabel, **_axis(axes, "y", longest))
        if axes.equal and any(axes.marks):
            up["scaleanchor"] = axes_of(panel)[0]
        made.update_axes(panel, axis(colors, axes.xlabel, **_axis(axes, "x")), up)
    dressed(made, colors, "plot")
    made.update_layout(
        colorway=list(colors.orders),
        showlegend=any(axes.legend for axes in plot.axes),
    )
    if plot.title:
        head = {"text": escape(plot.title), "x": 0.5, "y": 0.99, "yanchor": "top"}
        made.update_layout(title=head, margin={**made.layout["margin"], "t": 56})
    if rows > 1:  # one row is as high as its place
        made.update_layout(height=220 * rows)
    return made


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _axis(axes: Axes, side: str, longest: int = MAX_LABEL) -> dict[str, Any]:
    """What the program has said of one axis; its names have at most so many letters."""
    limits, log, ticks = (
        (axes.xlim, axes.xlog, axes.xticks) if side == "x" else (axes.ylim, axes.ylog, axes.yticks)
    )
    said: dict[str, Any] = {"showgrid": axes.grid, "visible": not axes.bare}
    if log:
        said |= {"type": "log", "exponentformat": "power"}
    if limits and not (log and min(limits) <= 0) and all(map(math.isfinite, limits)):
        said["range"] = [math.log10(each) for each in limits] if log else list(limits)
    if ticks is not None:
        said |= {"tickmode": "array", "tickvals": list(ticks.at)}
        if ticks.texts:  # names, of which none is zero
            said |= {"zeroline": False, "automargin": True}
            said["ticktext"] = [escape(_cut(text, longest)) for text in ticks.texts]
    return said


def _draw(made: Panels, mark: Mark, panel: int, axes: Axes, ink: str) -> None:
    color = ink if mark.color in BLACK else mark.color
    if mark.shades:
        shades = tuple(ink if shade in BLACK else shade for shade in mark.shades)
        mark = structs.replace(mark, shades=shades)
    across, up = axes_of(panel)
    line = {"color": color or "gray", "width": 1}
    room = MAX_LINES - len(made.layout.get("shapes", ()))
    if mark.kind == "horizontal":
        for y in mark.y[: max(room, 0)]:
            made.shape(
                panel, type="line", xref=f"{across} domain", x0=0, x1=1, y0=y, y1=y, line=line
            )
    elif mark.kind == "vertical":
        for x in mark.x[: max(room, 0)]:
            ends = {"yref": f"{up} domain", "y0": 0, "y1": 1, "x0": x, "x1": x}
            made.shape(panel, type="line", line=line, **ends)
    elif mark.kind == "text" and mark.x and mark.y:
        made.annotate(panel, **_text(mark, color, panel))
    else:
        made.draw(panel, _TRACES.get(mark.kind, _line)(mark, color, axes))


def _text(mark: Mark, color: str | None, panel: int) -> dict[str, Any]:
    """A text, or a text with an arrow to what it speaks of."""
    said = {
        "text": escape(mark.label or ""),
        "showarrow": len(mark.x) > 1,
        **_coloured("font", color),
    }
    across, up = axes_of(panel)
    if len(mark.x) == 1:
        said |= {"xanchor": mark.anchor[0], "yanchor": mark.anchor[1], "borderpad": 2}
        ends = {"xref": f"{across} domain", "yref": f"{up} domain"} if mark.shares else {}
        return said | {"x": mark.x[0], "y": mark.y[0]} | ends
    return said | {
        "ax": mark.x[0], "ay": mark.y[0], "x": mark.x[1], "y": mark.y[1],
        "axref": across, "ayref": up, "arrowhead": 2,
    }  # fmt: skip


def _coloured(part: str, color: str | None, **more: Any) -> dict[str, Any]:
    """A part of a mark in its colour; without one it takes plotly's next."""
    look = more if color is None else {"color": color, **more}
    return {part: look} if look else {}


def _parts(mark: Mark, color: str | None, axes: Axes, **more: Any) -> dict[str, Any]:
    """The colours of a mark's bars or points: one for all, one for each, or numbers for them."""
    own = color or FIRST
    each: Any = [shade or own for shade in mark.shades]
    if mark.kind == "scatter" and mark.z:
        scale = {"colorscale": _scale(mark.colors), "showscale": axes.colorbar}
        each, more = mark.z, {**more, **scale}
    seen = {} if mark.alpha is None else {"opacity": _share(mark.alpha)}
    return {**_coloured("marker", each or color, **more), **seen}


def _share(alpha: float) -> float:
    return alpha if 0 <= alpha <= 1 else 1.0


def _named(mark: Mark) -> dict[str, Any]:
    return {"name": escape(mark.label or ""), "showlegend": mark.label is not None}


def _line(mark: Mark, color: str | None, axes: Axes) -> Plotted:
    lines = mark.kind == "line" and mark.dash != "none"
    points = mark.kind == "scatter" or bool(mark.marker) or mark.dash == "none"
    mode = "+".join(name for name, is_on in (("lines", lines), ("markers", points)) if is_on)
    return scatter(
        x=mark.x,
        y=mark.y,
        mode=mode,
        **_coloured("line", color, dash="solid" if mark.dash == "none" else mark.dash),
        **_parts(mark, color, axes, symbol=MARKERS.get(mark.marker or "o", "circle")),
        **_named(mark),
    )


def _bars(mark: Mark, color: str | None, axes: Axes) -> Plotted:
    lying = mark.kind == "barh"
    return {
        "type": "bar",
        "x": mark.y if lying else mark.x,
        "y": mark.x if lying else mark.y,
        "orientation": "h" if lying else "v",
        "base": mark.z,
        "width": mark.width,
        **_parts(mark, color, axes),
        **_named(mark),
    }


def _fill(mark: Mark, color: str | None, _axes: Axes) -> Plotted:
    look = {} if color is None else {"fillcolor": color}
    seen = 0.4 if mark.alpha is None else _share(mark.alpha)
    return scatter(
        x=mark.x, y=mark.y, mode="none", fill="toself", opacity=seen, **look, **_named(mark)
    )


@cache
def _scale(name: str | None) -> list[list[float | str]]:
    """A scale by its stops: plotly's script knows few of the names that its classes know."""
    known = SCALES.get(name or "")
    if known is None and (turned := SCALES.get((name or "").removesuffix("_r"))):
        known = turned.removesuffix("_r") if turned.endswith("_r") else f"{turned}_r"
    return [list(stop) for stop in get_colorscale(known or "Viridis")]


def _heights(mark: Mark, _color: str | None, axes: Axes) -> Plotted:
    columns = max(len(mark.x), 1)
    whole = len(mark.z) - len(mark.z) % columns
    said: Plotted = {
        "type": "heatmap",
        "x": mark.x,
        "y": mark.y,
        "z": [mark.z[start : start + columns] for start in range(0, whole, columns)],
        "colorscale": _scale(mark.colors),
        "showscale": axes.colorbar and mark.kind != "contour",
    }
    if mark.kind == "image":
        return said
    coloring = "fill" if mark.kind == "filled" else "lines"
    return said | {"type": "contour", "contours": {"coloring": coloring}}


_TRACES: Final[dict[str, Callable[[Mark, str | None, Axes], Any]]] = {
    **dict.fromkeys(("bar", "barh"), _bars),
    **dict.fromkeys(("image", "contour", "filled"), _heights),
    "fill": _fill,
}
"""How a mark is drawn; every other is a line or points."""
