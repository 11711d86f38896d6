"""What typed code drew with matplotlib's words: plain numbers, texts and names, bounded."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta

from viz.records.base import Name, Record, Samples

MAX_GRID: Final = 10_000
"""Cells of an image or of a map of heights."""
MAX_TICKS: Final = 100

Short = Annotated[str, Meta(max_length=200)]
Grid = Annotated[tuple[float, ...], Meta(max_length=MAX_GRID)]
Limits = tuple[float, float]
MarkKind = Literal[
    "line",
    "scatter",
    "horizontal",
    "vertical",
    "bar",
    "barh",
    "fill",
    "text",
    "image",
    "contour",
    "filled",
]


class Mark(Record, frozen=True):
    """One thing drawn by the program's own `plt`.

    A line, points, straight helper lines; bars (`x` their places, `y` their lengths, `z` where they
    begin, `width`); a filled outline; a text, with an arrow to its second point if it has one; an
    image or heights (`x` the columns' places, `y` the rows', `z` the rows one after the other).
    """

    kind: MarkKind
    x: Samples
    y: Samples
    label: Short | None = None
    color: Name | None = None
    dash: Literal["solid", "dash", "dot", "dashdot", "none"] = "solid"
    marker: Annotated[str, Meta(max_length=4)] | None = None
    z: Grid = ()
    width: float = 0.8
    colors: Name | None = None
    """The name of a scale of colours."""


class Ticks(Record, frozen=True):
    """The marks of an axis: where, and what stands there (nothing: the number)."""

    at: Annotated[tuple[float, ...], Meta(max_length=MAX_TICKS)]
    texts: Annotated[tuple[Short, ...], Meta(max_length=MAX_TICKS)] = ()


class Axes(Record, frozen=True):
    """One drawing area of a plot."""

    marks: Annotated[tuple[Mark, ...], Meta(max_length=50)] = ()
    title: Short = ""
    xlabel: Short = ""
    ylabel: Short = ""
    legend: bool = False
    grid: bool = False
    xlim: Limits | None = None
    ylim: Limits | None = None
    xlog: bool = False
    ylog: bool = False
    xticks: Ticks | None = None
    yticks: Ticks | None = None
    equal: bool = False
    """One unit is as long to the right as upwards."""
    bare: bool = False
    """Without axes."""
    colorbar: bool = False


class Plot(Record, frozen=True):
    """What the typed code drew with matplotlib's words: its areas row by row."""

    axes: Annotated[tuple[Axes, ...], Meta(max_length=16)]
    columns: Annotated[int, Meta(ge=0, le=16)] = 0
    """Areas in one row; 0 for all of them."""
