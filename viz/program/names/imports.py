"""Imports as they may stand here: what nothing uses is passed over, `*` becomes the names meant.

`as_allowed(tree, scopes)` gives the source with as many lines and the names that it lacks now. In
place of an import of what is not here stands nothing, or `pass`, if the program uses nothing of
it: a notebook has that module, and is none the wiser. `from math import *` becomes an import of the
names of `math` that the program reads. All else stays where it stood.
"""

from __future__ import annotations

import ast

from viz.program.names.modules import Modules
from viz.program.syntax.scopes import Scopes
from viz.program.syntax.tree import SyntaxTree
from viz.records import MAX_NAME

AS_PART = {"torch.backends.cudnn": "torch.backends"}
"""Modules that stand here as a part of another one."""


def as_allowed(tree: SyntaxTree, scopes: Scopes) -> tuple[str, list[str]]:
    """The source, its imports as they may stand, and the full names that were passed over."""
    modules = Modules(tree, scopes)
    lines = list(tree.lines)
    passed: list[str] = []
    for node in tree.nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            missing = modules.left_out(node)
            passed += [_full_name(node, each) for each in missing]
            text = _as_part(node) or modules.of_star(node)
            text = modules.without(node, missing) if missing else text
            if text is not None:
                _write(tree, lines, node, text)
    return "\n".join(lines), passed


def _full_name(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    taken_from = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
    return f"{taken_from}{alias.name}"[:MAX_NAME]


def _as_part(node: ast.Import | ast.ImportFrom) -> str | None:
    """`import torch.backends.cudnn as cudnn`, said as `from torch.backends import cudnn`."""
    match node:
        case ast.Import(names=[ast.alias(name=name, asname=str(other))]) if name in AS_PART:
            part = name.rpartition(".")[2]
            return f"from {AS_PART[name]} import {part}" + (f" as {other}" if other != part else "")
        case _:
            return None


def _write(tree: SyntaxTree, lines: list[str], node: ast.AST, text: str) -> None:
    """Puts a text in a statement's place: what follows it keeps its line, and its column if there
    is room.
    """
    span = tree.span(node)
    first, last = span.line - 1, span.end_line - 1
    before, after = lines[first][: span.column], lines[last][span.end_column :]
    lines[first : last + 1] = [before + text, *[""] * (last - first)]
    width = span.end_column if after.strip() else 0
    lines[last] = lines[last].ljust(width) + after.rstrip()
