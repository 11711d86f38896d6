"""An input's value as people type numbers: `x = 3`, `1 2 3`, `2 000`, `1,000`, `50%`."""

from __future__ import annotations

import ast
import re
from typing import Final

import msgspec

from viz.errors import N_, InputRejected, ProgramRejected, problem
from viz.program.syntax.tree import SyntaxTree
from viz.records import MAX_TYPED, Span

_NUMBER: Final = r"[-+]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})"
_GIVEN: Final = re.compile(r"(\w{1,40})[ ]?=[ ]?(?!=)(.+)")
_THOUSANDS: Final = re.compile(
    r"[-+]?\d{1,3}(?P<mark>[ ,])(?:\d{3}(?P=mark))*0\d\d(?:(?P=mark)\d{3})*(?:\.\d{1,40})?"
)
"""One of the groups begins with a zero: `1,200` may be two numbers."""
_UNSURE: Final = re.compile(r"[-+]?\d{1,3}(?: \d{3})+(?:\.\d{1,40})?")
_WITH_COMMA: Final = re.compile(r"[-+]?(?:\d{1,40},\d{1,40}|\d{1,3}(?:,\d{3})+(?:\.\d{1,40})?)")
_ROWS: Final = re.compile(rf"[\[(]?[ ]?{_NUMBER}(?:[ ;]{{1,9}}{_NUMBER})+[ ]?[\])]?")
_ENDLESS: Final = re.compile(r"([-+]?)(nan|inf|infinity)", re.IGNORECASE)
_PERCENT: Final = re.compile(rf"({_NUMBER})[ ]?%")


def as_value(text: str, name: str) -> str | None:
    """The text in Python's signs, of the input of a name; `None` where it is none of these."""
    value = text.strip()
    if len(value) > MAX_TYPED:
        return None
    given = _GIVEN.fullmatch(value)
    if given is not None and given[1] == name:
        return as_value(given[2], "") or given[2].strip()
    if (grouped := _THOUSANDS.fullmatch(value)) is not None:
        return value.replace(grouped["mark"], "")
    if _ROWS.fullmatch(value):
        return None if _UNSURE.fullmatch(value) else _rows(value)
    if (endless := _ENDLESS.fullmatch(value)) is not None:
        return f"{endless[1]}{endless[2].lower()[:3]}"
    percent = _PERCENT.fullmatch(value)
    return f"{percent[1]}/100" if percent else None


def _rows(value: str) -> str | None:
    """`[1, 2]` of `1 2` and of `1; 2`, `[[1, 2], [3, 4]]` of `1 2; 3 4`."""
    rows = [re.findall(_NUMBER, row) for row in value.split(";")]
    if len(rows) == 1 or all(len(row) == 1 for row in rows):
        return f"[{', '.join(number for row in rows for number in row)}]"
    if len({*map(len, rows)}) > 1:
        return None
    return f"[{', '.join('[' + ', '.join(row) + ']' for row in rows)}]"


def check_sure(text: str, name: str, start: str) -> None:
    """Raises `InputRejected` of `1 200`, which may be one number and may be two; of `1,200` and
    `1,5` for an input that starts as one number.
    """
    value = text.strip()
    if len(value) > MAX_TYPED or as_value(value, name):
        return
    single = re.fullmatch(_NUMBER, start) is not None
    if _UNSURE.fullmatch(value):
        one, several = value.replace(" ", ""), value.replace(" ", ", ")
    elif single and _WITH_COMMA.fullmatch(value):
        grouped = re.fullmatch(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", value) is not None
        one, several = value.replace(",", "" if grouped else "."), value.replace(",", ", ")
    else:
        return
    found = problem(
        N_("{found} may be one number or several."),
        N_("Write {one}, or {several}."),
        found=value,
        one=one,
        several=f"[{several}]",
    )
    raise InputRejected(msgspec.structs.replace(found, input=name[:80]))


def check_numbers(tree: SyntaxTree) -> None:
    """Raises `ProgramRejected` of an expression `2,5*x` and `1,000*x`: to Python the comma makes
    two results, the first of them a number on which nothing has an effect.
    """
    match tree.module.body:
        case [ast.Expr(value=ast.Tuple(elts=[ast.Constant(value=int()), *_]) as pair)]:
            found = _NUMBERS.match(tree.text(pair))
        case _:
            return
    if found is None:
        return
    span = tree.span(pair)
    grouped = re.fullmatch(r"\d{1,3}(?:,\d{3})+", found[0]) is not None
    one = found[0].replace(",", "" if grouped else ".")
    message = N_("{found} may be one number or several.")
    remedy = N_("Write {one}, or {several}.")
    several = found[0].replace(",", ", ") + tree.text(pair)[found.end() :]
    details = {"found": found[0], "one": one, "several": several[:300]}
    place = Span.in_line(span.line, span.column, span.column + len(found[0]))
    told = problem(message, remedy, span=place, **details)
    raise ProgramRejected(msgspec.structs.replace(told, replacement=one))


_NUMBERS: Final = re.compile(r"\d{1,20}(?:,\d{1,20}){1,9}(?![\d.])")
