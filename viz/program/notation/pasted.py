"""The code in a text that was copied with what stands around it: prompts, outputs, fences.

`only_code(source)` gives a text of as many lines, in which every piece of code keeps its line and
column: what is no code becomes blanks, `%time` in front of a statement becomes `if 1:`. A text
without such signs comes back as it is.

| written                                   | becomes                          |
|---|---|
| `>>> x = 1`, `... y`, `In [3]: x`         | the code, indented as it stands  |
| `Out[3]: …` and what follows a prompt     | blanks                           |
| lines outside of ``` fences               | blanks                           |
| `%matplotlib inline`, `!pip …`, `x?`      | blanks                           |
| `%time y = f(x)`                          | the statement                    |
"""

from __future__ import annotations

import re
from typing import Final

_PROMPT: Final = re.compile(r"[ \t]{0,40}(?:In \[[\d ]{0,5}\]: ?|\.\.\.: ?|(?:>>>|\.\.\.)(?: |$))")
_STARTS: Final = re.compile(r"[ \t]{0,40}(?:>>>(?: |$)|In \[[\d ]{0,5}\]:)")
_FENCE: Final = re.compile(r"[ \t]{0,40}(?:```|~~~)[\w{}. +-]{0,40}$")
_TIMED: Final = re.compile(r"[ \t]{0,40}(%{1,2}(?:time|timeit|prun))[ \t]+(?=\S)")
_COMMAND: Final = re.compile(
    r"[ \t]{0,40}(?:%{1,2}[A-Za-z]\w*(?:[ \t].*)?|!.*|\?{1,2}[\w.]{1,80}|[\w.]{1,80}\?{1,2})$"
)


def only_code(source: str) -> str:
    """The text with nothing but its code, each piece where it stood."""
    lines = source.split("\n")
    if any(_FENCE.match(line) for line in lines):
        lines = _within_fences(lines)
    first = next((line for line in lines if line.strip()), "")
    if _STARTS.match(first):
        lines = _behind_prompts(lines)
    return "\n".join(map(_without_command, lines))


def is_of_a_notebook(source: str) -> bool:
    """Whether the text begins with a notebook's own prompt, `In [1]:`."""
    return re.match(r"\s{0,80}In \[[\d ]{1,5}\]: ?", source) is not None


def _within_fences(lines: list[str]) -> list[str]:
    found, inside = [], False
    for line in lines:
        fence = _FENCE.match(line) is not None
        inside ^= fence
        found.append(line if inside and not fence else "")
    return found


def _behind_prompts(lines: list[str]) -> list[str]:
    """What follows the prompts, blanks in their place; the narrowest prompt tells how many."""
    cut = [(line, found.end() if (found := _PROMPT.match(line)) else len(line)) for line in lines]
    width = min((end for line, end in cut if line[end:].strip()), default=0)
    return [" " * width + line[end:] if line[end:].strip() else "" for line, end in cut]


def _without_command(line: str) -> str:
    if timed := _TIMED.match(line):
        before, size = line[: timed.start(1)], timed.end() - timed.start(1)
        return f"{before}if 1:".ljust(len(before) + size) + line[timed.end() :]
    return "" if _COMMAND.match(line) else line
