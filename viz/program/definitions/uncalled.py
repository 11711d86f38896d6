"""Methods that are named and not called: `y.backward` does nothing and is no error to Python."""

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
    return tuple(found[:MOST])


def named_only(nodes: Iterable[ast.AST]) -> Iterator[ast.Attribute]:
    """The methods that statements among these name and do not call."""
    for node in nodes:
        match node:
            case ast.Expr(value=ast.Attribute(attr=name) as named):
                if name in ACTING or (name.endswith("_") and not name.startswith("_")):
                    yield named
