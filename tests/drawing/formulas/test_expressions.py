"""Formulas typeset from one source."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from viz.drawing.formulas import mathml
from viz.drawing.formulas.expressions import typeset, variables


def read(element: ET.Element) -> str:
    """What a formula's markup says, with braces around what stands above, below or under a sign."""
    parts = [read(child) for child in element]
    match element.tag:
        case "mfrac":
            return f"{{{parts[0]}}}/{{{parts[1]}}}"
        case "msup":
            return f"{{{parts[0]}}}^{{{parts[1]}}}"
        case "msqrt":
            return f"√{{{''.join(parts)}}}"
        case "mtr":
            return f"{' if '.join(parts)}; "
    return (element.text or "") + "".join(parts)


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("1", "1"),
        ("-1", "−1"),
        ("a + b", "a+b"),
        ("a - (b - c)", "a−(b−c)"),
        ("a - b - c", "a−b−c"),
        ("(a + b)*c", "(a+b)·c"),
        ("a*-b", "a·(−b)"),
        ("-a/b**2", "−{a}/{{b}^{2}}"),
        ("exponent*a**(exponent - 1)", "exponent·{a}^{exponent−1}"),
        ("(a + b)**2", "{(a+b)}^{2}"),
        ("a**2**b", "{a}^{{2}^{b}}"),
        ("1/(2*sqrt(a))", "{1}/{2·√{a}}"),
        ("g @ T(b)", "g{b}^{T}"),
        ("abs(a)", "|a|"),
        ("sin(a)*cos(b)", "sin(a)·cos(b)"),
        ("max(a, 0)", "max(a,0)"),
        ("negative_slope", "negative_slope"),
        ("2/sqrt(pi)", "{2}/{√{π}}"),
        ("1 if a > 0 else 0", "{1 if a>0; 0 if else; "),
        ("1 if b < a <= c else 0", "{1 if b<a≤c; 0 if else; "),
    ],
)
def test_formulas_are_set(formula, text):
    assert read(ET.fromstring(mathml.math(typeset(formula)))) == text


@pytest.mark.parametrize(
    ("formula", "markup"),
    [
        ("a*b", "<mi>x</mi><mo>·</mo><mrow><mo>(</mo><mn>−2</mn><mo>)</mo></mrow>"),
        ("b*a", "<mn>−2</mn><mo>·</mo><mi>x</mi>"),
        (
            "b**2",
            "<msup><mrow><mrow><mo>(</mo><mn>−2</mn><mo>)</mo></mrow></mrow><mrow><mn>2</mn></mrow></msup>",
        ),
        ("a - b", "<mi>x</mi><mo>−</mo><mrow><mo>(</mo><mn>−2</mn><mo>)</mo></mrow>"),
    ],
)
def test_names_are_bound_and_negative_numbers_bracketed(formula, markup):
    bound = {"a": ("<mi>x</mi>", True), "b": ("<mn>−2</mn>", False)}
    assert typeset(formula, bound) == markup


@pytest.mark.parametrize("formula", ["a[0]", "a.b", "lambda: a", "[a]", "{a}", "f'{a}'"])
def test_what_is_no_formula_is_refused(formula):
    with pytest.raises(ValueError, match="a formula has no"):
        typeset(formula)


@pytest.mark.parametrize(
    ("formula", "names"),
    [
        ("a*sin(b)", {"a", "b"}),
        ("pi", set()),
        ("max(min_val, a)", {"min_val", "a"}),
        ("sum(sum)", {"sum"}),
    ],
)
def test_variables(formula, names):
    assert variables(formula) == names


@pytest.mark.parametrize("text", ["<b>", "a&b", '"', "]]>", "损失", "\x00", "\ud800"])
def test_texts_are_escaped(text):
    for made in (
        mathml.name(text),
        mathml.name(text, text),
        mathml.number(text),
        mathml.text(text),
    ):
        element = ET.fromstring(mathml.math(made))
        assert {each.tag for each in element.iter()} <= {"math", "mi", "msub", "mn", "mtext"}
