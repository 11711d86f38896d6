"""A chart is what plotly's own classes would have made of it, and travels exactly."""

from __future__ import annotations

import json
import math
import struct
from base64 import b64decode
from typing import Any

import plotly.tools
import pytest

from viz.drawing.figures.chart import LONG, Chart
from viz.drawing.figures.checks.differences import difference_figure, differences
from viz.drawing.figures.curve.figure import curve_figure
from viz.drawing.figures.curve.overlays import add_other, add_secant, add_taylor, add_walk
from viz.drawing.figures.surface import map_figure, relief_figure
from viz.page.calculus.ready import Ready
from viz.records import Curve, Gap, Surface

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


CHARTS = {
    "plain": curve_figure(WAVE, shown=1),
    "stacked": curve_figure(WAVE, stacked=True, at=0.2),
    "with all tools": tooled(),
    "of nothing": curve_figure(Curve((), ((), ()))),
    "relief": relief_figure(HILL, at=(0.0, 0.0)),
    "map": map_figure(HILL, at=(0.0, 0.0)),
    "differences": difference_figure(differences(WAVE, 0.0)),
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
        if trace["type"] in ("surface", "contour"):
            assert packed["z"]["shape"] == f"{len(HILL.y)}, {len(HILL.x)}"
            heights = struct.iter_unpack(f"<{len(HILL.x)}d", b64decode(packed["z"]["bdata"]))
            assert tuple(heights) == trace["z"]
        for side in "xy":
            if len(trace[side]) < LONG:
                assert packed[side] == trace[side]
                continue
            row = struct.unpack(f"<{len(trace[side])}d", b64decode(packed[side]["bdata"]))
            assert [None if math.isnan(each) else each for each in row] == list(trace[side])


def test_what_has_no_end_is_not_drawn() -> None:
    endless = Chart([{"type": "scatter", "x": [0.0] * LONG, "y": [math.inf, None] * LONG}])
    [packed] = endless.sent()["data"]
    row = struct.unpack(f"<{2 * LONG}d", b64decode(packed["y"]["bdata"]))
    assert all(map(math.isnan, row))
