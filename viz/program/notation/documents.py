"""The code in a whole document that was pasted: a notebook's file, a page in reStructuredText, a
diff, a text with doctests. Every piece of code keeps its line, and its column but for quotes that
stood in it; all else becomes blanks.

`of_document(lines)` gives as many lines, or `None` where the text is none of these.

| document                                   | its code                                      |
|---|---|
| `{"cells": [{"cell_type": "code", …`       | the sources of its code cells, each a cell    |
| `.. code-block:: python`, `.. testcode::`  | what stands indented below                    |
| `@@ -1,3 +1,4 @@`, or `+` before each line | the lines as they are after the change        |
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Final

from viz.program.allowlist.words import words

MARK: Final = "# %%"
"""The line that opens a cell."""
_NOTEBOOK: Final = re.compile(r'\s{0,80}\{\s{0,80}"(?:cells|metadata|nbformat|worksheets)"\s{0,9}:')
_CELL: Final = re.compile(r'\s{0,40}"cell_type"\s{0,9}:\s{0,9}"(\w{1,20})"')
_SOURCE: Final = re.compile(r'\s{0,40}"(?:source|input)"\s{0,9}:\s{0,9}(\[|")')
_STRING: Final = re.compile(r'(\s{0,60})("(?:[^"\\]|\\.)*")\s{0,9}(\]?)\s{0,9},?\s{0,9}$')
_DIRECTIVE: Final = re.compile(
    r"([ \t]{0,40})\.\. (?:code-block|code|sourcecode|ipython|testcode|jupyter-execute|doctest"
    r"|plot)::[ \t]*([\w+-]{0,20})[ \t]*$"
)
_OPTION: Final = re.compile(r"[ \t]{0,40}:[\w-]{1,40}:")
_OTHER_LANGUAGES: Final = frozenset(
    words("bash sh shell console text none json yaml c cpp c++ ini toml html javascript")
)
_HUNK: Final = re.compile(r"@@ -\d{1,9}(?:,\d{1,9})? \+\d{1,9}(?:,\d{1,9})? @@")
_OF_DIFF: Final = re.compile(
    r"diff |index [0-9a-f]{4}|--- |\+\+\+ |new file mode|similarity index|\\ No newline"
)
_ADDED: Final = re.compile(r"\+\s{0,80}(?:import |from |def |class |for |if |with |@|\w{1,40} = )")


def is_notebook_file(source: str) -> bool:
    """Whether a text is a notebook's file; Python may read one as a dictionary."""
    return _NOTEBOOK.match(source) is not None and '"cell_type"' in source


def cells_of_file(source: str) -> str | None:
    """A notebook's code as a script of cells; `None` where it is no whole file."""
    try:
        file = json.loads(source)
        cells = [each for each in file["cells"] if each["cell_type"] == "code"]
        parts = ["".join(each["source"]).strip("\n") for each in cells]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return "\n".join(f"{MARK}\n{part}" for part in parts)


def of_document(lines: Sequence[str]) -> list[str] | None:
    """The lines with nothing but code; `None` where they are no such document."""
    if is_notebook_file("\n".join(lines[:8])) or is_notebook_file("\n".join(lines[:2_000])):
        return _of_notebook(lines)
    if any(_DIRECTIVE.match(line) for line in lines):
        return _of_directives(lines)
    if any(_HUNK.match(line) for line in lines):
        return _after_the_change(lines)
    written = [line for line in lines if line.strip()]
    if len(written) > 1 and all(line.startswith("+") for line in written):
        return _after_the_change(lines) if any(map(_ADDED.match, written)) else None
    return None


def _of_notebook(lines: Sequence[str]) -> list[str] | None:
    """The sources of the code cells, in place of the quotes around each line; `None` where a cell
    of several lines stands on one line of the file.
    """
    found = [""] * len(lines)
    kind, inside, begun = "", False, False
    alone: dict[int, str | None] = {}
    for number, line in enumerate(lines):
        if cell := _CELL.match(line):
            kind, inside = cell[1], False
            found[number] = MARK if kind == "code" and begun else ""
            begun = begun or kind == "code"
        elif source := _SOURCE.match(line):
            rest = line[source.start(1) :].strip().rstrip(",").strip()
            inside = rest == "["
            if kind == "code" and not inside:
                alone[number] = _in_a_row(rest)
        elif inside and (text := _STRING.match(line)):
            if kind == "code":
                held = _text_of(text[2])
                found[number] = " " * (text.end(1) + 1) + ("" if held is None else held.rstrip())
            inside = not text[3]
        else:
            inside = False
    marked = sum(1 for line in lines if _CELL.match(line))
    if None in alone.values() or marked < sum(line.count('"cell_type"') for line in lines):
        return None
    code = [line for line in found if line.strip() and line != MARK]
    indent = min((len(line) - len(line.lstrip()) for line in code), default=0)
    for number, row in alone.items():
        found[number] = " " * indent + str(row)
    return found


def _text_of(written: str) -> str | None:
    """A JSON text, or a list of them on one line, as the text that it stands for."""
    try:
        value = json.loads(written)
    except ValueError:
        return None
    parts = value if isinstance(value, list) else [value]
    return "".join(parts) if all(isinstance(each, str) for each in parts) else None


def _in_a_row(written: str) -> str | None:
    """A cell that stands on one line of the file, if it is one line itself."""
    text = _text_of(written)
    return None if text is None or "\n" in text.strip() else text.strip()


def _of_directives(lines: Sequence[str]) -> list[str]:
    """What stands indented below the marks of code, all of it as deep as the deepest."""
    kept: list[tuple[int, int]] = []  # the line, and how deep its block lies
    above: int | None = None
    depth: int | None = None
    for number, line in enumerate(lines):
        if mark := _DIRECTIVE.match(line):
            above = None if mark[2].lower() in _OTHER_LANGUAGES else len(mark[1])
            depth = None
        elif above is not None and line.strip():
            indent = len(line) - len(line.lstrip())
            if indent <= above:
                above = None
            elif depth is not None or not _OPTION.match(line):
                depth = indent if depth is None else depth
                kept.append((number, min(depth, indent)))
    deepest = max((depth for _, depth in kept), default=0)
    found = [""] * len(lines)
    for number, depth in kept:
        found[number] = " " * (deepest - depth) + lines[number]
    return found


def _after_the_change(lines: Sequence[str]) -> list[str]:
    """A diff's lines as they are after the change; without hunks all that begins with `+`."""
    hunks = any(_HUNK.match(line) for line in lines)
    found = []
    inside = not hunks
    for line in lines:
        if _HUNK.match(line):
            inside = True
            found.append("")
        elif not inside or _OF_DIFF.match(line):
            found.append("")
        else:
            found.append(" " + line[1:] if line[:1] in ("+", " ") else "")
    return found
