"""Python's `max` and `min` of a tensor and a number, as `torch.clamp`."""

from __future__ import annotations

import ast
from typing import Final

from viz.tracing.hints.brackets import place_of

SIDE: Final = {"max": "min", "min": "max"}
"""Which bound of `torch.clamp` a function of Python's keeps."""


def is_number(node: ast.expr) -> bool:
    """Whether a plain number is written there, with its sign."""
    inner = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(inner, ast.Constant) and type(inner.value) in (int, float)


def clamp_for(call: ast.Call, lines: list[str]) -> str | None:
    """`torch.clamp(x, min=0)` for `max(0, x)`; `None` where it is not one number and one other."""
    if not isinstance(call.func, ast.Name) or call.func.id not in SIDE or call.keywords:
        return None
    numbers = [each for each in call.args if is_number(each)]
    others = [each for each in call.args if each not in numbers]
    if len(numbers) != 1 or len(others) != 1 or isinstance(others[0], ast.Starred):
        return None
    other, number = (place_of(each, lines).text(lines) for each in (*others, *numbers))
    return f"torch.clamp({other}, {SIDE[call.func.id]}={number})"
