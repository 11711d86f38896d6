"""Iterators that cannot be asked for the next item while they look for it.

`itertools` and `iter` make objects whose C code trusts that nobody does: a typed `__add__` that
asks the `count` it is called from, a function that asks the `iter` that calls it, and the process
goes on with memory that was given back. Generators refuse (`ValueError`), so one
stands before each; `groupby`, whose groups look at one source, and `iter(function, end)` are
written in Python altogether.

`ITERATING` has the stand-ins by full name, `iterate` stands for `iter`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from viz.tracing.typed.type_stand_ins import Frozen


def _alone(iterator: Iterator[Any]) -> Iterator[Any]:
    yield from iterator


def _one_at_a_time(kind: Callable[..., Iterator[Any]], name: str) -> Callable[..., Iterator[Any]]:
    def made(*given: Any, **ways: Any) -> Iterator[Any]:
        return _alone(kind(*given, **ways))

    made.__name__ = made.__qualname__ = name
    made.__doc__ = kind.__doc__
    return made


class Chained(Frozen):
    """`itertools.chain`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(itertools.chain)

    def __call__(self, *iterables: Iterable[Any]) -> Iterator[Any]:
        return _alone(itertools.chain(*iterables))

    def from_iterable(self, iterable: Iterable[Iterable[Any]], /) -> Iterator[Any]:
        """The items of all that the iterable gives, one after the other."""
        return _alone(itertools.chain.from_iterable(iterable))


# ── groups ──

_Keyed = tuple[Any, Any]


def groupby(
    iterable: Iterable[Any], key: Callable[[Any], Any] | None = None
) -> Iterator[tuple[Any, Iterator[Any]]]:
    """`itertools.groupby`: each key with the items in a row that have it."""
    items = iter(iterable)
    return _groups((item if key is None else key(item), item) for item in items)


def _groups(source: Iterator[_Keyed]) -> Iterator[tuple[Any, Iterator[Any]]]:
    ahead = [next(source, None)]
    while (first := ahead[0]) is not None:
        group = _group(source, first[0], ahead)
        yield first[0], group
        for _ in group:
            pass


def _group(source: Iterator[_Keyed], key: Any, ahead: list[_Keyed | None]) -> Iterator[Any]:
    found = ahead[0]
    while found is not None and (found[0] is key or key == found[0]):
        yield found[1]
        found = ahead[0] = next(source, None)


# ── iter ──


def iterate(value: Any, *end: Any) -> Iterator[Any]:
    """`iter(items)`, and `iter(function, end)`: what it gives until that is `end`."""
    if not end:
        return iter(value)
    if len(end) > 1:
        raise TypeError(f"iter expected at most 2 arguments, got {1 + len(end)}")
    if not callable(value):
        raise TypeError("iter(v, w): v must be callable")
    return _until(value, *end)


iterate.__name__ = iterate.__qualname__ = "iter"


def _until(function: Callable[[], Any], end: Any) -> Iterator[Any]:
    while True:
        try:
            value = function()
        except StopIteration:
            return
        if end is value or end == value:
            return
        yield value


_ASKING: Final = (
    *("accumulate", "compress", "count", "cycle", "dropwhile", "filterfalse", "islice"),
    *("pairwise", "starmap", "takewhile", "zip_longest"),
)
ITERATING: Final[Mapping[str, Any]] = {
    **{f"itertools.{name}": _one_at_a_time(getattr(itertools, name), name) for name in _ASKING},
    "itertools.chain": Chained(),
    "itertools.groupby": groupby,
}
"""What stands in for names of `itertools`, by full name."""
