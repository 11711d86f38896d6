"""Types of autograd's nodes by what is known of them: what they keep, whether they may be applied.

Looked up once for each type. Of some it is known by name what their formula is: of those that keep
no tensor, so that their local derivatives follow from shapes alone, and of products, whose local
derivatives are the factors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any, Final

import msgspec
import torch


def _named(names: str) -> frozenset[str]:
    """`Sum01` is `SumBackward0` and `SumBackward1`."""
    found = set()
    for name in names.split():
        bare = name.rstrip("0123456789")
        found |= {f"{bare}Backward{number}" for number in name[len(bare) :] or "0"}
    return frozenset(found)


BY_SHAPE: Final = _named(
    """Add01 Sub01 Rsub01 Neg Sum01 Mean01 View UnsafeView ReshapeAlias T Transpose01 Permute
    Unsqueeze Squeeze0123 Expand Select Slice Split UnsafeSplit Unbind Stack Cat Clone Alias Repeat
    Diagonal"""
)
"""Linear operations whose nodes keep sizes and places alone: what they give for ones does not
depend on any tensor's numbers.
"""
MOVING: Final = _named(
    """Add0 Sub0 Neg View UnsafeView ReshapeAlias T Transpose01 Permute Unsqueeze Squeeze0123
    Select Slice Stack Cat Clone Alias Diagonal"""
)
"""Of these, those with one output whose formula only moves the numbers of the gradient."""
ONE_OUTPUT: Final = (BY_SHAPE - _named("Split UnsafeSplit Unbind")) | _named(
    """Mul01 Div01 Addmm Mm Mv Dot Bmm Addmv Baddbmm Sigmoid Tanh Relu Exp Log Sin Cos Sqrt Pow01
    Gelu Silu Softmax LogSoftmax Where MaskedFill01"""
)
"""Operations with one result."""


class NodeType(msgspec.Struct, frozen=True):
    """What is known of a type of node."""

    name: str
    saved: tuple[str, ...]
    """The attributes that tell what it keeps."""
    names: tuple[str, ...]
    """What is kept in each of them."""
    read: Callable[[Any], Sequence[Any]]
    """What reads all of it at once; raises `RuntimeError` where some of it is gone."""
    named: Callable[[Any], Iterable[tuple[str, Any]]]
    """The same with the names."""
    tensors: Callable[[Any], Sequence[Any]]
    """The same of those alone that may keep a tensor."""
    packed: tuple[str, ...]
    """Attributes that tell whether a hook packed what it keeps; none where it keeps no tensor."""
    applicable: bool
    """Whether it tells the shapes of its outputs, so that it can be applied to ones."""
    native: bool
    """Whether it is written in C++."""
    by_shape: bool
    """Whether its local derivatives follow from the shapes that go in and from `saved`."""
    one_output: bool
    """Whether it is known to have one output."""
    product: bool
    """Whether it is the product of two tensors, both of them kept where they are needed."""
    scaling: bool
    """Whether it keeps no tensor but that number, where its second operand is a plain number."""


_TYPES: dict[type, NodeType] = {}
MOST_TYPES: Final = 500
"""Types that are held: a function may make classes of functions of its own in each run."""


def type_of(fn: Any) -> NodeType:
    """What is known of a node's type."""
    return _TYPES.get(type(fn)) or _learnt(type(fn))


def _learnt(type_: type) -> NodeType:
    if len(_TYPES) >= MOST_TYPES:
        _TYPES.clear()
    names = dir(type_)
    native = not issubclass(type_, torch._C._FunctionBase)
    saved = tuple(name for name in names if name.startswith("_saved_"))
    if type_.__name__ == "CopySlices" or not native:
        saved = ()
    packed = tuple(name for name in names if name.startswith("_raw_saved_"))
    applicable = "_input_metadata" in names
    known = native and applicable
    name = type_.__name__
    kept, read = tuple(name.removeprefix("_saved_")[:80] for name in saved), _reading(saved)
    kind = _TYPES[type_] = NodeType(
        name,
        saved,
        kept,
        read,
        _naming(saved, kept, read),
        _reading([name for name in saved if f"_raw{name}" in packed]),
        packed,
        applicable,
        native,
        known and not packed and name in BY_SHAPE,
        known and name in ONE_OUTPUT,
        known and name == "MulBackward0" and saved == ("_saved_other", "_saved_self"),
        known and name in ("MulBackward0", "DivBackward0"),
    )
    return kind


def _reading(attributes: Sequence[str]) -> Callable[[Any], Sequence[Any]]:
    """What reads some attributes, in a row."""
    if len(attributes) > 1:
        return attrgetter(*attributes)
    if attributes:
        read = attrgetter(*attributes)
        return lambda fn: (read(fn),)
    return lambda _: ()


def _naming(
    attributes: Sequence[str], names: Sequence[str], read: Callable[[Any], Sequence[Any]]
) -> Callable[[Any], Iterable[tuple[str, Any]]]:
    """The same, each with its name."""
    if len(names) == 1:
        (name,) = names
        (get,) = map(attrgetter, attributes)
        return lambda fn: ((name, get(fn)),)
    return lambda fn: zip(names, read(fn), strict=True)
