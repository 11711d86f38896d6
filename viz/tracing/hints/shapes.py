"""Which shapes met where a run failed: of each name at the place what it held and where it was set.

`shapes_at(source, error, span)` asks the frame that failed, `told(…)` writes them down, and
`transposed(…)` gives the program with the one transposition with which a product of two matrices
fits; `None` where none or several do.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from keyword import iskeyword
from types import FrameType
from typing import Any, Final

import numpy as np
import torch

from viz.records import Span
from viz.tracing.hints.mends.edits import assigned_to, edited, node_at, text_of
from viz.tracing.source_map import SourceMap

ShapesByName = Mapping[str, tuple[int, ...] | str]
"""By the text of a name or of `self.name` its shape; of a linear layer how it was made."""

MOST: Final = 4
"""Names that are told."""
LONGEST: Final = 40
"""Characters of one of them."""
MOST_SIDES: Final = 8


def shapes_at(source: SourceMap, error: BaseException, span: Span | None) -> ShapesByName:
    """The shapes of the tensors and arrays that the failed expression names."""
    frame = _failed_in(source, error)
    node = node_at(source, span) if span is not None else None
    found: dict[str, tuple[int, ...] | str] = {}
    if frame is None or node is None:
        return found
    for each in _named(node):
        value = _held(frame, each)
        sized = isinstance(value, np.ndarray | torch.Tensor) and not getattr(value, "is_nested", 0)
        if sized and len(value.shape) <= MOST_SIDES:
            found[ast.unparse(each)] = tuple(value.shape)
        elif type(value) is torch.nn.Linear:
            found[ast.unparse(each)] = f"Linear({value.in_features}, {value.out_features})"
    return {name: shape for name, shape in found.items() if len(name) <= LONGEST}


def _named(node: ast.AST) -> list[ast.Name | ast.Attribute]:
    """The names and attributes in an expression, in the order of the text."""
    found = [each for each in ast.walk(node) if isinstance(each, ast.Name | ast.Attribute)]
    return sorted(found, key=lambda each: (each.lineno, each.col_offset))


def _failed_in(source: SourceMap, error: BaseException) -> FrameType | None:
    """The innermost frame of the program that the error went through."""
    found, at = None, error.__traceback__
    while at is not None:
        found = at.tb_frame if source.owns(at.tb_frame) else found
        at = at.tb_next
    return found


def _held(frame: FrameType, node: ast.Name | ast.Attribute) -> Any:
    """What a name holds, or `self.name` of an object's own; it calls nothing of the program's."""
    match node:
        case ast.Name(id=name):
            return frame.f_locals.get(name, frame.f_globals.get(name))
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            try:
                held = object.__getattribute__(frame.f_locals.get("self"), "__dict__")
            except AttributeError:
                return None
            stores = (held.get(each) for each in ("_parameters", "_buffers", "_modules"))
            parts = [held, *(each for each in stores if isinstance(each, dict))]
            return next((each[name] for each in parts if name in each), None)
        case _:
            return None


def told(source: SourceMap, span: Span | None, shapes: ShapesByName) -> str:
    """`x: [5, 3] (L2), w: [1, 3] (L3)`; empty where nothing is known."""
    return ", ".join(list(_each(source, span, shapes))[:MOST])


def _each(source: SourceMap, span: Span | None, shapes: ShapesByName) -> Iterator[str]:
    for name, shape in shapes.items():
        before = [
            each.lineno
            for each in assigned_to(source, name)
            if span is not None and each.lineno <= span.line
        ]
        where = f" (L{before[-1]})" if before else ""
        yield f"{name}: {shape if isinstance(shape, str) else list(shape)}{where}"


def transposed(source: SourceMap, span: Span, shapes: ShapesByName) -> str | None:
    """The program with `x @ w.T` for the failed `x @ w`, if that alone fits; of a function, whose
    inputs may be at fault, none.
    """
    node = node_at(source, span)
    if isinstance(source.tree.body[-1], ast.FunctionDef):
        return None
    match node:
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            pass
        case ast.Call(func=ast.Attribute(value=ast.Name(id="torch"), attr="matmul" | "mm"),
                      args=[left, right], keywords=[]):  # fmt: skip
            pass
        case ast.Call(func=ast.Attribute(value=left, attr="matmul" | "mm"), args=[right],
                      keywords=[]):  # fmt: skip
            pass
        case _:
            return None
    first, second = _shape_of(left, shapes), _shape_of(right, shapes)
    if first is None or second is None or len(first) != len("xy") or len(second) > len("xy"):
        return None
    fits = []
    if second and first[0] == second[0]:
        fits.append(left)
    if len(second) == len("xy") and first[1] == second[1]:
        fits.append(right)
    swapped = len(second) == len("xy") and second[1] == first[0]
    if len(fits) != 1 or swapped:
        return None
    return edited(source, [(fits[0], _turned(source, fits[0]))])


def _shape_of(node: ast.expr, shapes: ShapesByName) -> tuple[int, ...] | None:
    """The shape of a name, and of its `.T`."""
    if isinstance(node, ast.Attribute) and node.attr in ("T", "mT"):
        inner = _shape_of(node.value, shapes)
        return inner[::-1] if inner is not None else None
    shape = shapes.get(ast.unparse(node))
    return shape if isinstance(shape, tuple) else None


def _turned(source: SourceMap, node: ast.expr) -> str:
    if isinstance(node, ast.Attribute) and node.attr in ("T", "mT"):
        return text_of(source, node.value)
    return f"{text_of(source, node)}.T"


def looked_at(source: SourceMap, span: Span | None) -> str:
    """What shows the shapes of the tensors in an expression: `A.shape, b.shape` for `A @ b`."""
    text = source.text(span) if span else ""
    found = dict.fromkeys(_TENSORS.findall(text[:200]))
    names = [each for each in found if not iskeyword(each) and each not in _NO_TENSORS]
    return ", ".join(f"{name}.shape" for name in names[:3] or ("x",))


_NO_TENSORS: Final = frozenset({"torch", "F", "nn", "np", "math", "self"})
_TENSORS: Final = re.compile(r"(?<![\w.\"'])[^\W\d]\w{0,30}\b(?!\s*[\w(=\"'])")
"""Names that are not called: `u` and `v` of `u.dot(v)`."""
