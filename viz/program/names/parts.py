"""What was meant by a name behind a module's, told by how it is used.

`of_its_own(tree, node, module)` tells of `torch.sinx(x)`, `torch.Sigmoid(x)` and
`nn.CrossEntropy()`; `fitting(tree, node, names)` leaves what can be called where it is called;
`alias_meant(tree, node)` of `f.relu(x)` and `PLT.plot(y)`, `vector_of_r` of `c(1, 2)`,
`of_mathematica` of `D[x^2, x]` and `Sin[x]`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Final

import msgspec

from viz.errors import N_, problem
from viz.program.allowlist import allowed
from viz.program.names import remedies
from viz.program.syntax.tree import SyntaxTree
from viz.records import MAX_NAME, MAX_TYPED, Problem

_LOSSES: Final = {"torch.nn": "Loss", "torch.nn.functional": "_loss"}
"""What a loss's name ends with."""


def of_its_own(tree: SyntaxTree, node: ast.Attribute, module: str | None) -> str | None:
    """The name of the same module that is meant, where the call tells which."""
    there, name = allowed.MODULES.get(module or "", frozenset()), node.attr
    call = tree.parents.get(node)
    if not there or not isinstance(call, ast.Call) or call.func is not node:
        return None
    match call.args:
        case [ast.Name(id=given), *_] if name.endswith(given) and name[: -len(given)] in there:
            return name[: -len(given)]  # the argument is written twice
        case [_, *_] if (
            module == "torch" and name in allowed.MODULES["torch.nn"] and name.lower() in there
        ):
            return name.lower()
    ending = _LOSSES.get(module or "")
    if ending is None:
        return None
    found = [each for each in there if each.lower() == f"{name}{ending}".lower()]
    return found[0] if len(found) == 1 else None


def of_numpy(node: ast.Attribute, module: str) -> str | None:
    """`np.dot` for `np.linalg.dot`: what numpy itself has, and not a part of it."""
    first: ast.expr = node.value
    while isinstance(first, ast.Attribute):
        first = first.value
    known = module.startswith("numpy.") and node.attr in allowed.MODULES["numpy"]
    return f"{first.id}.{node.attr}" if known and isinstance(first, ast.Name) else None


def fitting(tree: SyntaxTree, node: ast.expr, names: Iterable[str]) -> frozenset[str]:
    """The names without those of numbers and types, where what is meant is called, and without
    those that write into what they are given, where it has no underscore at its end: `tan_h`.
    """
    call = tree.parents.get(node)
    called = isinstance(call, ast.Call) and call.func is node
    without = allowed.NUMBERS | allowed.DTYPES if called else frozenset()
    asked = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    own = (each for each in names if asked.endswith("_") or not each.endswith("_"))
    return frozenset(own) - without


def alias_meant(tree: SyntaxTree, node: ast.Name) -> str | None:
    """The name of a module that is there without an import, written in other letters."""
    part = tree.parents.get(node)
    if not isinstance(part, ast.Attribute):
        return None
    for name, module in allowed.READY.items():
        if name.lower() == node.id.lower() != "torch" and name != node.id:
            return name if part.attr in allowed.MODULES.get(module, ()) else None
    return None


LEAST_LISTED: Final = 2
"""Numbers of a list: `c(2)` may be a product."""


def vector_of_r(tree: SyntaxTree, call: ast.Call, node: ast.Name) -> Problem | None:
    """`c(1, 2, 3)` of R, of numbers alone: they have a point there."""
    if (
        node.id != "c"
        or len(call.args) < LEAST_LISTED
        or call.keywords
        or not all(map(_is_number, call.args))
    ):
        return None
    numbers = (tree.text(each) for each in call.args)
    points = ", ".join(each if "." in each or "e" in each else f"{each}.0" for each in numbers)
    found = problem(
        N_("The name {name} is not known."),
        remedies.CALLED["c"],
        span=tree.span(call),
        name=node.id,
    )
    return msgspec.structs.replace(found, replacement=f"torch.tensor([{points}])"[:MAX_TYPED])


def _is_number(node: ast.expr) -> bool:
    inner = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(inner, ast.Constant) and type(inner.value) in (int, float)


def of_mathematica(tree: SyntaxTree, node: ast.Name) -> Problem | None:
    """`D[x^2, x]` as the function alone, `Sin[x]` as `sin(x)`."""
    match tree.parents.get(node):
        case (
            ast.Subscript(
                value=ast.Name(id="D") as of, slice=ast.Tuple(elts=[function, ast.Name()])
            ) as whole
        ) if of is node:
            meant = tree.text(function)
        case ast.Subscript(value=ast.Name() as of, slice=given) as whole if (
            of is node
            and node.id[:1].isupper()
            and node.id.lower() in allowed.ELEMENTARY
            and node.id != node.id.upper()
        ):
            meant = f"{node.id.lower()}({tree.text(given)})"
        case _:
            return None
    found = problem(
        N_("{found} is a sign of another language."),
        N_("Write {meant} in its place."),
        span=tree.span(whole),
        found=f"{node.id}[…]"[:MAX_NAME],
        meant=meant[:300],
    )
    return msgspec.structs.replace(found, replacement=meant[:MAX_TYPED])
