"""Where a cell's code ends and what it showed begins, in a notebook that was copied as text.

`ShownBelow.code_of(lines)` gives how many of a cell's first lines are code: below it stands what
was printed, values, a traceback, or the words of the next paragraph. That is where Python cannot
read on, and no line of code stands that was only mistyped; and paragraphs of nothing but values
(`tensor([1., 2.])`, `(3, 4)`, `True`), of words that no code above has, or of lines that begin as a
text that the code prints: `w = 2.0` where it prints `w =`, `w: …` where it prints `f"w: {w}"`.
Nothing is executed.
"""

from __future__ import annotations

import ast
import itertools
import re
import textwrap
from collections.abc import Sequence
from typing import Final

from viz.program.allowlist.words import words
from viz.program.notation.brackets import too_deep
from viz.trees import parse

MOST_READ: Final = 60_000
"""Characters that one text has the parser read, in about 0.03 s; what is left then is code."""
_OF_VALUES: Final = frozenset(
    words(
        "tensor array Size torch dtype device requires_grad float64 float32 int64 type index nan"
        " inf OrderedDict defaultdict Counter deque Parameter"
    )
)
"""Names in the text of a value."""


class ShownBelow:
    """Reads the cells of one text, top to bottom: which names there are is known from above."""

    def __init__(self) -> None:
        self._left = MOST_READ
        self._names: set[str] = set()
        self._told: set[str] = set()
        self._above: list[str] = []

    def code_of(self, lines: list[str]) -> int:
        """How many lines of the cell are code."""
        end = len(lines) if (shown := self._first_value(lines)) is None else shown
        told = self._told | told_in(lines)
        while end and (wrong := self._wrong(lines[:end])) is not None:
            wrong = min(wrong, end - 1)
            printed = _first_told(told, lines, wrong)
            if printed is None and not _is_no_code(lines, wrong):
                return len(lines) if shown is None else shown
            end = wrong if printed is None else printed
        body = self._body(lines[:end])
        while len(body) > 1 and (start := _paragraph(lines, body[-1].lineno - 1)):
            last = [each for each in body if (each.end_lineno or each.lineno) > start]
            rest = body[: len(body) - len(last)]
            if not rest or not all(
                self._is_shown(each, rest)
                or (_begins_as(told, lines[each.lineno - 1]) and _gives_value(each))
                for each in last
            ):
                break
            body, end = rest, start
        self._told |= told_in(lines[:end])
        self._above += [line for line in lines[:end] if "import" in line or "def " in line]
        self._names |= {
            name for each in body for node in ast.walk(each) if (name := _name(node)) is not None
        }
        return end

    def _first_value(self, lines: list[str]) -> int | None:
        """The line behind a blank one that begins as a tensor's text: nothing below it is code."""
        for number in range(2, len(lines)):
            found = None if lines[number - 1].strip() else _VALUE.match(lines[number])
            if found and any(map(str.strip, lines[:number])):
                own = re.compile(rf"\b(?:import\b.*[ ,]|def ){found[1]}\b")
                return None if any(map(own.search, (*self._above, *lines))) else number
        return None

    def _wrong(self, lines: list[str]) -> int | None:
        """The line that Python cannot read, counted from 0; `None` if it reads them all."""
        text = textwrap.dedent("\n".join(lines))
        self._left -= len(text)
        if self._left < 0:
            return None
        if (offset := too_deep(text)) is not None:
            return text.count("\n", 0, offset)
        try:
            parse(text)
        except SyntaxError as error:
            return max((error.lineno or 1) - 1, 0)
        except (ValueError, RecursionError, MemoryError):
            return 0
        return None

    def _body(self, lines: list[str]) -> list[ast.stmt]:
        text = textwrap.dedent("\n".join(lines))
        return [] if self._left < 0 else parse(text).body

    def _is_shown(self, statement: ast.stmt, above: list[ast.stmt]) -> bool:
        """Whether a statement is the text of a value, or a word that the code does not know."""
        match statement:
            case ast.Expr(value=ast.Name(id=name)):
                return name not in self._names and not any(
                    name == _name(node) for each in above for node in ast.walk(each)
                )
            case ast.Expr(value=value):
                return _is_value(value) or self._is_made(value)
            case _:
                return False

    def _is_made(self, value: ast.expr) -> bool:
        """Whether it is how a layer says of itself how it was made: `Linear(in_features=2, …)`."""
        match value:
            case ast.Call(func=ast.Name(id=name), args=[], keywords=[_, *_] as said):
                known = name in self._names or not name[:1].isupper()
                return not known and all(isinstance(each.value, ast.Constant) for each in said)
            case _:
                return False


def _is_no_code(lines: list[str], wrong: int) -> bool:
    """Whether a line that Python cannot read was never meant as code."""
    if _LIKE_CODE.match(lines[wrong]):
        return False
    return not wrong or not lines[wrong - 1].strip() or _LIKE_SHOWN.match(lines[wrong]) is not None


_LIKE_CODE: Final = re.compile(
    r"\s*(?:(?:print|for|while|if|elif|else|def|class|import|from|return|with|try|except|raise|del)\b"
    r"|[\w.]+(?:\[[^\]]*\])?\s*[-+*/]?=[^=])"
)
_VALUE: Final = re.compile(r"[ \t]{0,20}[(\[{]{0,4}(tensor|array|OrderedDict)\((?=[-\d\[(])")
_LIKE_SHOWN: Final = re.compile(
    r"\s*(?:[-\d<\[({'\"]|[^\x00-\x7f]|tensor\(|array\(|\w*Error\b|\w+ \w+"
    r"|[^'\"#]{0,200}`[^`]{1,200}`)"
)


_PRINTS: Final = re.compile(
    r"\bprint\s{0,9}\(\s{0,9}[rRbBuUfF]{0,2}(['\"])\s{0,9}(?:\\[nt]){0,9}(?P<text>[^'\"\\{}%\n]{1,60})"
)
LEAST_TOLD: Final = 2
"""Characters of a text by which a line is known that was printed."""


def told_in(lines: Sequence[str]) -> set[str]:
    """What the texts begin with that the lines print: `w =` of `print("w =", w)`."""
    found = (each["text"].strip() for line in lines for each in _PRINTS.finditer(line))
    return {each for each in found if len(each) >= LEAST_TOLD}


def _first_told(told: set[str], lines: list[str], wrong: int) -> int | None:
    """The first of the lines that were printed, if one that Python cannot read is among them:
    such lines alone are between it and a blank line, or the code that prints.
    """
    if not _begins_as(told, lines[wrong]):
        return None
    if _begins_as(told, lines[start := _paragraph(lines, wrong)]):
        return start
    above = itertools.takewhile(lambda each: _begins_as(told, lines[each]), range(wrong, -1, -1))
    first = min(above)
    return first if first and _PRINTS.search(lines[first - 1]) else None


def _gives_value(statement: ast.stmt) -> bool:
    """Whether a statement is `w = 2.0` or `w: tensor(2.)`."""
    match statement:
        case ast.Assign(targets=[ast.Name()], value=value):
            return _is_value(value)
        case ast.AnnAssign(annotation=value, value=None):
            return _is_value(value)
        case ast.Expr(value=ast.Name()):
            return True
        case _:
            return False


def _begins_as(told: set[str], line: str) -> bool:
    """Whether a line begins with a text that is printed."""
    text = line.strip()
    return text in told or text.startswith(tuple(each for each in told if not each.isidentifier()))


def only_values(lines: Sequence[str]) -> bool:
    """Whether lines are texts of values and nothing else: `True`, `tensor(6.)`."""
    text = "\n".join(lines)
    if len(text) > MOST_SHOWN or too_deep(text) is not None:
        return False
    try:
        body = parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return bool(body) and all(isinstance(each, ast.Expr) and _is_value(each.value) for each in body)


MOST_SHOWN: Final = 4_000
"""Characters of values below words that are looked at."""


def _is_value(value: ast.expr) -> bool:
    names = (name for node in ast.walk(value) if (name := _name(node)) is not None)
    return set(names) <= _OF_VALUES and all(isinstance(each, _VALUES) for each in ast.walk(value))


_VALUES: Final = (
    *(ast.Constant, ast.Tuple, ast.List, ast.Dict, ast.Set, ast.UnaryOp, ast.USub, ast.Load),
    *(ast.Call, ast.Name, ast.Attribute, ast.keyword),
)


def _name(node: ast.AST) -> str | None:
    match node:
        case ast.Name(id=name) | ast.arg(arg=name) | ast.FunctionDef(name=name):
            return name
        case ast.ClassDef(name=name) | ast.keyword(arg=str(name)) | ast.Attribute(attr=name):
            return name
        case ast.alias(name=name, asname=other):
            return other or name
        case _:
            return None


def _paragraph(lines: list[str], line: int) -> int:
    """The first line of the paragraph that a line stands in; blank lines are between them."""
    above = itertools.takewhile(lambda number: lines[number].strip(), range(line - 1, -1, -1))
    return min((line, *above))
