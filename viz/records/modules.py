"""Which `torch.nn` modules a run called, one within the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from viz.records.base import Name, Place, Record


class ModuleCall(Record, frozen=True):
    """One call of a module; also the first of a compiled function, in which no call of the record
    is said to be made.

    - `path`: its path in the outermost module (`0` in a Sequential), empty for that one.
    - `kind`: its class (`Linear`).
    - `around`: the place in `Trace.modules` of the call that it was made in.
    - `first`: likewise of the first call of this very module, where this is a later one.
    - `name`: what the function calls an outermost module (`body`), empty where it is the function
      itself, or nothing that has a name.
    """

    path: Name
    kind: Name
    around: Place | None = None
    first: Place | None = None
    name: Name = ""


COMPILED: Final = "OptimizedModule"
"""The class of what `torch.compile` makes of a module; it calls that one, of the same path."""

COMPILED_FUNCTION: Final = "OptimizedFunction"
"""The same of a function; torch has no class for it."""


def compiled(modules: Sequence[ModuleCall]) -> list[str]:
    """The compiled modules and functions by what they are called, each once; empty for the
    function itself.
    """
    kinds = (COMPILED, COMPILED_FUNCTION)
    return list(dict.fromkeys(call.path or call.name for call in modules if call.kind in kinds))


def demand_earlier(modules: Sequence[ModuleCall], named: Iterable[Place | None]) -> None:
    """Raises `ValueError` where a call is named that is not there, or comes later."""
    for at, call in enumerate(modules):
        if any(place is not None and place >= at for place in (call.around, call.first)):
            raise ValueError(f"the call of module {at} names a later one")
    if max([place for place in named if place is not None], default=-1) >= len(modules):
        raise ValueError("a call names a module's call that is not there")
