"""`draw`: a record as a picture to keep; in a notebook it shows itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, overload

from viz.drawing.display import Direction, Display, Shown, listed, whether
from viz.drawing.folding.fold import fold as folded
from viz.drawing.folding.fold import unfolded
from viz.drawing.picture.drawing import Drawing, Theme
from viz.records import Curve, Jacobian, Surface, Trace

if TYPE_CHECKING:
    from viz.drawing.stills.chart_picture import ChartPicture


@overload
def draw(record: Curve | Surface | Jacobian, *, theme: Theme = "light") -> ChartPicture: ...


@overload
def draw(
    record: Trace,
    *,
    fold: bool = True,
    depth: int | None = None,
    direction: Direction | None = None,
    show: Shown | Iterable[Shown] | None = None,
    theme: Theme = "light",
    wrap: bool | None = None,
    display: Display | None = None,
) -> Drawing: ...


def draw(
    record: Trace | Curve | Surface | Jacobian,
    *,
    fold: bool = True,
    depth: int | None = None,
    direction: Direction | None = None,
    show: Shown | Iterable[Shown] | None = None,
    theme: Theme = "light",
    wrap: bool | None = None,
    display: Display | None = None,
) -> Drawing | ChartPicture:
    """The picture of a trace, or the still picture of a curve, a surface or a Jacobian (which
    `viz.plot` makes a figure of, to be zoomed and turned). Of a trace:

    - `fold=False` shows every recorded node, up to 400 of them; folded, rounds of a loop, repeated
      layers and the inside of a call are one card each.
    - `depth`: modules as boxes, called by their path: 1 for the parts of the model, 2 for what is
      in these, and so on; their parameters lie inside. Several models in one function are boxes
      themselves, their parts one level further down.
    - `direction`: "TB" runs from top to bottom, "LR" from left to right.
    - `show`: what each card carries, of "operation", "variable", "value", "gradient", "shape" and
      "saved".
    - `theme`: "light" or "dark"; the one choice that all pictures have.
    - `wrap`: a long picture in rows (in columns where it runs down), about as wide as a slide; the
      HTML page and the DOT source stay as they are. Unasked, a folded picture is wrapped for which
      a page has no room.
    - `display`: all that and more in one record, see `viz.drawing.Display`.

    Raises `ValueError` for any other choice, `TypeError` for what is no record or has no such
    options. The forms are made when asked for, and may raise `DrawingFailed`.
    """
    if isinstance(record, Curve | Surface | Jacobian):
        given = (not fold, depth, direction, show, wrap, display)
        return _chart(record, theme, any(each not in (False, None) for each in given))
    if not isinstance(record, Trace):
        raise TypeError(_not_drawn(record))
    _check(fold, depth, wrap, display)
    shown = display or Display()
    if direction is not None:
        shown = replace(shown, direction=direction)
    if show is not None:
        shown = replace(shown, show=frozenset(listed(show)))
    view = folded(record, display=shown, depth=depth) if fold else unfolded(record, shown)
    return Drawing(view, shown, record, theme, depth, wrap if fold else bool(wrap))


def _check(fold: object, depth: object, wrap: object, display: object) -> None:
    """Raises `ValueError` for an option that is none."""
    whether("fold", fold)
    if wrap is not None:
        whether("wrap", wrap)
    if depth is not None and (type(depth) is not int or depth < 1):
        raise ValueError(f"the depth is a whole number from 1 on, or None, not {depth!r}")
    if not isinstance(display, Display | None):
        raise ValueError(f"the display is a viz.drawing.Display, or None, not {display!r}")


def _chart(record: Curve | Surface | Jacobian, theme: Theme, of_graphs: bool) -> ChartPicture:
    """The still picture; plotly, which takes longer to import than all the rest, comes with it."""
    if of_graphs:
        raise TypeError(f"the picture of a {type(record).__name__} has no option but its theme")
    from viz.drawing.stills.chart_picture import ChartPicture

    return ChartPicture(record, theme)


def _not_drawn(given: object) -> str:
    kind = type(given).__name__
    return (
        f"`draw` takes what `trace`, `graph_of`, `curve` and so on gave, nothing of the type {kind}"
    )
