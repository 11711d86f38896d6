"""`arranged`: where a view's cards and arrows go, always within a few seconds.

Graphviz's layout is the best one and is asked first. Where it runs out of time (tangled graphs, or
a machine under load) the cards stand in plain `ranks` instead: a picture comes in any case. What
was laid out is remembered, and so is which graphs are too much for Graphviz: while somebody drags
an input, its patience is not spent again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Final

from viz.drawing.display import Display
from viz.drawing.dots import outline
from viz.drawing.faces import Face
from viz.drawing.layouts import LayoutTooLarge, layout
from viz.drawing.positions import Positions, positions
from viz.drawing.ranks import ranked
from viz.drawing.view import GraphView

PATIENCE: Final = 2.5
"""Seconds that Graphviz may take."""
KEPT: Final = 256
"""Layouts that are remembered, of all visitors together."""


class Arrangements:
    """A memory of layouts by all that they depend on; safe to use from several threads."""

    def __init__(self, patience: float = PATIENCE, kept: int = KEPT) -> None:
        self._patience = patience
        self._kept = kept
        self._lock = Lock()
        self._made: OrderedDict[str, Positions] = OrderedDict()
        self._tangled: OrderedDict[int, None] = OrderedDict()

    def arranged(self, view: GraphView, display: Display, faces: Mapping[str, Face]) -> Positions:
        """The view's positions; raises `DrawingFailed` where there is no Graphviz at all."""
        source = outline(view, display, faces)
        with self._lock:
            if source in self._made:
                self._made.move_to_end(source)
                return self._made[source]
        made = self._laid_out(source, view, display, faces)
        with self._lock:
            self._made[source] = made
            while len(self._made) > self._kept:
                self._made.popitem(last=False)
        return made

    def _laid_out(
        self, source: str, view: GraphView, display: Display, faces: Mapping[str, Face]
    ) -> Positions:
        shape = hash((display.direction, tuple((edge.source, edge.target) for edge in view.edges)))
        if shape not in self._tangled:
            try:
                return positions(layout(source, "json0", seconds=self._patience))
            except LayoutTooLarge:
                self._remember(shape)
        return ranked(view, display, faces)

    def _remember(self, shape: int) -> None:
        with self._lock:
            self._tangled[shape] = None
            while len(self._tangled) > self._kept:
                self._tangled.popitem(last=False)


_SHARED: Final = Arrangements()


def arranged(view: GraphView, display: Display, faces: Mapping[str, Face]) -> Positions:
    """The view's positions, from the memory that all visitors share."""
    return _SHARED.arranged(view, display, faces)
