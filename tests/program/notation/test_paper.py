"""What is written as on paper: one mend for all of it, and none that changes the meaning."""

from __future__ import annotations

import pytest

from viz.errors import ProgramRejected
from viz.program import check, read
from viz.program.notation.paper import as_code

MEANT = {
    "y = x^2": "x**2",
    "f(x) = x^2": "def f(x): return x**2",
    "f(x, y) = 2x + |y|": "def f(x, y): return 2*x + abs(y)",
    "y = √x": "sqrt(x)",
    "√(x+1)": "sqrt(x+1)",
    "y = x² + 3x, dy/dx = ?": "x**2 + 3*x",
    "y = x^2 + 3x, find dy/dx": "x**2 + 3*x",
    "已知 y=x^3-2x，求y'": "x**3-2*x",
    "f[x_, y_] := x^2 y + Exp[-x]": "def f(x, y): return x**2*y + exp(-x)",
    "Sin[x]^2 + Cos[x]": "sin(x)**2 + cos(x)",
    "√2 x": "sqrt(2)*x",
    "|x|": "abs(x)",
    "x²": "x**2",
    "xⁿ": "x**n",
    "x⁻¹": "x**(-1)",
    "x¹²": "x**12",
    "2x": "2*x",
    "2(x+1)(x-1)": "2*(x+1)*(x-1)",
    "ln(x)": "log(x)",
    "ln x + lg x": "log(x) + log10(x)",
    "（x＋１）＊２": "(x+1)*2",
    "x × y ÷ 2": "x * y / 2",
    "sin x + 2x": "sin(x) + 2*x",
    "sin 2x": "sin(2*x)",
    "x y": "x*y",
    "$x^2$": "x**2",
    r"\frac{x+1}{2}": "((x+1)/(2))",
    r"\sin(x) \cdot x": "sin (x) * x",
    r"\sqrt{x} + x^{10}": "sqrt(x) + x**(10)",
    r"\left(x + 1\right)^2": "(x + 1)**2",
    "y = 2x² + √x": "2*x**2 + sqrt(x)",
    "sin（x）+x²，": "sin(x)+x**2",
    "2x² ;": "2*x**2",
    "x²+2。": "x**2+2",
    "x − 1": "x - 1",
    "ln|x|": "log(abs(x))",
    "2|x|": "2*abs(x)",
    "sin²(x) + cos²(x)": "sin(x)**2 + cos(x)**2",
    "x₁ * x₂": "x1 * x2",
    "log₂(x)": "log2(x)",
    "2sinx": "2*sin(x)",
    "xsin(x)": "x*sin(x)",
    "x sinx": "x*sin(x)",
    "2xsin2x": "2*x*sin(2*x)",
    "3xy": "3*x*y",
    "f(x,y) = 3xy": "def f(x,y): return 3*x*y",
    "xe^x": "x*e**x",
    "xy²": "x*y**2",
    "y = ax^2 + bx + c": "a*x**2 + b*x + c",
    "y = mx + b": "m*x + b",
    "2cot x + sec(x)": "2*(1/tan(x)) + (1/cos(x))",
    "f(x) := x^2": "def f(x): return x**2",
    "f(x) = x^2, x = 3": "def f(x=3.0): return x**2",
    "f(x, y) = xy at y = 2": "def f(x, y=2.0): return x*y",
    "x = 2, x^2": "def f(x=2.0): return x**2",
    "sin^2(x) + cos^2 x": "sin(x)**2 + cos(x)**2",
    "xsin^2(x)": "x*sin(x)**2",
    "tan^-1(x)": "atan(x)",
    "sin⁻¹(x)": "asin(x)",
    "exp^x": "exp(x)",
    "½x": "(1/2)*x",
    "x∙y": "x*y",
    "x mod 2": "x % 2",
    "x squared plus 1": "x**2 + 1",
    "if x > 0 then x^2 else -x": "x**2 if x > 0 else -x",
    "if x > 0: return x else: return -x": "x if x > 0 else -x",
    "∛x": "(sign(x)*abs(x)**(1/3))",
    "∛8 + x": "8**(1/3) + x",
    "∜(x+1)": "(x+1)**(1/4)",
    "2⌊x⌋ - ⌈2x⌉": "2*floor(x) -ceil(2*x)",
    "Σx^2": "(x**2).sum()",
    "f(x) = ∑(x-1)": "def f(x): return (x-1).sum()",
    "∏x": "x.prod()",
    "如果 x>0 则 x² 否则 -x": "x**2 if x>0 else -x",
    "2πx": "2*pi*x",
    "πr²": "pi*r**2",
    "π(x+1)": "pi*(x+1)",
    "1e3x": "1e3*x",
    "e²ˣ": "e**(2*x)",
    "x²y³": "x**2*y**3",
    "x²(x+1)": "x**2*(x+1)",
    "A^T": "A.T",
    "xᵀAx": "x.T @ A @ x",
    "wᵀx + b": "w.T @ x + b",
    "x^T y": "x.T @ y",
    "‖x‖²": "torch.linalg.norm(x)**2",
    "sin(x°)": "sin((x*pi/180))",
    "ctg x + sech(x)": "(1/tan(x)) + (1/cosh(x))",
    "f(x) = ln(x), x > 0": "def f(x): return log(x)",
    "f(x) = √x, 0 ≤ x < 2": "def f(x): return sqrt(x)",
    "f(x) = 1/x (x ≠ 0)": "def f(x): return 1/x",
    "f(x) = sin x, x ∈ [0, 2π]": "def f(x): return sin(x)",
    "f(x) = x^2 for x > 0": "def f(x): return x**2",
    "f(x) = x^2, 其中 x>0": "def f(x): return x**2",
    "f(x) = 2(x > 0)": "def f(x): return 2*(x > 0)",
    "f(x) = x^2, 2x": "def f(x): return x**2, 2*x",
    "sinh(x) = (e^x - e^(-x))/2": "def sinh(x): return (e**x - e**(-x))/2",
    "cbrt(x)": "(sign(x)*abs(x)**(1/3))",
    "max{x, 0} + sin[x]": "max(x, 0) + sin(x)",
    "x ⊙ y": "x * y",
    "f(x) = { x^2 if x>0, -x otherwise }": "def f(x): return x**2 if x>0 else -x",
    # two readings, or none
    "e⁻ˣ²": None,
    "sqrt[3](x)": None,
    "sin 2*x": None,
    "cos 2x^2": None,
    "∛x²": None,
    "⌊x⌉": None,
    "Σx + 1": None,
    "∑x_i": None,
    "d(x^2)/dx": None,
    "5 choose x": None,
    "1/2x": None,
    "1/xsin(x)": None,
    "sinx^2": None,
    "2^3x": None,
    "sin x^2": None,
    "sin x²": None,
    "√x²": None,
    "d/dx x^2": None,
    "2^3 x": "2**3*x",
    "x^2 sin x": "x**2*sin(x)",
    r"$$f(x) = \frac{1}{1+e^{-x}}$$": "def f(x): return ((1)/(1+e**(-x)))",
    r"\frac{\sqrt{x}}{2}": "((sqrt(x))/(2))",
    "σ(w·x + b)": "sigmoid(w*x + b)",
    "a||b|": None,
    "|a|b|c|": None,
    "1/(x+1)(x-1)": None,
    r"\int_0^1 x": None,
    "x**2": None,
    "y = x**2": None,
    "sin(x)": None,
    "x if x > 0 else -x": None,
    "import os": None,
    "global x": None,
    "x = 'ｘ'": None,
}


@pytest.mark.parametrize("line", MEANT)
def test_a_line_of_paper_is_rewritten_whole_or_not_at_all(line: str) -> None:
    assert as_code(line, alone=True) == MEANT[line]


@pytest.mark.parametrize("line", [line for line, meant in MEANT.items() if meant])
def test_the_mend_is_one_and_works(line: str) -> None:
    with pytest.raises(ProgramRejected) as caught:
        check(line)
    problem = caught.value.problem
    assert problem.replacement == MEANT[line]
    assert problem.span is not None
    assert (problem.span.column, problem.span.end_column) == (0, len(line))
    check(problem.replacement)


UNSURE = {
    "1/xsin(x)": "x*sin",
    "def f(x): return sinx**2": "sin(x)",
    "1/2x": "with brackets",
    "e^2x": "**(2*x), or **2*x",
    "sin x^2": "sin(x**2) or sin(x)**2",
    "cos 2x^2": "sin(x**2) or sin(x)**2",
    "def f(x): return cos 2*x": "sin(x**2) or sin(x)**2",
    "2 3": "1000",
    "x ⊗ y": "torch.outer",
    "√x²": "sqrt(…)",
    "y = d/dx sin(x)": "Type the function alone",
}


@pytest.mark.parametrize("line", UNSURE)
def test_where_the_meaning_is_not_sure_nothing_is_replaced(line: str) -> None:
    with pytest.raises(ProgramRejected) as caught:
        check(line)
    assert caught.value.problem.replacement is None
    assert UNSURE[line] in str(caught.value.problem.remedy)


def test_a_line_within_a_program_keeps_its_indentation() -> None:
    with pytest.raises(ProgramRejected) as caught:
        check("def f(x):\n    y = 2x² + |x|\n    return y")
    problem = caught.value.problem
    assert problem.replacement == "    y = 2*x**2 + abs(x)"
    assert problem.span is not None
    assert problem.span.line == 2


@pytest.mark.parametrize("line", [line for line, meant in MEANT.items() if meant])
def test_a_formula_is_read_as_what_it_means_and_a_note_says_so(line: str) -> None:
    program = read(line)
    assert program.source == MEANT[line]
    assert [note.filled() for note in program.notes] == [f"Read as: {MEANT[line]}"]


def test_a_word_of_python_s_mistyped_is_no_factor() -> None:
    with pytest.raises(ProgramRejected) as caught:
        read("retrun x")
    assert caught.value.problem.mended == "x"


JOINED = {
    "sinx": "sin(x)",
    "lnx + sqrtx": "log(x) + sqrt(x)",
    "sin2x": "sin(2*x)",
    "xy": "x*y",
    "xπ": "x*pi",
    "sin(πx/2)": "sin(pi*x/2)",
    "sin[x]": "sin(x)",
    "x·y": "x*y",
    "wx + b": "w*x + b",
    "sinθ": "sin(θ)",
    "x的平方": "x**2",
    "e的x次方": "e**x",
}
"""What Python reads as one name."""


@pytest.mark.parametrize("line", JOINED)
def test_what_is_one_name_to_python_is_read_as_on_paper_where_it_stands_alone(line: str) -> None:
    assert check(line).source == line
    program = read(line)
    assert program.source == JOINED[line]
    assert [note.filled() for note in program.notes] == [f"Read as: {JOINED[line]}"]


AS_TYPED = [
    "cost * expt",
    "xx",
    "x_y",
    "log2(x)",
    "xy = 2\nprint(xy)",
    "什么",
    "x**2",
    "x = 3",
    "import torch\ny = torch.ones(2)",
]


@pytest.mark.parametrize("source", AS_TYPED)
def test_what_python_reads_is_read_as_it_is(source: str) -> None:
    assert read(source) == check(source)


TOGETHER = {
    "derivative of x^2 sin(x)": "x**2*sin(x)",
    "\\frac{d}{dx} x^2 \\sin x": "x**2*sin(x)",
    "d/dx x^2": "x**2",
    "d(x^2)/dx": "x**2",
    "y = diff(x^2 sin x, x)": "x**2*sin(x)",
    "derivative(2x)": "2*x",
    "n = nn.Sequential(\n    nn.Linear(1, 2)\n    nn.ReLU(),\n    nn.Linear(2, 1)\n)": (
        "n = nn.Sequential(\n    nn.Linear(1, 2),\n    nn.ReLU(),\n    nn.Linear(2, 1)\n)"
    ),
    "y = sin(x)的导数": "sin(x)",
    "求x^2的导数": "x**2",
    "定义 f(x):\n    返回 x 的平方": "def f(x):\n    return x**2",
    "定义 f(x)：\n    如果 x > 0 且 x < 1：\n        返回 x  # 如果\n    返回 2x": (
        "def f(x):\n    if x > 0 and x < 1:\n        return x  # 如果\n    return 2*x"
    ),
    "d/dx (x^2 sin x)": "(x**2*sin(x))",
    "def f(x)：\n    return 2x + |x|²": "def f(x):\n    return 2*x + abs(x)**2",
    "def f(x):\n    a = ln(x)\n    return √a": "def f(x):\n    a = log(x)\n    return sqrt(a)",
    "print（“x²”）\nprint（‘2x’，3）": "print(\"x²\")\nprint('2x',3)",
    "x＝3": "x=3",
    "x = torch.tensor（2.0）\ny = x²\nz = x × y": "x = torch.tensor(2.0)\ny = x**2\nz = x * y",
    "def f(x):\n    return sinx": "def f(x):\n    return sin(x)",
    "def f(x):\n    return xsin(x)": "def f(x):\n    return x*sin(x)",
    "def f(x, y):\n    return 2xy + x·y": "def f(x, y):\n    return 2*x*y + x*y",
    "def f(x):\n    return cot(x)": "def f(x):\n    return (1/torch.tan(x))",
    "def f(w, x):\n    return wx": "def f(w, x):\n    return w*x",
    "def f(x):\n    xy = x*x\n    return 2xy": "def f(x):\n    xy = x*x\n    return 2*xy",
    "def f(x):\n    y = sin^2(x)\n    return y": "def f(x):\n    y = sin(x)**2\n    return y",
    "y = sinn(2.0)\nz = sqrtt(y)": "y = sin(2.0)\nz = sqrt(y)",
}


@pytest.mark.parametrize("source", TOGETHER)
def test_one_click_mends_all_of_a_program(source: str) -> None:
    with pytest.raises(ProgramRejected) as caught:
        read(source)
    problem = caught.value.problem
    assert problem.span is not None
    whole = problem.mended or problem.span.replaced(source.split("\n"), problem.replacement or "")
    assert whole == TOGETHER[source]
    check(whole)


NEVER = ["x² + ∑x", "foo(x)", "def f(x):\n    y = x²\n    return open(y)"]


@pytest.mark.parametrize("source", NEVER)
def test_no_click_leads_to_another_refusal(source: str) -> None:
    with pytest.raises(ProgramRejected) as caught:
        read(source)
    assert caught.value.problem.replacement is None
    assert caught.value.problem.mended is None
