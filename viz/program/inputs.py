"""What a program takes: its inputs, which of them are whole numbers, and where they start.

A start value is the default that the source gives; without one it follows from the first telling
use of the name (`START`): a scalar is 1.0, a factor of `dot` is `torch.arange(4.0)`, a factor of
`@` is a matrix.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Final

from viz.program.syntax import SyntaxTree
from viz.program.words import words
from viz.records import Input

VECTOR: Final = "torch.arange(4.0)"
MATRIX: Final = "torch.randn(3, 3)"
BATCH: Final = "torch.randn(2, 3)"
IMAGE: Final = "torch.randn(1, 1, 6, 6)"
SCALAR: Final = "1.0"
INSIDE: Final = "0.5"
OUTSIDE: Final = "2.0"
WHOLE: Final = "3"

START: Final[dict[str, str]] = {
    # where the derivative at 1 is infinite
    **dict.fromkeys(
        words("asin acos atanh arcsin arccos arctanh erfinv logit ndtri"),
        INSIDE,
    ),
    **dict.fromkeys(("acosh", "arccosh"), OUTSIDE),
    **dict.fromkeys(
        words(
            "dot inner outer vdot len cumsum cumprod cummax sort argsort topk diff trapezoid"
            " trapz softmax log_softmax logsumexp norm vector_norm normalize prod mean std var"
            " median layer_norm cosine_similarity cross_entropy mse_loss unbind flip roll"
        ),
        VECTOR,
    ),
    **dict.fromkeys(
        words(
            "matmul mm mv det slogdet inv inverse trace eig eigh eigvals eigvalsh svd svdvals"
            " qr cholesky solve matrix_exp matrix_power matrix_norm pinv T mT t tril triu"
            " logdet"
        ),
        MATRIX,
    ),
    **dict.fromkeys(["Linear", "linear", "addmm", "bmm"], BATCH),
    **dict.fromkeys(
        ["conv2d", "max_pool2d", "avg_pool2d", "adaptive_avg_pool2d", "pixel_shuffle"], IMAGE
    ),
}
"""Start values by the function or attribute that the name is first used with."""

_SIZES: Final = frozenset(["zeros", "ones", "eye", "rand", "randn", "randperm", "full", "one_hot"])


def integer_names(tree: SyntaxTree, candidates: Iterable[str]) -> frozenset[str]:
    """The candidates that count or index: in `range(…)`, as a plain index, as a size, or `int`."""
    wanted = frozenset(candidates)
    found: set[str] = set()
    for node in tree.nodes:
        found |= wanted & _counted(node)
    return frozenset(found)


def _counted(node: ast.AST) -> set[str]:
    """The names that this very node uses as whole numbers."""
    match node:
        case ast.Call(func=ast.Name(id="range"), args=args):
            return set().union(*map(_summands, args)) if args else set()
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args):
            return (
                {each.id for each in args if isinstance(each, ast.Name)}
                if name in _SIZES
                else set()
            )
        case ast.Subscript(slice=ast.Tuple(elts=parts)):
            return set().union(*map(_indices, parts)) if parts else set()
        case ast.Subscript(slice=part):
            return _indices(part)
        case ast.arg(arg=name, annotation=ast.Name(id="int")):
            return {name}
        case _:
            return set()


def _indices(node: ast.expr) -> set[str]:
    if isinstance(node, ast.Slice):
        parts = [each for each in (node.lower, node.upper, node.step) if each]
        return set().union(*map(_summands, parts)) if parts else set()
    return _summands(node)


def _summands(node: ast.expr) -> set[str]:
    """The names of a name, a sum or a product of names and numbers."""
    found, stack = set(), [node]
    while stack:
        match stack.pop():
            case ast.Name(id=name):
                found.add(name)
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult(), right=right):
                stack += [left, right]
            case ast.UnaryOp(operand=operand):
                stack.append(operand)
    return found


def start_of(tree: SyntaxTree, name: str) -> str:
    """The start value that the name's first telling use suggests."""
    for node in tree.nodes:
        if isinstance(node, ast.Name) and node.id == name and (found := _suggested(tree, node)):
            return found
    return SCALAR


def _suggested(tree: SyntaxTree, node: ast.Name) -> str | None:
    parent = tree.parents.get(node)
    match parent:
        case ast.BinOp(op=ast.MatMult()):
            return MATRIX
        case ast.Attribute(attr=attribute):
            return START.get(attribute)
        case ast.Subscript(value=value) if value is node:
            return VECTOR
        case ast.For(iter=value) | ast.comprehension(iter=value) if value is node:
            return VECTOR
        case ast.Call(func=ast.Name(id=function) | ast.Attribute(attr=function)):
            return START.get(function) if node in parent.args else None
        case ast.Call(func=ast.Call(func=ast.Attribute(attr="Linear"), args=sizes)):
            return _layer_input(sizes)
        case _:
            return None


def _layer_input(sizes: list[ast.expr]) -> str:
    """Two rows of as many numbers as the layer takes."""
    match sizes:
        case [ast.Constant(value=int(width)), *_] if 0 < width <= 64:
            return f"torch.randn(2, {width})"
        case _:
            return BATCH


def inputs_of(tree: SyntaxTree, names: Iterable[str], starts: dict[str, str]) -> tuple[Input, ...]:
    """The inputs with their start values; `starts` are those that the source gives."""
    order = list(names)
    whole = integer_names(tree, order)
    return tuple(
        Input(
            name,
            starts.get(name) or (WHOLE if name in whole else start_of(tree, name)),
            name in whole,
        )
        for name in order
    )
