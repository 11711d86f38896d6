"""What a program takes: its inputs, which of them are whole numbers, and where they start.

A start value is the default that the source gives; without one it follows from how the name is
used (`viz.program.inputs.starts`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import Final

from viz.program.allowlist.words import words
from viz.program.inputs.partners import Partners
from viz.program.inputs.starts import start_of
from viz.program.syntax.tree import SyntaxTree
from viz.records import Input

WHOLE: Final = "3"
"""Where an input starts that counts or indexes."""

_ALL_SIZES: Final = frozenset(words("zeros ones eye rand randn randperm"))


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
            return {each.id for each in _sizes(name, args) if isinstance(each, ast.Name)}
        case ast.Subscript(slice=ast.Tuple(elts=parts)):
            return set().union(*map(_indices, parts)) if parts else set()
        case ast.Subscript(slice=part):
            return _indices(part)
        case ast.arg(arg=name, annotation=ast.Name(id="int")):
            return {name}
        case _:
            return set()


def _sizes(function: str, args: list[ast.expr]) -> list[ast.expr]:
    """The arguments of a call that are sizes."""
    if function in _ALL_SIZES:
        return args
    return args[1:2] if function == "one_hot" else []


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


def is_whole(text: str) -> bool:
    """Whether a text is a whole number of at most nine digits."""
    return re.fullmatch(r"[-+]?[0-9]{1,9}", text) is not None


def inputs_of(tree: SyntaxTree, names: Iterable[str], starts: dict[str, str]) -> tuple[Input, ...]:
    """The inputs with their start values; `starts` are those that the source gives.

    A name that counts or indexes starts as a whole number, unless the source starts it otherwise
    (a list of indices).
    """
    order = list(names)
    counted, partners = integer_names(tree, order), Partners(tree)
    found: list[Input] = []
    for name, text in starts.items():
        partners.shapes.start(name, text)
    for name in order:
        given = starts.get(name)
        whole = name in counted and (given is None or is_whole(given))
        start = given or (WHOLE if whole else start_of(partners, name))
        found.append(Input(name, start, whole))
    return tuple(found)
