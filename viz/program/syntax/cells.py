"""The cells of a script: the stretches between lines that begin with `# %%`, `# In[3]:`, or are
`# +` alone, as Jupytext marks them.
"""

from __future__ import annotations

import re
from typing import Final

from viz.errors import N_, ProgramRejected, problem
from viz.program.syntax.tree import SyntaxTree
from viz.records import Span

MAX_CELLS: Final = 100
_SEPARATOR = re.compile(
    r"[ \t]{0,80}#\s*(?:%%|In ?\[[\d *]{0,5}\]:|\+(?:[ \t]+(?:\{|tags=|id=).*)?[ \t]*$)"
)


def cells_of(tree: SyntaxTree) -> tuple[Span, ...]:
    """The cells in order; a separator line belongs to the cell that it opens.

    A separator inside a statement (a function's body, a long text) separates nothing.
    """
    inside = {
        line
        for node in tree.module.body
        for line in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
    }
    starts = [
        number
        for number, line in enumerate(tree.lines, 1)
        if _SEPARATOR.match(line) and number not in inside
    ]
    if len(starts) > MAX_CELLS - 1:
        raise ProgramRejected(
            problem(
                N_("The script has too many cells."),
                N_("At most {limit} are allowed: take some of the # %% lines away."),
                limit=str(MAX_CELLS),
            )
        )
    firsts = sorted({1, *starts})
    lasts = [first - 1 for first in firsts[1:]] + [len(tree.lines)]
    return tuple(
        Span(first, 0, last, len(tree.lines[last - 1]))
        for first, last in zip(firsts, lasts, strict=True)
        if any(line.strip() for line in tree.lines[first - 1 : last])
    )
