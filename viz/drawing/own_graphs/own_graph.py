"""`own_picture`: a program's own graph as SVG, within a few seconds or not at all.

What was drawn is remembered, and for a while so is which graphs took too long: while somebody types
elsewhere in the program, Graphviz is not asked again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from threading import Lock
from typing import Final

import msgspec
from cachetools import LRUCache, TTLCache

from viz.drawing.own_graphs.operations import OwnPicture, svg_of
from viz.drawing.own_graphs.source import source
from viz.drawing.picture.layout import LayoutTooLarge, layout
from viz.errors import N_, DrawingFailed, problem
from viz.records import OwnGraph

PATIENCE: Final = 5.0
"""Seconds that Graphviz may take for one graph."""
LARGEST: Final = 8_000_000
"""Bytes of what Graphviz answers, which is read here."""
KEPT: Final = 16_000_000
"""Characters of pictures that are remembered, of all visitors together."""
REST: Final = 60.0
"""Seconds for which Graphviz is not asked again about a graph that took too long."""

_LOCK: Final = Lock()
_made: Final[LRUCache[tuple[str, str, bool], OwnPicture]] = LRUCache(KEPT, lambda it: len(it.svg))
_tangled: Final[TTLCache[int, bool]] = TTLCache(256, REST, lambda: time.monotonic())


def own_picture(
    graph: OwnGraph,
    *,
    dark: bool = False,
    seconds: float = PATIENCE,
    turn: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> OwnPicture:
    """The picture; raises `DrawingFailed` where it is too large, or Graphviz cannot draw it.

    One that is not remembered is drawn within a `turn`.
    """
    if seconds <= 0:
        raise _too_large()
    text = source(graph)
    key = (graph.engine, text, dark)
    with _LOCK:
        made = _made.get(key)
        if made is not None:
            return made
        if hash(key[:2]) in _tangled:
            raise _too_large()
    try:
        with turn():
            made = _drawn(graph, text, dark, seconds)
    except LayoutTooLarge:
        with _LOCK:
            _tangled[hash(key[:2])] = True
        raise _too_large() from None
    if len(made.svg) <= KEPT // 4:
        with _LOCK:
            _made[key] = made
    return made


def _drawn(graph: OwnGraph, text: str, dark: bool, seconds: float) -> OwnPicture:
    answer = layout(text, "json", seconds=min(seconds, PATIENCE), engine=graph.engine)
    if len(answer) > LARGEST:
        raise _too_large()
    try:
        return svg_of(answer, dark=dark)
    except (msgspec.DecodeError, ValueError) as error:
        raise DrawingFailed(
            problem(
                N_("Graphviz could not draw this: {words}"),
                N_("Look at the names and labels that the program gives its graph."),
                words=str(error)[:200],
            )
        ) from error


def _too_large() -> LayoutTooLarge:
    return LayoutTooLarge(
        problem(
            N_("The program's own graph is too large to be drawn in time."),
            N_("Draw a part of it: a graph of a few hundred nodes is drawn at once."),
        )
    )
