"""Where typed code writes into what numpy may be reckoning with.

`guard(tree)` writes each such place of a checked tree so that what lies there stays alive, as
`numpy.objects` says: items that are set or deleted, `a += b` in all its forms, and whatever a call
may take as its `out`. Wherever a program has arrays: while numpy reckons not only methods of own
classes run, but what ends a generator that is let go, and what compares (`cmp_to_key`). What the
tree then calls is in `CALLED`, under names that cannot be typed.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any, Final

import torch

from viz.program.allowlist import allowed
from viz.program.definitions.classes import ASKING
from viz.program.syntax.tree import SyntaxTree
from viz.tracing.typed.numpy.objects import changing, keep, kept, writing

_MODULES: Final = frozenset({"numpy", "d2l", "einops", "matplotlib"})
"""Modules that make arrays, or numbers of which arrays can be made."""
_ARRAYS: Final = (
    _MODULES
    | ASKING.keys()
    | {
        *("getattr", "attrgetter", "methodcaller", "modules"),
        *(name for name, module in allowed.READY.items() if module.partition(".")[0] in _MODULES),
    }
)
"""Names without one of which a program has no array: these modules, those that are there without an
import, a tensor's method, and what asks for a name that is made at run time, `sys.modules` too."""
_OF: Final = "<of>"
"""What the object of `f().b += 1` is called, which must be asked for once."""


def guard(tree: SyntaxTree) -> None:
    """Writes the places anew, in place; positions stay."""
    if not any(_ARRAYS.intersection(_names(node)) for node in tree.nodes):
        return
    for node in tree.nodes:
        match node:
            case ast.Subscript(ctx=ast.Store() | ast.Del()):
                changes = isinstance(tree.parents[node], ast.AugAssign)
                node.value = _called("<changing>" if changes else "<writing>", node.value)
            case ast.AugAssign(target=ast.Name(id=name)):
                node.value = _called("<kept>", node.value, ast.Name(name, ast.Load()))
            case ast.AugAssign(target=ast.Attribute(value=of, attr=name) as target):
                if not isinstance(of, ast.Name):
                    stored = ast.copy_location(ast.Name(_OF, ast.Store()), of)
                    target.value = ast.copy_location(ast.NamedExpr(stored, of), of)
                    of = ast.copy_location(ast.Name(_OF, ast.Load()), of)
                node.value = _called("<kept>", node.value, ast.Attribute(of, name, ast.Load()))
            case ast.Call():
                _out(node)


def _names(node: ast.AST) -> list[str]:
    """The names at a node as Python reads them, whatever letters they are typed in."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return [name]
        case ast.alias(name=name):
            return name.split(".")
        case ast.ImportFrom(module=str(name)):
            return name.split(".")
        case _:
            return []


def _out(call: ast.Call) -> None:
    """What is given as `out=`, by `**` or behind the first place may be written to."""
    for keyword in call.keywords:
        if keyword.arg in ("out", None):
            keyword.value = _called("<out>", keyword.value)
    for place, given in enumerate(call.args):
        if isinstance(given, ast.Starred):
            given.value = _called("<out>", given.value)
        elif place:
            call.args[place] = _called("<out>", given)


def _called(name: str, given: ast.expr, old: ast.expr | None = None) -> ast.Call:
    function = ast.copy_location(ast.Name(name, ast.Load()), given)
    before = [ast.copy_location(old, given)] if old else []
    return ast.copy_location(ast.Call(function, [*before, given], []), given)


def out(value: Any) -> Any:
    """What a call may write to, its items with it."""
    held = value.values() if isinstance(value, dict) else value
    if not isinstance(value, list | tuple | dict):
        keep(value)
    elif not _PLAIN.issuperset(map(type, held)):  # a list may be long, and given often
        keep(*held)
    return value


_PLAIN: Final = frozenset({bool, int, float, str, type(None), torch.Tensor})
"""Kinds of items that are no array."""


CALLED: Final[Mapping[str, Callable[..., Any]]] = {
    "<writing>": writing,
    "<changing>": changing,
    "<kept>": kept,
    "<out>": out,
}
