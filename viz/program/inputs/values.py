"""An input's value as people type numbers: `x = 3`, `1 2 3`, `2 000`, `1,000`, `50%`."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from viz.errors import N_, InputRejected, problem
from viz.records import MAX_TYPED

_NUMBER: Final = r"[-+]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})"
_GIVEN: Final = re.compile(r"(\w{1,40})[ ]?=[ ]?(?!=)(.+)")
_THOUSANDS: Final = re.compile(
    r"[-+]?\d{1,3}(?P<mark>[ ,])(?:\d{3}(?P=mark))*0\d\d(?:(?P=mark)\d{3})*(?:\.\d{1,40})?"
)
"""One of the groups begins with a zero: `1,200` may be two numbers."""
_UNSURE: Final = re.compile(r"[-+]?\d{1,3}(?: \d{3})+(?:\.\d{1,40})?")
_WITH_COMMA: Final = re.compile(r"[-+]?(?:\d{1,40},\d{1,40}|\d{1,3}(?:,\d{3})+(?:\.\d{1,40})?)")
_ROWS: Final = re.compile(rf"[\[(]?[ ]?{_NUMBER}(?:[ ;]{{1,9}}{_NUMBER})+[ ]?[\])]?")
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
