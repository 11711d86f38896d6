"""`numpy.random` for typed code: its old functions and `default_rng`, drawn from the run's seed.

- `RANDOM`: what stands behind each name of `numpy.random`.
- `seeded(number)`: starts all of it anew: two runs of one seed draw the same.

A generator is a `Part` with the methods that draw; the bit generator behind it, which holds
pointers for other languages, is nowhere in reach. Seeds are whole numbers, as many as one likes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy

from viz.program.allowlist import numpy_names
from viz.tracing.typed.numpy.kinds import typed
from viz.tracing.typed.part import Part
from viz.tracing.typed.type_stand_ins import TypeName

_MOST: Final = 2**32


class Numbers(Part):
    """A generator of random numbers: what it draws, and nothing of how."""

    __slots__ = ()

    def __repr__(self) -> str:
        return self._shown


class _Global:
    """The generator behind `np.random.randn` and its siblings, and the run's seed."""

    def __init__(self) -> None:
        self.state = numpy.random.RandomState(0)
        self.number = 0
        self.fresh: Iterator[int] = itertools.count()


_OF_OLD: Final = _Global()


def seeded(number: int) -> None:
    """Starts numpy's random numbers anew from the seed of a run."""
    _OF_OLD.number = number % _MOST
    _OF_OLD.fresh = itertools.count()
    _OF_OLD.state.seed(_OF_OLD.number)


def _numbers(seed: Any) -> Any:
    """A seed of whole numbers; raises `TypeError` for anything else."""
    if isinstance(seed, numpy.ndarray | numpy.integer):
        return seed
    if type(seed) in (list, tuple):
        return [_numbers(each) for each in seed]
    if isinstance(seed, int):
        return int(seed)
    raise TypeError("a seed is a whole number here, or a list of them")


def _own_seed() -> list[int]:
    """A seed for a generator that was given none: another for each, the same in every run."""
    return [_OF_OLD.number, next(_OF_OLD.fresh)]


def seed(seed: Any = None) -> None:
    """`np.random.seed(0)`."""
    _OF_OLD.state.seed(_OF_OLD.number if seed is None else _numbers(seed))


def default_rng(seed: Any = None) -> Numbers:
    """A generator of its own; one that was made already stays the same."""
    if isinstance(seed, Numbers):
        return seed
    real = numpy.random.default_rng(_own_seed() if seed is None else _numbers(seed))
    names = numpy_names.DRAWS | numpy_names.OF_GENERATORS
    return Numbers("Generator(PCG64)", _drawing(real, names))


def random_state(seed: Any = None) -> Numbers:
    """`np.random.RandomState(0)`: the old functions, with a state of their own."""
    real = numpy.random.RandomState(_own_seed() if seed is None else _numbers(seed))
    own = _drawing(real, numpy_names.DRAWS | numpy_names.OF_OLD)
    return Numbers("RandomState(MT19937)", {**own, "seed": lambda seed: real.seed(_numbers(seed))})


_DTYPE_AT: Final[Mapping[str, int]] = {"randint": 3, "integers": 3, "random": 1}
"""Where a method that takes a number type has it; others have none, or by name."""


def _drawing(real: Any, names: set[str]) -> dict[str, Any]:
    return {name: typed(getattr(real, name), _DTYPE_AT.get(name)) for name in sorted(names)}


RANDOM: Final[Mapping[str, Any]] = {
    **_drawing(_OF_OLD.state, numpy_names.DRAWS | numpy_names.OF_OLD),
    "ranf": _OF_OLD.state.random_sample,
    "sample": _OF_OLD.state.random_sample,
    "seed": seed,
    "default_rng": default_rng,
    "RandomState": TypeName(numpy.random.RandomState, random_state),
    "Generator": TypeName(numpy.random.Generator),
}
