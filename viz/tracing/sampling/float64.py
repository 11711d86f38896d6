"""What typed code made before it runs, and what it makes then, in float64 as its samples are.

Weights and constants at a program's top level are made once, in torch's usual float32; beside
float64 samples they would cost precision, or be refused ("expected … the same dtype").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, cast

import torch
from torch.overrides import TorchFunctionMode

from viz.tracing.texts import own_words

DEEP: Final = 4
"""Lists within lists that are looked into."""
OF_ITSELF: Final = {"__setitem__", "__get__", "__set__", "__delete__"}
"""Calls whose first argument is meant itself: another one in its place would not do."""

_NARROW: Final = frozenset({torch.float32, torch.bfloat16, torch.float16})
_NARROWING: Final = (torch.Tensor.float, torch.Tensor.bfloat16, torch.Tensor.half)
FLOAT32_ALONE: Final = "fake_quant"
"""In the names of calls that torch has for float32 alone."""


def double(namespace: dict[str, Any]) -> None:
    """Puts float64 copies in the place of a namespace's floating-point tensors.

    Modules change in place; one tensor under two names stays one.
    """
    known: dict[int, tuple[Any, Any]] = {}
    for name, value in list(namespace.items()):
        if not name.startswith("__"):
            namespace[name] = _doubled(value, known, DEEP)


def _doubled(value: Any, known: dict[int, tuple[Any, Any]], deep: int) -> Any:
    if id(value) in known:
        return known[id(value)][1]
    changed = value
    if isinstance(value, torch.nn.Module):
        torch.nn.Module.double(value)
    elif isinstance(value, torch.Tensor):
        changed = _tensor(value)
    elif type(value) in (list, tuple) and deep:
        changed = type(value)(_doubled(one, known, deep - 1) for one in value)
    elif type(value) is dict and deep:
        changed = {key: _doubled(one, known, deep - 1) for key, one in value.items()}
    known[id(value)] = (value, changed)
    return changed


def _tensor(value: torch.Tensor) -> torch.Tensor:
    if not value.is_floating_point() or value.dtype is torch.float64:
        return value
    if value.is_leaf:
        return value.detach().double().requires_grad_(value.requires_grad)
    return value.double()


@contextmanager
def computing_in_float64() -> Iterator[None]:
    """Numbers that the typed code makes are float64 too; torch's own defaults come back after."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    cast(Any, torch._C)._debug_only_display_vmap_fallback_warnings(False)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


class Widening(TorchFunctionMode):
    """What the code wants in float32 (`x.float()`, `dtype=torch.float32`), or in half of that, it
    gets in float64.

    For code that mixes them: in its own run all was of one type, and torch refuses two together.
    What torch rounds to a quantised range it does in float32 alone: so it does here.
    """

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if FLOAT32_ALONE in func.__name__:
            return _in_float32(func, args, kwargs or {})
        func = torch.Tensor.double if func in _NARROWING else func
        first, rest = (args[:1], args[1:]) if _writes(func.__name__) else ((), args)
        kwargs = {name: _wide(value) for name, value in (kwargs or {}).items()}
        return _wide(func(*first, *map(_wide, rest), **kwargs))


def _in_float32(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The call in float32, what it gives in float64; so is what it wrote into its arguments."""
    wide = [each for each in (*args, *kwargs.values()) if _is_float64(each)]
    narrow = {id(each): each.float() for each in wide}
    before = [each._version for each in narrow.values()]
    given = [narrow.get(id(each), each) for each in args]
    named = {name: narrow.get(id(each), each) for name, each in kwargs.items()}
    result = _wide(func(*given, **named))
    for each, version in zip(wide, before, strict=True):
        if narrow[id(each)]._version != version and each.is_leaf:
            each.data = narrow[id(each)].detach().double()
    return result


def _is_float64(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.dtype is torch.float64


def _writes(name: str) -> bool:
    """Whether a call of this name may change its first argument, or asks for what that holds."""
    in_place = name.endswith("_") and not name.endswith("__")
    return in_place or name.startswith("__i") or name in OF_ITSELF


def _wide(value: Any) -> Any:
    if type(value) is torch.dtype and value in _NARROW:
        return torch.float64
    if type(value) is str and value == "torch.FloatTensor":
        return "torch.DoubleTensor"
    if isinstance(value, torch.Tensor) and value.dtype in _NARROW:
        return value.double()
    if type(value) in (list, tuple):
        return type(value)(map(_wide, value))
    return value


def mixed(failures: Iterable[BaseException]) -> bool:
    """Whether torch refused to put float32 and float64 together: it names both, or says that the
    types are not the same; its layers in Python raise `ValueError`.
    """
    refusals = (one for one in failures if isinstance(one, RuntimeError | ValueError))
    texts = [own_words(one).lower() for one in refusals]
    return any(
        ("float" in text and "double" in text) or "dtype" in text or "scalar type" in text
        for text in texts
    )
