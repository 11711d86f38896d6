"""Colours of a program's own plots: those that plotly draws, and no other text."""

from __future__ import annotations

import msgspec
import plotly.graph_objects as go
import pytest

from viz.records import Mark
from viz.records.plots import COLORS


def mark(color: str, colors: str | None = None) -> Mark:
    raw = ["line", [1.0], [1.0], None, color, "solid", None, [], 0.8, colors]
    return msgspec.convert(raw, Mark)


@pytest.mark.parametrize("color", [*sorted(COLORS), "#1f77b4", "#abc"])
def test_a_colour_is_drawn(color: str) -> None:
    assert mark(color).color == go.Scatter(line_color=color).line.color


@pytest.mark.parametrize(
    "color", ["", "abc", "#12345", "red\n", "RED", "url(x)", "#ggg", "x" * 80, "red;", "var(--x)"]
)
def test_what_is_no_colour_is_no_mark(color: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        mark(color)


@pytest.mark.parametrize("colors", ["", "a b", "<b>", "x" * 41, "jet\n"])
def test_what_is_no_scale_is_no_mark(colors: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        mark("red", colors)
