"""Lines as a sentence names them: `line 3`, `lines 3, 7–9`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from viz.records import Message

MOST_NAMED: Final = 200
"""Characters of a list of lines."""


def of_lines(one: str, several: str, numbers: Sequence[int]) -> Message:
    """The sentence for one line, or that for several; the numbers ascend."""
    return Message(one if len(numbers) == 1 else several, {"lines": _enumerated(numbers)})


def _enumerated(numbers: Sequence[int]) -> str:
    """`3, 4, 7–9`."""
    rows: list[list[int]] = []
    for number in numbers:
        if rows and number == rows[-1][-1] + 1:
            rows[-1].append(number)
        else:
            rows.append([number])
    shown = ", ".join(
        f"{row[0]}–{row[-1]}" if len(row) > 2 else ", ".join(map(str, row)) for row in rows
    )
    return shown if len(shown) <= MOST_NAMED else shown[:MOST_NAMED] + " …"
