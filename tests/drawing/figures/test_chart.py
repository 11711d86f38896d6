"""A chart is what plotly's own classes would have made of it, and travels exactly."""

from __future__ import annotations

import json
import math
import struct
from base64 import b64decode
from typing import Any, get_args

import msgspec
import plotly.tools
import pytest

from viz.drawing.figures.chart import LONG, Chart
from viz.drawing.figures.checks.differences import difference_figure, differences
from viz.drawing.figures.curve.figure import curve_figure
from viz.drawing.figures.curve.overlays import add_other, add_secant, add_taylor, add_walk
from viz.drawing.figures.jacobian import jacobian_figure
from viz.drawing.figures.rounds import rounds_figure
from viz.drawing.figures.surface import map_figure, relief_figure
from viz.page.calculus.ready import Ready
from viz.page.plots import figure
from viz.records import (
    Axes,
    Block,
    Curve,
    Gap,
    Jacobian,
    Mark,
    MarkKind,
    Plot,
    Rounds,
    Series,
    Surface,
    Tensor,
)

XS = tuple(k / 50 for k in range(-50, 51))
WAVE = Curve(
    XS,
    tuple(tuple(f(x) for x in XS) for f in (math.sin, math.cos, lambda x: -math.sin(x))),
    gaps=(
        Gap("pole", 0.3, 0.3),
        Gap("jump", -0.5, -0.5, 0, 1.0, 2.0, 1.5),
        Gap("undefined", 0.5, 0.7),
    ),
    walk=((0.5, 0.25, 1.0), (0.4, 0.16, 0.8)),
)

SIDES = XS[::2], XS[::4]
HILL = Surface(
    *SIDES,
    *(
        tuple(tuple(f(x, y) for x in SIDES[0]) for y in SIDES[1])
        for f in (lambda x, y: x * x - y, lambda x, _: 2 * x, lambda _x, _y: -1.0)
    ),
    walk=((0.5, 0.5, -0.25), (0.4, 0.6, -0.44)),
)


def tooled() -> Chart:
    chart = curve_figure(WAVE, at=0.1, dark=True)
    for add in (add_other, add_walk):
        add(chart, WAVE)
    add_taylor(chart, WAVE, 0.1, 2)
    return add_secant(chart, WAVE, 0.1, 0.05)


BLOCKS = tuple(Block(name, (2, 2), (2,), ((1.0, -2.0), (0.0, 3.0))) for name in ("x", "<y>"))
WEIGHTS = Tensor((2,), "float64", (1.0, 2.0))
DRAWN = Plot(
    tuple(
        Axes(
            (
                Mark(
                    kind, (0.0, 1.0), (2.0, 3.0), "<b>", color, z=(1.0, 2.0, 3.0, 4.0), colors=kind
                ),
                Mark("line", XS, XS, color=color, dash="none", marker="o"),
                Mark("text", (1.0, 0.0), (1.0, 0.0), "<low>", color),
            ),
            title,
            equal=True,
            colorbar=True,
        )
        for kind in get_args(MarkKind)
        for title, color in (("<title>", None), ("", "red"))
    ),
    columns=4,
)

CHARTS = {
    "plain": curve_figure(WAVE, shown=1),
    "stacked": curve_figure(WAVE, stacked=True, at=0.2),
    "with all tools": tooled(),
    "of nothing": curve_figure(Curve((), ((), ()))),
    "relief": relief_figure(HILL, at=(0.0, 0.0)),
    "map": map_figure(HILL, at=(0.0, 0.0)),
    "differences": difference_figure(differences(WAVE, 0.0)),
    "Jacobian": jacobian_figure(
        Jacobian((2,), (msgspec.structs.replace(BLOCKS[0], product=WEIGHTS),), vector=WEIGHTS)
    ),
    "Hessian of nothing": jacobian_figure(Jacobian((), (), order=2)),
    "blocks": jacobian_figure(Jacobian((2,), BLOCKS), dark=True),
    "rounds": rounds_figure(
        Rounds(
            7,
            200,
            ((1, 5), (198, 200)),
            (1, 200),
            (Series("a", (9.0, 0.1)), Series("b", (-1.0, 1.0))),
        )
    ),
    "what a program drew": figure(DRAWN),
    "an empty plot": figure(Plot(())),
}


def told(plain: Any) -> Any:
    return json.loads(json.dumps(plain, sort_keys=True, default=list))


@pytest.mark.parametrize("name", CHARTS)
def test_plotly_finds_nothing_wrong_and_nothing_to_add(name: str) -> None:
    chart = CHARTS[name]
    checked = told(chart.checked().to_dict())
    frames = [{**frame, "traces": list(frame["traces"])} for frame in chart.frames]
    assert checked["data"] == told(chart.data)
    assert checked["layout"] == told(chart.layout)
    assert checked.get("frames", []) == told(frames)


@pytest.mark.parametrize("name", CHARTS)
def test_what_is_sent_is_the_chart_to_the_last_bit(name: str) -> None:
    chart = CHARTS[name]
    sent = plotly.tools.return_figure_from_figure_or_data(Ready(chart), validate_figure=True)
    assert sent["layout"] == chart.layout
    assert sent.get("frames", []) == chart.frames
    for trace, packed in zip(chart.data, sent["data"], strict=True):
        assert {**packed, "x": 0, "y": 0, "z": 0} == {**trace, "x": 0, "y": 0, "z": 0}
        heights = trace.get("z")
        if heights and isinstance(heights[0], tuple):
            assert packed["z"]["shape"] == f"{len(heights)}, {len(heights[0])}"
            assert unpacked(packed["z"]) == [each for row in heights for each in row]
        for side in "xy":
            row = trace.get(side, ())
            if len(row) < LONG:
                assert packed.get(side, ()) == row
            else:
                assert unpacked(packed[side]) == list(row)


def unpacked(sent: dict[str, str]) -> list[float | None]:
    numbers = struct.iter_unpack("<d", b64decode(sent["bdata"]))
    return [None if math.isnan(number) else number for (number,) in numbers]


def test_what_has_no_end_is_not_drawn() -> None:
    endless = Chart([{"type": "scatter", "x": [0.0] * LONG, "y": [math.inf, None] * LONG}])
    [packed] = endless.sent()["data"]
    row = struct.unpack(f"<{2 * LONG}d", b64decode(packed["y"]["bdata"]))
    assert all(map(math.isnan, row))
