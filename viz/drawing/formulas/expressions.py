"""Formulas from one source: a line of Python arithmetic, typeset as MathML.

`a*cos(a)`, `1/(2*sqrt(a))`, `1 if a > 0 else 0`: names, numbers, `+ - * / ** @`, comparisons, calls
and a conditional. The lines come from this project's own tables, never from a reader; evaluating
one with the functions it names gives its value, which is how the tests check it against torch.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from viz.drawing.formulas import mathml
from viz.trees import parse_expression

_SUM, _SIGN, _PRODUCT, _POWER, _ATOM = range(1, 6)

_COMPARISONS: Final = {
    ast.Lt: "<",
    ast.Gt: ">",
    ast.LtE: "≤",
    ast.GtE: "≥",
    ast.Eq: "=",
    ast.NotEq: "≠",
}
_GREEK: Final = {"pi": "π", "alpha": "α", "beta": "β"}
_SIGNS: Final = {ast.Add: "+", ast.Sub: "−", ast.MatMult: ""}


def _called(function: str, arguments: list[str]) -> str:
    inside = mathml.joined(",", arguments)
    if function == "abs":
        return mathml.row(mathml.sign("|"), inside, mathml.sign("|"))
    return mathml.row(mathml.name(f"{function}"), mathml.parenthesised(inside))


def typeset(formula: str, bound: Mapping[str, tuple[str, bool]] | None = None) -> str:
    """The formula in MathML; `bound` gives names their own markup, and whether that is one thing
    or needs brackets (a negative number)."""
    return _Writer(bound or {}).written(_parsed(formula))


@lru_cache(maxsize=512)
def _parsed(formula: str) -> ast.expr:
    return parse_expression(formula)


@lru_cache(maxsize=512)
def variables(formula: str) -> frozenset[str]:
    """The names in a formula that stand for values, not for functions."""
    tree = _parsed(formula)
    functions = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    return frozenset(node.id for node in names if id(node) not in functions) - {"pi"}


class _Writer:
    def __init__(self, bound: Mapping[str, tuple[str, bool]]) -> None:
        self.bound = bound

    def written(self, node: ast.expr, floor: int = 0) -> str:
        """The markup of a part, in brackets when it binds weaker than `floor`."""
        text, strength = self._part(node)
        return mathml.parenthesised(text) if strength < floor else text

    def _part(self, node: ast.expr) -> tuple[str, int]:
        match node:
            case ast.Constant(value):
                return mathml.number(str(value)), _ATOM
            case ast.Name(id):
                return self._name(id)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                minus = mathml.sign("−")
                return minus + self.written(operand, _PRODUCT), _SIGN
            case ast.BinOp():
                return self._operation(node)
            case ast.Call():
                return self._call(node)
            case ast.IfExp():
                return self._cases(node), _SUM
            case ast.Compare():
                return self._comparison(node), _SUM
        raise ValueError(f"a formula has no {type(node).__name__}")

    def _name(self, id: str) -> tuple[str, int]:
        if id in self.bound:
            text, simple = self.bound[id]
            return text, _ATOM if simple else _SIGN
        return mathml.name(_GREEK.get(id, id)), _ATOM

    def _operation(self, node: ast.BinOp) -> tuple[str, int]:
        left, right, op = node.left, node.right, node.op
        if isinstance(op, ast.Div):
            if isinstance(left, ast.UnaryOp):
                # −a/b is written before the line, not above it
                quotient = ast.UnaryOp(left.op, ast.BinOp(left.operand, op, right))
                return self.written(quotient), _SIGN
            return mathml.fraction(self.written(left), self.written(right)), _PRODUCT
        if isinstance(op, ast.Pow):
            return mathml.power(self.written(left, _ATOM), self.written(right)), _POWER
        between = mathml.sign(_SIGNS.get(type(op), "·"))
        if isinstance(op, ast.Add | ast.Sub):
            floor = _SUM if isinstance(op, ast.Add) else _PRODUCT
            return self.written(left, _SUM) + between + self._after(right, floor), _SUM
        return self.written(left, _SIGN) + between + self._after(right, _POWER), _PRODUCT

    def _after(self, node: ast.expr, floor: int) -> str:
        """An operand behind an operator: a negative one stands in brackets."""
        text, strength = self._part(node)
        fraction = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
        enough = strength >= floor or fraction
        return text if enough and strength != _SIGN else mathml.parenthesised(text)

    def _call(self, node: ast.Call) -> tuple[str, int]:
        function = node.func.id if isinstance(node.func, ast.Name) else ""
        if function == "T":
            return mathml.power(self.written(node.args[0], _ATOM), mathml.name("T")), _ATOM
        arguments = [self.written(argument) for argument in node.args]
        if function == "sqrt":
            return mathml.root(arguments[0]), _ATOM
        return _called(function, arguments), _ATOM

    def _comparison(self, node: ast.Compare) -> str:
        text = self.written(node.left, _SUM)
        for op, right in zip(node.ops, node.comparators, strict=True):
            text += mathml.sign(_COMPARISONS[type(op)]) + self.written(right, _SUM)
        return text

    def _cases(self, node: ast.IfExp) -> str:
        rows: list[tuple[str, str]] = []
        part: ast.expr = node
        while isinstance(part, ast.IfExp):
            rows.append((self.written(part.body), self.written(part.test)))
            part = part.orelse
        otherwise = mathml.name("else")
        return mathml.cases([*rows, (self.written(part), otherwise)])
