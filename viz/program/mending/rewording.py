"""The words of another library in one program, and what is written in their place.

`Rewording` holds the edits and what names stand for; `NoWord` is raised where something of a
library has no like in torch. `numbers(node)` tells what is made of numbers alone.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Final

from viz.program.allowlist.words import words
from viz.program.names.libraries import REDUCTIONS, SAME
from viz.program.syntax.scopes import Scopes
from viz.program.syntax.tree import SyntaxTree

LIBRARIES: Final = ("jax", "autograd", "tensorflow")
DOUBLES: Final = "torch.set_default_dtype(torch.float64)"
_OTHERWISE: Final = frozenset(
    words(
        "size transpose max min argmax argmin std var repeat astype copy at sort swapaxes ndim"
        " block_until_ready apply_gradients trainable_variables weak_type devices value assign"
    )
)
"""Attributes that an array of these libraries has, and a tensor has otherwise or not at all."""
_OF_MATH: Final = frozenset(words("sin cos tan exp log log2 log10 sqrt tanh sinh cosh"))
_OF_TENSORS: Final = frozenset(words("maximum minimum logaddexp hypot arctan2"))

Edit = tuple[int, int, int, int, str]
"""A stretch, by line and column and its end, and what is to stand there."""


class NoWord(Exception):
    """Something of the library has no like in torch."""


@dataclass
class Rewording:
    """What is changed of one program; `full` has the library's names, `done` what needs no more."""

    tree: SyntaxTree
    scopes: Scopes
    edits: set[Edit] = field(default_factory=set)
    imported: set[str] = field(default_factory=set)
    full: dict[str, str] = field(default_factory=dict)
    done: set[ast.AST] = field(default_factory=set)

    def text(self, source: str) -> str:
        """The source with all edits, the last first."""
        lines = source.split("\n")
        for line, column, end_line, end, text in sorted(self.edits, reverse=True):
            rest = lines[end_line - 1][end:]
            lines[line - 1 : end_line] = [
                lines[line - 1][:column] + text + rest,
                *[""] * (end_line - line),
            ]
        return "\n".join(lines)

    def replace(self, node: ast.AST, text: str) -> None:
        """Another text in a node's place."""
        span = self.tree.span(node)
        self.edits.add((span.line, span.column, span.end_line, span.end_column, text))
        self.done.update(ast.walk(node))
        if any(isinstance(each, ast.JoinedStr) for each in self.tree.ancestors(node)):
            raise NoWord  # places in it are not sure

    def between(self, start: tuple[int, int], end: tuple[int, int], text: str) -> None:
        """A text in the place of all from one place up to another."""
        self.edits.add((*start, *end, text))

    def around(self, node: ast.AST, before: str, after: str) -> None:
        """A node with something before and behind it."""
        self.between(self.start(node), self.start(node), before)
        self.between(self.end(node), self.end(node), after)

    def start(self, node: ast.AST) -> tuple[int, int]:
        """Where a node begins."""
        span = self.tree.span(node)
        return span.line, span.column

    def end(self, node: ast.AST) -> tuple[int, int]:
        """Where a node ends."""
        span = self.tree.span(node)
        return span.end_line, span.end_column

    def take_import(self, node: ast.Import | ast.ImportFrom) -> None:
        """Notes what an import of a library brings; torch's stands in its place."""
        module = (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
        library = module.split(".")[0]
        if library not in LIBRARIES:
            return
        if isinstance(node, ast.Import) and len(node.names) > 1:
            raise NoWord
        for each in node.names:
            first = each.name.split(".")[0]
            name = each.asname or (first if isinstance(node, ast.Import) else each.name)
            if len(self.scopes.binders(name)) != 1 or name == "*":
                raise NoWord
            whole = each.name if each.asname else first
            self.full[name] = f"{module}.{each.name}" if isinstance(node, ast.ImportFrom) else whole
        parts = [] if self.imported else ["import torch"]
        if library == "autograd" and library not in self.imported:
            parts.append(DOUBLES)
        self.imported.add(library)
        inside = self.tree.parents[node] is not self.tree.module
        self.replace(node, "; ".join(parts) or ("pass" if inside else ""))

    def name(self, node: ast.AST) -> str | None:
        """The full name of a part of the library, `None` of anything else."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.insert(0, node.attr)
            node = node.value
        if isinstance(node, ast.Name) and node.id in self.full:
            return ".".join([self.full[node.id], *parts])
        return None

    def part(self, node: ast.Attribute | ast.Name) -> None:
        """A name of the library, or one behind a dot that means something else here."""
        name = self.name(node)
        if name is None:
            if isinstance(node, ast.Attribute) and node.attr in _OTHERWISE:
                raise NoWord
            if isinstance(node, ast.Attribute) and node.attr == "numpy":
                self.between(self.end(node.value), self.end(node.value), ".detach()")
        elif not isinstance(self.tree.parents.get(node), ast.Attribute):
            self.replace(node, self._meant(name))

    def _meant(self, name: str) -> str:
        for library, known in SAME.items():
            if name.startswith(f"{library}.") and name[len(library) + 1 :] in known:
                return known[name[len(library) + 1 :]]
        raise NoWord

    def call(self, node: ast.Call, name: str) -> None:
        """A call of one of the library's functions."""
        last = name.rpartition(".")[2]
        if name in REDUCTIONS:
            keywords = {each.arg for each in node.keywords}
            if len(node.args) + len(keywords) > 2 or not keywords <= {"axis"}:
                raise NoWord
            self.replace(node.func, REDUCTIONS[name])
            return
        for each in node.keywords:
            meant = _KEYWORDS.get(f"{name}.{each.arg}")
            if meant is None:
                raise NoWord
            line, column = self.start(each)
            self.between((line, column), (line, column + len(each.arg or "")), meant)
        if last in _OF_MATH and all(map(self.is_constant, node.args)):
            self.replace(node.func, f"math.{last}")
        elif last in _OF_TENSORS:
            for given in filter(self.is_constant, node.args):
                self.around(given, "torch.tensor(", ")")

    def is_constant(self, node: ast.expr) -> bool:
        """Whether an expression is a number, or made of numbers and the library's pi."""
        match node:
            case ast.Attribute(attr="pi" | "e"):
                return self.name(node) is not None
            case ast.BinOp(left=left, right=right):
                return self.is_constant(left) and self.is_constant(right)
            case ast.UnaryOp(operand=inner):
                return self.is_constant(inner)
            case _:
                return numbers(node) and not isinstance(node, ast.List | ast.Tuple)


_KEYWORDS: Final = {
    **{f"jax.{name}.argnums": "argnums" for name in words("grad jacrev jacfwd hessian")},
    "jax.vmap.in_axes": "in_dims",
    "jax.vmap.out_axes": "out_dims",
    "autograd.grad.argnum": "argnums",
    "autograd.jacobian.argnum": "argnums",
}


def numbers(node: ast.expr) -> bool:
    """Whether an expression is a number, or a list of numbers."""
    match node:
        case ast.Constant(value=int() | float() as value):
            return not isinstance(value, bool)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=inner):
            return numbers(inner)
        case ast.BinOp(left=left, right=right):
            return numbers(left) and numbers(right)
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return all(map(numbers, parts))
        case _:
            return False


def has_a_point(node: ast.expr) -> bool:
    """Whether one of an expression's numbers is no whole one."""
    return any(
        isinstance(each, ast.Constant) and isinstance(each.value, float) for each in ast.walk(node)
    )
