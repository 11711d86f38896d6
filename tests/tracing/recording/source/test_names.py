"""What leaves and results are called in a record: as the code under way calls them."""

from __future__ import annotations

import pytest

from viz.records import Trace
from viz.sandbox import Sandbox

LINEAR = "nn.Linear(2, 2)"
GRADIENTS = {
    "a parameter": ("x = nn.Parameter(torch.ones(2))\n(x**2).sum().backward()", ["x"]),
    "a variable of old": (
        "from torch.autograd import Variable\nx = Variable(torch.ones(2), requires_grad=True)\n"
        "(x**2).sum().backward()",
        ["x"],
    ),
    "what a function gave": (
        "def init(n):\n    return torch.ones(n, requires_grad=True)\na = init(2)\n"
        "(a*a).sum().backward()",
        ["a"],
    ),
    "what a function gave, by the name it has now": (
        "def init(n):\n    w = torch.ones(n, requires_grad=True)\n"
        "    b = torch.zeros(n, requires_grad=True)\n    return w, b\nW, B = init(2)\n"
        "(W*B).sum().backward()",
        ["W", "B"],
    ),
    "a place in a dict": (
        "p = {}\np['w'] = torch.ones(2, requires_grad=True)\n(p['w']*3).sum().backward()",
        ["p['w']"],
    ),
    "a dict written out": (
        "p = {'w': torch.ones(2, requires_grad=True), 'b': nn.Parameter(torch.zeros(2))}\n"
        "(p['w']*3 + p['b']).sum().backward()",
        ["p['w']", "p['b']"],
    ),
    "elements of a list": (
        "ws = [torch.ones(2, requires_grad=True) for _ in range(2)]\n"
        "for w in ws:\n    (w*w).sum().backward()",
        ["ws[0]", "ws[1]"],
    ),
    "a variable before a list": (
        "u = nn.Parameter(torch.ones(2))\nws = [u]\nfor w in ws:\n    (w*w).sum().backward()",
        ["u"],
    ),
    "a parameter that is made after another one was filled": (
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.A = nn.Parameter(torch.empty(2, 2))\n        nn.init.ones_(self.A)\n"
        "        self.B = nn.Parameter(torch.zeros(2, 2))\n"
        "    def forward(self, x):\n        return x @ self.A @ self.B\n"
        "net = Net()\nnet(torch.ones(2)).sum().backward()",
        ["A", "B"],
    ),
    "a layer inside a helper": (
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        f"        self.fc1 = {LINEAR}\n    def encode(self, x):\n        return self.fc1(x)\n"
        "net = Net()\nnet.encode(torch.ones(2)).sum().backward()",
        ["fc1.weight", "fc1.bias"],
    ),
    "layers in a list": (
        f"layers = [{LINEAR}, {LINEAR}]\nx = torch.ones(2)\nfor l in layers:\n    x = l(x)\n"
        "x.sum().backward()",
        ["layers[0].weight", "layers[0].bias", "layers[1].weight", "layers[1].bias"],
    ),
    "two of one class": (
        "class A(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.w = nn.Parameter(torch.ones(2))\n    def forward(self, x):\n"
        "        return x*self.w\na, b = A(), A()\nx = torch.ones(2)\n"
        "(a(x) + b(x)).sum().backward()",
        ["a.w", "b.w"],
    ),
    "two layers, the first one too": (
        f"fc1 = {LINEAR}\nfc2 = {LINEAR}\nfc2(fc1(torch.ones(2))).sum().backward()",
        ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"],
    ),
    "one parameter over many steps": (
        "w = torch.ones(2, requires_grad=True)\nfor _ in range(3):\n"
        "    (w*w).sum().backward()\n    with torch.no_grad():\n        w -= 0.1*w.grad\n"
        "    w.grad.zero_()",
        ["w"],
    ),
}
RESULTS = {
    "written into at a place": (
        "x = torch.ones(3, requires_grad=True)\ny = x*2\ny[1] = 5.\ny.sum().backward()",
        {"CopySlices": "y"},
    ),
    "written into": (
        "x = torch.ones(3, requires_grad=True)\nv = x.sin()\nv.mul_(2)\nv.sum().backward()",
        {"SinBackward0": "v", "MulBackward0": "v"},
    ),
    "written into through a view": (
        "x = torch.ones(3, requires_grad=True)\ny = x*2\ny[0].mul_(3)\ny.sum().backward()",
        {"MulBackward0": "y", "CopySlices": "y"},
    ),
    "two results, two names": (
        "x = torch.ones(2, 2, requires_grad=True)\nv, i = x.max(0)\nv.sum().backward()",
        {"MaxBackward0": "v", "max": "i"},
    ),
    "two results in brackets": (
        "x = torch.ones(2, 2, requires_grad=True)\n[v, i] = x.max(0)\nv.sum().backward()",
        {"MaxBackward0": "v", "max": "i"},
    ),
    "one node with two results": (
        "x = torch.ones(4, requires_grad=True)\na, b = x.chunk(2)\n(a*b).sum().backward()",
        {"SplitBackward0": "a, b"},
    ),
}


def traced(sandbox: Sandbox, source: str) -> Trace:
    trace = sandbox.trace(source)
    assert trace.failure is None
    return trace


@pytest.mark.parametrize(("source", "names"), GRADIENTS.values(), ids=GRADIENTS)
def test_a_leaf_has_the_name_it_is_known_by(sandbox, source, names) -> None:
    trace = traced(sandbox, source)
    assert list(trace.gradients) == names
    assert all(gradient is not None for gradient in trace.gradients.values())
    leaves = dict.fromkeys(node.name for node in trace.nodes if node.kind == "leaf")
    assert list(leaves) == names


AROUND = {
    "a constant": ("w = torch.ones(3)\ndef f(x):\n    return (w*x).sum()", ["w"], ["x"]),
    "a leaf": (
        "w = torch.ones(3, requires_grad=True)\nf = lambda x: (w*x).sum()",
        ["w"],
        ["x", "w"],
    ),
    "in containers": (
        "p = {'w': torch.ones(3, requires_grad=True)}\nls = [torch.ones(2), torch.zeros(2)]\n"
        "def f(x):\n    return (p['w']*x).sum() + (ls[1]*x).sum()",
        ["p['w']", "ls[1]"],
        ["x", "p['w']"],
    ),
    "an object's": (
        "class A:\n    def __init__(self):\n        self.w = torch.ones(3, requires_grad=True)\n"
        "a = A()\ndef f(x):\n    return (a.w*x).sum()",
        ["a.w"],
        ["x", "a.w"],
    ),
    "modules": (
        "nets = [nn.Linear(1, 1), nn.Linear(1, 1)]\ndef f(x):\n"
        "    return nets[1](nets[0](x.reshape(1))).sum()",
        ["nets[1].weight", "nets[1].bias"],
        ["x", "nets[0].weight", "nets[0].bias", "nets[1].weight", "nets[1].bias"],
    ),
    "a closure's": (
        "def make():\n    w = torch.ones(2)\n    def g(x):\n        return (w*x).sum()\n"
        "    return g\ng = make()\ndef f(x):\n    return g(x)",
        ["w"],
        ["x"],
    ),
    "behind what the function names": (
        "q = torch.ones(2, requires_grad=True)\nz = q*3\ndef f(x):\n    return (x*z).sum()",
        ["q"],
        ["x", "q"],
    ),
}


@pytest.mark.parametrize(("source", "named", "gradients"), AROUND.values(), ids=AROUND)
def test_what_stands_above_a_function_has_its_name(sandbox, source, named, gradients) -> None:
    run: Trace = sandbox.trace(source, {"x": "2.0"})
    assert run.failure is None, run.failure
    cards = [node.name for node in run.nodes if node.kind in {"leaf", "constant"}]
    assert set(named) <= set(cards)
    assert list(run.gradients) == gradients


@pytest.mark.parametrize(("source", "names"), RESULTS.values(), ids=RESULTS)
def test_results_keep_their_names(sandbox, source, names) -> None:
    trace = traced(sandbox, source)
    found = {node.op: node.name for node in trace.nodes if node.op in names}
    assert found == names


def test_an_input_s_name_is_not_given_to_a_layer_s_parameter(sandbox) -> None:
    source = "def f(weight):\n    fc = nn.Linear(2, 1)\n    return fc(weight).sum()"
    trace = sandbox.trace(source, inputs={"weight": "[1., 2.]"})
    assert list(trace.gradients) == ["weight", "fc.weight", "fc.bias"]
    assert trace.gradients["weight"].shape == (2,)


def test_what_is_looked_through_for_a_name_is_bounded(sandbox) -> None:
    source = (
        "many = [[k] * 1000 for k in range(1000)]\nws = [torch.ones(1) for _ in range(50)]\n"
        "for w in ws:\n    w.requires_grad_()\nsum((w * w).sum() for w in ws).backward()"
    )
    assert len(traced(sandbox, source).gradients) == 50


HALF = {
    "a parameter of a loop's": (
        "m = nn.Module()\nm.register_parameter('w\\ud800', nn.Parameter(torch.ones(())))\n"
        "for t in range(5):\n    p = next(m.parameters())\n    (p * p).backward()\n"
        "    with torch.no_grad():\n        p -= 0.1 * p.grad",
        "m.w?",
    ),
    "what a function of one's own kept": (
        "class Own(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n"
        "        setattr(ctx, 'k\\ud800', '\\ud801')\n        return x * 2\n"
        "    @staticmethod\n    def backward(ctx, g):\n        return g * 2\n"
        "x = torch.ones((), requires_grad=True)\nOwn.apply(x).backward()",
        "k?",
    ),
}


@pytest.mark.parametrize(("source", "name"), HALF.values(), ids=HALF)
def test_half_a_character_in_a_name_is_a_question_mark(sandbox, source, name) -> None:
    trace = traced(sandbox, source)
    series = [series.name for rounds in trace.rounds for series in rounds.series]
    kept = {saved.name: saved.value for node in trace.nodes for saved in node.saved}
    assert name in series or kept[name] == "?"


@pytest.mark.parametrize("target", ["o, (h, c)", "[o, [h, c]]", "((o), (h, c))"])
def test_results_within_results_have_their_own_names(sandbox: Sandbox, target: str) -> None:
    source = (
        "lstm = nn.LSTM(2, 3)\ndef f(x):\n"
        f"    {target} = lstm(x)\n    return o.sum() + (h * c).sum()"
    )
    run = sandbox.trace(source, {"x": "torch.ones(1, 4, 2)"})
    assert {"o", "h", "c"} <= {node.name for node in run.nodes}


@pytest.mark.parametrize(
    ("target", "rows"),
    [
        ("p, q, r", "p, q, r"),
        ("(p, (q), r)", "p, q, r"),
        ("p, *q", "p, *q"),
        ("*p, q", "*p, q"),
        ("p, *q, r", "p, *q, r"),
        ("*p,", "*p"),
        ("[*p]", "*p"),
    ],
)
def test_rows_that_are_taken_apart_have_names_and_what_they_are_of_has_none(
    sandbox: Sandbox, target: str, rows: str
) -> None:
    run = sandbox.trace(f"def f(x):\n    {target} = x.sin()\n    return p", {"x": "[1., 2., 3.]"})
    named = {node.op: node.name for node in run.nodes}
    assert named["SinBackward0"] is None
    assert named["UnbindBackward0"] == rows
