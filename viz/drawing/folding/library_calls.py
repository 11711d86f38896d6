"""What a function of a library did inside, as one card: that names what stands in the code.

`pack_padded_sequence` sorts, chooses, packs and turns the order round; all of it is one call to who
wrote it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from viz.drawing.formulas.operations import last_name
from viz.records import Trace


class _Around(NamedTuple):
    """The calls that a function makes before and after the one that it is known by, in order."""

    before: tuple[str, ...]
    after: tuple[str, ...]


_KNOWN_BY: Final[Mapping[str, _Around]] = {
    "pack_padded_sequence": _Around(
        ("cpu", "to", "sort", "index_select"), ("empty_like", "arange", "scatter")
    ),
    "pad_packed_sequence": _Around((), ("index_select", "getitem")),
}
"""By the call that does the work, which has the function's own name."""


def library_calls(trace: Trace, units: Sequence[Sequence[int]]) -> dict[int, tuple[str, int]]:
    """By the place of the first of several neighbouring units that are one function's inside: its
    name, and how many units there are."""
    called = {call.id: last_name(call.function) for call in trace.calls}
    names = [called.get(trace.nodes[unit[-1]].call or "", "") for unit in units]
    found: dict[int, tuple[str, int]] = {}
    for at, name in enumerate(names):
        if name in _KNOWN_BY:
            start = at - _alike(names[:at][::-1], _KNOWN_BY[name].before[::-1])
            stop = at + 1 + _alike(names[at + 1 :], _KNOWN_BY[name].after)
            if stop - start > 1:
                found[start] = (name, stop - start)
    return found


def _alike(names: Sequence[str], expected: Sequence[str]) -> int:
    """How many of the first names are expected ones in their order; some may be left out."""
    turn = count = 0
    while count < len(names) and names[count] in expected[turn:]:
        turn = expected.index(names[count], turn) + 1
        count += 1
    return count
