"""Names that are left to the run: nothing may ever read them."""

from __future__ import annotations

import ast
from typing import Final

from viz.program.names import remedies
from viz.program.syntax.tree import SyntaxTree
from viz.records import Problem


def is_left(tree: SyntaxTree, node: ast.AST, found: Problem, asked: str | None) -> bool:
    """Whether a name is left to the run: a function that is not asked about may never read it, and
    it is not nearly another. A mend of what numpy had once waits where no line names the function.
    """
    if not is_idle(tree, node, asked):
        return False
    mistyped = found.replacement is not None and "." not in found.replacement
    return not mistyped or _is_never_named(tree, node)


def is_idle(tree: SyntaxTree, node: ast.AST, asked: str | None) -> bool:
    """Whether a node stands in a function that is not asked about; of an expression, `""` is."""
    if asked == "":
        return False
    function = _outermost(tree, node)
    if asked is None:
        return function is not None
    return isinstance(function, ast.FunctionDef) and function.name != asked


_FUNCTIONS: Final = (ast.FunctionDef, ast.Lambda)


def _outermost(tree: SyntaxTree, node: ast.AST) -> ast.AST | None:
    """The function that a node stands in, around all others."""
    found = None
    for each in tree.ancestors(node):
        if isinstance(each, _FUNCTIONS):
            found = each
    return found


def _is_never_named(tree: SyntaxTree, node: ast.AST) -> bool:
    """Whether a function reads what numpy had once and no line names it, or its class."""
    function = _outermost(tree, node)
    if not isinstance(node, ast.Attribute) or node.attr not in remedies.OF_OLD["numpy"]:
        return False
    outside = tree.parents.get(function) if function is not None else None
    named = outside if isinstance(outside, ast.ClassDef) else function
    return isinstance(named, ast.FunctionDef | ast.ClassDef) and not any(
        isinstance(each, ast.Name) and each.id == named.name for each in tree.nodes
    )
