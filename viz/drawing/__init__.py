"""Pictures of records: a trace's graph as cards and arrows, step by step, with its formulas.

```
Trace ──fold──▶ GraphView ──dot──▶ graphviz.Digraph ──layout──▶ positions ──▶ picture (SVG)
                    └────────▶ player ──▶ steps to be played in the browser
```

Pure: records in, pictures and plain data out; nothing here imports torch or Streamlit. Arrows
follow the forward run. For the SVG's ids and classes see `viz.drawing.svg`, for its colours
`viz.drawing.look`. Raises `DrawingFailed` where a picture cannot be made.
"""

from viz.drawing.display import SHOWN, Display
from viz.drawing.dots import dot
from viz.drawing.drawings import Drawing, draw
from viz.drawing.folding import fold, unfolded
from viz.drawing.layout import Layouts, close, layout
from viz.drawing.look import CSS, DARK, LIGHT
from viz.drawing.mathml import math
from viz.drawing.playing import Player, PlayerStep, player
from viz.drawing.stage import Change
from viz.drawing.svg import picture, standalone
from viz.drawing.view import GraphView, ViewEdge, ViewNode

__all__ = [
    "CSS",
    "DARK",
    "LIGHT",
    "SHOWN",
    "Change",
    "Display",
    "Drawing",
    "GraphView",
    "Layouts",
    "Player",
    "PlayerStep",
    "ViewEdge",
    "ViewNode",
    "close",
    "dot",
    "draw",
    "fold",
    "layout",
    "math",
    "picture",
    "player",
    "standalone",
    "unfolded",
]
