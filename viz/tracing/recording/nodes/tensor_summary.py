"""Tensor → `viz.records.Tensor`: what a tensor holds at this moment, written down at once.

A record of a value must not change when an in-place operation changes the tensor later, and must
not appear in the recording itself: call it with the recorder's modes off (`quiet`).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import chain
from math import isfinite, prod
from typing import Any, Final

import torch
from msgspec.structs import replace

from viz.records import MAX_DIMENSIONS, MAX_VALUES, Number, Tensor
from viz.tracing.state.memory import wraps

_NAMES = {
    dtype: str(dtype).removeprefix("torch.")
    for dtype in vars(torch).values()
    if isinstance(dtype, torch.dtype)
}
_PLAIN = {
    dtype: name
    for dtype, name in _NAMES.items()
    if not dtype.is_complex and not name.startswith("q")
}
"""The dtypes whose elements are numbers as they stand: neither complex nor quantized."""


_INTEGERS = (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64)
_AS_THEY_ARE = (torch.float32, torch.float64, *_INTEGERS)
"""The dtypes whose range is asked for without a copy."""
TORCHS_OWN: Final = (torch.Tensor, torch.nn.Parameter)
"""Torch's own classes of tensors: nobody's class does anything else with them."""
function_modes = torch._C._len_torch_function_stack
_dispatch_modes = torch._C._len_torch_dispatch_stack
MANY: Final = 16_384
"""Elements above which numpy's two searches are faster than torch's one."""
SCATTERED: Final = 4_096
"""Elements above which it pays to look for the order in which they lie in memory."""


Flattening = Callable[[Any], tuple[Any, ...]]
"""`tolist`'s nested lists → one flat row."""


Form = tuple[tuple[int, ...], Flattening | None]
"""A shape as a plain tuple, the same one for the thousands of tensors of one shape; how the
elements are written in a row, `None` where there are too many to be written.
"""
_FORMS: Final[dict[tuple[int, ...], Form]] = {}
MOST_FORMS: Final = 1_000
MOST_DENSE: Final = 1_000_000
"""Elements of a sparse tensor, zeros included, that is read."""


def _learnt(size: tuple[int, ...]) -> Form:
    if len(size) > MAX_DIMENSIONS:
        raise RuntimeError(
            f"a tensor of {len(size)} dimensions cannot be shown: use at most {MAX_DIMENSIONS}"
        )
    if len(_FORMS) >= MOST_FORMS:
        _FORMS.clear()
    row = _ROWS.get(len(size), _flat)
    form = _FORMS[tuple(size)] = tuple(size), row if prod(size) <= MAX_VALUES else None
    return form


def _form(size: tuple[int, ...]) -> Form:
    return _FORMS.get(size) or _learnt(size)


def _alone(value: Any) -> tuple[Any, ...]:
    return (value,)


def _of_rows(rows: Any) -> tuple[Any, ...]:
    return tuple(chain.from_iterable(rows))


def _flat(rows: Any) -> tuple[Any, ...]:
    while rows and type(rows[0]) is list:
        rows = list(chain.from_iterable(rows))
    return tuple(rows)


_ROWS: Final[dict[int, Flattening]] = {0: _alone, 1: tuple, 2: _of_rows}


NESTED: Final = "nested "
"""What the type's name of a nested tensor begins with."""


class quiet:
    """A context: no mode sees, and no graph records, what happens in here."""

    __slots__ = ("_calls", "_dispatch", "_grad")

    def __enter__(self) -> None:
        self._grad = torch.is_grad_enabled()
        self._calls = torch._C.DisableTorchFunction()
        self._calls.__enter__()
        self._dispatch = torch._C._DisableTorchDispatch()
        self._dispatch.__enter__()  # type: ignore[no-untyped-call]
        torch._C._set_grad_enabled(False)

    def __exit__(self, *raised: Any) -> None:
        torch._C._set_grad_enabled(self._grad)
        self._dispatch.__exit__(*raised)
        self._calls.__exit__(*raised)


def summary(tensor: torch.Tensor, shape: tuple[int, ...] | None = None) -> Tensor:
    """What `tensor` holds now; no values of a tensor that has none to read (batched). A nested
    one, whose rows have no common shape, is written down as torch keeps it: see `_rows_of`.

    `shape` is that of the tensor, where it is known.
    """
    try:
        form, row = _FORMS[tensor.shape if shape is None else shape]
        name = _PLAIN[tensor.dtype]
        if row is not None:
            values = row(tensor.tolist())
            return Tensor(form, name, values, None, None, None, tensor.requires_grad)
        if type(tensor) in TORCHS_OWN and not tensor.is_nested:
            return Tensor(form, name, None, *_range(tensor), tensor.requires_grad)
    except (KeyError, RuntimeError, TypeError):
        pass  # whatever it is, it has a name there
    return _looked_at(tensor)


def _looked_at(tensor: torch.Tensor) -> Tensor:
    """The same of a tensor whose shape is met for the first time, of a class of the user's, or that
    cannot be read at all.
    """
    name = _PLAIN.get(tensor.dtype)
    if name is None:
        return _unusual(tensor)
    if type(tensor) in SHAPELESS:
        tensor = tensor.data
    if tensor.is_nested:
        rows = summary(_rows_of(tensor))
        return replace(rows, dtype=NESTED + rows.dtype, requires_grad=tensor.requires_grad)
    if wraps(tensor):
        return replace(
            unread(_form(tensor.shape)[0], tensor.dtype), requires_grad=tensor.requires_grad
        )
    shape, row = _form(tensor.shape)
    try:
        if row is not None:
            values = row(tensor.tolist())
            return Tensor(shape, name, values, None, None, None, tensor.requires_grad)
        return Tensor(shape, name, None, *_range(tensor), tensor.requires_grad)
    except RuntimeError:
        return _unusual(tensor)


def _unusual(tensor: torch.Tensor) -> Tensor:
    """The summary of a complex or sparse tensor, and of one without storage: zeros that autograd
    did not fill in, or of a batched or quantized one, and of a huge sparse one, only its kind.
    """
    if tensor.layout != torch.strided and tensor.numel() <= MOST_DENSE:
        with suppress(RuntimeError), quiet():
            return replace(summary(tensor.detach().to_dense()), requires_grad=tensor.requires_grad)
    if tensor._is_zerotensor():
        with quiet():
            filled = torch.zeros(tensor.shape, dtype=tensor.dtype)
        return replace(summary(filled), requires_grad=tensor.requires_grad)
    values: tuple[Number, ...] | None = None
    if tensor.is_complex() and tensor.numel() <= MAX_VALUES:
        with suppress(RuntimeError):
            values = _parts(tensor)
    (shape, _), name = _form(tensor.shape), _NAMES[tensor.dtype]
    return Tensor(shape, name, values, None, None, None, tensor.requires_grad)


def _rows_of(nested: torch.Tensor) -> torch.Tensor:
    """All rows of a nested tensor one after the other, with nothing to fill them up: `(2, 3)` and
    `(4, 3)` are `(6, 3)`; in a row of numbers where more than one size differs.
    """
    with quiet():
        if nested.layout is torch.jagged:
            return nested._values.detach()  # type: ignore[attr-defined,no-any-return]
        parts = [part.detach() for part in nested.unbind()]
        alike = len({part.shape[1:] for part in parts}) == 1 and parts[0].dim() > 0
        return torch.cat(parts if alike else [part.reshape(-1) for part in parts])


def unread(shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
    """What is known of a result that nobody kept: its shape and its type."""
    return Tensor(shape, _NAMES[dtype], None, requires_grad=True)


def known_shape(metadata: Any) -> tuple[int, ...] | None:
    """The shape that a node knows of a result; a nested one has none of plain numbers."""
    try:
        shape = tuple(metadata.shape)
    except RuntimeError:
        return None
    return shape if all(type(size) is int for size in shape) else None


UNFILLED: Final = frozenset(
    ("empty", "empty_like", "empty_strided", "empty_permuted", "new_empty", "new_empty_strided")
)
"""Functions whose result holds whatever was in its memory, until somebody writes into it."""


def summary_of(tensor: torch.Tensor, made_by: str) -> Tensor:
    """The summary of what a function made; what happens to be in fresh memory is no value: it
    differs from run to run.
    """
    if made_by in UNFILLED and not tensor.is_inference() and tensor._version == 0:
        unknown = unread(_form(tensor.shape)[0], tensor.dtype)
        return replace(unknown, requires_grad=tensor.requires_grad)
    return summary(tensor)


MOST_FILLED: Final = 16 << 20
"""Bytes of fresh memory that are filled; what is beyond may never be touched."""


def fill(fresh: torch.Tensor) -> None:
    """Gives fresh memory what torch itself fills it with where results are to be the same in each
    run (`use_deterministic_algorithms`): NaN, of whole numbers the largest. Parts of it that
    nobody writes into are seen in what is computed from it.
    """
    dtype = fresh.dtype
    strided = type(fresh) in TORCHS_OWN and fresh.layout is torch.strided and not fresh.is_meta
    if not strided or fresh.is_quantized or fresh.is_nested or fresh.nbytes > MOST_FILLED:
        return
    with quiet():
        if dtype is torch.bool or dtype in _INTEGERS:
            fresh.data.fill_(True if dtype is torch.bool else torch.iinfo(dtype).max)
        elif dtype.is_floating_point or dtype.is_complex:
            fresh.data.fill_(float("nan"))  # `data`: nobody wrote into it


def size_of(tensor: torch.Tensor) -> int | None:
    """Bytes of a plain tensor's memory; `None` of any other."""
    plain = type(tensor) in TORCHS_OWN and tensor.layout is torch.strided and not tensor.is_meta
    return tensor.untyped_storage().nbytes() if plain and not tensor.is_nested else None


def fill_beyond(tensor: torch.Tensor, size: int) -> None:
    """The same for what a resized tensor has beyond the bytes that it had."""
    storage = tensor.untyped_storage()
    if storage.nbytes() > size and not tensor.is_quantized:
        with quiet():
            whole = torch.empty(0, dtype=tensor.dtype, device=tensor.device).set_(storage)
            fill(whole[-(-size // tensor.element_size()) :])


def number(value: int | float) -> Tensor:
    """A Python number as a record; its dtype is the Python type's name. Integers beyond 64 bits do
    not fit a record; as floats they do, within rounding.
    """
    if type(value) is float or -(2**63) <= value < 2**63:
        return Tensor((), type(value).__name__, (value,))
    try:
        return Tensor((), "int", (float(value),))
    except OverflowError:
        return Tensor((), "int", (float("inf") if value > 0 else float("-inf"),))


def _parts(tensor: torch.Tensor) -> tuple[Number, ...]:
    """The elements of a complex tensor, each as its real part and its imaginary part."""
    elements = (_ROWS.get(tensor.dim()) or _flat)(tensor.tolist())
    return tuple(chain.from_iterable((each.real, each.imag) for each in elements))


def _range(tensor: torch.Tensor) -> tuple[float, float, float]:
    """Minimum, maximum, mean of a large tensor: most of what recording a model costs."""
    if type(tensor) not in TORCHS_OWN or function_modes() or _dispatch_modes():
        with torch._C.DisableTorchFunction(), torch._C._DisableTorchDispatch():
            return _measured(tensor)
    return _measured(tensor)  # nobody sees it: a third of the time


def _measured(tensor: torch.Tensor) -> tuple[float, float, float]:
    numbers = tensor.detach() if torch.is_grad_enabled() else tensor  # so nothing is recorded
    if numbers.dtype not in _AS_THEY_ARE:
        halves = numbers.dtype in (torch.float16, torch.bfloat16)
        numbers = numbers.to(torch.float32 if halves else torch.float64)
    if not numbers.is_contiguous() and numbers.numel() > SCATTERED:
        numbers = _as_it_lies(numbers)
    low, high = _ends(numbers)
    return low, high, _total(numbers) / numbers.numel()


def _as_it_lies(numbers: torch.Tensor) -> torch.Tensor:
    """The same numbers in the order in which they lie in memory, those that were only expanded
    once: of a transposed matrix the range is found in a tenth of the time.
    """
    for place, stride in enumerate(numbers.stride()):
        if stride == 0:
            numbers = numbers.narrow(place, 0, 1)
    strides = numbers.stride()
    return numbers.permute(sorted(range(len(strides)), key=strides.__getitem__, reverse=True))


def _ends(numbers: torch.Tensor) -> tuple[float, float]:
    """Minimum and maximum, NaN if there is one. Of many numbers numpy finds the two one after the
    other in two thirds of the time that torch takes for both at once.
    """
    if numbers.numel() > MANY and _is_numpys(numbers):
        array = numbers.detach().numpy()
        return float(array.min()), float(array.max())
    low, high = torch.aminmax(numbers)
    return float(low.item()), float(high.item())


def _total(numbers: torch.Tensor) -> float:
    """The sum. That of float32 numbers is torch's own, in their type and pairwise, which takes a
    seventh to a thirtieth of the time of one in float64; where that is beyond the type's range, and
    of all others, it is in float64.
    """
    if numbers.dtype is torch.float32:
        total = float(numbers.sum().item())
        if isfinite(total):
            return total
    return float(numbers.sum(dtype=torch.float64).item())


def _is_numpys(numbers: torch.Tensor) -> bool:
    return numbers.is_cpu and numbers.is_contiguous() and not numbers.is_neg()


def writes(tensor: torch.Tensor) -> int:
    """How often a tensor was written into; in inference mode nobody counts, nor before a lazy
    layer's parameter has its shape.
    """
    return 0 if type(tensor) in SHAPELESS or tensor.is_inference() else tensor._version


SHAPELESS = (torch.nn.UninitializedParameter, torch.nn.parameter.UninitializedBuffer)
