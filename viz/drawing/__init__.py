"""Pictures of records: a trace's graph as cards and arrows, step by step, with its formulas.

```
Trace ──fold──▶ GraphView ──dot──▶ graphviz.Digraph ──layout──▶ positions ──▶ picture (SVG)
                    └────────▶ player ──▶ steps to be played in the browser
```

Pure: records in, pictures and plain data out; nothing here imports torch or Streamlit. Arrows
follow the forward run. For the SVG's ids and classes see `viz.drawing.picture.svg`, for its colours
`viz.drawing.colours`. Raises `DrawingFailed` where a picture cannot be made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viz.drawing.colours import CSS, DARK, LIGHT
from viz.drawing.display import SHOWN, Display
from viz.drawing.folding.fold import fold, folder, unfolded
from viz.drawing.formulas.mathml import math
from viz.drawing.picture.dot import dot
from viz.drawing.picture.drawing import Drawing
from viz.drawing.picture.layout import Layouts, close, layout
from viz.drawing.picture.svg import standalone, svg
from viz.drawing.pictures import draw
from viz.drawing.play.details import Details, Paths, PathText, Quantity, details
from viz.drawing.play.heat import Heat
from viz.drawing.play.stage import Change
from viz.drawing.play.steps import Player, PlayerStep, player
from viz.drawing.view import GraphView, ViewEdge, ViewNode

if TYPE_CHECKING:
    from viz.drawing.stills.notebook_figure import plot

__all__ = [
    "CSS",
    "DARK",
    "LIGHT",
    "SHOWN",
    "Change",
    "Details",
    "Display",
    "Drawing",
    "GraphView",
    "Heat",
    "Layouts",
    "PathText",
    "Paths",
    "Player",
    "PlayerStep",
    "Quantity",
    "ViewEdge",
    "ViewNode",
    "close",
    "details",
    "dot",
    "draw",
    "fold",
    "folder",
    "layout",
    "math",
    "player",
    "plot",
    "standalone",
    "svg",
    "unfolded",
]


def __getattr__(name: str) -> Any:
    # plotly takes longer to import than all the rest: only who plots needs it
    if name == "plot":
        from viz.drawing.stills.notebook_figure import plot

        return plot
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
