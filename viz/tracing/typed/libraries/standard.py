"""What typed code finds in Python's own modules where the real thing would reach further.

`STANDARD` has the stand-ins by full name:

- `functools.wraps`, `lru_cache`, `cache`, `total_ordering`: for the program's own functions and
  classes; the real `wraps` copies any attribute, `__code__` among them.
- `collections.namedtuple`: a class of the program's own; the real one compiles its text.
- `dataclasses.asdict`, `astuple`, `replace`: for the program's data classes.
- `time.sleep` does not wait; `warnings` tells and hides warnings, and makes no errors of them.
- `id_of`: numbers that tell objects apart, the same in every run, and nothing about where they lie.
"""

from __future__ import annotations

import dataclasses
import functools
import keyword
import operator
import types
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from viz.program.allowlist import allowed
from viz.tracing.typed.decided.own import OWN
from viz.tracing.typed.identity import number_of
from viz.tracing.typed.libraries.copies import copied, deepcopy

_FIRST: Final = 0x7F0000000000
"""Where the numbers of objects begin: they look like Python's."""
MOST_FIELDS: Final = 100


def id_of(value: Any) -> int:
    """`id`: equal for one object, different for two that are there at the same time."""
    return _FIRST + 16 * number_of(value)


def _own_function(value: Any) -> Any:
    if type(value) is not types.FunctionType:
        raise TypeError(f"it takes a function of your own here, not a {type(value).__name__}")
    return value


def wraps(wrapped: Any) -> Callable[[Any], Any]:
    """`@functools.wraps(f)`: the function is called what f is called."""

    def named(wrapper: Any) -> Any:
        for name in ("__name__", "__qualname__", "__doc__"):
            text = getattr(wrapped, name, None)
            if type(text) is str:
                setattr(_own_function(wrapper), name, text)
        return wrapper

    return named


def lru_cache(maxsize: Any = 128, typed: bool = False) -> Any:
    """`@lru_cache` and `@lru_cache(maxsize=None)`."""
    if callable(maxsize):
        return functools.lru_cache()(_own_function(maxsize))
    return lambda function: functools.lru_cache(maxsize, typed)(_own_function(function))


def total_ordering(kind: Any) -> Any:
    """`@total_ordering`, for the program's own classes."""
    if not isinstance(kind, type) or kind not in OWN:
        raise TypeError("@total_ordering stands before a class")
    return functools.total_ordering(kind)


# ── named tuples ──


def _replace(self: Any, /, **changes: Any) -> Any:
    unknown = changes.keys() - dict.fromkeys(type(self)._fields)
    if unknown:
        raise ValueError(f"Got unexpected field names: {sorted(unknown)!r}")
    return tuple.__new__(type(self), map(changes.get, type(self)._fields, self))


def own_class(name: str, body: dict[str, Any], *bases: type) -> Any:
    """A class that is the program's own without a `class` statement."""
    kind = type(name, bases, {"__module__": "__main__"} | body)
    OWN.add(kind)
    return kind


def demand_own_names(names: Iterable[str]) -> None:
    """Raises `ValueError` for a name that libraries look for on any object, and call."""
    for name in names:
        if name.startswith("__") or name in allowed.NEVER:
            raise ValueError(f"{name[:80]!r} cannot be the name of an attribute here")


def namedtuple(typename: str, field_names: Any, *, defaults: Any = ()) -> Any:
    """`collections.namedtuple`; raises `ValueError` for names that are none."""
    text = field_names.replace(",", " ").split() if isinstance(field_names, str) else field_names
    names = tuple(str(name) for name in text)
    _check_fields([str(typename), *names], names)
    preset = dict(zip(reversed(names), reversed(tuple(defaults)), strict=False))

    def new(_cls: Any, /, *values: Any, **named: Any) -> Any:
        given = dict(zip(names, values, strict=False))
        if len(values) > len(names) or given.keys() & named.keys() or named.keys() - set(names):
            raise TypeError(f"the fields of {typename} are {', '.join(names)}")
        held = preset | given | named
        if missing := [name for name in names if name not in held]:
            raise TypeError(f"{typename} lacks the fields {', '.join(missing)}")
        return tuple.__new__(_cls, [held[name] for name in names])

    def shown(self: Any) -> str:
        parts = (f"{name}={value!r}" for name, value in zip(names, self, strict=True))
        return f"{typename}({', '.join(parts)})"

    fields = {name: property(operator.itemgetter(place)) for place, name in enumerate(names)}
    return own_class(
        str(typename),
        {
            "__slots__": (),
            "_fields": names,
            "__new__": new,
            "__repr__": shown,
            "_replace": _replace,
            "_asdict": lambda self: dict(zip(names, self, strict=True)),
            "_make": classmethod(lambda cls, values: cls(*values)),
            **fields,
        },
        tuple,
    )


def _check_fields(names: list[str], fields: tuple[str, ...]) -> None:
    for name in names:
        if not name.isidentifier() or keyword.iskeyword(name) or name in allowed.NEVER:
            raise ValueError(f"Type names and field names must be valid identifiers: {name[:80]!r}")
    if any(name.startswith("_") for name in fields):
        raise ValueError("Field names cannot start with an underscore")
    if len(set(fields)) != len(fields) or len(fields) > MOST_FIELDS:
        raise ValueError("Encountered duplicate field name, or too many of them")


# ── data classes ──


def _has_fields(value: Any) -> bool:
    return type(value) in OWN and dataclasses.is_dataclass(value)


def _fields(value: Any) -> list[str]:
    if not _has_fields(value):
        raise TypeError("it takes an object of a data class")
    return [each.name for each in dataclasses.fields(value)]


def asdict(obj: Any) -> Any:
    """`dataclasses.asdict`: the fields by name, all copied."""

    def each(value: Any) -> Any:
        if _has_fields(value):
            return {name: each(getattr(value, name)) for name in _fields(value)}
        if type(value) in (list, tuple):
            return type(value)(map(each, value))
        if type(value) is dict:
            return {each(key): each(part) for key, part in value.items()}
        return deepcopy(value)

    _fields(obj)
    return each(obj)


def astuple(obj: Any) -> Any:
    """`dataclasses.astuple`: the fields in their order, all copied."""

    def each(value: Any) -> Any:
        if _has_fields(value):
            return tuple(each(getattr(value, name)) for name in _fields(value))
        return deepcopy(value)

    _fields(obj)
    return each(obj)


def replace(obj: Any, /, **changes: Any) -> Any:
    """`dataclasses.replace`: the object anew with other values of some fields."""
    return type(obj)(**({name: getattr(obj, name) for name in _fields(obj)} | changes))


# ── warnings ──


def warn(message: Any, _category: Any = None, **_where: Any) -> None:
    """`warnings.warn`: the text stands among the printed lines."""
    warnings.warn(str(message), UserWarning, stacklevel=2)


def simplefilter(action: str, category: Any = Warning, **_where: Any) -> None:
    """Hides warnings ("ignore") or shows them; they are never made into errors here."""
    if str(action) == "error":
        raise ValueError("warnings are not made into errors here: leave this line out")
    hidden = category if isinstance(category, type) and issubclass(category, Warning) else Warning
    if str(action) == "ignore":
        warnings.simplefilter("ignore", hidden)


def filterwarnings(action: str, _message: str = "", category: Any = Warning, **_where: Any) -> None:
    """The same; of which texts is not looked at."""
    simplefilter(action, category)


@contextmanager
def _warnings_within() -> Iterator[None]:
    held = warnings.filters[:]
    try:
        yield
    finally:
        warnings.filters[:] = held  # type: ignore[index]
        warnings._filters_mutated()  # type: ignore[attr-defined]


def catch_warnings(record: bool = False) -> Any:
    """What was hidden within is shown again after it; none are collected."""
    if record:
        raise ValueError("warnings are not collected here: they are printed")
    return _warnings_within()


def sleep(seconds: float) -> None:
    """`time.sleep` does not wait: nothing here goes on meanwhile."""
    float(seconds)


STANDARD: Final[Mapping[str, Any]] = {
    "functools.wraps": wraps,
    "functools.lru_cache": lru_cache,
    "functools.cache": lambda user_function: lru_cache(None)(user_function),
    "functools.total_ordering": total_ordering,
    "collections.namedtuple": namedtuple,
    "dataclasses.asdict": asdict,
    "dataclasses.astuple": astuple,
    "dataclasses.replace": replace,
    "copy.copy": copied,
    "copy.deepcopy": deepcopy,
    "time.sleep": sleep,
    "warnings.warn": warn,
    "warnings.simplefilter": simplefilter,
    "warnings.filterwarnings": filterwarnings,
    "warnings.catch_warnings": catch_warnings,
    **{f"__future__.{name}": f"_Feature({name})" for name in allowed.MODULES["__future__"]},
}
"""What stands in for names of Python's modules, by full name."""
