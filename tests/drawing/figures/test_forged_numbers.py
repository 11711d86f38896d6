"""Records that decode, with numbers that no picture has room for: drawn all the same."""

from __future__ import annotations

import json
import math
import re
import xml.etree.ElementTree as ET
from itertools import cycle, islice

import msgspec
import pytest

from viz.drawing.figures.chart import Chart
from viz.drawing.figures.checks.differences import compared_at, difference_figure, differences
from viz.drawing.figures.curve import overlays
from viz.drawing.figures.curve.figure import curve_figure
from viz.drawing.figures.curve.readout import notes
from viz.drawing.figures.jacobian import jacobian_figure
from viz.drawing.figures.rounds import rounds_figure
from viz.drawing.figures.scale import heading, share
from viz.drawing.figures.surface import descended, map_figure, relief_figure, slices_figure
from viz.drawing.stills.curve import curve_still
from viz.drawing.stills.surface import surface_still
from viz.records import Block, Curve, Gap, Jacobian, Rounds, Series, Surface, Tensor

HUGE, TINY = 1.7e308, 5e-324
PLACES = {
    "none": (),
    "one": (0.0,),
    "one, far": (-HUGE,),
    "two, far apart": (-HUGE, HUGE),
    "three, far apart": (-HUGE, 0.0, HUGE),
    "from 0, far": (0.0, HUGE),
    "close": tuple(TINY * n for n in range(5)),
    "twice the same": (1.0, 1.0),
}
HEIGHTS = {
    "far apart": (-HUGE, HUGE),
    "far": (HUGE,),
    "far, most at the bottom": (-HUGE, -HUGE, -HUGE, HUGE),
    "close": (0.0, TINY),
    "mixed": (HUGE, TINY, -1.0, math.nan, math.inf, -math.inf),
    "the same": (3.0,),
    "nothing": (math.nan,),
}


def row(pattern: tuple[float, ...], count: int) -> tuple[float, ...]:
    return tuple(islice(cycle(pattern), count))


def sendable(figure: Chart) -> None:
    assert json.dumps(figure.sent())


def drawn(svg: str) -> None:
    """An SVG, and no place in it is none."""
    for part in ET.fromstring(svg).iter():
        for name in ("x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "d"):
            assert not re.search("nan|inf", part.get(name, ""))


@pytest.mark.parametrize("heights", HEIGHTS)
@pytest.mark.parametrize("places", PLACES)
def test_curves(places: str, heights: str) -> None:
    x = PLACES[places]
    values = row(HEIGHTS[heights], len(x))
    gaps = tuple(Gap(kind, at, at) for kind, at in zip(("pole", "jump"), x, strict=False))
    walk = ((HUGE, -HUGE, TINY), (-HUGE, HUGE, math.inf))
    for rows in ((), (values,) * 4):
        curve = Curve(x, rows, gaps=gaps if rows else (), walk=walk)
        drawn(curve_still(curve).svg())
        for at in (*x[:1], 0.5, HUGE):
            figure = curve_figure(curve, at=at, near=at)
            overlays.add_taylor(figure, curve, at, 3)
            overlays.add_secant(figure, curve, at, HUGE)
            for method in overlays.NAMES:
                overlays.add_walk(figure, curve, method)
            sendable(overlays.add_other(figure, curve))
            sendable(curve_figure(curve, at=at, stacked=True))
            sendable(difference_figure(differences(curve, at)))
    notes(curve)


@pytest.mark.parametrize("rows", [0, 2])
def test_slices(rows: int) -> None:
    curve = Curve((0.0, HUGE), ((-HUGE, HUGE),) * rows)
    assert len(slices_figure((curve, curve), (0.0, 0.5)).data) == 2 * rows


@pytest.mark.parametrize("heights", HEIGHTS)
@pytest.mark.parametrize("across", PLACES)
def test_surfaces(across: str, heights: str) -> None:
    x = PLACES[across]
    walk = ((HUGE, -HUGE, TINY), (0.0, 0.0, math.nan))
    for y in (x, PLACES["none"], PLACES["close"], PLACES["three, far apart"]):
        field = (row(HEIGHTS[heights], len(x)),) * len(y)
        surface = Surface(x, y, field, field, field, walk=walk)
        drawn(surface_still(surface).svg())
        for at in (*zip(x, y, strict=False), (HUGE, 0.0)):
            sendable(map_figure(surface, at=at))
            sendable(relief_figure(surface, at=at))
        assert descended(surface) is not None


@pytest.mark.parametrize("heights", HEIGHTS)
def test_matrices_and_rounds(heights: str) -> None:
    values = row(HEIGHTS[heights], 6)
    left, product = Tensor((2,), "float64", (HUGE, HUGE)), Tensor((6,), "float64", values)
    block = Block("x", (2, 6), (6,), (values, values), product=product)
    sendable(jacobian_figure(Jacobian((2,), (block,), vector=left)))
    rounds = Rounds(1, 6, (), tuple(range(6)), (Series("loss", values),))
    sendable(rounds_figure(rounds))


def test_differences_of_a_curve_without_slopes() -> None:
    x = tuple(sorted(compared_at(1.0)))
    assert differences(Curve(x, ()), 1.0) == differences(Curve(x, (x,)), 1.0) == ()


@pytest.mark.parametrize("kind", [Curve, Surface])
def test_a_step_of_a_walk_without_a_value_is_no_answer(kind: type) -> None:
    fields = ((), ()) if kind is Curve else ((),) * 5
    wrong = msgspec.msgpack.encode(kind(*fields, walk=((1.0,),)))
    with pytest.raises(msgspec.ValidationError):
        msgspec.msgpack.decode(wrong, type=kind)


def test_a_matrix_of_another_shape_is_no_answer() -> None:
    for rows in (((1.0,), (1.0, 2.0)), ((1.0, 2.0),), ((1.0,), (2.0,))):
        with pytest.raises(ValueError, match="not 2 × 2"):
            Block("x", (2, 2), (2,), rows)


def test_shares() -> None:
    assert [share(at, -HUGE, HUGE) for at in (-HUGE, 0.0, HUGE)] == [0.0, 0.5, 1.0]
    assert [share(TINY * n, 0.0, TINY * 4) for n in range(5)] == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert share(1.0, 1.0, 1.0) == 0.5


@pytest.mark.parametrize(
    ("slope", "cell", "expected"),
    [
        ((1e-310, 1e-310), (1e30, 1e30), (0.5**0.5, 0.5**0.5)),
        ((HUGE, -HUGE), (TINY, TINY), (0.5**0.5, -(0.5**0.5))),
        ((0.0, 1.0), (1e-300, 1e300), (0.0, 1.0)),
        ((3.0, 8.0), (1.0, 2.0), (0.6, 0.8)),
        ((0.0, 0.0), (1.0, 1.0), (0.0, 0.0)),
    ],
)
def test_headings(
    slope: tuple[float, float], cell: tuple[float, float], expected: tuple[float, float]
) -> None:
    assert heading(*slope, *cell) == pytest.approx(expected)
