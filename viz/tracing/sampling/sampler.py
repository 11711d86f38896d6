"""A program at many samples: f and its derivatives, each sample as if it ran alone.

`Sampler(…)(columns)` gives `Samples`: a row for each order, the path each sample took through the
decisions, and what failed. Three ways of running, from fast to slow, each as exact as the last:

1. *pointwise*: plain tensors with all samples in one dimension, while every call is elementwise;
2. *vmap* over plain autograd, for everything else that can be batched;
3. *points*: each sample on its own, where the code needs it (`.item()` of every sample, its own
   `backward`, exceptions).

In the first two a batch is split where the samples decide differently. All is float64, every run
starts from the same seed and state. `TimeIsUp` ends the sampling: what is done is kept.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from copy import copy
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Final, cast

import numpy as np
import torch

from viz.errors import InputRejected
from viz.tracing.runnable import Runnable
from viz.tracing.sampling.batch_gradients import Derived, derived, derived_together, numbers
from viz.tracing.sampling.batch_modes import (
    MAX_DECISIONS,
    Alone,
    Deciding,
    Endless,
    NeedsPoints,
    NotPointwise,
    Pointwise,
    by_code,
    writes_into_fresh,
)
from viz.tracing.sampling.float64 import Widening, computing_in_float64, double, mixed
from viz.tracing.sampling.samples import DONE, FAILED, Floats, Forks, Ints, Samples, coarse_first
from viz.tracing.sampling.tape import End, Head, OffTape, Reel, Tape, Unplayed
from viz.tracing.sampling.unknowing import raised_unknowing, told
from viz.tracing.sampling.varying import Looked, Varying, as_tensor, in_float64, several
from viz.tracing.state.eagerly import batched_samples
from viz.tracing.stopping import TimeIsUp, let_go, out_of_memory, stoppable
from viz.tracing.untouched import renewal

ALONE: Final = 64
"""Samples that are run one by one where they cannot be run together."""
SHOWN_CHOICES: Final = 1_000
"""Decisions of a path that are kept; paths that agree in these are one."""


@dataclass
class Sampler:
    """Runs a program at samples of one number (orders 0 to `order`) or of two (f, ∂x, ∂y).

    What it met on the way: the paths (`ways`), the exceptions (`failures`), how often the program
    ran (`runs`), how many samples ran on their own (`alone`), whether it drew random numbers, the
    word for what is looked at (`of`), why a derivative is missing (`lack`), where the tensors stand
    in a result that holds several, of which the first is looked at (`parts`).
    """

    runnable: Runnable
    varied: tuple[Varying, ...]
    looked: Looked = field(default_factory=Looked)
    order: int = 1
    seed: int = 0
    owns: Callable[[FrameType], bool] = field(default=lambda _: False)
    ways: dict[Forks, int] = field(default_factory=dict)
    failures: dict[tuple[str, str], BaseException] = field(default_factory=dict)
    runs: int = 0
    alone: int = 0
    random: bool = False
    of: str = "value"
    lack: str = ""
    parts: tuple[str, ...] = ()
    time_is_up: TimeIsUp | None = None
    longest: int = 0
    """Most decisions that a run took."""

    def __post_init__(self) -> None:
        double(self.runnable.namespace)
        self._renew = renewal(self.runnable.function)
        self._patience = MAX_DECISIONS
        self._owns = by_code(self.owns)
        self._held = [in_float64(value) for value in self.runnable.inputs]
        self._widening = False
        self._begin()

    def _begin(self) -> None:
        """As if nothing had run yet."""
        self._tape = Tape(len(self.varied))
        self._own = False
        self.alone, self.lack = 0, ""
        self.failures.clear()
        self.ways.clear()
        numbers = all(one.mask is None for one in self.varied)
        self._pointwise = numbers and self.looked.of == "value" and self.looked.gradient is None

    @property
    def stopped(self) -> bool:
        """Whether any sample failed, or was not done in time."""
        return bool(self.failures) or self.time_is_up is not None

    @property
    def height(self) -> int:
        """Rows of an answer."""
        return self.order + 1 if len(self.varied) == 1 else 3

    def __call__(self, *columns: Floats, patience: int = MAX_DECISIONS) -> Samples:
        """f and its derivatives at the samples; `columns` has one entry for each varied number.

        `patience`: decisions that a run may take before it counts as endless.
        """
        return self._sampled(columns, self.height, patience)

    def ways_at(self, x: Floats, patience: int = MAX_DECISIONS) -> Samples:
        """The paths that samples take, and f, without derivatives."""
        return self._sampled((x,), 1, patience)

    def _sampled(self, columns: tuple[Floats, ...], height: int, patience: int) -> Samples:
        self._patience = patience
        samples = Samples.unknown(height, len(columns[0]))
        begins = not (self.ways or self.failures or self._widening)
        if self.time_is_up is not None:
            return samples
        with computing_in_float64(), _own_random_numbers(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the trace shows them; here they come a thousandfold
            try:
                self._fill(samples, columns)
            except TimeIsUp as stop:
                let_go(stop)  # what is told of it needs its lines, not its tensors
                self.time_is_up = stop
        if begins and self.time_is_up is None and mixed(self.failures.values()):
            self._widening = True
            self._begin()
            return self._sampled(columns, height, patience)
        return samples

    @stoppable
    def _fill(self, samples: Samples, columns: tuple[Floats, ...]) -> None:
        pending = [np.arange(len(columns[0]))]
        if self._pointwise:
            pending = list(self._on_tape(samples, columns))
        while pending:
            pending += self._batch(samples, columns, pending.pop())

    def _on_tape(self, samples: Samples, columns: tuple[Floats, ...]) -> Iterator[Ints]:
        """Runs what can run pointwise and on tape; gives the groups that cannot."""
        start, total = 0, len(columns[0])
        while start < total:
            part = np.arange(start, min(total, start + self._tape.lanes))
            reel = Reel(self._tape, _leaves(columns, part))
            ends: list[End] = []
            try:
                waiting = list(reel.played(ends))
                while waiting:
                    group = waiting.pop()
                    left = self._taped(samples, columns, part, reel, ends, group)
                    if left is None:
                        yield part[group.lanes]
                    else:
                        waiting += left
            finally:  # when time is up, what was done is kept
                self._settle(samples, part, reel, ends)
                for number, divisor in reel.divisors():
                    samples.divisors.setdefault(number, []).append((part, numbers(divisor)))
            start += len(part)

    def _taped(
        self,
        samples: Samples,
        columns: tuple[Floats, ...],
        part: Ints,
        reel: Reel,
        ends: list[End],
        group: Unplayed,
    ) -> list[Unplayed] | None:
        """A run on tape for a group of lanes; the parts that wait, `None` if it cannot be."""
        if not self._pointwise:
            return None
        mode = Pointwise(self._owns, self._patience, reel.values, self.order, Head(reel))
        mode.follow(group.lanes, group.outcomes)

        def run() -> None:
            result, depends = self._run(mode, reel.values)
            ends.append(End(self._way(mode), result, mode.live, depends))

        try:
            again = self._attempt(samples, columns, part, mode, run)
        except NotPointwise:
            self._pointwise = False
            return None
        except OffTape:
            return None
        if again:
            return None
        return [
            Unplayed(lanes, tuple(mode.outcomes[:taken]))
            for lanes, taken in zip(mode.aside, mode.behind, strict=True)
        ]

    def _settle(self, samples: Samples, part: Ints, reel: Reel, ends: list[End]) -> None:
        """The derivatives of all results on a reel: together if that is the same, else each."""
        height = len(samples.rows)
        rows = derived_together(ends, reel.values) if height == 2 and len(ends) > 1 else None
        for one in ends:
            found = (
                derived(one.result, reel.values, one.depends, height, keep=True)
                if rows is None
                else Derived(rows)
            )
            self._fill_in(samples, part[one.lanes], one.lanes, found, one.way)

    def _batch(self, samples: Samples, columns: tuple[Floats, ...], group: Ints) -> list[Ints]:
        """Runs a group; returns the parts of it that decided differently and wait for their run."""
        values = _leaves(columns, group)
        mode = (
            Pointwise(self._owns, self._patience, values, self.order)
            if self._pointwise
            else Deciding(self._owns, self._patience, values, own=self._own)
        )

        def run() -> None:
            result, depends = self._run(mode, values)
            found = derived(result, values, depends, len(samples.rows), keep=False, batched=True)
            self._fill_in(samples, group[mode.live], mode.live, found, self._way(mode))

        try:
            again = self._attempt(samples, columns, group, mode, run)
        except NotPointwise:
            self._pointwise = False
            return [group]
        return again + [group[part] for part in mode.aside]

    def _attempt(
        self,
        samples: Samples,
        columns: tuple[Floats, ...],
        group: Ints,
        mode: Deciding,
        run: Callable[[], None],
    ) -> list[Ints]:
        """One run for the live lanes of a group; the groups to be run anew where it ended badly."""
        again: list[Ints] = []
        try:
            run()
        except Endless as endless:
            self._fail(samples, group[mode.live], endless)
        except (TimeIsUp, InputRejected, NotPointwise, OffTape):
            raise
        except (NeedsPoints, Exception) as error:  # noqa: BLE001 - alone, each tells what it is
            # before anything else: it may be memory that is over, and even asking takes some
            let_go(error)
            mode.forget()
            whatever = self._raised_whatever(samples, columns, group[mode.live], error)
            again = [] if whatever else self._anew(mode, group[mode.live], error)
            if not again and not whatever:
                self._one_by_one(samples, columns, group[mode.live])
        samples.margins += [(group[lanes], margin) for lanes, margin in mode.margins]
        for place, divisor in enumerate(mode.divisors):
            if divisor is not None:
                samples.divisors.setdefault(place, []).append((group, divisor))
        return again

    def _raised_whatever(
        self, samples: Samples, columns: tuple[Floats, ...], group: Ints, error: BaseException
    ) -> bool:
        """Whether all of a group raise this: some do, and so does a run that knows no number."""
        words, short = told(error), out_of_memory(error)
        del error  # what is raised below holds this frame
        if len(group) < ALONE or short:
            return False  # memory is over for so many at once, whatever the program does
        if words != raised_unknowing(self._alone, len(columns)):
            return False
        some = group[[0, len(group) // 2, -1]]
        self._one_by_one(samples, columns, some)
        if not (samples.state[some] == FAILED).all() or set(self.failures) != {words}:
            return False
        self._fail(samples, group, self.failures[words])
        return True

    def _alone(self, numbers: list[torch.Tensor]) -> Any:
        mode = Alone(self._owns, self._patience)
        return self._called(mode, self._copies(), self._placed(numbers))

    def _anew(self, mode: Deciding, group: Ints, error: BaseException) -> list[Ints]:
        """The parts in which a group is tried again after an exception; none: one by one."""
        if not isinstance(mode, Pointwise) and not self._own and writes_into_fresh(error):
            self._own = True
            return [group]
        if isinstance(error, NeedsPoints) or len(group) <= ALONE:
            return []
        # perhaps only a few samples raise it; fewer at once need less memory
        return np.array_split(group, 8 if out_of_memory(error) else 2)

    def _run(self, mode: Deciding, values: list[torch.Tensor]) -> tuple[torch.Tensor, bool]:
        """What is looked at in each lane, and whether it depends on what varies."""
        if isinstance(mode, Pointwise):
            result = as_tensor(self._called(mode, self._copies(), values))
            if result.dim() == 0:
                return result.expand(len(values[0])), False
            if id(result) not in mode.laned:
                raise NotPointwise
            if mode.head is not None:
                mode.head.end(result, self._way(mode))
            return result, True
        depends = False
        copies = self._copies()

        def lane(*numbers: torch.Tensor) -> torch.Tensor:
            nonlocal depends
            mode.anchor = numbers[0]
            with batched_samples(numbers[0]):
                result, self.of = self.looked.at(self._called(mode, copies, self._placed(numbers)))
            depends = cast(Any, torch._C)._functorch.is_batchedtensor(result)
            return result

        return torch.func.vmap(lane, randomness="same")(*values), depends

    def _copies(self) -> list[Any]:
        """The inputs for one run: leaves of its own, runs must not see each other's writes."""
        return [
            value.clone().requires_grad_(value.is_floating_point())
            if isinstance(value, torch.Tensor)
            else value
            for value in self._held
        ]

    def _called(self, mode: Alone, arguments: list[Any], varied: Sequence[torch.Tensor]) -> Any:
        """One run of the function, from the seed and the state that it found."""
        if self._renew is not None:
            self._renew()
        for one, value in zip(self.varied, varied, strict=True):
            arguments[one.place] = value
        before = (generator := torch.default_generator.manual_seed(self.seed)).get_state()
        self.runs += 1
        try:
            with mode, Widening() if self._widening else nullcontext():
                result = cast(Callable[..., Any], self.runnable.function)(*arguments)
        finally:
            self.random = self.random or not torch.equal(before, generator.get_state())
        if mode.given_up is not None:  # the typed code may have caught it
            raise copy(mode.given_up)
        self.parts = self.parts or several(result)
        return result

    def _placed(self, numbers: Sequence[torch.Tensor]) -> list[torch.Tensor]:
        """Each varied input with its number in place; two may vary within one input."""
        placed: dict[int, torch.Tensor] = {}
        for one, number in zip(self.varied, numbers, strict=True):
            if one.mask is None:
                placed[one.place] = number
            else:
                base = placed.get(one.place, cast(torch.Tensor, self._held[one.place]))
                placed[one.place] = torch.where(one.mask, number, base.to(torch.float64))
        return [placed[one.place] for one in self.varied]

    def _one_by_one(self, samples: Samples, columns: tuple[Floats, ...], group: Ints) -> None:
        for place in coarse_first(group):
            self._point(samples, [float(column[place]) for column in columns], place)

    def _point(self, samples: Samples, numbers: list[float], place: int) -> None:
        values = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in numbers]
        mode = Alone(self._owns, self._patience)
        self.alone += 1
        try:
            given = self._called(mode, self._copies(), self._placed(values))
            result, self.of = self.looked.at(given)
            found = derived(result, values, True, len(samples.rows), keep=False)
        except (TimeIsUp, InputRejected):
            raise
        except (Endless, Exception) as error:  # noqa: BLE001 - typed code may raise anything
            self._fail(samples, np.array([place]), error)
        else:
            self._fill_in(samples, np.array([place]), slice(None), found, self._way(mode))

    def _fill_in(
        self, samples: Samples, places: Ints, lanes: Ints | slice, found: Derived, way: int
    ) -> None:
        if len(places) == samples.rows.shape[1]:
            samples.rows[:] = found.rows
        else:
            samples.rows[:, places] = found.rows[:, lanes]
        samples.state[places] = DONE
        samples.lacks[places] = found.lacks
        samples.way[places] = way
        self.lack = self.lack or found.lack
        if found.stop is not None:
            raise found.stop

    def _way(self, mode: Alone) -> int:
        self.longest = max(self.longest, len(mode.choices))
        return self.ways.setdefault(tuple(mode.choices[:SHOWN_CHOICES]), len(self.ways))

    def _fail(self, samples: Samples, places: Ints, error: BaseException) -> None:
        samples.state[places] = FAILED
        if isinstance(error, Endless) and self._patience < MAX_DECISIONS:
            return  # a closer look that was not worth its time
        key = told(error)
        self.failures.setdefault(key, error)
        samples.reason[places] = list(self.failures).index(key)


def _leaves(columns: tuple[Floats, ...], places: Ints) -> list[torch.Tensor]:
    return [torch.from_numpy(column[places]).requires_grad_() for column in columns]


@contextmanager
def _own_random_numbers() -> Iterator[None]:
    """Seeding in here leaves the caller's sequence of random numbers alone."""
    before = torch.default_generator.get_state()
    try:
        yield
    finally:
        torch.default_generator.set_state(before)
