"""Every code cell of the chapter stands in the course as the chapter types it, in order.

The cells are data (`chapter.toml`); they are compared with the lessons' cells token by token,
without comments and empty lines. A lesson's cells are those of its program, then of what its trials
put up; a function that the program defines may stand before a trial's cell.
"""

from __future__ import annotations

import io
import tokenize
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from viz.lessons import KEYS, lesson

CHAPTER: Final = tomllib.loads(Path(__file__).with_name("chapter.toml").read_text("utf-8"))["cell"]
SILENT: Final = {tokenize.COMMENT, tokenize.NL, tokenize.ENCODING}
ALONE: Final = {tokenize.NEWLINE: "\n", tokenize.INDENT: "»", tokenize.DEDENT: "«"}


def tokens(source: str) -> tuple[str, ...]:
    """The code alone; indentation as such, however wide it is."""
    read = tokenize.generate_tokens(io.StringIO(source).readline)
    return tuple(ALONE.get(one.type, one.string) for one in read if one.type not in SILENT)


def cells() -> Iterator[tuple[str, ...]]:
    """The tokens of each cell of the course, in the order in which one meets them."""
    for key in KEYS:
        shown = lesson(key)
        assert shown is not None
        for source in (shown.source, *map(shown.source_of, shown.trials)):
            yield from map(tokens, source.split("# %%\n"))


def test_the_cells_of_the_chapter_stand_in_the_course_in_order() -> None:
    course = cells()
    for cell in CHAPTER:
        wanted = tokens(cell)
        assert any(met == wanted or _after_function(met) == wanted for met in course), cell


def _after_function(cell: tuple[str, ...]) -> tuple[str, ...]:
    """What follows the function that a cell begins with."""
    if cell[0] != "def":
        return cell
    ends = (at for at in range(len(cell)) if cell[: at + 1].count("«") == cell[:at].count("»"))
    return cell[next(at for at in ends if "»" in cell[:at]) + 1 :]


def test_comments_and_empty_lines_do_not_count_and_code_does() -> None:
    assert tokens("y = x  # twice\n\ny\n") == tokens("y = x\ny\n")
    assert tokens("if a:\n  b\n") == tokens("if a:\n    b\n") != tokens("if a: b\n")
    assert _after_function(tokens("def f(a):\n    return a\nf(1)\n")) == tokens("f(1)\n")
