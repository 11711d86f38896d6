"""What operations are called: autograd's names, friendly ones, torch's functions.

Autograd's operations stand in `table.OPERATIONS`, Python's operators here.

`MulBackward0` is `×` to a friendly reader, `torch.nn.functional.linear` is `linear`.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from viz.drawing.formulas.table import OPERATIONS, saved_values
from viz.records import Node


class Operator(NamedTuple):
    """How mathematics writes an operator of Python's, and the torch function that does the same."""

    sign: str
    function: str


OPERATORS: Final = {
    "add": Operator("+", "add"),
    "radd": Operator("+", "add"),
    "iadd": Operator("+", "add"),
    "sub": Operator("−", "sub"),
    "rsub": Operator("−", "sub"),
    "isub": Operator("−", "sub"),
    "mul": Operator("×", "mul"),
    "rmul": Operator("×", "mul"),
    "imul": Operator("×", "mul"),
    "div": Operator("÷", "div"),
    "truediv": Operator("÷", "div"),
    "rtruediv": Operator("÷", "div"),
    "itruediv": Operator("÷", "div"),
    "matmul": Operator("@", "matmul"),
    "rmatmul": Operator("@", "matmul"),
    "pow": Operator("pow", "pow"),
    "rpow": Operator("pow", "pow"),
    "ipow": Operator("pow", "pow"),
    "neg": Operator("−", "neg"),
    "lt": Operator("<", "lt"),
    "gt": Operator(">", "gt"),
    "le": Operator("≤", "le"),
    "ge": Operator("≥", "ge"),
    "eq": Operator("==", "eq"),
    "ne": Operator("≠", "ne"),
    "getitem": Operator("[ ]", "getitem"),
    "setitem": Operator("[ ] =", "setitem"),
    "invert": Operator("not", "logical_not"),
    "and": Operator("and", "logical_and"),
    "or": Operator("or", "logical_or"),
}
"""Python's operators, by the name between the underscores of the method behind them."""

_SUFFIX: Final = re.compile(r"Backward\d*$")
_CAPITAL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z0-9])(?=[A-Z][a-z])")
_RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MOST_RAISED: Final = 99
"""Exponents up to this size are written as such."""
LONGEST_RAISED: Final = 8
"""Letters of a name that is written below an exponent."""
_SIGNS: Final = {
    _SUFFIX.sub("", op): operation.sign for op, operation in OPERATIONS.items() if operation.sign
}


def base(op: str) -> str:
    """`Mul` of `MulBackward0`; other names unchanged."""
    return _SUFFIX.sub("", op)


def friendly(op: str) -> str:
    """The name of an autograd node, or of a call, as mathematics writes it where it does."""
    known = _SIGNS.get(base(op))
    if known is not None:
        return known
    if op == base(op):
        return of_function(op)
    if op.endswith("Backward"):  # written in Python: its class has a name of its own
        return base(op)
    return _CAPITAL.sub("_", base(op)).lower()


def of_node(op: str, function: str | None) -> str:
    """The name of an autograd node: its sign, else that of the torch function which alone made it
    (`max_pool2d` for `MaxPool2DWithIndicesBackward0`), else its own."""
    known = _SIGNS.get(base(op))
    if known is not None or function is None or op.endswith("Backward"):
        return friendly(op)
    return of_function(function)


def power(node: Node, base: str) -> str | None:
    """`y²` for a power of `base` with a small whole exponent, `( )²` where what is raised has no
    plain name; `None` for anything else.

    `PowBackward1` is a power of two tensors, or of a number: its exponent is no fixed one.
    """
    if node.op != "PowBackward0":
        return None
    exponent = saved_values(node).get("exponent")
    if not isinstance(exponent, int | float) or exponent != exponent // 1:
        return None
    if abs(exponent) > MOST_RAISED:
        return None
    plain = base.isalpha() and len(base) <= LONGEST_RAISED
    return (base if plain else "( )") + str(int(exponent)).translate(_RAISED)


def last_name(function: str) -> str:
    """`linear` of `torch.nn.functional.linear`, `imag` of `torch.Tensor.imag.__get__`."""
    last = function.removesuffix(".__get__").rsplit(".", 1)[-1]
    return last.strip("_") or last


def of_function(function: str) -> str:
    """`linear` of `torch.nn.functional.linear`, `×` of `torch.Tensor.__mul__`."""
    plain = last_name(function)
    return OPERATORS[plain].sign if plain in OPERATORS else plain
