"""Format strings: whether one asks for parts of what it is given."""

from __future__ import annotations

import ast
import string

from viz.program.syntax.tree import SyntaxTree


def is_plain_template(template: str, depth: int = 0) -> bool:
    """Whether every field of a format string is empty, a number or a name: no `.x`, no `[0]`."""
    try:
        fields = list(string.Formatter().parse(template))
    except ValueError:
        return False
    return depth < 3 and all(
        name is None
        or (
            (not name or name.isidentifier() or name.isdecimal())
            and is_plain_template(spec or "", depth + 1)
        )
        for _, name, spec, _ in fields
    )


def is_plain_format(tree: SyntaxTree, node: ast.Attribute) -> bool:
    """`'x = {:.3f}'.format(x)`: a text that is written out and reaches for no attribute."""
    call = tree.parents.get(node)
    return (
        node.attr == "format"
        and isinstance(node.ctx, ast.Load)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        and isinstance(call, ast.Call)
        and call.func is node
        and is_plain_template(node.value.value)
    )
