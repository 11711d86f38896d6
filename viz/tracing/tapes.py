"""What a pointwise run did, to be done again on other samples without running the code.

In a pointwise run nothing of a sample reaches Python but the decisions, so that the calls and the
decisions are all there is to it: a sample that decides the same does the same calls. `Tape.played`
does them on new lanes and tells which of these decided as the tape says; the others took another
path and know nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from viz.records import Asked

MAX_CALLS: Final = 20_000
"""Calls of a tape; a longer run is run again."""

Lanes = npt.NDArray[np.int64]


class Slot(NamedTuple):
    """The place of a lane tensor on the tape: inputs first, then results in their order."""

    number: int


class Done(NamedTuple):
    """A call: its result is the next slot."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    options: dict[str, Any]


class Chosen(NamedTuple):
    """A decision: what was asked of a slot, and the outcome."""

    slot: int
    asked: Asked
    outcome: Any


def _itself(numbers: Any) -> Any:
    return numbers


_AS_ASKED: Final[dict[Asked, Callable[[Any], Any]]] = {
    "bool": lambda numbers: numbers.astype(bool),
    "int": np.trunc,
    "index": np.trunc,
}
"""What Python makes of a number before it decides."""


class Tape:
    """The calls and decisions of one run, in their order; `result` is the slot of what came out."""

    def __init__(self, inputs: Sequence[torch.Tensor]) -> None:
        self._slots = {id(tensor): place for place, tensor in enumerate(inputs)}
        self._alive = list(inputs)  # an id is of use only while its tensor lives
        self.entries: list[Done | Chosen] = []
        self.result: int | None = None
        self.whole = True

    def call(self, function: Any, args: Any, options: Any, result: torch.Tensor) -> None:
        """Writes a call down whose result has lanes."""
        self.whole &= len(self.entries) < MAX_CALLS and torch.is_grad_enabled()
        if self.whole:
            self.entries.append(
                Done(
                    function,
                    tuple(self._written(value) for value in args),
                    {name: self._written(value) for name, value in (options or {}).items()},
                )
            )
            self._slots[id(result)] = len(self._alive)
            self._alive.append(result)

    def choice(self, tensor: torch.Tensor, asked: Asked, outcome: Any) -> None:
        """Writes a decision down that the lanes of a tensor were asked for."""
        if self.whole:
            self.entries.append(Chosen(self._slots[id(tensor)], asked, outcome))

    def closed(self, result: torch.Tensor) -> bool:
        """Ends the tape at what the run gave; whether it can be played. It keeps no lanes."""
        self.result = self._slots.get(id(result))
        self._slots.clear()
        self._alive.clear()
        return self.whole and self.result is not None

    def played(self, values: Sequence[torch.Tensor]) -> tuple[torch.Tensor, Lanes] | None:
        """The result on new lanes, and which of them took this path; `None` if none did."""
        slots = list(values)
        live = np.ones(len(values[0]), bool)
        for entry in self.entries:
            if isinstance(entry, Chosen):
                numbers = slots[entry.slot].detach().numpy()
                live &= _AS_ASKED.get(entry.asked, _itself)(numbers) == entry.outcome
                if not live.any():
                    return None
            else:
                args = [slots[v.number] if type(v) is Slot else v for v in entry.args]
                options = {
                    name: slots[v.number] if type(v) is Slot else v
                    for name, v in entry.options.items()
                }
                slots.append(entry.function(*args, **options))
        assert self.result is not None
        return slots[self.result], np.flatnonzero(live)

    def _written(self, value: Any) -> Any:
        place = self._slots.get(id(value)) if isinstance(value, torch.Tensor) else None
        return value if place is None else Slot(place)
