"""Mends of what is not recorded, or overwritten: leaves without a gradient, cut graphs, steps.

Each takes the source, the span that failed and the spans of the backward calls before it; it gives
the whole program anew, or `None` where more than one change may be meant.
"""

from __future__ import annotations

import ast
import re
from typing import Final

from viz.program.allowlist.words import words
from viz.records import Span
from viz.tracing.hints.brackets import place_of, within
from viz.tracing.hints.mended import keep_graph
from viz.tracing.hints.mends.edits import (
    Edit,
    ancestors,
    assigned_to,
    edited,
    history,
    is_unrecorded,
    names_in,
    nodes,
    text_of,
    with_argument,
)
from viz.tracing.source_map import SourceMap

Earlier = tuple[Span, ...]
_MAKER: Final = re.compile(
    r"(?:torch\.)?(?:tensor|ones|zeros|randn|rand|arange|linspace|full|eye)\(", re.DOTALL
)
_RECORDS: Final = re.compile(
    r"requires_grad|\bnn\.|Parameter|\bdetach\b|\bdata\b|no_grad|\.item\b|numpy|Variable"
    r"|argmax|set_grad|inference_mode|torch\.tensor\([a-zA-Z_]\w*\)"  # a copy, without its history
)


def asking(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The program whose leaf asks for its gradient: the one whose `.grad` is read, or the only one
    that there is.
    """
    del span, earlier
    if _RECORDS.search("\n".join(source.lines)):
        return None
    made: dict[str, list[ast.Call]] = {}
    for node in nodes(source):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call) if (
                _MAKER.fullmatch(f"{text_of(source, call.func)}(")
            ):
                made.setdefault(name, []).append(call)
    read = {
        node.value.id
        for node in nodes(source)
        if isinstance(node, ast.Attribute) and node.attr == "grad"
        if isinstance(node.value, ast.Name)
    }
    meant = read or ({*made} if len(made) == 1 else set())
    if not meant or any(len(made.get(name, ())) != 1 for name in meant):
        return None
    return edited(source, [_asking(source, made[name][0]) for name in meant])


def _asking(source: SourceMap, call: ast.Call) -> Edit:
    """The maker with `requires_grad=True`, and floating numbers in the place of whole ones."""
    whole = (
        re.match(r"(?:torch\.)?(?:tensor|arange|full)\(", text_of(source, call)) is not None
        and not any(each.arg == "dtype" for each in call.keywords)
        and all(
            isinstance(each.value, int)
            for one in call.args
            for each in ast.walk(one)
            if isinstance(each, ast.Constant)
        )
    )
    return with_argument(
        source, call, ("dtype=torch.float32, " if whole else "") + "requires_grad=True"
    )


def cut(source: SourceMap, span: Span) -> Span | None:
    """The one place on the way to the failed expression that ends the graph."""
    found = [each for each, _ in _cuts(source, span)]
    return found[0] if len(found) == 1 else None


def attached(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The program without the one place that ends the graph: `.detach()`, `.item()`,
    `torch.tensor([x, y])`, `with torch.no_grad():`.
    """
    del earlier
    found = _cuts(source, span)
    return edited(source, found) if len(found) == 1 else None


def as_leaves(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The program with tensors for the numbers that the failed expression is computed from."""
    del earlier
    edits: list[Edit] = []
    for statement in history(source, span):
        parts = [*ast.walk(statement.value)]
        if not all(isinstance(each, _ARITHMETIC) for each in parts):
            return None
        number = re.fullmatch(r"-?\d{1,9}(?:\.\d{0,9})?", text_of(source, statement.value))
        if number is not None:
            meant = f"torch.tensor({float(number[0])}, requires_grad=True)"
            edits.append((statement.value, meant))
    return edited(source, edits)


_ARITHMETIC: Final = (
    ast.Name,
    ast.Constant,
    ast.BinOp,
    ast.UnaryOp,
    ast.operator,
    ast.unaryop,
    ast.expr_context,
)


def copies(source: SourceMap, span: Span, earlier: Earlier) -> bool:
    """Whether that place is a `torch.tensor([x, y])`."""
    del earlier
    found = cut(source, span)
    return found is not None and re.match(r"(?:torch\.)?tensor\(\[", source.text(found)) is not None


def _cuts(source: SourceMap, span: Span) -> list[tuple[Span, str]]:
    found: dict[Span, str] = {}
    places = [
        (each, place)
        for each in nodes(source)
        if isinstance(each, ast.expr) and within(place := place_of(each, source.lines), span)
    ]
    found |= {place: meant for each, place in places if (meant := _uncut(source, each)) is not None}
    for statement in history(source, span):
        for node in ast.walk(statement.value):
            if isinstance(node, ast.expr) and (meant := _uncut(source, node)) is not None:
                found[place_of(node, source.lines)] = meant
        for around in ancestors(source, statement):
            if is_unrecorded(around) and isinstance(around, ast.With):
                context = around.items[0].context_expr
                found[place_of(context, source.lines)] = "torch.enable_grad()"
    return [
        (place, meant)
        for place, meant in found.items()
        if not any(place != other and within(place, other) for other in found)
    ]


def _uncut(source: SourceMap, node: ast.expr) -> str | None:
    """What is recorded in the place of an expression that is not."""
    match node:
        case ast.Call(func=ast.Attribute(value=value, attr="detach" | "item"), args=[]):
            return text_of(source, value)
        case ast.Call(func=ast.Attribute(value=value, attr="numpy"), args=[]):
            return text_of(source, value).removesuffix(".detach()")
        case ast.Attribute(value=value, attr="data"):
            return text_of(source, value)
        case ast.Call(func=ast.Name(id="float"), args=[ast.expr() as value]) if names_in(value):
            return f"({text_of(source, value)})"
        case ast.Call(func=ast.Attribute(value=ast.Name(id="math"), attr=name), args=[value]):
            if not names_in(value) or name not in _OF_MATH:
                return None
            return f"torch.{name}({text_of(source, value)})"
        case ast.Call(args=[ast.List(elts=parts)]) if _is_tensor(source, node, parts):
            shown = (
                f"torch.tensor(float({text_of(source, each)}))"
                if isinstance(each, ast.Constant)
                else text_of(source, each)
                for each in parts
            )
            return f"torch.stack([{', '.join(shown)}])"
        case ast.Call(args=[ast.expr() as value]) if _is_tensor(source, node, [value]):
            computed = isinstance(value, ast.BinOp | ast.Call)
            if isinstance(value, ast.Name) and not assigned_to(source, value.id):
                return value.id  # what a function is given
            return f"({text_of(source, value)})" if computed else None
        case _:
            return None


_OF_MATH: Final = frozenset(words("sin cos tan exp log sqrt tanh sinh cosh"))


def _is_tensor(source: SourceMap, node: ast.Call, parts: list[ast.expr]) -> bool:
    """Whether `torch.tensor(…)` is given what was computed."""
    name = text_of(source, node.func)
    flat = not any(isinstance(each, ast.List | ast.Tuple) for each in parts)
    return name in ("torch.tensor", "tensor") and flat and any(map(names_in, parts))


# ── what is overwritten ──


def renewed(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The program with `y = y + 1` for each `y += 1`, `y = y.add(1)` for `y.add_(1)`, and a copy
    before `y[0] = 1`.
    """
    del span, earlier
    edits: list[Edit] = []
    for node in nodes(source):
        if not isinstance(node, ast.stmt) or any(map(is_unrecorded, ancestors(source, node))):
            continue
        meant = _anew(source, node)
        if meant is not None:
            edits.append((node, meant))
    return edited(source, edits)


def _anew(source: SourceMap, node: ast.stmt, sure: bool = False) -> str | None:
    """The statement that makes a new tensor; `sure` is that its name stands for one."""
    match node:
        case ast.AugAssign(target=ast.Name(id=name), op=op, value=value):
            operator = _OPERATORS.get(type(op))
            if operator is None or isinstance(value, ast.Constant | ast.List):
                counts = not sure and not _is_of_tensors(source, name)
                counts |= isinstance(value, ast.List)
                if operator is None or counts:
                    return None
            text = text_of(source, value)
            return f"{name} = {name} {operator} {_bracketed(value, text)}"
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=called))):
            if not re.fullmatch(r"[a-z]\w*[a-z]_", called) or called == "requires_grad_":
                return None
            text = text_of(source, node.value)
            return f"{name} = {text.replace(f'.{called}(', f'.{called[:-1]}(', 1)}"
        case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name))]):
            if not _is_of_tensors(source, name):
                return None
            return f"{name} = {name}.clone(); {text_of(source, node)}"
        case _:
            return None


def _is_of_tensors(source: SourceMap, name: str) -> bool:
    """Whether a name's value is computed, and no number, list or text that is written out."""
    return any(
        isinstance(each, ast.Assign)
        and (names_in(each.value) or isinstance(each.value, ast.Call))
        and not isinstance(each.value, ast.List | ast.Dict)
        for each in assigned_to(source, name)
    )


def _bracketed(value: ast.expr, text: str) -> str:
    simple = isinstance(value, ast.Name | ast.Constant | ast.Call | ast.Attribute | ast.Subscript)
    return text if simple else f"({text})"


_OPERATORS: Final = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}


def leaf_renewed(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The same of a leaf whose gradient nobody reads, and a layer's `inplace=True` left out."""
    text = source.text(span)
    if "inplace=True" in text:
        return span.replaced(source.lines, text.replace("inplace=True", "inplace=False"))
    name = re.match(r"\w+", text)
    program = "\n".join(source.lines)
    if name is None or re.search(rf"\b{name[0]}\.grad\b|\boptim\b|no_grad", program):
        return None
    del earlier
    for node in nodes(source):
        if isinstance(node, ast.AugAssign | ast.Expr) and text_of(source, node) == text:
            meant = _anew(source, node, sure=True)
            return None if meant is None else edited(source, [(node, meant)])
    return None


def stepped(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The program with `w -= 0.1 * w.grad` for each `w = w - 0.1 * w.grad`, which makes of the leaf
    what is computed; a leaf anew where no gradient is set to zero.
    """
    del span, earlier
    program = "\n".join(source.lines)
    zeroed = re.search(r"\.grad\.zero_|\.grad[ \t]*=[ \t]*None|zero_grad", program) is not None
    edits: list[Edit] = []
    for node in nodes(source):
        match node:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.BinOp(left=ast.Name(id=first), op=ast.Sub() | ast.Add() as op) as value,
            ) if name == first and f"{name}.grad" in text_of(source, value.right):
                sign = "-" if isinstance(op, ast.Sub) else "+"
                step = text_of(source, value.right)
                if not zeroed:
                    meant = f"{name} = ({text_of(source, value)}).detach().requires_grad_()"
                elif any(map(is_unrecorded, ancestors(source, node))):
                    meant = f"{name} {sign}= {step}"
                else:
                    meant = f"with torch.no_grad(): {name} {sign}= {step}"
                edits.append((node, meant))
    return edited(source, edits)


def asked_first(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The program with `if w.grad is not None:` before `w.grad.zero_()` of a leaf."""
    del earlier
    found = re.fullmatch(r"((\w+)\.grad)\.zero_", source.text(span))
    if found is None:
        return None
    leaf = any("requires_grad" in text_of(source, each) for each in assigned_to(source, found[2]))
    line = source.lines[span.line - 1]
    if not leaf or line.strip() != f"{found[0]}()":
        return None
    return span.replaced(source.lines, f"if {found[1]} is not None: {found[0]}")


# ── rounds that go back through what was freed ──

_STEPS: Final = re.compile(r"\.step\(|(?<!autograd)\.grad\b|no_grad")


def kept_in_rounds(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """Of a loop that takes steps: what the loss is computed by, in the loop; a state that goes
    from round to round cut off. Without steps the graph is kept.
    """
    loop = _loop_of(source, span)
    text = "" if loop is None else text_of(source, loop)
    if loop is None or not _STEPS.search(text):
        return keep_graph(source, span, earlier)
    if not _is_set_in(source, span, loop):
        return _computed_inside(source, span, loop)
    return _cut_off(source, loop) or keep_graph(source, span, earlier)


def _loop_of(source: SourceMap, span: Span) -> ast.For | ast.While | None:
    around = [
        node
        for node in nodes(source)
        if isinstance(node, ast.For | ast.While)
        and node.lineno <= span.line <= (node.end_lineno or 0)
    ]
    return around[-1] if around else None


def _is_set_in(source: SourceMap, span: Span, loop: ast.For | ast.While) -> bool:
    """Whether the loop itself computes what is gone back from."""
    root = re.match(r"\w*", source.text(span))
    return root is not None and any(
        loop.lineno <= each.lineno <= (loop.end_lineno or 0)
        for each in assigned_to(source, root[0])
    )


def _computed_inside(source: SourceMap, span: Span, loop: ast.For | ast.While) -> str | None:
    """The loss that is computed once before the loop, computed in each of its rounds."""
    root = re.match(r"\w*", source.text(span))
    if root is None or loop not in source.tree.body:
        return None
    wanted, moved = {root[0]}, list[ast.Assign]()
    place = source.tree.body.index(loop)
    for node in reversed(source.tree.body[:place]):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in wanted:
                if _MAKES.search(text_of(source, value)):
                    continue
                moved.insert(0, node)
                wanted |= names_in(value)
    first = loop.body[0]
    if not moved or any(each.lineno != each.end_lineno for each in moved):
        return None
    lines = list(source.lines)
    indent = " " * first.col_offset
    inner = [indent + text_of(source, each) for each in moved]
    lines[first.lineno - 1 : first.lineno - 1] = inner
    for each in reversed(moved):
        if lines[each.lineno - 1].strip() != text_of(source, each):
            return None
        del lines[each.lineno - 1]
    return "\n".join(lines)


_MAKES: Final = re.compile(
    r"torch\.(?:tensor|ones|zeros|randn?|randint|arange|linspace|full|eye|manual_seed|optim)\b"
    r"|requires_grad|\bnn\.[A-Z]|\boptim\b|Parameter|DataLoader"
)


def _cut_off(source: SourceMap, loop: ast.For | ast.While) -> str | None:
    """`h = rnn(x, h)` of a loop: `h` cut off from the earlier rounds."""
    edits: list[Edit] = []
    for node in loop.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(args=args)):
                edits += [
                    (each, f"{name}.detach()")
                    for each in args
                    if isinstance(each, ast.Name) and each.id == name
                ]
    return edited(source, edits) if len(edits) == 1 else None
