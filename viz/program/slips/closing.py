"""Brackets and quotes that were closed by another sign, twice, or not at all.

Each function gives a line's text anew where only one reading leaves it balanced, else `None`.
"""

from __future__ import annotations

import ast
import re
from typing import Final

from viz.trees import parse

PAIRS: Final = {"(": ")", "[": "]", "{": "}"}
LONGEST: Final = 400
_QUOTED: Final = re.compile(r"'(?:[^'\\]|\\.)*+'|\"(?:[^\"\\]|\\.)*+\"")


def other_closing(line: str, column: int) -> str | None:
    """`f([1, 2)`: the line with the bracket that is missing before another."""
    if len(line) > LONGEST or "#" in line:
        return None
    expected = _open(line[:column])
    if not expected:
        return None
    more = line[:column] + PAIRS[expected[-1]] + line[column:]
    fitting = [each for each in (more, _ended(more)) if each and _open(each) == ""]
    return fitting[0] if fitting else None


def _ended(line: str) -> str | None:
    """The line with what is still open at its end closed."""
    left = _open(line)
    return None if not left else line.rstrip() + "".join(PAIRS[each] for each in reversed(left))


def one_too_many(line: str, column: int) -> str | None:
    """`sin(x))`: the line without its last bracket, if what it closed is one thing alone."""
    before = line[:column]
    if len(line) > LONGEST or line[column + 1 :].strip() or _open(before) != "":
        return None
    try:
        body = parse(before.strip()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    match body:
        case [ast.Expr(value=ast.Call())] | [ast.Assign(value=ast.Call())]:
            return before
        case _:
            return None


def unended(line: str, column: int) -> str | None:
    """`print("a)`: the line with the quote that ends its text, before the brackets behind it."""
    quote = line[column : column + 1]
    text = line[column + 1 :].rstrip()
    if len(line) > LONGEST or quote not in ("'", '"') or re.search(r"['\"#\\+%,]", text):
        return None
    left = _open(line[:column])
    if left is None:
        return None
    ends = "".join(PAIRS[each] for each in reversed(left))
    if not text.removesuffix(ends).strip():
        return None
    if left and not text.endswith(ends):
        return None
    return line[: column + 1] + text.removesuffix(ends) + quote + ends


def _open(text: str) -> str | None:
    """The brackets that a text leaves open; `None` where one closes another kind."""
    found: list[str] = []
    for each in _QUOTED.sub("", text):
        if each in PAIRS:
            found.append(each)
        elif each in PAIRS.values() and (not found or PAIRS[found.pop()] != each):
            return None
    return "".join(found)
