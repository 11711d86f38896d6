"""How often the lines of a script ran, by counters within its text: for when nobody traces lines.

Python's own line tracing costs as much again as a round of a small training loop. `counted(tree,
blocks)` puts one call of a counter in front of each stretch of statements that run one after the
other, in place; from the counters follows how often each line ran. The heads of loops are counted
by `Loops`, which gives them their rounds. Positions stay. An exception that passes through a
stretch counts the rest of it as well.
"""

from __future__ import annotations

import ast
import itertools
from collections import Counter
from collections.abc import Callable
from typing import Any

_LEAVES = (ast.Break, ast.Continue, ast.Return, ast.Raise, ast.Yield, ast.YieldFrom)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_UNTOUCHED = (ast.Global, ast.Nonlocal)


class Blocks:
    """The counters of one program: block by block, the lines that run when it does."""

    def __init__(self) -> None:
        self._lines: list[list[int]] = []
        self._count: list[Callable[[], int]] = []
        self._asked: list[int] = []

    def names(self) -> dict[str, Any]:
        """What a tree that is `counted` needs of its namespace: no names that can be typed."""
        return {_name(number): count for number, count in enumerate(self._count)}

    def ran(self) -> Counter[int]:
        """How often each line ran, from the beginning on."""
        found: Counter[int] = Counter()
        for number, (lines, count) in enumerate(zip(self._lines, self._count, strict=True)):
            times = count() - self._asked[number]  # asking counts as well
            self._asked[number] += 1
            for line in lines:
                found[line] += times
        return found

    def add(self, lines: list[int]) -> int:
        """A new block, by its number."""
        self._lines.append(lines)
        self._count.append(itertools.count().__next__)
        self._asked.append(0)
        return len(self._lines) - 1


def counted(tree: ast.Module, blocks: Blocks) -> None:
    """Writes the counters into a tree, in place. What stands outermost runs once: it has none."""
    for statement in tree.body:
        _inside(statement, blocks)
    ast.fix_missing_locations(tree)


def _inside(statement: ast.stmt, blocks: Blocks) -> None:
    """The blocks within a statement."""
    guarded = isinstance(statement, ast.Try | ast.With)
    for name in ("body", "orelse", "finalbody"):
        body = getattr(statement, name, None)
        if body:
            setattr(statement, name, _written(body, blocks, guarded=guarded))
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        part.body = _written(part.body, blocks, guarded=False)


def _written(body: list[ast.stmt], blocks: Blocks, *, guarded: bool) -> list[ast.stmt]:
    """The statements with a counter before each stretch of them.

    In what is `guarded` an exception may end any statement: each is a stretch.
    """
    told: list[ast.stmt] = []
    lines: list[int] | None = None
    for place, statement in enumerate(body):
        _inside(statement, blocks)
        if isinstance(statement, _UNTOUCHED) or (place == 0 and _is_docstring(statement)):
            told.append(statement)
            continue
        if lines is None:
            lines = []
            told.append(_counter(blocks.add(lines), statement))
        if not isinstance(statement, ast.For | ast.While):
            lines.append(statement.lineno)
        told.append(statement)
        if guarded or _may_leave(statement):
            lines = None
    return told


def _counter(number: int, statement: ast.stmt) -> ast.stmt:
    call = ast.Call(ast.Name(_name(number), ast.Load()), [], [])
    node = ast.Expr(call)
    for each in (node, call, call.func):
        ast.copy_location(each, statement)
    return node


def _name(number: int) -> str:
    return f"<block {number}>"


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _may_leave(node: ast.AST) -> bool:
    """Whether what follows may not run although this did."""
    if isinstance(node, _SCOPES):
        return False
    return isinstance(node, _LEAVES) or any(map(_may_leave, ast.iter_child_nodes(node)))
