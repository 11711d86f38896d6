"""An equation where a function is wanted: `x^2 + y^2 = 1`, `x^3 - 3x + 2 = 0`, `x^2 = y`.

`equation(line)` gives the difference of its two sides, which is 0 where it holds; of one that is
solved for a name, the name's formula.
"""

from __future__ import annotations

import re
from typing import Final

from viz.errors import N_
from viz.program.slips.inside import LONGEST, SlipWithin

_EQUATION: Final = re.compile(
    r"[ \t]{0,40}(?P<slip>(?P<left>[^=<>!:'\"#\n]{1,200}?)[ \t]{0,9}=[ \t]{0,9}"
    r"(?P<right>[^=<>!:'\"#\n]{1,200}?))[ \t;.]{0,9}"
)
_OPERATOR: Final = re.compile(r"[\w)\]²³][ \t]{0,9}(?:\*\*|[-+*/^])[ \t]{0,9}[\w(]|\d[^\W\d]|[²³]")
_CALL: Final = re.compile(r"\w{1,40}\([^()]{1,120}\)")
_PLAIN: Final = re.compile(r"[\w \t.()\[\]^*/+\-²³√,]+")
_NAME: Final = re.compile(r"[^\W\d]\w{0,40}")
_WORDS: Final = re.compile(r"\b(?:if|for|while|in|is|and|or|not|lambda|return|def|let|else)\b")
_SIDES: Final = N_("This is an equation, and a function has one side.")


def equation(line: str) -> SlipWithin | None:
    """The equation that a line is, unless something may be set: `a.b = 3`, `x[0] = y`."""
    written = _EQUATION.fullmatch(line) if len(line) <= LONGEST else None
    if written is None or _WORDS.search(line):
        return None
    left, right = written["left"], written["right"]
    if not (_PLAIN.fullmatch(left) and _PLAIN.fullmatch(right) and _within(left, right)):
        return None
    return SlipWithin(*written.span("slip"), _difference(left, right), _SIDES)


def _within(left: str, right: str) -> bool:
    """Whether the equals sign stands in no brackets, and to its left what cannot be set."""
    whole = all(side.count("(") == side.count(")") for side in (left, right))
    made = _OPERATOR.search(left) or _CALL.fullmatch(left)
    return whole and "[" not in left and "," not in left and made is not None


def _difference(left: str, right: str) -> str:
    if _NAME.fullmatch(right) and not re.search(rf"\b{right}\b", left):
        return f"{right} = {left}"
    if re.fullmatch(r"0(?:\.0?)?", right):
        return left
    return f"{left} - {right}" if re.fullmatch(r"[\w.]+", right) else f"{left} - ({right})"
