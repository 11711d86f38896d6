"""Text → syntax tree with places in characters, bounded in length, size and depth.

`SyntaxTree.of(source)` gives the tree, or raises `ProgramRejected` for text that is empty, too
long, too deep or not Python. Nothing is compiled or executed; the tree is walked with a stack,
never by recursion.
"""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import msgspec

from viz.errors import N_, ProgramRejected, problem
from viz.program.notation.brackets import too_deep
from viz.program.notation.complaints import mended
from viz.program.notation.documents import cells_of_file
from viz.program.notation.pasted import has_captions, is_of_a_notebook, only_code
from viz.records import MAX_SOURCE, Problem, Span, characters
from viz.trees import parse

MAX_TREE: Final = 10_000
"""Nodes of a syntax tree."""
MAX_DEPTH: Final = 200
"""Nested nodes of a syntax tree; a sum of 150 terms is 150 deep."""


@dataclass
class SyntaxTree:
    """A parsed source: its statements, each node's parent, and where nodes stand."""

    source: str
    module: ast.Module
    nodes: list[ast.AST] = field(default_factory=list)
    parents: dict[ast.AST, ast.AST] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    _within: dict[ast.AST, list[ast.AST]] = field(default_factory=dict)

    @classmethod
    def of(cls, source: str) -> SyntaxTree:
        """The tree of the source; raises `ProgramRejected`."""
        check_text(source)
        tree = cls(source, _parsed(source), lines=source.split("\n"))
        tree._walk()
        return tree

    @classmethod
    def of_typed(cls, source: str) -> SyntaxTree:
        """The tree of a typed text; where Python cannot read it, of the code in what a notebook, a
        prompt or a page has around it.
        """
        if is_of_a_notebook(source):  # `In [1]: x = 2` is Python, too: an annotation
            code = only_code(source)
            if code == source and (cells := cells_of_file(source)) is not None:
                raise ProgramRejected(_file(cells))
            return cls.of(code)
        try:
            found = cls.of(source)
        except ProgramRejected:
            code = only_code(source)
            if code == source:
                raise
            return cls.of(code)
        return cls.of(only_code(source)) if has_captions(source) else found

    @cached_property
    def functions(self) -> dict[str, list[ast.FunctionDef]]:
        """The program's outermost functions by their names."""
        found: dict[str, list[ast.FunctionDef]] = {}
        for each in self.module.body:
            if isinstance(each, ast.FunctionDef):
                found.setdefault(each.name, []).append(each)
        return found

    def _walk(self) -> None:
        """Lists all nodes in the order of the source and notes parents; bounds size and depth."""
        stack: list[tuple[ast.AST, int]] = [(self.module, 0)]
        while stack:
            node, depth = stack.pop()
            self.nodes.append(node)
            if depth > MAX_DEPTH:
                raise ProgramRejected(_too_deep(self.span(node)))
            if len(self.nodes) > MAX_TREE:
                raise ProgramRejected(_too_large())
            depth += 1
            for child in reversed(_children(node)):
                self.parents[child] = node
                stack.append((child, depth))

    def span(self, node: ast.AST) -> Span:
        """Where a node stands, columns in characters."""
        line = getattr(node, "lineno", 1)
        end = getattr(node, "end_lineno", None) or line
        return Span(
            line,
            self.column(line, getattr(node, "col_offset", 0)),
            end,
            self.column(end, getattr(node, "end_col_offset", None) or 0),
        )

    def first_line(self, node: ast.AST) -> Span:
        """Where a node stands on its first line: what a message about a statement points at."""
        span = self.span(node)
        if span.end_line == span.line:
            return span
        return Span.in_line(span.line, span.column, len(self.lines[span.line - 1]))

    def column(self, line: int, byte: int) -> int:
        """The character's place in its line, given the byte's place."""
        if line > len(self.lines):
            return 0
        return characters(self.lines[line - 1], byte)

    def text(self, node: ast.AST) -> str:
        """A node's own text."""
        return self.span(node).text(self.lines)

    def within(self, node: ast.AST) -> list[ast.AST]:
        """A node and all within it, listed once; to be read only."""
        if node not in self._within:
            self._within[node] = list(ast.walk(node))
        return self._within[node]

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, from the inside out."""
        while (parent := self.parents.get(node)) is not None:
            yield parent
            node = parent


def _children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below a node that have a place, in the order of the source."""
    found: list[ast.AST] = []
    for name in node._fields:
        part = getattr(node, name, None)
        if isinstance(part, list):
            found += [each for each in part if isinstance(each, ast.AST)]
        elif isinstance(part, ast.AST):
            found.append(part)
    return [each for each in found if not isinstance(each, _MARKS)]


def has_place(node: ast.AST) -> bool:
    """Whether a node is more than the shared marks for operators and contexts."""
    return not isinstance(node, _MARKS)


_MARKS: Final = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)


def place(source: str, offset: int) -> Span:
    """The span of the character at an offset into the source."""
    line = source.count("\n", 0, offset) + 1
    column = offset - (source.rfind("\n", 0, offset) + 1)
    return Span.in_line(line, column, column + 1)


def check_text(source: str) -> None:
    """Raises `ProgramRejected` for text that is empty, too long, or no plain text."""
    if len(source) > MAX_SOURCE:
        raise ProgramRejected(
            problem(
                N_("The program is too long: {length} characters."),
                N_("At most {limit} are allowed; leave out what the function does not need."),
                length=str(len(source)),
                limit=str(MAX_SOURCE),
            )
        )
    if not source.strip():
        raise ProgramRejected(
            problem(
                N_("There is nothing here yet."),
                N_("Type an expression such as sin(x)*x**2, or a function: def f(x): return x**2"),
            )
        )
    for offset, character in enumerate(source):
        if character not in "\n\t\f" and unicodedata.category(character) in ("Cc", "Cs"):
            raise ProgramRejected(_odd_character(source, offset))
    _check_brackets(source)


def _odd_character(source: str, offset: int) -> Problem:
    return problem(
        N_("The text holds a character that cannot be shown: {code}."),
        N_("Delete it and type the line again."),
        span=place(source, offset),
        code=f"U+{ord(source[offset]):04X}",
    )


def _check_brackets(source: str) -> None:
    """Counts nested brackets outside strings, before the parser sees them."""
    if (offset := too_deep(source)) is not None:
        raise ProgramRejected(_too_deep(place(source, offset)))


def _parsed(source: str) -> ast.Module:
    """The parser's tree, its errors in the explorer's words."""
    try:
        return parse(source)
    except SyntaxError as error:
        raise ProgramRejected(mended(source, error)) from None
    except (RecursionError, MemoryError):
        raise ProgramRejected(_too_deep(None)) from None
    except ValueError:
        raise ProgramRejected(_too_large()) from None


def _file(cells: str) -> Problem:
    """A notebook's file that is written otherwise than notebooks write theirs."""
    found = problem(N_("This is a notebook's file."), N_("Take its code cells alone, as a script."))
    fits = cells.strip() and len(cells) <= MAX_SOURCE
    return msgspec.structs.replace(found, mended=cells if fits else None)


def _too_deep(span: Span | None) -> Problem:
    return problem(
        N_("The program is nested too deeply."),
        N_("At most {limit} levels are allowed: give parts of it their own names, or use a loop."),
        span=span,
        limit=str(MAX_DEPTH),
    )


def _too_large() -> Problem:
    return problem(
        N_("The program is too large."),
        N_("At most {limit} parts are allowed: use loops and functions for what repeats."),
        limit=str(MAX_TREE),
    )
