"""How much code a program becomes: a `finally` is compiled anew for every way out of its `try`.

A few hundred `return`s inside `try … finally` make gigabytes of code from a few kilobytes of text,
in seconds of compiling that no timer can name a line for. `check_copies(tree)` counts instead.
"""

from __future__ import annotations

import ast
from collections import Counter
from typing import Final

from viz.errors import N_, ProgramRejected, problem
from viz.program.syntax.tree import SyntaxTree

MAX_COPIED: Final = 50_000
"""Nodes of the tree when every `finally` is written out wherever it runs."""

_EXITS = (ast.Return, ast.Break, ast.Continue)


def check_copies(tree: SyntaxTree) -> None:
    """Raises `ProgramRejected` where `finally` blocks would make too much code."""
    exits = _exits(tree)
    copies: dict[ast.AST, int] = {}
    total = 0
    for node in tree.nodes:
        parent = tree.parents.get(node)
        copies[node] = copies.get(parent, 1) if parent else 1
        if isinstance(parent, ast.Try) and node in parent.finalbody:
            copies[node] *= exits[parent] + 2
        total += copies[node]
        if total > MAX_COPIED:
            raise ProgramRejected(
                problem(
                    N_("Too many ways lead out of a try that has a finally."),
                    N_("Leave the finally out, or return once, after the try."),
                    span=tree.first_line(node),
                )
            )


def _exits(tree: SyntaxTree) -> Counter[ast.AST]:
    """How many statements leave each `try`, its `finally` itself aside."""
    found: Counter[ast.AST] = Counter()
    for node in tree.nodes:
        if not isinstance(node, _EXITS):
            continue
        child: ast.AST = node
        for each in tree.ancestors(node):
            if isinstance(each, ast.FunctionDef):
                break
            if isinstance(each, ast.Try) and child not in each.finalbody:
                found[each] += 1
            child = each
    return found
