"""Python's parser, safe to ask from several threads at once.

CPython 3.11 counts the depth of the tree that it builds in one place for all threads. When it
switches threads meanwhile, one of them ends with "AST constructor recursion depth mismatch"
(https://github.com/python/cpython/issues/106905): a page with several visitors meets that. Our own
parsing therefore takes turns; where other code of the process parsed meanwhile, it is done again.

What Python thinks of a text without a file ('$\\sin x$', 1if x), once for each place in it, is no
matter for a server's log, which would grow with every keystroke.

A text whose every line is indented, as it is cut out of another, is read as what it is within.
"""

from __future__ import annotations

import ast
import re
import textwrap
import threading
import warnings
from typing import Any, Final

TRIES: Final = 20
"""How often a text is parsed when other threads disturb it."""
TYPED_FILE: Final = "<program>"
"""What a parsed text is called where it has no file."""
_turn = threading.Lock()
warnings.filterwarnings("ignore", module=re.escape(TYPED_FILE))


def parse(source: str, filename: str = TYPED_FILE) -> ast.Module:
    """The tree of a module's text; raises what `ast.parse` raises for one it cannot read."""
    try:
        tree: ast.Module = _parsed(source, filename, "exec")
    except IndentationError:
        if (within := _indented(source, filename)) is None:
            raise
        return within
    return tree


def _indented(source: str, filename: str) -> ast.Module | None:
    """The tree of a text that begins indented, every place in it as it stands; else `None`."""
    first = next((line for line in source.split("\n") if line.strip()), "")
    if first[:1] not in (" ", "\t"):
        return None
    try:
        outer = _parsed(f"if 1:\n{source}", filename, "exec").body
    except SyntaxError:
        return None
    if len(outer) != 1 or not isinstance(outer[0], ast.If) or outer[0].orelse:
        return None
    return ast.Module([ast.increment_lineno(each, -1) for each in outer[0].body], type_ignores=[])


def at_the_margin(source: str) -> str:
    """The text without an indent that it was copied with, to stand among other lines."""
    source = textwrap.dedent(source)
    first = next((line for line in source.split("\n") if line.strip()), "")
    return f"if True:\n{source}" if first[:1] in (" ", "\t") else source  # a string has none


def reads(source: str) -> bool:
    """Whether Python reads a module's text."""
    try:
        parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def indent_of(line: str) -> int:
    """How many blanks a line begins with."""
    return len(line) - len(line.lstrip())


def parse_expression(source: str) -> ast.expr:
    """The tree of one expression; raises what `ast.parse` raises for a text that is none."""
    body: ast.expr = _parsed(source, TYPED_FILE, "eval").body
    return body


def _parsed(source: str, filename: str, mode: str) -> Any:
    for _ in range(TRIES - 1):
        try:
            with _turn:
                return ast.parse(source, filename, mode)
        except SystemError:
            continue
    return ast.parse(source, filename, mode)
