"""How a run whose time is up comes to its end with what it has: where, and what it tells.

A timer raises `TimeIsUp` in typed code, and in what is `stoppable`. A backward run is one long call
of torch's, during which no signal is heard: `breathing` lets it call into Python now and then. What
does not let itself be ended tells what it has by `rescued`. A run that was `out_of_memory` gives it
back by `let_go`, so that a smaller one can be tried; long graphs go by `freed_in_stretches`. A
program that is `Left` ends by itself.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from traceback import clear_frames
from types import CodeType
from typing import Any, Final, TypeVar

import torch

from viz.records import Span

Stoppable = TypeVar("Stoppable", bound=Callable[..., Any])


class TimeIsUp(BaseException):
    """Raised when the time of a run is over; `except Exception` does not catch it.

    It may be raised wherever typed code runs, and in what is `stoppable`.
    """


class Left(RuntimeError):
    """Raised by `sys.exit()`, `exit()` and `quit()`: a script ends there and has not failed."""


Left.__name__ = "SystemExit"
STOPPABLE: Final[set[CodeType]] = set()
"""The code of the functions that are `stoppable`."""


def stoppable(function: Stoppable) -> Stoppable:
    """Marks a function of this room that `TimeIsUp` may end at any moment, without typed code on
    the stack: whoever calls it catches that and keeps what was done until then.
    """
    STOPPABLE.add(function.__code__)
    return function


_MADE_BEFORE: Final[list[int]] = []
APART: Final = 500
"""Nodes of a graph from one on which a backward run calls into Python to the next."""
STRETCH: Final = 100
"""Nodes that torch may free within each other: some 280 bytes of the stack each, which does not
grow any more where memory is over.
"""
_sequence_number = torch.autograd._get_sequence_nr  # type: ignore[attr-defined]


def on_the_clock() -> None:
    """From here on a timer may raise `TimeIsUp`, if Python gets the word now and then."""
    _MADE_BEFORE[:] = [_sequence_number()]


def breathing(*results: torch.Tensor) -> None:
    """Lets a backward run through many nodes, one long call, call into Python on its way."""
    if not _MADE_BEFORE or _sequence_number() - _MADE_BEFORE[0] < 2 * APART:
        return
    waiting, seen, stretch = [result.grad_fn for result in results], set(), []
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        stretch.append(node)
        if len(stretch) == STRETCH:  # at once: memory may be over before the end
            _hold(stretch)
            stretch = []
        if len(seen) % APART == 0:
            node.register_prehook(_breath)
        waiting += [further for further, _ in node.next_functions]
    _hold(stretch)


def freed_in_stretches(nodes: Sequence[Any]) -> None:
    """Lets torch free a long graph of which Python has seen these nodes, neighbours together.

    Nodes that Python has seen are freed within each other, and the process dies where a chain of
    some 30,000 goes (torch 2.13). Here the last node of each stretch holds the others, in its
    `metadata`: when it goes they go one by one.
    """
    for start in range(0, len(nodes), STRETCH):
        _hold(nodes[start : start + STRETCH])


def _hold(stretch: Iterable[Any]) -> None:
    """The node that was made last holds the others: none of them leads back to it."""
    # a leaf's node has no number of its own, and those after it hold it themselves
    inner = [node for node in stretch if node.next_functions]
    if inner:
        *others, last = sorted(inner, key=lambda node: node._sequence_nr())
        last.metadata["autograd_explorer"] = others


def _breath(_gradients: Any) -> None:
    """Changes nothing."""


_RESCUES: Final[list[Callable[[Span | None], Any]]] = []


@contextmanager
def rescuing(rescue: Callable[[Span | None], Any]) -> Iterator[None]:
    """Meanwhile `rescued` asks `rescue`, which gets the line where the typed code is."""
    _RESCUES.append(rescue)
    try:
        yield
    finally:
        _RESCUES.remove(rescue)


def rescued(line: Span | None) -> Any:
    """The answer as far as it is, for a run whose typed code swallows every `TimeIsUp`; `None`
    where nothing was begun. Made on top of the typed code, before the process ends.
    """
    return _RESCUES[-1](line) if _RESCUES else None


_NO_MEMORY: Final = re.compile(r"can't allocate memory|std::bad_alloc|\[enforce fail a$")
"""What torch says where there is no memory. Of its longer sentence there may be no more than the 15
characters that a C++ string holds without any.
"""


SPARE: Final = 1 << 20
"""Bytes to hold during a run, so that there is memory for asking why it failed."""


def out_of_memory(error: BaseException) -> bool:
    """Whether there was no memory for this, in Python's words or in torch's."""
    if type(error) is not RuntimeError:  # what is typed may say anything of itself
        return isinstance(error, MemoryError)
    return _NO_MEMORY.search(str(error)) is not None


_MEMORY: Final[list[int]] = []


def limit_memory(most: int) -> None:
    """Notes that runs in this process may take `most` bytes: who asks for more is told so."""
    _MEMORY[:] = [most]


def memory_limit() -> str:
    """How much a run may take, such as "512 MB"; empty where nothing but the machine bounds it."""
    return f"{_MEMORY[0] >> 20} MB" if _MEMORY else ""


def let_go(error: BaseException | None) -> None:
    """Clears the frames that errors passed through: their tensors are what fills the memory.

    Where memory or time is over, what holds itself in a circle goes at once as well: nobody else
    would look for it in time, and what is short of memory next may be no more than the answer.
    """
    first = error
    while error is not None:
        clear_frames(error.__traceback__)
        error = error.__context__
    # only now: even asking takes memory
    if first is not None and (isinstance(first, TimeIsUp) or out_of_memory(first)):
        gc.collect()
