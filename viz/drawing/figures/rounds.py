"""What a program computes anew in each round of a loop: its loss and its small parameters.

Numbers that are positive and fall or grow over a factor of ten have a logarithmic axis, the others
a plain one beside it. The rounds that the graph holds are shaded.
"""

from __future__ import annotations

import math
from html import escape
from itertools import count
from typing import Final

from viz.drawing.figures.chart import Chart, scatter
from viz.drawing.figures.palette import Palette, palette
from viz.drawing.figures.panels import Panels, axes_of
from viz.drawing.figures.plotly_layout import axis, dressed
from viz.errors import N_
from viz.records import Message, Rounds, Series

STEEP: Final = 10.0
"""Largest over smallest number from which on an axis is logarithmic."""
HEIGHT: Final = 260
"""Pixels of the figure."""
CYCLES: Final = ("solid", "dash", "dot")
"""Of series whose colour comes a second and a third time."""


def rounds_figure(rounds: Rounds, *, title: str = "", dark: bool = False) -> Chart:
    """The series over the rounds; `title` stands at their axis."""
    colors = palette(dark)
    steep = [series for series in rounds.series if _steep(series)]
    panels = [panel for panel in (steep, [s for s in rounds.series if not _steep(s)]) if panel]
    figure = Panels(columns=max(1, len(panels)))
    number = count()
    for place, panel in enumerate(panels):
        for series in panel:
            line = scatter(
                x=rounds.at,
                y=series.values,
                name=escape(series.name),
                mode="lines",
                line={"dash": CYCLES[next(number) // len(colors.orders) % len(CYCLES)]},
            )
            figure.draw(place, line)
        kind = "log" if panel is steep else "linear"
        up = axis(colors, type=kind, exponentformat="power")
        figure.update_axes(place, axis(colors, title), up)
        if not rounds.whole:
            _shade(figure, place, rounds, colors)
    dressed(figure, colors, f"rounds {rounds.line}")
    figure.update_layout(colorway=list(colors.orders), showlegend=True, height=HEIGHT)
    return figure


def _shade(figure: Panels, panel: int, rounds: Rounds, colors: Palette) -> None:
    """Shades the stretches that the graph holds, as high as the panel."""
    look = {
        "type": "rect",
        "yref": f"{axes_of(panel)[1]} domain",
        "y0": 0,
        "y1": 1,
        "fillcolor": colors.faint(colors.muted, 0.15),
        "line": {"color": colors.faint(colors.muted, 0.3)},
    }
    for first, last in rounds.held:
        figure.shape(panel, **look, x0=first, x1=last)


def held(rounds: Rounds) -> Message:
    """Which rounds there were, and which of them the graph holds."""
    total, line = f"{rounds.total:,}", str(rounds.line)
    if rounds.whole:
        return Message(
            N_("The loop on line {line} ran {total} rounds; the graph holds all of them."),
            {"line": line, "total": total},
        )
    if not rounds.held:
        return Message(
            N_("The loop on line {line} ran {total} rounds; the graph had no room for them."),
            {"line": line, "total": total},
        )
    stretches = [
        f"{first:,}" if first == last else f"{first:,}–{last:,}" for first, last in rounds.held[:8]
    ]
    return Message(
        N_(
            "The loop on line {line} ran {total} rounds. The graph holds rounds {held}; those "
            "between ran as in plain torch."
        ),
        {"line": line, "total": total, "held": ", ".join(stretches)},
    )


def _steep(series: Series) -> bool:
    known = [value for value in series.values if math.isfinite(value)]
    return bool(known) and min(known) > 0 and max(known) / min(known) > STEEP
