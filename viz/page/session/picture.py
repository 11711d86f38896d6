"""The picture that a session shows, with all that it was made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from viz.drawing import GraphView
from viz.page.components.graph import GraphPlayer, StepHelp
from viz.records import Trace


@dataclass(frozen=True)
class Drawn:
    """A picture with its steps, as the browser takes it; the trace it was made of, and the cards'
    widths: while a value is dragged they grow where a number needs it, and never shrink. `key` is
    what else it depends on. `help` is made when gradients are first asked for.
    """

    trace: Trace
    view: GraphView
    key: tuple[object, ...]
    record: GraphPlayer
    widths: Mapping[str, float]
    help: dict[int, StepHelp] | None = None
