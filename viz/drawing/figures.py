"""Curves, surfaces and Jacobians as plotly figures. Pure: records in, figures out.

For the page:

- ``plot(record, at=…, dark=…, say=…)`` draws a `Curve`, a `Surface` or a `Jacobian`. ``at`` is the
  current x of a curve (a number) or point of a surface (x, y); ``dark`` the page's theme; ``say``
  translates the few words in the figure. Show it with Streamlit's ``theme=None``.
- ``viz.drawing.readout``: ``value_at(curve, x, order)`` for read-outs, ``notes(curve)`` for the
  sentences below the figure, ``path_words(path)``.
- ``uirevision`` is set, so zoom survives a new x; backgrounds are transparent.

Texts from typed code (names, reasons) are escaped: plotly would read HTML tags in them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from plotly.graph_objects import Figure

from viz.drawing.figures_curves import curve_figure
from viz.records import Curve

Say = Callable[[str], str]


def plot(record: Curve, *, at: Any = None, dark: bool = False, say: Say = str) -> Figure:
    """The figure of a record; `at` is the current point."""
    return curve_figure(record, at=at, dark=dark, say=say)
