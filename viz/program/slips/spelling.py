"""Words of Python's own that were mistyped: `retrun x`, `improt torch`, `Def f(x):`, `esle:`.

`misspelt(source, line, stopped)` gives where such a word stands in a line and what was meant;
`slips(one, other)` counts the letters between two words; `beside(name, known)` gives the known name
that is one key away.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final

from viz.program.allowlist.words import words
from viz.trees import parse

_MEANT: Final = words(
    "return import from def class while for if elif else with raise lambda and or not in is as"
    " global yield break continue pass except try finally assert"
)
MOST_TRIED: Final = 3
LONGEST: Final = 200
"""Characters of a line that is looked at."""
_WORD: Final = re.compile(r"[^\W\d]\w{1,8}")
_SHORT: Final = 4
"""Letters of a word that may only have two of them swapped, or be written in capitals."""


def slips(one: str, other: str) -> int:
    """How many letters are missing, too many, wrong or swapped with their neighbour."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, another in enumerate(other, 1):
            cost = min(row[-1] + 1, rows[-1][j] + 1, rows[-1][j - 1] + (letter != another))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == another:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


_KEYS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
SHORTEST: Final = 3
"""Letters of a name of which one may be that of the key beside."""
MOST_BESIDE: Final = 6
"""Letters of a name that is too short to look like another by all its letters."""


def beside(name: str, known: Container[str]) -> str | None:
    """The one known name that is typed with a single key beside the right one: `dor` for `dot`."""
    if not SHORTEST <= len(name) <= MOST_BESIDE:
        return None
    found = {
        other
        for place, letter in enumerate(name)
        for row in _KEYS
        if (key := row.find(letter)) >= 0
        for near in (*row[max(key - 1, 0) : key], *row[key + 1 : key + 2])
        if (other := name[:place] + near + name[place + 1 :]) in known
    }
    return found.pop() if len(found) == 1 else None


def misspelt(source: str, line: int, stopped: tuple[int, int]) -> tuple[int, str, str] | None:
    """The column, the word and what was meant, if Python then reads on beyond where it stopped.

    `line` is counted from 1; `stopped` is the line and column of the parser's complaint.
    """
    lines = source.split("\n")
    text = lines[line - 1]
    if len(text) > LONGEST:
        return None
    tried = 0
    for found in _WORD.finditer(text):
        meant = _meant(found[0])
        if meant is None or (found.start() and text[found.start() - 1] in "._'\""):
            continue
        tried += 1
        if tried > MOST_TRIED:
            return None
        lines[line - 1] = text[: found.start()] + meant + text[found.end() :]
        if _reads_on("\n".join(lines), stopped, len(meant) - len(found[0])):
            return found.start(), found[0], meant
    return None


def _meant(word: str) -> str | None:
    if word in _MEANT:
        return None
    if word.lower() in _MEANT:
        return word.lower()
    near = [each for each in _MEANT if abs(len(each) - len(word)) <= 1 and _is_near(word, each)]
    return near[0] if len(near) == 1 else None


def _is_near(word: str, meant: str) -> bool:
    if len(meant) < _SHORT:
        return len(meant) > 1 and sorted(word) == sorted(meant) and slips(word, meant) == 1
    if len(meant) == _SHORT and len(word) != len(meant):
        return len(word) > _SHORT and slips(word, meant) == 1
    return slips(word, meant) == 1


def _reads_on(source: str, stopped: tuple[int, int], longer: int) -> bool:
    try:
        parse(source)
    except SyntaxError as error:
        at = (error.lineno or 1, (error.offset or 1) - longer)
        is_about_blocks = isinstance(error, IndentationError)
        return at > stopped and (at[0] > stopped[0] or is_about_blocks)
    except (ValueError, RecursionError, MemoryError):
        return False
    return True
