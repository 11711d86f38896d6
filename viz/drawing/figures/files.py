"""What people take along: samples as CSV, a figure as one HTML file that needs nothing else."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator

from plotly.graph_objects import Figure

from viz.drawing.figures.chart import Chart
from viz.drawing.figures.palette import CLEAR
from viz.drawing.texts import primed
from viz.records import Curve, Jacobian, Surface

CsvRow = tuple[str | float, ...]


def as_csv(record: Curve | Surface | Jacobian, function: str = "f") -> str:
    """The samples of a record of a function of that name; what is not defined is an empty cell.

    Numbers keep all digits.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in _rows(record, function):
        writer.writerow(map(_cell, row))
    return text.getvalue()


def _rows(record: Curve | Surface | Jacobian, function: str) -> Iterator[CsvRow]:
    if isinstance(record, Curve):
        names = (primed(order, function) for order in range(len(record.derivatives)))
        yield (record.along, *names)
        yield from zip(record.x, *record.derivatives, strict=True)
    elif isinstance(record, Surface):
        slopes = (f"∂{function}/∂{along}" for along in record.along)
        yield (*record.along, function, *slopes)
        for row, y in enumerate(record.y):
            for column, x in enumerate(record.x):
                yield (x, y, *(field[row][column] for field in _fields(record)))
    else:
        yield ("block", "row", "column", "value")
        for block in record.blocks:
            for row, line in enumerate(block.values or ()):
                yield from ((block.name, row, column, value) for column, value in enumerate(line))


def _fields(surface: Surface) -> tuple[tuple[tuple[float, ...], ...], ...]:
    return surface.value, surface.dx, surface.dy


def _cell(value: str | float) -> str:
    """A cell; a name that a spreadsheet could take for a formula is quoted by an apostrophe."""
    if isinstance(value, str):
        return f"'{value}" if value[:1] in "=+-@\t\r" else value
    return "" if math.isnan(value) else repr(value)


def as_html(figure: Chart | Figure, title: str) -> str:
    """A page of its own with the figure, its scripts inside: it opens without a network.

    Its ground is that of the colours the figure has: a dark page's pale ink is not read on white.
    """
    named = figure.checked() if isinstance(figure, Chart) else Figure(figure)
    ground = _ground(named)
    if named.layout.paper_bgcolor == CLEAR:
        named.update_layout(paper_bgcolor=ground)
    named.update_layout(title={"text": _literal(title), "font": {"size": 15}})
    page: str = named.to_html(full_html=True, include_plotlyjs=True, config={"displaylogo": False})
    # the figure is as high as the window: with a browser's margin its lower edge would lie outside
    style = f"body {{ margin: 0; background: {ground} }}"
    return page.replace("<head>", f"<head><style>{style}</style>", 1)


def _ground(figure: Figure) -> str:
    """The colour that the page behind a figure has, as its labels tell it."""
    told = str(figure.layout.hoverlabel.bgcolor)
    return told if re.fullmatch(r"#[0-9a-fA-F]{6}", told) else "#ffffff"


def _literal(text: str) -> str:
    """Text as plotly shows it literally."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
