"""What to say of a function that ran and gave nothing that could be differentiated."""

from __future__ import annotations

import ast
from collections.abc import Coroutine, Iterator
from types import BuiltinMethodType, MethodType
from typing import Any, Final

import torch

from viz.errors import N_
from viz.program.definitions.uncalled import named_only
from viz.records import Failure, Message, Program, Span
from viz.records.base import characters
from viz.tracing.hints.brackets import bare, place_of
from viz.tracing.hints.mends.of_math import in_torch
from viz.tracing.hints.mends.recorded import attached, cut
from viz.tracing.hints.mends.returns import bare_returns, with_return
from viz.tracing.hints.messages import WHOLE_NUMBERS
from viz.tracing.hints.mistakes import CUTS
from viz.tracing.recording.plain_results import Decided, plain_result
from viz.tracing.runnable import Runnable, has_slopes, whole_inputs
from viz.tracing.source_map import SourceMap
from viz.tracing.texts import kind_of
from viz.trees import parse


def _how_to_get_it(result: Any) -> Message:
    """What helps where no tensor came back."""
    if isinstance(result, Coroutine):
        return Message(N_("Hand over what waits for it: lambda x: asyncio.run(f(x))."))
    if isinstance(result, Iterator):
        return Message(N_("It has not run yet. Hand over what asks for all of it: list(f(x))."))
    return Message(
        N_("Return what was computed from the inputs; .item() and float() leave the graph.")
    )


def useless(
    runnable: Runnable,
    result: Any,
    returned: list[tuple[str, torch.Tensor]],
    roots: list[torch.Tensor],
    decided: Decided,
) -> Failure | None:
    """Why there is nothing to differentiate in what a function returned."""
    if roots:
        return None
    program = runnable.program
    if result is None and (missing := _without_return(program)):
        return missing
    if leaving := _through_math(program, decided):
        return leaving
    if not returned and (named := _uncalled(program, result)):
        return named
    if not returned and (plain := plain_result(program, result, decided)):
        return plain
    told = f"the result is {kind_of(result)}, not a tensor"
    if not returned:
        return _cut(program, told) or Failure(
            "NoTensor",
            told,
            span=_given_back(program),
            hint=_how_to_get_it(result),
        )
    if whole_inputs(runnable) and not any(map(has_slopes, runnable.inputs)):
        return WHOLE
    told = "the result does not depend on an input that requires grad"
    return (torch.is_grad_enabled() and _cut(program, told)) or Failure(
        "NoGradient",
        told,
        span=_given_back(program),
        hint=Message(ON_THE_WAY if torch.is_grad_enabled() else SWITCHED_OFF),
    )


ON_THE_WAY: Final = N_(
    "The graph ends before it reaches an input. Use the inputs, and look for detach(), no_grad(), "
    "comparisons and .item() on the way."
)
SWITCHED_OFF: Final = N_(
    "Gradients are switched off here, by no_grad(), inference_mode() or set_grad_enabled(False): "
    "let it run where they are on."
)


WHOLE: Final = Failure(
    "NoGradient",
    "only tensors of floating-point or complex numbers can require grad",
    hint=Message(WHOLE_NUMBERS),
)
"""What is said where the inputs are tensors of whole numbers."""


def _given_back(program: Program) -> Span | None:
    """Where a function gives back its result, the last place of several; of an expression all."""
    try:
        body = parse(program.source).body
    except SyntaxError:  # the text of a function of one's own need not stand alone
        return None
    lines = program.source.split("\n")
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name == program.function:
            ends = [each for each in ast.walk(node) if isinstance(each, ast.Return)]
            return place_of(max(ends, key=lambda each: each.lineno), lines) if ends else None
    alone = len(body) == 1 and isinstance(body[0], ast.Expr | ast.Assign)
    return place_of(body[0].value, lines) if alone else None  # type: ignore[attr-defined]


def _through_math(program: Program, decided: Decided) -> Failure | None:
    """What to say where `math.sin(x)` has made a plain number of an input."""
    if not {"float", "int"} & {asked for asked, _ in decided}:
        return None  # of plain numbers, as `math.sqrt(2 / n)`, it takes nothing from the graph
    source = _map_of(program)
    if source is None or (found := in_torch(source)) is None:
        return None
    call, name, mended = found
    return Failure(
        "NoGradient",
        f"math.{name} gives a plain number: the graph ends there",
        span=place_of(call.func, source.lines),
        hint=Message(
            N_("Write torch.{name}: it computes the same and is recorded."), {"name": name}
        ),
        replacement=mended,
    )


def _map_of(program: Program) -> SourceMap | None:
    try:
        return SourceMap(program.source, "<typed>")
    except SyntaxError:  # the text of a function of one's own need not stand alone
        return None


MOST_CUTS: Final = 6
"""Places that end the graph, of one program, which are mended."""


def _cut(program: Program, told: str) -> Failure | None:
    """What to say where `.detach()`, `.numpy()`, `torch.tensor(x)` stand on the way to the result,
    and the program without them."""
    first: tuple[Span, str] | None = None
    source, mended = _map_of(program), None
    for _ in range(MOST_CUTS):
        place = None if source is None else _result_of(source, program)
        if source is None or place is None or (found := cut(source, place)) is None:
            break
        first = first or (found, source.text(found))
        meant = attached(source, place, ())
        if meant is None:
            break
        mended, source = meant, SourceMap(meant, "<typed>")
    if first is None:
        return None
    return Failure(
        "NoGradient",
        told,
        span=first[0],
        hint=Message(CUTS, {"found": first[1][:60]}),
        replacement=mended,
    )


def _result_of(source: SourceMap, program: Program) -> Span | None:
    """What a function gives back, the last of several; all of an expression."""
    if program.kind == "expression":
        return Span(1, 0, len(source.lines), len(source.lines[-1]))
    for node in source.tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == program.function:
            ends = [each for each in ast.walk(node) if isinstance(each, ast.Return)]
            return place_of(max(ends, key=lambda each: each.lineno), source.lines) if ends else None
    return None


def _uncalled(program: Program, result: Any) -> Failure | None:
    """What to say where a method is named and not called: `y.backward`, and then `return x.grad`;
    `return y.mean`.
    """
    if not (result is None or isinstance(result, BuiltinMethodType | MethodType)):
        return None
    try:
        nodes = list(ast.walk(parse(program.source)))
    except SyntaxError:  # the text of a function of one's own need not stand alone
        return None
    if result is None:
        found = [each for each in named_only(nodes) if each.attr == "backward"]
        template = N_("{found} is not called, so no gradient has come: write {found}().")
    else:
        found = [each for each in bare(nodes) if each.attr == result.__name__]
        template = N_("{found} lacks its brackets: write {found}() to call it.")
    if not found:
        return None
    lines = program.source.split("\n")
    place = place_of(found[0], lines)
    details, better = {"found": place.text(lines)[:60]}, f"{place.text(lines)}()"
    if result is not None and result.__name__ in LEAVING:
        template = N_("{found} is only named here, and called it leaves the graph: return {given}.")
        details["given"] = better = ast.unparse(found[0].value)
    return Failure(
        "NoTensor",
        f"the result is {kind_of(result)}, not a tensor",
        place,
        hint=Message(template, details),
        replacement=place.replaced(lines, better),
    )


LEAVING: Final = frozenset({"backward", "detach", "item", "numpy", "tolist"})
"""Methods whose result leads back to no input."""


def _without_return(program: Program) -> Failure | None:
    """What to say of a `def` that gives `None` since no `return` in it gives anything."""
    try:
        body = parse(program.source).body
    except SyntaxError:  # the text of a function of one's own need not stand alone
        return None
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name == program.function:
            bare = bare_returns(node)
            return None if bare is None else _no_return(program, node, bare)
    return None


def _no_return(program: Program, node: ast.FunctionDef, bare: list[ast.Return]) -> Failure:
    lines = program.source.split("\n")
    if named := next(named_only([node.body[-1]]), None):
        return _not_called(program, node, named)
    given, mended = with_return(lines, node)
    return Failure(
        "NoReturn",
        "the result is None, not a tensor" if bare else f"{node.name} has no return: it gives None",
        span=place_of(bare[-1], lines)
        if bare
        else Span.in_line(node.lineno, 0, len(lines[node.lineno - 1])),
        hint=Message(
            N_("End {name} with a line that says what it gives: return {given}"),
            {"name": node.name, "given": given[:60]},
        ),
        replacement=mended,
    )


def _not_called(program: Program, node: ast.FunctionDef, named: ast.Attribute) -> Failure:
    """What to say where a function ends in `y.backward`: whoever asks for a run of it gets that."""
    lines = program.source.split("\n")
    method, owner = ast.unparse(named), ast.unparse(named.value)
    details = {"name": method, "given": owner, "function": node.name}
    template = N_(
        "{name} is not called, so it does nothing. End {function} with return {given}: "
        "its backward run is made from there."
    )
    end = characters(lines[named.lineno - 1], named.col_offset)
    kept = [*lines[: named.lineno - 1], lines[named.lineno - 1][:end] + f"return {owner}"]
    return Failure(
        "NoReturn",
        f"{node.name} has no return: it gives None",
        span=Span.in_line(node.lineno, 0, len(lines[node.lineno - 1])),
        hint=Message(template, details),
        replacement="\n".join([*kept, *lines[named.end_lineno or named.lineno :]]),
    )
