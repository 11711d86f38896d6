"""Programs that must not be refused: the course's cells and what autograd tutorials use."""

from __future__ import annotations

from pathlib import Path

import pytest

from viz.errors import ProgramRejected
from viz.program import check, check_input

EXPRESSIONS = {
    "sin(x)*x**2": {"x": "1.0"},
    "a*b + exp(-c)": {"a": "1.0", "b": "1.0", "c": "1.0"},
    "(x+y)*z": {"x": "1.0", "y": "1.0", "z": "1.0"},
    "2*torch.dot(x, x)": {"x": "torch.arange(4.0)"},
    "2 * torch.inner(w, x)": {"w": "torch.arange(4.0)", "x": "torch.arange(4.0)"},
    "A @ x": {"A": "torch.randn(3, 3)", "x": "torch.randn(3, 3)"},
    "torch.mm(A, B).sum()": {"A": "torch.randn(3, 3)", "B": "torch.randn(3, 3)"},
    "t**2 + mean*std": {"t": "1.0", "mean": "1.0", "std": "1.0"},
    "mean(x)": {"x": "torch.arange(4.0)"},
    "sqrt(2)*x + pi*e": {"x": "1.0"},
    "x if x > 0 else -x": {"x": "1.0"},
    "sum([x**k for k in range(n)])": {"x": "1.0", "n": "3"},
    "x[0]*x[i]": {"x": "torch.arange(4.0)", "i": "3"},
    "x[i+1:]": {"x": "torch.arange(4.0)", "i": "3"},
    "(lambda u: u*u)(x)": {"x": "1.0"},
    "[u := x*x, u + 1][1]": {"x": "1.0"},
    "vmap(relu)(x)": {"x": "1.0"},
    "torch.func.grad(sin)(x)": {"x": "1.0"},
    "F.softmax(x, dim=0)": {"x": "torch.arange(4.0)"},
    "nn.Linear(3, 1)(x).sum()": {"x": "torch.randn(2, 3)"},
    "torch.nn.functional.relu(x)": {"x": "1.0"},
    "torch.zeros(n) + x": {"n": "3", "x": "1.0"},
    "x.T @ x": {"x": "torch.randn(3, 3)"},
    "asin(x) + acosh(y)": {"x": "0.5", "y": "2.0"},
    "F * d": {"F": "1.0", "d": "1.0"},
    "F.relu(x)": {"x": "1.0"},
    "损失 * 2": {"损失": "1.0"},
    "(x > 0) ^ (y > 0)": {"x": "1.0", "y": "1.0"},
    "f'{x}'": {"x": "1.0"},
    "torch.where(x > 0, x, 0*x)": {"x": "1.0"},
    "x  # a comment": {"x": "1.0"},
    "max(x, y)": {"x": "1.0", "y": "1.0"},
    "torch.max(x, x**2)": {"x": "1.0"},
    "torch.min(x, y)": {"x": "1.0", "y": "1.0"},
    "torch.fmod(x, 1.0)": {"x": "1.0"},
    "torch.fmod(x, 1)": {"x": "1.0"},
    "torch.sum(x, 1)": {"x": "torch.randn(2, 3)"},
    "torch.max(x, 1)": {"x": "torch.randn(2, 3)"},
    "nn.Sequential(nn.Linear(5, 8), nn.ReLU())(x)": {"x": "torch.randn(2, 5)"},
}


@pytest.mark.parametrize("source", EXPRESSIONS)
def test_the_free_names_of_an_expression_are_its_inputs(source: str) -> None:
    program = check(source)
    assert program.kind == "expression"
    assert {each.name: each.start for each in program.inputs} == EXPRESSIONS[source]


MODELS = {
    "model = nn.Sequential(nn.Linear(3, 8), nn.ReLU())\ndef f(x): return model(x).sum()": 3,
    "layer = nn.Linear(4, 1)\ndef f(x): return layer(x).sum()": 4,
    "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    "        self.fc = nn.Linear(7, 8)\n    def forward(self, x): return self.fc(x)\n"
    "net = Net()\ndef f(x): return net(x).sum()": 7,
}


@pytest.mark.parametrize("source", MODELS)
def test_a_first_layer_tells_how_wide_its_input_is(source: str) -> None:
    assert check(source).inputs[0].start == f"torch.randn(2, {MODELS[source]})"


FUNCTIONS = {
    "def f(a):\n    b = a * 2\n    while b.norm() < 1000:\n        b = b * 2\n"
    "    if b.sum() > 0:\n        c = b\n    else:\n        c = 100 * b\n    return c": (
        "f",
        ["a"],
    ),
    "import torch\nimport math\n\ndef f(x, k=2.5):\n    return math.pi * torch.sin(k * x)": (
        "f",
        ["x", "k"],
    ),
    '"""A docstring."""\nscale = 3.0\ndef g(x): return x**2\ndef f(x): return scale * g(x)': (
        "f",
        ["x"],
    ),
    "f = lambda x, y: x * y": ("f", ["x", "y"]),
    "def f(x: torch.Tensor, n: int = 3) -> torch.Tensor:\n    return sum(x**k for k in range(n))": (
        "f",
        ["x", "n"],
    ),
    "@torch.no_grad()\ndef g(x):\n    return x\n\ndef f(x):\n    return g(x) * x": ("f", ["x"]),
    "def f(x, reduction='mean'):\n    return F.mse_loss(x, x, reduction=reduction)": (
        "f",
        ["x"],
    ),
    "def f(x, /, y=1.0):\n    return x + y": ("f", ["x", "y"]),
    "def f(*xs):\n    return sum(xs)": ("f", []),
    "def f(x):\n    def g(y, **options):\n        return y * options.get('scale', 1)\n"
    "    return g(x, scale=3)": ("f", ["x"]),
    "def f(x):\n    total = 0\n    for i, each in enumerate(x):\n        if i > 2: continue\n"
    "        total += each\n    else:\n        total = total * 1\n    return total": ("f", ["x"]),
    "def f(x):\n    try:\n        return x.view(2, 2).sum()\n"
    "    except RuntimeError as error:\n        print(f'{error!r:>20}', error.args)\n"
    "        raise ValueError('a square') from error\n    finally:\n        print('done')": (
        "f",
        ["x"],
    ),
    "def f(x):\n    assert x.dim() == 0, 'a number'\n    y: float = 2.0\n    z = w = y\n"
    "    del z\n    a, *b = [x, x, x]\n    return x * w + a + b[-1] if x > 0 else -x": ("f", ["x"]),
    "def f(x):\n    return {'a': [x, x], **{'b': x}}['a'][0] + [*range(3)][1] + {1, 2}.pop()": (
        "f",
        ["x"],
    ),
    "def f(x):\n    return sorted([x, 2 * x], key=lambda u: -u.item(), reverse=True)[0]": (
        "f",
        ["x"],
    ),
    "def apply(g, x):\n    return g(x, lr=3)\ndef f(x):\n    return apply(lambda x, lr: x, x)": (
        "f",
        ["x"],
    ),
    "def f(x):\n    while (y := x * 2) < 10:\n        x = y\n    return x": ("f", ["x"]),
    "def f(x, s='it costs {0} {braces}'):\n    return x": ("f", ["x"]),
}


@pytest.mark.parametrize("source", FUNCTIONS)
def test_the_parameters_of_the_last_function_are_the_inputs(source: str) -> None:
    program = check(source)
    assert program.kind == "function"
    assert (program.function, [each.name for each in program.inputs]) == FUNCTIONS[source]


SCRIPTS = (Path(__file__).parent / "accepted_scripts.txt").read_text().split("\n=====\n")


@pytest.mark.parametrize("source", SCRIPTS)
def test_scripts_of_the_course_and_of_tutorials_are_allowed(source: str) -> None:
    assert check(source).kind == "script"


def test_a_function_s_default_is_its_start_value_as_typed() -> None:
    program = check("def f(x=torch.randn(2, 3), y = 1e-3, n: int = 4, z=[1, 2]): return x")
    assert [(each.start, each.integer) for each in program.inputs] == [
        ("torch.randn(2, 3)", False),
        ("1e-3", False),
        ("4", True),
        ("[1, 2]", False),
    ]


STARTS = {
    "x0 = 2.5\ndef f(x=x0): return x": ["2.5"],
    "x0 = torch.ones(3)\ndef f(x=x0): return x": ["torch.ones(3)"],
    "s = 2.5\ndef f(x=torch.tensor(s)): return x": ["1.0"],
    "s = 1\ns = 2\ndef f(x, y=s): return x": ["1.0"],
    "def g(u): return u\ndef f(x, y=g): return y(x)": ["1.0"],
    "def f(x=[1.0,  # one\n         2.0]): return x": ["[1.0, 2.0]"],
    "def f(x=pi): return x": ["pi"],
    "def f(x, i=[0, 2]): return x[i]": ["torch.arange(4.0)", "[0, 2]"],
    "def f(x=torch.pi, y=-inf): return x": ["torch.pi", "-inf"],
}


@pytest.mark.parametrize("source", STARTS)
def test_defaults_that_are_numbers_are_start_values(source: str) -> None:
    program = check(source)
    assert [each.start for each in program.inputs] == STARTS[source]
    for each in program.inputs:
        assert check_input(each.name, each.start, program) == each.start


def test_cells_begin_at_their_separator() -> None:
    program = check("x = 1\n# %% second\ny = 2\n#%%\ndef f():\n# %% inside\n    pass\n\nf()")
    assert [(cell.line, cell.end_line, cell.end_column) for cell in program.cells] == [
        (1, 1, 5),
        (2, 3, 5),
        (4, 9, 3),
    ]


def test_the_names_that_are_used_are_listed_by_their_full_name() -> None:
    program = check("torch.sin(x) + pi + F.relu(x).sum() + abs(x)")
    assert program.names == (
        ".sum",
        "builtins.abs",
        "torch",
        "torch.nn.functional",
        "torch.nn.functional.relu",
        "torch.pi",
        "torch.sin",
    )


def test_line_ends_of_other_systems_are_lines() -> None:
    assert check("x = 1\r\nprint(x)\r").source == "x = 1\nprint(x)\n"


def test_what_the_real_module_has_not_either_is_left_to_the_run() -> None:
    source = "import torch.functional as F\ndef f(x):\n    return F.{name}(x)\nprint(1)"
    assert check(source.format(name="max_pool2d")).kind == "script"
    for name in ("has_torch_function", "_overload", "os", "normm"):  # real, private, told of, meant
        with pytest.raises(ProgramRejected):
            check(source.format(name=name))
