"""Autograd against central finite differences: the error as Δx varies, log–log.

From right to left the error falls with Δx² until rounding takes over and it rises with 1/Δx:
no Δx makes the difference as good as the derivative that autograd gives.

`compared_at(x)` are the x to ask for (a `CurveQuestion`'s `at=`); `differences(curve, x)` compares.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from viz.drawing.figures.chart import Chart, scatter
from viz.drawing.figures.curve.readout import value_at
from viz.drawing.figures.palette import palette
from viz.drawing.figures.plotly_layout import axis, dressed
from viz.drawing.texts import Translate
from viz.errors import N_
from viz.records import Curve

STEPS: Final = tuple(10 ** (-k / 4) for k in range(49))
"""The Δx that are compared: from 1 to 10⁻¹², four to a decade."""


class Difference(NamedTuple):
    """One central difference: Δx, the slope it gives, and how far that is from autograd's."""

    step: float
    slope: float
    error: float


def compared_at(x: float) -> tuple[float, ...]:
    """Where f must be known to compare at x: x itself and both its sides."""
    return (x, *(x + step for step in STEPS), *(x - step for step in STEPS))


def differences(curve: Curve, x: float) -> tuple[Difference, ...]:
    """The central differences at x; those whose samples the curve does not have are left out."""
    slope = value_at(curve, x, 1)
    if slope is None:
        return ()
    rows = dict(zip(curve.x, curve.derivatives[0], strict=True))
    if x not in rows:
        return ()
    found = []
    for step in STEPS:
        right, left = x + step, x - step
        if right in rows and left in rows and right > left:
            central = (rows[right] - rows[left]) / (right - left)
            if math.isfinite(central):
                found.append(Difference((right - left) / 2, central, abs(central - slope)))
    return tuple(found)


def difference_figure(
    found: tuple[Difference, ...], *, dark: bool = False, say: Translate = str
) -> Chart:
    """|difference − autograd| over Δx; an error of zero is drawn at the bottom."""
    colors = palette(dark)
    least = min((one.error for one in found if one.error > 0), default=1e-16)
    figure = Chart(
        [
            scatter(
                x=[one.step for one in found],
                y=[one.error or least / 10 for one in found],
                text=[f"{one.slope:.12g}" for one in found],
                mode="lines+markers",
                line={"color": colors.backward, "width": 1.5},
                marker={"size": 5, "color": colors.backward},
                hovertemplate="Δx %{x:.2g}: %{text}, ± %{y:.2g}<extra></extra>",
            )
        ]
    )
    dressed(figure, colors, "differences")
    figure.update_layout(
        xaxis=axis(colors, "Δx", type="log", exponentformat="power", dtick=2),
        yaxis=axis(
            colors,
            say(N_("distance from autograd’s derivative")),
            type="log",
            exponentformat="power",
        ),
    )
    return figure
