"""`ChartPicture`: a curve, a surface or a Jacobian as a picture to keep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from viz.drawing.figures import plot
from viz.drawing.figures.files import as_csv, as_html
from viz.drawing.picture import drawing
from viz.drawing.picture.drawing import POINTS_PER_INCH, Theme, check_theme, png_scale, saved
from viz.drawing.picture.layout import PAINTING, layout
from viz.drawing.stills.curve import curve_still
from viz.drawing.stills.marks import Still
from viz.drawing.stills.matrix import matrix_still
from viz.drawing.stills.painted import painted
from viz.drawing.stills.surface import surface_still
from viz.records import Curve, Jacobian, Surface


@dataclass(frozen=True)
class ChartPicture:
    """A record's still picture. Each form is made when asked for, and may raise `DrawingFailed`."""

    record: Curve | Surface | Jacobian
    theme: Theme = "light"

    def __post_init__(self) -> None:
        check_theme(self.theme)

    @cached_property
    def still(self) -> Still:
        """What is in the picture, and where."""
        dark = self.theme == "dark"
        if isinstance(self.record, Curve):
            return curve_still(self.record, dark=dark)
        if isinstance(self.record, Surface):
            return surface_still(self.record, dark=dark)
        return matrix_still(self.record, dark=dark)

    def svg(self) -> str:
        """SVG that stands by itself."""
        return self.still.svg()

    def png(self, scale: float | None = None) -> bytes:
        """PNG on its ground; `scale` 1 is 72 pixels an inch. Without it 2."""
        chosen = png_scale(self.still.width, self.still.height, scale)
        return layout(
            painted(self.still, POINTS_PER_INCH * chosen), "png", seconds=PAINTING, engine="nop2"
        )

    def pdf(self) -> bytes:
        """PDF, one page of the picture's size."""
        return layout(painted(self.still), "pdf", seconds=PAINTING, engine="nop2")

    def html(self) -> str:
        """One page with plotly's figure of it, to be zoomed and turned with the network off."""
        dark = self.theme == "dark"
        return as_html(plot(self.record, dark=dark), repr(self.record))

    def csv(self) -> str:
        """The samples."""
        return as_csv(self.record)

    def save(self, path: str | Path) -> Path:
        """Writes the picture; the name's end says in which form: .svg, .png, .pdf, .html, .csv.
        Raises `ValueError` for any other.
        """
        return saved(self, path, CHART_FORMS)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """What a notebook shows."""
        return drawing.in_notebook(self)

    def __repr__(self) -> str:
        return f"ChartPicture({self.record!r})"


def in_notebook(record: Curve | Surface | Jacobian) -> dict[str, Any]:
    """What a notebook shows of a record: its figure, as plotly shows figures there, and a still
    picture as well, for where no scripts run.
    """
    return {**(plot(record)._repr_mimebundle_() or {}), **drawing.stills(ChartPicture(record))}


CHART_FORMS: Final[dict[str, Callable[[ChartPicture], str | bytes]]] = {
    ".svg": ChartPicture.svg,
    ".png": ChartPicture.png,
    ".pdf": ChartPicture.pdf,
    ".html": ChartPicture.html,
    ".csv": ChartPicture.csv,
}
"""What makes a file, by the end of its name."""
