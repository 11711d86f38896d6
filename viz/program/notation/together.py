"""All mends of a text at once: one click never leads to a refusal that has none.

`together(source, found, wrong)` applies the mend of what was found, then that of what is wrong
next, until nothing is: `wrong` says what, `None` when the text is accepted. A long text may need
several clicks, each of which leads to one more.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Final

from viz.program.notation.complaints import MISTYPED
from viz.program.notation.paper import as_code
from viz.records import Problem, Span
from viz.trees import reads

MOST_MENDS: Final = 100
MOST_SECONDS: Final = 0.2
LONG: Final = 4_000
"""Characters from which a text gets less time: to look at it takes long by itself."""
"""Of processor time; what is left then is mended by the next click."""
_QUOTES: Final = tuple("“”‘’")
_PLAIN: Final = str.maketrans("“”‘’", "\"\"''")
_LEAD: Final = re.compile(r"[ \t]*(?:return[ \t]+)?")


def together(
    source: str,
    found: Problem,
    wrong: Callable[[str], Problem | None],
    mend: Callable[[str, Problem], str | None],
) -> str | None:
    """The text with all its mends, or with as many as there is time for if one is left for what is
    wrong then; `None` if one thing has none.

    `mend` knows those that are more than another text in the place of what was found.
    """
    ends = time.thread_time() + (MOST_SECONDS if len(source) <= LONG else MOST_SECONDS / 4)
    seen, took = {source}, 0.0
    for _ in range(MOST_MENDS):
        mended = mend(source, found) or _with_its_mend(source, found)
        if mended is None or mended in seen:
            return None
        begins = time.thread_time()
        if begins + took > ends and len(seen) > 1:
            return source
        seen.add(mended)
        source = mended
        following = wrong(source)
        took = time.thread_time() - begins
        if following is None:
            return source
        found = following
    return source if mend(source, found) or _with_its_mend(source, found) else None


def _with_its_mend(source: str, found: Problem) -> str | None:
    """The text with what was found mended: its whole line, where that is written as on paper."""
    lines = source.split("\n")
    if found.mended is not None:
        return found.mended
    if found.span is None or found.span.end_line > len(lines):
        return None
    number = found.span.line
    line = lines[number - 1]
    if found.span.text(lines) in _QUOTES:
        return Span.in_line(number, 0, len(line)).replaced(lines, line.translate(_PLAIN))
    lead = _LEAD.match(line)
    start = lead.end() if lead else 0
    is_mistyped = found.message.template == MISTYPED  # mended, the line may be code as it stands
    as_named = found.replacement is not None and reads(
        line.strip()
    )  # nothing but the name is wrong
    if not (is_mistyped or as_named) and (code := as_code(line[start:])) is not None:
        return Span.in_line(number, start, len(line)).replaced(lines, code)
    if found.replacement is None:
        return None
    return found.span.replaced(lines, found.replacement)
