"""What a function that gives nothing back has computed last, and the program that returns it.

`with_return(lines, function)` looks at the last statement: a name that it sets, in each of its
branches, or a value that nobody takes, as in `x**2` and `print(x**2)`.
"""

from __future__ import annotations

import ast
from typing import Final, NamedTuple

from viz.program.definitions.uncalled import ACTING
from viz.records import Span
from viz.tracing.hints.brackets import place_of

_OF_LISTS: Final = frozenset({"append", "clear", "extend", "insert", "remove", "sort", "update"})
NOTHING: Final = "…"
"""Written for what a function could give back where it computes nothing."""


class GivenBack(NamedTuple):
    """What could be given back; where it stands, if it is to stand behind a `return` there."""

    text: str
    instead: tuple[tuple[Span, str], ...] = ()


def bare_returns(function: ast.FunctionDef) -> list[ast.Return] | None:
    """The returns of the function that give nothing; `None` where one gives something."""
    found: list[ast.Return] = []
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return None
        if isinstance(node, ast.Return):
            if node.value is not None:
                return None
            found.append(node)
        waiting += ast.iter_child_nodes(node)
    return found


def with_return(lines: list[str], function: ast.FunctionDef) -> tuple[str, str | None]:
    """What the function could give back, and the program in which it does, if that is sure."""
    returns = [each for each in function.body if isinstance(each, ast.Return)]
    if len(returns) < len(bare_returns(function) or ()):
        return NOTHING, None  # one within a branch
    body = [each for each in function.body if each not in returns]
    given = _given(body[-1], lines, _known(function, body)) if body else None
    if given is None:
        return NOTHING, None
    edits = list(given.instead) or [_behind(body[-1], function, given.text, lines)]
    for each in returns:
        whole = Span(each.lineno, 0, each.lineno, len(lines[each.lineno - 1]))
        if whole.text(lines).strip() != "return":
            return given.text, None
        edits.append((whole, ""))
    found = list(lines)
    for place, text in sorted(edits, key=lambda edit: edit[0].line, reverse=True):
        found = place.replaced(found, text).split("\n")
    more = len(found) - len(lines)  # a line that was added stands behind all others of the body
    gone = {each.lineno + more * (each.lineno > body[-1].lineno) for each in returns}
    return given.text, "\n".join(row for number, row in enumerate(found, 1) if number not in gone)


def _behind(
    last: ast.stmt, function: ast.FunctionDef, text: str, lines: list[str]
) -> tuple[Span, str]:
    """`return y` behind the last statement, on a line of its own if the body has any."""
    end = last.end_lineno or last.lineno
    if last.lineno == function.lineno:
        column = place_of(last, lines).end_column
        return Span(end, column, end, column), f"; return {text}"
    column = len(lines[end - 1])
    return Span(end, column, end, column), f"\n{' ' * last.col_offset}return {text}"


def _known(function: ast.FunctionDef, body: list[ast.stmt]) -> set[str]:
    """The names that have a value before the last statement."""
    names = {each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)}
    for statement in body[:-1]:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
    return names


def _given(last: ast.stmt, lines: list[str], known: set[str]) -> GivenBack | None:
    """What a statement has computed last."""
    match last:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return GivenBack(name)
        case ast.AugAssign(target=ast.Name(id=name)):
            return GivenBack(name)
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            return GivenBack(name)
        case ast.Assign(targets=[ast.Tuple(elts=names)]):
            plain = [each.id for each in names if isinstance(each, ast.Name)]
            return GivenBack(", ".join(plain)) if len(plain) == len(names) else None
        case ast.Expr(value=value):
            return _of_value(last, value, lines)
        case ast.With():
            return _given(last.body[-1], lines, known)
        case ast.For() | ast.While():
            found = _given(last.body[-1], lines, known)
            return found if found and not found.instead and found.text in known else None
        case ast.If():
            return _of_branches(last, lines, known)
    return None


def _of_branches(last: ast.If, lines: list[str], known: set[str]) -> GivenBack | None:
    found = [_given(part[-1], lines, known) for part in (last.body, last.orelse) if part]
    sure = [each for each in found if each is not None]
    if len(sure) < len(found):
        return None
    if len(sure) == 2 and all(each.instead for each in sure):
        return GivenBack(sure[0].text, sure[0].instead + sure[1].instead)
    names = {each.text for each in sure if not each.instead}
    both = len(sure) == 2 and all(not each.instead for each in sure)
    return sure[0] if len(names) == 1 and (both or names <= known) else None


def _of_value(last: ast.Expr, value: ast.expr, lines: list[str]) -> GivenBack | None:
    """`x**2`, and of `print("y:", x**2)` what is printed."""
    match value:
        case ast.Constant():
            return None
        case ast.Call(func=ast.Name(id="print"), args=args):
            told = [each for each in args if not isinstance(each, ast.Constant | ast.JoinedStr)]
            if len(told) != 1 or isinstance(told[0], ast.Starred):
                return None
            value = told[0]
        case ast.Call(func=ast.Attribute(attr=name)):
            if name in ACTING | _OF_LISTS or name.endswith("_"):
                return None
    if isinstance(value, ast.Name):
        return GivenBack(value.id)
    text = place_of(value, lines).text(lines)
    return GivenBack(text, ((place_of(last, lines), f"return {text}"),))
