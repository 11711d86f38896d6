"""Curves, surfaces and Jacobians as plotly figures. Pure: records in, figures out.

For the page:

- ``plot(record, at=…, dark=…, say=…)`` draws a `Curve`, a `Surface` (as a relief) or a `Jacobian`.
  ``at`` is the current x of a curve (a number) or point of a surface (x, y); ``dark`` the page's
  theme; ``say`` translates the few words in the figure. Show it with Streamlit's ``theme=None``.
- Of a curve further: ``viz.drawing.figures.curve.figure.curve_figure(curve, at=…, stacked=…)`` (one
  axis for each order), a `Chart`, and on top of it ``viz.drawing.figures.curve.overlays``:
  ``add_other(figure, curve)`` a second function, ``add_secant(figure, curve, at, reach)``,
  ``add_taylor(figure, curve, at, order)``, ``add_walk(figure, curve)`` the steps of the question's
  ``walk=``.
- Of a surface further: ``viz.drawing.figures.surface``: ``relief_figure``, ``map_figure``
  (contours, gradient arrows, the walk), ``slices_figure(surface, at)``.
- Checks: ``viz.drawing.figures.checks.differences.difference_figure(differences(curve, x))`` and
  ``viz.drawing.figures.checks.symbolic.symbolic(source, curve, values)``.
- ``viz.drawing.figures.curve.readout``: ``value_at(curve, x, order)`` for read-outs,
  ``notes(curve)`` for the sentences below the figure, ``path_words(path)``.
- ``viz.drawing.figures.files``: ``as_csv(record)``, ``as_html(figure, title)``.
- ``uirevision`` is set, so zoom survives a new x; backgrounds are transparent.

Texts from typed code (names, reasons) are escaped: plotly would read HTML tags in them.
"""

from __future__ import annotations

from typing import Any

from plotly.graph_objects import Figure

from viz.drawing.figures.curve.figure import curve_figure
from viz.drawing.figures.jacobian import jacobian_figure
from viz.drawing.figures.surface import relief_figure
from viz.drawing.texts import Translate
from viz.records import Curve, Jacobian, Surface


def plot(
    record: Curve | Surface | Jacobian, *, at: Any = None, dark: bool = False, say: Translate = str
) -> Figure:
    """The figure of a record; `at` is the current point."""
    if isinstance(record, Curve):
        return curve_figure(record, at=at, dark=dark, say=say).checked()
    if isinstance(record, Surface):
        return relief_figure(record, at=at, dark=dark, say=say).checked()
    return jacobian_figure(record, dark=dark).checked()
