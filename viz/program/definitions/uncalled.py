"""What is named or defined and not called: `y.backward` does nothing and is no error to Python."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Final

from viz.errors import N_
from viz.program.syntax.tree import SyntaxTree
from viz.records import Message

ACTING: Final = frozenset({"backward", "eval", "retain_grad", "show", "step", "train", "zero_grad"})
"""Methods that are called for what they do; besides them those that end in `_`, in place."""
MOST: Final = 3
"""Places that are told."""


def uncalled(tree: SyntaxTree) -> tuple[Message, ...]:
    """What is to be said of statements that only name such a method."""
    template = N_("Line {line}: {name} is not called, so it does nothing. Write {name}().")
    found = [
        Message(template, {"line": str(node.lineno), "name": tree.text(node)[:60]})
        for node in named_only(tree.nodes)
    ]
    found += [
        Message(_COUNTED, {"line": str(node.lineno), "text": f"{sign}{name}"[:60], "meant": meant})
        for node, sign, name, meant in _counted(tree)
    ]
    return tuple(found[:MOST])


_COUNTED: Final = N_("Line {line}: {text} changes nothing in Python. Write {meant}.")


def _counted(tree: SyntaxTree) -> Iterator[tuple[ast.stmt, str, str, str]]:
    """`++x` and `--x` alone, which count in other languages."""
    for node in tree.nodes:
        match node:
            case ast.Expr(
                value=ast.UnaryOp(
                    op=outer, operand=ast.UnaryOp(op=inner, operand=ast.Name(id=name))
                )
            ) if type(outer) is type(inner) and isinstance(inner, ast.UAdd | ast.USub):
                sign = "+" if isinstance(inner, ast.UAdd) else "-"
                yield node, 2 * sign, name, f"{name} {sign}= 1"[:80]


def never_called(tree: SyntaxTree) -> tuple[Message, ...]:
    """What is to be said of a script that ends with a function or a class which nothing calls."""
    last = tree.module.body[-1]
    named = {each.id for each in tree.nodes if isinstance(each, ast.Name)}
    if not isinstance(last, ast.FunctionDef | ast.ClassDef) or last.name in named:
        return ()
    others = [
        each.name
        for each in tree.module.body[:-1]
        if isinstance(each, ast.FunctionDef | ast.ClassDef) and each.name not in named
    ]
    if others or isinstance(last, ast.ClassDef):
        listed = [*others[:MOST_NAMED], *(["…"] if others[MOST_NAMED:] else []), last.name]
        shown = ", ".join(listed)
        return (Message(DEFINED, {"names": shown[:900]}),)
    takes = last.args
    by_name = [f"{each.arg}={each.arg}" for each in takes.kwonlyargs]
    given = ", ".join([*(each.arg for each in (*takes.posonlyargs, *takes.args)), *by_name])
    call = f"{last.name}({given})"[:200]
    return (Message(NEVER_CALLED, {"name": last.name[:60], "call": call}),)


NEVER_CALLED: Final = N_(
    "{name} is defined and nothing calls it, so there is nothing to show yet. Add a line such as"
    " {call} with what it is to be given."
)
DEFINED: Final = N_(
    "This is defined and nothing uses it, so there is nothing to show yet: {names}. Add a line that"
    " calls it with what it is to be given."
)
MOST_NAMED: Final = 8
"""Definitions that a note names before the last one."""


def named_only(nodes: Iterable[ast.AST]) -> Iterator[ast.Attribute]:
    """The methods that statements among these name and do not call."""
    for node in nodes:
        match node:
            case ast.Expr(value=ast.Attribute(attr=name) as named):
                if name in ACTING or (name.endswith("_") and not name.startswith("_")):
                    yield named
