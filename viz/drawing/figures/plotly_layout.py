"""The layout (plotly's word) of all figures: quiet axes, clear ground, the colours of the page."""

from __future__ import annotations

from html import escape
from typing import Any, TypeVar

from viz.drawing.figures.chart import Chart
from viz.drawing.figures.palette import CLEAR, Palette

Dressed = TypeVar("Dressed", bound=Chart)
FONT = "Source Sans, Helvetica, Arial, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif"


def dressed(figure: Dressed, colors: Palette, revision: str) -> Dressed:
    """The figure with this layout; zoom is kept while `revision` stays the same."""
    figure.update_layout(
        template={"data": {"scatter": [{"type": "scatter"}]}},
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        font={"family": FONT, "size": 13, "color": colors.ink},
        margin={"l": 48, "r": 16, "t": 28, "b": 40},
        uirevision=revision,
        hoverlabel={
            "bgcolor": colors.paper,
            "bordercolor": colors.muted,
            "font": {"color": colors.ink, "family": FONT},
        },
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1,
            "yanchor": "bottom",
            "bgcolor": "rgba(0,0,0,0)",
        },
        modebar={"bgcolor": CLEAR, "color": colors.muted, "activecolor": colors.ink},
        dragmode="pan",
    )
    return figure


def axis(colors: Palette, title: str = "", **more: Any) -> dict[str, Any]:
    """One axis: faint grid, a zero line that can be seen, no frame."""
    return {
        "title": {"text": escape(title), "standoff": 6},
        "gridcolor": colors.faint(colors.muted, 0.18),
        "zerolinecolor": colors.faint(colors.muted, 0.6),
        "zerolinewidth": 1,
        "showline": False,
        "ticks": "",
        "tickfont": {"color": colors.muted, "size": 12},
        **more,
    }
