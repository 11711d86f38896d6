"""What can be laid over a curve's figure: another curve, a secant, a Taylor polynomial, a walk.

Each function adds traces to a figure made by `curve_figure` and returns it. What it needs of the
curve at a point comes from `readout.value_at`: exact where the question asked for a sample there
(its `at=`), else between samples by their values and slopes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

from viz.drawing.figures.chart import Chart, Plotted, scatter
from viz.drawing.figures.curve.figure import axis_name, joined, line_through, window
from viz.drawing.figures.curve.readout import number, value_at
from viz.drawing.figures.palette import Palette, palette
from viz.drawing.texts import Translate, primed
from viz.errors import N_
from viz.records import Curve, Message

WalkSteps = Sequence[tuple[float, ...]]
NAMES: Final = {"newton": N_("Newton's method"), "descent": N_("Gradient descent")}
FRAMES: Final = 28
"""Pictures in which a secant becomes the tangent."""
SHRINK: Final = 0.78
"""From one picture to the next, Δx is so many times as large."""


def add_other(
    figure: Chart,
    other: Curve,
    *,
    dark: bool = False,
    say: Translate = str,
    stacked: bool = False,
    function: str = "g",
) -> Chart:
    """A second function, called `function`, and its derivative, paler and dashed, to compare.

    Where all orders share an axis it grows to show both functions.
    """
    colors = palette(dark)
    second = say(N_("(second)"))
    if not stacked and other.x:
        pairs = zip(figure.layout["yaxis"]["range"], window(other), (min, max), strict=True)
        figure.update_layout(yaxis={"range": [pick(mine, its) for mine, its, pick in pairs]})
    for order in range(min(2, len(other.derivatives))):
        xs, ys = joined(other, order)
        called = primed(order, function)
        figure.add_trace(
            scatter(
                x=xs,
                y=ys,
                mode="lines",
                name=f"{called} {second}",
                yaxis=axis_name(order) if stacked else "y",
                line={"color": colors.faint(colors.orders[order], 0.7), "width": 2, "dash": "dot"},
                hovertemplate="%{y:.6g}<extra>" + called + "</extra>",
            )
        )
    return figure


def secant_slope(curve: Curve, at: float, reach: float) -> float | None:
    """(f(at + reach) − f(at)) / reach, `None` where f is not defined at either."""
    here, there = value_at(curve, at), value_at(curve, at + reach)
    if here is None or there is None or reach == 0:
        return None
    return (there - here) / reach


def add_secant(
    figure: Chart,
    curve: Curve,
    at: float,
    reach: float,
    *,
    dark: bool = False,
    say: Translate = str,
) -> Chart:
    """The line through f at two points; as the reach goes to zero it becomes the tangent.

    A button lets it go there.
    """
    colors = palette(dark)
    shrinking = [reach * SHRINK**k for k in range(FRAMES)]
    pairs = [_secant(curve, at, step, say, colors.ink) for step in shrinking]
    known = [pair for pair in pairs if pair]
    if not pairs[0]:
        return figure
    places = [len(figure.data), len(figure.data) + 1]
    figure.add_traces(pairs[0])
    figure.frames = [
        {"data": pair, "traces": places, "name": f"{place}"} for place, pair in enumerate(known)
    ]
    figure.update_layout(updatemenus=[_button(colors)])
    return figure


def _secant(curve: Curve, at: float, reach: float, say: Translate, color: str) -> list[Plotted]:
    """The line and its two points; nothing where f is not defined at either."""
    slope, here = secant_slope(curve, at, reach), value_at(curve, at)
    if slope is None or here is None:
        return []
    word = say(N_("secant"))
    name = f"{word} {number(slope)} (Δx = {number(reach, 2)})"
    ends = scatter(
        x=[at, at + reach],
        y=[here, here + slope * reach],
        mode="markers",
        marker={"size": 8, "color": color},
        hoverinfo="skip",
        showlegend=False,
    )
    return [line_through(curve, (at, here), slope, name, color), ends]


def _button(colors: Palette) -> dict[str, Any]:
    """▶ below the lower right corner, clear of curves and numbers: one frame after the other."""
    pace = {"frame": {"duration": 90, "redraw": True}, "transition": {"duration": 0}}
    return {
        "type": "buttons",
        "showactive": False,
        "x": 1,
        "y": 0,
        "xanchor": "right",
        "yanchor": "top",
        "pad": {"t": 20},
        "bgcolor": colors.paper,
        "bordercolor": colors.muted,
        "font": {"color": colors.ink, "size": 13},
        "buttons": [{"label": "▶ Δx → 0", "method": "animate", "args": [None, pace]}],
    }


def taylor(curve: Curve, at: float, order: int) -> tuple[float, ...] | None:
    """The coefficients f⁽ᵏ⁾(at)/k!, k from 0 to `order`; `None` where one is not known."""
    if order >= len(curve.derivatives):
        return None
    values = [value_at(curve, at, k) for k in range(order + 1)]
    if any(value is None for value in values):
        return None
    return tuple(value / math.factorial(k) for k, value in enumerate(values) if value is not None)


def add_taylor(
    figure: Chart, curve: Curve, at: float, order: int, *, dark: bool = False, say: Translate = str
) -> Chart:
    """The Taylor polynomial of that order around a point."""
    colors = palette(dark)
    coefficients = taylor(curve, at, order)
    if coefficients is None or not curve.x:
        return figure
    word = say(N_("Taylor polynomial"))
    start, stop = curve.x[0], curve.x[-1]
    xs = [start * (1 - k / 400) + stop * (k / 400) for k in range(401)]
    figure.add_trace(
        scatter(
            x=xs,
            y=[_polynomial(coefficients, x - at) for x in xs],
            mode="lines",
            name=f"{word} {order}",
            line={"color": colors.selection, "width": 1.6, "dash": "dashdot"},
            hovertemplate="%{y:.6g}<extra></extra>",
        )
    )
    return figure


def _polynomial(coefficients: Sequence[float], x: float) -> float:
    total = 0.0
    for coefficient in reversed(coefficients):
        total = total * x + coefficient
    return total


def add_walk(
    figure: Chart,
    curve: Curve,
    method: str = "descent",
    *,
    dark: bool = False,
    say: Translate = str,
) -> Chart:
    """The steps of the question's `walk=`: points on the curve, in their order.

    Newton's method runs along the tangent to its zero, and from there to the curve.
    """
    colors = palette(dark)
    if curve.walk:
        newton = method == "newton"
        path = list(_tangents(curve.walk)) if newton else [step[:2] for step in curve.walk]
        figure.add_trace(
            scatter(
                x=[x for x, _ in path],
                y=[y for _, y in path],
                text=[f"{k // 2 if newton else k}" for k in range(len(path))],
                mode="lines+markers",
                line={
                    "color": colors.orders[2] if newton else colors.selection,
                    "width": 1.2,
                    "dash": "dot" if newton else "solid",
                },
                marker={
                    "size": [5 if newton and k % 2 else 8 for k in range(len(path))],
                    "color": colors.orders[2] if newton else colors.selection,
                    "symbol": "diamond-open" if newton else "circle-open",
                },
                name=say(NAMES[method]),
                hovertemplate="%{text}: %{x:.8g}, %{y:.6g}<extra></extra>",
            )
        )
    return figure


def _tangents(walk: WalkSteps) -> Iterator[tuple[float, float]]:
    for before, after in pairwise(walk):
        yield before[0], before[1]
        yield after[0], 0.0
    yield walk[-1][0], walk[-1][1]


_OUTCOMES: Final = {
    "newton": N_("Newton's method, step {count}: {x}, {f} = {value}, {slope_of} = {slope}."),
    "descent": N_("Gradient descent, step {count}: {x}, {f} = {value}, {slope_of} = {slope}."),
}


def outcome(walk: WalkSteps, method: str, along: str, function: str = "f") -> Message:
    """Where a walk has come to, in words."""
    last = walk[-1]
    return Message(
        _OUTCOMES[method],
        {
            "count": str(len(walk) - 1),
            "x": f"{along} = {number(last[0], 9)}",
            "f": function,
            "value": number(last[1]),
            "slope_of": primed(1, function),
            "slope": number(last[2]),
        },
    )
