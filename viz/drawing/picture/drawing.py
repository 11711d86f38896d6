"""`draw`: a trace as a picture to keep: DOT, SVG, PNG, PDF, HTML; shows itself in a notebook."""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, Literal, Protocol, TypeVar, get_args

import graphviz

from viz.drawing.colours import DARK, LIGHT
from viz.drawing.display import Display
from viz.drawing.picture.arrange import arranged
from viz.drawing.picture.cards import faces
from viz.drawing.picture.dot import dot
from viz.drawing.picture.layout import PAINTING, layout
from viz.drawing.picture.positions import Positions
from viz.drawing.picture.svg import as_image, standalone, svg
from viz.drawing.picture.wrapped import legible, wrapped
from viz.drawing.view import GraphView
from viz.errors import N_, DrawingFailed, problem
from viz.records import Trace
from viz.records.shown import MAKERS

POINTS_PER_INCH = 72
PAD: Final = 8.0
"""Points around the graph, about."""
LONGEST_SIDE: Final = 32_000
"""Pixels of a PNG's side."""
MOST_PIXELS: Final = 100_000_000
"""Pixels of a PNG in all: a second's work."""
Theme = Literal["light", "dark"]
Picture = TypeVar("Picture")


@dataclass(frozen=True)
class Drawing:
    """A graph's picture. Each form is made when asked for, and may raise `DrawingFailed`."""

    view: GraphView
    display: Display = field(default_factory=Display)
    trace: Trace | None = field(default=None, repr=False)
    theme: Theme = "light"
    depth: int | None = None
    """The levels of modules that are boxes, where it was made so."""
    wrap: bool | None = False
    """Whether it stands in rows (columns where it runs down), about as wide as a slide; `None`: if
    a page has no room for it otherwise.
    """

    def __post_init__(self) -> None:
        check_theme(self.theme)

    @property
    def _colours(self) -> Mapping[str, str]:
        return DARK if self.theme == "dark" else LIGHT

    @cached_property
    def dot(self) -> graphviz.Digraph:
        """The graph in the DOT language."""
        return dot(self.view, self.display, colours=self._colours)

    def svg(self) -> str:
        """SVG that stands by itself: style sheet and ground inside."""
        return standalone(svg(self.view, self.display, laid=self._laid), self._colours)

    def png(self, scale: float | None = None) -> bytes:
        """PNG on its ground; `scale` 1 is 72 pixels an inch. Without it 2, or what a PNG of this
        graph has room for, down to 1. Raises `DrawingFailed` where it has none.
        """
        painted = self._painted
        chosen = png_scale(self._laid.width + 2 * PAD, self._laid.height + 2 * PAD, scale)
        painted.graph_attr["dpi"] = f"{POINTS_PER_INCH * chosen:g}"
        return layout(painted.source, "png", seconds=PAINTING, engine="nop2")

    def pdf(self) -> bytes:
        """PDF, one page of the graph's size."""
        painted = self._painted
        painted.graph_attr["margin"] = "0"  # else half an inch of white around the ground
        return layout(painted.source, "pdf", seconds=PAINTING, engine="nop2")

    @cached_property
    def _laid(self) -> Positions:
        """Where everything is, in every form of the picture."""
        cards = faces(self.view, self.display)
        laid = arranged(self.view, self.display, cards)
        if legible(laid) if self.wrap is None else not self.wrap:
            return laid
        sizes = {id: card.outer for id, card in cards.items()}
        return wrapped(laid, sizes, self.display.direction)

    @property
    def _painted(self) -> graphviz.Digraph:
        return dot(self.view, self.display, colours=self._colours, laid=self._laid)

    def html(self) -> str:
        """One page that plays the run step by step, with everything inside: no server, no
        network. Raises `ValueError` for a picture that was not made of a trace.
        """
        maker = MAKERS.get("player")
        if maker is None or self.trace is None:
            raise ValueError("only `viz.draw(trace)` makes a picture that can be played")
        return str(maker(self)["text/html"])

    def save(self, path: str | Path) -> Path:
        """Writes the picture; the name's end says in which form: .svg, .png, .pdf, .dot (or .gv),
        .html. Raises `ValueError` for any other, `DrawingFailed` where there is no such picture.
        """
        return saved(self, path, FORMS)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """What a notebook shows."""
        return in_notebook(self)

    def __repr__(self) -> str:
        return f"Drawing({len(self.view.nodes)} cards, {len(self.view.edges)} arrows)"


def check_theme(theme: object) -> None:
    """Raises `ValueError` for what is no theme."""
    if theme not in get_args(Theme):
        raise ValueError(f"the theme is light or dark, not {theme!r}")


class Keepable(Protocol):
    """A picture to keep."""

    def svg(self) -> str: ...

    def pdf(self) -> bytes: ...


def in_notebook(picture: Keepable) -> dict[str, str]:
    """What a notebook shows of a picture: an image, for notebooks that are not trusted too."""
    still = stills(picture)
    html = as_image(still["image/svg+xml"], repr(picture))
    return {"text/html": html, **still, "text/plain": repr(picture)}


def stills(picture: Keepable) -> dict[str, str]:
    """The forms of a picture in a notebook: SVG, and PDF for LaTeX, which without one asks for a
    program that turns SVG into it. Where there are no fonts there is no PDF."""
    svg = {"image/svg+xml": picture.svg()}
    try:
        return {**svg, "application/pdf": b64encode(picture.pdf()).decode("ascii")}
    except DrawingFailed:
        return svg


def saved(
    picture: Picture, path: str | Path, forms: Mapping[str, Callable[[Picture], str | bytes]]
) -> Path:
    """Writes a picture in the form that the name's end asks for; raises `ValueError` for others."""
    path = Path(path)
    if path.suffix.lower() not in forms:
        known = ", ".join(forms)
        raise ValueError(f"cannot write {path.name!r}: choose a name that ends in {known}")
    made = forms[path.suffix.lower()](picture)
    path.write_bytes(made if isinstance(made, bytes) else made.encode())
    return path


def png_scale(width: float, height: float, scale: float | None) -> float:
    """The scale of a PNG of so many points: what was asked for, else 2, or what there is room for,
    down to 1. Raises `DrawingFailed` where there is no room, and `ValueError` for no scale.
    """
    if scale is not None and not (isinstance(scale, int | float) and 0 < scale < math.inf):
        raise ValueError(f"the scale of a PNG is a number above 0, not {scale!r}")
    room = min(LONGEST_SIDE / max(width, height), math.sqrt(MOST_PIXELS / (width * height)))
    chosen = min(2.0, room) if scale is None else scale
    if chosen <= room and (scale is not None or chosen >= 1):
        return chosen
    raise DrawingFailed(
        problem(
            N_("This picture is {width} × {height} points: too large for a PNG."),
            N_("Save it as SVG or PDF, or show less of it: folded, or with a depth."),
            width=f"{width:.0f}",
            height=f"{height:.0f}",
        )
    )


FORMS: Final[dict[str, Callable[[Drawing], str | bytes]]] = {
    ".svg": Drawing.svg,
    ".png": Drawing.png,
    ".pdf": Drawing.pdf,
    ".dot": lambda drawing: str(drawing.dot.source),
    ".gv": lambda drawing: str(drawing.dot.source),
    ".html": Drawing.html,
}
"""What makes a file, by the end of its name."""
