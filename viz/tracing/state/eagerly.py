"""How torch runs for as long as somebody looks.

What is compiled runs as it is written: a mode cannot see into compiled functions and modules,
samples of a curve have other types than they were compiled for, and compiling writes into their
parameters. A script module runs operation by operation each time, not only at its first call.
`torch.cond`, `while_loop`, `map` and the scans, which compile what they are given, run as the `if`
or the loop that each stands for; `torch.cond` under a `vmap`, where its rows may ask differently,
as both branches and a `torch.where`, which is torch's own rule.

Attention takes the way that it takes when nobody looks: it asks whether its tensors are watched,
and a mode that watches all calls would count for them, so that an encoder in eval mode gave other
numbers where it is padded.
"""

from __future__ import annotations

import inspect
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import Any, Final

import torch
from torch._higher_order_ops import utils
from torch._ops import HigherOrderOperator
from torch.utils._python_dispatch import _get_current_dispatch_mode
from torch.utils._pytree import tree_leaves, tree_map, tree_unflatten

_PLAIN: Final = (torch.Tensor, torch.nn.Parameter, type(None))
_asked_by_torch: Final = torch.overrides.has_torch_function
_UNWATCHED: Final = torch._C._disabled_torch_function_impl
_dispatched_by_torch: Final = HigherOrderOperator.dispatch
_called_by_torch: Final = utils._hop_compile_and_call
_lock: Final = threading.Lock()
_looking: Final[list[int]] = []
"""The threads that look."""
_functorch: Final[Any] = torch._C._functorch
_samples: Final = threading.local()


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
        HigherOrderOperator.dispatch = _dispatch  # type: ignore[method-assign,assignment]
        utils._hop_compile_and_call = _call


def _end() -> None:
    with _lock:
        _looking.remove(threading.get_ident())
        if not _looking:
            torch.overrides.has_torch_function = _asked_by_torch
            HigherOrderOperator.dispatch = _dispatched_by_torch  # type: ignore[method-assign]
            utils._hop_compile_and_call = _called_by_torch


def _has_torch_function(args: Iterable[Any]) -> bool:
    """Whether one of these watches calls itself; the mode of who looks is not asked."""
    if threading.get_ident() not in _looking:
        return _asked_by_torch(args)
    rest = [each for each in args if type(each) not in _PLAIN]
    return bool(rest) and any(
        getattr(type(each), "__torch_function__", _UNWATCHED) is not _UNWATCHED for each in rest
    )


def _call(fn: Any, args: tuple[Any, ...], kwargs: Any = None) -> Any:
    """What torch compiles before it calls it, called."""
    if threading.get_ident() not in _looking:
        return _called_by_torch(fn, args, kwargs)  # type: ignore[no-untyped-call]
    return _WRAPPED.get(fn.__name__, fn)(*args, **(kwargs or {}))


def _dispatch(self: HigherOrderOperator, key: Any, /, *args: Any, **kwargs: Any) -> Any:
    """Runs an operator on functions in Python, where autograd sees each call that these make."""
    name: str = self.name()  # type: ignore[no-untyped-call]
    looked_at = threading.get_ident() in _looking and _get_current_dispatch_mode() is None
    if not looked_at or name not in _STANDS_FOR:
        return _dispatched_by_torch(self, key, *args, **kwargs)  # type: ignore[no-untyped-call]
    kernel = self.py_kernels[torch._C.DispatchKey.CompositeExplicitAutograd]
    return (_STANDS_FOR[name] or kernel)(*args, **kwargs)


@contextmanager
def batched_samples(one: torch.Tensor) -> Iterator[None]:
    """Inside, rows of this batched tensor are samples, whose `if` is decided for each by itself."""
    before, _samples.level = _sampled(), _functorch.maybe_get_level(one)
    try:
        yield
    finally:
        _samples.level = before


def _sampled() -> int:
    return getattr(_samples, "level", 0)


def _differs(asked: Any) -> bool:
    """Whether the rows of somebody's `vmap` may answer differently."""
    while isinstance(asked, torch.Tensor) and _functorch.is_functorch_wrapped_tensor(asked):
        if _functorch.is_batchedtensor(asked) and _functorch.maybe_get_level(asked) > _sampled():
            return True
        asked = _functorch.get_unwrapped(asked)
    return False


def _cond(asked: Any, then: Any, otherwise: Any, operands: Any = ()) -> Any:
    if _differs(asked):
        return tree_map(partial(torch.where, asked), then(*operands), otherwise(*operands))
    return then(*operands) if asked else otherwise(*operands)


def _while(condition: Any, body: Any, carried: Any, further: Any = (), **_: Any) -> Any:
    """What the body gave last, in its own structure; it is called with the tensors of that."""
    ran, leaves = False, tuple(carried)
    while condition(*leaves, *further):
        ran, carried = True, body(*leaves, *further)
        leaves = tuple(tree_leaves(carried))
    structure = inspect.getclosurevars(body).nonlocals.get("in_spec") if not ran else None
    return tree_unflatten(leaves, structure)[0] if structure is not None else carried


def _scan(combine: Any, init: Any, rows: Any, additional_inputs: Any = ()) -> list[Any]:
    """The last carry and, stacked, what each row gave; torch's own writes into empty tensors."""
    if not rows:
        return [*init]
    carry, given = list(init), []
    for row in zip(*(each.unbind() for each in rows), strict=True):
        answer = combine(*carry, *row, *additional_inputs)
        carry = list(answer[: len(init)])
        given.append(answer[len(init) :])
    columns = zip(*given, strict=True)
    return [*carry, *(None if each[0] is None else torch.stack(each) for each in columns)]


_STANDS_FOR: Final[dict[str, Any]] = {
    "cond": _cond,
    "while_loop": _while,
    "scan": _scan,
    "map_impl": None,
    "associative_scan": None,
}
"""What an operator on functions stands for; `None` where torch's own code for numbers shows it."""
_WRAPPED: Final[dict[str, Any]] = {"_cond_op_wrapper": _cond, "_while_loop_op_wrapper": _while}
"""The same by the functions that torch compiles, which take containers as well."""


@contextmanager
def _uncompiled() -> Iterator[None]:
    with torch.compiler.set_stance("force_eager"):
        yield
