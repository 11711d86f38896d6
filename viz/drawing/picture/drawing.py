"""`draw`: a trace as a picture to keep: DOT, SVG, PNG, PDF; shows itself in a notebook."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import graphviz

from viz.drawing.display import Display
from viz.drawing.folding.fold import fold as folded
from viz.drawing.folding.fold import unfolded
from viz.drawing.picture.dot import dot
from viz.drawing.picture.layout import layout
from viz.drawing.picture.svg import standalone, svg
from viz.drawing.view import GraphView
from viz.records import Trace

POINTS_PER_INCH = 72


@dataclass(frozen=True)
class Drawing:
    """A graph's picture. Each form is made when asked for, and may raise `DrawingFailed`."""

    view: GraphView
    display: Display = field(default_factory=Display)

    @cached_property
    def dot(self) -> graphviz.Digraph:
        """The graph in the DOT language."""
        return dot(self.view, self.display)

    def svg(self) -> str:
        """SVG that stands by itself: style sheet and light ground inside."""
        return standalone(svg(self.view, self.display))

    def png(self, scale: float = 2) -> bytes:
        """PNG on the light ground; `scale` 1 is 72 pixels an inch."""
        source = self.dot.copy()
        source.graph_attr["dpi"] = f"{POINTS_PER_INCH * scale:g}"
        return layout(source.source, "png")

    def pdf(self) -> bytes:
        """PDF, one page of the graph's size."""
        return layout(self.dot.source, "pdf")

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """What a notebook shows."""
        return {"image/svg+xml": self.svg(), "text/plain": repr(self)}

    def __repr__(self) -> str:
        return f"Drawing({len(self.view.nodes)} cards, {len(self.view.edges)} arrows)"


def draw(trace: Trace, *, fold: bool = True, display: Display | None = None) -> Drawing:
    """The picture of a trace; `fold=False` shows every recorded node, up to 400 of them."""
    shown = display or Display()
    return Drawing(folded(trace, display=shown) if fold else unfolded(trace, shown), shown)
