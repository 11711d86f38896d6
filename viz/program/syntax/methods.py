"""Functions that stand outside of a class and become a method of one."""

from __future__ import annotations

import ast
from typing import Final

ADDING: Final = "add_to_class"


def is_added(node: ast.AST) -> bool:
    """Whether it is a function that becomes a class's method: `@add_to_class(A)` stands above."""
    if not isinstance(node, ast.FunctionDef):
        return False
    called = (each.func for each in node.decorator_list if isinstance(each, ast.Call))
    return any(
        (each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "")) == ADDING
        for each in called
    )
