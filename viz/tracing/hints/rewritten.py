"""Mended programs whose change lies elsewhere than at the line that failed: what was overwritten
before a pass backward, the leaf that was made without `requires_grad=True`, the tensor that was
made anew of computed ones. `None` where the change is not that simple.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from viz.program.allowlist.words import words
from viz.records import Span, characters
from viz.tracing.source_map import SourceMap

_SIGNS: Final = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
_IN_PLACE: Final = frozenset(
    words(
        "add_ sub_ mul_ div_ pow_ exp_ log_ sqrt_ sin_ cos_ tanh_ sigmoid_ relu_ abs_ neg_ clamp_"
    )
)
_MADE: Final = frozenset(words("tensor ones zeros rand randn full linspace arange eye"))
_OF_WHOLE: Final = frozenset(words("tensor full arange"))
_LEAVES_GRAPH: Final = frozenset(words("no_grad inference_mode detach item numpy tolist data"))


def anew(source: SourceMap, span: Span, earlier: tuple[Span, ...]) -> str | None:
    """The program that makes new tensors where it overwrote some: `y = y + 1` for `y += 1`."""
    del span, earlier
    lines, changed = source.lines, False
    for node in sorted(_recorded(source.tree), key=lambda each: -each.lineno):
        text = _out_of_place(node, lines)
        if text is not None:
            lines = _place_of(node, lines).replaced(lines, text).split("\n")
            changed = True
    return "\n".join(lines) if changed else None


def _recorded(tree: ast.AST) -> Iterator[ast.stmt]:
    """The statements outside of `torch.no_grad()` that write into what a name stands for."""
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.With) and any(
            isinstance(each, ast.Attribute | ast.Name) and "no_grad" in ast.unparse(each)
            for item in node.items
            for each in ast.walk(item)
        ):
            continue
        if isinstance(node, ast.AugAssign | ast.Expr):
            yield node
        stack += ast.iter_child_nodes(node)


def _out_of_place(node: ast.stmt, lines: list[str]) -> str | None:
    match node:
        case ast.AugAssign(target=ast.Name(id=name), op=op, value=value) if type(op) in _SIGNS:
            text = _place_of(value, lines).text(lines)
            if isinstance(value, ast.BinOp | ast.IfExp | ast.Lambda | ast.Compare | ast.BoolOp):
                text = f"({text})"
            return f"{name} = {name} {_SIGNS[type(op)]} {text}"
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)) as call
        ) if method in _IN_PLACE:
            text = _place_of(call, lines).text(lines)
            return f"{name} = {text.replace(f'.{method}', f'.{method[:-1]}', 1)}"
        case _:
            return None


def stacked(source: SourceMap, span: Span, earlier: tuple[Span, ...]) -> str | None:
    """The program with `torch.stack([x, 2*x])` for `torch.tensor([x, 2*x])`."""
    del span, earlier
    found = _of_computed(source)
    if found is None:
        return None
    return _place_of(found.func, source.lines).replaced(source.lines, "torch.stack")


def of_computed(source: SourceMap, span: Span, earlier: tuple[Span, ...]) -> bool:
    """Whether a tensor is made of a list of others somewhere."""
    del span, earlier
    return _of_computed(source) is not None


def _of_computed(source: SourceMap) -> ast.Call | None:
    """The one `torch.tensor([…])` of names and what is computed from them; no numbers."""
    found = [
        node
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("tensor", "Tensor", "FloatTensor")
        and len(node.args) == 1
        and not node.keywords
        and isinstance(node.args[0], ast.List | ast.Tuple)
        and node.args[0].elts
        and all(_computed(each) for each in node.args[0].elts)
    ]
    return found[0] if len(found) == 1 else None


def _computed(node: ast.expr) -> bool:
    inside = list(ast.walk(node))
    names = any(isinstance(each, ast.Name) and each.id not in ("torch", "math") for each in inside)
    plain = any(isinstance(each, ast.Attribute) and each.attr in _LEAVES_GRAPH for each in inside)
    return names and not plain and not isinstance(node, ast.List | ast.Tuple)


def made_as_leaf(source: SourceMap, span: Span, earlier: tuple[Span, ...]) -> str | None:
    """The program that makes the tensor whose gradient it reads with `requires_grad=True`; of a
    program that reads none the only tensor that it makes.
    """
    del span, earlier
    nodes = list(ast.walk(source.tree))
    if any(isinstance(each, ast.Attribute) and each.attr in _LEAVES_GRAPH for each in nodes):
        return None
    made = {name: call for node in nodes for name, call in _makes(node)}
    wanted = [
        node.value.id
        for node in nodes
        if isinstance(node, ast.Attribute)
        and node.attr == "grad"
        and isinstance(node.value, ast.Name)
    ]
    names = [name for name in made if name in wanted] or (list(made) if len(made) == 1 else [])
    lines = source.lines
    for call in sorted((made[name] for name in names), key=lambda each: -each.lineno):
        place = _place_of(call, lines)
        text = place.text(lines)
        if not text.endswith(")") or "#" in text:
            return None
        whole = isinstance(call.func, ast.Attribute) and call.func.attr in _OF_WHOLE
        numbers = [each.value for each in ast.walk(call) if isinstance(each, ast.Constant)]
        floats = not whole or any(isinstance(each, float) for each in numbers)
        typed = any(each.arg == "dtype" for each in call.keywords)
        more = "" if floats or typed else ", dtype=torch.float32"
        lines = place.replaced(lines, f"{text[:-1]}{more}, requires_grad=True)").split("\n")
    return "\n".join(lines) if names else None


def _makes(node: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    match node:
        case ast.Assign(
            targets=[ast.Name(id=name)],
            value=ast.Call(
                func=ast.Attribute(value=ast.Name(id="torch"), attr=made),
                args=[_, *_],
                keywords=given,
            ) as call,
        ) if made in _MADE and not any(each.arg == "requires_grad" for each in given):
            yield name, call


def _place_of(node: ast.stmt | ast.expr, lines: list[str]) -> Span:
    """The span of a node of the same text, in characters."""
    start = characters(lines[node.lineno - 1], node.col_offset)
    end_line = node.end_lineno or node.lineno
    end = characters(lines[end_line - 1], node.end_col_offset or 0)
    return Span(node.lineno, start, end_line, end)
