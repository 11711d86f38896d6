"""Mends of what does not go together: truth values of many elements, plain mathematics and tensors,
layers in a row, numbers that are texts, a result and what it is differentiated by.

Each takes the source, the span that failed and the spans of the backward calls before it, or what
the message said; it gives the whole program anew, or `None` where the change is not that simple.
"""

from __future__ import annotations

import ast
import math
import re
from typing import Final

import torch

from viz.records import Span
from viz.tracing.hints.brackets import place_of
from viz.tracing.hints.mends.edits import (
    Edit,
    ancestors,
    assigned_to,
    call_at,
    edited,
    names_in,
    node_at,
    nodes,
    text_of,
    with_argument,
)
from viz.tracing.source_map import SourceMap

Earlier = tuple[Span, ...]


def by_elements(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`a and b` as `(a) & (b)`, `not a` as `~(a)`, `0 < x < 1` as `(0 < x) & (x < 1)`, where many
    truth values may stand: a test of `if` needs one.
    """
    del earlier
    node = node_at(source, span)
    outer = next(ancestors(source, node), None) if node is not None else None
    tested = isinstance(outer, ast.If | ast.While | ast.Assert | ast.IfExp)
    if tested and getattr(outer, "test", None) is node:
        return None
    meant = None if not isinstance(node, ast.expr) else _of_elements(source, node)
    if meant is None or node is None:
        return None
    apart = isinstance(outer, ast.Assign | ast.Return | ast.Call | ast.keyword | ast.Expr)
    apart = apart or source.lines[span.line - 1][: span.column].endswith("(")
    return edited(source, [(node, meant if apart else f"({meant})")])


def _of_elements(source: SourceMap, node: ast.expr) -> str | None:
    match node:
        case ast.BoolOp(op=operator, values=values):
            parts = [_of_elements(source, each) or text_of(source, each) for each in values]
            sign = " & " if isinstance(operator, ast.And) else " | "
            return sign.join(f"({each})" for each in parts)
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return f"~({_of_elements(source, inner) or text_of(source, inner)})"
        case ast.Compare(left=left, ops=[_, _, *_], comparators=right):
            sides = [left, *right]
            texts = [text_of(source, each) for each in sides]
            between = [
                Span(*_end(source, one), *_start(source, other))
                for one, other in zip(sides, right, strict=False)
            ]
            signs = [source.text(each).strip() for each in between]
            pairs = zip(texts, signs, texts[1:], strict=False)
            return " & ".join(f"({first} {sign} {second})" for first, sign, second in pairs)
        case _:
            return None


def _start(source: SourceMap, node: ast.expr) -> tuple[int, int]:
    place = place_of(node, source.lines)
    return place.line, place.column


def _end(source: SourceMap, node: ast.expr) -> tuple[int, int]:
    place = place_of(node, source.lines)
    return place.end_line, place.end_column


def of_torch(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`math.exp(x)` of several elements as `torch.exp(x)`."""
    del earlier
    call = call_at(source, span)
    name = "" if call is None else ast.unparse(call.func).removeprefix("math.")
    imported = any(
        isinstance(node, ast.ImportFrom)
        and node.module == "math"
        and any((each.asname or each.name) == name for each in node.names)
        for node in nodes(source)
    )
    if call is None or not (imported or ast.unparse(call.func).startswith("math.")):
        return None
    meant = _OF_MATH.get(name, name)
    known = hasattr(math, name) and callable(getattr(torch, meant, None))
    return edited(source, [(call.func, f"torch.{meant}")]) if known else None


_OF_MATH: Final = {"fabs": "abs"}
"""How torch calls what math calls otherwise."""


def layers_fitted(source: SourceMap, span: Span, found: re.Match[str]) -> str | None:
    """`nn.Linear(10, 1)` behind `nn.Linear(4, 8)` as `nn.Linear(8, 1)`."""
    del span
    calls = (each for each in nodes(source) if isinstance(each, ast.Call))
    made = [(each, sizes) for each in calls if (sizes := _sizes(each)) is not None]
    given, wanted, out = (int(found[each]) for each in ("left", "right", "out"))
    behind = [call for call, sizes in made if sizes == (wanted, out)]
    before = [call for call, sizes in made if sizes[1] == given]
    if len(behind) != 1 or not before:
        return None
    first = behind[0].args[0]
    return edited(source, [(first, str(given))])


def in_a_row(source: SourceMap, span: Span, earlier: Earlier) -> bool:
    """Whether a call failed in a program with several linear layers."""
    del earlier
    call = call_at(source, span)
    if call is None or re.match(r"torch\.|F\.", text_of(source, call.func)):
        return False
    return sum(1 for each in nodes(source) if _sizes(each) is not None) > 1


def _sizes(node: ast.AST) -> tuple[int, int] | None:
    """The features of an `nn.Linear(4, 8)` that is written out."""
    match node:
        case ast.Call(
            func=ast.Attribute(attr="Linear") | ast.Name(id="Linear"),
            args=[ast.Constant(value=int(first)), ast.Constant(value=int(second)), *_],
        ):
            return first, second
        case _:
            return None


def input_as_floats(source: SourceMap, span: Span, found: re.Match[str]) -> str | None:
    """`model(x)` of float64 or whole numbers as `model(x.float())`."""
    del found
    call = call_at(source, span)
    if call is None or not of_a_layer(source, span, ()):
        return None
    given = call.args[0]
    return edited(source, [(given, f"{text_of(source, given)}.float()")])


def of_a_layer(source: SourceMap, span: Span, earlier: Earlier) -> bool:
    """Whether a layer was called with one thing, and no function of torch's."""
    del earlier
    call = call_at(source, span)
    if call is None or len(call.args) != 1 or call.keywords:
        return False
    of_torch = re.match(r"(?:torch|F|np)\.(?!nn\.\w+\()", text_of(source, call.func))
    return of_torch is None and isinstance(call.args[0], ast.Name | ast.Attribute | ast.Call)


def without_quotes(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`torch.tensor("3.0")` as `torch.tensor(3.0)`."""
    del earlier
    call = call_at(source, span)
    given = [] if call is None else [each for one in call.args for each in ast.walk(one)]
    texts = [each for each in given if isinstance(each, ast.Constant)]
    edits: list[Edit] = [
        (each, each.value.strip()) for each in texts if isinstance(each.value, str)
    ]
    return edited(source, edits) if all(_NUMBER.fullmatch(text) for _, text in edits) else None


_NUMBER: Final = re.compile(r"-?\d{1,20}(?:\.\d{0,20})?(?:[eE][-+]?\d{1,3})?")


def of_one_list(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`torch.FloatTensor([1], [2])` as `torch.FloatTensor([[1], [2]])`."""
    del earlier
    call = call_at(source, span)
    if call is None or len(call.args) < len("xy") or call.keywords:
        return None
    if not all(isinstance(each, ast.List) for each in call.args):
        return None
    rows = ", ".join(text_of(source, each) for each in call.args)
    return edited(source, [(call, f"{text_of(source, call.func)}([{rows}])")])


def swapped(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`torch.autograd.grad(x, y)` of a y that is computed from x as `torch.autograd.grad(y, x)`."""
    del earlier
    call = call_at(source, span)
    match call:
        case ast.Call(args=[ast.Name(id=first) as one, ast.Name(id=second) as other, *_]):
            pass
        case _:
            return None
    if not _is_made_of(source, second, first) or _is_made_of(source, first, second):
        return None
    return edited(source, [(one, second), (other, first)])


def _is_made_of(source: SourceMap, result: str, name: str) -> bool:
    waiting, seen = [result], {result}
    while waiting:
        for each in assigned_to(source, waiting.pop()):
            more = names_in(each.value) - seen
            seen |= more
            waiting += more
    return name in seen and result != name


def whole_numbers_asked(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """All whole numbers that ask for their gradients, of numbers with a point."""
    del earlier
    failed = call_at(source, span)
    if failed is None or not _asks_whole(source, failed):
        return None
    edits = [
        with_argument(source, each, "dtype=torch.float32")
        for each in nodes(source)
        if isinstance(each, ast.Call) and _asks_whole(source, each)
    ]
    return edited(source, edits)


def _asks_whole(source: SourceMap, call: ast.Call) -> bool:
    """Whether it is `torch.tensor([1, 2], requires_grad=True)`."""
    said = {each.arg for each in call.keywords}
    numbers = [
        each.value for one in call.args for each in ast.walk(one) if isinstance(each, ast.Constant)
    ]
    whole = bool(numbers) and all(type(each) is int for each in numbers)
    maker = re.fullmatch(r"torch\.(?:tensor|arange|full)", text_of(source, call.func))
    return said == {"requires_grad"} and whole and maker is not None
