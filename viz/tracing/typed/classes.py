"""What a `class` statement of typed code makes.

- `building(bases)` stands in for `__build_class__`: a class descends from others of the program's
  and from `bases`, and takes over reviewed names of theirs only. Raises `TypeError` for any other.
- `dataclass` stands in for Python's: it takes the program's classes only.

Objects of plain classes are hashed by a number, not by their address: a set of them has the same
order in every run, and with it the record. So are tensors and layers (`identity`). Functions and a
graph's nodes are hashed by their address: the order of a set of those is Python's own, and may
differ between runs as it does in a notebook.
"""

from __future__ import annotations

import abc
import builtins
import dataclasses
import itertools
from collections.abc import Callable, Iterator
from typing import Any, Final
from weakref import WeakSet

import torch

from viz.program.allowlist.words import words
from viz.program.definitions.classes import OPERATORS
from viz.tracing.typed.decided.attributes import NUMBER
from viz.tracing.typed.decided.own import OWN
from viz.tracing.typed.decided.whose import and_below, demand_free
from viz.tracing.typed.libraries.standard import namedtuple
from viz.tracing.typed.plain_sequences import add_sequence
from viz.tracing.typed.python import enums
from viz.tracing.typed.type_stand_ins import TypingName

TAKEN_OVER: Final = (OPERATORS - {"__getattr__"}) | frozenset(
    words(
        "forward backward setup_context vmap jvp extra_repr reset_parameters train eval step"
        " zero_grad parameters get_lr compute_mask PRUNING_TYPE generate_vmap_rule training weight"
        " bias __constants__"
        " __module__ __qualname__ __doc__ __annotations__ __dict__ __weakref__ __init_subclass__"
        " _backward_cls _lazy_backward_cls __firstlineno__ __static_attributes__ __classcell__"
        " __abstractmethods__ __dataclass_fields__ __dataclass_params__ __match_args__ _abc_impl"
        " __slots__ __parameters__ __orig_bases__"
    )
)
"""What a class may say anew of the classes of torch's and Python's that it descends from."""


def building(bases: frozenset[type]) -> Callable[..., Any]:
    """A `__build_class__` for one run, whose objects are numbered from one."""
    numbers = itertools.count(1)

    def build(body: Any, name: str, *above: Any, metaclass: Any = None) -> Any:
        if any(_is_typing_s(each, "NamedTuple") for each in above):
            return _named_tuple(builtins.__build_class__(body, name), name)
        if any(_is_typing_s(each, "TypedDict") for each in above):
            return dict
        enumerated = any(enums.is_enumeration(each) for each in above)
        above = tuple(each for each in above if not _is_typing_s(each, "Generic", "Protocol"))
        for each in above:
            plain = each in (object, *((str, int, float) if enumerated else ()))
            if not (isinstance(each, type) and (each in OWN or each in bases or plain)):
                shown = getattr(each, "__name__", type(each).__name__)
                raise TypeError(f"class {name} may not descend from {shown} here")
        abstract = {} if metaclass is None else {"metaclass": abc.ABCMeta}
        kind = builtins.__build_class__(body, name, *above, **abstract)
        OWN.add(kind)
        if enumerated:
            enums.demand_plain(kind)
        _check_taken_over(kind)
        if hasattr(kind, "__getitem__"):
            add_sequence(kind)
        _ask_for_its_own_names(kind)
        if type(kind) in (type, abc.ABCMeta) and not issubclass(kind, torch.nn.Module):
            _number(kind, numbers)
        return kind

    return build


def _is_typing_s(base: object, *names: str) -> bool:
    return isinstance(base, TypingName) and repr(base).removeprefix("typing.") in names


def _named_tuple(kind: Any, name: str) -> Any:
    """`class Point(NamedTuple)`: what its body says of fields, and its methods."""
    fields = vars(kind).get("__annotations__") or getattr(kind, "__annotations__", {})
    own = {key: value for key, value in vars(kind).items() if key not in _OF_ANY_CLASS}
    defaults = [own.pop(field) for field in fields if field in own]
    made = namedtuple(name, list(fields), defaults=defaults)
    for key, value in own.items():
        setattr(made, key, value)
    if not own.keys().isdisjoint(("__getitem__", "__iter__", "__len__")):
        add_sequence(made)  # what it says and what C finds in it may differ
    _ask_for_its_own_names(made)
    return made


_OF_ANY_CLASS: Final = frozenset(
    words(
        "__module__ __qualname__ __doc__ __annotations__ __dict__ __weakref__ __firstlineno__"
        " __static_attributes__ __annotate__ __annotate_func__ __annotations_cache__"
    )
)


def _check_taken_over(kind: type) -> None:
    """Looks at all that the program has put into the class and into those above it."""
    made_by_enum = enums.is_enumeration(kind)  # the check lets no body say such names
    said: dict[str, None] = {}
    for each in (each for each in kind.__mro__ if each in OWN):
        said |= dict.fromkeys((*vars(each), *vars(each).get("__dataclass_fields__", ())))
    demand_free(
        kind,
        (
            name
            for name in said
            if name not in TAKEN_OVER and not (made_by_enum and name[:1] == name[-1:] == "_")
        ),
    )


def dataclass(
    kind: Any = None,
    /,
    *,
    init: bool = True,
    repr: bool = True,
    eq: bool = True,
    order: bool = False,
    frozen: bool = False,
) -> Any:
    """`@dataclass`, for the program's own classes."""

    made_of = dataclasses.dataclass(init=init, repr=repr, eq=eq, order=order, frozen=frozen)

    def made(kind: Any) -> Any:
        if not isinstance(kind, type) or kind not in OWN:
            raise TypeError("@dataclass stands before a class")
        for each in and_below(kind):  # its `__init__` stores the fields
            demand_free(each, vars(kind).get("__annotations__", ()))
        numbered = vars(kind).get("__hash__")
        if numbered not in _NUMBERING:
            return made_of(kind)
        del kind.__hash__
        done: Any = made_of(kind)
        if done.__hash__ is object.__hash__:
            done.__hash__ = numbered
        return done

    return made if kind is None else made(kind)


def _ask_for_its_own_names(kind: Any) -> None:
    if "__getattr__" in vars(kind):
        kind.__getattr__ = _of_its_own_names(vars(kind)["__getattr__"])


def _of_its_own_names(asked: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    """A `__getattr__` that is not asked for Python's own names: torch and numpy look on any object
    for some (`__torch_function__`, `__array__`) and call what they find.
    """

    def getattr_(self: Any, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return asked(self, name)

    return getattr_


_NUMBERING: Final[WeakSet[Any]] = WeakSet()
"""The functions that hash a class's objects by number: a data class has its own instead."""


def _number(kind: Any, numbers: Iterator[int]) -> None:
    """Hashes the class's objects by the order in which they are first asked for a hash."""
    if kind.__hash__ is not object.__hash__:
        return

    def number(self: Any) -> int:
        try:
            return int(object.__getattribute__(self, NUMBER))
        except AttributeError:
            held = next(numbers)
            if kind.__dictoffset__:
                self.__dict__[NUMBER] = held
            elif NUMBER in vars(kind):
                object.__setattr__(self, NUMBER, held)
            else:
                return object.__hash__(self)
            return held

    kind.__hash__ = number
    _NUMBERING.add(number)
