"""Names that are only ever answered by a stand-in: what is behind them leads too far.

`answered(of, name)` gives a tensor's or a layer's answer, `NONE` for any other object or name:

- `tensor.new(2, 3)`, `new_empty`: of zeros, as `torch.empty`,
- `tensor.to_sparse()`: by coordinates,
- `tensor.resize(3)`, `resize_as`: as torch's own; an array's within its memory,
- `tensor.data_ptr()`, `storage()`, `untyped_storage()`: whether two tensors lie in the same memory,
  and nothing about where,
- `layer._modules`, `_parameters`, `_buffers`: its parts by name, looked at when one is stored,
- `tensor.apply_(f)`, `map_`: once f has given every number; torch's own would go on in memory that
  f has given back,
- `text.format(…)`: where no field of the text asks for a part of what it is given,
- `sys.stdout.write(text)`: of no other object. `save` of an animation alone.
"""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any, Final, NoReturn

import numpy
import torch
from torch.utils.hooks import RemovableHandle

from viz.program.syntax.templates import is_plain_template
from viz.tracing.typed.decided.resized import of_array, of_tensor
from viz.tracing.typed.decided.sparse import to_sparse
from viz.tracing.typed.ordered import OrderedDict
from viz.tracing.typed.own_graphs.drafts import DraftedGraph
from viz.tracing.typed.plot.drawn import Animation
from viz.tracing.typed.type_stand_ins import Frozen, nothing, plain_text, tensor_of

NONE: Final = object()
_KEY: Final = os.urandom(16)
MOST_SHOWN: Final = 1_000
"""Numbers of a storage that are shown."""


def answered(of: Any, name: str) -> Any:
    """What a stand-in answers when a name is asked of an object, else `NONE`."""
    if isinstance(of, type):
        return NONE
    for kind, answer in _ANSWERS.get(name, ()):
        if isinstance(of, kind):
            return answer(of)
    return NONE


# ── tensors ──


def _new(of: torch.Tensor) -> Callable[..., Any]:
    def new(*values: Any) -> Any:
        """A tensor of the same number type, from a size or a list."""
        if len(values) == 1 and isinstance(values[0], torch.Tensor):
            return tensor_of(values[0].detach(), dtype=of.dtype)
        return tensor_of(*values, dtype=of.dtype)

    return new


def _new_empty(of: torch.Tensor) -> Callable[..., Any]:
    def new_empty(*size: Any, **ways: Any) -> Any:
        """Zeros: memory that nobody has written is not shown."""
        return of.new_zeros(*size, **ways)

    return new_empty


def _pinning(of: torch.Tensor) -> Callable[..., NoReturn]:
    del of

    def pin_memory(device: Any = None) -> NoReturn:
        """What torch says where there is no GPU to pin memory for."""
        del device
        raise RuntimeError("Cannot access accelerator device when none is available.")

    return pin_memory


def _place_in_memory(tensor: torch.Tensor, *, whole: bool = False) -> int:
    """A number for where a tensor's first element lies: equal for the same place, and only then.

    Within one storage the numbers differ by the bytes between.
    """
    with torch._C.DisableTorchFunction():
        place = tensor.untyped_storage().data_ptr()
        offset = 0 if whole else int(tensor.storage_offset()) * tensor.element_size()
    if place == 0:
        return 0
    digest = hashlib.blake2b(str(place).encode(), key=_KEY, digest_size=5).digest()
    return 64 * int.from_bytes(digest, "big") + offset


class Storage(Frozen):
    """The memory under a tensor: its numbers one after the other, as far as they are shown."""

    __slots__ = ("_of",)
    _of: torch.Tensor

    def __init__(self, of: torch.Tensor) -> None:
        object.__setattr__(self, "_of", of)

    def _numbers(self) -> torch.Tensor:
        """All that is held, in a row; a copy."""
        with torch._C.DisableTorchFunction():
            return torch.as_strided(self._of.detach(), (len(self),), (1,), 0).clone()

    def data_ptr(self) -> int:
        """A number that tells one memory from another."""
        return _place_in_memory(self._of, whole=True)

    def size(self) -> int:
        """How many numbers it holds."""
        return len(self)

    def tolist(self) -> Any:
        """The numbers, as a list."""
        return self._numbers().tolist()

    def __len__(self) -> int:
        with torch._C.DisableTorchFunction():
            return self._of.untyped_storage().nbytes() // self._of.element_size()

    def __getitem__(self, place: int) -> Any:
        return self._numbers()[place].item()

    def __setitem__(self, place: Any, value: Any) -> None:
        """Writes a number into the memory, as torch does: past its count of changes."""
        if not isinstance(place, int | slice):
            kind = "<class 'torch.storage.TypedStorage'>"
            raise RuntimeError(f"can't index a {kind} with {type(place)}")
        if not isinstance(value, (bool, int, float, complex, torch.Tensor)):
            kind = type(value).__name__
            raise TypeError(f"can't assign a {kind} to a {self._of.detach().type()}")
        with torch.no_grad(), torch._C.DisableTorchFunction():
            held: Any = torch.empty(0, dtype=self._of.dtype).set_(self._of.untyped_storage())
            held[place] = value

    def __iter__(self) -> Iterator[Any]:
        return iter(self.tolist())

    def __repr__(self) -> str:
        shown = "".join(f" {each}\n" for each in self._numbers()[:MOST_SHOWN].tolist())
        return (
            f"{shown}[torch.storage.TypedStorage(dtype={self._of.dtype}, device=cpu)"
            f" of size {len(self)}]"
        )


def _each_number(of: torch.Tensor, function: Callable[..., Any], *others: Any) -> torch.Tensor:
    """Puts what a function gives for each number in its place, when it has given all of them."""
    with torch._C.DisableTorchFunction():
        numbers = [each.detach().flatten().tolist() for each in (of, *others)]
    found = [function(*each) for each in zip(*numbers, strict=True)]
    return of.copy_(torch.tensor(found, dtype=of.dtype).reshape(of.shape))


def _applying(of: torch.Tensor) -> Callable[..., Any]:
    def apply_(callable: Any) -> Any:
        """Puts f(x) in the place of every x."""
        return _each_number(of, callable)

    return apply_


def _mapping(of: torch.Tensor) -> Callable[..., Any]:
    def map_(tensor: Any, callable: Any) -> Any:
        """Puts f(x, y) in the place of every x."""
        return _each_number(of, callable, tensor.expand_as(of))

    return map_


# ── texts ──


def _formatting(of: str) -> Callable[..., str]:
    text = plain_text(of)
    if not is_plain_template(text):
        raise AttributeError("'format' takes a text whose fields have no dots and brackets here")
    return functools.partial(str.format, text)


def _formatting_map(of: str) -> Callable[..., str]:
    formatted = _formatting(of)
    return lambda mapping: formatted(**mapping)


def _within(of: torch.nn.Module, target: Any) -> torch.nn.Module:
    for name in plain_text(target).split(".") if target else ():
        if name not in of._modules or of._modules[name] is None:
            raise AttributeError(f"{type(of).__name__} has no attribute `{name}`")
        of = of._modules[name]  # type: ignore[assignment]
    return of


def _submodule(of: torch.nn.Module) -> Callable[..., Any]:
    def get_submodule(target: Any) -> Any:
        """The layer of this name: "features.0"."""
        return _within(of, target)

    return get_submodule


def _held(of: torch.nn.Module, kind: str, told: str) -> Callable[..., Any]:
    def get(target: Any) -> Any:
        """What a layer within holds under the name: "features.0.weight"."""
        path, _, name = plain_text(target).rpartition(".")
        layer = _within(of, path)
        if name not in vars(layer)[kind]:
            raise AttributeError(f"{type(layer).__name__} has no {told} `{name}`")
        return vars(layer)[kind][name]

    return get


# ── streams ──


class Stream(Frozen):
    """`sys.stdout`: its texts stand among the printed lines, or nowhere."""

    __slots__ = ("_write",)
    _write: Callable[..., None] | None

    def __init__(self, write: Callable[..., None] | None) -> None:
        object.__setattr__(self, "_write", write)

    def write(self, text: str) -> int:
        """Writes a text as it is."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self._write is not None:
            self._write(text, end="")
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""

    def isatty(self) -> bool:
        """It is no terminal."""
        return False


class Buffer:
    """`io.StringIO` and `io.BytesIO`: a text in memory. At most `MOST_WRITTEN` characters."""

    __slots__ = ("_at", "_text")

    def __init__(self, initial_value: str = "") -> None:
        if type(initial_value) is not str:
            raise TypeError("a buffer holds a text here")
        self._text = initial_value
        self._at = 0

    def write(self, text: str) -> int:
        """Puts a text at the end."""
        if type(text) is not str:
            raise TypeError(f"string argument expected, got {type(text).__name__!r}")
        if len(self._text) + len(text) > MOST_WRITTEN:
            raise MemoryError("the buffer is full: use fewer or shorter texts")
        self._text += text
        return len(text)

    def getvalue(self) -> str:
        """All that was written."""
        return self._text

    def read(self) -> str:
        """What has not been read yet."""
        found, self._at = self._text[self._at :], len(self._text)
        return found

    def seek(self, offset: int, _whence: int = 0) -> int:
        """Reads on from there."""
        self._at = min(max(int(offset), 0), len(self._text))
        return self._at

    def tell(self) -> int:
        """From where it reads on."""
        return self._at

    def readlines(self) -> list[str]:
        """What has not been read yet, line by line."""
        return self.read().splitlines(keepends=True)

    def __iter__(self) -> Iterator[str]:
        return iter(self.readlines())

    def __enter__(self) -> Buffer:
        return self

    def __exit__(self, *_raised: object) -> None:
        return None

    close = flush = nothing


MOST_WRITTEN: Final = 1_000_000
"""Characters that a buffer holds."""


# ── layers ──


class Parts(MutableMapping[str, Any]):
    """A layer's parts of one kind by name. Torch asks a layer for Python's own names among them:
    none is stored, and nothing but a part of this kind (`KeyError`, `TypeError`).
    """

    __slots__ = ("_held", "_kind")

    def __init__(self, held: dict[str, Any], kind: type) -> None:
        self._held = held
        self._kind = kind

    def __getitem__(self, name: str) -> Any:
        return self._held[name]

    def __setitem__(self, name: str, part: Any) -> None:
        if type(name) is not str or name.startswith("__"):
            raise KeyError("names with two underscores are Python's own")
        if part is not None and not isinstance(part, self._kind):
            raise TypeError(f"it takes a {self._kind.__name__}, not a {type(part).__name__}")
        self._held[name] = part

    def __delitem__(self, name: str) -> None:
        del self._held[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def __repr__(self) -> str:
        return repr(self._held)


def _parts(name: str, kind: type) -> Callable[[torch.nn.Module], Parts]:
    return lambda layer: Parts(vars(layer)[name], kind)


_HOOKS: Final = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks")


class Handles:
    """Numbers of hooks, which torch counts on from whatever ran in this process before."""

    first = 0

    @classmethod
    def begin(cls) -> None:
        """A run begins: the next hook that is registered has number 0."""
        cls.first = RemovableHandle.next_id


def _hooks(name: str) -> Callable[[torch.nn.Module], OrderedDict]:
    """What was registered at a layer, by number; a copy."""
    return lambda layer: OrderedDict(
        (number - Handles.first, hook) for number, hook in vars(layer)[name].items()
    )


_Answer = tuple[type, Callable[[Any], Any]]
_ANSWERS: Final[Mapping[str, tuple[_Answer, ...]]] = {
    "new": ((torch.Tensor, _new),),
    "to_sparse": ((torch.Tensor, to_sparse),),
    "new_empty": ((torch.Tensor, _new_empty),),
    "apply_": ((torch.Tensor, _applying),),
    "map_": ((torch.Tensor, _mapping),),
    "format": ((str, _formatting),),
    "format_map": ((str, _formatting_map),),
    "get_submodule": ((torch.nn.Module, _submodule),),
    "get_parameter": ((torch.nn.Module, lambda of: _held(of, "_parameters", "parameter")),),
    "get_buffer": ((torch.nn.Module, lambda of: _held(of, "_buffers", "buffer")),),
    "read": ((Buffer, lambda of: of.read),),
    "write": tuple((kind, lambda of: of.write) for kind in (Stream, Buffer)),
    "save": tuple((kind, lambda of: of.save) for kind in (Animation, DraftedGraph)),
    "data_ptr": (
        (torch.Tensor, lambda of: lambda: _place_in_memory(of)),
        (Storage, lambda of: of.data_ptr),
    ),
    "storage": ((torch.Tensor, lambda of: lambda: Storage(of)),),
    "untyped_storage": ((torch.Tensor, lambda of: lambda: Storage(of)),),
    "_modules": ((torch.nn.Module, _parts("_modules", torch.nn.Module)),),
    "_parameters": ((torch.nn.Module, _parts("_parameters", torch.nn.Parameter)),),
    **{name: ((torch.nn.Module, _hooks(name)),) for name in _HOOKS},
    "_flat_weights_names": ((torch.nn.RNNBase, lambda of: list(vars(of)["_flat_weights_names"])),),
    "resize_": ((torch.Tensor, of_tensor),),
    "resize": ((torch.Tensor, lambda of: of.resize), (numpy.ndarray, of_array)),
    "resize_as": ((torch.Tensor, lambda of: of.resize_as),),
    "pin_memory": ((torch.Tensor, _pinning),),
    "_buffers": ((torch.nn.Module, _parts("_buffers", torch.Tensor)),),
}
