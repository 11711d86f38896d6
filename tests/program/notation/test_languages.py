"""What is written in another language: the place, the reason, and a mend that means the same."""

from __future__ import annotations

import contextlib
import io
import math

import pytest
import torch

from viz.errors import ProgramRejected
from viz.program import check
from viz.program.notation import together
from viz.program.notation.languages import as_python, language_of
from viz.records import Problem

SIGNS = [
    # typed, what stands there, a part of the message, the text after one click, what it prints
    ("x = 3\nx++\nprint(x)", "x++", "no ++", "x = 3\nx += 1\nprint(x)", "4"),
    ("x = 3\nx--;\nprint(x)", "x--", "no --", "x = 3\nx -= 1;\nprint(x)", "2"),
    (
        "x = 1\nif x > 2:\n    print(1)\nelse if x > 0:\n    print(2)",
        "else if",
        "no else if",
        None,
        "2",
    ),
    (
        "x = 1\nif x > 2:\n    print(1)\nelseif x > 0:\n    print(2)",
        "elseif",
        "no elseif",
        None,
        "2",
    ),
    ("x = 3\nif x > 2\n    print(x)\nend", "", "expected ':'", None, "3"),
    ("for k in range(2):\n    print(k)\nend", "end", "no end", None, "0\n1"),
    ("x = 3.0\nprint(x.^2)", ".^", ".^ is a sign", "x = 3.0\nprint(x**2)", "9.0"),
    ("x = 3.0\ny = 2.0\nprint(x .* y ./ 2)", ".* y ./", ".* is a sign", None, "3.0"),
    ("a = False\nif !a:\n    print(1)", "!", "no !", "a = False\nif not a:\n    print(1)", "1"),
    ("a = 3\nif a > 1 && a < 5:\n    print(a)", "&&", "no &&", None, "3"),
    ("a = 3\nif a < 1 || a > 2:\n    print(a)", "||", "no ||", None, "3"),
    ("a = 3\nif a === 3:\n    print(a)", "===", "no ===", None, "3"),
    ("a = 3\nif a <> 2:\n    print(a)", "<>", "no <>", None, "3"),
    ("a = null\nprint(a)", "null", "null is not known", "a = None\nprint(a)", "None"),
    ("a = true\nprint(a)", "true", "true is not known", "a = True\nprint(a)", "True"),
    ("x = 3\nif x = 3:\n    print(x)", "=", "compares nothing", None, "3"),
    ("print(5!)", "5!", "factorial", "print(math.factorial(5))", "120"),
    ("print(5 choose 2)", "5 choose 2", "choosing 2 of 5", "print(math.comb(5, 2))", "10"),
    ("对于 i 在 range(2):\n    print(i)", "对于", "English ones", None, "0\n1"),
    ("x = 1\n当 x < 3 时:\n    x += 1\nprint(x)", "当", "English ones", None, "3"),
    ("let x = 3\nprint(x)", "let ", "Nothing stands before", "x = 3\nprint(x)", "3"),
    ("double x = 3.0;\nprint(x)", "double ", "Nothing stands before", "x = 3.0;\nprint(x)", "3.0"),
    ("x <- 3\nprint(x)", "<-", "A name is set by =", "x = 3\nprint(x)", "3"),
    ("x = 2\ny = x > 1 ? 5 : 6\nprint(y)", "x > 1 ? 5 : 6", "no ? :", None, "5"),
    ("// two\nx = 2\nprint(x)", "//", "comment", "# two\nx = 2\nprint(x)", "2"),
    ("% two of them\nx = 2\nprint(x)", "%", "comment", "# two of them\nx = 2\nprint(x)", "2"),
    ("x = [1 2 3]\nprint(x)", "[1 2 3]", "Commas", "x = [1, 2, 3]\nprint(x)", "[1, 2, 3]"),
    ("x := 3\nprint(x)", ":=", "set by =", "x = 3\nprint(x)", "3"),
    ("if True then\n    print(2)", " then", "no then", "if True:\n    print(2)", "2"),
    ("x = 3\nconsole.log(x)", "console.log", "console", "x = 3\nprint(x)", "3"),
    ("println(3)", "println", "println", "print(3)", "3"),
]
"""Signs that mean one thing: what a click makes of them, and what plain Python prints of that."""


def refused(source: str) -> Problem:
    with pytest.raises(ProgramRejected) as caught:
        check(source)
    return caught.value.problem


def mended(source: str) -> str | None:
    found = refused(source)
    if found.mended is not None or found.replacement is None or found.span is None:
        return found.mended
    return found.span.replaced(source.split("\n"), found.replacement)


def printed(source: str) -> str:
    """What plain Python prints of a text of this file."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        exec(source, {"math": math, "torch": torch})  # noqa: S102 (this file's own texts)
    return told.getvalue().strip()


@pytest.mark.parametrize("row", SIGNS, ids=[each[0][:30] for each in SIGNS])
def test_a_sign_of_another_language_is_mended(row: tuple[str, str, str, str | None, str]) -> None:
    source, there, message, meant, shown = row
    found = refused(source)
    assert found.span is not None
    assert found.span.text(source.split("\n")) == there
    assert message in str(found.message)
    assert str(found.remedy)
    text = mended(source)
    assert text is not None
    check(text)
    assert meant in (None, text)
    assert printed(text) == shown


WHOLE = {
    "function f(x)\n  y = x^2\n  2y + 1\nend\nprintln(f(3))": "19",
    "f(x) = x^2 + 1\nprintln(f(2))\n": "5",
    "function g(a)\n  s = 0\n  for i in 1:3\n    s += a*i\n  end\n  return s\nend\nprintln(g(2))": (
        "12"
    ),
    "f = x -> x^2\nprintln(f(3))": "9",
    "function y = f(x)\n  y = x.^2;\nend\ndisp(f(4))": "16",
    "f = @(x) 3*x.^2 + 1;\n% shown\ndisp(f(2))": "13",
    "x = 1:3;\ny = x.^2;\ndisp(sum(y))": "tensor(14.)",
    "x = 0:0.5:1;\ny = x.^2;\ndisp(sum(y))": "tensor(1.2500)",
    "function y = f(x)\nif x > 1\ny = 2;\nelseif x > 0 && x < 1\ny = 1;\nelse\ny = 0;\nend\nend\n"
    "disp(f(0.5))": "1",
    "function f(x) { return x * x; }\nconsole.log(f(5));": "25",
    "const f = (x) => x * x + 1;\nconsole.log(f(2));": "5",
    "let s = 0;\nfor (let i = 0; i < 4; i++) {\n  s += i;\n}\nconsole.log(s);": "6",
    "const f = (x) => {\n  if (x > 1) {\n    return 2;\n  } else {\n    return 3;\n  }\n}\n"
    "console.log(f(0)); // no": "3",
    "f <- function(x) {\n  x^2 + 1\n}\nprint(f(3))": "10",
    "f <- function(x) x^3\nprint(f(2))": "8",
    "s <- 0\nfor (i in 1:4) {\n  s <- s + i\n}\nprint(s)": "10",
    "def f(x) {\n    return x**2\n}\nprint(f(3))": "9",
}
"""Whole programs, and what they print there and here."""


@pytest.mark.parametrize("source", WHOLE)
def test_a_program_in_another_language_is_written_in_python(source: str) -> None:
    text = mended(source)
    assert text is not None, refused(source)
    check(text)
    assert printed(text) == WHOLE[source]


UNSURE = {
    # elements counted from 1, products of matrices, a sign that may mean something else
    "x = linspace(0, 1, 5);\ny = x.^2;\ny(1)\nfor i = 1:2\ny\nend": "element by element",
    "function f(x)\n  x[1]^2\nend": "def f(x):",
    "for i = 1:9\n    x(i) = i^2;\nend\ndisp(x)": "x[0] for the first element",
    "y = A * B .* C": "@ multiplies matrices",
    ".^x": "element by element",
    "y = (.*2)": "element by element",
    "if !x == y:\n    print(1)": "brackets around the condition",
    "A \\ b": "torch.linalg.solve",
    "x!": "lgamma(x + 1)",
    "f'(x)": "shown beside",
    "y = x' * x": "x.T",
    "∂f/∂x": "shown beside",
    "∫ x": "trapezoid",
    "def f(x, y):\n    return x^T y": "x.T @ y",
    "lim x": "near the place",
    "syms x\ndiff(x^2, x)": "Write it in Python",
    "using Zygote\ngradient(x -> x[1]^2, [3.0])": "torch.func.grad",
    "library(Deriv)\nx <- c(1, 2)\nx[1] %in% x": "c(1, 2)",
    "#include <cmath>\nint main() {\n  return 0;\n}": "colon",
    "switch (x) { case 1: y = 2 }": "if, elif and else",
    "printf('%d', x)": "f-string",
    "x = c(y, 2, 3)": "torch.tensor([1.0, 2.0])",
    "x = symbols('x')": "need no symbols",
}


@pytest.mark.parametrize("source", UNSURE)
def test_what_may_mean_something_else_is_told_and_not_changed(source: str) -> None:
    found = refused(source)
    assert UNSURE[source] in str(found.remedy)
    assert found.span is not None
    assert mended(source) is None


def test_what_python_reads_is_of_no_other_language() -> None:
    for text in (
        "x = 3\nprint(x % 2)",
        "def f(x):\n    return x // 2",
        "f = lambda x: x**2",
        "x*2.",
    ):
        assert language_of(text) is None
        assert as_python(text) is None
        check(text)


def test_a_count_that_changes_nothing_is_told() -> None:
    program = check("x = 3\n++x\n--x\nprint(x)")
    assert [str(each) for each in program.notes] == [
        "Line 2: ++x changes nothing in Python. Write x += 1.",
        "Line 3: --x changes nothing in Python. Write x -= 1.",
    ]
    assert check("x = 3\nprint(--x, -+x)\n-x").notes == ()


def test_one_click_mends_all_signs_of_a_long_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of the table below one another, eight times: more than one refusal shows, and no loop.

    How much one click mends hangs on processor time, which a busy machine's tests have less of.
    """
    monkeypatch.setattr(together, "MOST_SECONDS", 10.0)
    rows = [row for row in SIGNS if "<-" not in row[0]]  # which compares where x is known
    text = "\n".join(row[0] for row in rows) + "\n"
    meant = mended(text)
    assert meant is not None
    check(meant)
    assert printed(meant) == "\n".join(row[4] for row in rows)
    text, clicks, seen = "a = 1\n" + text * 8, 0, set()
    while (after := mended_or_none(text)) is not None:
        assert after not in seen, "never a loop"
        seen.add(after)
        text, clicks = after, clicks + 1
    check(text)
    assert 1 <= clicks < 40


def mended_or_none(source: str) -> str | None:
    """What one click makes of a text; `None` if it is accepted."""
    try:
        check(source)
    except ProgramRejected:
        meant = mended(source)
        assert meant is not None, "after a click the next refusal has a mend again"
        return meant
    return None


def test_each_print_of_python_2_gets_its_brackets_at_one_click() -> None:
    lines = [f"print 'row %d' % {number}, {number}  # {'x' * 40}" for number in range(150)]
    text = "\n".join(lines)
    meant = mended(text)
    assert meant is not None
    assert meant.split("\n")[7] == f"print('row %d' % 7, 7)  # {'x' * 40}"
    check(meant)
    assert mended('s = """\nprint x\n"""\nprint s') == 's = """\nprint x\n"""\nprint(s)'


def test_tabs_become_blanks_where_one_reading_is_possible() -> None:
    for text in ("if True:\n\tx = 1\n        y = 2", "for i in [1]:\n    if i:\n\tprint i\n"):
        meant = mended(text)
        assert meant is not None
        assert "\t" not in meant
        check(meant)
    unsure = "if True:\n    if False:\n        print(1)\n\tprint(2)\n\tprint(3)"
    assert mended(unsure) is None or printed(mended(unsure) or "") == ""
