"""How a failure of a function of one's own is told, in curves, surfaces and Jacobians.

`told(record, …)` gives the record where all of it was computed. Where nothing could be, it raises
`FunctionFailed` with the record; a curve or a surface that fails on a part comes back, with a
warning that names the place: its gaps are worth looking at. With `partial` the record comes back in
any case. `chosen(…)` warns of a curve of one tensor among several.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterable
from typing import Final, TypeVar

import msgspec

from viz.errors import N_, FunctionFailed
from viz.records import Curve, Failure, Jacobian, Message, Surface
from viz.tracing.hints.mended import Hint
from viz.tracing.hints.messages import hint_for
from viz.tracing.source_map import SourceMap

_Record = TypeVar("_Record", Curve, Surface, Jacobian)

MOST_NAMED: Final = 5
"""Tensors of a result that are named in a warning."""
_HINTS: Final = (
    Hint(
        r"missing \d+ required positional arguments?|takes \d+ positional arguments? but",
        N_(
            "A curve calls the function with one number, a surface with two. Fix the others "
            "around it: lambda x: f(x, 2.0)."
        ),
    ),
    Hint(
        r"at least 1D|at least 1-dimensional|shapes cannot be multiplied|0D|0-d|Dimension out of"
        r"|[Ee]xpected .*\dD|\(got input: \[\]\)",
        N_(
            "x is a single number here. Give it the shape that is expected inside the function: "
            "lambda x: f(x.reshape(1, 1)).sum()."
        ),
    ),
)
"""What helps a function that is called with single numbers."""
_RESULTS: Final = (
    Hint(
        r"the result is .*, not a tensor",
        N_("Return what is to be differentiated: a tensor, computed from the inputs."),
    ),
    Hint(
        r"the result is \d+ tensors, not one: .* such as (?P<one>.+)",
        N_("Choose one of them in the function: lambda x: {one}."),
    ),
    Hint(
        r"a Hessian is of a single number",
        N_("Make one number of it, lambda x: f(x).sum(), or choose an entry, f(x)[0]."),
    ),
    Hint(
        r"the matrix would have",
        N_("Let fewer inputs vary, or return a part of the result."),
    ),
    Hint(
        r"Mismatch in shape: grad_output",
        N_("gradient= is v of vᵀJ: it has the result's shape."),
    ),
)
"""What helps whoever asks for derivatives of a result."""


def told(
    record: _Record, error: BaseException | None, places: SourceMap, *, partial: bool
) -> _Record:
    """The record, unless there is nothing in it; see the module."""
    if record.failure is None:
        return record
    failure = _hinted(record, record.failure, places)
    record = msgspec.structs.replace(record, failure=failure)
    if partial:
        return record
    if isinstance(record, Jacobian) or not any(map(math.isfinite, _heights(record))):
        raise FunctionFailed(record) from error
    if stretch := _stretch(record):
        warnings.warn(_where(failure, stretch), RuntimeWarning, stacklevel=3)
    return record


def _heights(record: Curve | Surface) -> Iterable[float]:
    if isinstance(record, Curve):
        return record.derivatives[0]
    return (height for row in record.value for height in row)


def _hinted(record: Curve | Surface | Jacobian, failure: Failure, places: SourceMap) -> Failure:
    """The failure with the sentence that helps."""
    words = f"{failure.type}: {failure.message}"
    known = _RESULTS if isinstance(record, Jacobian) else _HINTS + _RESULTS
    for hint in known:
        if found := re.search(hint.pattern, words):
            remedy = Message(hint.remedy, found.groupdict())
            return msgspec.structs.replace(failure, hint=remedy)
    helps, _ = hint_for(failure.type, failure.message, places, failure.span, ())
    return msgspec.structs.replace(failure, hint=failure.hint or helps)


def chosen(places: tuple[str, ...]) -> None:
    """Warns that of several returned tensors, at these places of the result, the first is shown."""
    if len(places) > 1:
        others = ", ".join(f"f(x){place}" for place in places[1:MOST_NAMED])
        warnings.warn(
            f"the result is {len(places)} tensors: shown is f(x){places[0]}. For another one "
            f"return it alone: {others}{', …' if len(places) > MOST_NAMED else ''}.",
            RuntimeWarning,
            stacklevel=4,
        )


def _where(failure: Failure, stretch: str) -> str:
    """What is told of a function that fails on a part."""
    line = f"line {failure.span.line}: " if failure.span else ""
    return (
        f"{line}{failure.type}: {failure.message} ({stretch}). Nothing is known there; "
        "partial=True says that this is meant."
    )


def _stretch(record: Curve | Surface) -> str:
    """Where it fails; nothing where a pole says so already."""
    if isinstance(record, Surface):
        return f"for some {record.along[0]} and {record.along[1]}"
    gaps = [gap for gap in record.gaps if gap.reason]
    if not gaps:
        return ""
    first, last = gaps[0].start, gaps[-1].stop
    between = f"from {first:.4g} to {last:.4g}" if first < last else f"at {first:.4g}"
    return f"{record.along} {between}"
