"""What to say where a function gave a plain number or `None` of Python's, and the program mended.

`max(x, 0)` gives the 0 itself where x is less, `x if x > 0 else 0` the 0 of its branch, `print(x)`
nothing at all: none of them is a tensor, so no gradient goes back from there.
"""

from __future__ import annotations

import ast
from typing import Any, Final, TypeGuard

from viz.errors import N_
from viz.records import MAX_SOURCE, Asked, Failure, Message, Program, Span
from viz.tracing.hints.brackets import place_of
from viz.tracing.hints.mends.clamps import SIDE, clamp_for
from viz.tracing.hints.mends.edits import names_in
from viz.trees import parse

MOST: Final = 20
"""Calls of one program that are mended."""
_REPEATED: Final = (ast.For, ast.While, ast.ListComp, ast.GeneratorExp, ast.Lambda)

Decided = list[tuple[Asked, Span | None]]
"""What tensors were asked for while the function ran, and where."""


def plain_result(program: Program, result: Any, decided: Decided) -> Failure | None:
    """Why a result is no tensor, if a comparison or `print` is the cause."""
    if result is None:
        return _printed(program)
    if type(result) not in (int, float) or {asked for asked, _ in decided} != {"bool"}:
        return None
    spans = {span for _, span in decided if span is not None}
    return _of_two(program, result, spans) or Failure(
        "NoTensor",
        f"the result is {type(result).__name__}, not a tensor",
        hint=Message(
            N_(
                "A branch gave a plain number here, on which no input has an effect. With "
                "torch.where(condition, a, b) the result stays a tensor."
            )
        ),
    )


def _of_two(program: Program, result: float, spans: set[Span]) -> Failure | None:
    """`max(x, 0)` and `min(x, 0)`, where a tensor was compared."""
    if not {"builtins.max", "builtins.min"} & set(program.names):
        return None
    lines = program.source.split("\n")
    calls = [call for call in _calls(program.source) if place_of(call, lines) in spans]
    if not calls:
        return None
    span = place_of(calls[0], lines)
    mended = _clamped(program, lines, spans)
    details = {"name": span.text(lines)[:3], "number": f"{result:.6g}"}
    if mended is None:
        help = N_(
            "Python's {name} gives back one of its arguments, and here a plain number. "
            "torch.clamp(a, min=0), torch.relu(a) and torch.maximum(a, b) give a tensor."
        )
    else:
        help = N_(
            "Python's {name} gives back one of its arguments, and here a plain number. "
            "torch.clamp computes the same and stays a tensor."
        )
    kind = type(result).__name__
    told = f"the result is {kind}, not a tensor"
    return Failure("NoTensor", told, span, hint=Message(help, details), replacement=mended)


def _calls(source: str) -> list[ast.Call]:
    """The calls of `max` and `min`, the outer ones before those inside them."""
    named = (node for node in ast.walk(parse(source)) if isinstance(node, ast.Call))
    return [each for each in named if isinstance(each.func, ast.Name) and each.func.id in SIDE]


def _clamped(program: Program, lines: list[str], spans: set[Span]) -> str | None:
    """The program with `torch.clamp` for each call that compared a tensor with a number, and for
    those around one; `None` if one is not that simple.
    """
    calls = _calls(program.source)
    inner = {call for call in calls if place_of(call, lines) in spans}
    meant = [call for call in calls if not inner.isdisjoint(ast.walk(call))]
    tensors = {each.name for each in program.inputs if not each.integer}
    if len(meant) > MOST or _may_meet_numbers(program.source, meant, tensors):
        return None
    source: str | None = program.source
    # from the end on: what begins before keeps its place, and the inner ones come first
    for place in sorted(map(_start, meant), reverse=True):
        source = _with_clamp(source, place) if source is not None else None
    return source if source is not None and len(source) <= MAX_SOURCE else None


def _with_clamp(source: str, place: tuple[int, int]) -> str | None:
    lines = source.split("\n")
    [call] = (each for each in _calls(source) if _start(each) == place)
    clamped = clamp_for(call, lines)
    return None if clamped is None else place_of(call, lines).replaced(lines, clamped)


def _may_meet_numbers(source: str, calls: list[ast.Call], tensors: set[str]) -> bool:
    """Whether a call that is made again, in a loop or a function, may compare plain numbers too:
    unless it is of an input itself.
    """
    repeated = (node for node in ast.walk(parse(source)) if isinstance(node, _REPEATED))
    within = {_start(inner) for each in repeated for inner in ast.walk(each) if _is_call(inner)}
    return any(_start(call) in within and tensors.isdisjoint(names_in(call)) for call in calls)


def _is_call(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call)


def _start(node: ast.Call) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _printed(program: Program) -> Failure | None:
    """`print(x*2)`, which shows a value and gives none."""
    lines = program.source.split("\n")
    call = _last_print(program)
    if call is None:
        return None
    given = [place_of(each, lines).text(lines) for each in call.args]
    one = len(given) == 1 and not call.keywords and not isinstance(call.args[0], ast.Starred)
    return Failure(
        "NoTensor",
        "the result is None, not a tensor",
        place_of(call, lines),
        hint=Message(
            N_("print shows a value and gives back None: leave it out around the result.")
        ),
        replacement=place_of(call, lines).replaced(lines, f"({given[0]})") if one else None,
    )


def _last_print(program: Program) -> ast.Call | None:
    """The `print` whose result is the program's own."""
    if "builtins.print" not in program.names:
        return None
    match parse(program.source).body[-1]:
        case ast.Expr(value=ast.Call() as call):
            pass
        case ast.FunctionDef(body=[*_, ast.Return(value=ast.Call() as call)]):
            pass
        case _:
            return None
    return call if isinstance(call.func, ast.Name) and call.func.id == "print" else None
