"""What a program drew with `plt`: marks on axes."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from viz.records.base import Name, Record, Samples


class Mark(Record, frozen=True):
    """One thing drawn by the program's own `plt`: a line, points, or a straight helper line."""

    kind: Literal["line", "scatter", "horizontal", "vertical"]
    x: Samples
    y: Samples
    label: Annotated[str, Meta(max_length=200)] | None = None
    color: Name | None = None
    dash: Literal["solid", "dash", "dot", "dashdot", "none"] = "solid"
    marker: Annotated[str, Meta(max_length=4)] | None = None


class Axes(Record, frozen=True):
    """One drawing area of a plot."""

    marks: Annotated[tuple[Mark, ...], Meta(max_length=50)] = ()
    title: Annotated[str, Meta(max_length=200)] = ""
    xlabel: Annotated[str, Meta(max_length=200)] = ""
    ylabel: Annotated[str, Meta(max_length=200)] = ""
    legend: bool = False
    grid: bool = False


class Plot(Record, frozen=True):
    """What the typed code drew with matplotlib's words: one row of axes."""

    axes: Annotated[tuple[Axes, ...], Meta(max_length=8)]
