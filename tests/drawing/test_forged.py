"""Records that decode but that no run could have made: drawn, played and explained, or refused."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from hypothesis import Phase, given, settings

from tests.drawing.strategies import forged
from viz.drawing import Display, details, dot, fold, player, svg
from viz.drawing.display import SHOWN

EVERYTHING = Display(show=frozenset(SHOWN), friendly=False)


# a record of this kind takes minutes to shrink, and is small enough to be read as it is
@given(forged())
@settings(max_examples=100, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
def test_forged_records_break_nothing(trace):
    view = fold(trace, display=EVERYTHING)
    assert {id for node in view.nodes for id in node.records} == {node.id for node in trace.nodes}
    ET.fromstring(svg(view, EVERYTHING))
    assert dot(view, EVERYTHING).source
    for step in player(trace, view, EVERYTHING).steps:
        if step.formula:
            ET.fromstring(step.formula)
    for one in details(trace, view, EVERYTHING).values():
        for markup in (one.result, *one.derivatives):
            if markup:
                ET.fromstring(markup)
        for way in one.paths.listed if one.paths else ():
            ET.fromstring(way.math)
