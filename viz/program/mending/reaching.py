"""What a statement reaches: the names that it reads, sets and changes, functions it calls included.

`Reaching(tree, scopes)` answers for the statements of a program in their order. Its answers are on
the safe side: a method of an object may change it, a function of the program's own what it is
given.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from viz.program.allowlist import allowed
from viz.program.allowlist.words import words
from viz.program.syntax.placement import FUNCTIONS
from viz.program.syntax.scopes import Scopes, bound_names
from viz.program.syntax.tree import SyntaxTree

_DEFINED = (ast.FunctionDef, ast.ClassDef)
_PURE: Final = (
    frozenset(name for name in allowed.ATTRIBUTES["Tensor"] if not name.endswith("_"))
    | frozenset(
        words(
            "items keys values get parameters named_parameters state_dict children modules"
            " named_modules named_children format join split strip startswith endswith index count"
            " lower upper splitlines"
        )
    )
) - {"backward", "register_hook"}
"""Methods that leave their object as it was."""


class Reaching:
    """The names of a program's own that its statements read, set and change.

    `definitions` and `uses` have the nodes by name: a text that is a name may be used as one.
    """

    def __init__(self, tree: SyntaxTree, scopes: Scopes) -> None:
        self.tree = tree
        self.scopes = scopes
        self._reads: dict[ast.AST, frozenset[str]] = {}
        self._own: dict[ast.AST, frozenset[str]] = {}
        self.definitions: dict[str, list[ast.AST]] = {}
        self.uses: dict[str, list[ast.AST]] = {}
        for node in tree.nodes:
            match node:
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    self.definitions.setdefault(name, []).append(node)
                case (
                    ast.Name(id=name, ctx=ast.Load())
                    | ast.Attribute(attr=name)
                    | ast.Constant(value=str(name))
                ):
                    self.uses.setdefault(name, []).append(node)

    def reads(self, statement: ast.AST) -> frozenset[str]:
        """The names that it reads of the program around it, and what functions it names read."""
        if statement not in self._reads:
            found: set[str] = set()
            waiting, seen = [statement], {statement}
            while waiting:
                for name in self._read_by(waiting.pop()) - found:
                    found.add(name)
                    more = [each for each in self.definitions.get(name, ()) if each not in seen]
                    seen.update(more)
                    waiting += more
            self._reads[statement] = frozenset(found)
        return self._reads[statement]

    def _read_by(self, statement: ast.AST) -> frozenset[str]:
        """The names that it reads of the program around it by itself."""
        if statement not in self._own:
            inside = set(self.tree.within(statement))
            names = [
                each
                for each in self.tree.within(statement)
                if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Store)
            ]
            homes = ((each.id, self._home(each)) for each in names)
            self._own[statement] = frozenset(
                name for name, home in homes if home is not None and home not in inside
            )
        return self._own[statement]

    def _home(self, name: ast.Name) -> ast.AST | None:
        """The scope that binds a name where it is read."""
        around = self.scopes.around(name)
        return next((each for each in around if name.id in self.scopes.bound[each]), None)

    def sets(self, statement: ast.AST) -> frozenset[str]:
        """The names that it sets for what follows it."""
        inside = set(self.tree.within(statement))
        return frozenset(
            name
            for node in self.tree.within(statement)
            for name in self._bound_by(node)
            if not any(each in inside for each in self._scopes_around(node))
        )

    def _bound_by(self, node: ast.AST) -> list[str]:
        return list(node.names) if isinstance(node, ast.Global) else bound_names(node)

    def _scopes_around(self, node: ast.AST) -> list[ast.AST]:
        if isinstance(node, ast.Global):
            return []
        inner = (*FUNCTIONS, ast.ClassDef)
        own: list[ast.AST] = [node] if isinstance(node, ast.arguments) else []
        return own + [each for each in self.tree.ancestors(node) if isinstance(each, inner)][:1]

    def changes(self, statement: ast.AST) -> frozenset[str]:
        """The names whose objects it may change as it runs."""
        if isinstance(statement, (*_DEFINED, ast.Import, ast.ImportFrom)):
            return frozenset()
        return frozenset(
            name for node in self.tree.within(statement) for name in self._changed_by(node)
        )

    def _changed_by(self, node: ast.AST) -> Iterator[str]:
        match node:
            case ast.Attribute(ctx=ast.Store()) | ast.Subscript(ctx=ast.Store()):
                yield from _root(node)
            case ast.Call(func=ast.Attribute(attr="backward", value=result)):
                named = [each.id for each in ast.walk(result) if isinstance(each, ast.Name)]
                yield from self._objects(named)
            case ast.Call(func=ast.Attribute(attr=name) as function) if name not in _PURE:
                yield from self._objects(_root(function))
            case ast.Call(func=ast.Name(id=name)) if name in self.definitions:
                given = [*node.args, *(each.value for each in node.keywords)]
                yield from (name for each in given for name in self._objects(_root(each)))

    def _objects(self, names: list[str]) -> list[str]:
        """The names that stand for no module, function or class."""
        return [
            each
            for each in names
            if not all(
                isinstance(binder, (*_DEFINED, ast.alias)) for binder in self.scopes.binders(each)
            )
        ]


def _root(node: ast.AST) -> list[str]:
    """The name that a chain of attributes, elements and calls begins with."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call | ast.Starred):
        node = node.func if isinstance(node, ast.Call) else node.value
    return [node.id] if isinstance(node, ast.Name) else []


_TAKING: Final = frozenset(
    words(
        "str int float bool len round range list dict tuple set max min sum abs sorted zip"
        " enumerate repr open join exists"
    )
)


def is_pure(nodes: list[ast.AST]) -> bool:
    """Whether expressions only look: they call nothing but what changes nothing, nor sets names,
    nor draws random numbers.
    """
    return all(only_looks(each) for one in nodes for each in ast.walk(one))


def only_looks(node: ast.AST) -> bool:
    """Whether a node by itself changes nothing; its parts are asked by themselves."""
    match node:
        case ast.NamedExpr() | ast.Yield() | ast.YieldFrom() | ast.Await():
            return False
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in _PURE | _TAKING and name not in _RANDOM
        case ast.Call(func=ast.Name(id=name)):
            return name in _TAKING
        case ast.Call():
            return False
        case _:
            return True


_RANDOM: Final = frozenset(words("bernoulli multinomial dropout normal uniform rand randn"))
