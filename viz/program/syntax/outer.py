"""`global` and `nonlocal`: allowed in a function before the name is used, for names that are there.

`check_outer(tree, scopes)` raises `ProgramRejected` for what a compiler would refuse as well: a
parameter that is global, an annotated one, a nonlocal that no function around binds.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from viz.errors import N_, ProgramRejected, problem
from viz.program.syntax.placement import parameters
from viz.program.syntax.scopes import Scopes, bound_names
from viz.program.syntax.tree import SyntaxTree
from viz.records import MAX_NAME

_Declared = ast.Global | ast.Nonlocal


def check_outer(tree: SyntaxTree, scopes: Scopes) -> None:
    """Raises `ProgramRejected` at the first declaration that may not stand there."""
    for node in tree.nodes:
        if not isinstance(node, ast.Global | ast.Nonlocal):
            continue
        for name, message, remedy in _wrong(tree, scopes, node):
            raise ProgramRejected(
                problem(message, remedy, span=tree.first_line(node), name=name[:MAX_NAME])
            )


def _wrong(tree: SyntaxTree, scopes: Scopes, node: _Declared) -> Iterator[tuple[str, str, str]]:
    function = tree.parents[node]
    if isinstance(function, ast.Module) and isinstance(node, ast.Global):
        return
    if not isinstance(function, ast.FunctionDef) or (late := _used_before(function, node)):
        yield (
            late if isinstance(function, ast.FunctionDef) else node.names[0],
            N_("The declaration of {name} comes too late, or is outside a function."),
            N_("Make it the first line of the function that changes {name}."),
        )
        return
    taken = {each.arg for each in parameters(function.args)} | _annotated(function)
    others = [each for each in _declared(function) if type(each) is not type(node)]
    taken |= {name for each in others for name in each.names}
    for name in node.names:
        if name in taken:
            yield (
                name,
                N_("{name} is the function's own and cannot come from outside as well."),
                N_("Take the declaration away, or give one of the two another name."),
            )
        if isinstance(node, ast.Nonlocal) and not _bound_around(scopes, function, name):
            yield (
                name,
                N_("No function around this one sets {name}."),
                N_("Set {name} in the outer function, or write global {name}."),
            )


def _declared(function: ast.FunctionDef) -> list[_Declared]:
    """The declarations among a function's own statements."""
    return [each for each in function.body if isinstance(each, ast.Global | ast.Nonlocal)]


def _used_before(function: ast.FunctionDef, node: _Declared) -> str:
    """A name of the declaration that stands in the function before it, "" if there is none."""
    place = function.body.index(node)
    stack: list[ast.AST] = [*function.body[:place]]
    while stack:
        each = stack.pop()
        names = [*bound_names(each), *([each.id] if isinstance(each, ast.Name) else [])]
        if isinstance(each, ast.Global | ast.Nonlocal) and type(each) is type(node):
            names = []
        for name in names:
            if name in node.names:
                return name
        stack.extend(ast.iter_child_nodes(each))
    return ""


def _annotated(function: ast.FunctionDef) -> set[str]:
    """The names that a function annotates: `count: int = 0`."""
    found: set[str] = set()
    stack: list[ast.AST] = [*function.body]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
        stack.extend(ast.iter_child_nodes(node))
    return found


def _bound_around(scopes: Scopes, function: ast.FunctionDef, name: str) -> bool:
    """Whether a function around this one has the name as its own."""
    for scope in scopes.around(function):
        if not isinstance(scope, ast.FunctionDef | ast.Lambda):
            continue
        declared = _declared(scope) if isinstance(scope, ast.FunctionDef) else []
        from_outside = any(name in each.names for each in declared)
        if name in scopes.bound[scope] and not from_outside:
            return True
    return False
