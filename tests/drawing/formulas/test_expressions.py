"""Formulas typeset from one source."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from viz.drawing.formulas import mathml
from viz.drawing.formulas.expressions import LATEX, MATHML, typeset, variables


@pytest.mark.parametrize(
    ("formula", "latex"),
    [
        ("1", "1"),
        ("-1", "-1"),
        ("a + b", "a + b"),
        ("a - (b - c)", r"a - \left(b - c\right)"),
        ("a - b - c", "a - b - c"),
        ("(a + b)*c", r"\left(a + b\right) \cdot c"),
        ("a*-b", r"a \cdot \left(-b\right)"),
        ("-a/b**2", r"-\frac{a}{b^{2}}"),
        ("exponent*a**(exponent - 1)", r"\mathrm{exponent} \cdot a^{\mathrm{exponent} - 1}"),
        ("(a + b)**2", r"\left(a + b\right)^{2}"),
        ("a**2**b", r"a^{2^{b}}"),
        ("1/(2*sqrt(a))", r"\frac{1}{2 \cdot \sqrt{a}}"),
        ("g @ T(b)", r"g \, b^{\mathsf{T}}"),
        ("abs(a)", r"\left|a\right|"),
        (
            "sin(a)*cos(b)",
            r"\operatorname{sin}\left(a\right) \cdot \operatorname{cos}\left(b\right)",
        ),
        ("max(a, 0)", r"\operatorname{max}\left(a, 0\right)"),
        ("negative_slope", r"\mathrm{negative\_slope}"),
        ("2/sqrt(pi)", r"\frac{2}{\sqrt{\pi}}"),
        ("1 if a > 0 else 0", r"\begin{cases} 1 & a > 0 \\ 0 & \mathrm{else} \end{cases}"),
        (
            "1 if b < a <= c else 0",
            r"\begin{cases} 1 & b < a \le c \\ 0 & \mathrm{else} \end{cases}",
        ),
    ],
)
def test_latex(formula, latex):
    assert typeset(formula, LATEX) == latex
    assert ET.fromstring(mathml.math(typeset(formula, MATHML))).tag == "math"


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
    assert typeset(formula, MATHML, bound) == markup


@pytest.mark.parametrize("formula", ["a[0]", "a.b", "lambda: a", "[a]", "{a}", "f'{a}'"])
def test_what_is_no_formula_is_refused(formula):
    with pytest.raises(ValueError, match="a formula has no"):
        typeset(formula, LATEX)


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
