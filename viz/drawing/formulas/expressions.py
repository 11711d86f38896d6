"""Formulas from one source: a line of Python arithmetic, typeset as LaTeX or as MathML.

`a*cos(a)`, `1/(2*sqrt(a))`, `1 if a > 0 else 0`: names, numbers, `+ - * / ** @`, comparisons, calls
and a conditional. The lines come from this project's own tables, never from a reader; evaluating
one with the functions it names gives its value, which is how the tests check it against torch.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from viz.drawing.formulas import mathml
from viz.trees import parse_expression

_SUM, _SIGN, _PRODUCT, _POWER, _ATOM = range(1, 6)

_COMPARISONS: Final = {
    ast.Lt: ("<", "<"),
    ast.Gt: (">", ">"),
    ast.LtE: ("≤", r"\le"),
    ast.GtE: ("≥", r"\ge"),
    ast.Eq: ("=", "="),
    ast.NotEq: ("≠", r"\ne"),
}
_GREEK: Final = {"pi": ("π", r"\pi"), "alpha": ("α", r"\alpha"), "beta": ("β", r"\beta")}


@dataclass(frozen=True)
class Language:
    """How a formula is written down in one markup."""

    name: Callable[[str], str]
    number: Callable[[str], str]
    sign: Callable[[str, str], str]
    fraction: Callable[[str, str], str]
    power: Callable[[str, str], str]
    brackets: Callable[[str], str]
    root: Callable[[str], str]
    call: Callable[[str, list[str]], str]
    cases: Callable[[list[tuple[str, str]]], str]
    transposed: Callable[[str], str]


def _mathml_call(function: str, arguments: list[str]) -> str:
    inside = mathml.joined(",", arguments)
    if function == "abs":
        return mathml.row(mathml.sign("|"), inside, mathml.sign("|"))
    return mathml.row(mathml.name(f"{function}"), mathml.parenthesised(inside))


def _latex_call(function: str, arguments: list[str]) -> str:
    inside = ", ".join(arguments)
    if function == "abs":
        return rf"\left|{inside}\right|"
    return rf"\operatorname{{{latex_text(function)}}}\left({inside}\right)"


def _latex_cases(rows: list[tuple[str, str]]) -> str:
    lines = r" \\ ".join(f"{value} & {condition}" for value, condition in rows)
    return rf"\begin{{cases}} {lines} \end{{cases}}"


def latex_text(text: str) -> str:
    """`text` with the characters that LaTeX reads as commands made harmless."""
    special = {"\\": r"\backslash ", "^": r"\hat{}", "~": r"\sim "}
    return "".join(
        special.get(letter) or (f"\\{letter}" if letter in "#$%&_{}" else letter) for letter in text
    )


def _latex_name(text: str) -> str:
    return text if len(text) == 1 and text.isalpha() else rf"\mathrm{{{latex_text(text)}}}"


MATHML: Final = Language(
    name=mathml.name,
    number=mathml.number,
    sign=lambda text, _: mathml.sign(text),
    fraction=mathml.fraction,
    power=mathml.power,
    brackets=mathml.parenthesised,
    root=mathml.root,
    call=_mathml_call,
    cases=mathml.cases,
    transposed=lambda inside: mathml.power(inside, mathml.name("T")),
)
LATEX: Final = Language(
    name=_latex_name,
    number=latex_text,
    sign=lambda _, text: f" {text} ",
    fraction=lambda above, below: rf"\frac{{{above}}}{{{below}}}",
    power=lambda base, exponent: f"{base}^{{{exponent}}}",
    brackets=lambda inside: rf"\left({inside}\right)",
    root=lambda inside: rf"\sqrt{{{inside}}}",
    call=_latex_call,
    cases=_latex_cases,
    transposed=lambda inside: rf"{inside}^{{\mathsf{{T}}}}",
)


def typeset(
    formula: str, language: Language, bound: Mapping[str, tuple[str, bool]] | None = None
) -> str:
    """The formula in a markup; `bound` gives names their own markup, and whether that is one
    thing or needs brackets (a negative number)."""
    return _Writer(language, bound or {}).written(_parsed(formula))


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
    def __init__(self, language: Language, bound: Mapping[str, tuple[str, bool]]) -> None:
        self.language = language
        self.bound = bound

    def written(self, node: ast.expr, floor: int = 0) -> str:
        """The markup of a part, in brackets when it binds weaker than `floor`."""
        text, strength = self._part(node)
        return self.language.brackets(text) if strength < floor else text

    def _part(self, node: ast.expr) -> tuple[str, int]:
        match node:
            case ast.Constant(value):
                return self.language.number(str(value)), _ATOM
            case ast.Name(id):
                return self._name(id)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                minus = self.language.sign("−", "-").strip()
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
        symbol, command = _GREEK.get(id, (id, ""))
        if self.language is LATEX and command:
            return command, _ATOM
        return self.language.name(symbol), _ATOM

    def _operation(self, node: ast.BinOp) -> tuple[str, int]:
        left, right, op = node.left, node.right, node.op
        if isinstance(op, ast.Div):
            if isinstance(left, ast.UnaryOp):
                # −a/b is written before the line, not above it
                quotient = ast.UnaryOp(left.op, ast.BinOp(left.operand, op, right))
                return self.written(quotient), _SIGN
            return self.language.fraction(self.written(left), self.written(right)), _PRODUCT
        if isinstance(op, ast.Pow):
            return self.language.power(self.written(left, _ATOM), self.written(right)), _POWER
        signs = {ast.Add: ("+", "+"), ast.Sub: ("−", "-"), ast.MatMult: ("", r"\,")}
        between = self.language.sign(*signs.get(type(op), ("·", r"\cdot")))
        if isinstance(op, ast.Add | ast.Sub):
            floor = _SUM if isinstance(op, ast.Add) else _PRODUCT
            return self.written(left, _SUM) + between + self._after(right, floor), _SUM
        return self.written(left, _SIGN) + between + self._after(right, _POWER), _PRODUCT

    def _after(self, node: ast.expr, floor: int) -> str:
        """An operand behind an operator: a negative one stands in brackets."""
        text, strength = self._part(node)
        fraction = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
        enough = strength >= floor or fraction
        return text if enough and strength != _SIGN else self.language.brackets(text)

    def _call(self, node: ast.Call) -> tuple[str, int]:
        function = node.func.id if isinstance(node.func, ast.Name) else ""
        if function == "T":
            return self.language.transposed(self.written(node.args[0], _ATOM)), _ATOM
        arguments = [self.written(argument) for argument in node.args]
        if function == "sqrt":
            return self.language.root(arguments[0]), _ATOM
        return self.language.call(function, arguments), _ATOM

    def _comparison(self, node: ast.Compare) -> str:
        text = self.written(node.left, _SUM)
        for op, right in zip(node.ops, node.comparators, strict=True):
            text += self.language.sign(*_COMPARISONS[type(op)]) + self.written(right, _SUM)
        return text

    def _cases(self, node: ast.IfExp) -> str:
        rows: list[tuple[str, str]] = []
        part: ast.expr = node
        while isinstance(part, ast.IfExp):
            rows.append((self.written(part.body), self.written(part.test)))
            part = part.orelse
        otherwise = self.language.name("else")
        return self.language.cases([*rows, (self.written(part), otherwise)])
