"""Bars that mean the absolute value: which of them belong together.

`pairs(text)` gives their places, outermost first, if exactly one reading is possible: `|x||y|` is
a product and `||x|-1|` one within another, but `|a|b|c|` may be either. So may `||x||`, which is
the length of a vector on paper: it is none. `unbarred(text)` writes each pair as a call.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import Final, NamedTuple

from viz.program.allowlist import allowed
from viz.program.allowlist.words import words

MOST: Final = 16
"""Bars that are looked at: the readings to try grow with their number."""
NAMES: Final = {"ln": "log", "lg": "log10", "tg": "tan", "arcsin": "asin", "arccos": "acos"}
"""What functions are called on paper, with torch's names."""
_PART: Final = re.compile(r"(?P<operand>[^\W\d]\w*|[\w.]+)|(?P<blank>\s+)|(?P<sign>\*\*|.)")
_OPENING: Final = "([{"
_CLOSING: Final = ")]}"
_BETWEEN: Final = frozenset(words("* / % ^ ** @ = < > & ! :"))
"""Signs that need something on their left."""

_APART: Final = (",", ";", "word")
"""What stands in no bars; a word is one of Python's own, such as `if`."""

Pair = tuple[int, int]


class _Sign(NamedTuple):
    """A piece of the text: `kind` is `operand`, `function`, `bar` or the sign itself."""

    kind: str
    place: int


def pairs(text: str) -> tuple[Pair, ...] | None:
    """The places of the bars that belong together, ascending; `None` if that is not sure."""
    if "|" not in text:
        return ()
    if text.count("|") > MOST or text.count("|") % 2:
        return None
    parts = _parts(text)
    signed = [place for place, part in enumerate(parts[:-1]) if _signed(part, parts[place + 1])]
    # `2|x| - 1` is no product with |−1|, unless nothing else is possible
    found = _some(parts, frozenset(signed)) or _some(parts, frozenset())
    return tuple(sorted(found[0])) if len(found) == 1 else None


def unbarred(text: str) -> str | None:
    """The text with `abs(…)` in place of bars; `None` where that is not sure."""
    matched = pairs(text)
    if matched is None:
        return None
    signs = list(text)
    for low, high in matched:
        before = text[:low].rstrip()
        word = re.search(r"[^\W\d]\w*$", before[-40:])
        called = before.endswith("√") or (word is not None and _is_function(word[0]))
        signs[low], signs[high] = ("(abs(", "))") if called else (" abs(", ")")
        product = re.search(r"[\w)\]]$", before) or len(before) - 1 in {high for _, high in matched}
        if not called and not product:
            signs[low] = "abs("
        elif called and text[:low] != before:
            signs[low - 1] = ""
    return "".join(signs)


def _signed(part: _Sign, following: _Sign) -> bool:
    return part.kind == "bar" and following.kind in ("+", "-")


def _some(parts: list[_Sign], never: frozenset[int]) -> list[tuple[Pair, ...]]:
    """Up to two readings, those left out in which bars stand twice: they are a vector's length."""
    next_to = {
        one.place: two.place for one, two in pairwise(parts) if one.kind == two.kind == "bar"
    }
    found = _readings(parts, 0, (), never, operand=False)
    single = (
        matched
        for matched in found
        if not any(
            (next_to.get(low), high) in {(a, next_to.get(b)) for a, b in matched}
            for low, high in matched
        )
    )
    return [*islice(single, 2)]


def _parts(text: str) -> list[_Sign]:
    return [
        _Sign(_kind(str(part.lastgroup), part[0]), part.start())
        for part in _PART.finditer(text)
        if part.lastgroup != "blank"
    ]


def _kind(group: str, text: str) -> str:
    if group != "operand":
        return "bar" if text == "|" else text
    if keyword.iskeyword(text):
        return "word"
    return "function" if _is_function(text) else "operand"


def _is_function(name: str) -> bool:
    return NAMES.get(name, name) in allowed.ELEMENTARY


def _within_bars(open: tuple[str | int, ...]) -> bool:
    return bool(open) and isinstance(open[-1], int)


def _readings(
    parts: list[_Sign],
    at: int,
    open: tuple[str | int, ...],
    never: frozenset[int],
    *,
    operand: bool,
) -> Iterator[tuple[Pair, ...]]:
    """Each way in which the bars from a part on can belong together.

    `open` are the brackets and the bars' places that wait for their other end; `operand` tells
    whether something stands before the part that a sign may follow. Bars at the places of `never`
    begin no factor of a product.
    """
    for place in range(at, len(parts)):
        kind, start = parts[place]
        if kind == "bar":
            if operand and _within_bars(open):
                for rest in _readings(parts, place + 1, open[:-1], never, operand=True):
                    yield ((int(open[-1]), start), *rest)
            if operand and place in never:
                return
            open, operand = (*open, start), False
        elif kind in _OPENING:
            open, operand = (*open, kind), False
        elif kind in _CLOSING:
            if not open or _within_bars(open):
                return
            open, operand = open[:-1], True
        elif (kind in _BETWEEN and not operand) or (kind in _APART and _within_bars(open)):
            return
        else:
            operand = kind == "operand"
    if not open:
        yield ()
