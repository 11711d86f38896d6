"""Mends of what other tools have the habit of: `y.grad(x)`, `np.array(…, requires_grad=True)`,
`a.transpose()`, `torch.dot` of matrices, `x(0)`, `x.append(2.0)`.

Each takes the source, the span that failed and the spans of the backward calls before it, what the
message said or the shapes that met; it gives the whole program anew, or `None` where the change is
not that simple.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Mapping
from typing import Any, Final

from viz.program.allowlist.words import words
from viz.records import Span
from viz.tracing.hints import mended
from viz.tracing.hints.brackets import place_of
from viz.tracing.hints.mends.edits import call_at, edited, nodes, text_of
from viz.tracing.source_map import SourceMap

Earlier = tuple[Span, ...]


def gradient_asked(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`y.grad(x)` as `torch.autograd.grad(y, x)[0]`."""
    del earlier
    match call := call_at(source, span):
        case ast.Call(
            func=ast.Attribute(value=of, attr="grad"), args=[ast.Name() as by], keywords=[]
        ):
            meant = f"torch.autograd.grad({text_of(source, of)}, {by.id})[0]"
            return edited(source, [(call, meant)])
        case _:
            return None


def without_index(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`loss.data[0]`, as torch had it for `loss.item()`, wherever the same stands, or what another
    call of the same function gives.
    """
    del earlier
    if re.fullmatch(r".+\.data\[0\]", source.text(span), re.DOTALL) is None:
        return None
    old = [found for each in nodes(source) if (found := _of_first(each)) is not None]
    meant = {_called(of) for each, of in old if place_of(each, source.lines) == span}
    return edited(
        source,
        [(each, f"{_whole(source, of)}.item()") for each, of in old if _called(of) in meant],
    )


def _of_first(node: ast.AST) -> tuple[ast.expr, ast.expr] | None:
    """A `….data[0]` and what it is asked of."""
    match node:
        case ast.Subscript(
            value=ast.Attribute(value=of, attr="data"), slice=ast.Constant(value=0), ctx=ast.Load()
        ):
            return node, of
        case _:
            return None


def _called(of: ast.expr) -> str:
    return ast.dump(of.func if isinstance(of, ast.Call) else of)


def on_the_cpu(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The program on the CPU: without `.cuda()`, wherever one stands, once one has failed."""
    moved = [found for each in nodes(source) if (found := _of_moving(each)) is not None]
    if not any(place_of(each, source.lines) == span for each, _ in moved):
        return mended.on_the_cpu(source, span, earlier)
    return edited(source, [(each, _whole(source, of)) for each, of in moved])


def _whole(source: SourceMap, node: ast.expr) -> str:
    """A node's text, in brackets where what follows would belong to a part of it."""
    atoms = ast.Name | ast.Attribute | ast.Call | ast.Subscript
    text = text_of(source, node)
    return text if isinstance(node, atoms) else f"({text})"


def _of_moving(node: ast.AST) -> tuple[ast.expr, ast.expr] | None:
    """A `….cuda()` and what it is asked of."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=of, attr="cuda" | "mps" | "xpu"),
            args=[] | [ast.Constant(value=int())],
            keywords=[],
        ):
            return None if isinstance(of, ast.Name) and of.id == "torch" else (node, of)
        case _:
            return None


def made_by_torch(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`np.array([1.0], requires_grad=True)` as `torch.tensor([1.0], requires_grad=True)`."""
    del earlier
    call = call_at(source, span)
    if call is None or not isinstance(call.func, ast.Attribute) or len(call.args) != 1:
        return None
    name = _MAKERS.get(call.func.attr)
    if name is None or text_of(source, call.func.value) not in ("np", "numpy"):
        return None
    if [each.arg for each in call.keywords] != ["requires_grad"]:
        return None
    return edited(source, [(call.func, f"torch.{name}")])


_MAKERS: Final = {"array": "tensor", "asarray": "tensor"} | {
    name: name for name in words("zeros ones eye")
}


def of_a_base(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`torch.log(x, 2)` as `torch.log2(x)`; of another base than 2 and 10 a quotient."""
    del earlier
    call = call_at(source, span)
    match call:
        case ast.Call(args=[of, ast.Constant(value=int() | float() as base)], keywords=[]):
            function, given = text_of(source, call.func), text_of(source, of)
        case _:
            return None
    if function not in ("log", "torch.log") or not base > 0 or base == 1:
        return None
    if base in (2, 10):
        return edited(source, [(call, f"{function}{base:g}({given})")])
    by = f"{function}(torch.tensor({float(base)!r}))"
    return edited(source, [(call, f"({function}({given})/{by})")])


def turned(source: SourceMap, span: Span, shapes: Mapping[str, Any]) -> str | None:
    """`a.transpose()` of a matrix as `a.t()`, `torch.transpose(a)` as `torch.t(a)`."""
    call = call_at(source, span)
    match call:
        case ast.Call(func=ast.Attribute(attr="transpose") as asked, args=given, keywords=[]):
            of_torch = text_of(source, asked.value) == "torch"
        case _:
            return None
    of = given[0] if of_torch and given else asked.value
    sizes = shapes.get(ast.unparse(of))
    if len(given) != of_torch or not isinstance(sizes, tuple) or len(sizes) > len("xy"):
        return None
    owner = text_of(source, asked)[: -len("transpose")]
    return edited(source, [(asked, f"{owner}t")])


def multiplied(source: SourceMap, span: Span, said: re.Match[str]) -> str | None:
    """`torch.dot(a, b)` and `a.dot(b)` of matrices as `torch.matmul(a, b)`."""
    call = call_at(source, span)
    if call is None or "0D" in (said["left"], said["right"]) or call.keywords:
        return None
    match call.func, call.args:
        case ast.Attribute(value=ast.Name(id="torch"), attr="dot"), [left, right]:
            given = [left, right]
        case ast.Attribute(value=left, attr="dot"), [right]:
            given = [left, right]
        case _:
            return None
    both = ", ".join(text_of(source, each) for each in given)
    return edited(source, [(call, f"torch.matmul({both})")])


def as_element(source: SourceMap, span: Span, shapes: Mapping[str, Any]) -> str | None:
    """`x(0)` of a vector as `x[0]`."""
    match call := call_at(source, span):
        case ast.Call(func=ast.Name(id=name), args=[_, *_] as given, keywords=[]):
            sizes = shapes.get(name)
        case _:
            return None
    whole = all(isinstance(each, ast.Constant) and type(each.value) is int for each in given)
    if not isinstance(sizes, tuple) or len(given) > len(sizes) or not whole:
        return None
    return edited(source, [(call, f"{name}[{', '.join(text_of(source, each) for each in given)}]")])


def is_element(source: SourceMap, span: Span, earlier: Earlier) -> bool:
    """Whether whole numbers are all that a name is called with."""
    del earlier
    return re.fullmatch(r"[^\W\d]\w*\(\d+(?:, ?\d+)*\)", source.text(span)) is not None


def with_the_rest(source: SourceMap, span: Span, said: re.Match[str]) -> str | None:
    """`x.view(3)` of six elements as `x.view(3, -1)`."""
    call = call_at(source, span)
    sizes = [int(each) for each in said["shape"].split(",") if each.strip()]
    product = math.prod(sizes)
    if call is None or not call.args or not sizes or min(sizes) < 1 or call.keywords:
        return None
    if int(said["size"]) % product or int(said["size"]) == product:
        return None
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if name not in ("view", "reshape") or len(call.args) != len(sizes):
        return None
    last = call.args[-1]
    return edited(source, [(last, f"{text_of(source, last)}, -1")])


def of_floats(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`x.mean()` of whole numbers as `x.float().mean()`, `torch.mean(x)` as
    `torch.mean(x.float())`.
    """
    del earlier
    call = call_at(source, span)
    if call is None or not isinstance(call.func, ast.Attribute):
        return None
    of = call.func.value
    if isinstance(of, ast.Name) and of.id == "torch":
        of = call.args[0] if call.args else of
    if isinstance(of, ast.Name) and of.id == "torch":
        return None
    text = text_of(source, of)
    plain = isinstance(of, ast.Name | ast.Attribute | ast.Call | ast.Subscript)
    return edited(source, [(of, f"{text if plain else f'({text})'}.float()")])


def joined_on(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`x.append(2.0)`, on a line of its own, as `x = torch.cat([x, torch.tensor([2.0])])`."""
    del earlier
    for node in nodes(source):
        match node:
            case ast.Expr(
                value=ast.Call(
                    func=ast.Attribute(value=ast.Name(id=name), attr="append") as asked,
                    args=[ast.Constant(value=int() | float()) as more],
                )
            ) if span in [place_of(each, source.lines) for each in (asked, node.value)]:
                number = float(more.value)  # type: ignore[arg-type]
                meant = f"{name} = torch.cat([{name}, torch.tensor([{number}])])"
                return edited(source, [(node, meant)])
            case _:
                continue
    return None
