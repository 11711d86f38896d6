"""What torch's compilers are asked for a function or a layer, which runs here as it is written.

A trace would keep the one way that its example went. Where the program asks for one, the layer
itself is the mend: it goes the way that each input goes.
"""

from __future__ import annotations

import ast
from typing import Final

import msgspec

from viz.errors import N_, problem
from viz.program.allowlist.words import words
from viz.program.syntax.tree import SyntaxTree
from viz.records import MAX_TYPED, Problem

GIVING: Final = frozenset(words("trace trace_module freeze optimize_for_inference"))
"""Functions of `torch.jit` that give what they are given, as something compiled."""


def scripted(tree: SyntaxTree, node: ast.Attribute, module: str | None) -> Problem | None:
    """`torch.jit.trace(model, x)`: model; `None` for anything else."""
    call = tree.parents.get(node)
    if module != "torch.jit" or node.attr not in GIVING or not isinstance(call, ast.Call):
        return None
    if call.func is not node or not call.args or isinstance(call.args[0], ast.Starred):
        return None
    given, span = tree.text(call.args[0]), tree.span(call)
    meant = given if isinstance(call.args[0], ast.Name | ast.Attribute | ast.Call) else f"({given})"
    if len(meant) > MAX_TYPED:
        return None
    message = N_("{owner}.{name} is not allowed.")
    remedy = N_("Write {meant} in its place.")
    found = problem(message, remedy, span=span, owner=module, name=node.attr, meant=meant)
    return msgspec.structs.replace(found, replacement=meant)
