"""The stand-ins for `OrderedDict`, `Counter`'s counting and `itertools` do what Python's own do."""

import collections
import itertools
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from viz.tracing.typed.libraries.iterating import ITERATING, iterate
from viz.tracing.typed.ordered import OrderedDict, count_elements

DOES: tuple[Callable[[Any, int], Any], ...] = (
    lambda d, n: d.__setitem__(n, n),
    lambda d, n: d.move_to_end(n),
    lambda d, n: d.move_to_end(n, last=False),
    lambda d, n: d.popitem(n % 2 == 0),
    lambda d, n: d.pop(n, None),
    lambda d, n: d.setdefault(n, -n),
    lambda d, n: d.__delitem__(n),
    lambda d, n: list(d | {n: 0}),
    lambda d, n: list({n: 0, 99: 1} | d),
    lambda d, _n: list(d.copy()),
    lambda d, _n: list(reversed(d)),
    lambda d, _n: d == dict(reversed(d.items())),
    lambda d, _n: d == type(d)(reversed(d.items())),
    lambda d, _n: d != type(d)(d.items()),
    lambda d, _n: repr(d),
    lambda d, n: list(type(d).fromkeys([n, 1])),
)


def said(does: Callable[..., Any], *given: Any) -> Any:
    try:
        return does(*given)
    except (KeyError, ValueError, TypeError) as error:
        return type(error), str(error)


def test_an_ordered_dictionary_is_python_s_own() -> None:
    chance = random.Random(0)
    ours: Any = OrderedDict(a=1)
    own: Any = collections.OrderedDict(a=1)
    for _ in range(3_000):
        does, n = chance.choice(DOES), chance.randrange(8)
        assert said(does, ours, n) == said(does, own, n)
        assert list(ours.items()) == list(own.items())
    ours |= {"b": 2}
    own |= {"b": 2}
    assert ours == own
    assert own == ours
    with pytest.raises(TypeError):
        hash(ours)


def test_counting_is_python_s_own() -> None:
    found: dict[str, int] = {"b": 2}
    count_elements(found, "abca")
    assert found == {"b": 3, "a": 2, "c": 1}


def groups(made: Callable[..., Any], *given: Any) -> list[Any]:
    """The groups, each taken as far as its place says; then the first, which is over."""
    found, first = [], None
    for place, (key, group) in enumerate(made(*given)):
        first = first or group
        found.append((key, list(itertools.islice(group, place))))
    return [found, list(first or [])]


@pytest.mark.parametrize("given", [("aabbbacc",), ([1, 3, 2, 4, 5], lambda n: n % 2), ("",)])
def test_groups_are_python_s_own(given: tuple[Any, ...]) -> None:
    ours = ITERATING["itertools.groupby"]
    assert groups(ours, *given) == groups(itertools.groupby, *given)
    whole = [(key, list(group)) for key, group in ours(*given)]
    assert whole == [(key, list(group)) for key, group in itertools.groupby(*given)]


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("accumulate", ([1, 2, 3],)),
        ("chain", ("ab", "c")),
        ("chain", (5,)),
        ("compress", ("abc", [1, 0, 1])),
        ("count", (3, 2)),
        ("count", ("a",)),
        ("cycle", ("ab",)),
        ("dropwhile", (lambda n: n < 2, [1, 2, 1])),
        ("filterfalse", (None, [0, 1])),
        ("islice", ("abcdef", 1, 5, 2)),
        ("islice", ("abc", -1)),
        ("pairwise", ("abc",)),
        ("starmap", (pow, [(2, 3)])),
        ("takewhile", (lambda n: n < 2, [1, 2, 1])),
        ("zip_longest", ("a", "bc")),
    ],
)
def test_iterators_give_what_python_s_own_give(name: str, given: tuple[Any, ...]) -> None:
    def first(make: Callable[..., Iterator[Any]]) -> Any:
        return [item for item, _ in zip(make(*given), range(9), strict=False)]

    assert said(first, ITERATING[f"itertools.{name}"]) == said(first, getattr(itertools, name))


def test_iter_is_python_s_own() -> None:
    assert list(iterate([1, 2])) == [1, 2]
    of = iter([3, 4, 5, 6])
    assert list(iterate(lambda: next(of), 5)) == [3, 4]
    assert list(iterate(lambda: next(of), 5)) == [6]
    for given in ((5,), (5, 5), (min, 1, 2)):
        assert said(iterate, *given)[0] is TypeError
