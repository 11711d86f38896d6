"""Numbers and tensors as short texts, the same in pictures, formulas and panels.

`None` (not computed, not recorded) gives an empty text and never a zero. The minus sign is the
typographic one; infinity is `∞`, what is undefined `NaN`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from viz.records import Number, Program, Tensor

MINUS: Final = "−"
Translate = Callable[[str], str]
"""Puts a template into the spoken language; `str` leaves it English."""
PRIMES: Final = ("f", "f′", "f″", "f‴", "f⁗")
"""f and its derivatives, by order."""


def primed(order: int, function: str = "f") -> str:
    """A function's derivative of an order, as it is written: `g′`."""
    return PRIMES[order].replace("f", function)


LONGEST_NAME: Final = 12
"""Characters of a function's name that a legend has room for."""


def called(program: Program | None, otherwise: str = "f") -> str:
    """What figures and files call a program's function: by its own name, where that is short."""
    name = program.function if program is not None and program.kind == "function" else None
    return name if name is not None and len(name) <= LONGEST_NAME else otherwise


WIDEST: Final = 26
"""Characters of a tensor's text on a card; a longer one is summarised."""


@dataclass(frozen=True)
class Words:
    """The words among the numbers, in the reader's language."""

    mean: str = "mean"
    scalar: str = "scalar"
    uses: tuple[str, str, str, str] = ("1st use", "2nd use", "3rd use", "4th use")
    hook: str = "a hook"


ENGLISH: Final = Words()
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """`text` with what neither DOT nor XML can hold replaced by `�`."""
    return _UNPRINTABLE.sub("�", text)


def number(value: Number, digits: int = 4) -> str:
    """`value` with at most `digits` significant digits and no trailing zeros."""
    if isinstance(value, bool):
        return str(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    if isinstance(value, int) and abs(value) < 10**7:
        return str(value).replace("-", MINUS)
    return _decimal(float(value), digits).replace("-", MINUS)


def _decimal(value: float, digits: int) -> str:
    # whole numbers stay whole up to the millions: 1048576 says more than 1.049e6
    if value == round(value) and abs(value) < 10 ** max(digits, 7):
        return f"{value:.0f}" if value else "0"
    text = f"{value:.{digits}g}"
    mantissa, _, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else text


def shape(sizes: Sequence[int], words: Words = ENGLISH) -> str:
    """`2×3`; a scalar's shape is `scalar`."""
    return "×".join(map(str, sizes)) if sizes else words.scalar


def extent(sizes: Sequence[int]) -> str:
    """A tensor's shape where numbers are expected: `2×3`, and `(4,)`, which is no number."""
    return f"({sizes[0]},)" if len(sizes) == 1 else shape(sizes)


def elements(tensor: Tensor, digits: int = 4) -> tuple[str, ...] | None:
    """Each element as text, row by row; `None` when they were not written out."""
    if tensor.values is None:
        return None
    if tensor.dtype.startswith("complex"):
        pairs = zip(tensor.values[::2], tensor.values[1::2], strict=False)
        return tuple(_complex(real, imaginary, digits) for real, imaginary in pairs)
    return tuple(number(value, digits) for value in tensor.values)


def _complex(real: Number, imaginary: Number, digits: int) -> str:
    part = number(imaginary, digits)
    return f"{number(real, digits)}{'' if part.startswith(MINUS) else '+'}{part}i"


def tensor(
    value: Tensor | None, digits: int = 4, widest: int = WIDEST, words: Words = ENGLISH
) -> str:
    """`6.5`, `[0, 1, 4]`, `[[1, 2], [3, 4]]`, or `16×16, mean 0.5` for what does not fit."""
    if value is None:
        return ""
    short = written(value, digits, widest)
    return _summary(value, digits, words) if short is None else short


def written(value: Tensor, digits: int, widest: int) -> str | None:
    """All elements in at most `widest` characters; `None` where they do not fit."""
    count = 0 if value.values is None else math.prod(value.shape)
    if count > 1 and 3 * count > widest:  # a sign, a comma and a blank for each, and brackets
        return None
    texts = elements(value, digits)
    if texts is None:
        return None
    nested = _nested(texts, value.shape)
    return nested if len(nested) <= widest else None


def whole(value: Tensor | None, digits: int = 4, words: Words = ENGLISH) -> str:
    """The tensor's text at full length: every element that was written out."""
    return tensor(value, digits, widest=10_000, words=words)


def _nested(texts: Sequence[str], sizes: Sequence[int]) -> str:
    if not sizes:
        return texts[0]
    if not texts:
        return "[]"
    step = len(texts) // sizes[0]
    rows = (texts[start : start + step] for start in range(0, len(texts), step))
    return f"[{', '.join(_nested(row, sizes[1:]) for row in rows)}]"


def _summary(value: Tensor, digits: int, words: Words) -> str:
    mean = _mean(value) if value.mean is None else value.mean
    if mean is None:  # a size alone stands where numbers are expected
        return extent(value.shape) if value.shape else words.scalar
    return f"{shape(value.shape, words)}, {words.mean} {number(mean, digits)}"


def _mean(value: Tensor) -> float | None:
    if not value.values or value.dtype.startswith("complex"):
        return None
    return sum(map(float, value.values)) / len(value.values)
