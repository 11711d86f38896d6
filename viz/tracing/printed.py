"""What a run prints, bounded: of too much the beginning and the end stay.

`Printed.append(text)` takes what one call prints; `len(printed)` is how many characters it was in
all, and `printed.since(place)` the text from that place on, at most `MAX_PRINTED` characters: where
some were left out, a line in between says how many lines they were.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Final

from viz.records import MAX_PRINTED

CUT: Final = "… ({lines} more lines were printed here) …\n"
"""What stands in the place of what was left out."""
HALF: Final = (MAX_PRINTED - 100) // 2
"""Characters that are kept of the beginning, and as many of the end."""


class Printed:
    """The pieces of a text in the order in which they came."""

    def __init__(self) -> None:
        self._head: list[str] = []
        self._tail: deque[str] = deque()
        self._in_head = self._in_tail = self._size = self._lines = 0

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[str]:
        yield from self._head
        if left_out := self._left_out():
            yield left_out
        yield from self._tail

    def append(self, text: str) -> None:
        """Takes in a further piece. It is counted last: time may be up at any moment."""
        begins = text if not self._tail else ""
        if self._in_head + len(begins) > HALF:
            begins = "".join(text[: HALF - self._in_head].rpartition("\n")[:2])
        if begins:
            self._head.append(begins)
            self._in_head += len(begins)
        if len(begins) < len(text):
            self._tail.append(text[len(begins) :][-HALF:])
            self._in_tail += len(self._tail[-1])
        while self._in_tail > HALF and len(self._tail) > 1:
            self._in_tail -= len(self._tail.popleft())
        self._size += len(text)
        self._lines += text.count("\n")

    def since(self, place: int = 0) -> str:
        """The text from a place on, counted in characters of all that was printed."""
        if place >= self._size - self._in_tail:
            return "".join(self._tail)[place - (self._size - self._in_tail) :]
        return "".join(self._head)[place:] + self._left_out() + "".join(self._tail)

    def _left_out(self) -> str:
        if self._in_head + self._in_tail >= self._size:
            return ""
        kept = sum(piece.count("\n") for piece in (*self._head, *self._tail))
        return CUT.format(lines=max(self._lines - kept, 1))
