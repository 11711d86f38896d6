"""Methods that are named and not called: `y.sum + 1`, `y.backward` on a line of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Final

import torch

from viz.program.definitions.uncalled import named_only
from viz.records import Span
from viz.records.base import characters
from viz.tracing.source_map import SourceMap

_OWNERS: Final = (torch.Tensor, torch.nn.Module, torch.optim.Optimizer)
_NO_OBJECTS: Final = frozenset({"torch", "F", "nn", "np", "math", "self"})


def place_of(node: ast.expr | ast.stmt, lines: list[str]) -> Span:
    """Where an expression or a statement stands; of an attribute with what it is of."""
    last = node.end_lineno or node.lineno
    start = characters(lines[node.lineno - 1], node.col_offset)
    return Span(node.lineno, start, last, characters(lines[last - 1], node.end_col_offset or 0))


def bare(nodes: Iterable[ast.AST]) -> Iterator[ast.Attribute]:
    """The methods that are named among these and not called."""
    found = list(nodes)
    called = {id(node.func) for node in found if isinstance(node, ast.Call)}
    for node in found:
        match node:
            case ast.Attribute(value=ast.Name(id=owner)) if owner in _NO_OBJECTS:
                continue
            case ast.Attribute(attr=name, ctx=ast.Load()) if id(node) not in called:
                if any(callable(getattr(each, name, None)) for each in _OWNERS):
                    yield node


def lacking(source: SourceMap, span: Span) -> Span | None:
    """The method without brackets in a failed expression, or that a name in it was bound to."""
    found = [(each, place_of(each, source.lines)) for each in bare(ast.walk(source.tree))]
    for _, place in found:
        if within(place, span):
            return place
    names = source.text(span)
    for node in ast.walk(source.tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute() as value):
                place = place_of(value, source.lines)
                if name in names and any(value is each for each, _ in found):
                    return place
    return None


def backward_named(source: SourceMap, span: Span) -> Span | None:
    """The `y.backward` on a line of its own, before the failed one."""
    for each in named_only(ast.walk(source.tree)):
        if each.attr == "backward" and each.lineno <= span.line:
            return place_of(each, source.lines)
    return None


def within(inner: Span, outer: Span) -> bool:
    """Whether one place lies in another."""
    starts = (inner.line, inner.column) >= (outer.line, outer.column)
    return starts and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)
