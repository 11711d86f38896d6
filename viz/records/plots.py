"""What typed code drew with matplotlib's words: plain numbers, texts and names, bounded."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta

from viz.records.base import MAX_SAMPLES, Record, SampleNumbers
from viz.records.own_graphs import OwnGraph

MAX_GRID: Final = 10_000
"""Cells of an image or of a map of heights."""
MAX_TICKS: Final = 100
MAX_MARKS: Final = 300
"""Marks in one area."""
MAX_AXES: Final = 40
"""Areas of one figure."""

Short = Annotated[str, Meta(max_length=200)]
GridNumbers = Annotated[tuple[float, ...], Meta(max_length=MAX_GRID)]
AxisLimits = tuple[float, float]
Anchor = tuple[Literal["left", "center", "right"], Literal["top", "middle", "bottom"]]
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


_NAMES: Final = (
    "aqua aquamarine beige bisque black blue blueviolet brown burlywood cadetblue "
    "chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan "
    "darkgoldenrod darkgray darkgreen darkgrey darkkhaki darkmagenta darkolivegreen "
    "darkorange darkorchid darkred darksalmon darkseagreen darkslateblue darkslategray "
    "darkturquoise darkviolet deeppink deepskyblue dimgray dodgerblue firebrick "
    "forestgreen fuchsia gainsboro gold goldenrod gray green greenyellow grey hotpink "
    "indianred indigo ivory khaki lavender lawngreen lightblue lightcoral lightcyan "
    "lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen lightskyblue "
    "lightslategray lightsteelblue lightyellow lime limegreen linen magenta maroon "
    "mediumblue mediumorchid mediumpurple mediumseagreen mediumslateblue mediumturquoise "
    "mediumvioletred midnightblue mistyrose moccasin navy olive olivedrab orange "
    "orangered orchid palegreen paleturquoise peru pink plum powderblue purple red "
    "rosybrown royalblue saddlebrown salmon sandybrown seagreen sienna silver skyblue "
    "slateblue slategray springgreen steelblue tan teal thistle tomato turquoise violet "
    "wheat white yellow yellowgreen"
)
COLORS: Final = frozenset(_NAMES.split())
"""The names of colours that CSS has and a mark may say."""
_COLOR: Final = rf"^(?:#[0-9a-f]{{3}}|#[0-9a-f]{{6}}|{_NAMES.replace(' ', '|')})\Z"
PlainColor = Annotated[str, Meta(pattern=_COLOR)]
Scale = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_]{1,40}\Z")]


class Mark(Record, frozen=True):
    """One thing drawn by the program's own `plt`.

    A line, points (`z` the numbers that their colours stand for), straight helper lines; bars (`x`
    their places, `y` their lengths, `z` where they begin, `width`); a filled outline; a text, with
    an arrow to its second point if it has one; an image or heights (`x` the columns' places, `y`
    the rows', `z` the rows one after the other).
    """

    kind: MarkKind
    x: SampleNumbers
    y: SampleNumbers
    label: Short | None = None
    color: PlainColor | None = None
    dash: Literal["solid", "dash", "dot", "dashdot", "none"] = "solid"
    marker: Annotated[str, Meta(max_length=4)] | None = None
    z: GridNumbers = ()
    width: float = 0.8
    colors: Scale | None = None
    """The name of a scale of colours."""
    shades: Annotated[tuple[PlainColor | None, ...], Meta(max_length=MAX_SAMPLES)] = ()
    """A colour for each bar or point, where they are not all of one; nothing is the mark's."""
    alpha: float | None = None
    """How much it hides of what lies behind it, from 0 to 1."""
    anchor: Anchor = ("left", "bottom")
    """Of a text: what of it stands at its place."""
    shares: bool = False
    """Of a text: whether its place is told in shares of the area, from 0 to 1."""


class Ticks(Record, frozen=True):
    """The marks of an axis: where, and what stands there (nothing: the number)."""

    at: Annotated[tuple[float, ...], Meta(max_length=MAX_TICKS)]
    texts: Annotated[tuple[Short, ...], Meta(max_length=MAX_TICKS)] = ()


class Axes(Record, frozen=True):
    """One drawing area of a plot."""

    marks: Annotated[tuple[Mark, ...], Meta(max_length=MAX_MARKS)] = ()
    title: Short = ""
    xlabel: Short = ""
    ylabel: Short = ""
    legend: bool = False
    grid: bool = False
    xlim: AxisLimits | None = None
    ylim: AxisLimits | None = None
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
    """What the typed code drew with matplotlib's words: its areas row by row; or a graph that it
    drew with graphviz's, which has no areas.
    """

    axes: Annotated[tuple[Axes, ...], Meta(max_length=MAX_AXES)]
    columns: Annotated[int, Meta(ge=0, le=MAX_AXES)] = 0
    """Areas in one row; 0 for all of them."""
    title: Short = ""
    """What stands above all areas."""
    graph: OwnGraph | None = None
