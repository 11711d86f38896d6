"""What a program computes anew in each round of a loop: its loss and its small parameters.

Numbers that are positive and fall or grow over a factor of ten have a logarithmic axis, the others
a plain one beside it. The rounds that the graph holds are shaded.
"""

from __future__ import annotations

import math
from html import escape
from typing import Any, Final

from plotly.graph_objects import Figure, Scatter
from plotly.subplots import make_subplots

from viz.drawing.figures.palette import Palette, palette
from viz.drawing.figures.plotly_layout import axis, dressed
from viz.errors import N_
from viz.records import Message, Rounds, Series

STEEP: Final = 10.0
"""Largest over smallest number from which on an axis is logarithmic."""
HEIGHT: Final = 260
"""Pixels of the figure."""


def rounds_figure(rounds: Rounds, *, title: str = "", dark: bool = False) -> Figure:
    """The series over the rounds; `title` stands at their axis."""
    colors = palette(dark)
    steep = [series for series in rounds.series if _steep(series)]
    panels = [panel for panel in (steep, [s for s in rounds.series if not _steep(s)]) if panel]
    figure = make_subplots(rows=1, cols=max(1, len(panels)))
    for column, panel in enumerate(panels, start=1):
        for series in panel:
            line = Scatter(x=rounds.at, y=series.values, name=escape(series.name), mode="lines")
            figure.add_trace(line, row=1, col=column)
        kind = "log" if panel is steep else "linear"
        figure.update_yaxes(axis(colors, type=kind, exponentformat="power"), col=column)
        figure.update_xaxes(axis(colors, title), col=column)
    dressed(figure, colors, f"rounds {rounds.line}")
    if not rounds.whole:
        columns = range(1, len(panels) + 1)
        shades = [shade for column in columns for shade in _shades(rounds, column, colors)]
        figure.update_layout(shapes=shades)  # all at once: one by one takes their square in time
    figure.update_layout(colorway=list(colors.orders), showlegend=True, height=HEIGHT)
    return figure


def _shades(rounds: Rounds, column: int, colors: Palette) -> list[dict[str, Any]]:
    """The stretches that the graph holds, as high as the panel of that column."""
    panel = "" if column == 1 else str(column)
    look = {
        "type": "rect",
        "xref": f"x{panel}",
        "yref": f"y{panel} domain",
        "y0": 0,
        "y1": 1,
        "fillcolor": colors.faint(colors.muted, 0.15),
        "line": {"color": colors.faint(colors.muted, 0.3)},
    }
    return [{**look, "x0": first, "x1": last} for first, last in rounds.held]


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
