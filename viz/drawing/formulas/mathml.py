"""Presentation MathML in small pieces: texts in, escaped markup out. Browsers typeset it."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from viz.drawing.texts import MINUS, printable


def name(text: str, subscript: str = "") -> str:
    """A variable: one letter slanted, longer names upright as words are."""
    upright = ' mathvariant="normal"' if len(text.rstrip("′")) > 1 else ""
    base = f"<mi{upright}>{escape(printable(text))}</mi>"
    return f"<msub>{base}<mn>{escape(printable(subscript))}</mn></msub>" if subscript else base


def number(text: str) -> str:
    """A number or a short list of numbers, as text."""
    return f"<mn>{escape(printable(text))}</mn>"


def sign(text: str) -> str:
    """An operator."""
    return f"<mo>{escape(text)}</mo>"


def text(prose: str) -> str:
    """A few words among the mathematics."""
    return f"<mtext>{escape(printable(prose))}</mtext>"


def row(*parts: str) -> str:
    """Parts beside each other."""
    return f"<mrow>{''.join(parts)}</mrow>"


def joined(operator: str, parts: Iterable[str]) -> str:
    """Parts with an operator between."""
    return sign(operator).join(parts)


def parenthesised(part: str) -> str:
    """(part)"""
    return row(sign("("), part, sign(")"))


def behind(text: str) -> str:
    """A number that stands behind an operator: a negative one in brackets."""
    return parenthesised(number(text)) if text.startswith(MINUS) else number(text)


def fraction(above: str, below: str) -> str:
    """above over below"""
    return f"<mfrac>{row(above)}{row(below)}</mfrac>"


def power(base: str, exponent: str) -> str:
    """base to the exponent"""
    return f"<msup>{row(base)}{row(exponent)}</msup>"


def indexed(base: str, index: str) -> str:
    """base with an index below"""
    return f"<msub>{row(base)}{row(index)}</msub>"


def root(inside: str) -> str:
    """√inside"""
    return f"<msqrt>{inside}</msqrt>"


def cases(rows: Iterable[tuple[str, str]]) -> str:
    """A brace with one line for each value and its condition."""
    lines = "".join(
        f"<mtr><mtd>{value}</mtd><mtd>{condition}</mtd></mtr>" for value, condition in rows
    )
    return row(sign("{"), f"<mtable>{lines}</mtable>")


def derivative(of: str, by: str) -> str:
    """∂of/∂by"""
    return fraction(sign("∂") + of, sign("∂") + by)


def math(*parts: str) -> str:
    """The whole formula."""
    return f"<math>{''.join(parts)}</math>"
