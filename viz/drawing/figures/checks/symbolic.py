"""Autograd's curve against the derivative that one writes down: f, f′, … by sympy.

`symbolic(source, curve, values)` reads an expression (or a function that only returns one) by its
syntax tree, node by node, and builds the sympy expression itself: sympy never sees a text, since
its own readers evaluate what they read. What it cannot read is `None`: a branch, a loop, a tensor,
a call that is not in the table. `Symbolic.worst` is the greatest distance between the two over the
samples of the curve, relative to the derivative's height; above `AGREES` they disagree.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping, Set
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import sympy

from viz.drawing.figures.checks.formula_check import Symbolic
from viz.records import Curve
from viz.trees import parse

MAX_NODES: Final = 120
"""Nodes of a syntax tree, and operations of a derivative, beyond which nothing is written down."""
MAX_EXPONENT: Final = 40
"""Exponents and whole numbers are bounded: sympy would work powers out."""
SAMPLES: Final = 400
"""Samples that are compared."""

Floats = npt.NDArray[np.float64]
InputNames = Set[str]


def symbolic(source: str, curve: Curve, values: Mapping[str, float]) -> Symbolic | None:
    """The check of a curve; `values` are the numbers of the inputs that hold."""
    tree = _expression(source)
    if tree is None or not curve.x:
        return None
    try:
        formula = _built(tree, {curve.along, *values})
        orders = [formula]
        for _ in curve.derivatives[1:]:
            orders.append(sympy.diff(orders[-1], sympy.Symbol(curve.along, real=True)))
            if sympy.count_ops(orders[-1]) > 8 * MAX_NODES:
                orders.pop()
                break
    except (_NoFormula, TypeError, ValueError, RecursionError):
        return None
    return Symbolic(
        tuple(sympy.latex(order) for order in orders),
        tuple(_distance(order, curve, place, values) for place, order in enumerate(orders)),
    )


class _NoFormula(Exception):
    """The syntax tree has something that the table does not."""


def _expression(source: str) -> ast.expr | None:
    """The expression of a source that is one, or whose only function returns one."""
    try:
        body = parse(source.strip()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    body = [part for part in body if not isinstance(part, ast.Import | ast.ImportFrom)]
    if len(body) == 1 and isinstance(body[0], ast.FunctionDef):
        body = [part for part in body[0].body if not _is_docstring(part)]
    if len(body) != 1 or not isinstance(body[0], ast.Expr | ast.Return):
        return None
    value = body[0].value
    if value is None or sum(1 for _ in ast.walk(value)) > 4 * MAX_NODES:
        return None
    return value


def _is_docstring(part: ast.stmt) -> bool:
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)


_OPERATORS: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
}
_CONSTANTS: Final = {"pi": sympy.pi, "e": sympy.E}
_SAME_NAME: Final = """
sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp log sqrt erf
"""
_FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {
    **{name: getattr(sympy, name) for name in _SAME_NAME.split()},
    "arcsin": sympy.asin,
    "arccos": sympy.acos,
    "arctan": sympy.atan,
    "abs": sympy.Abs,
    "square": lambda x: x**2,
    "reciprocal": lambda x: 1 / x,
    "rsqrt": lambda x: 1 / sympy.sqrt(x),
    "neg": lambda x: -x,
    "log1p": lambda x: sympy.log(1 + x),
    "expm1": lambda x: sympy.exp(x) - 1,
    "log2": lambda x: sympy.log(x, 2),
    "log10": lambda x: sympy.log(x, 10),
    "sigmoid": lambda x: 1 / (1 + sympy.exp(-x)),
    "pow": lambda x, power: _power(x, power),
}
_MODULES: Final = {"torch", "math"}


def _built(node: ast.expr, inputs: InputNames) -> Any:
    """The sympy expression of a syntax tree; raises `_NoFormula` for what no table has."""
    match node:
        case ast.Constant(value=bool()):
            raise _NoFormula
        case ast.Constant(value=int(value)) if abs(value) <= 10**9:
            return sympy.Integer(value)
        case ast.Constant(value=float(value)) if math.isfinite(value):
            return _decimal(value)
        case ast.Name(id=name) if name in inputs:
            return sympy.Symbol(name, real=True)
        case ast.Name(id=name):
            return _named(_CONSTANTS, name)
        case ast.Attribute(value=ast.Name(id=module), attr=name) if module in _MODULES:
            return _named(_CONSTANTS, name)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_built(operand, inputs)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _built(operand, inputs)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(_built(left, inputs), _built(right, inputs))
        case ast.BinOp(left=left, op=operator, right=right):
            return _named(_OPERATORS, type(operator))(_built(left, inputs), _built(right, inputs))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return _named(_FUNCTIONS, name)(*_all_built(args, inputs))
        case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name), keywords=[]) if (
            module in _MODULES
        ):
            return _named(_FUNCTIONS, name)(*_all_built(node.args, inputs))
        case ast.Call(func=ast.Attribute(value=owner, attr=name), args=args, keywords=[]):
            return _named(_FUNCTIONS, name)(_built(owner, inputs), *_all_built(args, inputs))
    raise _NoFormula


def _all_built(nodes: list[ast.expr], inputs: InputNames) -> list[Any]:
    return [_built(node, inputs) for node in nodes]


def _named(table: Mapping[Any, Any], name: Any) -> Any:
    if name not in table:
        raise _NoFormula
    return table[name]


def _decimal(value: float) -> Any:
    """A decimal as the fraction that was written, where it is a short one."""
    short = sympy.Rational(repr(value)) if len(repr(value)) <= 8 else None
    return short if short is not None and "e" not in repr(value) else sympy.Float(value)


def _power(base: Any, exponent: Any) -> Any:
    """A power; of numbers only a small one, which sympy may work out."""
    if exponent.is_number and not abs(exponent) <= MAX_EXPONENT:
        raise _NoFormula
    if base.is_number and not abs(base) <= 10**6:
        raise _NoFormula
    return base**exponent


def _distance(formula: Any, curve: Curve, order: int, values: Mapping[str, float]) -> float:
    """The greatest distance from autograd's samples, relative to their height."""
    step = max(1, len(curve.x) // SAMPLES)
    at = np.array(curve.x[::step])
    shown = np.array(curve.derivatives[order][::step])
    names: dict[str, Any] = {**values, curve.along: at}
    with np.errstate(all="ignore"):
        exact = np.broadcast_to(np.real(_evaluated(formula, names)), at.shape)
        known = np.isfinite(shown) & np.isfinite(exact)
        if not known.any():
            return 0.0
        height = max(float(np.abs(shown[known]).max()), 1e-300)
        return float(np.abs(shown - exact)[known].max()) / height


def _evaluated(formula: Any, names: Mapping[str, Any]) -> Any:
    """A sympy expression in numbers, node by node; what it does not know is NaN."""
    if isinstance(formula, sympy.Symbol):
        return names[formula.name]
    if formula.is_number:
        return float(formula) if formula.is_real else math.nan
    parts = [_evaluated(part, names) for part in formula.args]
    rule = _NUMERIC.get(type(formula).__name__)
    return math.nan if rule is None else rule(*parts)


def _erf(x: Floats) -> Floats:
    values: Floats = np.vectorize(math.erf, otypes=[float])(x)
    return values


_NUMERIC: Final[dict[str, Callable[..., Any]]] = {
    "Add": lambda *parts: sum(parts),
    "Mul": lambda *parts: _product(parts),
    "Pow": lambda base, exponent: np.power(np.asarray(base, float), exponent),
    "exp": np.exp,
    "log": np.log,
    "Abs": np.abs,
    "sign": np.sign,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "asinh": np.arcsinh,
    "acosh": np.arccosh,
    "atanh": np.arctanh,
    "erf": _erf,
    **{name: getattr(np, name) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
}


def _product(parts: tuple[Any, ...]) -> Any:
    result = parts[0]
    for part in parts[1:]:
        result = result * part
    return result
