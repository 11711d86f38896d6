"""`plot` for notebooks: plotly's figure of a record, which keeps a still picture beside it.

What reads a notebook without plotly's script (nbconvert's page, a mail, GitHub, no network) shows
the still picture; plotly alone would leave the place empty.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

from plotly import io
from plotly.graph_objects import Figure

from viz.drawing import figures
from viz.drawing.picture.drawing import stills
from viz.drawing.stills.chart_picture import ChartPicture
from viz.drawing.texts import Translate
from viz.records import Curve, Jacobian, Surface

AS_DATA: Final = "application/vnd.plotly.v1+json"
"""What plotly hands to a notebook that has its script."""


class NotebookFigure(Figure):  # type: ignore[misc]  # plotly tells no types
    """A figure as plotly has them, to be changed and saved as any other."""

    def __init__(self, *given: Any, still: ChartPicture | None = None, **named: Any) -> None:
        super().__init__(*given, **named)
        self._still = still

    def _repr_mimebundle_(self, *given: Any, **named: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(*given, **named) or {}
        if self._still is not None and AS_DATA in bundle:
            bundle |= stills(self._still)
        return bundle

    def _ipython_display_(self) -> None:
        bundle = self._repr_mimebundle_() if io.renderers.render_on_display else {}
        if "image/svg+xml" not in bundle:
            super()._ipython_display_()  # a renderer of the reader's own choice
            return
        import_module("IPython.display").display(bundle, raw=True)


def plot(
    record: Curve | Surface | Jacobian, *, at: Any = None, dark: bool = False, say: Translate = str
) -> NotebookFigure:
    """The plotly figure of a curve, a surface or a Jacobian; `at` is the current point, `dark` the
    theme. In a notebook it shows itself, and a still picture where plotly's script is not there.
    Raises `TypeError` for anything else.
    """
    _check(record)
    still = ChartPicture(record, "dark" if dark else "light")
    return NotebookFigure(figures.plot(record, at=at, dark=dark, say=say), still=still)


def _check(record: object) -> None:
    if not isinstance(record, Curve | Surface | Jacobian):
        raise TypeError(
            "`plot` takes what `curve`, `surface`, `jacobian` and `hessian` gave, nothing of the "
            f"type {type(record).__name__}: `draw` makes the picture of a run"
        )
