"""A surface as figures: in space, as a map with its gradient field, and as slices through a point.

Heights are blue, the gradient (what comes back) is vermilion, the current point and what starts
from it is green, as everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from plotly.graph_objects import Contour, Figure, Scatter
from plotly.graph_objects import Surface as Relief
from plotly.subplots import make_subplots

from viz.drawing.figures_look import CLEAR, axis, dressed
from viz.drawing.palette import Palette, palette
from viz.errors import N_
from viz.records import Surface

Say = Callable[[str], str]
At = tuple[float, float]
ARROWS = 18
"""Arrows of the gradient field along each side, at most."""


def relief_figure(
    surface: Surface, *, at: At | None = None, dark: bool = False, say: Say = str
) -> Figure:
    """f over two numbers in space, to be turned and zoomed; the current point on it."""
    colors = palette(dark)
    figure = Figure(
        Relief(
            x=surface.x,
            y=surface.y,
            z=surface.value,
            colorscale=_scale(colors),
            showscale=False,
            contours={"z": {"show": True, "color": colors.faint(colors.ink, 0.35), "width": 1}},
            hovertemplate="%{x:.4g}, %{y:.4g}<br>f %{z:.6g}<extra></extra>",
        )
    )
    height = value_over(surface, *at) if at else None
    if at is not None and height is not None:
        figure.add_scatter3d(
            x=[at[0]],
            y=[at[1]],
            z=[height],
            mode="markers",
            marker={"size": 5, "color": colors.selection},
            hovertemplate=f"{say(N_('here'))}: %{{z:.6g}}<extra></extra>",
            showlegend=False,
        )
    dressed(figure, colors, f"{surface.along} relief")
    figure.update_layout(scene=_scene(surface, colors), margin={"l": 0, "r": 0, "t": 0, "b": 0})
    return figure


def _scene(surface: Surface, colors: Palette) -> dict[str, Any]:
    """Three quiet axes, seen from the south-east."""
    plain = axis(colors)
    side = {name: plain[name] for name in ("gridcolor", "zerolinecolor", "tickfont")}
    side["backgroundcolor"] = CLEAR
    titles = (*map(escape, surface.along), "f")
    axes = {
        f"{letter}axis": {**side, "title": {"text": title}}
        for letter, title in zip("xyz", titles, strict=True)
    }
    return {**axes, "camera": {"eye": {"x": 1.5, "y": -1.5, "z": 0.9}}}


def map_figure(
    surface: Surface, *, at: At | None = None, dark: bool = False, say: Say = str
) -> Figure:
    """f as contours, its gradient as arrows (they point uphill), and the walk of the record."""
    colors = palette(dark)
    figure = Figure(
        Contour(
            x=surface.x,
            y=surface.y,
            z=surface.value,
            colorscale=_scale(colors),
            showscale=False,
            ncontours=24,
            line={"width": 0.8, "color": colors.faint(colors.ink, 0.35)},
            hovertemplate="%{x:.4g}, %{y:.4g}<br>f %{z:.6g}<extra></extra>",
        )
    )
    figure.add_trace(_arrows(surface, colors, say))
    if surface.walk:
        figure.add_trace(_walk(surface.walk, colors, say))
    if at is not None:
        figure.add_trace(_point(at, colors))
    dressed(figure, colors, f"{surface.along} map")
    first, second = surface.along
    figure.update_layout(xaxis=axis(colors, first), yaxis=axis(colors, second))
    return figure


def slices_figure(surface: Surface, at: At, *, dark: bool = False, say: Say = str) -> Figure:
    """The two curves through a point, each with its partial derivative as the tangent.

    They are those of the nearest row and column of the grid, whose samples are exact.
    """
    colors = palette(dark)
    if not surface.x or not surface.y:
        return dressed(Figure(), colors, "slices")
    first, second = surface.along
    row, column = _nearest(surface.y, at[1]), _nearest(surface.x, at[0])
    figure = make_subplots(cols=2, shared_yaxes=True, horizontal_spacing=0.06)
    along_y = tuple(line[column] for line in surface.value)
    dy = tuple(line[column] for line in surface.dy)
    sides = (
        (surface.x, surface.value[row], column, surface.dx[row][column]),
        (surface.y, along_y, row, dy[row]),
    )
    for place, (xs, ys, here, slope) in enumerate(sides, 1):
        for trace in _slice(xs, ys, here, slope, colors, say):
            figure.add_trace(trace, row=1, col=place)
    dressed(figure, colors, f"{surface.along} slices")
    figure.update_layout(
        xaxis=axis(colors, f"{first}   ({second} = {surface.y[row]:.4g})"),
        xaxis2=axis(colors, f"{second}   ({first} = {surface.x[column]:.4g})"),
        yaxis=axis(colors),
        yaxis2=axis(colors),
        showlegend=False,
    )
    return figure


def value_over(surface: Surface, x: float, y: float) -> float | None:
    """f at the sample nearest to a point, `None` outside the grid or where it is not defined."""
    if not (surface.x and surface.x[0] <= x <= surface.x[-1]):
        return None
    if not (surface.y and surface.y[0] <= y <= surface.y[-1]):
        return None
    value = surface.value[_nearest(surface.y, y)][_nearest(surface.x, x)]
    return value if math.isfinite(value) else None


def _nearest(samples: Sequence[float], at: float) -> int:
    return min(range(len(samples)), key=lambda place: abs(samples[place] - at))


def _scale(colors: Palette) -> list[list[Any]]:
    return [list(stop) for stop in colors.sequential]


def _slice(
    xs: Sequence[float],
    ys: Sequence[float],
    here: int,
    slope: float,
    colors: Palette,
    say: Say,
) -> list[Scatter]:
    curve = Scatter(
        x=xs,
        y=ys,
        mode="lines",
        line={"color": colors.forward, "width": 2},
        hovertemplate="%{x:.4g}: %{y:.6g}<extra></extra>",
    )
    if not (math.isfinite(ys[here]) and math.isfinite(slope)):
        return [curve]
    reach = 0.25 * (xs[-1] - xs[0])
    ends = [max(xs[0], xs[here] - reach), min(xs[-1], xs[here] + reach)]
    tangent = Scatter(
        x=ends,
        y=[ys[here] + slope * (x - xs[here]) for x in ends],
        mode="lines",
        line={"color": colors.backward, "width": 1.5, "dash": "dash"},
        name=say(N_("partial derivative")),
        hovertemplate=f"{slope:.6g}<extra></extra>",
    )
    return [curve, tangent, _point((xs[here], ys[here]), colors)]


def _point(at: At, colors: Palette) -> Scatter:
    return Scatter(
        x=[at[0]],
        y=[at[1]],
        mode="markers",
        marker={
            "size": 10,
            "color": colors.selection,
            "line": {"color": colors.paper, "width": 2},
        },
        hoverinfo="skip",
        showlegend=False,
    )


def _walk(steps: Sequence[Sequence[float]], colors: Palette, say: Say) -> Scatter:
    return Scatter(
        x=[step[0] for step in steps],
        y=[step[1] for step in steps],
        text=[f"{number}: f = {step[2]:.6g}" for number, step in enumerate(steps)],
        mode="lines+markers",
        line={"color": colors.selection, "width": 1.5},
        marker={"size": 5, "color": colors.selection},
        name=say(N_("gradient descent")),
        hovertemplate="%{text}<br>%{x:.6g}, %{y:.6g}<extra></extra>",
    )


def _arrows(surface: Surface, colors: Palette, say: Say) -> Scatter:
    """The gradient on a coarse grid: all arrows in one line trace, the longest one cell long.

    Lengths follow the fourth root of the gradient's, so that flat regions show a direction too.
    """
    rows = _some(len(surface.y))
    columns = _some(len(surface.x))
    wide, high = _extent(surface.x) / max(len(columns), 1), _extent(surface.y) / max(len(rows), 1)
    places = [(row, column) for row in rows for column in columns]
    slopes = [(surface.dx[row][column], surface.dy[row][column]) for row, column in places]
    longest = max((math.hypot(*slope) for slope in slopes if _known(*slope)), default=0.0)
    xs: list[float | None] = []
    ys: list[float | None] = []
    for (row, column), slope in zip(places, slopes, strict=True):
        length = math.hypot(*slope)
        if not (_known(*slope) and length > 0):
            continue
        right, up = slope[0] / wide, slope[1] / high  # in cells
        size = 0.8 * (length / longest) ** 0.25 / math.hypot(right, up)
        head = _arrow(right * size, up * size)
        xs += [None if dot is None else surface.x[column] + dot[0] * wide for dot in head]
        ys += [None if dot is None else surface.y[row] + dot[1] * high for dot in head]
    return Scatter(
        x=xs,
        y=ys,
        mode="lines",
        line={"color": colors.backward, "width": 1.1},
        name=say(N_("gradient")),
        hoverinfo="skip",
    )


def _extent(samples: Sequence[float]) -> float:
    return samples[-1] - samples[0] if samples else 0.0


def _known(*numbers: float) -> bool:
    return all(map(math.isfinite, numbers))


def _some(count: int) -> list[int]:
    """At most `ARROWS` places, evenly spread and off the rim."""
    step = max(1, math.ceil(count / ARROWS))
    return list(range(step // 2, count, step))


def _arrow(right: float, up: float) -> list[tuple[float, float] | None]:
    """An arrow of that vector around the origin, in units of a cell: shaft and two barbs."""
    tip, tail = (right / 2, up / 2), (-right / 2, -up / 2)
    barbs = [
        (tip[0] - 0.3 * (right - turn * up), tip[1] - 0.3 * (up + turn * right))
        for turn in (0.5, -0.5)
    ]
    return [tail, tip, barbs[0], None, tip, barbs[1], None]
