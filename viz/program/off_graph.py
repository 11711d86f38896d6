"""Where a program that runs leaves the graph, and the program that stays on it.

`off_graph(trace)` gives a `Problem` for each such place, with the whole mended program: a function
of `math` that made a plain number of what has a gradient, and scripts of Python's numbers alone.
None of them is a fault: the program has run, and may be meant as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from viz.errors import N_, problem
from viz.program.allowlist import allowed
from viz.records import Decision, Problem, Span, Trace

_GIVEN: Final = re.compile(
    r"^([a-zA-Z]\w{0,20})[ ]?=[ ]?(-?\d{1,6}(?:\.\d{0,6})?)[ ]*(?=;|$)", re.MULTILINE
)
"""A line that gives a name to a number."""
_MORE: Final = re.compile(r"[\[\]:%|&#@\"']|//|\b(?:import|range|math|torch|np|lambda)\b")
"""What makes of a script more than numbers and arithmetic: there a number may be meant as one, a
count (`range`, `[3]`, `//`, `%`) or a setting, and a tensor in its place would be another program.
"""


def off_graph(trace: Trace) -> Iterator[Problem]:
    """What is to be said of a program that ran to its end."""
    alone = _numbers_alone(trace) or _called_with_numbers(trace)
    for found in (_through_math(trace), alone):
        if found is not None:
            yield found


_TENSOR: Final = "torch.tensor({}, requires_grad=True)"


def _numbers_alone(trace: Trace) -> Problem | None:
    """`x = 3` and arithmetic: numbers of Python's, of which no graph is recorded."""
    source = trace.program.source
    given = _GIVEN.search(source)
    if trace.program.kind != "script" or trace.nodes or given is None or _MORE.search(source):
        return None
    name, number = given.groups()
    meant = f"{name} = {_TENSOR.format(float(number))}"
    mended = source[: given.start()] + meant + source[given.end() :].rstrip()
    if not re.search(rf"\b{name}\b", source[given.end() :]):
        mended += f"\ny = {name}**2"
    said = problem(
        N_("{name} is a number of Python's: there is no graph of it."),
        N_("A tensor that asks for its gradient has one: {meant}"),
        name=name,
        meant=meant,
    )
    return msgspec.structs.replace(said, mended=f"{mended}\n")


def _called_with_numbers(trace: Trace) -> Problem | None:
    """`print(f(3))` of a function of the script's own: a number goes in, and a number comes out."""
    source = trace.program.source
    if trace.program.kind != "script" or trace.nodes or _NO_NUMBERS.search(source):
        return None
    own = re.findall(r"^(?:def (\w{1,40})\(|(\w{1,40}) = lambda\b)", source, re.MULTILINE)
    names = "|".join(name or other for name, other in own)
    call = re.search(rf"^(?:\w{{1,40}} = |print\()?({names})\({_NUMBERS}\)", source, re.MULTILINE)
    if not names or call is None:
        return None
    given = re.sub(r"-?\d+(?:\.\d*)?", lambda one: _TENSOR.format(float(one[0])), call[2])
    said = problem(
        N_("{name} is called with a number of Python's: there is no graph of it."),
        N_("A tensor that asks for its gradient has one: {meant}"),
        name=call[1],
        meant=f"{call[1]}({given})",
    )
    mended = f"{source[: call.start(2)]}{given}{source[call.end(2) :]}"
    return msgspec.structs.replace(said, mended=mended)


_NUMBERS: Final = r"(-?\d{1,6}(?:\.\d{0,6})?(?:, ?-?\d{1,6}(?:\.\d{0,6})?){0,3})"
_NO_NUMBERS: Final = re.compile(
    r"[\[\]%|&@\"']|//|\b(?:import|range|math|torch|np|int|float|round|str|len|bool|and|or|not|while)\b"
)
"""What makes of a function more than arithmetic; what is decided by a number, `if x > 0`, is
decided by a tensor as well."""


def _through_math(trace: Trace) -> Problem | None:
    """`x * math.sin(x)`: where a function of `math` made a plain number of what has a gradient."""
    lines = trace.program.source.split("\n")
    taken = (span for each in trace.decisions if (span := _taken(each, trace, lines)) is not None)
    found = {(span.line, span.column): span for span in taken}
    if not found:
        return None
    spans = [found[place] for place in sorted(found)]
    name = spans[0].text(lines).partition(".")[2].partition("(")[0].strip()
    for span in reversed(spans):  # from the end on, so that the places before stay where they are
        word = Span.in_line(span.line, span.column, span.column + len("math"))
        lines = word.replaced(lines, "torch").split("\n")
    said = problem(
        N_("math.{name} gives a plain number: no gradient comes back through it."),
        N_("Write torch.{name}: it computes the same and is recorded."),
        span=spans[0],
        name=name,
    )
    return msgspec.structs.replace(said, mended="\n".join(lines))


def _taken(decision: Decision, trace: Trace, lines: list[str]) -> Span | None:
    """The call of `math` that took a number from the graph; `None` of any other decision."""
    span = decision.span
    if decision.asked != "float" or decision.node is None or span is None:
        return None
    if not span.line <= span.end_line <= len(lines):
        return None
    constant = trace.node(decision.node).kind == "constant"
    here = allowed.OF_MATH.match(lines[span.line - 1], span.column)
    return span if not constant and here else None
