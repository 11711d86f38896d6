"""Looking does not touch: what a function of one's own can reach is afterwards as it was before.

`untouched(function, arguments)` is a context. On entering it notes the state of everything that the
function can reach through its closure, the globals that it names, its defaults, `self`, partials,
modules, optimizers and plain containers; on leaving it, after a failure too, it puts that back:

- of every tensor: its bytes, its `.grad` (the very object), `requires_grad`, its attributes and
  hooks, and how often it was written into, so that a graph that saved it stays valid;
- of every module: its attributes (`training`, hooks, buffers, parameters by name), its class's, and
  what is in its own lists, dicts and objects; of an object that is called, or whose method is, too;
- of every optimizer: its state, its groups, its hooks; of a scheduler of learning rates the same;
- of every random generator: its state;
- of the process: random states (torch, Python, numpy), the default dtype and device, how tensors
  are printed, what is set for autograd and autocast, hooks on all modules.

Inside, what is compiled runs as it is written (`viz.tracing.state.eagerly`).

A module that could not be seen before it is called (another file's, a class's) is noted then. What
the function itself collects in lists and dicts of its own is left: that is its result. Tensors
without a storage (sparse, meta) keep their bytes unasked. Nothing in here runs code of the user's.

`renewal(function)` is for runs that follow each other within one look, as the samples of a curve
do: each starts from the same state, whatever the one before counted, averaged or kept.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from itertools import filterfalse
from threading import get_ident
from types import FunctionType
from typing import Any, Final

import numpy as np
import torch
from torch.nn.modules.module import register_module_forward_pre_hook
from torch.nn.utils import stateless

from viz.tracing.containers import hooks_of
from viz.tracing.reach import GENERATORS, SCHEDULERS, TORCHS_OWN, Tables, laid_out, reached
from viz.tracing.state.contents import PLAIN, Later, note_class, note_contents, note_slots, refill
from viz.tracing.state.eagerly import eagerly
from viz.tracing.state.memory import bytes_at, is_where, leaf_again, storage_of, wraps
from viz.tracing.state.one_look import in_turn
from viz.tracing.state.process import note_process
from viz.tracing.state.widening import LAZY, waiting, widen

_NO_ENTRIES: Final[dict[Any, Any]] = {}
LITTLE: Final = 16 << 10
"""Bytes of a tensor up to which they are noted as Python's bytes, which is quicker."""
MOST_RENEWED: Final = 64 << 20
"""Bytes of large tensors of which a copy is held for a renewal; what is beyond stays as runs leave
it."""


_RESIZING: Final = "torch.ao."
"""Where modules are that resize their buffers: those that watch a range for quantisation."""


@contextmanager
def untouched(
    function: Callable[..., Any],
    arguments: Any = (),
    *,
    float64: bool = False,
    around: Sequence[Any] | None = None,
) -> Iterator[None]:
    """Puts back what the function could reach, whatever happens inside; see the module.

    With `float64` the parameters, buffers and other leaves that it reaches are of that type inside:
    samples of a curve are, and torch multiplies no float64 by a float32 matrix. `around` is what
    the function can reach, where somebody has looked already.
    """
    noted = _Noted(float64)
    with in_turn():
        try:
            note_process(noted.later)
            noted.note(
                [*around, *_found(arguments)] if around is not None else _found(function, arguments)
            )
            if not isinstance(function, FunctionType):
                note_contents([getattr(function, "__self__", function)], noted.later)
            with eagerly(), noted.further():
                yield
        finally:
            _put_back(noted.later)


def _found(*roots: Any) -> list[Any]:
    return [each for each, _ in reached(*roots)]


class _Noted:
    """What is noted of a run, and what is noted of it already."""

    def __init__(self, float64: bool) -> None:
        self.later: Later = []
        self._float64 = float64
        self._known: dict[int, Any] = {}
        self._thread = get_ident()

    def note(self, found: Iterable[Any]) -> None:
        """Notes each that is not known; widens those of the tensors that are to be."""
        new = {id(each): each for each in found if id(each) not in self._known}
        self._known.update(new)
        kinds = dict.fromkeys(map(type, new.values()))
        for kind in dict.fromkeys(own for each in kinds for own in _own_classes(each)):
            if id(kind) not in self._known:
                self._known[id(kind)] = kind
                note_class(kind, self.later)
        for each in new.values():
            _way_to_note(type(each))(each, self.later)  # type: ignore[arg-type]
        for each in new.values():
            if type(each).__module__.startswith(_RESIZING):
                _stand_in(each)
        if self._float64:
            widen(new.values())

    @contextmanager
    def further(self) -> Iterator[None]:
        """Inside, modules are noted that are first met when they are called, or just before torch
        lends them other parameters (`functional_call`)."""
        handle = register_module_forward_pre_hook(self._before_call)
        lending = stateless._reparametrize_module

        def lent(module: torch.nn.Module, *rest: Any, **more: Any) -> Any:
            self._before_call(module, None)
            return lending(module, *rest, **more)

        stateless._reparametrize_module = lent
        try:
            yield
        finally:
            stateless._reparametrize_module = lending
            handle.remove()

    def _before_call(self, module: torch.nn.Module, _: Any) -> None:
        if id(module) not in self._known and get_ident() == self._thread:
            with torch._C.DisableTorchFunction():
                self.note(_found(module))


def _stand_in(module: Any) -> None:
    """Gives a module's buffers other memory for the time of a look. What is resized in place loses
    the memory that it had, and nothing gives that address back.
    """
    for each in getattr(module, "_buffers", {}).values():
        if isinstance(each, torch.Tensor) and storage_of(each) is not None:
            each.data = each.data.clone()


def renewal(function: Callable[..., Any] | None) -> Callable[[], None] | None:
    """What gives all that a function can reach the state that it has now, as often as it is called;
    `None` where there is nothing. Large tensors are looked at only if torch counted a write.
    """
    later: Later = []
    copied = 0
    found = _found(function)
    for each in found:
        if isinstance(each, torch.Tensor) and (size := _copied_bytes(each)):
            copied += size
            if copied <= MOST_RENEWED:
                _note_written(each, later)
        else:
            _way_to_note(type(each))(each, later)  # type: ignore[arg-type]
    if found and not isinstance(function, FunctionType):
        note_contents([getattr(function, "__self__", function)], later)
    if not later:
        return None
    later.reverse()

    def renew() -> None:
        with torch._C._DisableFuncTorch(), torch._C.DisableTorchFunction():
            for put_back in later:
                put_back()

    return renew


def _copied_bytes(tensor: torch.Tensor) -> int:
    """Bytes of a tensor that is not little; 0 of one that is, or has no memory of its own."""
    storage = storage_of(tensor)
    size = 0 if storage is None else storage.nbytes()
    return size if size > LITTLE else 0


def _note_written(tensor: torch.Tensor, later: Later) -> None:
    """Notes a tensor that is put back only where it was written into or has other memory."""
    if tensor.is_inference():
        return
    version, data, noted = tensor._version, tensor.data, Later()
    _note_tensor(tensor, noted)

    def put_back() -> None:
        if tensor._version != version or not is_where(tensor, data):
            noted[0]()

    later.append(put_back)


def _put_back(later: Later) -> None:
    """All of it, the latest first, whatever one of them raises."""
    try:
        while later:
            later.pop()()
    finally:
        if later:
            _put_back(later)


# ── what is noted and put back ──


def _note_tensor(tensor: torch.Tensor, later: Later) -> None:
    leaf = tensor.is_leaf
    gathering = leaf or tensor.retains_grad
    gradient, asked = tensor.grad if gathering else None, tensor.requires_grad
    version = None if tensor.is_inference() else tensor._version
    data, storage = tensor.data, storage_of(tensor)
    held, hooks = vars(tensor).copy(), [table and dict(table) for table in hooks_of(tensor)]
    if storage is not None:
        little = tensor.is_cpu and storage.nbytes() <= LITTLE
        before = _little(storage) if little else _in_place(storage).clone()

    def put_back() -> None:
        if leaf and not tensor.is_leaf:
            leaf_again(tensor)
        moved = storage is not None and not is_where(tensor, data)
        if tensor.dtype != data.dtype or moved:
            tensor.data = data
        if tensor.requires_grad != asked and tensor.is_leaf:
            tensor.requires_grad_(asked)
        if gathering and tensor.is_leaf == leaf and tensor.grad is not gradient:
            tensor.grad = gradient
        refill(vars(tensor), held)
        for table, before_it in zip(hooks_of(tensor), hooks, strict=True):
            if table:  # a table that was not there stays, empty: torch looks into it
                refill(table, before_it or _NO_ENTRIES)
        if storage is not None and not (little and _little(storage) == before):
            _refill_bytes(storage, before)
        if version is not None and tensor._version != version:
            torch._C._autograd._unsafe_set_version_counter((tensor,), (version,))

    later.append(put_back)
    if storage is None and wraps(tensor):
        for each in held.values():
            if isinstance(each, torch.Tensor):
                _note_tensor(each, later)


def _little(storage: torch.UntypedStorage) -> bytes:
    """A copy of what is in little memory, as most parameters take, which is read off at once."""
    return bytes_at(storage.data_ptr(), storage.nbytes())


def _in_place(storage: torch.UntypedStorage) -> torch.Tensor:
    return torch.empty(0, dtype=torch.uint8, device=storage.device).set_(storage)


def _refill_bytes(storage: torch.UntypedStorage, before: bytes | torch.Tensor) -> None:
    """Writes the bytes back that were there, where they have changed."""
    if isinstance(before, bytes):
        before = torch.from_numpy(np.frombuffer(before, np.uint8).copy())
    if storage.nbytes() != before.numel():
        storage.resize_(before.numel())
    now = _in_place(storage)
    if before.numel() and not _same(now, before):
        now.copy_(before)


def _same(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Whether two rows of bytes are equal; by eights that takes a fifth of the time."""
    if one.numel() % 8 == 0:
        one, other = one.view(torch.int64), other.view(torch.int64)
    return torch.equal(one, other)


def _note_module(module: torch.nn.Module, later: Later) -> None:
    """A module's own dictionary, and what is in it: hooks, parameters, buffers, its own lists."""
    attributes = vars(module)
    before = dict(attributes)
    tables, rest = laid_out(attributes) or _searched(before)
    slotted = note_slots(module, later)
    if own := [each for each in (*slotted, *(each for _, each in rest)) if type(each) not in PLAIN]:
        note_contents(own, later)
    filled = [(each, each.copy()) for each in tables if each]
    empty = list(filterfalse(None, tables))

    def put_back() -> None:
        refill(attributes, before)
        for each, entries in filled:
            refill(each, entries)
        if any(empty):
            for each in empty:
                refill(each, _NO_ENTRIES)

    later.append(put_back)
    if isinstance(module, LAZY):
        _note_kinds(module, later)


def _searched(attributes: dict[str, Any]) -> tuple[Tables, list[tuple[str, Any]]]:
    """What `laid_out` tells, of a module that has its attributes in another order; a scripted one
    has wrappers for some of torch's tables.
    """
    torchs = [each for name, each in attributes.items() if name in TORCHS_OWN]
    rest = [(name, each) for name, each in attributes.items() if name not in TORCHS_OWN]
    return tuple(each for each in torchs if isinstance(each, dict | set)), rest


def _note_kinds(module: torch.nn.Module, later: Later) -> None:
    """A layer that gets its shapes from its first input is of another class afterwards, and so are
    its parameters.
    """
    kind = type(module)
    with torch._C.DisableTorchFunctionSubclass():
        before = [(each, type(each), each.data, each._version) for each in waiting(module)]

    def put_back() -> None:
        module.__class__ = kind
        with torch._C.DisableTorchFunctionSubclass():
            for each, its, data, version in before:
                each.data, each.grad = data, None
                each.__class__ = its
                torch._C._autograd._unsafe_set_version_counter((each,), (version,))

    later.append(put_back)


def _note_optimizer(optimizer: torch.optim.Optimizer, later: Later) -> None:
    note_contents([vars(optimizer)], later)


def _note_scheduler(scheduler: Any, later: Later) -> None:
    note_contents([scheduler], later)


def _note_random(generator: Any, later: Later) -> None:
    """The state of a random generator of torch's, Python's or numpy's."""
    if isinstance(generator, torch.Generator):
        later.append(partial(generator.set_state, generator.get_state()))
    elif isinstance(generator, random.Random):
        if not isinstance(generator, random.SystemRandom):
            state = random.Random.getstate(generator)
            later.append(partial(random.Random.setstate, generator, state))
    else:
        bits = (
            generator if isinstance(generator, np.random.BitGenerator) else generator._bit_generator
        )
        later.append(partial(setattr, bits, "state", bits.state))


_NOTES: Final[dict[Any, Callable[[Any, Later], None]]] = {
    torch.Tensor: _note_tensor,
    torch.nn.Module: _note_module,
    torch.optim.Optimizer: _note_optimizer,
    **dict.fromkeys(SCHEDULERS, _note_scheduler),
    **dict.fromkeys(GENERATORS, _note_random),
}


@lru_cache(maxsize=1_000)
def _own_classes(kind: type) -> tuple[type, ...]:
    """A module's class and those that it descends from, as far as they are the user's own."""
    if not issubclass(kind, torch.nn.Module):
        return ()
    return tuple(
        each
        for each in kind.__mro__
        if each is not object and each.__module__.partition(".")[0] != "torch"
    )


@lru_cache(maxsize=1_000)
def _way_to_note(kind: type) -> Callable[[Any, Later], None]:
    return next(way for base, way in _NOTES.items() if issubclass(kind, base))
