"""What a parameter's default says: a start value, or something that is no number and stays."""

from __future__ import annotations

import ast

from viz.errors import N_, ProgramRejected, problem
from viz.program.allowlist import allowed
from viz.program.syntax.scopes import Scopes
from viz.program.syntax.tree import SyntaxTree
from viz.records import MAX_TYPED


def meaning(tree: SyntaxTree, scopes: Scopes, default: ast.expr) -> ast.expr:
    """The default itself, or the value of the one assignment that its name stands for."""
    if isinstance(default, ast.Name):
        match [tree.parents.get(each) for each in scopes.binders(default.id)]:
            case [ast.Assign(targets=[ast.Name()], value=value) as assigned]:
                return value if tree.parents[assigned] is tree.module else default
    return default


def is_no_number(node: ast.expr) -> bool:
    """Whether it is no start value: `None`, `True`, a text, a function, a dict."""
    match node:
        case ast.Constant(value=None | bool() | str()) | ast.Lambda() | ast.Dict():
            return True
        case ast.Constant() | ast.List() | ast.Tuple() | ast.BinOp() | ast.UnaryOp() | ast.Call():
            return False
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name not in allowed.NUMBERS
        case _:
            return True


def start_text(tree: SyntaxTree, scopes: Scopes, node: ast.expr, name: str) -> str | None:
    """The text of a start value on one line; `None` where it needs the program's own names.

    Raises `ProgramRejected` if it is too long.
    """
    own = scopes.names()
    if any(isinstance(each, ast.Name) and each.id in own for each in ast.walk(node)):
        return None
    text = tree.text(node)
    if "\n" in text and max(map(len, text.split())) <= MAX_TYPED:  # Python writes no number so long
        text = ast.unparse(node)
    if len(text) > MAX_TYPED:
        raise ProgramRejected(
            problem(
                N_("The default value of {name} is too long."),
                N_("At most {limit} characters are allowed: write torch.linspace or torch.randn."),
                span=tree.first_line(node),
                name=name,
                limit=str(MAX_TYPED),
            )
        )
    return text
