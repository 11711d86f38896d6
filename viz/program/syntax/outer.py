"""`global` and `nonlocal`: allowed in a function before the name is used, for names that are there.

`check_outer(tree, scopes)` raises `ProgramRejected` for what a compiler would refuse as well: a
parameter that is global, an annotated one, a nonlocal that no function around binds.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from viz.errors import N_, ProgramRejected, problem
from viz.program.syntax.placement import parameters
from viz.program.syntax.scopes import Scopes, bound_names
from viz.program.syntax.tree import SyntaxTree
from viz.records import MAX_NAME

_Declared = ast.Global | ast.Nonlocal


def check_outer(tree: SyntaxTree, scopes: Scopes) -> None:
    """Raises `ProgramRejected` at the first declaration that may not stand there."""
    functions: dict[ast.FunctionDef, _Names] = {}

    def names_of(function: ast.FunctionDef) -> _Names:
        if function not in functions:
            functions[function] = _Names.of(function)
        return functions[function]

    for node in tree.nodes:
        if not isinstance(node, ast.Global | ast.Nonlocal):
            continue
        for name, message, remedy in _wrong(tree, scopes, node, names_of):
            raise ProgramRejected(
                problem(message, remedy, span=tree.first_line(node), name=name[:MAX_NAME])
            )


@dataclass(frozen=True)
class _Names:
    """What a function says of its names: found once, however many declarations it has.

    `places` has the number of each statement; `used`, by the kind of a declaration, the first
    statement in which something else has a name.
    """

    places: dict[ast.stmt, int]
    used: dict[type[_Declared], dict[str, int]]
    taken: frozenset[str]
    declared: dict[type[_Declared], frozenset[str]]

    @classmethod
    def of(cls, function: ast.FunctionDef) -> _Names:
        used: dict[type[_Declared], dict[str, int]] = {ast.Global: {}, ast.Nonlocal: {}}
        taken = {each.arg for each in parameters(function.args)}
        declared: dict[type[_Declared], set[str]] = {ast.Global: set(), ast.Nonlocal: set()}
        for place, statement in enumerate(function.body):
            if isinstance(statement, ast.Global | ast.Nonlocal):
                declared[type(statement)].update(statement.names)
            for node in ast.walk(statement):
                names = [*bound_names(node), *([node.id] if isinstance(node, ast.Name) else [])]
                for kind, first in used.items():
                    if type(node) is not kind:
                        for name in names:
                            first.setdefault(name, place)
                if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                    taken.add(node.target.id)
        return cls(
            {statement: place for place, statement in enumerate(function.body)},
            used,
            frozenset(taken),
            {kind: frozenset(names) for kind, names in declared.items()},
        )

    def used_before(self, node: _Declared) -> str:
        """A name of the declaration that stands in the function before it, "" if there is none."""
        place, first = self.places[node], self.used[type(node)]
        return next((name for name in node.names if first.get(name, place) < place), "")


def _wrong(
    tree: SyntaxTree,
    scopes: Scopes,
    node: _Declared,
    names_of: Callable[[ast.FunctionDef], _Names],
) -> Iterator[tuple[str, str, str]]:
    function = tree.parents[node]
    if isinstance(function, ast.Module) and isinstance(node, ast.Global):
        return
    if not isinstance(function, ast.FunctionDef) or (late := names_of(function).used_before(node)):
        yield (
            late if isinstance(function, ast.FunctionDef) else node.names[0],
            N_("The declaration of {name} comes too late, or is outside a function."),
            N_("Make it the first line of the function that changes {name}."),
        )
        return
    own = names_of(function)
    other = own.declared[ast.Nonlocal if isinstance(node, ast.Global) else ast.Global]
    for name in node.names:
        if name in own.taken or name in other:
            yield (
                name,
                N_("{name} is the function's own and cannot come from outside as well."),
                N_("Take the declaration away, or give one of the two another name."),
            )
        if isinstance(node, ast.Nonlocal) and not _bound_around(scopes, function, name, names_of):
            yield (
                name,
                N_("No function around this one sets {name}."),
                N_("Set {name} in the outer function, or write global {name}."),
            )


def _bound_around(
    scopes: Scopes,
    function: ast.FunctionDef,
    name: str,
    names_of: Callable[[ast.FunctionDef], _Names],
) -> bool:
    """Whether a function around this one has the name as its own."""
    for scope in scopes.around(function):
        if isinstance(scope, ast.Lambda):
            outside = False
        elif isinstance(scope, ast.FunctionDef):
            outside = any(name in names for names in names_of(scope).declared.values())
        else:
            continue
        if name in scopes.bound[scope] and not outside:
            return True
    return False
