"""Looking does not touch: what a function of one's own can reach is afterwards as it was before.

`untouched(function, arguments)` is a context. On entering it notes the state of everything that the
function can reach through its closure, the globals that it names, its defaults, `self`, partials,
modules, optimizers and plain containers; on leaving it, after a failure too, it puts that back:

- of every tensor: its bytes, its `.grad` (the very object), `requires_grad` and how often it was
  written into, so that a graph that saved it stays valid;
- of every module: its attributes (`training`, hooks, buffers, parameters by name);
- of every optimizer: its state and its groups;
- of the process: random states (torch, Python, numpy), the default dtype, whether gradients are
  recorded.

What the function itself collects in lists and dicts of its own is left: that is its result. Tensors
without a storage (sparse, meta) keep their bytes unasked. Nothing in here runs code of the user's.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from operator import is_
from typing import Any, Final

import numpy as np
import torch

from viz.tracing import numpy_state
from viz.tracing.reach import reached

Later = list[Callable[[], None]]
_TORCHS_OWN: Final = ("_parameters", "_buffers", "_modules")
_NO_ENTRIES: Final[dict[Any, Any]] = {}
LITTLE: Final = 16 << 10
"""Bytes of a tensor up to which they are noted as Python's bytes, which is quicker."""
_LAZY: Final = torch.nn.modules.lazy.LazyModuleMixin


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
    later: Later = []
    try:
        _note_process(later)
        found = _found((function, arguments) if around is None else (arguments,), around or ())
        for each in found:
            if isinstance(each, torch.nn.Module):
                if not _waits_for_its_first_input(each):
                    _note_attributes(each, later)
            elif isinstance(each, torch.Tensor):
                _note_tensor(each, later)
            else:
                _note_optimizer(each, later)
        if float64:
            _widen(found)
        yield
    finally:
        _put_back(later)


def _put_back(later: Later) -> None:
    """All of it, the latest first, whatever one of them raises."""
    try:
        while later:
            later.pop()()
    finally:
        if later:
            _put_back(later)


def _found(roots: tuple[Any, ...], known: Sequence[Any]) -> list[Any]:
    """What can be reached, each once."""
    seen = {id(each) for each in known}
    return [*known, *(each for each, _ in reached(*roots) if id(each) not in seen)]


# ── what is noted and put back ──


def _note_process(later: Later) -> None:
    enabled, dtype = torch.is_grad_enabled(), torch.get_default_dtype()
    torchs, pythons = torch.default_generator.get_state(), random.getstate()

    def put_back() -> None:
        random.setstate(pythons)
        torch.default_generator.set_state(torchs)
        torch.set_default_dtype(dtype)
        torch._C._set_grad_enabled(enabled)

    later.append(put_back)
    if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        later.append(partial(torch.cuda.set_rng_state_all, torch.cuda.get_rng_state_all()))
    later.append(numpy_state.noted())


def _note_tensor(tensor: torch.Tensor, later: Later) -> None:
    gathering = tensor.is_leaf or tensor.retains_grad
    gradient, asked = tensor.grad if gathering else None, tensor.requires_grad
    version = None if tensor.is_inference() else tensor._version
    data, storage = tensor.data, _storage(tensor)
    little = storage is not None and tensor.is_cpu and storage.nbytes() <= LITTLE
    before = None if storage is None else _bytes(storage, little=little)

    def put_back() -> None:
        if tensor.dtype != data.dtype or (storage is not None and not tensor.is_set_to(data)):
            tensor.data = data
        if tensor.requires_grad != asked and tensor.is_leaf:
            tensor.requires_grad_(asked)
        if gathering and tensor.grad is not gradient:
            tensor.grad = gradient
        if storage is not None and before is not None:
            _refill_bytes(storage, before)
        if version is not None and tensor._version != version:
            torch._C._autograd._unsafe_set_version_counter((tensor,), (version,))

    later.append(put_back)


def _storage(tensor: torch.Tensor) -> torch.UntypedStorage | None:
    """A tensor's memory; `None` where there is none to read."""
    if tensor.is_meta or tensor.layout != torch.strided:
        return None
    try:
        return tensor.untyped_storage()
    except (NotImplementedError, RuntimeError):
        return None


def _bytes(storage: torch.UntypedStorage, *, little: bool) -> bytes | torch.Tensor:
    """A copy of what is in the memory; of little, as most parameters are, read off at once."""
    if little:
        return numpy_state.bytes_at(storage.data_ptr(), storage.nbytes())
    return _in_place(storage).clone()


def _in_place(storage: torch.UntypedStorage) -> torch.Tensor:
    return torch.empty(0, dtype=torch.uint8, device=storage.device).set_(storage)


def _refill_bytes(storage: torch.UntypedStorage, before: bytes | torch.Tensor) -> None:
    """Writes the bytes back that were there, where they have changed."""
    if isinstance(before, bytes):
        if _bytes(storage, little=True) == before:
            return
        before = torch.from_numpy(np.frombuffer(before, np.uint8).copy())
    if storage.nbytes() != before.numel():
        storage.resize_(before.numel())
    now = _in_place(storage)
    if not _same(now, before):
        now.copy_(before)


def _same(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Whether two rows of bytes are equal; by eights that takes a fifth of the time."""
    if one.numel() % 8 == 0:
        one, other = one.view(torch.int64), other.view(torch.int64)
    return torch.equal(one, other)


def _widen(found: list[Any]) -> None:
    for each in found:
        if isinstance(each, torch.Tensor) and each.is_leaf and each.is_floating_point():
            each.data = each.data.double()


def _waits_for_its_first_input(module: torch.nn.Module) -> bool:
    """Whether its parameters get their shapes in the run: it is another class afterwards."""
    return isinstance(module, _LAZY) and module.has_uninitialized_params()


@lru_cache(maxsize=1_000)
def _is_torchs_own(name: str) -> bool:
    return name.endswith("hooks") or name in _TORCHS_OWN


def _note_attributes(module: torch.nn.Module, later: Later) -> None:
    """A module's own dictionary, and torch's in it: hooks, parameters, buffers."""
    attributes = vars(module)
    before = dict(attributes)
    inside = [
        (each, each.copy() if each else _NO_ENTRIES)
        for name, each in before.items()
        if _is_torchs_own(name) and isinstance(each, dict)
    ]

    def put_back() -> None:
        _refill(attributes, before)
        for each, entries in inside:
            if each or entries:
                _refill(each, entries)

    later.append(put_back)


def _note_optimizer(optimizer: torch.optim.Optimizer, later: Later) -> None:
    attributes, state = dict(vars(optimizer)), dict(optimizer.state)
    entries = {parameter: dict(each) for parameter, each in state.items()}
    groups = [dict(group) for group in optimizer.param_groups]

    def put_back() -> None:
        _refill(vars(optimizer), attributes)
        _refill(optimizer.state, state)
        for parameter, each in entries.items():
            _refill(optimizer.state[parameter], each)
        for group, before in zip(optimizer.param_groups, groups, strict=False):
            _refill(group, before)

    later.append(put_back)


def _refill(container: Any, before: dict[Any, Any]) -> None:
    """Gives a dictionary the entries that it had, and does nothing where it still has them."""
    same = (
        len(container) == len(before)
        and all(map(is_, container, before))
        and all(map(is_, container.values(), before.values()))
    )
    if not same:
        container.clear()
        container.update(before)
