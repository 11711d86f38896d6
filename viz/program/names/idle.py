"""Names that are left to the run: nothing may ever read them."""

from __future__ import annotations

import ast

from viz.program.names import remedies
from viz.program.syntax.tree import SyntaxTree
from viz.records import Problem


def is_left(tree: SyntaxTree, node: ast.AST, found: Problem, asked: str | None) -> bool:
    """Whether a name is left to the run: a function that is not asked about may never read it, and
    it is not nearly another. A mend of what numpy had once waits where no line names the function.
    """
    mistyped = found.replacement is not None and "." not in found.replacement
    around = _functions_around(tree, node)
    if asked == "" or (mistyped and not (around and _is_never_named(tree, node, around[-1]))):
        return False
    return is_idle(tree, node, asked)


def is_idle(tree: SyntaxTree, node: ast.AST, asked: str | None) -> bool:
    """Whether a node stands in a function that is not asked about."""
    around = _functions_around(tree, node)
    if asked is None or not around:
        return bool(around)
    return isinstance(around[-1], ast.FunctionDef) and around[-1].name != asked


def _functions_around(tree: SyntaxTree, node: ast.AST) -> list[ast.AST]:
    functions = ast.FunctionDef | ast.Lambda
    return [each for each in tree.ancestors(node) if isinstance(each, functions)]


def _is_never_named(tree: SyntaxTree, node: ast.AST, function: ast.AST) -> bool:
    """Whether a function reads what numpy had once and no line names it, or its class."""
    if not isinstance(node, ast.Attribute) or node.attr not in remedies.OF_OLD["numpy"]:
        return False
    outside = tree.parents.get(function)
    named = outside if isinstance(outside, ast.ClassDef) else function
    return isinstance(named, ast.FunctionDef | ast.ClassDef) and not any(
        isinstance(each, ast.Name) and each.id == named.name for each in tree.nodes
    )
