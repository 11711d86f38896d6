"""A call for a text that only defines: `offered(program)` gives the text with the call after it.

A notebook shows nothing of definitions. The last function that only reckons with what it is given
is called with the starts that it would have as an input of the page, as leaves: its graph is there
to be looked at, and the numbers stand in the text to be changed.
"""

from __future__ import annotations

import ast
import re
from typing import Final

from viz.errors import ProgramRejected
from viz.program.definitions.uncalled import DEFINED, NEVER_CALLED
from viz.program.inputs.inputs import inputs_of
from viz.program.inputs.kinds import Outline, of_function, reckons_with
from viz.program.inputs.more import takes_more
from viz.program.syntax.scopes import Scopes
from viz.program.syntax.tree import SyntaxTree
from viz.records import MAX_SOURCE, Input, Program

MOST_LOOKED: Final = 20
"""The last functions of a text, of which one may be called."""
_NUMBER: Final = re.compile(r"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?")


def offered(program: Program) -> tuple[str, str] | None:
    """The function that may be called and the whole text with its call; `None` if nothing was only
    defined, or nothing that is takes numbers.
    """
    if not any(note.template in (DEFINED, NEVER_CALLED) for note in program.notes):
        return None
    try:
        tree = SyntaxTree.of_typed(program.source)
    except ProgramRejected:
        return None
    scopes = Scopes(tree)
    found = _callable(tree, scopes)
    if found is None or found.function is None:
        return None
    given = [
        each
        for each in inputs_of(tree, found.inputs, found.starts)
        if each.name not in found.starts
    ]
    call = ", ".join(f"{each.name}={_leaf(each)}" for each in given)
    text = f"{program.source.rstrip()}\n\n\n{found.function}({call})\n"
    return (found.function, text) if len(text) <= MAX_SOURCE else None


def _leaf(given: Input) -> str:
    """An input's start as a leaf: `torch.tensor(1.0, requires_grad=True)`."""
    if given.integer:
        return given.start
    if _NUMBER.fullmatch(given.start) or given.start.startswith("["):
        return f"torch.tensor({given.start}, requires_grad=True)"
    return f"{given.start[:-1]}, requires_grad=True)"


def _callable(tree: SyntaxTree, scopes: Scopes) -> Outline | None:
    """The last of the functions of a text that takes what numbers stand for and gives something
    back; `None` if there is none.
    """
    functions = [each for each in tree.module.body if isinstance(each, ast.FunctionDef)]
    for node in reversed(functions[-MOST_LOOKED:]):
        if node.decorator_list:
            continue
        gives = any(isinstance(each, ast.Return) and each.value for each in tree.within(node))
        if not gives or takes_more(tree, scopes, node, node.args):
            continue
        try:
            found = of_function(tree, scopes, node.name, node.args)
        except ProgramRejected:
            continue
        if found.inputs and reckons_with(tree, node, set(found.inputs)):
            return found
    return None
