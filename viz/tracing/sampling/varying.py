"""What varies, and what is looked at: the words `x`, `x[1, 2]`, `value`, `sum`, `gradient`, `[0]`.

`Varying` is one number of a program's inputs; `Looked` makes the number to look at out of
what the typed function returned. Unknown words raise `InputRejected`; a result that cannot be
looked at so raises the exception that torch or Python would (it becomes the record's failure).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import islice, product
from typing import Any, Final, cast

import torch

from viz.errors import N_, InputRejected, problem
from viz.tracing.runnable import Runnable
from viz.tracing.structures import tensors_of
from viz.tracing.texts import kind_of

SHORTEST: Final = 1e-300
"""A stretch must be longer: below, there are too few numbers for samples of their own."""
_ALONG = re.compile(r"([^\W\d]\w*)(?:\[\s*(-?\d+(?:\s*,\s*-?\d+)*)\s*,?\s*\])?")
_ELEMENT = re.compile(r"\[\s*(-?\d+(?:\s*,\s*-?\d+)*)\s*,?\s*\]")


@dataclass(frozen=True)
class Varying:
    """One number of the inputs: which input, and what that number is called."""

    place: int
    name: str
    mask: torch.Tensor | None
    """True at the element that varies; `None` when the input is a single number."""


def varying(runnable: Runnable, along: str | None) -> Varying:
    """The number that `along` names (`x`, `x[1, 2]`); `None`: the first that can vary."""
    names = [entry.name for entry in runnable.program.inputs]
    along = along or next(iter(numbers_that_vary(runnable, 1)), None)
    if along is None:
        raise nothing_varies()
    words = _ALONG.fullmatch(along.strip())
    if words is None or words[1] not in names:
        raise InputRejected(
            problem(
                N_("“{along}” is not the name of an input."),
                N_("Write one of {names}, or an element of it such as x[0, 1]."),
                along=along,
                names=", ".join(names),
            )
        )
    place = names.index(words[1])
    given = runnable.inputs[place]
    if isinstance(given, torch.Tensor) and given.is_complex():
        raise InputRejected(
            problem(
                N_("“{along}” is complex: its values lie on no line."),
                N_("Let another input vary, or make one of its real part: torch.complex(a, b)."),
                along=along,
            )
        )
    if not _varies(given):
        raise InputRejected(
            problem(
                N_("“{along}” counts: between two whole numbers there is nothing to see."),
                N_("Let another input vary."),
                along=along,
            )
        )
    return _element(runnable, place, words[2])


def nothing_varies() -> InputRejected:
    """The error of a program whose inputs are whole numbers, or that has none."""
    return InputRejected(
        problem(
            N_("There is no input that could vary."),
            N_("Give the function a parameter that holds a floating-point number."),
        )
    )


def numbers_that_vary(runnable: Runnable, most: int) -> list[str]:
    """The words for the first numbers that can vary, at most `most` of them."""
    names = []
    for entry, value in zip(runnable.program.inputs, runnable.inputs, strict=True):
        if _varies(value):
            shape = tuple(cast(torch.Tensor, value).shape)
            indices = islice(product(*map(range, shape)), most)
            names += [_word(entry.name, index) if shape else entry.name for index in indices]
    return names[:most]


def _word(name: str, index: tuple[int, ...]) -> str:
    return f"{name}[{', '.join(map(str, index))}]"


def _varies(value: torch.Tensor | int) -> bool:
    return isinstance(value, torch.Tensor) and value.numel() > 0 and not value.is_complex()


def _element(runnable: Runnable, place: int, words: str | None) -> Varying:
    name = runnable.program.inputs[place].name
    tensor = cast(torch.Tensor, runnable.inputs[place])  # `_varies` has seen it
    if tensor.dim() == 0 and words is None:
        return Varying(place, name, None)
    index = _index(words, tuple(tensor.shape), name)
    mask = torch.zeros(tensor.shape, dtype=torch.bool)
    mask[index] = True
    return Varying(place, _word(name, index), mask)


def _index(words: str | None, shape: tuple[int, ...], name: str) -> tuple[int, ...]:
    """A full index into the shape, counted from the front; the first element if nothing is said."""
    if words is None:
        return (0,) * len(shape)
    index = tuple(int(word) for word in words.split(","))
    fits = len(index) == len(shape) and all(
        -size <= k < size for k, size in zip(index, shape, strict=True)
    )
    if not fits:
        raise InputRejected(
            problem(
                N_("{name} has no element [{index}]: its shape is {shape}."),
                N_("Give one number for each dimension, each less than its size."),
                name=name,
                index=words,
                shape=str(shape),
            )
        )
    return tuple(k % size for k, size in zip(index, shape, strict=True))


@dataclass(frozen=True)
class Looked:
    """What is looked at: `of`'s word, and the vector of `gradient=`."""

    of: str = "value"
    gradient: torch.Tensor | None = None

    def at(self, result: Any) -> tuple[torch.Tensor, str]:
        """The number to look at, and the word for it (a larger `value` is summed)."""
        tensor = as_tensor(result)
        if tensor.is_complex():
            raise TypeError("the result is complex: take .real, .imag or .abs()")
        if self.of == "value" and tensor.numel() == 1:
            return tensor.reshape(()), "value"
        if self.of == "gradient" or (self.of == "value" and self.gradient is not None):
            return self._product(tensor), "gradient"
        if self.of in ("value", "sum"):
            return tensor.sum(), "sum"
        return self._element(tensor), self.of

    def _product(self, tensor: torch.Tensor) -> torch.Tensor:
        vector = torch.ones_like(tensor) if self.gradient is None else self.gradient
        if vector.shape != tensor.shape:
            raise RuntimeError(
                "Mismatch in shape: gradient has a shape of "
                f"{tuple(vector.shape)} and the result has a shape of {tuple(tensor.shape)}."
            )
        return (tensor * vector.to(tensor.dtype)).sum()

    def _element(self, tensor: torch.Tensor) -> torch.Tensor:
        words = _ELEMENT.fullmatch(self.of.strip())
        if words is None:
            raise InputRejected(
                problem(
                    N_("“{of}” is not a part of the result."),
                    N_("Write value, sum, gradient, or an element such as [0, 1]."),
                    of=self.of,
                )
            )
        index = tuple(int(word) for word in words[1].split(","))
        if len(index) != tensor.dim():
            raise IndexError(
                f"the result has the shape {tuple(tensor.shape)}: it has no element {self.of}"
            )
        return tensor[index]


def as_tensor(result: Any) -> torch.Tensor:
    """A returned value as a tensor: a number becomes one, of a container the first is taken."""
    if isinstance(result, torch.Tensor):
        return result
    if isinstance(result, bool | int | float):
        return torch.tensor(float(result), dtype=torch.float64)
    if isinstance(result, complex):
        return torch.tensor(result)
    if found := tensors_of(result):
        return cast(torch.Tensor, found[0].value)
    raise TypeError(f"the result is {kind_of(result)}, not a tensor")


def several(result: Any) -> tuple[str, ...]:
    """Where the tensors of a result stand, as code would spell it, if it holds more than one."""
    if isinstance(result, torch.Tensor | int | float | complex):
        return ()
    found = tensors_of(result)
    return tuple(each.text for each in found) if len(found) > 1 else ()


def in_float64(value: torch.Tensor | int) -> torch.Tensor | int:
    """An input's own copy as curves take it: floating-point numbers in float64."""
    if isinstance(value, torch.Tensor) and value.is_floating_point():
        return value.detach().to(torch.float64, copy=True)
    return value


def span_of_range(start: float, stop: float) -> tuple[float, float]:
    """The two ends, ascending; raises `InputRejected` unless they are finite and lie apart."""
    low, high = min(start, stop), max(start, stop)
    if not (math.isfinite(low) and math.isfinite(high) and SHORTEST < high - low < math.inf):
        raise InputRejected(
            problem(
                N_("From {start} to {stop} there is no stretch to look at."),
                N_("Give two different finite numbers."),
                start=str(start),
                stop=str(stop),
            )
        )
    return low, high
