"""What a curve says at one x: the value and the derivatives there, and its gaps in words.

`value_at` is exact at a sample and otherwise interpolates between the two neighbouring samples,
by the cubic that has their values and slopes; it answers `None` where the curve is not defined
and never across a gap. `notes` are sentences for people.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator
from itertools import combinations, groupby
from typing import Final

from viz.drawing.texts import primed
from viz.errors import N_
from viz.records import Curve, Decision, Gap, Message, Path

EXACT: Final = 17
"""Digits that tell any two floats apart."""
MOST_NOTED: Final = 20
"""Gaps that have a sentence of their own."""


def value_at(curve: Curve, x: float, order: int = 0) -> float | None:
    """The derivative of `order` at x, `None` where there is none."""
    if order >= len(curve.derivatives):
        return None
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
    "jump": N_("At {x} {f} jumps from {left} to {right}; PyTorch gives {answer}."),
    "pole": N_("At {x} {f} grows without bound; PyTorch gives {answer}."),
    "kink": N_("At {x} {f} jumps from {left} to {right}; PyTorch gives {answer}."),
    "undefined": N_("From {start} to {stop} {f} is not defined."),
    "unresolved": N_("From {start} to {stop} {f} changes faster than the samples can show."),
}
NO_CONNECTION = "autograd keeps no connection"
"""How the reason of a stretch begins where f is known and its derivative is not."""
_UNKNOWN = N_(
    "From {start} to {stop} autograd gives no {f}: it keeps no connection from input to result."
)
_HOLE = N_("At {x} {f} is not defined, but its limit there is {left}.")
_EDGE = N_("At {x} {f} is not defined.")
_FAILED_AT = N_("At {x} {f} is not defined: {reason}")
_FAILED = N_("From {start} to {stop} {f} is not defined: {reason}")
_NO_ANSWER = {
    "jump": N_("At {x} {f} jumps from {left} to {right}."),
    "pole": N_("At {x} {f} grows without bound."),
    "kink": N_("At {x} {f} jumps from {left} to {right}."),
}


_BOTH_SIDES = N_("At {x} {f} comes to {left} from both sides; PyTorch gives {answer}.")
_ONE_SIDED = {
    "jump": N_("At {x} {f} jumps: its one-sided limit is {side}, and PyTorch gives {answer}."),
    "kink": N_("At {x} {f} jumps: its one-sided limit is {side}, and PyTorch gives {answer}."),
}


def note(gap: Gap, along: str = "x", function: str = "f") -> Message:
    """A gap in words; `along` names what varies."""
    left, right, answer = told_apart(gap.left, gap.right, gap.answer)
    start, stop = told_apart(gap.start, gap.stop)
    return Message(
        _template(gap),
        {
            "x": f"{along} = {number(gap.start)}",
            "f": primed(gap.order, function),
            "start": start,
            "stop": stop,
            "left": left,
            "right": right,
            "side": right if gap.left is None else left,
            "answer": answer,
            "reason": gap.reason,
        },
    )


def _template(gap: Gap) -> str:
    if gap.kind in _ONE_SIDED and gap.left == gap.right is not None and not _answerless(gap):
        return _BOTH_SIDES
    if gap.kind in _ONE_SIDED and (gap.left is None) != (gap.right is None):
        return _ONE_SIDED[gap.kind]
    if gap.kind != "undefined":
        return _NO_ANSWER[gap.kind] if _answerless(gap) else _WORDS[gap.kind]
    if gap.start < gap.stop and gap.reason.startswith(NO_CONNECTION):
        return _UNKNOWN
    if gap.start < gap.stop:
        return _FAILED if gap.reason else _WORDS["undefined"]
    if gap.reason:
        return _FAILED_AT
    return _EDGE if gap.left is None or gap.left != gap.right else _HOLE


def _answerless(gap: Gap) -> bool:
    return gap.kind in _NO_ANSWER and gap.answer is None


def notes(curve: Curve, function: str = "f") -> Iterator[Message]:
    """What is to be said of a curve: its gaps from left to right, then what holds for all of it."""
    for gap in curve.gaps[:MOST_NOTED]:
        yield note(gap, curve.along, function)
    if len(curve.gaps) > MOST_NOTED:
        yield Message(N_("And so on: {count} places in all."), {"count": str(len(curve.gaps))})
    if not curve.batched:
        yield Message(N_("Some samples had to run one by one, which takes longer."))
    if curve.random:
        yield Message(
            N_("{f} draws random numbers: every sample starts from the same seed."), {"f": function}
        )


def number(value: float | None, digits: int = 6) -> str:
    """A number as people read it: with a true minus and ∞."""
    if value is None:
        return "—"
    return f"{value:.{digits}g}".replace("-", "−").replace("inf", "∞")


def told_apart(*values: float | None) -> tuple[str, ...]:
    """The numbers in so many digits, from 6 on, that the distances between them are seen."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    pairs = list(combinations(known, 2))
    digits = next((digits for digits in range(6, EXACT) if _seen(pairs, digits)), EXACT)
    return tuple(number(value, digits) for value in values)


def _seen(pairs: list[tuple[float, float]], digits: int) -> bool:
    """Whether in so many digits each two are about as far apart as they are."""
    read = ([float(f"{value:.{digits}g}") for value in pair] for pair in pairs)
    return all(
        abs((first - second) - (one - other)) <= abs(one - other) / 10
        for (first, second), (one, other) in zip(read, pairs, strict=True)
    )


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
