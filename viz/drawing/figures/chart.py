"""Figures as plain dictionaries, as plotly's own script takes them: nothing is checked or copied.

plotly's classes hold every value against a schema, which takes most of a figure's time. A `Chart`
leaves that to the tests, which check each kind of figure by these classes; `checked` makes one of
them for who wants it. A chart is not changed any more once it is `sent`.
"""

from __future__ import annotations

import math
import struct
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from plotly.graph_objects import Figure

Plotted = dict[str, Any]
"""One of a chart's traces."""
LONG: Final = 32
"""Numbers of a row from which on their bytes are sent, which is exact, shorter and quicker."""
_ACROSS: Final = {"yref": "y domain", "y0": 0, "y1": 1, "xref": "x"}
"""A shape as high as the axes."""


def scatter(**parts: Any) -> Plotted:
    """Lines or points."""
    return {"type": "scatter", **parts}


@dataclass
class Chart:
    """Traces, the layout, and the frames of an animation, in plotly's words."""

    data: list[Plotted] = field(default_factory=list)
    layout: dict[str, Any] = field(default_factory=dict)
    frames: list[dict[str, Any]] = field(default_factory=list)

    def add_traces(self, traces: Iterable[Plotted]) -> None:
        self.data.extend(traces)

    def add_trace(self, trace: Plotted) -> None:
        self.data.append(trace)

    def update_layout(self, **parts: Any) -> None:
        """Sets parts of the layout; what is a dictionary on both sides is merged."""
        _merge(self.layout, parts)

    def add_stretch(self, start: float, stop: float, color: str) -> None:
        """Shades a stretch of x, below the traces."""
        self._shape(type="rect", x0=start, x1=stop, fillcolor=color, line={"width": 0})

    def add_upright(self, x: float, line: dict[str, Any]) -> None:
        """A line across all heights, below the traces."""
        self._shape(type="line", x0=x, x1=x, line=line)

    def _shape(self, **parts: Any) -> None:
        self.layout.setdefault("shapes", []).append({**parts, **_ACROSS, "layer": "below"})

    def checked(self) -> Figure:
        """The same as plotly's own figure, each value held against its schema."""
        return Figure(self.data, self.layout, self.frames or None)

    def sent(self) -> dict[str, Any]:
        """What the browser is sent: long rows of numbers by their bytes."""
        told: dict[str, Any] = {"data": list(map(_packed, self.data)), "layout": self.layout}
        return {**told, "frames": self.frames} if self.frames else told


def _merge(into: dict[str, Any], parts: Mapping[str, Any]) -> None:
    for name, part in parts.items():
        if isinstance(part, dict) and isinstance(into.get(name), dict):
            _merge(into[name], part)
        else:
            into[name] = part


def _packed(trace: Plotted) -> Plotted:
    long = {name: row for name in "xy" if len(row := trace.get(name, ())) >= LONG}
    packed = {**trace, **{name: _bytes(row) for name, row in long.items()}}
    heights = trace.get("z")
    if heights and isinstance(heights[0], tuple):  # a grid, not the place of a point
        flat = [height for row in heights for height in row]
        packed["z"] = {**_bytes(flat), "shape": f"{len(heights)}, {len(heights[0])}"}
    return packed


def _bytes(row: Sequence[float | None]) -> dict[str, str]:
    """A row as plotly reads it; where there is nothing to draw stands no number."""
    numbers = [y if y is not None and math.isfinite(y) else math.nan for y in row]
    text = b64encode(struct.pack(f"<{len(row)}d", *numbers)).decode("ascii")
    return {"dtype": "f8", "bdata": text}
