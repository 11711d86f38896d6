"""Torch's functions by what they mean for a record: tables, and how they are named."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Any, Final

import msgspec
import torch
from torch.overrides import resolve_name

from viz.records import MAX_NAME
from viz.tracing.containers import inside
from viz.tracing.structures import tensors_of

_SEEN_GETTERS = ("T", "mT", "H", "mH", "real", "imag", "data", "grad", "grad_fn")

COMPARED: Final = frozenset(
    (torch.equal, torch.allclose, torch.is_nonzero, torch.Tensor.equal, torch.Tensor.allclose)
)
"""Functions of tensors that answer with a Python bool: decisions too."""

PASSIVE: Final = frozenset(
    [
        getter.__get__
        for name, getter in vars(torch._C.TensorBase).items()
        if type(getter).__name__ == "getset_descriptor" and name not in _SEEN_GETTERS
    ]
    + [
        torch.Tensor.size,
        torch.Tensor.dim,
        torch.Tensor.numel,
        torch.Tensor.stride,
        torch.Tensor.retain_grad,
        torch.Tensor.is_floating_point,
        torch.Tensor.is_complex,
        torch.Tensor.__repr__,
        torch.Tensor.__format__,
        torch.Tensor.__len__,
    ]
)
"""What only looks: neither a call of the record nor a decision."""

REFLECTED: Final = frozenset(
    ("__rsub__", "__rdiv__", "__rtruediv__", "__rpow__", "__rfloordiv__", "__rmod__", "__rmatmul__")
)
"""Operators whose first argument stands on the right."""

BINARY: Final = (
    REFLECTED
    | {
        f"{before}{name}{after}"
        for name in ("add", "sub", "mul", "div", "truediv", "pow", "floordiv", "mod", "remainder")
        for before, after in (("", ""), ("", "_"), ("__", "__"), ("__r", "__"), ("__i", "__"))
    }
    | {"eq", "ne", "lt", "le", "gt", "ge", "maximum", "minimum", "atan2", "float_power", "fmod"}
)
"""Functions whose first two arguments are operands, so that a plain number there is a constant."""


_ALONE = """abs acos add asin atan cos cosh div dot exp exp2 expm1 log log10 log1p log2 mm mul mv
neg pow reciprocal rsqrt sigmoid sin sinh sqrt square sub tan tanh"""
SINGLE: Final = frozenset(
    getattr(home, name) for home in (torch, torch.Tensor) for name in re.split(r"\s+", _ALONE)
)
"""Functions that make one node at most: its value is the result, nothing inside needs watching."""


def outcome(value: Any) -> bool | int | float | None:
    """A decision's outcome as the record can hold it; `None` when it is no single number."""
    if isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**63 else math.copysign(math.inf, value)
    return None


class Fact(msgspec.Struct, frozen=True):
    """What a record needs to know of a function, looked up once."""

    spelled: str
    """Its full name in torch (`torch.Tensor.mul`)."""
    op: str
    """Its bare name, as it stands on a node that autograd did not record."""
    writes: bool
    """Whether torch's naming says that it writes into its first argument."""
    passive: bool
    single: bool
    compared: bool
    binary: bool
    reflected: bool


FACTS: dict[Any, Fact] = {}
MOST_FACTS: Final = 5_000
"""Functions that are held: not all are torch's own, which are fewer."""
_SETTING_DATA: Any = vars(torch._C.TensorBase)["data"].__set__


def fact(func: Any) -> Fact:
    """What is known of a function."""
    known = FACTS.get(func)
    if known is None:
        if len(FACTS) >= MOST_FACTS:
            FACTS.clear()
        name = func.__name__
        known = FACTS[func] = Fact(
            _spelled(func),
            _op(func),
            _writes(name) or func == _SETTING_DATA,
            func in PASSIVE,
            func in SINGLE,
            func in COMPARED,
            name in BINARY,
            name in REFLECTED,
        )
    return known


def _writes(name: str) -> bool:
    if name == "requires_grad_":
        return False
    return (name[-1] == "_" and name[-2:] != "__") or name == "__setitem__"


def _op(func: Any) -> str:
    name: str = func.__name__
    if name in ("__get__", "__set__"):
        name = func.__self__.__name__
    return name.strip("_") if name.startswith("__") else name


def _spelled(func: Any) -> str:
    name: str | None = resolve_name(func)
    if not name or name == "None":
        module = getattr(func, "__module__", None) or "torch"
        name = f"{module}.{getattr(func, '__qualname__', func.__name__)}"
    return name.replace("torch.functional.", "torch.")[:MAX_NAME]


_CONTAINERS = (tuple, list, dict)
_TENSOR = torch.Tensor


def tensors_in(value: Any) -> list[torch.Tensor]:
    """The tensors in nested tuples, lists and dicts, in order; each container is entered once."""
    if isinstance(value, _TENSOR):
        return [value]
    if not isinstance(value, _CONTAINERS):
        return []
    found: list[torch.Tensor] = []
    for each in inside(value):
        if isinstance(each, _TENSOR):
            found.append(each)
        elif isinstance(each, _CONTAINERS):
            return _nested(value)  # seldom: most arguments are tensors and numbers
    return found


_PLACES: Final = re.compile(r"^(?:\[\d+\])+\.(?=[^.\[]+$)")
"""Places in tuples and lists, in front of a single key."""


def outputs_in(result: Any) -> list[tuple[str, torch.Tensor]]:
    """The tensors that a function returned, in order, each with the key or field under which it
    stands: in containers of every kind (see `viz.tracing.structures`). Of what lies deeper the way
    there; a key within a tuple stands alone where it is the only one.
    """
    if isinstance(result, _TENSOR):
        return [("", result)]
    found = tensors_of(result)
    ways = [_way(part.keys) for part in found]
    keys = [_PLACES.sub("", way) for way in ways]
    met = Counter(keys)
    return [
        ((key if key and met[key] == 1 else way)[:MAX_NAME], part.value)
        for part, way, key in zip(found, ways, keys, strict=True)
    ]


def _way(keys: tuple[Any, ...]) -> str:
    """`loss` of `['loss']` and of `.loss`, `heads.a[0]` of what lies deeper; a place in a tuple
    alone is no name."""
    if len(keys) == 1 and not isinstance(keys[0], str):
        return ""
    steps = (f".{key}" if isinstance(key, str) else f"[{key!r}]" for key in keys)
    return "".join(steps).removeprefix(".")


def _nested(value: Any) -> list[torch.Tensor]:
    """Walks with a stack: a typed list may be nested a million deep, or hold itself."""
    found: list[torch.Tensor] = []
    seen = {id(value)}
    stack = [inside(value)]
    while stack:
        for each in stack[-1]:
            if isinstance(each, _TENSOR):
                found.append(each)
            elif isinstance(each, _CONTAINERS) and id(each) not in seen:
                seen.add(id(each))
                stack.append(inside(each))
                break
        else:
            stack.pop()
    return found
