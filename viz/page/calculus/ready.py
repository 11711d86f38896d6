"""A chart as Streamlit takes figures that need no check.

`st.plotly_chart` builds plotly's own figure of a dictionary, only to check it, and makes a
dictionary of it again; of one of plotly's figures it asks for the dictionary alone.
"""

from __future__ import annotations

from typing import Any

from plotly.basedatatypes import BaseFigure

from viz.drawing.figures.chart import Chart


class Ready(BaseFigure):  # type: ignore[misc]
    """plotly's figure by name: it knows its dictionary and nothing else."""

    def __init__(self, chart: Chart) -> None:
        # not the class's own, which would check and copy
        object.__setattr__(self, "_chart", chart)

    def to_dict(self) -> dict[str, Any]:
        chart: Chart = object.__getattribute__(self, "_chart")
        return chart.sent()
