"""One look at a time: gradients, hooks, random states and settings, which it lays aside and puts
back, are the whole process's, and two that do so at once take each other's for the user's.

A look that the function under a look begins is a part of it, and none of its run: the modes of the
outer one are down meanwhile.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Final

import torch
from torch._functorch.pyfunctorch import temporarily_clear_interpreter_stack
from torch.overrides import (
    TorchFunctionMode,
    _get_current_function_mode_stack,
    _pop_mode,
    _push_mode,
)

PATIENCE: Final = 0.02
"""Seconds between two questions whether the one whose turn it is waits for others."""
WAITING: Final = ("threading", "selectors")
"""Modules in which a thread stands that waits for another one."""


class LookingMode(TorchFunctionMode):
    """A mode that looks at what runs, and not at what another look runs inside."""

    def step_aside(self) -> None:
        """Another look begins; raises where this run is not one that could have another inside."""

    def step_back(self) -> None:
        """The other look is over."""


class _OneLook:
    """Whose turn it is; within one thread a look may be part of another."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.holder = 0

    def taken(self) -> bool:
        """Waits for the turn. False without it: whose turn it is waits for other threads, and this
        may be one of them.
        """
        while not self.lock.acquire(timeout=PATIENCE):
            frame = sys._current_frames().get(self.holder)
            if frame is not None and frame.f_globals.get("__name__") in WAITING:
                return False
        self.holder = threading.get_ident()
        return True


_one = _OneLook()


def _begin_anew() -> None:
    global _one  # the thread whose turn it was is not in the child
    _one = _OneLook()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


@contextmanager
def in_turn() -> Iterator[None]:
    """Inside, no other thread looks, and no look around this one."""
    one = _one
    taken = one.taken()
    try:
        with by_itself():
            yield
    finally:
        if taken:
            one.lock.release()


@contextmanager
def by_itself() -> Iterator[None]:
    """Inside, what looks at the code around does not look, and no transform is under way."""
    up = _get_current_function_mode_stack()  # type: ignore[no-untyped-call]
    watching = [each for each in up if isinstance(each, LookingMode)]
    for each in watching:
        each.step_aside()
    others = [each for each in up if each not in watching] if watching else up
    _exchange(up, others)
    inside = torch._C._are_functorch_transforms_active()
    try:
        with temporarily_clear_interpreter_stack() if inside else nullcontext():
            yield
    finally:
        _exchange(others, up)
        for each in watching:
            each.step_back()


def _exchange(down: list[TorchFunctionMode], up: list[TorchFunctionMode]) -> None:
    if down is not up:
        for _ in down:
            _pop_mode()  # type: ignore[no-untyped-call]
        for each in up:
            _push_mode(each)  # type: ignore[no-untyped-call]
