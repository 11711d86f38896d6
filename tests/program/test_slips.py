"""Slips of the fingers and of copying: what was meant where one reading is possible, else a reason
that is true; what stands around code is passed over, and every place stays as typed.
"""

from __future__ import annotations

import pytest

from viz.errors import ProgramRejected
from viz.program import check
from viz.program.slips.sentences import is_sentence, without_captions, without_prose
from viz.records import Problem

SLIPS = {
    "def f(x):\n    retrun sin(x) * x": "def f(x):\n    return sin(x) * x",
    "improt torch\nx = torch.ones(2)": "import torch\nx = torch.ones(2)",
    "form torch import nn\nnn.Linear(2, 1)": "from torch import nn\nnn.Linear(2, 1)",
    "Def f(x):\n    Return x": "def f(x):\n    return x",
    "fro k in range(2):\n    pritn(k)": "for k in range(2):\n    print(k)",
    "for k ni range(2):\n    print(k)": "for k in range(2):\n    print(k)",
    "f = lamda x: x": "f = lambda x: x",
    "def f(x):\n    if x > 0:\n        return x\n    esle:\n        return -x": (
        "def f(x):\n    if x > 0:\n        return x\n    else:\n        return -x"
    ),
    "x = Torch.ones(2)": "x = torch.ones(2)",
    "y = random() - 0.5\nprint(y)": "from random import random\ny = random() - 0.5\nprint(y)",
    "y = random.random()\nprint(y)": "import random\ny = random.random()\nprint(y)",
    "x = 1\n\n    y = [x,\n         2]\n    print(y)": "x = 1\n\ny = [x,\n     2]\nprint(y)",
    "def f(x):\n    “”“x²”“”\n    return x*x": 'def f(x):\n    """x²"""\n    return x*x',
    "“”“\nA program.\n”“”\nx = 1\nprint(“x”)": '"""\nA program.\n"""\nx = 1\nprint("x")',
    "torch.tan_h(x)": "torch.tanh(x)",
    "def f(x):\nif x > 0:\nreturn x**2\nreturn -x": (
        "def f(x):\n    if x > 0:\n        return x**2\n    return -x"
    ),
    "for k in range(2)\nprint(k)": "for k in range(2):\n    print(k)",
    "def f(x):\nreturn x\nprint(f(2))": "def f(x):\n    return x\nprint(f(2))",
    "def f(x):\n    y = x\n   return y": "def f(x):\n    y = x\n    return y",
    "x = torch.tensor([1., 2.)\nx": "x = torch.tensor([1., 2.])\nx",
    "def f(x):\n    y = x\n  return y": "def f(x):\n    y = x\n    return y",
    "def f(x):\n        y = x\n    return y": "def f(x):\n        y = x\n        return y",
    "def f(x):\n    if x > 0 then:\n        return x\n    return -x": (
        "def f(x):\n    if x > 0:\n        return x\n    return -x"
    ),
    "def f(x):\n    return x**2\nf(x)": (
        "x = torch.tensor(1.0, requires_grad=True)\ndef f(x):\n    return x**2\nf(x)"
    ),
    "求导 x**2": "x**2",
    "打印(2)": "print(2)",
    'print("a)\nx = 2': 'print("a")\nx = 2',
    "print(2))": "print(2)",
    "for i in range(3)\n    print(i)": "for i in range(3):\n    print(i)",
    "lambda = 0.1\nf = lambda x: x\nprint(f(lambda) + lambda * 2)": (
        "lambda_ = 0.1\nf = lambda x: x\nprint(f(lambda_) + lambda_ * 2)"
    ),
    "def f(x, lambda=0.1):\n    return x * lambda": (
        "def f(x, lambda_=0.1):\n    return x * lambda_"
    ),
    "def f(in):\n    return in ** 2 if 1 in [1] else in": (
        "def f(in_):\n    return in_ ** 2 if 1 in [1] else in_"
    ),
    "from = 1\nfrom math import pi\nprint('from', from)": (
        "from_ = 1\nfrom math import pi\nprint('from', from_)"
    ),
    "lambda = 0.1\nx = torch.ones(2\nprint(x*lambda)": (
        "lambda_ = 0.1\nx = torch.ones(2)\nprint(x*lambda_)"
    ),
    "in = 1\nis = 2\nprint(in + is)": "in_ = 1\nis_ = 2\nprint(in_ + is_)",
    "x = torch.ones(2\nprint(x)": "x = torch.ones(2)\nprint(x)",
    "x = torch.ones(2\n\n\nprint(x)": "x = torch.ones(2)\n\n\nprint(x)",
    "x = torch.tensor(1.0,\nrequires_grad=True\ny = x**2": (
        "x = torch.tensor(1.0,\nrequires_grad=True)\ny = x**2"
    ),
    "x = [1, 2, 3\ny = torch.tensor(x)": "x = [1, 2, 3]\ny = torch.tensor(x)",
    "d = {'a': 1\nprint(d)": "d = {'a': 1}\nprint(d)",
    "def f(x):\n    y = torch.relu(torch.mean(x)\n    return y": (
        "def f(x):\n    y = torch.relu(torch.mean(x))\n    return y"
    ),
    "n = nn.Sequential(\n    nn.Linear(1, 2),\n    nn.ReLU(),\nx = torch.ones(1)\nn(x)": (
        "n = nn.Sequential(\n    nn.Linear(1, 2),\n    nn.ReLU(),)\nx = torch.ones(1)\nn(x)"
    ),
    "x = toch.ones(2)\nx": "x = torch.ones(2)\nx",
    "def f(q):\n    return q * w + b": "def f(q, w, b):\n    return q * w + b",
    "def f(x, n=2): return k * x**n": "def f(x, k, n=2): return k * x**n",
    "def f():\n    return 2 * w": "def f(w):\n    return 2 * w",
    "x = torch.ones(2)\nF.ReLU(x) + F.LeakyReLU(x)": (
        "x = torch.ones(2)\nF.relu(x) + F.leaky_relu(x)"
    ),
    "x = torch.ones(2)\nF.MSELoss(x, x)": "x = torch.ones(2)\nF.mse_loss(x, x)",
    "a = F.ReLU()\na(torch.ones(2))": "a = nn.ReLU()\na(torch.ones(2))",
    "plt.plot([1], lable='a', linewith=2)": "plt.plot([1], label='a', linewidth=2)",
    "f, ax = plt.subplots()\nax.scatter([1], [1], size=9)": (
        "f, ax = plt.subplots()\nax.scatter([1], [1], s=9)"
    ),
    "plt.set_title('a')\nplt.set_xlabel('t')": "plt.title('a')\nplt.xlabel('t')",
    "plt.plot([1], legend='a')": "plt.plot([1], label='a')",
    "f = lambda x, y x + y\nf(1, 2)": "f = lambda x, y: x + y\nf(1, 2)",
    "f = lambda x = x**2\nf(3)": "f = lambda x: x**2\nf(3)",
    "x = torch.tensor([1.0]), requires_grad=True)\nx": (
        "x = torch.tensor([1.0], requires_grad=True)\nx"
    ),
    "def f(x):\n    return exp(-x)) / 2": "def f(x):\n    return exp(-x) / 2",
    "def f(x):\n    y = x\n        z = y + 1\n        w = z\n    return w": (
        "def f(x):\n    y = x\n    z = y + 1\n    w = z\n    return w"
    ),
    "    import torch\nx = torch.ones(2)\nx": "import torch\nx = torch.ones(2)\nx",
    "def f(x):\n    return 1 000*x": "def f(x):\n    return 1000*x",
    "def f(x):\n    return: x**2": "def f(x):\n    return x**2",
    "def f(x):\n    return = x**2": "def f(x):\n    return x**2",
    "def f x, y:\n    return x*y": "def f(x, y):\n    return x*y",
    "def (x):\n    return x**2": "def f(x):\n    return x**2",
    "f(x):\n    return x**2": "def f(x):\n    return x**2",
    "func f(x):\n    return x**2": "def f(x):\n    return x**2",
    "define f(x): return x**2": "def f(x): return x**2",
    "def f(x) return x**2": "def f(x): return x**2",
    "def f(x):\n    if x => 0:\n        return x\n    return -x": (
        "def f(x):\n    if x >= 0:\n        return x\n    return -x"
    ),
    "def f(x):\n    if x > 0 and < 1:\n        return x\n    return -x": (
        "def f(x):\n    if x > 0 and x < 1:\n        return x\n    return -x"
    ),
    "def f(x):\n    y == x**2\n    return y": "def f(x):\n    y = x**2\n    return y",
    "a = 3\na*x**2": "a = 3\ndef f(x):\n    return a*x**2",
    "import math\ny = math.pi*x\nz = y + 1 # é": (
        "import math\ndef f(x):\n    y = math.pi*x\n    z = y + 1 # é\n    return z"
    ),
    "x**2\ny**2": "def f(x, y):\n    x**2\n    return y**2",
    "y = x**2\ny.backward()": ("x = torch.tensor(1.0, requires_grad=True)\ny = x**2\ny.backward()"),
    "print(x**2)\nprint(2*x)": (
        "x = torch.tensor(1.0, requires_grad=True)\nprint(x**2)\nprint(2*x)"
    ),
    "mod(x, 2) + log_e(x)": "remainder(x, 2) + log(x)",
    "tr(A)": "trace(A)",
    "sin(radians(x)) + lb(x) + swish(x)": "sin(deg2rad(x)) + log2(x) + F.silu(x)",
    "sympy.sin(x)": "torch.sin(x)",
    "2,5*x": "2.5*x",
    "x^3 - 3x + 2 = 0": "x**3 - 3*x + 2",
    "x^2 + y^2 = 1": "x**2 + y**2 - 1",
    "x² = y": "x**2",
    "x + 1 = 2x - y": "x + 1 - (2*x - y)",
    "sin(x) = 0.5": "sin(x) - 0.5",
    "a = 2\nx + a = 3": "a = 2\ndef f(x):\n    return x + a - 3",
    "def f(x):\n    x**2 + 1 = y\n    return y": "def f(x):\n    y = x**2 + 1\n    return y",
    "sp.sin(x)*sp.exp(-x)": "torch.sin(x)*torch.exp(-x)",
    "def f(x):\n    return cp.log(x)": "def f(x):\n    return torch.log(x)",
    "w.x + b": "w*x + b",
    "def f(w, x):\n    return w.x": "def f(w, x):\n    return w*x",
    "1,000x": "1000*x",
    "D[x^2, x]": "x**2",
    "D[Sin[x] x^2, x]": "sin(x)*x**2",
    "Plot[Sin[x], {x, 0, 1}]": "sin(x)",
    "class A:\n    def __inti__(self, d):\n        self.d = d\nprint(A(2).d)": (
        "class A:\n    def __init__(self, d):\n        self.d = d\nprint(A(2).d)"
    ),
    "class A(nn.Module):\n    def __forward__(self, x):\n        return x\nA()(torch.ones(2))": (
        "class A(nn.Module):\n    def forward(self, x):\n        return x\nA()(torch.ones(2))"
    ),
}
"""Typed text, and the one after a click."""
ALONE = {
    "what is the derivative of sin(x) times x?": "in words",
    "Autograd records a graph of the operations that are run.": "in words",
    "求函数 y=x^2 的导数": "in words",
    "怎么计算 sin(x) 的导数": "in words",
    "git clone https://github.com/a/b": "invalid syntax",
    **dict.fromkeys(("gamma(x)", "beta(x)", "erfi(x)", "acot(x)"), "not known"),
    "import ctypes\nctypes.sizeof(1)": "ctypes may not be imported",
    'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\nValueError: no': (
        "what Python said"
    ),
    "for k in [1]:\n    print(k)\nmodel(3)": "model is not known",
    "x = torch.ones(2)\nxyzzy.foo(x)": "xyzzy is not known",
    "plt.plot([1], foo=2)": "foo= is not allowed",
    "def f(x):\n    def g(t):\n        return t * w\n    return g(x)": "w is not known",
    "if a:\nb = 1\nc = 2": "expected an indented block",
    "def f(x):\nfor k in [1, 2]:\nx = x*k\nreturn x": "expected an indented block",
    "x = (1, 2]": "does not match",
    "2*x + 1)": "unmatched",
    "y = sin(x) + cos(x))": "unmatched",
    "def f(x):\n    return x + exp(x)) / 2": "unmatched",
    "x = 'a + b": "unterminated",
    "for k in in:\n    print(k)": "invalid syntax",
    "lambda_ = 1\nlambda = 2": "invalid syntax",
    "x = 1\ny = torch.sin(x * 2\nprint(y)": "never closed",
}
"""Text without a mend, and what is said of it."""
AROUND = {
    "Hi all,\nI don't know why my gradient is None. Here is the code:\n\nx = 1\nx\n\nThanks!": 5,
    'x = torch.ones(2)\nx.sum()\nTraceback (most recent call last):\n  File "a", line 1\n'
    "RuntimeError: no": 2,
    "大家好，我想问一下为什么梯度是 None：\nx = 2\nx\n谢谢大家！": 3,
    "Здравствуйте! Почему градиент равен None?\nx = 2\nx\nВыводит None, а ждали 2.": 3,
    "아래 코드에서 기울기가 두 배로 나옵니다.\nx = 2\nprint(x)\n출력 결과는 다음과 같습니다.\n2": 3,
    "次のコードで勾配を計算します。\nx = 2\nprint(x)\n結果は次のようになります。\n2": 3,
    "Hola, tengo una duda:\nx = 2\nx\n¿Por qué el gradiente es 6 y no 9? Gracias.": 3,
    "Hallo zusammen, ich verstehe das nicht:\nx = 2\nprint(x)\nDie Ausgabe lautet:\n2": 3,
    "Ví dụ sau đây tính đạo hàm:\nx = 2\nprint(x)\nKết quả:\ntensor(2.)": 3,
    "求导的例子\nx = 2\nprint(x)\n输出\n2": 3,
    "应该更新为：\n>>>x = 2\n>>>x.grad": 3,
    "Set it first to two\nx = 2\nprint(x)\nThis is what we get:\n\ntensor([2.,\n        3.])": 3,
}
"""Text with code in it, and the line of its last piece of code."""


def refused(text: str) -> Problem:
    with pytest.raises(ProgramRejected) as caught:
        check(text)
    return caught.value.problem


@pytest.mark.parametrize("text", SLIPS)
def test_a_slip_is_mended_with_one_click(text: str) -> None:
    found = refused(text)
    assert found.span is not None
    whole = found.mended or found.span.replaced(text.split("\n"), found.replacement or "")
    assert whole == SLIPS[text]
    assert found.further is None
    check(whole)


@pytest.mark.parametrize("text", ALONE)
def test_what_is_no_slip_has_a_true_reason_and_no_mend(text: str) -> None:
    found = refused(text)
    details = str(found.message.details.get("reason", ""))
    said = found.message.template.format(**{"name": "", **found.message.details}) + details
    assert ALONE[text] in said
    assert found.replacement is None
    assert found.mended is None
    assert "bracket" not in found.remedy.template or ALONE[text] in (
        "does not match",
        "unmatched",
        "never closed",
    )


@pytest.mark.parametrize("text", AROUND)
def test_words_around_code_are_passed_over(text: str) -> None:
    found = check(text)
    lines = found.source.split("\n")
    assert max(number for number, line in enumerate(lines, 1) if line.strip()) == AROUND[text]
    assert lines[AROUND[text] - 1].strip() == text.split("\n")[AROUND[text] - 1].lstrip(">")
    assert "Skipped" in found.notes[0].template


def test_code_is_no_sentence() -> None:
    for line in (
        "for a in b and c in d:",
        "x = a if b is not c else d",
        "% what this is about",
        "// what this is about",
        "from a import b as c",
        "损失 = 误差(预测, 目标)",
        "sin x cos y",
    ):
        assert not is_sentence(line)
    for text in (
        "def f(x):\n    y = x\n    返回 y",
        "x = 2\nretrun x y",
        "β = 2\nβ γ",
        "цена = 3\nцна",
        "x = 2\nprint x y z",
        "y = 2\nfor k in y do:",
    ):
        assert without_prose(text.split("\n")) is None
        assert without_captions(text.split("\n")) is None


def test_a_name_of_a_cell_that_is_not_there_is_no_mistyped_one() -> None:
    found = refused("for k in range(2):\n    y = model(X_train)")
    assert found.replacement is None
    assert "Another cell" in found.remedy.template
