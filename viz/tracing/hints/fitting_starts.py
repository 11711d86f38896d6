"""A start that fits where an input's shape does not: tried, and only then offered.

The sizes come from torch's own message (`mat1 and mat2 shapes cannot be multiplied (1x3 and 4x2)`
speaks of 4), from the numbers that the program has, and from what layers take. Each candidate is
run, so that taking one over never leads to another refusal.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, permutations
from typing import Final

import torch

from viz.records import MAX_TYPED, Failure
from viz.tracing.printed import Printed
from viz.tracing.runnable import Runnable, whole_inputs
from viz.tracing.stopping import TimeIsUp
from viz.trees import parse

Shape = tuple[int, ...]

TRIES: Final = 30
"""Candidates that are run for one input."""
LARGEST: Final = 256
"""Sides that a start may have."""
SIZES: Final = 6
"""Different sizes that are tried."""
SIDE: Final = 8
"""Pixels of an image's side, samples of a signal."""

_ABOUT_SHAPES: Final = re.compile(
    r"shape|size|dimension|\dD\b|channel|expand|broadcast|index .* out of|vector|matrix|to unpack",
    re.IGNORECASE,
)
_BEYOND: Final = re.compile(r"index (\d{1,3}) is out of bounds")


def fitting_starts(runnable: Runnable, failure: Failure) -> dict[str, str]:
    """The text of an input's start with which the function runs, by the input's name; empty where
    the failure is about something else or none was found."""
    if runnable.function is None or _ABOUT_SHAPES.search(failure.message) is None:
        return {}
    return _tried(runnable, lambda: _found(runnable, failure))


def floating_starts(runnable: Runnable, texts: dict[str, str]) -> dict[str, str]:
    """The start as floating-point numbers of an input of whole ones, if the function has a gradient
    with it; `texts` are what was typed for inputs."""
    if runnable.function is None or not whole_inputs(runnable):
        return {}
    return _tried(runnable, lambda: _floating(runnable, texts))


def _tried(runnable: Runnable, found: Callable[[], dict[str, str]]) -> dict[str, str]:
    """What runs of the function have found, which leave no trace."""
    transcript = runnable.transcript
    printed, plots = transcript.printed, len(transcript.plots)
    transcript.printed = Printed()
    try:
        with torch.random.fork_rng(devices=[]):
            return found()
    except TimeIsUp:
        return {}
    finally:
        transcript.printed = printed
        del transcript.plots[plots:]


def _found(runnable: Runnable, failure: Failure) -> dict[str, str]:
    for place, shape in _candidates(runnable, failure):
        inputs = [*runnable.inputs]
        inputs[place] = torch.randn(shape)
        if _runs(runnable, inputs):
            name = runnable.program.inputs[place].name
            return {name: f"torch.randn({', '.join(map(str, shape))})"}
    return {}


def _floating(runnable: Runnable, texts: dict[str, str]) -> dict[str, str]:
    for place in whole_inputs(runnable):
        inputs, given = [*runnable.inputs], runnable.program.inputs[place]
        inputs[place] = inputs[place].float()  # type: ignore[union-attr]
        text = texts.get(given.name, given.start).strip()
        called = isinstance(parse(text).body[0].value, ast.Call)  # type: ignore[attr-defined]
        floating = f"{text if called else f'({text})'}.float()"
        if len(floating) <= MAX_TYPED and _runs(runnable, inputs):
            return {given.name: floating}
    return {}


def _candidates(runnable: Runnable, failure: Failure) -> Iterator[tuple[int, Shape]]:
    """Which input with which shape, the likely first.

    A vector gives way to a matrix, and of two alike the later one to the one before: of `A @ b` it
    is b. What stays a vector or a matrix is meant before what becomes something else.
    """
    shapes = {
        place: tuple(start.shape)
        for place, start in enumerate(runnable.inputs)
        if isinstance(start, torch.Tensor) and start.is_floating_point()
    }
    sizes = _sizes(failure.message, runnable.program.source, shapes.values())
    tried = {place: [*islice(_shapes(sizes, shape), TRIES)] for place, shape in shapes.items()}
    order = sorted(shapes, key=lambda place: (len(shapes[place]), -place))
    for as_deep in (True, False):
        for place in order:
            for shape in tried[place]:
                if (len(shape) == len(shapes[place])) is as_deep:
                    yield place, shape


def _sizes(message: str, source: str, shapes: Iterable[Shape]) -> list[int]:
    """What a side may be: the numbers that torch speaks of, the inputs' own sides, those of the
    program."""
    spoken = map(int, re.findall(r"(?<![a-wyz\d])\d{1,4}(?![D\d])", message[:500]))
    written = map(int, re.findall(r"(?<![\w.])\d{1,4}(?![\w.])", source))
    sides = (side for shape in shapes for side in reversed(shape))
    beyond = (int(index) + 1 for index in _BEYOND.findall(message[:500]))
    numbers = dict.fromkeys((*beyond, *spoken, *sides, *written))
    return [size for size in numbers if 1 <= size <= LARGEST][:SIZES]


def _shapes(sizes: list[int], shape: Shape) -> Iterator[Shape]:
    """Shapes that may fit, the likely and small ones first, each once."""
    found: dict[Shape, None] = {}
    for size in sizes:
        found[size,] = None
        found[2, size] = None
        if shape:
            found[*shape[:-1], size] = None
    found.update(dict.fromkeys(permutations(sizes, 2)))
    found.update(dict.fromkeys([(2,), (2, 3), (3, 3), (2, 3, 4)]))
    for channels in [*sizes, 1, 3]:
        found[1, channels, SIDE, SIDE] = None
        found[1, channels, SIDE] = None
    found.pop(shape, None)
    return iter(found)


def _runs(runnable: Runnable, inputs: list[torch.Tensor | int]) -> bool:
    leaves = [each.clone() if isinstance(each, torch.Tensor) else each for each in inputs]
    for leaf in leaves:
        if isinstance(leaf, torch.Tensor) and leaf.is_floating_point():
            leaf.requires_grad_(True)
    try:
        result = runnable.function(*leaves)  # type: ignore[misc]
    except Exception:  # noqa: BLE001 — the typed code's own, which may raise anything
        return False
    return isinstance(result, torch.Tensor) and result.requires_grad
