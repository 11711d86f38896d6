"""Python's modules that only reckon with numbers and texts, as far as typed code may have them.

`PURE` has the stand-ins by full name:

- `json.dumps`, `loads`: of Python's plain values, written by Python's own code and not by C, which
  does not hold what it goes through;
- `re`: its flags are plain numbers;
- `statistics`: its functions, for numbers alone;
- `bisect`: in Python, since C asks the elements;
- `functools.cached_property`, `types.SimpleNamespace`, `weakref.ref` without a callback.
"""

from __future__ import annotations

import dataclasses
import decimal
import fractions
import functools
import json
import platform
import random
import re
import statistics
import textwrap
import types
import weakref
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy
import torch
from torch.nn.utils.rnn import PackedSequence

from viz.program.allowlist import allowed
from viz.program.allowlist.words import words
from viz.tracing.runnable import TYPED
from viz.tracing.typed.decided.attributes import attribute_of
from viz.tracing.typed.decided.calls import keywords
from viz.tracing.typed.decided.own import OWN
from viz.tracing.typed.libraries.standard import demand_own_names, own_class
from viz.tracing.typed.part import Part
from viz.tracing.typed.type_stand_ins import Frozen, TypeName

# ── json ──


def dumps(
    obj: Any,
    *,
    indent: Any = None,
    sort_keys: bool = False,
    ensure_ascii: bool = True,
    separators: Any = None,
    default: Any = None,
    skipkeys: bool = False,
    allow_nan: bool = True,
) -> str:
    """`json.dumps`; raises `TypeError` for what JSON has no word for."""
    encoder = json.JSONEncoder(
        skipkeys=bool(skipkeys),
        ensure_ascii=bool(ensure_ascii),
        allow_nan=bool(allow_nan),
        sort_keys=bool(sort_keys),
        indent=indent if indent is None or isinstance(indent, int) else str(indent),
        separators=None if separators is None else (str(separators[0]), str(separators[1])),
        default=default,
    )
    return "".join(encoder.iterencode(obj))


def loads(s: str, *, object_hook: Any = None) -> Any:
    """`json.loads` of a text; raises `ValueError` where it is no JSON."""
    if type(s) is not str:
        raise TypeError("the JSON object must be str here")
    return json.loads(s, object_hook=object_hook)


# ── numbers ──

_NUMBERS: Final = (int, float, fractions.Fraction, decimal.Decimal, numpy.floating, numpy.integer)


def _of_numbers(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of `statistics` for numbers (`mode` and `multimode`: for texts too)."""

    def numbers_of(values: Any) -> list[Any]:
        held = list(values)
        for each in held:
            if not isinstance(each, (*_NUMBERS, str)) or type(each) in OWN:
                raise TypeError(
                    f"can't convert type {type(each).__name__!r} to numerator/denominator"
                )
        return held

    def of_numbers(*given: Any, **ways: Any) -> Any:
        read = [numbers_of(each) if hasattr(each, "__iter__") else each for each in given]
        return function(*read, **ways)

    of_numbers.__name__ = of_numbers.__qualname__ = function.__name__
    return of_numbers


def _place(after: bool) -> Callable[..., int]:
    def found(a: Any, x: Any, lo: int = 0, hi: Any = None, *, key: Any = None) -> int:
        """Where x belongs in a sorted list."""
        low, high = int(lo), len(a) if hi is None else int(hi)
        if low < 0:
            raise ValueError("lo must be non-negative")
        while low < high:
            middle = (low + high) // 2
            held = a[middle] if key is None else key(a[middle])
            if not (x < held) if after else held < x:
                low = middle + 1
            else:
                high = middle
        return low

    return found


def _inserted(after: bool) -> Callable[..., None]:
    find = _place(after)

    def insort(a: Any, x: Any, lo: int = 0, hi: Any = None, *, key: Any = None) -> None:
        """Puts x where it belongs."""
        a.insert(find(a, x if key is None else key(x), lo, hi, key=key), x)

    return insort


# ── objects ──


class CachedProperty(Frozen):
    """`@functools.cached_property`: reckoned once for each object of a class of the program's."""

    __slots__ = ("_function", "_named")
    _function: Callable[[Any], Any]
    _named: list[str]

    def __init__(self, func: Callable[[Any], Any]) -> None:
        object.__setattr__(self, "_function", func)
        object.__setattr__(self, "_named", [])

    def __set_name__(self, owner: type, name: str) -> None:
        if self._named and self._named[0] != name:
            raise TypeError(f"a cached_property has one name: use another one for {name}")
        self._named.append(name)

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        if type(instance) not in OWN or not self._named:
            raise TypeError("cached_property stands in a class of your own")
        held = instance.__dict__
        if self._named[0] not in held:
            held[self._named[0]] = self._function(instance)
        return held[self._named[0]]


class Reference(Frozen):
    """`weakref.ref(x)`: called, it gives x as long as somebody else holds it, then `None`."""

    __slots__ = ("_held",)
    _held: Any

    def __init__(self, of: Any, /) -> None:
        _SET(self, "_held", weakref.ref(of))

    def __call__(self) -> Any:
        """The object, or `None`."""
        return self._held()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reference) and self._held is other._held

    def __hash__(self) -> int:
        return id(self._held)

    def __repr__(self) -> str:
        held = self._held()
        return "<weakref; dead>" if held is None else f"<weakref; to {type(held).__name__!r}>"


_SET: Final = object.__setattr__


def simple_namespace(**values: Any) -> Any:
    """`types.SimpleNamespace`: an object that has these attributes."""

    def shown(self: Any) -> str:
        return f"namespace({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"

    def equal(self: Any, other: Any) -> bool:
        return type(other).__name__ == "SimpleNamespace" and vars(self) == vars(other)

    demand_own_names(values)
    body = {"__repr__": shown, "__eq__": equal, "__hash__": None}
    made = own_class("SimpleNamespace", body)()
    vars(made).update(values)
    return made


# ── what asks for names, and what is bound to objects ──


def attrgetter(attr: str, /, *attrs: str) -> Callable[[Any], Any]:
    """`operator.attrgetter("a.b")`: by the names that may be written after a dot."""

    def one(value: Any, names: str) -> Any:
        return functools.reduce(attribute_of, str(names).split("."), value)

    def found(obj: Any) -> Any:
        parts = tuple(one(obj, names) for names in (attr, *attrs))
        return parts if attrs else parts[0]

    return found


def methodcaller(name: str, /, *args: Any, **kwargs: Any) -> Callable[[Any], Any]:
    """`operator.methodcaller("sum", 0)`."""
    ways = keywords(None, kwargs)
    return lambda obj: attribute_of(obj, name)(*args, **ways)


def bound(function: Any, instance: Any) -> types.MethodType:
    """`types.MethodType(f, x)`: a function of the program's own with x as its first argument."""
    if type(function) is not types.FunctionType or function.__code__.co_filename != TYPED:
        raise TypeError("it takes a function of your own here")
    return types.MethodType(function, instance)


def is_dataclass(obj: Any) -> bool:
    """Whether it is a data class of the program's own, or an object of one."""
    kind = obj if isinstance(obj, type) else type(obj)
    return kind in OWN and dataclasses.is_dataclass(kind)


def fields(class_or_instance: Any) -> tuple[Any, ...]:
    """The fields of a data class of the program's own."""
    if not is_dataclass(class_or_instance):
        raise TypeError("must be called with a dataclass type or instance")
    return dataclasses.fields(class_or_instance)


# ── numbers by chance, tiles, and tensors that are close ──


def random_numbers(seed: Any = None) -> Part:
    """`random.Random(0)`: a generator of its own; given no seed, the run's."""
    if seed is not None and type(seed) not in (int, float, str, bool):
        raise TypeError("a seed is a number or a text here")
    state = random.Random(torch.default_generator.initial_seed() if seed is None else seed)
    names = allowed.MODULES["random"] - {"Random"}
    return Part("random.Random", {name: getattr(state, name) for name in names})


def repmat(a: Any, m: Any, n: Any) -> Any:
    """`np.matlib.repmat`: a matrix made of so many copies."""
    array = numpy.asanyarray(a)
    return numpy.tile(array.reshape(1, -1) if array.ndim < 2 else array, (int(m), int(n)))


def _demand_comparable(value: Any) -> None:
    """Raises `TypeError` for what is no tensor, number or text, or a list or dict of such."""
    if type(value) in (list, tuple):
        for each in value:
            _demand_comparable(each)
    elif type(value) is dict:
        for each in value.values():
            _demand_comparable(each)
    elif type(value) not in _COMPARABLE:
        raise TypeError(f"assert_close takes tensors and numbers, no {type(value).__name__}")


_COMPARABLE: Final = frozenset(
    {torch.Tensor, torch.nn.Parameter, numpy.ndarray, bool, int, float, complex, str, type(None)}
)


def assert_close(actual: Any, expected: Any, *, msg: Any = None, **ways: Any) -> None:
    """`torch.testing.assert_close`: raises `AssertionError` in torch's own words."""
    _demand_comparable(actual)
    _demand_comparable(expected)
    torch.testing.assert_close(actual, expected, msg=None if msg is None else str(msg), **ways)


PURE: Final[Mapping[str, Any]] = {
    "json.dumps": dumps,
    "json.loads": loads,
    "json.JSONDecodeError": json.JSONDecodeError,
    **{
        f"statistics.{name}": _of_numbers(getattr(statistics, name))
        for name in words(
            "mean fmean median median_low median_high stdev variance pstdev pvariance mode"
            " multimode harmonic_mean geometric_mean quantiles"
        )
    },
    **{
        f"re.{name}": int(getattr(re, name))
        for name in words("I IGNORECASE M MULTILINE S DOTALL X A")
    },
    "statistics.StatisticsError": statistics.StatisticsError,
    "bisect.bisect_left": _place(after=False),
    **dict.fromkeys(("bisect.bisect", "bisect.bisect_right"), _place(after=True)),
    "bisect.insort_left": _inserted(after=False),
    **dict.fromkeys(("bisect.insort", "bisect.insort_right"), _inserted(after=True)),
    "textwrap.dedent": lambda text: textwrap.dedent(str(text)),
    "textwrap.indent": lambda text, prefix: textwrap.indent(str(text), str(prefix)),
    "textwrap.fill": lambda text, width=70: textwrap.fill(str(text), int(width)),
    "textwrap.wrap": lambda text, width=70: textwrap.wrap(str(text), int(width)),
    "functools.cached_property": CachedProperty,
    "types.SimpleNamespace": simple_namespace,
    "weakref.ref": Reference,
    "platform.python_version": platform.python_version,
    "platform.system": lambda: "Linux",
    **{
        f"platform.{name}": functools.partial(str, text)
        for name, text in {
            "machine": "x86_64",
            "processor": "x86_64",
            "platform": "Linux-x86_64",
            "release": "6",
            "version": "6",
            "node": "here",
            "python_implementation": "CPython",
        }.items()
    },
    **{f"re.{name}": int(getattr(re, name)) for name in words("VERBOSE ASCII UNICODE U NOFLAG")},
    **{f"re.{name}": TypeName(getattr(re, name)) for name in ("Pattern", "Match")},
    **{
        f"types.{name}": TypeName(getattr(types, name))
        for name in words("FunctionType LambdaType GeneratorType NoneType")
    },
    "torch.nn.utils.rnn.PackedSequence": TypeName(PackedSequence),
    "torch.get_default_device": lambda: torch.device("cpu"),
    "types.MethodType": TypeName(types.MethodType, bound),
    "types.MappingProxyType": lambda mapping: types.MappingProxyType(dict(mapping)),
    "operator.attrgetter": attrgetter,
    "operator.methodcaller": methodcaller,
    "dataclasses.fields": fields,
    "dataclasses.is_dataclass": is_dataclass,
    "random.Random": random_numbers,
    "numpy.matlib.repmat": repmat,
    "torch.testing.assert_close": assert_close,
}
"""The stand-ins by full name."""
