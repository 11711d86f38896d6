"""Matplotlib's words for series and styles, read: format strings, colours, numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy
import torch

from viz.program.allowlist.words import words
from viz.records import MAX_SAMPLES
from viz.records.plots import COLORS
from viz.tracing.typed.plot.colormaps import Color, css_of
from viz.tracing.typed.type_stand_ins import numpy_of

Dash = Literal["solid", "dash", "dot", "dashdot", "none"]
_DASHES: Final[dict[str, Dash]] = {
    "--": "dash",
    "-.": "dashdot",
    ":": "dot",
    "-": "solid",
    "solid": "solid",
    "dashed": "dash",
    "dotted": "dot",
    "dashdot": "dashdot",
    "none": "none",
    "None": "none",
    " ": "none",
    "": "none",
}
_LETTERS: Final = {
    "b": "blue",
    "g": "green",
    "r": "red",
    "c": "cyan",
    "m": "magenta",
    "y": "yellow",
    "k": "black",
    "w": "white",
}
_CYCLE: Final = words(
    "#1f77b4 #ff7f0e #2ca02c #d62728 #9467bd #8c564b #e377c2 #7f7f7f #bcbd22 #17becf"
)
_TABLEAU: Final = dict(
    zip(words("blue orange green red purple brown pink gray olive cyan"), _CYCLE, strict=True)
)
_MARKERS: Final = frozenset(".,ov^<>1234sp*hH+xDd|_")
_FORMAT = re.compile(r"(--|-\.|-|:)|(C[0-9]{1,6}|[bgrcmykw])|([.,ov^<>1234sp*hH+xDd|_])")


def color_of(value: Any) -> str | None:
    """A colour as CSS has it; raises `ValueError` for what is none."""
    if value is None:
        return None
    if isinstance(value, Color):
        return css_of(value)
    if isinstance(value, numpy.ndarray | torch.Tensor):
        array = value if isinstance(value, numpy.ndarray) else numpy_of(value)
        return _mixed(array.tolist()) if array.ndim == 1 and array.size in (3, 4) else None
    if isinstance(value, tuple | list):
        return _mixed(value)
    text = str(value).strip()
    if text in _LETTERS:
        return _LETTERS[text]
    if text.lower() in COLORS or re.fullmatch("#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3}", text):
        return text.lower()
    if re.fullmatch("#[0-9a-fA-F]{8}", text):  # how much shines through is left out
        return text[:7].lower()
    if re.fullmatch("C[0-9]{1,6}", text):
        return _CYCLE[int(text[1:]) % len(_CYCLE)]
    if text.startswith("tab:") and text[4:] in _TABLEAU:
        return _TABLEAU[text[4:]]
    if re.fullmatch(r"0?\.[0-9]{1,6}|[01]", text):
        return _mixed([float(text)] * 3)
    raise ValueError(f"{text[:40]!r} is not a color known here: use 'blue', 'C1' or '#1f77b4'")


def is_color(text: str) -> bool:
    """Whether a text is a colour that is known here."""
    try:
        return color_of(text) is not None
    except ValueError:
        return False


def _mixed(parts: Any) -> str | None:
    """A colour of red, green and blue between 0 and 1; of one colour for each point, none."""
    if len(parts) not in (3, 4) or not all(
        isinstance(each, int | float | numpy.floating) for each in parts
    ):
        return None
    if not all(map(math.isfinite, parts)):
        return None
    shares = [round(255 * min(max(float(each), 0.0), 1.0)) for each in parts[:3]]
    return "#" + "".join(f"{each:02x}" for each in shares)


@dataclass(frozen=True)
class Style:
    """How a series is drawn."""

    dash: Dash = "solid"
    color: str | None = None
    marker: str | None = None
    label: str | None = None

    @classmethod
    def of(cls, form: str = "", **words: Any) -> Style:
        """From a format string such as `r--` and matplotlib's words; raises `ValueError`."""
        dash, letter, marker = parts_of(form)
        alone = "-" if marker is None else "none"
        dash = words.get("linestyle", words.get("ls", dash))
        dash = alone if dash is None else dash
        color = words.get("color", words.get("c", letter))
        marker = words.get("marker", marker)
        label = words.get("label")
        if str(dash) not in _DASHES:
            raise ValueError(f"{str(dash)[:40]!r} is not a line style: use '-', '--', '-.' or ':'")
        marker = None if marker is None else str(marker)
        return cls(
            _DASHES.get(str(dash), "solid"),
            None if isinstance(color, numpy.ndarray | torch.Tensor) else color_of(color),
            marker if marker in _MARKERS else None,
            None if label is None else text_of(label),
        )


def parts_of(form: str) -> tuple[str | None, str | None, str | None]:
    """Dash, colour and marker of a format string, which may be a colour alone (`red`, `C10`).

    Raises `ValueError`.
    """
    dash, color, marker, place = None, None, None, 0
    if len(form) > 1 and is_color(form):
        return None, form, None
    while place < len(form):
        part = _FORMAT.match(form, place)
        if part is None:
            raise ValueError(f"{form[:40]!r} is not a valid format string")
        dash, color, marker = part[1] or dash, part[2] or color, part[3] or marker
        place = part.end()
    return dash, color, marker


def numbers(values: Any) -> Any:
    """The plain numbers of a series: a number, nested lists of numbers.

    Raises torch's own error for a tensor that requires grad, as matplotlib does.
    """
    if isinstance(values, torch.Tensor):
        return numpy_of(values).tolist()
    if isinstance(values, numpy.ndarray | numpy.generic):
        return values.tolist()
    if isinstance(values, bool | int | float):
        return float(values)
    if isinstance(values, Iterable) and not isinstance(values, str | dict):
        return [numbers(each) for each in values]
    raise TypeError("a series holds numbers")


def gridded(values: Any) -> Any:
    """The same of a grid; an array stays one: as plain numbers a large one takes much memory."""
    if isinstance(values, torch.Tensor):
        return numpy_of(values)
    return values if isinstance(values, numpy.ndarray) else numbers(values)


def series(values: Any) -> list[list[float]]:
    """The columns of a series: one for a row of numbers, several for a matrix."""
    found = numbers(values)
    if isinstance(found, float | int):
        return [[float(found)]]
    if not any(isinstance(each, list) for each in found):
        return [[float(each) for each in found]]
    if any(not isinstance(each, list) or len(each) != len(found[0]) for each in found):
        raise ValueError("the rows of a series have different lengths")
    if any(isinstance(each, list) for row in found for each in row):
        raise ValueError("x and y can be no greater than 2D")
    return [[float(row[column]) for row in found] for column in range(len(found[0]))]


def thinned(values: list[float]) -> tuple[float, ...]:
    """At most `MAX_SAMPLES` of the values, evenly, the first and the last among them."""
    if len(values) <= MAX_SAMPLES:
        return tuple(values)
    step = (len(values) - 1) / (MAX_SAMPLES - 1)
    return tuple(values[round(place * step)] for place in range(MAX_SAMPLES))


def map_of(colors: Any) -> str | None:
    """A map of colours by its name, as a record has it."""
    return re.sub("[^A-Za-z0-9_]", "", text_of(colors, 40)) or None if colors is not None else None


def text_of(value: Any, limit: int = 200) -> str:
    """A title or label, bounded and free of half characters."""
    return str(value)[:limit].encode(errors="replace").decode()


def limits(given: tuple[Any, ...], words: dict[str, Any], low: str, high: str) -> Any:
    """Two numbers: `xlim(0, 1)`, `xlim([0, 1])`; nothing where one side is left open."""
    if len(given) == 1 and given[0] is not None and not isinstance(given[0], int | float):
        given = tuple(given[0])
    sides = [*given, None, None][:2]
    first = sides[0] if sides[0] is not None else words.get(low, words.get(f"{low[0]}min"))
    last = sides[1] if sides[1] is not None else words.get(high, words.get(f"{low[0]}max"))
    if first is None or last is None:
        return None
    return (float(first), float(last))
