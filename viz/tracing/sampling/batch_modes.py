"""Function modes that run the typed code on many samples at once.

A *lane* is one sample's place in a batch. `Deciding` answers when the code asks a batched tensor
for a Python value: if the live lanes disagree, it goes on with the outcome of most of them and
puts the others aside (`aside`), to be run anew by the caller. What the lanes put aside go on to
compute is of no interest: lanes never touch each other.

`Pointwise` is the same for plain tensors instead of `vmap`'s. It is right only as long as every
call is elementwise, and gives up (`NotPointwise`) at the first that it does not know to be so. On a
tape (`viz.tracing.sampling.tape`) it takes from there what earlier runs did.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from copy import copy
from types import CodeType, FrameType
from typing import Any, NoReturn

import numpy as np
import torch

from viz.records import Asked
from viz.tracing.decisions import ASKED
from viz.tracing.sampling.elementwise import (
    ALIAS,
    COMPARISONS,
    ELEMENTWISE,
    FIRST_ORDER,
    SCALAR_FACTORIES,
    divisor,
)
from viz.tracing.sampling.tape import GivenUp, Head, OffTape, Outcomes
from viz.tracing.state.one_look import LookingMode
from viz.tracing.texts import own_words

MAX_DECISIONS = 5_000
"""Decisions of one run at most; a loop that asks more often is taken for an endless one."""
MOST_DIVISORS = 64
"""Divisions whose divisors are looked at."""
MOST_OWNED = 4_000_000
"""Numbers of a tensor of which each lane gets a copy of its own."""
FEW = 32
"""Different numbers that a batch may split into before each sample is run on its own."""

_functorch: Any = torch._C._functorch
_Tensor: Any = torch.Tensor

Owns = Callable[[FrameType], bool]
Instruction = tuple[CodeType, int]
Fork = tuple[Instruction | None, Asked, bool | int]
"""One decision of a run: the instruction, what was asked, and the outcome."""


class NeedsPoints(GivenUp):
    """Only a run of each sample on its own can answer."""


class NotPointwise(GivenUp):
    """A call is not known to be elementwise."""


class Endless(GivenUp):
    """More than `MAX_DECISIONS` decisions."""

    def __str__(self) -> str:
        return f"no end after {MAX_DECISIONS:,} decisions: the loop may be endless"


_ONLY_ALONE: frozenset[Any] = frozenset(
    {
        torch.autograd.backward,
        torch.autograd.grad,
        _Tensor.backward,
        _Tensor.requires_grad_,
        _Tensor.retain_grad,
        _Tensor.register_hook,
        _Tensor.numpy,
        _Tensor.requires_grad.__get__,
        _Tensor.requires_grad.__set__,
        _Tensor.is_leaf.__get__,
        _Tensor.grad.__get__,
        _Tensor.grad_fn.__get__,
        _Tensor.data.__get__,
    }
)
"""What a batched tensor answers differently from a sample of its own."""


def by_code(owns: Owns) -> Owns:
    """The same answers, asked once for each code object."""
    known: dict[CodeType, bool] = {}

    def answer(frame: FrameType) -> bool:
        code = frame.f_code
        if code not in known:
            known[code] = owns(frame)
        return known[code]

    return answer


class Alone(LookingMode):
    """Writes down the decisions of a run of one sample."""

    def __init__(self, owns: Owns, patience: int) -> None:
        super().__init__()
        self.owns = owns
        self.patience = patience
        self.choices: list[Fork] = []
        self.given_up: GivenUp | None = None

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        outcome = func(*args, **(kwargs or {}))
        asked = ASKED.get(func)
        if asked is not None and isinstance(outcome, bool | int):
            self.note(asked, outcome)
        return outcome

    def note(self, asked: Asked, outcome: bool | int) -> None:
        """Writes a decision down. A float is a value and not a branch: it is left out."""
        if len(self.choices) >= self.patience:
            self.give_up(Endless())
        self.choices.append((self._place(), asked, outcome))

    def give_up(self, why: GivenUp) -> NoReturn:
        """Ends the run; what typed code does with the exception does not matter any more."""
        self.given_up = why
        raise copy(why)  # one that was raised holds frames, and these the mode

    def _place(self) -> Instruction | None:
        frame: FrameType | None = sys._getframe(2)
        while frame is not None and not self.owns(frame):
            frame = frame.f_back
        return None if frame is None else (frame.f_code, frame.f_lasti)


def writes_into_fresh(error: BaseException) -> bool:
    """Whether `vmap` refused to write a batched tensor into one that is the same in all lanes."""
    text = own_words(error)
    return isinstance(error, RuntimeError) and text.startswith("vmap:") and "not possible" in text


class Deciding(Alone):
    """Runs under `vmap`: answers for the live lanes when a batched tensor is asked.

    `own`: each lane gets its own copy of the tensors that the code makes, so that it can write a
    sample into them. `anchor` is a batched number, to be set before the run.
    """

    def __init__(
        self, owns: Owns, patience: int, inputs: list[torch.Tensor], *, own: bool = False
    ) -> None:
        super().__init__(owns, patience)
        self.own = own
        self.anchor = inputs[0]
        self.live = np.arange(len(inputs[0]))
        self.aside: list[Any] = []
        self.margins: list[tuple[Any, Any]] = []
        """For each split: the lanes, and by how much each compared greater."""
        self.divisors: list[Any] = []
        """What was divided by, call for call: a number for each lane."""
        self._compared: dict[int, tuple[torch.Tensor, Any]] = {}

    def step_aside(self) -> None:
        self.give_up(NeedsPoints())

    def forget(self) -> None:
        """Lets go of every tensor of this run."""
        self._compared.clear()

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if self.given_up is not None:
            raise copy(self.given_up)
        asked = ASKED.get(func)
        if asked is not None:
            return self.answer(asked, func, args, kwargs or {})
        if func in _ONLY_ALONE:
            self.give_up(NeedsPoints())
        result = func(*args, **(kwargs or {}))
        if self.own and isinstance(result, torch.Tensor):
            result = self._owned(result, args)
        if func in COMPARISONS:
            self._compared[id(result)] = (result, args)
        below = divisor(func, args)
        if below is not None and below.numel() == 1 and len(self.divisors) < MOST_DIVISORS:
            self.divisors.append(self.lanes_of(below))
        return result

    def _owned(self, result: torch.Tensor, args: Any) -> torch.Tensor:
        """A tensor of each lane's own, unless it is one already or shares its memory."""
        shared = any(result is value for value in args) or result._is_view()
        wide = result.numel() * len(self.live) > MOST_OWNED
        if shared or wide or _functorch.is_batchedtensor(result):
            return result
        return torch.where(self.anchor.detach().isnan().logical_not() | True, result, result)

    def answer(self, asked: Asked, func: Any, args: Any, kwargs: Any) -> Any:
        """What the live lanes answer, or most of them."""
        values = self.lanes_of(args[0])
        if values is None:
            outcome = func(*args, **kwargs)
        elif asked == "bool":
            before, splits = self.live, len(self.aside)
            outcome = self._majority(values.astype(bool))
            if len(self.aside) > splits:
                self._note_margin(args[0], before)
        elif asked == "tolist" and args[0].dim() > 0:
            self.give_up(NeedsPoints())
        elif asked in ("int", "index"):
            outcome = int(self._majority(np.trunc(values) if values.dtype.kind == "f" else values))
        else:
            outcome = self._majority(values)
            outcome = float(outcome) if asked == "float" else outcome
        if isinstance(outcome, bool | int):
            self.note(asked, outcome)
        return outcome

    def _note_margin(self, asked: torch.Tensor, lanes: Any) -> None:
        """Where a comparison split the lanes, how far each was from turning over."""
        _, sides = self._compared.get(id(asked), (None, ()))
        if len(sides) == 2:
            numbers = [
                self.lanes_of(side) if isinstance(side, torch.Tensor) else side for side in sides
            ]
            if not any(number is None for number in numbers):
                margin = np.subtract(*numbers, dtype=float)
                self.margins.append((lanes, margin[lanes] if margin.ndim else margin))

    def lanes_of(self, tensor: torch.Tensor) -> Any:
        """One number for each lane, or `None` for a tensor that is the same in all."""
        inner, axis = tensor, None
        while _functorch.is_functorch_wrapped_tensor(inner):
            if _functorch.is_batchedtensor(inner):
                if axis is not None:
                    self.give_up(NeedsPoints())
                axis = _functorch.maybe_get_bdim(inner)
            inner = _functorch.get_unwrapped(inner)
        if axis is None:
            return None
        if tensor.numel() != 1:
            self.give_up(NeedsPoints())
        return inner.detach().movedim(axis, 0).reshape(-1).numpy()

    def _majority(self, values: Any) -> Any:
        """The outcome of most live lanes; the lanes of other outcomes are put aside."""
        live = values if len(self.live) == len(values) else values[self.live]
        if values.dtype == bool:
            trues = int(np.count_nonzero(live))
            if trues in (0, len(live)):
                return trues > 0
            winner: Any = trues * 2 >= len(live)
            self.aside.append(self.live[live != winner])
            self.live = self.live[live == winner]
            return winner
        counts = Counter(live.tolist())
        if len(counts) > FEW or any(outcome != outcome for outcome in counts):
            self.give_up(NeedsPoints())
        ((winner, _),) = counts.most_common(1)
        self.aside += [self.live[live == outcome] for outcome in counts if outcome != winner]
        self.live = self.live[live == winner]
        return winner


class Pointwise(Deciding):
    """Runs plain tensors whose only dimension is the lanes; checks every call.

    Every tensor with lanes is known by identity: another tensor of the same length (a held input,
    a list of constants) is not taken for one. With a `head` the run is on tape: it follows the
    `outcomes` for the `live` lanes, then decides as `Deciding` does; `behind` has, for each part
    put `aside`, the number of outcomes it shares with this run.
    """

    def __init__(
        self,
        owns: Owns,
        patience: int,
        inputs: list[torch.Tensor],
        order: int,
        head: Head | None = None,
    ) -> None:
        super().__init__(owns, patience, inputs)
        self.order = order
        self.head = head
        self.laned: dict[int, Any] = (
            {id(tensor): tensor for tensor in inputs} if head is None else head.reel.slots
        )
        self.outcomes: list[Any] = []
        self.behind: list[int] = []
        self._ahead: Outcomes = ()

    def step_aside(self) -> None:
        self.give_up(NotPointwise())

    def forget(self) -> None:
        """Lets go of every tensor of this run; what is on a tape belongs to the tape."""
        super().forget()
        if self.head is None:
            self.laned.clear()

    def follow(self, lanes: Any, outcomes: Outcomes) -> None:
        """Runs for these lanes, which are known to decide so at first."""
        self.live, self._ahead = lanes, outcomes

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if self.given_up is not None:
            raise copy(self.given_up)
        try:
            if func in ELEMENTWISE:
                return self._elementwise(func, args, kwargs)
            if func in ASKED:
                return self._decided(ASKED[func], func, args, kwargs or {})
            return self._other(func, args, kwargs or {})
        except OffTape as off:
            self.give_up(off)

    def lanes_of(self, tensor: torch.Tensor) -> Any:
        return tensor.detach().numpy() if id(tensor) in self.laned else None

    def _majority(self, values: Any) -> Any:
        winner = super()._majority(values)
        self.behind += [len(self.outcomes)] * (len(self.aside) - len(self.behind))
        return winner

    def _decided(self, asked: Asked, func: Any, args: Any, kwargs: Any) -> Any:
        if id(args[0]) not in self.laned:
            return self.answer(asked, func, args, kwargs)
        taken = len(self.outcomes)
        if taken < len(self._ahead):
            outcome = self._ahead[taken]
            if isinstance(outcome, bool | int):
                self.note(asked, outcome)
        else:
            outcome = self.answer(asked, func, args, kwargs)
        self.outcomes.append(outcome)
        if self.head is not None:
            self.head.choose(args[0], asked, outcome)
        return outcome

    def _elementwise(self, func: Any, args: Any, kwargs: Any) -> Any:
        laned = False
        for value in args if not kwargs else (*args, *kwargs.values()):
            if isinstance(value, torch.Tensor):
                if id(value) in self.laned:
                    laned = True
                elif value.dim() or not _numeric(value):
                    self.give_up(NotPointwise())
            elif value is True:
                self.give_up(NotPointwise())
        if kwargs and not kwargs.keys() <= _KNOWN_OPTIONS:
            self.give_up(NotPointwise())
        if laned:
            return self._with_lanes(func, args, kwargs)
        result = func(*args, **kwargs) if kwargs else func(*args)
        if not isinstance(result, torch.Tensor) or not _numeric(result):
            self.give_up(NotPointwise())
        return result

    def _with_lanes(self, func: Any, args: Any, kwargs: Any) -> Any:
        result = None if self.head is None else self.head.known(func)
        if result is None:
            result = func(*args, **kwargs) if kwargs else func(*args)
            if not isinstance(result, torch.Tensor) or not _numeric(result):
                self.give_up(NotPointwise())
            if self.head is None:
                self.laned[id(result)] = result
            else:
                self.head.write(func, args, kwargs, result)
        if func in COMPARISONS:
            self._compared[id(result)] = (result, args)
        return result

    def _other(self, func: Any, args: Any, kwargs: Any) -> Any:
        """Calls that mean something else for a number than for a row of lanes."""
        if func in SCALAR_FACTORIES:
            result = func(*args, **kwargs)
            laned = any(isinstance(value, torch.Tensor) for value in args)
            if laned or result.dim() or result.requires_grad or not _numeric(result):
                self.give_up(NotPointwise())
            return result
        if len(args) == 1 and id(args[0]) in self.laned:
            if func in ALIAS and not kwargs and args[0].dtype is torch.float64:
                return args[0]
            plain = all(value in _NORM_DEFAULTS for value in kwargs.values())
            if func in FIRST_ORDER and plain and self.order <= 1:
                return self._with_lanes(FIRST_ORDER[func], args, None)
        return self.give_up(NotPointwise())


_KNOWN_OPTIONS = {"input", "other", "exponent", "min", "max", "beta", "threshold", "alpha"}
_NORM_DEFAULTS = ("fro", 2, None, False)


def _numeric(tensor: torch.Tensor) -> bool:
    """Of a type whose arithmetic does not depend on the number of dimensions."""
    return tensor.dtype in _PLAIN


_PLAIN = (torch.float64, torch.bool, torch.int64)
