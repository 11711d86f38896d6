"""Autograd Explorer: see what PyTorch's autograd makes of a function.

```python
from viz import Sandbox, curve, draw, plot, trace

run = trace(lambda x, y, z: (x + y) * z, -2.0, 5.0, -4.0)
draw(run)                                   # shows itself in a notebook
plot(curve(lambda x: x.sin(), -3, 3))       # f and df/dx
with Sandbox() as sandbox:                  # the same of typed text, confined
    sandbox.trace("sin(x) * x**2", inputs={"x": "1.5"})
```

Importing `viz` imports no torch: each name brings what it needs when it is first used.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from viz.drawing import draw, plot
    from viz.records import Trace
    from viz.sandbox import Sandbox
    from viz.tracing.calculus.curve import curve
    from viz.tracing.calculus.jacobian import hessian, jacobian
    from viz.tracing.calculus.surface import surface
    from viz.tracing.recording.held_graph import graph_of
    from viz.tracing.recording.trace import trace

from viz.records.shown import MAKERS, Bundle

_HOMES = {
    "Sandbox": "viz.sandbox",
    "Trace": "viz.records",
    "curve": "viz.tracing.calculus.curve",
    "draw": "viz.drawing",
    "graph_of": "viz.tracing.recording.held_graph",
    "hessian": "viz.tracing.calculus.jacobian",
    "jacobian": "viz.tracing.calculus.jacobian",
    "plot": "viz.drawing",
    "surface": "viz.tracing.calculus.surface",
    "trace": "viz.tracing.recording.trace",
}

__all__ = [
    "Sandbox",
    "Trace",
    "curve",
    "draw",
    "graph_of",
    "hessian",
    "jacobian",
    "plot",
    "surface",
    "trace",
]


def _made_by(home: str, name: str) -> Callable[[Any], Bundle]:
    """What shows a record, imported when it is first asked for."""
    return lambda record: getattr(import_module(home), name)(record)


MAKERS.update(
    {
        "Trace": _made_by("viz.page.graph.offline", "in_notebook"),
        "player": _made_by("viz.page.graph.offline", "as_file"),
        **dict.fromkeys(
            ("Curve", "Surface", "Jacobian"),
            _made_by("viz.drawing.stills.chart_picture", "in_notebook"),
        ),
    }
)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'viz' has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return found
