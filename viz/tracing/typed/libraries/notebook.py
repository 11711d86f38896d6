"""What a notebook's own modules give typed code: `display`, and settings without effect."""

from __future__ import annotations

import pydoc
import types
from collections.abc import Callable, Mapping
from typing import Any, Final

import torch

from viz.program.allowlist import allowed
from viz.tracing.runnable import Transcript
from viz.tracing.typed.own_graphs.drafts import graph_makers, is_shown
from viz.tracing.typed.part import Part
from viz.tracing.typed.plot.colored import Maps, SegmentedMaps, listed
from viz.tracing.typed.plot.colormaps import Normalize
from viz.tracing.typed.plot.drawn import animation
from viz.tracing.typed.plot.further import PATCHES, line2d
from viz.tracing.typed.plot.shapes import GridSpec
from viz.tracing.typed.type_stand_ins import nothing


def displaying(write: Callable[..., None]) -> Callable[..., None]:
    """A `display` that shows what a cell's last line would."""

    def display(*values: Any, **_ways: Any) -> None:
        """Shows values below the editor."""
        for value in values:
            if not is_shown(value):
                write(value if type(value) is str else repr(value))

    return display


FUNCTIONS: Final = frozenset(
    each for each in vars(torch).values() if isinstance(each, types.BuiltinFunctionType)
)
"""Torch's own functions, of which Python knows where they are from."""


def help_on(value: Any) -> str:
    """What `help` writes: of a function all that Python says, of anything else its own text."""
    if isinstance(value, types.BuiltinFunctionType) and value in FUNCTIONS:
        return pydoc.plain(pydoc.render_doc(value, "Help on %s:"))
    return getattr(value, "__doc__", None) or repr(value)


_FURTHER: Final[Mapping[str, Mapping[str, Any]]] = {
    "patches": PATCHES,
    "lines": {"Line2D": line2d},
    "gridspec": {"GridSpec": GridSpec},
    "colors": {
        "Normalize": Normalize,
        "ListedColormap": listed,
        "LinearSegmentedColormap": SegmentedMaps(),
    },
    "ticker": dict.fromkeys(allowed.MODULES["matplotlib.ticker"], nothing),
}


def notebook_parts(
    display: Callable[..., None], plt: Any, transcript: Transcript
) -> Mapping[str, Part]:
    """The modules of a notebook, by full name."""
    inside = Part(
        "IPython.display",
        {
            "display": display,
            "clear_output": nothing,
            "set_matplotlib_formats": nothing,
            **dict.fromkeys(("Math", "Latex", "Markdown", "HTML"), str),
            **dict.fromkeys(("Image", "SVG"), nothing),
        },
    )
    backend = Part("matplotlib_inline.backend_inline", {"set_matplotlib_formats": nothing})
    moving = Part("matplotlib.animation", {"FuncAnimation": animation})
    drawing = {"pyplot": plt, "animation": moving, "rcParams": plt.rcParams}
    drawing |= {"rc": nothing, "use": nothing, "pylab": plt, "cm": plt.cm, "colormaps": Maps()}
    drawing |= {name: Part(f"matplotlib.{name}", held) for name, held in _FURTHER.items()}
    return {
        "IPython": Part("IPython", {"display": inside}),
        "IPython.display": inside,
        "graphviz": Part("graphviz", graph_makers(transcript)),
        "matplotlib_inline": Part("matplotlib_inline", {"backend_inline": backend}),
        "matplotlib_inline.backend_inline": backend,
        "matplotlib": Part("matplotlib", drawing),
        "matplotlib.animation": moving,
        "matplotlib.pyplot": plt,
        "matplotlib.pylab": plt,
        "matplotlib.cm": plt.cm,
        **{f"matplotlib.{name}": drawing[name] for name in _FURTHER},
    }
