"""What pointwise runs did, kept as a tree: shared from its root to where two runs decided apart.

In a pointwise run nothing of a sample reaches Python but the decisions, so that the calls and the
decisions are all there is to it: samples that decide the same do the same calls. A `Tape` holds
the calls of all runs so far, in sections that end at a decision or at a result. A `Reel` is the
tape with one batch of lanes on it: each call is done once for all of them, however many paths
share it, and lanes whose way is on tape need no run. For the others the code must run; its `Head`
then moves along the tape and gives what the reel has already, until the run leaves what is known
and is written down from there on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from viz.records import Asked
from viz.tracing.sampling.elementwise import divisor

MAX_CALLS: Final = 20_000
"""Calls of a tape; runs that would make it longer are not written down."""
MAX_NUMBERS: Final = 8_000_000
"""Numbers of a reel, all its calls and lanes together (64 MB)."""

Lanes = npt.NDArray[np.int64]
Outcomes = tuple[Any, ...]


class Slot(NamedTuple):
    """The place of a lane tensor: inputs first, then results in the order they were written."""

    number: int


class TapedCall(NamedTuple):
    """A call with lanes; where `args` and `options` have lane tensors they have their slots."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    options: dict[str, Any]
    slot: Slot


@dataclass(eq=False)
class Section:
    """Calls up to a decision (then `asked`: of which slot, and what) or a result (its slot)."""

    calls: list[TapedCall] = field(default_factory=list)
    asked: tuple[Slot, Asked] | None = None
    branches: dict[Any, Section] = field(default_factory=dict)
    result: Slot | None = None
    way: int = -1


class Tape:
    """All sections, from `root`; `length` counts inputs and calls; `divisors` are slots."""

    def __init__(self, inputs: int) -> None:
        self.root = Section()
        self.length = inputs
        self.divisors: set[int] = set()

    @property
    def lanes(self) -> int:
        """Lanes that a reel of it may have."""
        return max(64, MAX_NUMBERS // (2 * self.length))


class End(NamedTuple):
    """What came out of a way (in all lanes), for the lanes that took it.

    `depends`: whether it comes from what varies.
    """

    way: int
    result: torch.Tensor
    lanes: Lanes
    depends: bool = True


class Unplayed(NamedTuple):
    """Lanes that need a run: after these outcomes the tape does not know how they go on."""

    lanes: Lanes
    outcomes: Outcomes


class GivenUp(BaseException):
    """Ends a run that cannot go on in this manner; typed `except Exception` does not see it."""


class OffTape(GivenUp):
    """The tape is full, or the code did other calls than before."""


def _itself(numbers: Any) -> Any:
    return numbers


_AS_ASKED: Final[dict[Asked, Callable[[Any], Any]]] = {
    "bool": lambda numbers: numbers.astype(bool),
    "int": np.trunc,
    "index": np.trunc,
}
"""What Python makes of a number before it decides."""


class Reel:
    """A tape with a batch of lanes. `slots` knows each lane tensor by its identity."""

    def __init__(self, tape: Tape, values: Sequence[torch.Tensor]) -> None:
        self.tape = tape
        self.values = list(values)
        self.tensors: dict[int, torch.Tensor] = {}
        self.slots: dict[int, Slot] = {}
        for number, value in enumerate(values):
            self.keep(Slot(number), value)

    def keep(self, slot: Slot, tensor: torch.Tensor) -> None:
        """Puts a tensor into its slot."""
        self.tensors[slot.number] = tensor  # an id is of use only while its tensor lives
        self.slots[id(tensor)] = slot

    def played(self, ends: list[End]) -> Iterator[Unplayed]:
        """Does what is on tape, only where there are lanes; what comes out is added to `ends`."""
        pending = [(self.tape.root, np.arange(len(self.values[0])), _Trail(None, None))]
        while pending:
            section, lanes, trail = pending.pop()
            try:
                for call in section.calls:
                    self.done(call)
            except (RuntimeError, ArithmeticError):  # let the code itself meet it
                yield Unplayed(lanes, trail.outcomes)
                continue
            if section.result is not None:
                ends.append(End(section.way, self.tensors[section.result.number], lanes))
            elif section.asked is None:
                yield Unplayed(lanes, trail.outcomes)
            else:
                slot, asked = section.asked
                numbers = self.tensors[slot.number].detach().numpy()[lanes]
                numbers = _AS_ASKED.get(asked, _itself)(numbers)
                unknown = np.ones(len(lanes), bool)
                for outcome, branch in section.branches.items():
                    mine = numbers == outcome
                    if mine.any():
                        unknown &= ~mine
                        pending.append((branch, lanes[mine], _Trail(trail, outcome)))
                if unknown.any():
                    yield Unplayed(lanes[unknown], trail.outcomes)

    def divisors(self) -> Iterator[tuple[int, torch.Tensor]]:
        """What was divided by in this batch, by slot."""
        for number in sorted(self.tape.divisors & self.tensors.keys()):
            yield number, self.tensors[number].detach()

    def done(self, call: TapedCall) -> torch.Tensor:
        """The result of a call, made now if it was not yet."""
        result = self.tensors.get(call.slot.number)
        if result is None:
            args = [self.tensors[v.number] if type(v) is Slot else v for v in call.args]
            options = {
                name: self.tensors[v.number] if type(v) is Slot else v
                for name, v in call.options.items()
            }
            result = call.function(*args, **options)
            self.keep(call.slot, result)
        return result


class _Trail(NamedTuple):
    """The outcomes on the way to a section, the last one first: ways share their beginnings."""

    before: Any
    outcome: Any

    @property
    def outcomes(self) -> Outcomes:
        found = []
        step = self
        while step.before is not None:
            found.append(step.outcome)
            step = step.before
        return tuple(reversed(found))


class Head:
    """Where a run is on the tape. Raises `OffTape` where it cannot be followed."""

    def __init__(self, reel: Reel) -> None:
        self.reel = reel
        self.section = reel.tape.root
        self.place = 0

    def known(self, function: Any) -> torch.Tensor | None:
        """What the next call gives if it is on tape; `None` where the tape is blank."""
        if self.place >= len(self.section.calls):
            return None
        call = self.section.calls[self.place]
        if call.function is not function:
            raise OffTape
        self.place += 1
        return self.reel.done(call)

    def write(self, function: Any, args: Any, options: Any, result: torch.Tensor) -> None:
        """Writes a call down."""
        tape, slots = self.reel.tape, self.reel.slots
        full = tape.length >= MAX_CALLS or tape.length * len(result) >= MAX_NUMBERS
        if full or self.section.asked or self.section.result or not torch.is_grad_enabled():
            raise OffTape
        slot = Slot(tape.length)
        written = [slots.get(id(v), v) if isinstance(v, torch.Tensor) else v for v in args]
        named = {
            name: slots.get(id(v), v) if isinstance(v, torch.Tensor) else v
            for name, v in (options or {}).items()
        }
        self.reel.keep(slot, result)
        self.section.calls.append(TapedCall(function, tuple(written), named, slot))
        below = slots.get(id(divisor(function, args)))
        if below is not None:
            tape.divisors.add(below.number)
        tape.length += 1
        self.place += 1

    def choose(self, tensor: torch.Tensor, asked: Asked, outcome: Any) -> None:
        """Goes on behind a decision."""
        question = (self.reel.slots[id(tensor)], asked)
        if self.place < len(self.section.calls) or self.section.asked not in (None, question):
            raise OffTape
        self.section.asked = question
        self.section = self.section.branches.setdefault(outcome, Section())
        self.place = 0

    def end(self, result: torch.Tensor, way: int) -> None:
        """Ends the path here, unless the tape knows another end."""
        if self.section.asked is None and self.place == len(self.section.calls):
            self.section.result, self.section.way = self.reel.slots[id(result)], way
