"""Slips inside of brackets and quotes: `f"{x:.2f"`, `range(0 to 3)`, `[1; 2; 3]`, `'it's'`,
`lambda x x**2`.

`inside(line, column, message)` gives where such a slip stands in a line, what is meant there, and
what is wrong; `None` where there is none, or more than one reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from viz.errors import N_

LONGEST: Final = 400


class SlipWithin(NamedTuple):
    """The columns of a slip, the text in its place, and the reason."""

    start: int
    end: int
    meant: str
    message: str


_TEMPLATE: Final = re.compile(r"\b[fF](?P<quote>['\"])(?P<text>(?:(?!(?P=quote)).)*)(?P=quote)")
_FIELD: Final = re.compile(r"[\w.\[\]()]{1,80}(?:![rsa])?(?::[^{}\s'\"]{0,20})?")
_RANGE: Final = re.compile(
    r"\brange\([ \t]*(?P<first>-?\w+)(?P<sign>[ \t]+to[ \t]+|[ \t]*(?:\.\.\.?|:|;)[ \t]*|[ \t]+)"
    r"(?P<last>-?\w+)[ \t]*\)"
)
_LIST: Final = re.compile(r"\[([^\[\]()'\"#]{1,300})\]")
_CALL: Final = re.compile(r"\(([^\[\]()'\"#:]{1,300})\)")
_PART: Final = re.compile(r"[ \t]*[-+]?[\w.]+(?:[ \t]*[-+*/][ \t]*[\w.]+)*[ \t]*")
_LAMBDA: Final = re.compile(
    r"\blambda[ \t]+(?P<given>[^\W\d]\w*(?:[ \t]*,[ \t]*[^\W\d]\w*)*)"
    r"(?:[ \t]*=(?![=>])[ \t]*|[ \t]+)(?=[\w(-])"
)
_BLANKS: Final = re.compile(r"(?<=[\d.])[ \t]+(?=-?[\d.])")
"""What sets numbers apart in a row of other languages."""
_SHORTENED: Final = re.compile(
    r"(?<![\w'])'(?P<text>[^'\"\\{}]{0,200}\w'(?:s|t|re|ve|ll|m|d)\b[^'\"\\{}]{0,200})'(?!\w)"
)


def inside(line: str, column: int, message: str) -> SlipWithin | None:
    """The slip that a line has at the place where Python stopped reading, or before it."""
    if len(line) > LONGEST:
        return None
    if message.startswith("f-string: expecting '}'"):
        return next(_templates(line), None)
    if message.startswith("unterminated string"):
        return next(_shortened(line), None)
    if message.startswith("invalid syntax"):
        if (short := next(_lambdas(line), None)) and short.start <= column:
            return short
        found = (*_ranges(line), *_rows(line))
        return next((each for each in found if each.start <= column < each.end), None)
    return None


def _templates(line: str) -> Iterator[SlipWithin]:
    """`f"{x:.2f"`: the brace that ends the last field of a text."""
    for each in _TEMPLATE.finditer(line):
        before, sign, field = each["text"].rpartition("{")
        fields = each["text"].replace("{{", "").replace("}}", "")
        if sign and fields.count("{") == fields.count("}") + 1 and _FIELD.fullmatch(field):
            quote = each["quote"]
            meant = f"{line[each.start()]}{quote}{before}{{{field}}}{quote}"
            yield SlipWithin(*each.span(), meant, _NO_BRACE)


def _ranges(line: str) -> Iterator[SlipWithin]:
    for each in _RANGE.finditer(line):
        meant = f"range({each['first']}, {each['last']})"
        yield SlipWithin(*each.span(), meant, _NO_COMMA)


def _rows(line: str) -> Iterator[SlipWithin]:
    """`[1; 2; 3]` and `f(a; b)` with commas; `[1, 2; 3, 4]` is rows, each a list of its own."""
    for each in (*_LIST.finditer(line), *_CALL.finditer(line)):
        rows = each[1].split(";")
        parts = [[part.strip() for part in _BLANKS.sub(",", row).split(",")] for row in rows]
        if len(rows) == 1 or not all(_PART.fullmatch(part) for row in parts for part in row):
            continue
        several = any(len(row) > 1 for row in parts)
        if several and (each[0][0] == "(" or len({*map(len, parts)}) > 1):
            continue
        texts = [f"[{', '.join(row)}]" if several else row[0] for row in parts]
        meant = f"{each[0][0]}{', '.join(texts)}{each[0][-1]}"
        yield SlipWithin(*each.span(), meant, _NO_COMMA)


def _lambdas(line: str) -> Iterator[SlipWithin]:
    """`lambda x x**2`, `lambda x = x**2`: the colon behind what a function takes."""
    for each in _LAMBDA.finditer(line):
        if ":" not in line[each.end() :]:
            yield SlipWithin(*each.span(), f"lambda {each['given']}: ", _NO_COLON)


def _shortened(line: str) -> Iterator[SlipWithin]:
    """`'it's here'`: a text with an apostrophe, in the other quotes."""
    for each in _SHORTENED.finditer(line):
        meant = f'"{each["text"]}"'
        yield SlipWithin(*each.span(), meant, _APOSTROPHE)


_NO_BRACE: Final = N_("A field of this text is not closed: its } is missing.")
_NO_COMMA: Final = N_("What stands side by side in brackets is set apart by commas in Python.")
_NO_COLON: Final = N_("A colon stands behind what a function without a name takes.")
_APOSTROPHE: Final = N_("The apostrophe ends this text: it is the quote that begins it.")
