"""A curve as a figure: f and its derivatives, gaps as gaps, the point with its tangent, the rug.

Lines stop at gaps; an open dot is a one-sided value, a filled dot what PyTorch answers at the
point itself; a dotted vertical line is a pole; a shaded stretch is undefined or unresolved. The
rug below has one bar for each stretch that took one path through the code's decisions.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator
from html import escape
from itertools import accumulate, pairwise

from viz.drawing.figures.chart import Chart, Plotted, scatter
from viz.drawing.figures.curve.readout import note, path_words, value_at
from viz.drawing.figures.palette import DASHES, Palette, palette
from viz.drawing.figures.plotly_layout import axis, dressed
from viz.drawing.texts import PRIMES, Translate, primed
from viz.errors import N_
from viz.records import MAX_ORDER, Curve, Gap

Dot = tuple[Gap, float]
Points = tuple[list[float], list[float | None]]
STEEP = 1.5
"""How many heights of f the figure grows at most for its derivatives."""
RUG = 0.05
"""Height of the rug, as a share of the figure."""
CONSTANT = 1e-12
"""A change less than this share of f is rounding: f is drawn as the constant it is."""
FLATTENED = 20
"""How many heights of the branch that x is on the figure has at most: where the whole curve takes
more, it shows that branch."""
LEAST_NEAR = 8
"""Samples that can tell how high a branch is."""
PANEL = 130
"""Pixels of each order that has an axis of its own."""


def curve_figure(
    curve: Curve,
    *,
    at: float | None = None,
    dark: bool = False,
    say: Translate = str,
    stacked: bool = False,
    shown: int = MAX_ORDER,
    near: float | None = None,
    function: str = "f",
) -> Chart:
    """f, called `function`, and its derivatives on one axis or `stacked`, with the tangent `at`.

    Orders above `shown` wait in the legend. `near` is the x that the heights serve.
    """
    colors = palette(dark)
    figure = Chart()
    orders = range(len(curve.derivatives))
    for order, trace in _traces(curve, at, colors, say, function):
        if stacked:
            trace["yaxis"] = axis_name(order)
        elif order > shown:
            trace["visible"] = "legendonly"
        figure.add_trace(trace)
    rug = _rug(curve, colors, figure, say)
    dressed(figure, colors, f"{curve.along} {curve.of}")
    floor = RUG + 0.04 if rug else 0.0
    figure.update_layout(
        hovermode="x unified",
        xaxis=axis(
            colors,
            curve.along,
            anchor=_RUG_AXIS if rug else axis_name(orders[-1] if stacked and orders else 0),
            range=_ends(curve),
        ),
        **(
            _stack(curve, floor, colors, function)
            if stacked
            else _one_axis(curve, near, floor, colors)
        ),
    )
    if stacked:
        figure.update_layout(height=max(450, 90 + PANEL * len(orders)))
    _mark_stretches(figure, curve, colors)
    return figure


def _traces(
    curve: Curve, at: float | None, colors: Palette, say: Translate, function: str
) -> Iterator[tuple[int, Plotted]]:
    """The lines, their dots and the point `at`, each with its order."""
    orders = range(len(curve.derivatives))
    yield from ((order, _line(curve, order, colors, function)) for order in orders)
    for order in orders:
        yield from ((order, dots) for dots in _dots(curve, order, colors, say, function))
    if at is not None:
        yield from _point(curve, at, colors, say)


_RUG_AXIS = "y9"


def axis_name(order: int) -> str:
    """plotly's name for the axis of an order, where each has its own."""
    return f"y{order + 1}" if order else "y"


def _one_axis(curve: Curve, near: float | None, floor: float, colors: Palette) -> dict[str, object]:
    return {"yaxis": axis(colors, range=list(window(curve, near)), domain=[floor, 1])}


def _stack(curve: Curve, floor: float, colors: Palette, function: str) -> dict[str, object]:
    """One axis for each order, f on top, each with heights of its own."""
    count = max(len(curve.derivatives), 1)
    share = (1 - floor) / count
    axes: dict[str, object] = {}
    for order in range(len(curve.derivatives)):
        low, high = _seen(curve, order)
        margin = 0.08 * (high - low) or max(abs(high) * 0.1, 1.0)
        bottom = floor + (count - 1 - order) * share
        axes["yaxis" + axis_name(order)[1:]] = axis(
            colors,
            primed(order, function),
            range=[low - margin, high + margin],
            domain=[bottom + 0.1 * share, bottom + share],
        )
    return axes


def joined(curve: Curve, order: int) -> Points:
    """The samples of one order with a `None` wherever the line must stop.

    It stops on both sides of a singular place, and at every sample of an unresolved stretch.
    """
    gaps = [gap for gap in curve.gaps if gap.order <= order]
    alone = [(gap.start, gap.stop) for gap in gaps if gap.kind == "unresolved"]
    places = [gap.start for gap in gaps if gap.start == gap.stop]
    xs: list[float] = []
    ys: list[float | None] = []
    before = float("-inf")
    for x, y in zip(curve.x, curve.derivatives[order], strict=True):
        place = bisect_left(places, before)
        crossed = place < len(places) and places[place] <= x
        if crossed or any(low <= before and x <= high for low, high in alone):
            xs.append((before + x) / 2)
            ys.append(None)
        xs.append(x)
        ys.append(y if math.isfinite(y) else None)
        before = x
    return xs, ys


def window(curve: Curve, near: float | None = None) -> tuple[float, float]:
    """The heights to show: all orders, but beside poles only what most of the range has; where that
    flattens the branch that `near` is on, this branch alone."""
    whole = _window(curve)
    around = None if near is None else branch(curve, near, (whole[1] - whole[0]) / 10)
    if around is None:
        return whole
    close = _window(around)
    return close if whole[1] - whole[0] > FLATTENED * (close[1] - close[0]) else whole


def branch(curve: Curve, x: float, leap: float) -> Curve | None:
    """The stretch of a curve around x, up to poles, holes and jumps of more than `leap`; `None`
    where nothing parts it, or too few samples tell how high it is."""
    ends = [gap for gap in curve.gaps if _parts(gap, leap)]
    low = max((gap.stop for gap in ends if gap.stop <= x), default=-math.inf)
    high = min((gap.start for gap in ends if gap.start >= x), default=math.inf)
    places = [place for place, at in enumerate(curve.x) if low < at < high]
    if not LEAST_NEAR <= len(places) < len(curve.x):
        return None
    if not any(math.isfinite(curve.derivatives[0][place]) for place in places):
        return None  # f is not defined there: what is drawn is elsewhere
    part = slice(places[0], places[-1] + 1)
    inside = tuple(gap for gap in curve.gaps if gap.start > low and gap.stop < high)
    return Curve(curve.x[part], tuple(row[part] for row in curve.derivatives), gaps=inside)


def _parts(gap: Gap, leap: float) -> bool:
    """Whether f is another branch on the other side: nothing joins them, or a jump of `leap`."""
    if gap.order or gap.kind == "kink":
        return False
    if gap.kind != "jump" or gap.left is None or gap.right is None:
        return True
    return abs(gap.right - gap.left) > leap


def _window(curve: Curve) -> tuple[float, float]:
    low, high = _seen(curve, 0) if curve.derivatives else (-1.0, 1.0)
    if high - low < CONSTANT * max(abs(low), abs(high)):
        low = high = (low + high) / 2
    reach = STEEP * (high - low) or max(abs(low), 1.0)
    least, most = low - reach, high + reach
    for order in range(1, len(curve.derivatives)):
        lowest, highest = _seen(curve, order)
        low, high = min(low, max(lowest, least)), max(high, min(highest, most))
    margin = 0.06 * (high - low) or max(abs(high) * 0.1, 1.0)
    return low - margin, high + margin


def _seen(curve: Curve, order: int) -> tuple[float, float]:
    """The heights of a row: all of them, unless something in it has no end.

    Beside a pole, before an overflow and where the samples do not show the curve, the greatest
    values tell only where the samples happen to be.
    """
    row = curve.derivatives[order]
    known = [y for y in row if math.isfinite(y)]
    endless = any(
        gap.order <= order and (gap.kind in ("pole", "unresolved") or _overflows(gap))
        for gap in curve.gaps
    )
    return _bulk(curve.x, row) if endless or not known else (min(known), max(known))


def _overflows(gap: Gap) -> bool:
    return gap.kind == "undefined" and gap.answer is not None and math.isinf(gap.answer)


def _bulk(x: tuple[float, ...], row: tuple[float, ...]) -> tuple[float, float]:
    """The heights of a row; if a twentieth of the range makes most of them, without that."""
    widths = [after - before for before, after in pairwise((*x[:1], *x, *x[-1:]))]
    widths = [before + after for before, after in pairwise(widths)]
    known = sorted((y, width) for y, width in zip(row, widths, strict=True) if math.isfinite(y))
    if not known:
        return 0.0, 0.0
    sums = list(accumulate(width for _, width in known))
    inner_low = known[bisect_left(sums, 0.05 * sums[-1])][0]
    inner_high = known[min(bisect_left(sums, 0.95 * sums[-1]), len(known) - 1)][0]
    bulk = inner_high - inner_low
    low, high = known[0][0], known[-1][0]
    if bulk > 0:
        low, high = max(low, inner_low - 1.5 * bulk), min(high, inner_high + 1.5 * bulk)
    return low, high


def _ends(curve: Curve) -> list[float]:
    return [curve.x[0], curve.x[-1]] if curve.x else [-1.0, 1.0]


def _line(curve: Curve, order: int, colors: Palette, function: str) -> Plotted:
    xs, ys = joined(curve, order)
    return scatter(
        x=xs,
        y=ys,
        mode="lines",
        name=primed(order, function),
        legendgroup=PRIMES[order],
        marker={"size": 2.5},
        line={"color": colors.orders[order], "width": 2, "dash": DASHES[order], "simplify": False},
        hovertemplate="%{y:.6g}<extra>" + primed(order, function) + "</extra>",
    )


def _dots(
    curve: Curve, order: int, colors: Palette, say: Translate, function: str
) -> list[Plotted]:
    """Open dots for one-sided values and filled dots for PyTorch's answers, of one order."""
    both = zip(dots(curve, order), ("circle-open", "circle"), strict=True)
    return [
        _marks(shown, order, symbol, colors, say, (curve.along, function))
        for shown, symbol in both
        if shown
    ]


def dots(curve: Curve, order: int) -> tuple[list[Dot], list[Dot]]:
    """The one-sided values at the places where a curve of one order has a gap, and what PyTorch
    answers there, as far as they are finite.
    """
    gaps = [gap for gap in curve.gaps if gap.order == order and gap.start == gap.stop]
    sides = [(gap, y) for gap in gaps for y in (gap.left, gap.right)]
    answers = [(gap, gap.answer) for gap in gaps]
    return _finite(sides), _finite(answers)


def _finite(points: list[tuple[Gap, float | None]]) -> list[Dot]:
    return [(gap, y) for gap, y in points if y is not None and math.isfinite(y)]


def _marks(
    shown: list[tuple[Gap, float]],
    order: int,
    symbol: str,
    colors: Palette,
    say: Translate,
    names: tuple[str, str],
) -> Plotted:
    return scatter(
        x=[gap.start for gap, _ in shown],
        y=[y for _, y in shown],
        mode="markers",
        marker={
            "symbol": symbol,
            "size": 8 if len(shown) < 12 else 5,
            "color": colors.orders[order],
            "line": {"width": 1.6, "color": colors.orders[order]},
        },
        text=[escape(note(gap, *names).filled(say(note(gap).template))) for gap, _ in shown],
        hovertemplate="%{text}<extra></extra>",
        legendgroup=PRIMES[order],
        showlegend=False,
    )


def _point(
    curve: Curve, at: float, colors: Palette, say: Translate
) -> Iterator[tuple[int, Plotted]]:
    """The current point on f and f′, and the tangent, each with the order that it belongs to."""
    value = value_at(curve, at)
    slope = value_at(curve, at, 1) if len(curve.derivatives) > 1 else None
    if value is None:
        return
    if slope is not None:
        yield 0, line_through(curve, (at, value), slope, say(N_("tangent")), colors.selection)
    for order, height in ((0, value), (1, slope)):
        if height is not None:
            yield (
                order,
                scatter(
                    x=[at],
                    y=[height],
                    mode="markers",
                    marker={
                        "size": 10,
                        "color": colors.selection,
                        "line": {"color": colors.paper, "width": 2},
                    },
                    hoverinfo="skip",
                    showlegend=False,
                ),
            )


def line_through(
    curve: Curve, point: tuple[float, float], slope: float, name: str, color: str
) -> Plotted:
    """A straight line over the whole range of a curve."""
    ends = _ends(curve)
    return scatter(
        x=ends,
        y=[point[1] + slope * (x - point[0]) for x in ends],
        mode="lines",
        name=name,
        line={"color": color, "width": 1.2, "dash": "dash"},
        hoverinfo="skip",
    )


def _rug(curve: Curve, colors: Palette, figure: Chart, say: Translate) -> bool:
    """Bars for the paths, neighbours in two tones; whether there is anything to tell apart."""
    stretches = sorted((ends, path_words(path)) for path in curve.paths for ends in path.stretches)
    if len({words for _, words in stretches}) < 2:
        return False
    tones = (colors.faint(colors.forward, 0.75), colors.faint(colors.forward, 0.35))
    for parity, tone in enumerate(tones):
        mine = stretches[parity::2]
        figure.add_trace(
            scatter(
                x=[x for (start, stop), _ in mine for x in (start, (start + stop) / 2, stop, None)],
                y=[0.5, 0.5, 0.5, None] * len(mine),
                text=[escape(words) for _, words in mine for _ in range(4)],
                mode="lines",
                line={"color": tone, "width": 7},
                name=say(N_("path")),
                hovertemplate="%{text}<extra></extra>",
                showlegend=False,
                yaxis=_RUG_AXIS,
            )
        )
    figure.update_layout(
        yaxis9={"domain": [0, RUG], "range": [0, 1], "visible": False, "fixedrange": True}
    )
    return True


def _mark_stretches(figure: Chart, curve: Curve, colors: Palette) -> None:
    """Shades where f is undefined or unresolved; a dotted line where it has a pole."""
    for gap in curve.gaps:
        if gap.start < gap.stop and gap.order == 0:
            figure.add_stretch(gap.start, gap.stop, colors.faint(colors.muted, 0.12))
        elif gap.kind == "pole" and gap.order == 0:
            figure.add_upright(gap.start, {"color": colors.muted, "width": 1, "dash": "dot"})
