"""What can be laid over a curve's figure: another curve, a secant, a Taylor polynomial, a walk.

Each function adds traces to a figure made by `curve_figure` and returns it. What it needs of the
curve at a point comes from `readout.value_at`: exact where the question asked for a sample there
(its `at=`), else between samples by their values and slopes.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from plotly.graph_objects import Figure, Scatter

from viz.drawing.figures_curves import joined, line_through
from viz.drawing.palette import palette
from viz.drawing.readout import PRIMES, value_at
from viz.errors import N_
from viz.records import Curve

Say = Callable[[str], str]


def add_other(figure: Figure, other: Curve, *, dark: bool = False, say: Say = str) -> Figure:
    """A second function and its derivative, paler and dashed, to compare."""
    colors = palette(dark)
    for order in range(min(2, len(other.derivatives))):
        xs, ys = joined(other, order)
        name = f"{PRIMES[order].replace('f', 'g')} {say(N_('(second)'))}"
        figure.add_trace(
            Scatter(
                x=xs,
                y=ys,
                mode="lines",
                name=name,
                line={"color": colors.faint(colors.orders[order], 0.6), "width": 2, "dash": "dot"},
                hovertemplate="%{y:.6g}<extra>" + PRIMES[order].replace("f", "g") + "</extra>",
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
    figure: Figure, curve: Curve, at: float, reach: float, *, dark: bool = False, say: Say = str
) -> Figure:
    """The line through f at two points; as the reach goes to zero it becomes the tangent."""
    colors = palette(dark)
    slope, here = secant_slope(curve, at, reach), value_at(curve, at)
    if slope is None or here is None:
        return figure
    name = f"{say(N_('secant'))} {slope:.6g}"
    figure.add_trace(line_through(curve, (at, here), slope, name, colors.ink))
    figure.add_trace(
        Scatter(
            x=[at, at + reach],
            y=[here, here + slope * reach],
            mode="markers",
            marker={"size": 8, "color": colors.ink},
            hoverinfo="skip",
            showlegend=False,
        )
    )
    return figure


def taylor(curve: Curve, at: float, order: int) -> tuple[float, ...] | None:
    """The coefficients f⁽ᵏ⁾(at)/k!, k from 0 to `order`; `None` where one is not known."""
    if order >= len(curve.derivatives):
        return None
    values = [value_at(curve, at, k) for k in range(order + 1)]
    if any(value is None for value in values):
        return None
    return tuple(value / math.factorial(k) for k, value in enumerate(values) if value is not None)


def add_taylor(
    figure: Figure, curve: Curve, at: float, order: int, *, dark: bool = False, say: Say = str
) -> Figure:
    """The Taylor polynomial of that order around a point."""
    colors = palette(dark)
    coefficients = taylor(curve, at, order)
    if coefficients is None or not curve.x:
        return figure
    start, stop = curve.x[0], curve.x[-1]
    xs = [start + (stop - start) * k / 400 for k in range(401)]
    figure.add_trace(
        Scatter(
            x=xs,
            y=[sum(c * (x - at) ** k for k, c in enumerate(coefficients)) for x in xs],
            mode="lines",
            name=f"{say(N_('Taylor polynomial'))} {order}",
            line={"color": colors.selection, "width": 1.6, "dash": "dashdot"},
            hovertemplate="%{y:.6g}<extra></extra>",
        )
    )
    return figure


def add_walk(figure: Figure, curve: Curve, *, dark: bool = False, say: Say = str) -> Figure:
    """The steps of the question's `walk=`: points on the curve, in their order."""
    colors = palette(dark)
    if curve.walk:
        figure.add_trace(
            Scatter(
                x=[step[0] for step in curve.walk],
                y=[step[1] for step in curve.walk],
                text=[f"{number}" for number in range(len(curve.walk))],
                mode="lines+markers",
                line={"color": colors.selection, "width": 1},
                marker={"size": 7, "color": colors.selection, "symbol": "circle-open"},
                name=say(N_("steps")),
                hovertemplate="%{text}: x = %{x:.8g}, f = %{y:.6g}<extra></extra>",
            )
        )
    return figure
