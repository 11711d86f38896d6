"""What is only named or defined is told; what is called, read or a program's own is not."""

from __future__ import annotations

import pytest

from viz.program import check
from viz.program.offered import offered

START = "x = torch.tensor([1.0, 2.0], requires_grad=True)\ny = (x * x).sum()\n"


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        ("y.backward\nx.grad", [("3", "y.backward")]),
        ("y.backward()\nx.grad.zero_", [("4", "x.grad.zero_")]),
        ("o = torch.optim.SGD([x], lr=0.1)\no.zero_grad\ny.backward()\no.step", [
            ("4", "o.zero_grad"), ("6", "o.step"),
        ]),
        ("y.backward()\nx.grad", []),
        ("x.grad", []),
        ("x.shape", []),
        ("back = y.backward\nback()", []),
    ],
)  # fmt: skip
def test_what_is_named_and_not_called(rest: str, told: list[tuple[str, str]]) -> None:
    notes = [note for note in check(START + rest).notes if "not called" in note.template]
    assert [(note.details["line"], note.details["name"]) for note in notes] == told


UNCALLED = {
    "class Net(nn.Module):\n    pass\ndef small(width=3):\n    return Net(width)": "small(width)",
    "class Net(nn.Module):\n    pass\nclass Wide(Net):\n    pass\ndef make(n=2, **more):\n"
    "    net = Wide(n, **more)\n    if n > 3:\n        net.half()\n    return net": "make(n)",
    "def conv(i, o):\n    return nn.Conv2d(i, o, 3)": "conv(i, o)",
    "def train(model, x):\n    return model(x)": "train(model, x)",
    "def step(opt, *, lr=0.1):\n    opt.zero_grad()": "step(opt, lr=lr)",
    "def slope(f, x):\n    return f(x + 1) - f(x)\ndef down(g, x, lr=0.1):\n"
    "    return x - lr * slope(f=g, x=x)": "down(g, x, lr)",
    "def spread(x, device):\n    return x * torch.ones(3, device=device)": "spread(x, device)",
    "def moved(x, where):\n    return (x * 2).to(where)": "moved(x, where)",
    "def f(x, way=torch.optim.SGD, lr=0.1):\n    return x": "f(x, way, lr)",
}


@pytest.mark.parametrize("source", UNCALLED)
def test_a_function_of_more_than_numbers_is_a_script_and_told_to_be_uncalled(source: str) -> None:
    program = check(source)
    assert program.kind == "script"
    assert [note.details["call"] for note in program.notes] == [UNCALLED[source]]
    assert not check(f"{source}\n{UNCALLED[source].split('(')[0]}").notes


DEFINED = {
    "def g(y):\n    return y*3\ndef f(xs):\n    return xs[0]": (
        "g, f",
        "g(y=torch.tensor(1.0, requires_grad=True))",
    ),
    "class A:\n    def one(self):\n        return 1": ("A", None),
    "def f(x, n=3):\n    return x**n\nclass A:\n    pass": (
        "f, A",
        "f(x=torch.tensor(1.0, requires_grad=True))",
    ),
    "def f(n, m):\n    return torch.zeros(n).sum() + m @ m\nclass A:\n    pass": (
        "f, A",
        "f(n=3, m=torch.randn(3, 3, requires_grad=True))",
    ),
    "def f(xs):\n    return sum(x.cat for x in xs)\nclass A:\n    pass": ("f, A", None),
}


@pytest.mark.parametrize("source", DEFINED)
def test_many_definitions_are_a_script_that_a_call_is_offered_for(source: str) -> None:
    program = check(source)
    names, call = DEFINED[source]
    assert program.kind == "script"
    assert [note.details["names"] for note in program.notes] == [names]
    found = offered(program)
    assert (found and found[1].splitlines()[-1]) == call
    assert not call or check(f"{source}\n{call}").kind == "script"


USED = (
    "def f(x):\n    net = nn.Linear(1, 1)\n    y = net(x.reshape(1))\n    return y",
    "def f(x):\n    return nn.Parameter(x * 2)",
    "def f(x):\n    return x**2\ndef g(y):\n    return y*3",
    "class A:\n    pass\ndef f(x, n=3):\n    return x**n",
    "def f(x):\n    return x\ndef g(x):\n    return f(x)",
    "net = nn.Linear(3, 1)\nclass A(torch.autograd.Function):\n    pass\nop = A.apply\n"
    "def g(x):\n    return op(x)",
    "def f(x):\n    y = x**3\n    g, = torch.autograd.grad(y, x, create_graph=True)\n    return g",
)


@pytest.mark.parametrize("source", USED)
def test_a_last_function_that_reckons_or_uses_the_others_is_the_one_that_is_asked_about(
    source: str,
) -> None:
    program = check(source)
    assert program.kind == "function"
    assert offered(program) is None


def test_a_function_of_a_tensor_and_what_it_came_from_is_called_by_nobody() -> None:
    own = "def jac(y, x):\n    flat = y.reshape(-1)\n    return torch.autograd.grad(flat, x)[0]\n"
    assert check(f"{own}def hes(y, x):\n    return jac(jac(y, x), x)").kind == "script"
