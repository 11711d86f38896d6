"""Which names a program binds, and which it takes from outside.

`Scopes(tree)` knows for every name that is read whether the program itself binds it in a scope
that the place can see: a module, the body of a class, a function or a lambda, a comprehension.
The order of statements is left to the run (Python's own NameError names the line).
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from viz.program.syntax.placement import COMPREHENSIONS, FUNCTIONS, parameters
from viz.program.syntax.tree import SyntaxTree

_SCOPES = (ast.Module, ast.ClassDef, *FUNCTIONS, *COMPREHENSIONS)


@dataclass
class Scopes:
    """Bindings by scope: name → the nodes that bind it; `anywhere` has those of all scopes."""

    tree: SyntaxTree
    bound: dict[ast.AST, dict[str, list[ast.AST]]] = field(default_factory=dict)
    anywhere: dict[str, list[ast.AST]] = field(default_factory=dict)
    _around: dict[tuple[ast.AST, bool], list[ast.AST]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node in self.tree.nodes:
            if isinstance(node, _SCOPES):
                self.bound.setdefault(node, {})
            for name in bound_names(node) if isinstance(node, _BINDING) else ():
                self._bind(self._home(node), name, node)
            if isinstance(node, ast.Global):
                for name in node.names:  # what the function sets is set for the whole module
                    self._bind(self.tree.module, name, node)

    def _bind(self, scope: ast.AST, name: str, node: ast.AST) -> None:
        self.bound.setdefault(scope, {}).setdefault(name, []).append(node)
        self.anywhere.setdefault(name, []).append(node)

    def _home(self, node: ast.AST) -> ast.AST:
        """The scope that a binding node binds in."""
        if isinstance(node, ast.arguments):
            return self.tree.parents[node]
        walrus = isinstance(self.tree.parents.get(node), ast.NamedExpr)
        for scope in self.around(node):
            if not (walrus and isinstance(scope, COMPREHENSIONS)):
                return scope
        return self.tree.module

    def around(self, node: ast.AST) -> list[ast.AST]:
        """The scopes that a name at this place can see, the innermost first; to be read only."""
        child = node
        for each in self.tree.ancestors(node):
            if isinstance(each, _SCOPES):
                place = each, _outside(each, child)
                if place not in self._around:
                    self._around[place] = self._from(*place)
                return self._around[place]
            child = each
        return []

    def _from(self, scope: ast.AST, outside: bool) -> list[ast.AST]:
        """The scopes that one can see within a scope, or at its head, `outside` of it."""
        found = [] if outside else [scope]
        child = scope
        for each in self.tree.ancestors(scope):
            hidden = isinstance(each, ast.ClassDef) and any(
                isinstance(scope, FUNCTIONS) for scope in found
            )
            if isinstance(each, _SCOPES) and not hidden and not _outside(each, child):
                found.append(each)
            child = each
        return found

    def sees(self, node: ast.Name) -> bool:
        """Whether the program binds the name that is read here."""
        return any(node.id in self.bound[scope] for scope in self.around(node))

    def binders(self, name: str) -> list[ast.AST]:
        """All nodes that bind a name, in any scope."""
        return self.anywhere.get(name, [])

    def names(self) -> set[str]:
        """Every name that the program binds anywhere."""
        return set(self.anywhere)


def _outside(scope: ast.AST, child: ast.AST) -> bool:
    """Whether a child of a function or class is evaluated outside of it: decorators, bases, the
    annotation of the result. These are the only expressions among its children.

    The parameters' defaults stand under `arguments` and are taken to see the parameters too; at
    run time they do not, and Python says so.
    """
    return isinstance(scope, ast.FunctionDef | ast.ClassDef) and isinstance(child, ast.expr)


_BINDING = (
    *(ast.Name, ast.FunctionDef, ast.ClassDef, ast.arguments, ast.alias),
    *(ast.ExceptHandler, ast.MatchAs),
)


def bound_names(node: ast.AST) -> list[str]:
    """The names that a node binds by itself."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return [name]
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.arguments():
            return [each.arg for each in parameters(node)]
        case ast.alias(name=name, asname=other):
            return [other or name.split(".")[0]]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            return [name]
        case _:
            return []
