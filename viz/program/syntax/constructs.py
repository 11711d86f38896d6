"""Which of Python's constructs typed code may use, and what to write instead of the others.

`check_constructs(tree)` raises `ProgramRejected` at the first node whose type is not on the list.
What is not on the list is refused, so a construct of a later Python is refused until reviewed.
"""

from __future__ import annotations

import ast
from typing import Final

from viz.errors import N_, ProgramRejected, problem
from viz.program.allowlist.words import words
from viz.program.syntax.tree import SyntaxTree
from viz.records import Problem

ALLOWED: Final = frozenset(
    words(
        "Module Expr Assign AugAssign AnnAssign Delete Pass Return If While For Break"
        " Continue With Try Raise Assert Global Nonlocal Yield YieldFrom FunctionDef ClassDef"
        " Lambda Import ImportFrom BoolOp BinOp"
        " UnaryOp NamedExpr IfExp Compare Call Constant Attribute Subscript Slice Starred"
        " Name List Tuple Dict Set ListComp SetComp DictComp GeneratorExp JoinedStr"
        " FormattedValue arguments arg keyword alias withitem comprehension ExceptHandler"
        " Match match_case MatchValue MatchSingleton MatchOr MatchAs"
    )
)

_NO_WAITING = N_("Use def, for and with: nothing has to be waited for here.")
_REFUSED: Final[dict[str, tuple[str, str]]] = {
    "AsyncFunctionDef": (N_("async is not allowed."), _NO_WAITING),
    "AsyncFor": (N_("async is not allowed."), _NO_WAITING),
    "AsyncWith": (N_("async is not allowed."), _NO_WAITING),
    "Await": (N_("await is not allowed."), _NO_WAITING),
    **dict.fromkeys(
        ("MatchClass", "MatchMapping", "MatchSequence", "MatchStar"),
        (N_("A case may be a number, a text or a name here."), N_("Use if, elif and else.")),
    ),
    "TryStar": (N_("except* is not allowed."), N_("Use except with one exception.")),
    "bytes": (N_("Bytes are not allowed."), N_("Take the b before the quote away.")),
    "TypeAlias": (N_("type is not allowed."), N_("Leave the type's name out.")),
}
_OTHER: Final = (
    N_("{construct} is not allowed."),
    N_("Allowed are assignments, def, class, lambda, if, while, for, with, try and import."),
)


def check_constructs(tree: SyntaxTree) -> None:
    """Raises `ProgramRejected` for a construct that is not allowed."""
    for node in tree.nodes:
        name = type(node).__name__
        if name not in ALLOWED:
            raise ProgramRejected(_refused(tree, node, name))
        if isinstance(node, ast.Constant) and isinstance(node.value, bytes):
            raise ProgramRejected(_refused(tree, node, "bytes"))


def _refused(tree: SyntaxTree, node: ast.AST, name: str) -> Problem:
    message, remedy = _REFUSED.get(name, _OTHER)
    return problem(message, remedy, span=tree.first_line(node), construct=name)
