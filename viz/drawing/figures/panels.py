"""Charts of several panels, row by row: plotly's own division of the ground, made once a shape.

Panels are counted from 0, row by row, as plotly numbers their axes.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from functools import lru_cache
from typing import Any

from plotly.subplots import make_subplots

from viz.drawing.figures.chart import Chart, Plotted


class Panels(Chart):
    """A chart with panels; a title (plotly reads markup in it) may stand above each."""

    def __init__(self, rows: int = 1, columns: int = 1, titles: Sequence[str] = ()) -> None:
        ground = deepcopy(_ground(rows, columns))
        heads = ground.pop("annotations")
        super().__init__(layout=ground)
        shown = [{**head, "text": text} for head, text in zip(heads, titles, strict=False) if text]
        if shown:
            self.layout["annotations"] = shown

    def draw(self, panel: int, trace: Plotted) -> None:
        """Adds a trace to a panel."""
        across, up = axes_of(panel)
        self.add_trace({**trace, "xaxis": across, "yaxis": up})

    def update_axes(self, panel: int, across: dict[str, Any], up: dict[str, Any]) -> None:
        """Sets parts of a panel's two axes."""
        number = axes_of(panel)[0][1:]
        self.update_layout(**{f"xaxis{number}": across, f"yaxis{number}": up})

    def annotate(self, panel: int, **parts: Any) -> None:
        """Adds a text in the numbers of a panel's axes."""
        across, up = axes_of(panel)
        self.layout.setdefault("annotations", []).append({"xref": across, "yref": up, **parts})

    def shape(self, panel: int, **parts: Any) -> None:
        """Adds a shape; on a side where `parts` have no reference, in the panel's numbers."""
        across, up = axes_of(panel)
        self.layout.setdefault("shapes", []).append({"xref": across, "yref": up, **parts})


def axes_of(panel: int) -> tuple[str, str]:
    """plotly's names of a panel's axes: x and y, x2 and y2, …"""
    number = "" if panel == 0 else str(panel + 1)
    return f"x{number}", f"y{number}"


@lru_cache(maxsize=64)
def _ground(rows: int, columns: int) -> dict[str, Any]:
    """The layout of so many panels, with a place for each one's title."""
    made = make_subplots(rows=rows, cols=columns, subplot_titles=["title"] * (rows * columns))
    layout: dict[str, Any] = made.to_dict()["layout"]
    return {name: part for name, part in layout.items() if name != "template"}
