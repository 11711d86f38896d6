"""Brackets and quotes that were closed by another sign, twice, or not at all.

Each function gives a line's text anew where only one reading leaves it balanced, else `None`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import Final

from viz.trees import indent_of, parse, reads

PAIRS: Final = {"(": ")", "[": "]", "{": "}"}
LONGEST: Final = 400
MOST_LINES: Final = 4
"""Lines over which what stands in a bracket may go on."""
_PLAIN: Final = (
    *(ast.Name, ast.Constant, ast.Call, ast.Attribute, ast.Subscript),
    *(ast.List, ast.Tuple, ast.UnaryOp, ast.JoinedStr),
)
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


def closed_early(line: str, column: int) -> str | None:
    """`tensor([1.0]), requires_grad=True)`: the line without the bracket that came too early; of
    `x + exp(x)) / 2` nobody knows whether one that opens is missing.
    """
    if len(line) > LONGEST or "#" in line or _QUOTED.search(line):
        return None
    before, behind = line[:column], line[column + 1 :]
    if _NAMED.search(before) is None:
        found = [f"{before}{behind}"] if _is_one_call(before) else []
    else:
        early = [at for at, sign in enumerate(before) if sign == line[column]][-MOST_TRIED:]
        found = [*{f"{line[:at]}{line[at + 1 :]}" for at in early}]
    heads = [f"{each.strip()} pass" if each.rstrip().endswith(":") else each.strip()
             for each in found]  # fmt: skip
    fitting = [each for each, head in zip(found, heads, strict=True) if reads(head)]
    return fitting[0] if len(fitting) == 1 else None


def _is_one_call(text: str) -> bool:
    """Whether a line is the result of one call, which brackets around it would not change."""
    try:
        body = parse(text.strip()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    match body:
        case [ast.Expr(value=ast.Call()) | ast.Assign(value=ast.Call())]:
            return True
        case [ast.Return(value=ast.Call())]:
            return True
        case _:
            return False


_NAMED: Final = re.compile(r"\),[ \t]*\w+=[^,()\[\]]*$")
"""An argument with a name behind a bracket that has closed its call."""
MOST_TRIED: Final = 12
"""Brackets of a line that are tried to be left out."""


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


def ended_by_a_line(lines: list[str], line: int, column: int) -> tuple[int, str] | None:
    """Where a bracket ends that was never closed, and its text closed: at the end of a line
    (counted from 1), where the program can be read with one alone, as `y = sin(x` above `print(y)`.

    Only where what stands in it is parts that nobody would close it between. Before the colon of a
    line that a block follows; behind a comma only where it can be nowhere else.
    """
    opening, depth = lines[line - 1][column], indent_of(lines[line - 1])
    outer = _open(lines[line - 1][:column]) or ""
    ends = "".join(PAIRS[each] for each in (opening, *reversed(outer)))
    found: list[tuple[int, str]] = []
    for last in range(line, min(line + MOST_LINES, len(lines) + 1)):
        if not lines[last - 1].strip():
            continue
        if last > line + 1 and indent_of(lines[last - 1]) <= depth < indent_of(lines[line]):
            break  # what goes on in a bracket stands as deep as what came first in there
        inside = "\n".join([lines[line - 1], *lines[line:last]])[column + 1 :].rstrip()
        if len(inside) > LONGEST or "#" in inside:
            break
        colon = ":" if inside.endswith(":") else ""
        closed = f"{opening}{inside.removesuffix(colon)}{ends}{colon}"
        whole = [*lines[: line - 1], lines[line - 1][:column] + closed, *lines[last:]]
        if _of_plain_parts(opening, inside.removesuffix(colon)) and reads("\n".join(whole)):
            found.append((last, closed))
    sure = [each for each in found if not each[1].removesuffix(ends).endswith(",")] or found
    return sure[0] if len(sure) == 1 else None


def _of_plain_parts(opening: str, inside: str) -> bool:
    """Whether what stands in a bracket is parts that nobody would close it between."""
    closed = f"{opening}{inside}{PAIRS[opening]}"
    try:
        body = parse(f"f{closed}" if opening == "(" else closed).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    match body:
        case [ast.Expr(value=ast.Call(args=args, keywords=named))] if args or named:
            return all(isinstance(each, _PLAIN) for each in (*args, *(one.value for one in named)))
        case [ast.Expr(value=ast.List(elts=parts) | ast.Set(elts=parts))] if parts:
            return all(isinstance(each, _PLAIN) for each in parts)
        case [ast.Expr(value=ast.Dict(values=parts))] if parts:
            return all(isinstance(each, _PLAIN) for each in parts)
        case _:
            return False


def _open(text: str) -> str | None:
    """The brackets that a text leaves open; `None` where one closes another kind."""
    found: list[str] = []
    for each in _QUOTED.sub("", text):
        if each in PAIRS:
            found.append(each)
        elif each in PAIRS.values() and (not found or PAIRS[found.pop()] != each):
            return None
    return "".join(found)


_CALL_ENDS: Final = re.compile(r"[^#\"']*\)[ \t]*")
_CALL_BEGINS: Final = re.compile(r"[ \t]*[A-Za-z_][\w.]{0,80}\(")
MOST_LISTED: Final = 60
"""Lines of one list that commas are put into."""


def with_commas(lines: Sequence[str], line: int) -> tuple[int, str] | None:
    """The last line of the calls that stand below one another without commas, as layers do in
    `nn.Sequential(`, and these lines with commas; `None` where there are none.
    """
    first = line - 1
    last = first
    while (
        last + 1 < min(len(lines), first + MOST_LISTED)
        and _CALL_ENDS.fullmatch(lines[last].rstrip(","))
        and _CALL_BEGINS.match(lines[last + 1])
    ):
        last += 1
    if last == first:
        return None
    ends = [each.rstrip() for each in lines[first : last + 1]]
    return last + 1, "\n".join([*(f"{each.rstrip(',')}," for each in ends[:-1]), ends[-1]])
