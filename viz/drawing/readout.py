"""What a curve says at one x: the value and the derivatives there, and its gaps in words.

`value_at` is exact at a sample and otherwise interpolates between the two neighbouring samples,
by the cubic that has their values and slopes; it answers `None` where the curve is not defined
and never across a gap. `notes` are sentences for people.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import groupby

from viz.errors import N_
from viz.records import Curve, Decision, Gap, Message, Path

PRIMES = ("f", "f′", "f″", "f‴", "f⁗")
"""How the orders are written."""


def value_at(curve: Curve, x: float, order: int = 0) -> float | None:
    """The derivative of `order` at x, `None` where there is none."""
    place = bisect_left(curve.x, x)
    row = curve.derivatives[order]
    if place < len(curve.x) and curve.x[place] == x:
        return _finite(row[place])
    if not 0 < place < len(curve.x) or _in_gap(curve, x, order):
        return None
    slopes = curve.derivatives[order + 1] if order + 1 < len(curve.derivatives) else None
    return _finite(_between(curve.x, row, slopes, place, x))


def _between(
    xs: tuple[float, ...],
    row: tuple[float, ...],
    slopes: tuple[float, ...] | None,
    place: int,
    x: float,
) -> float:
    """Between samples `place` - 1 and `place`: the cubic by values and slopes, else the line."""
    width = xs[place] - xs[place - 1]
    t = (x - xs[place - 1]) / width
    low, high = row[place - 1], row[place]
    line = low + (high - low) * t
    if slopes is None or _finite(slopes[place - 1]) is None or _finite(slopes[place]) is None:
        return line
    chord = high - low
    bend = (1 - t) * (slopes[place - 1] * width - chord) - t * (slopes[place] * width - chord)
    return line + t * (1 - t) * bend


def _finite(value: float) -> float | None:
    return value if abs(value) < float("inf") else None


def _in_gap(curve: Curve, x: float, order: int) -> bool:
    return any(gap.order <= order and gap.start <= x <= gap.stop for gap in curve.gaps)


_WORDS = {
    "jump": N_("At {x} {f} jumps from {left} to {right}; PyTorch answers {answer}."),
    "pole": N_("At {x} {f} grows without bound; PyTorch answers {answer}."),
    "kink": N_("At {x} {f} jumps from {left} to {right}; PyTorch answers {answer}."),
    "undefined": N_("From {start} to {stop} {f} is not defined."),
    "unresolved": N_("From {start} to {stop} {f} changes faster than the samples can show."),
}
_FAILED = N_("From {start} to {stop} {f} is not defined: {reason}")
_NO_ANSWER = {
    "jump": N_("At {x} {f} jumps from {left} to {right}."),
    "pole": N_("At {x} {f} grows without bound."),
    "kink": N_("At {x} {f} jumps from {left} to {right}."),
}


def note(gap: Gap) -> Message:
    """A gap in words."""
    template = _WORDS[gap.kind]
    if gap.kind in _NO_ANSWER and gap.answer is None:
        template = _NO_ANSWER[gap.kind]
    if gap.kind == "undefined" and gap.reason:
        template = _FAILED
    return Message(
        template,
        {
            "x": f"x = {gap.start:.6g}",
            "f": PRIMES[gap.order],
            "start": f"{gap.start:.6g}",
            "stop": f"{gap.stop:.6g}",
            "left": _number(gap.left),
            "right": _number(gap.right),
            "answer": _number(gap.answer),
            "reason": gap.reason,
        },
    )


def notes(curve: Curve, most: int = 20) -> Iterator[Message]:
    """What is to be said of a curve: its gaps from left to right, then what holds for all of it."""
    for gap in curve.gaps[:most]:
        yield note(gap)
    if len(curve.gaps) > most:
        yield Message(N_("{count} more such places."), {"count": str(len(curve.gaps) - most)})
    if curve.random:
        yield Message(N_("f draws random numbers: every sample starts from the same seed."))


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.6g}"


def path_words(path: Path) -> str:
    """The decisions of a path, repeats folded: ``L3 while: True ×9, False · L4 if: True``."""
    return " · ".join(_folded(path.decisions))


def _folded(decisions: tuple[Decision, ...]) -> Iterator[str]:
    for (line, statement), same in groupby(decisions, key=_place):
        outcomes = [
            f"{outcome} ×{count}" if count > 1 else f"{outcome}"
            for outcome, count in (
                (outcome, len(list(group)))
                for outcome, group in groupby(decision.outcome for decision in same)
            )
        ]
        where = f"{line} {statement}" if line else statement
        yield f"{where}: {', '.join(outcomes)}"


def _place(decision: Decision) -> tuple[str, str]:
    line = "" if decision.span is None else f"L{decision.span.line}"
    return line, decision.asked if decision.statement == "expression" else decision.statement
