"""The still picture of a surface: its cells, its arrows, and what is not defined."""

from __future__ import annotations

import math
from xml.etree import ElementTree

from viz.drawing.stills.surface import surface_still
from viz.records import Surface

SVG = "{http://www.w3.org/2000/svg}"
HILL = Surface(
    x=(0.0, 1.0, 2.0),
    y=(0.0, 1.0),
    value=((0.0, 1.0, 2.0), (3.0, math.nan, 5.0)),
    dx=((1.0, 1.0, -1.0), (0.0, math.nan, 0.0)),
    dy=((0.0, 0.0, 0.0), (-2.0, math.nan, -2.0)),
    along=("x", "<b>"),
)


def parts(surface: Surface) -> ElementTree.Element:
    return ElementTree.fromstring(surface_still(surface).svg())


def test_each_defined_place_has_a_cell_and_an_arrow_along_the_gradient() -> None:
    picture = parts(HILL)
    cells = picture.findall(f"{SVG}rect")[1:]  # the first is the paper
    assert len(cells) == 5
    assert len({each.get("fill") for each in cells}) == 5
    ways = [each.get("d") or "" for each in picture.iter(f"{SVG}path")]
    assert len(ways) == 5
    first, last = ([*map(float, way[1:].replace("L", " ").split())] for way in (ways[0], ways[-1]))
    assert (first[2] > first[0], first[3]) == (True, first[1])  # to the right, level
    assert (last[3] > last[1], last[2]) == (True, last[0])  # down
    assert last[3] - last[1] > first[2] - first[0]


def test_names_are_escaped_and_nothing_defined_is_no_failure() -> None:
    assert "&lt;b&gt;" in surface_still(HILL).svg()
    nothing = ((math.nan,) * 3,) * 2
    empty = Surface(x=HILL.x, y=HILL.y, value=nothing, dx=nothing, dy=nothing)
    assert not [*parts(empty).iter(f"{SVG}path")]


def test_many_places_are_thinned_out() -> None:
    side = tuple(float(each) for each in range(200))
    field = (side,) * 200
    assert len(surface_still(Surface(side, side, field, field, field)).svg()) < 250_000


def test_a_surface_is_one_line_at_the_prompt() -> None:
    assert repr(HILL) == "Surface over x and <b>: f and its gradient at 3 × 2 places"
