"""A surface as figures: in space, as a map with its gradient field, and as slices through a point.

Heights are blue, the gradient (what comes back) is vermilion, the current point and what starts
from it is green, as everywhere.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from html import escape
from typing import Any, Final

from viz.drawing.figures.chart import Chart, Plotted, scatter
from viz.drawing.figures.curve.figure import joined
from viz.drawing.figures.curve.readout import number, value_at
from viz.drawing.figures.palette import CLEAR, Palette, mixed, palette
from viz.drawing.figures.plotly_layout import axis, dressed
from viz.drawing.figures.scale import heading
from viz.drawing.texts import Translate
from viz.errors import N_
from viz.records import Curve, Message, Surface

At = tuple[float, float]
ARROWS = 18
"""Arrows of the gradient field along each side, at most."""
SIDES: Final = ([0, 0.47], [0.53, 1])
"""The stretches of the figure's width that the two slices have."""
POINT: Final = "%{x:.4g}, %{y:.4g}"
STEEP: Final = 12.0
"""So many times as high as half of f's values f must be for its logarithm to be shown."""


def relief_figure(
    surface: Surface,
    *,
    at: At | None = None,
    dark: bool = False,
    say: Translate = str,
    function: str = "f",
) -> Chart:
    """f, called `function`, over two numbers in space, to be turned and zoomed.

    The current point is on it.
    """
    colors = palette(dark)
    lines = mixed(colors.paper, colors.ink, 0.55)  # space knows no opacity of lines
    figure = Chart(
        [
            {
                "type": "surface",
                "x": surface.x,
                "y": surface.y,
                "z": surface.value,
                "colorscale": _scale(colors),
                "showscale": False,
                "contours": {"z": {"show": True, "color": lines, "width": 1}},
                "hovertemplate": f"{POINT}<br>{function} %{{z:.6g}}<extra></extra>",
            }
        ]
    )
    height = value_over(surface, *at) if at else None
    if at is not None and height is not None:
        figure.add_trace(_here((*at, height), colors, say))
    dressed(figure, colors, f"{surface.along} relief")
    figure.update_layout(
        scene=_scene((*surface.along, function), colors), margin={"l": 0, "r": 0, "t": 0, "b": 0}
    )
    return figure


def _here(at: tuple[float, float, float], colors: Palette, say: Translate) -> Plotted:
    """The current point in space."""
    x, y, height = at
    here = say(N_("here"))
    return {
        "type": "scatter3d",
        "x": [x],
        "y": [y],
        "z": [height],
        "mode": "markers",
        "marker": {"size": 5, "color": colors.selection},
        "hovertemplate": f"{here}: %{{z:.6g}}<extra></extra>",
        "showlegend": False,
    }


def _scene(names: tuple[str, str, str], colors: Palette) -> dict[str, Any]:
    """Three quiet axes, seen from the south-east."""
    side = {
        "gridcolor": mixed(colors.paper, colors.muted, 0.35),
        "zerolinecolor": mixed(colors.paper, colors.muted, 0.7),
        "tickfont": {"color": colors.muted, "size": 11},
        "backgroundcolor": CLEAR,
    }
    axes = {
        f"{letter}axis": {**side, "title": {"text": escape(name)}}
        for letter, name in zip("xyz", names, strict=True)
    }
    return {
        **axes,
        "dragmode": "turntable",  # the figure's own, pan, would push it out of sight
        "camera": {
            "eye": {"x": 1.55, "y": -1.55, "z": 0.95},
            "center": {"x": 0, "y": 0, "z": -0.12},
        },
    }


def map_figure(
    surface: Surface,
    *,
    at: At | None = None,
    dark: bool = False,
    say: Translate = str,
    function: str = "f",
) -> Chart:
    """f, called `function`, as contours, with its gradient as arrows (they point uphill), and the
    walk of the record.
    """
    colors = palette(dark)
    figure = Chart(
        [
            {
                "type": "contour",
                "x": surface.x,
                "y": surface.y,
                "z": levels(surface),
                "customdata": surface.value,
                "colorscale": _pale(colors),
                "showscale": False,
                "ncontours": 24,
                "line": {"width": 0.8, "color": colors.faint(colors.ink, 0.35)},
                "hovertemplate": f"{POINT}<br>{function} %{{customdata:.6g}}<extra></extra>",
            }
        ]
    )
    figure.add_trace(_arrows(surface, colors, say))
    if surface.walk:
        figure.add_trace(_walk(surface.walk, colors, say, function))
    if at is not None:
        figure.add_trace(_point(at, colors))
    dressed(figure, colors, f"{surface.along} map")
    first, second = surface.along
    sides = (_ends(surface.x), _ends(surface.y))  # whatever a walk does, the map stays
    figure.update_layout(
        xaxis=axis(colors, first, range=sides[0]), yaxis=axis(colors, second, range=sides[1])
    )
    return figure


def slices_figure(
    slices: tuple[Curve, Curve],
    at: At,
    *,
    dark: bool = False,
    say: Translate = str,
    function: str = "f",
) -> Chart:
    """The two curves through a point, each with its partial derivative as the tangent.

    Each is a curve of its own along one of the two numbers, the other held at the point.
    """
    colors = palette(dark)
    figure = Chart()
    for place, one, x in zip(("", "2"), slices, at, strict=True):
        axes = {"xaxis": f"x{place}", "yaxis": f"y{place}"}
        figure.add_traces({**trace, **axes} for trace in _slice(one, x, colors, say))
    dressed(figure, colors, f"{slices[0].along} {slices[1].along} slices")
    held = [f"{one.along} = {number(x, 4)}" for one, x in zip(slices, at, strict=True)]
    words = [f"{one.along}   ({other})" for one, other in zip(slices, reversed(held), strict=True)]
    figure.update_layout(
        xaxis=axis(colors, words[0], anchor="y", domain=SIDES[0]),
        xaxis2=axis(colors, words[1], anchor="y2", domain=SIDES[1]),
        yaxis=axis(colors, anchor="x"),
        yaxis2=axis(colors, anchor="x2", matches="y", showticklabels=False),
        annotations=_slopes(slices, at, colors, function),
        showlegend=False,
    )
    return figure


def _slopes(
    slices: tuple[Curve, Curve], at: At, colors: Palette, function: str
) -> list[dict[str, Any]]:
    """The partial derivatives as titles above the slices."""
    places = {"xref": "paper", "xanchor": "center", "yref": "paper", "y": 1, "yanchor": "bottom"}
    return [
        {
            **places,
            "x": sum(side) / 2,
            "text": _slope_words(one, x, function),
            "showarrow": False,
            "font": {"size": 13, "color": colors.backward},
        }
        for side, one, x in zip(SIDES, slices, at, strict=True)
    ]


def _slope_words(one: Curve, x: float, function: str) -> str:
    slope = value_at(one, x, 1) if len(one.derivatives) > 1 else None
    return f"∂{escape(function)}/∂{escape(one.along)} = {number(slope)}"


def descended(surface: Surface, function: str = "f") -> Message | None:
    """Where the walk of a surface has come to, in words; `None` without one."""
    if not surface.walk:
        return None
    first, last = surface.walk[0], surface.walk[-1]
    inside = _within(surface.x, last[0]) and _within(surface.y, last[1])
    lower = inside and last[2] <= first[2]
    return Message(
        _DESCENDED if lower else _ASTRAY,
        {
            "count": str(len(surface.walk) - 1),
            "x": f"{surface.along[0]} = {number(last[0], 5)}",
            "y": f"{surface.along[1]} = {number(last[1], 5)}",
            "f": function,
            "value": number(last[2], 5),
        },
    )


_DESCENDED: Final = N_("Gradient descent, step {count}: {x}, {y}, {f} = {value}.")
_ASTRAY: Final = N_(
    "Gradient descent diverges, step {count}: {x}, {y}, {f} = {value}. Use a smaller learning rate."
)


def value_over(surface: Surface, x: float, y: float) -> float | None:
    """f at the sample nearest to a point, `None` outside the grid or where it is not defined."""
    if not (_within(surface.x, x) and _within(surface.y, y)):
        return None
    value = surface.value[_nearest(surface.y, y)][_nearest(surface.x, x)]
    return value if math.isfinite(value) else None


def _within(samples: Sequence[float], at: float) -> bool:
    return bool(samples) and samples[0] <= at <= samples[-1]


def _nearest(samples: Sequence[float], at: float) -> int:
    return min(range(len(samples)), key=lambda place: abs(samples[place] - at))


def _scale(colors: Palette) -> list[list[Any]]:
    return [list(stop) for stop in colors.sequential]


def _pale(colors: Palette) -> list[list[Any]]:
    """The scale of heights, not so strong that arrows and walks could not be seen on it."""
    low, high = colors.sequential[0][1], colors.sequential[-1][1]
    return [[0.0, low], [1.0, mixed(low, high, 0.6)]]


def levels(surface: Surface) -> tuple[tuple[float | None, ...], ...]:
    """What the map's colours and contours follow: f, or its logarithm above the lowest value.

    The logarithm where most of f lies near the bottom: else a valley would be one flat spot.
    """
    known = sorted(z for row in surface.value for z in row if math.isfinite(z))
    if not known:
        return surface.value
    low, high, middle = known[0], known[-1], known[len(known) // 2]
    if not math.inf > high - low > STEEP * (middle - low):
        return surface.value
    floor = max((high - low) * 1e-4, 1e-300)
    return tuple(
        tuple(math.log10(z - low + floor) if math.isfinite(z) else None for z in row)
        for row in surface.value
    )


def _slice(one: Curve, at: float, colors: Palette, say: Translate) -> list[Plotted]:
    if not one.derivatives:
        return []
    xs, ys = joined(one, 0)
    curve = scatter(
        x=xs,
        y=ys,
        mode="lines",
        line={"color": colors.forward, "width": 2, "simplify": False},
        hovertemplate="%{x:.4g}: %{y:.6g}<extra></extra>",
    )
    here = value_at(one, at)
    slope = value_at(one, at, 1) if len(one.derivatives) > 1 else None
    if here is None:
        return [curve]
    if slope is None:
        return [curve, _point((at, here), colors)]
    reach = 0.25 * (one.x[-1] - one.x[0])
    ends = [max(one.x[0], at - reach), min(one.x[-1], at + reach)]
    tangent = scatter(
        x=ends,
        y=[here + slope * (x - at) for x in ends],
        mode="lines",
        line={"color": colors.backward, "width": 1.5, "dash": "dash"},
        name=say(N_("partial derivative")),
        hovertemplate=f"{slope:.6g}<extra></extra>",
    )
    return [curve, tangent, _point((at, here), colors)]


def _point(at: At, colors: Palette) -> Plotted:
    return scatter(
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


def _walk(
    steps: Sequence[Sequence[float]], colors: Palette, say: Translate, function: str
) -> Plotted:
    return scatter(
        x=[step[0] for step in steps],
        y=[step[1] for step in steps],
        text=[f"{k}: {escape(function)} = {step[2]:.6g}" for k, step in enumerate(steps)],
        mode="lines+markers",
        line={"color": colors.selection, "width": 1.5},
        marker={"size": 5, "color": colors.selection},
        name=say(N_("gradient descent")),
        hovertemplate="%{text}<br>%{x:.6g}, %{y:.6g}<extra></extra>",
    )


def _arrows(surface: Surface, colors: Palette, say: Translate) -> Plotted:
    """The gradient on a coarse grid: all arrows in one line trace, the longest one cell long.

    Lengths follow the fourth root of the gradient's, so that flat regions show a direction too.
    """
    rows = _some(len(surface.y))
    columns = _some(len(surface.x))
    wide, high = _cell(surface.x, len(columns)), _cell(surface.y, len(rows))
    places = [(row, column) for row in rows for column in columns]
    slopes = [(surface.dx[row][column], surface.dy[row][column]) for row, column in places]
    longest = max((_length(slope) for slope in slopes if _known(*slope)), default=0.0)
    xs: list[float | None] = []
    ys: list[float | None] = []
    for (row, column), slope in zip(places, slopes, strict=True):
        length = _length(slope)
        if not (_known(*slope) and length > 0):
            continue
        right, up = heading(*slope, wide, high)
        size = 0.8 * (length / longest) ** 0.25
        head = _arrow(right * size, up * size)
        xs += [None if dot is None else surface.x[column] + dot[0] * wide for dot in head]
        ys += [None if dot is None else surface.y[row] + dot[1] * high for dot in head]
    return scatter(
        x=xs,
        y=ys,
        mode="lines",
        line={"color": colors.backward, "width": 1.1},
        name=say(N_("gradient")),
        hoverinfo="skip",
    )


def _ends(samples: Sequence[float]) -> list[float] | None:
    return [samples[0], samples[-1]] if samples else None


def _cell(samples: Sequence[float], count: int) -> float:
    """A so-manieth of the way from the first sample to the last; 1 where there is no way."""
    return (samples[-1] / count - samples[0] / count if samples else 0.0) or 1.0


def _length(slope: tuple[float, float]) -> float:
    return min(math.hypot(*slope), sys.float_info.max)


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
