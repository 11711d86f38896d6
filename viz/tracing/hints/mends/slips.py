"""Mends of small slips: brackets too many, a number where something to go through is meant, what an
optimizer or a `Sequential` takes, a leaf of whole numbers.

Each takes the source, the span that failed and the spans of the backward calls before it; it gives
the whole program anew, or `None` where the change is not that simple.
"""

from __future__ import annotations

import ast
import re
from typing import Final

import torch

from viz.records import Span
from viz.tracing.hints.brackets import place_of
from viz.tracing.hints.mends.clamps import clamp_for, is_number
from viz.tracing.hints.mends.edits import (
    Edit,
    assigned_to,
    call_at,
    edited,
    function_around,
    nodes,
    text_of,
    with_argument,
)
from viz.tracing.source_map import SourceMap

Earlier = tuple[Span, ...]


def read_only(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`x.shape()` as `x.shape`, `x.shape(0)` as `x.shape[0]`, `x.requires_grad(True)` as
    `x.requires_grad_(True)`.
    """
    del earlier
    call = call_at(source, span)
    if call is None or not isinstance(call.func, ast.Attribute) or call.keywords:
        return None
    of, name = text_of(source, call.func), call.func.attr
    given = [text_of(source, each) for each in call.args]
    if name == "requires_grad" and len(given) <= 1:
        return edited(source, [(call, f"{of}_({', '.join(given)})")])
    if name not in _READ or len(given) > (name == "shape"):
        return None
    return edited(source, [(call, f"{of}[{given[0]}]" if given else of)])


_READ: Final = frozenset({"shape", "T", "mT", "dtype", "ndim", "device", "is_leaf", "grad_fn"})


def counted(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`for i in n:` of a whole number as `for i in range(n):`."""
    del earlier
    for node in nodes(source):
        if isinstance(node, ast.For | ast.comprehension) and (
            place_of(node.iter, source.lines) == span
        ):
            return edited(source, [(node.iter, f"range({text_of(source, node.iter)})")])
    return None


def parameters_given(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`SGD(net, lr=0.1)` as `SGD(net.parameters(), lr=0.1)`."""
    del earlier
    call = call_at(source, span)
    if call is None or not call.args or not isinstance(call.args[0], ast.Name | ast.Attribute):
        return None
    if _OPTIMIZER.search(text_of(source, call.func)) is None:
        return None
    return edited(source, [(call.args[0], f"{text_of(source, call.args[0])}.parameters()")])


_OPTIMIZER: Final = re.compile(r"(?:^|\boptim\.)(?:SGD|Adam|AdamW|RMSprop|Adagrad|Adadelta|LBFGS)$")


def spread(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`nn.Sequential([a, b])` as `nn.Sequential(*[a, b])`."""
    del earlier
    call = call_at(source, span)
    if call is None or len(call.args) != 1 or call.keywords:
        return None
    if not text_of(source, call.func).endswith("Sequential"):
        return None
    return edited(source, [(call.args[0], f"*{text_of(source, call.args[0])}")])


def without_gradient(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`x.zero_grad()` of a tensor, on a line of its own, as `x.grad = None`."""
    del earlier
    for node in nodes(source):
        match node:
            case ast.Expr(
                value=ast.Call(func=ast.Attribute(value=of, attr="zero_grad") as asked, args=[])
            ):
                places = (place_of(each, source.lines) for each in (node.value, asked))
                if span in places:
                    return edited(source, [(node, f"{text_of(source, of)}.grad = None")])
    return None


def floats_made(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`x = torch.arange(4)` behind which `x.requires_grad_()` failed, of numbers with a point."""
    del earlier
    call = call_at(source, span)
    match call:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="requires_grad_")):
            pass
        case _:
            return None
    made = assigned_to(source, name)
    if len(made) != 1 or not isinstance(made[0].value, ast.Call):
        return None
    value = made[0].value
    if _MAKER.fullmatch(text_of(source, value.func)) is None or any(
        each.arg == "dtype" for each in value.keywords
    ):
        return None
    return edited(source, [with_argument(source, value, "dtype=torch.float32")])


def of_linear(source: SourceMap, span: Span, earlier: Earlier) -> bool:
    """Whether a linear layer was called that the program has made under a name."""
    del earlier
    call = call_at(source, span)
    return call is not None and any(
        re.search(r"\bLinear\(", text_of(source, each.value))
        for each in assigned_to(source, text_of(source, call.func))
    )


_MAKER: Final = re.compile(r"torch\.(?:tensor|arange|full)")


def with_the_leaf(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`torch.autograd.grad(y)` with the one leaf that the program makes."""
    del earlier
    call = call_at(source, span)
    if call is None or len(call.args) != 1 or any(each.arg == "inputs" for each in call.keywords):
        return None
    leaves = {
        node.targets[0].id
        for node in nodes(source)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and re.search(r"requires_grad=True|requires_grad_\(|Parameter\(", text_of(source, node))
    }
    layered = any(isinstance(node, ast.Attribute) and node.attr == "nn" for node in nodes(source))
    if len(leaves) != 1 or layered or function_around(source, call) is not None:
        return None
    return edited(source, [(call.args[0], f"{text_of(source, call.args[0])}, {leaves.pop()}")])


def tensor_at(source: SourceMap, span: Span, found: re.Match[str]) -> str | None:
    """`torch.maximum(x, 0)` with `torch.tensor(0)` at the place that torch's message counts."""
    call = call_at(source, span)
    place = int(found["place"]) - 1
    if call is None or place < 0:
        return None
    method = not text_of(source, call.func).startswith(("torch.", "F.", "nn."))
    place -= method and isinstance(call.func, ast.Attribute) and place > 0
    if place >= len(call.args):
        return None
    given = call.args[place]
    meant = (ast.Constant, ast.List, ast.Tuple, ast.Name, ast.UnaryOp, ast.BinOp)
    if not isinstance(given, meant) or (isinstance(given, ast.Constant) and given.value is None):
        return None
    return edited(source, [(given, f"torch.tensor({text_of(source, given)})")])


def constant_at(source: SourceMap, span: Span, found: re.Match[str]) -> str | None:
    """`F.soft_margin_loss(x, y)` with `y.detach()` as the argument that torch's message names."""
    call = call_at(source, span)
    if call is None:
        return None
    name = text_of(source, call.func).rpartition(".")[2]
    known = getattr(torch.nn.functional, name, None)
    code = getattr(known, "__code__", None)
    names = code.co_varnames[: code.co_argcount] if code is not None else ()
    given = dict(zip(names, call.args, strict=False))
    given |= {each.arg: each.value for each in call.keywords if each.arg}
    meant = given.get(found["argument"] or found["part"])
    if not isinstance(meant, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
        return None
    return edited(source, [(meant, f"{text_of(source, meant)}.detach()")])


def as_called(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`torch.tensor[1., 2.]` as `torch.tensor([1., 2.])`, `torch.zeros[2, 3]` with brackets."""
    del earlier
    for node in nodes(source):
        if not isinstance(node, ast.Subscript) or place_of(node, source.lines) != span:
            continue
        function = text_of(source, node.value)
        if _FUNCTION.fullmatch(function) is None or isinstance(node.slice, ast.Slice):
            return None
        given = text_of(source, node.slice).removeprefix("(").removesuffix(")")
        listed = function.rpartition(".")[2] in _OF_LISTS
        return edited(
            source, [(node, f"{function}([{given}])" if listed else f"{function}({given})")]
        )
    return None


_FUNCTION: Final = re.compile(
    r"(?:torch|np|nn|F|math)\.\w{1,30}|print|range|len|abs|sum|max|min|float|int"
)
_OF_LISTS: Final = frozenset(
    {"tensor", "array", "stack", "cat", "as_tensor", "Tensor", "FloatTensor"}
)


def points_counted(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`torch.linspace(-5, 5)` with the hundred points that it had when none were said."""
    del earlier
    call = call_at(source, span)
    if call is None or len(call.args) != len("ab") or call.keywords:
        return None
    if text_of(source, call.func) not in ("torch.linspace", "linspace", "torch.logspace"):
        return None
    return edited(source, [with_argument(source, call, "100")])


def function_given(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`jacobian(y, x)` of `y = x**2` as `jacobian(lambda x: x**2, x)`; `autograd.grad(f, x)` of a
    function as `torch.func.grad(f)(x)`.
    """
    del earlier
    call = call_at(source, span)
    match call:
        case ast.Call(args=[ast.Name(id=result) as first, ast.Name(id=given)], keywords=[]):
            pass
        case _:
            return None
    name = text_of(source, call.func).rpartition(".")[2]
    if name == "grad" and any(
        isinstance(each, ast.FunctionDef) and each.name == result for each in nodes(source)
    ):
        return edited(source, [(call, f"torch.func.grad({result})({given})")])
    made = assigned_to(source, result)
    if name not in ("jacobian", "hessian") or len(made) != 1 or isinstance(made[0], ast.AugAssign):
        return None
    value = made[0].value
    own = {each.id for each in ast.walk(value) if isinstance(each, ast.Name)}
    if given not in own:
        return None
    return edited(source, [(first, f"lambda {given}: {text_of(source, value)}")])


def numbers_as_leaves(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`f(1, 2).backward()` with tensors that ask for their gradients in the numbers' places."""
    del earlier
    for node in nodes(source):
        match node:
            case ast.Attribute(
                value=ast.Call(func=ast.Name(), args=[_, *_], keywords=[]) as call, attr="backward"
            ):
                if span.line != node.lineno or not all(map(is_number, call.args)):
                    continue
                edits = [
                    (each, f"torch.tensor({float(ast.literal_eval(each))}, requires_grad=True)")
                    for each in call.args
                ]
                return edited(source, edits)
    return None


def layer_called(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`nn.Sequential(…, nn.ReLU, …)` with the brackets that make the layer."""
    del earlier
    call = call_at(source, span)
    given = [] if call is None else call.args
    edits: list[Edit] = [
        (each, f"{text_of(source, each)}()")
        for each in given
        if isinstance(each, ast.Attribute) and _MADE_OF_NOTHING.fullmatch(each.attr)
    ]
    return edited(source, edits)


_MADE_OF_NOTHING: Final = re.compile(
    r"ReLU|ReLU6|Sigmoid|Tanh|GELU|SiLU|Softplus|ELU|LeakyReLU|Flatten|Identity|Mish|Dropout"
)


def clamped(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`max(0, x)` as `torch.clamp(x, min=0)`."""
    del earlier
    call = call_at(source, span)
    meant = None if call is None else clamp_for(call, source.lines)
    return None if call is None or meant is None else edited(source, [(call, meant)])


def in_one_row(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`CrossEntropyLoss()(out, y)` of a column of classes with `y.squeeze(1)`."""
    del earlier
    call = call_at(source, span)
    if call is None or len(call.args) != len("xy") or not isinstance(call.args[1], ast.Name):
        return None
    return edited(source, [(call.args[1], f"{call.args[1].id}.squeeze(1)")])


def set_on_axes(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """Each `ax.xlabel("t")` as `ax.set_xlabel("t")`."""
    del earlier
    owner, dot, _ = source.text(span).rpartition(".")
    program = "\n".join(source.lines)
    called = rf"(?<![\w.]){re.escape(owner)}\.(?=(?:title|[xy](?:label|lim|ticks|scale))\()"
    meant = re.sub(called, f"{owner}.set_", program)
    return meant if dot and meant != program else None


def in_words(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`x >= 0 and x < 1` for `x >= 0 & x < 1`, where the comparisons have no brackets."""
    del earlier
    for node in nodes(source):
        match node:
            case ast.Compare(comparators=parts) if any(
                isinstance(each, ast.BinOp) and place_of(each, source.lines) == span
                for each in parts
            ):
                line = source.text(span)
                meant = re.sub(r"[ \t]*&[ \t]*", " and ", line)
                return span.replaced(source.lines, re.sub(r"[ \t]*\|[ \t]*", " or ", meant))
    return None


def rounded(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`torch.round(x)` for `round(x)`, `torch.round(x, decimals=2)` for `round(x, 2)`."""
    del earlier
    match call_at(source, span):
        case ast.Call(func=ast.Name(id="round") as name, args=[_], keywords=[]):
            return edited(source, [(name, "torch.round")])
        case ast.Call(func=ast.Name(id="round") as name, args=[_, ast.expr() as digits]):
            more = f"decimals={text_of(source, digits)}"
            return edited(source, [(name, "torch.round"), (digits, more)])
        case _:
            return None
