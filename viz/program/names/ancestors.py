"""What was meant by an `__init__` of `super` that is not called, or not called as it should be."""

from __future__ import annotations

import ast
from typing import Final

import msgspec

from viz.errors import N_, problem
from viz.program.syntax.tree import SyntaxTree
from viz.records import Problem, Span

_NOT_CALLED: Final = N_("super().__init__ is named here and not called.")
_ITSELF: Final = N_("super is named here without its brackets.")
_WITH_BRACKETS: Final = N_("Write super().__init__() with its brackets.")


def of_super(tree: SyntaxTree, node: ast.Attribute, span: Span) -> Problem | None:
    """`super().__init__` on a line of its own; `super.__init__(Net, self)`, called of the function
    itself.
    """
    parent = tree.parents.get(node)
    if node.attr != "__init__":
        return None
    match node.value:
        case ast.Call(func=ast.Name(id="super"), args=[]) if isinstance(parent, ast.Expr):
            message, meant = _NOT_CALLED, "__init__()"
        case ast.Name(id="super") if (
            isinstance(parent, ast.Call)
            and parent.func is node
            and not parent.keywords
            and all(isinstance(each, ast.Name) for each in parent.args)
        ):
            message, meant, span = _ITSELF, "super().__init__()", tree.span(parent)
        case _:
            return None
    found = problem(message, _WITH_BRACKETS, span=span)
    return msgspec.structs.replace(found, replacement=meant)
