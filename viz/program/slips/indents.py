"""Blanks at the beginning of lines that were lost or miscounted.

`with_blocks(source, line)` gives the text with the blocks that Python misses at a line, where it
is certain what belongs to them: a function ends in its `return`, a block in the jump that it ends
with, or with the text. `with_level(source, line)` moves one line to the level next to it,
`without_step(source, line)` several that stand too deep.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import Final

from viz.trees import indent_of

MOST_LINES: Final = 60
STEP: Final = 4
_OPENS: Final = re.compile(
    r"(?P<word>def|class|if|elif|else|for|while|with|try|except|finally)\b.*:\s*(?:#.*)?$"
)
_JUMPS: Final = re.compile(r"(?:return|raise|break|continue|pass)\b")
_GOES_ON: Final = re.compile(r"(?:elif|else|except|finally)\b")
_OPENED: Final = re.compile(r"(?:def|class|if|elif|else|for|while|with|try)\b.*:")
"""A block that stands in one line with its head, or one that cannot be told."""


def with_level(source: str, line: int) -> str | None:
    """The text with one line (counted from 1) at the level that is nearest to where it begins."""
    lines = source.split("\n")
    text = lines[line - 1]
    depth = len(text) - len(text.lstrip(" "))
    levels, alone = _levels(lines[: line - 1]), False
    if text.lstrip().startswith("return") and len(levels) > 1:
        levels.remove(0)  # outside of a function there is none
        alone = len(levels) == 1
    if not levels or text.startswith("\t"):
        return None
    away = sorted((abs(depth - each), each) for each in levels)
    near = away[0][0] < STEP // 2 + (depth < max(levels))
    if not alone and (not near or (len(away) > 1 and away[0][0] == away[1][0])):
        return None
    lines[line - 1] = " " * away[0][1] + text.lstrip(" ")
    return "\n".join(lines)


def without_step(source: str, line: int) -> str | None:
    """The text with the lines from one on (counted from 1) that stand deeper than that above them,
    and open no block, at its level.
    """
    lines = source.split("\n")
    above = [each for each in lines[: line - 1] if each.strip()]
    depth = indent_of(lines[line - 1])
    least = indent_of(above[-1]) if above else 0
    rest = [each for each in lines[line - 1 :] if each.strip()]
    deep = list(itertools.takewhile(lambda each: indent_of(each) >= depth, rest))
    if depth <= least or len(deep) > MOST_LINES or any(map(_is_open, above[-1:])):
        return None
    if any('"""' in each or "'''" in each for each in deep):
        return None
    if any("\t" in each[:depth] for each in deep):
        return None
    left = len(deep)
    for number in range(line - 1, len(lines)):
        if left and lines[number].strip():
            lines[number] = lines[number][depth - least :]
            left -= 1
    return "\n".join(lines)


def _levels(lines: list[str]) -> list[int]:
    """How deep the blocks are that are open behind the last line."""
    found = [0]
    for text in lines:
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        depth = len(text) - len(text.lstrip(" "))
        while len(found) > 1 and depth < found[-1]:
            found.pop()
        if depth > found[-1]:
            found.append(depth)
    return found


def with_blocks(source: str, line: int) -> str | None:
    """The text with the lines from one on (counted from 1) in the blocks that are open there."""
    lines = source.split("\n")
    rest = lines[line - 1 :]
    head = next((each for each in reversed(lines[: line - 1]) if each.strip()), "")
    depth = len(head) - len(head.lstrip())
    written = [each for each in rest if each.strip()]
    if len(written) > MOST_LINES or any(map(_is_open, rest)):
        return None
    if any(len(each) - len(each.lstrip()) != depth for each in written):
        return None
    opened = _OPENS.match(head.strip())
    blocks = _Reindented([each.strip() for each in rest], depth)
    if opened is None or not blocks.body(opened["word"], 1) or not blocks.all_at(0):
        return None
    return "\n".join([*lines[: line - 1], *blocks.out])


def _is_open(line: str) -> bool:
    """Whether a line goes on in the next one."""
    counts = [line.count(each) for each in "([{)]}"]
    return counts[:3] != counts[3:] or line.endswith("\\") or '"""' in line or "'''" in line


@dataclass
class _Reindented:
    """Takes the lines one by one, each block by itself; `out` has them indented."""

    lines: list[str]
    depth: int
    out: list[str] = field(default_factory=list)

    def _next(self) -> str | None:
        """The next line of code, `None` at the end; those without code are written as they are."""
        while len(self.out) < len(self.lines):
            text = self.lines[len(self.out)]
            if text and not text.startswith("#"):
                return text
            self.out.append(text and " " * self.depth + text)
        return None

    def all_at(self, level: int) -> bool:
        """Writes what is left, blocks in it included; whether it is certain."""
        while (text := self._next()) is not None:
            if not self._statement(text, level):
                return False
        return True

    def body(self, word: str, level: int) -> bool:
        """Writes the body of a block and what goes on with it; whether its end is certain."""
        taken = 0
        while (text := self._next()) is not None:
            if _GOES_ON.match(text):
                return bool(taken)
            if taken and word not in ("def", "if", "elif", "try"):
                return False  # does this line still belong to the loop?
            taken += 1
            if not self._statement(text, level):
                return False
            if _JUMPS.match(text):
                return True
        return taken == 1 and word != "def"

    def _statement(self, text: str, level: int) -> bool:
        self.out.append(" " * (self.depth + STEP * level) + text)
        opened = _OPENS.match(text)
        if opened is None:
            return not _OPENED.match(text)
        if opened["word"] in ("class", "try", "finally", "except") or (
            opened["word"] == "def" and level
        ):
            return False
        if not self.body(opened["word"], level + 1):
            return False
        while (more := self._next()) is not None and _GOES_ON.match(more):
            if opened["word"] not in ("if", "elif", "for", "while"):
                return False
            self.out.append(" " * (self.depth + STEP * level) + more)
            following = _OPENS.match(more)
            if following is None or not self.body(following["word"], level + 1):
                return False
        return True
