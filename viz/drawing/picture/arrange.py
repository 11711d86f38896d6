"""`arranged`: where a view's cards and arrows go, always within a few seconds.

Graphviz's layout is the best one and is asked first. Where it runs out of time (tangled graphs, or
a machine under load) the cards stand in plain `ranks` instead: a picture comes in any case. What
was laid out is remembered, and for a while so is which graphs were too much for Graphviz: while
somebody drags an input, its patience is not spent again.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from threading import Lock
from typing import Final

from cachetools import LRUCache, TTLCache

from viz.drawing.display import Display
from viz.drawing.picture.cards import Face
from viz.drawing.picture.dot import outline
from viz.drawing.picture.fallback_ranks import ranked
from viz.drawing.picture.layout import LayoutTooLarge, layout
from viz.drawing.picture.positions import Positions, positions
from viz.drawing.view import GraphView

PATIENCE: Final = 2.5
"""Seconds that Graphviz may take."""
REST: Final = 60.0
"""Seconds for which Graphviz is not asked again about a graph that took too long: it may have been
the machine, busy or just started, and no plain picture shall stay for good."""
KEPT: Final = 256
"""Layouts that are remembered, of all visitors together."""


class Arrangements:
    """A memory of layouts by all that they depend on; safe to use from several threads."""

    def __init__(self, patience: float = PATIENCE, kept: int = KEPT) -> None:
        self._patience = patience
        self._lock = Lock()
        self._made: LRUCache[str, Positions] = LRUCache(kept)
        self._tangled: TTLCache[int, bool] = TTLCache(kept, REST, lambda: time.monotonic())

    def arranged(self, view: GraphView, display: Display, faces: Mapping[str, Face]) -> Positions:
        """The view's positions; raises `DrawingFailed` where there is no Graphviz at all."""
        source = outline(view, display, faces)
        with self._lock:
            made = self._made.get(source)
        if made is not None:
            return made
        made = self._by_graphviz(source, view, display)
        if made is None:
            return ranked(view, display, faces)
        with self._lock:
            self._made[source] = made
        return made

    def _by_graphviz(self, source: str, view: GraphView, display: Display) -> Positions | None:
        """Graphviz's layout; `None` where it takes too long, now or a moment ago."""
        shape = hash((display.direction, tuple((edge.source, edge.target) for edge in view.edges)))
        with self._lock:
            if shape in self._tangled:
                return None
        try:
            return positions(layout(source, "json0", seconds=self._patience))
        except LayoutTooLarge:
            with self._lock:
                self._tangled[shape] = True
            return None


_SHARED: Final = Arrangements()


def arranged(view: GraphView, display: Display, faces: Mapping[str, Face]) -> Positions:
    """The view's positions, from the memory that all visitors share."""
    return _SHARED.arranged(view, display, faces)
