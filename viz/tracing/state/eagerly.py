"""How torch runs for as long as somebody looks.

What is compiled runs as it is written: a mode cannot see into compiled functions and modules,
samples of a curve have other types than they were compiled for, and compiling writes into their
parameters. A script module runs operation by operation each time, not only at its first call.

Attention takes the way that it takes when nobody looks: it asks whether its tensors are watched,
and a mode that watches all calls would count for them, so that an encoder in eval mode gave other
numbers where it is padded.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, Final

import torch

_PLAIN: Final = (torch.Tensor, torch.nn.Parameter, type(None))
_asked_by_torch: Final = torch.overrides.has_torch_function
_UNWATCHED: Final = torch._C._disabled_torch_function_impl
_lock: Final = threading.Lock()
_looking: Final[list[int]] = []
"""The threads that look."""


@contextmanager
def eagerly() -> Iterator[None]:
    """A context; see the module."""
    optimizing = torch._C._get_graph_executor_optimize()
    torch._C._set_graph_executor_optimize(False)
    alone = torch._C._len_torch_function_stack() == 0  # else somebody's own mode counts as ever
    if alone:
        _begin()
    try:
        with _uncompiled() if "torch._dynamo" in sys.modules else nullcontext():
            yield
    finally:
        if alone:
            _end()
        torch._C._set_graph_executor_optimize(optimizing)


def _begin() -> None:
    with _lock:
        _looking.append(threading.get_ident())
        torch.overrides.has_torch_function = _has_torch_function


def _end() -> None:
    with _lock:
        _looking.remove(threading.get_ident())
        if not _looking:
            torch.overrides.has_torch_function = _asked_by_torch


def _has_torch_function(args: Iterable[Any]) -> bool:
    """Whether one of these watches calls itself; the mode of who looks is not asked."""
    if threading.get_ident() not in _looking:
        return _asked_by_torch(args)
    rest = [each for each in args if type(each) not in _PLAIN]
    return bool(rest) and any(
        getattr(type(each), "__torch_function__", _UNWATCHED) is not _UNWATCHED for each in rest
    )


@contextmanager
def _uncompiled() -> Iterator[None]:
    with torch.compiler.set_stance("force_eager"):
        yield
