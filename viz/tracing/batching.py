"""A program at many samples: f and its derivatives, each sample as if it ran alone.

`Sampler(…)(columns)` gives `Samples`: a row for each order, the path each sample took through the
decisions, and what failed. Three ways of running, from fast to slow, each as exact as the last:

1. *pointwise*: plain tensors with all samples in one dimension, while every call is elementwise;
2. *vmap* over plain autograd, for everything else that can be batched;
3. *points*: each sample on its own, where the code needs it (`.item()` of every sample, its own
   `backward`, exceptions).

In the first two a batch is split where the samples decide differently. All is float64, every run
starts from the same random seed. `TimeIsUp` ends the sampling: what is done is kept.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt
import torch

from viz.errors import InputRejected
from viz.tracing.deciding import (
    MAX_DECISIONS,
    Alone,
    Choice,
    Deciding,
    Endless,
    NeedsPoints,
    NotPointwise,
    Pointwise,
)
from viz.tracing.runnable import Runnable, TimeIsUp
from viz.tracing.tapes import Tape
from viz.tracing.varying import Looked, Varying, as_tensor, in_float64

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Way = tuple[Choice, ...]

DONE, FAILED, NOT_RUN = 0, 1, 2
NO_CONNECTION: Final = "autograd keeps no connection from the input to the result"
MAX_TAPES: Final = 64
"""Paths whose runs are kept to be done again."""
SHOWN_CHOICES: Final = 1_000
"""Decisions of a path that are kept; paths that agree in these are one."""


@dataclass
class Samples:
    """n samples: `rows` is (orders, or f and its partial derivatives) × n, NaN where there is none.

    `way` is the index of each sample's path; `state` one of DONE, FAILED, NOT_RUN; `reason` the
    index of its failure, -1 for none; `lacks` the order from which autograd has no derivative of
    it, 0 if it has all.
    """

    rows: Floats
    way: Ints
    state: Ints
    reason: Ints
    lacks: Ints
    margins: list[tuple[Ints, Floats]]
    """For each split of a batch by a comparison: the samples, and how far each was from it."""

    @classmethod
    def unknown(cls, height: int, lanes: int) -> Samples:
        """Nothing known yet."""
        return cls(
            np.full((height, lanes), np.nan),
            np.full(lanes, -1),
            np.full(lanes, NOT_RUN),
            np.full(lanes, -1),
            np.zeros(lanes, int),
            [],
        )


@dataclass
class Sampler:
    """Runs a program at samples of one number (orders 0 to `order`) or of two (f, ∂x, ∂y).

    What it met on the way: the paths (`ways`), the exceptions (`failures`), how often the program
    ran (`runs`), how many samples ran on their own (`alone`), whether it drew random numbers, the
    word for what is looked at (`of`), why a derivative is missing (`lack`).
    """

    runnable: Runnable
    varied: tuple[Varying, ...]
    looked: Looked = field(default_factory=Looked)
    order: int = 1
    seed: int = 0
    owns: Callable[[FrameType], bool] = field(default=lambda _: False)
    ways: dict[Way, int] = field(default_factory=dict)
    failures: dict[tuple[str, str], BaseException] = field(default_factory=dict)
    runs: int = 0
    alone: int = 0
    random: bool = False
    of: str = "value"
    lack: str = ""
    time_is_up: TimeIsUp | None = None
    patience: int = MAX_DECISIONS
    """Decisions that a run may take before it counts as endless."""
    longest: int = 0
    """Most decisions that a run took."""

    def __post_init__(self) -> None:
        self._tapes: dict[int, Tape] = {}
        self._owns = _by_code(self.owns)
        self._held = [in_float64(value) for value in self.runnable.inputs]
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

    def __call__(self, *columns: Floats) -> Samples:
        """f and its derivatives at the samples; `columns` has one entry for each varied number."""
        return self._sampled(columns, self.height)

    def ways_at(self, x: Floats) -> Samples:
        """The paths that samples take, and f, without derivatives."""
        return self._sampled((x,), 1)

    def _sampled(self, columns: tuple[Floats, ...], height: int) -> Samples:
        samples = Samples.unknown(height, len(columns[0]))
        if self.time_is_up is not None:
            return samples
        with _in_float64(), _own_random_numbers(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the trace shows them; here they come a thousandfold
            try:
                self._fill(samples, columns)
            except TimeIsUp as stop:
                self.time_is_up = stop
        return samples

    def _fill(self, samples: Samples, columns: tuple[Floats, ...]) -> None:
        rest = self._played(samples, columns)
        pending: list[Ints] = [rest] if len(rest) else []
        while pending:
            pending += self._batch(samples, columns, pending.pop())

    def _played(self, samples: Samples, columns: tuple[Floats, ...]) -> Ints:
        """Samples on paths that are on tape need no run; returns those that are left."""
        rest = np.arange(len(columns[0]))
        for way, tape in self._tapes.items():
            if not len(rest):
                break
            values = [torch.from_numpy(column[rest]).requires_grad_() for column in columns]
            found = tape.played(values)
            if found is not None:
                result, live = found
                rows, lacks = self._derivatives(result, values, True, len(samples.rows))
                places = rest[live]
                samples.rows[:, places] = rows[:, live]
                samples.state[places] = DONE
                samples.lacks[places] = lacks
                samples.way[places] = way
                rest = np.delete(rest, live)
        return rest

    def _batch(self, samples: Samples, columns: tuple[Floats, ...], group: Ints) -> list[Ints]:
        """Runs a group; returns the parts of it that decided differently and wait for their run."""
        whole = len(group) == len(columns[0])
        values = [
            torch.from_numpy(column.copy() if whole else column[group]).requires_grad_()
            for column in columns
        ]
        pointwise = self._pointwise
        mode = (
            Pointwise(self._owns, self.patience, values, self.order)
            if pointwise
            else Deciding(self._owns, self.patience, values)
        )
        try:
            result, depends = self._run(mode, values)
            rows, lacks = self._derivatives(result, values, depends, len(samples.rows))
        except NotPointwise:
            self._pointwise = False
            return [group]
        except Endless as endless:
            self._fail(samples, group[mode.live], endless)
        except (TimeIsUp, InputRejected):
            raise
        except (NeedsPoints, Exception):  # noqa: BLE001 - run alone, each sample tells what it is
            self._one_by_one(samples, columns, group[mode.live])
        else:
            if len(mode.live) == samples.rows.shape[1]:
                self._note(samples, slice(None), rows, lacks, mode)
            else:
                self._note(samples, group[mode.live], rows[:, mode.live], lacks, mode)
        samples.margins += [(group[lanes], margin) for lanes, margin in mode.margins]
        return [group[part] for part in mode.aside]

    def _run(self, mode: Deciding, values: list[torch.Tensor]) -> tuple[torch.Tensor, bool]:
        """What is looked at in each lane, and whether it depends on what varies."""
        if isinstance(mode, Pointwise):
            result = as_tensor(self._called(mode, self._copies(), values))
            if result.dim() == 0:
                return result.expand(len(values[0])), False
            if id(result) not in mode.laned:
                raise NotPointwise
            if mode.tape.closed(result) and len(self._tapes) < MAX_TAPES:
                way = self._way(mode)
                self._tapes.setdefault(way, mode.tape)
            return result, True
        depends = False
        copies = self._copies()

        def lane(*numbers: torch.Tensor) -> torch.Tensor:
            nonlocal depends
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
        """One run of the typed function, from the seed."""
        for one, value in zip(self.varied, varied, strict=True):
            arguments[one.place] = value
        generator = torch.default_generator.manual_seed(self.seed)
        before = generator.get_state()
        self.runs += 1
        try:
            with mode:
                result = cast(Callable[..., Any], self.runnable.function)(*arguments)
        finally:
            self.random = self.random or not torch.equal(before, generator.get_state())
        if mode.given_up is not None:  # the typed code may have caught it
            raise mode.given_up
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

    def _derivatives(
        self, result: torch.Tensor, values: list[torch.Tensor], depends: bool, height: int
    ) -> tuple[Floats, int]:
        """The rows of a batch, and the order from which autograd has no derivative (0: has all)."""
        rows = np.full((height, values[0].numel()), np.nan)
        rows[0] = _numbers(result)
        if len(values) == 2:
            return rows, self._partial(result, values, rows, depends)
        current = result
        for order in range(1, height):
            try:
                slope = _slopes(current, values, order < height - 1)[0]
            except RuntimeError as error:
                self.lack = str(error)
                return rows, order
            if slope is None and (depends if order == 1 else not level(rows[order - 1])):
                self.lack = self.lack or NO_CONNECTION
                return rows, order
            if slope is None:
                rows[order:] = 0.0
                break
            rows[order] = _numbers(slope)
            current = slope
        return rows, 0

    def _partial(
        self, result: torch.Tensor, values: list[torch.Tensor], rows: Floats, depends: bool
    ) -> int:
        try:
            slopes = _slopes(result, values, False)
        except RuntimeError as error:
            self.lack = str(error)
            return 1
        if depends and all(slope is None for slope in slopes):
            self.lack = self.lack or NO_CONNECTION
            return 1
        for row, slope in enumerate(slopes, 1):
            rows[row] = 0.0 if slope is None else _numbers(slope)
        return 0

    def _one_by_one(self, samples: Samples, columns: tuple[Floats, ...], group: Ints) -> None:
        for place in _coarse_first(group):
            self._point(samples, [float(column[place]) for column in columns], place)

    def _point(self, samples: Samples, numbers: list[float], place: int) -> None:
        values = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in numbers]
        mode = Alone(self._owns, self.patience)
        self.alone += 1
        try:
            result, self.of = self.looked.at(
                self._called(mode, self._copies(), self._placed(values))
            )
            rows, lacks = self._derivatives(result, values, True, len(samples.rows))
        except (TimeIsUp, InputRejected):
            raise
        except (Endless, Exception) as error:  # noqa: BLE001 - typed code may raise anything
            self._fail(samples, np.array([place]), error)
        else:
            self._note(samples, np.array([place]), rows, lacks, mode)

    def _note(
        self, samples: Samples, places: Ints | slice, rows: Floats, lacks: int, mode: Alone
    ) -> None:
        samples.rows[:, places] = rows
        samples.state[places] = DONE
        samples.lacks[places] = lacks
        samples.way[places] = self._way(mode)

    def _way(self, mode: Alone) -> int:
        self.longest = max(self.longest, len(mode.choices))
        return self.ways.setdefault(tuple(mode.choices[:SHOWN_CHOICES]), len(self.ways))

    def _fail(self, samples: Samples, places: Ints, error: BaseException) -> None:
        samples.state[places] = FAILED
        if isinstance(error, Endless) and self.patience < MAX_DECISIONS:
            return  # a closer look that was not worth its time
        key = (type(error).__name__, str(error))
        self.failures.setdefault(key, error)
        samples.reason[places] = list(self.failures).index(key)


def level(row: Floats) -> bool:
    """Whether a row is constant, or so in parts, as the derivative of relu: its slope is zero."""
    return len(row) < 4 or 4 * len(set(row.tolist())) <= len(row)


def _by_code(owns: Callable[[FrameType], bool]) -> Callable[[FrameType], bool]:
    """The same answers, asked once for each code object."""
    known: dict[CodeType, bool] = {}

    def answer(frame: FrameType) -> bool:
        code = frame.f_code
        if code not in known:
            known[code] = owns(frame)
        return known[code]

    return answer


def _slopes(
    current: torch.Tensor, values: list[torch.Tensor], again: bool
) -> tuple[torch.Tensor | None, ...]:
    if not current.requires_grad:
        return (None,) * len(values)
    return torch.autograd.grad(
        current, values, torch.ones_like(current), create_graph=again, allow_unused=True
    )


def _numbers(tensor: torch.Tensor) -> Floats:
    plain = tensor.detach().to(torch.float64)
    if plain._is_zerotensor():  # autograd's stand-in for zeros has no memory of its own
        return np.zeros(plain.numel())
    numbers: Floats = plain.numpy().reshape(-1)
    return numbers


def _coarse_first(group: Ints) -> Iterator[int]:
    """All of a group, from coarse to fine: whatever ends it, the samples are spread evenly."""
    yield from map(int, group[:1])
    step = 1 << len(group).bit_length()
    while step > 1:
        yield from map(int, group[step // 2 :: step])
        step //= 2


@contextmanager
def _in_float64() -> Iterator[None]:
    """Numbers that the typed code makes are float64 too; torch's own defaults come back after."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    cast(Any, torch._C)._debug_only_display_vmap_fallback_warnings(False)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


@contextmanager
def _own_random_numbers() -> Iterator[None]:
    """Seeding in here leaves the caller's sequence of random numbers alone."""
    before = torch.default_generator.get_state()
    try:
        yield
    finally:
        torch.default_generator.set_state(before)
