"""What operations are called: autograd's names, friendly ones, torch's functions.

`MulBackward0` is `×` to a friendly reader, `torch.nn.functional.linear` is `linear`.
"""

from __future__ import annotations

import re
from typing import Final

SIGNS: Final = {
    "Add": "+",
    "Sub": "−",
    "Rsub": "−",
    "Mul": "×",
    "Div": "÷",
    "Neg": "−",
    "Pow": "^",
    "Dot": "·",
    "Mm": "@",
    "Mv": "@",
    "Bmm": "@",
    "Sqrt": "√",
    "Sum": "sum",
    "T": "transpose",
    "AccumulateGrad": "leaf",
    "Addmm": "linear",
    "Addmv": "linear",
    "CopySlices": "y[…] = …",
    "AsStrided": "view",
    "LinalgVectorNorm": "norm",
    "UnsafeView": "view",
    "Tanh": "tanh",
}
"""Friendly names by autograd's, without `Backward0`; others are autograd's own in lower case."""

OPERATORS: Final = {
    "add": "+",
    "radd": "+",
    "iadd": "+",
    "sub": "−",
    "rsub": "−",
    "isub": "−",
    "mul": "×",
    "rmul": "×",
    "imul": "×",
    "div": "÷",
    "truediv": "÷",
    "rtruediv": "÷",
    "itruediv": "÷",
    "matmul": "@",
    "rmatmul": "@",
    "pow": "^",
    "rpow": "^",
    "ipow": "^",
    "neg": "−",
    "lt": "<",
    "gt": ">",
    "le": "≤",
    "ge": "≥",
    "eq": "==",
    "ne": "≠",
    "getitem": "[ ]",
    "setitem": "[ ] =",
    "invert": "not",
    "and": "and",
    "or": "or",
}
"""Friendly names of Python's operators and of the methods behind them."""

_SUFFIX: Final = re.compile(r"Backward\d*$")
_CAPITAL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def base(op: str) -> str:
    """`Mul` of `MulBackward0`; other names unchanged."""
    return _SUFFIX.sub("", op)


def friendly(op: str) -> str:
    """The name of an autograd node, or of a call, as mathematics writes it where it does."""
    known = SIGNS.get(base(op))
    if known is not None:
        return known
    if op == base(op):
        return of_function(op)
    return _CAPITAL.sub("_", base(op)).lower()


def of_function(function: str) -> str:
    """`linear` of `torch.nn.functional.linear`, `×` of `torch.Tensor.__mul__`."""
    last = function.rsplit(".", 1)[-1]
    plain = last.strip("_") or last
    return OPERATORS.get(plain, plain)
