"""The errors that students meet: torch's or Python's own words, a hint that fits, a mended program.

The words are those that plain torch raises for the same text; a mended program must run.
"""

from typing import Any

import pytest
import torch

from viz.page.session.language import catalogue
from viz.records import MAX_SOURCE, Span
from viz.tracing.hints.messages import HINTS, TOO_LONG, hint_for
from viz.tracing.hints.refused import REFUSED
from viz.tracing.source_map import SourceMap

X = "x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)\n"
NET = "class Net(nn.Module):\n    def __init__(self):\n        {init}\n"
# (program, a piece of the hint, the text at fault)
MET = [
    (X + "y = x * x\ny.backward()", "torch.ones_like", "y.backward()"),
    (X + "torch.autograd.grad(x * x, x)", "torch.ones_like", "torch.autograd.grad(x * x, x)"),
    (X + "y = (x * x).sum()\ny.backward()\ny.backward()", "earlier call", "y.backward()"),
    (X + "y = (x * x).sum()\nfor i in range(2):\n    y.backward()", "Each round", "y.backward()"),
    (
        "q = torch.ones(1, 1, 2, 2, requires_grad=True)\n"
        "y = torch.nn.functional.scaled_dot_product_attention(q, q, q).sum()\n"
        "(g,) = torch.autograd.grad(y, q, create_graph=True)\ng.sum().backward()",
        "softmax(q @ k.mT",
        "g.sum().backward()",
    ),
    ("torch.ones(2).cuda()", "leave .cuda() out", "torch.ones(2).cuda()"),
    ("torch.ones(2).to(torch.device('cuda'))", "on the CPU", "torch.device('cuda')"),
    (X + "y = (x * x).sum + 1", "(x * x).sum lacks its brackets", "(x * x).sum + 1"),
    (X + "torch.exp(x.sum)", "x.sum lacks its brackets", "torch.exp(x.sum)"),
    (X + "y = x.relu\ny.sum()", "x.relu lacks its brackets", "y.sum"),
    (X + "torch.stack([x, x.abs])", "x.abs lacks its brackets", ""),
    (X + "torch.sin(torch.cos)", "without its brackets", "torch.sin(torch.cos)"),
    (X + "y = x.sum()\ny.backward\nx.grad * 2", "y.backward is not called", "x.grad * 2"),
    ("torch.arange(5, 0)", "negative step", "torch.arange(5, 0)"),
    ("rows = []\ntorch.stack(rows)", "list is empty", "torch.stack(rows)"),
    ("torch.cat([])", "list is empty", "torch.cat([])"),
    ("p = {'w': 1}\np['W'] * 2", "no such key", "p['W']"),
    (X + "print('x = ' + x)", "joined with texts", "'x = ' + x"),
    ("x = torch.ones(2)\nassert x.sum() == 3", "demands what does not hold", ""),
    ("torch.optim.SGD([], lr=0.1)", "nothing to learn", "torch.optim.SGD([], lr=0.1)"),
    (X + "torch.optim.SGD([x * 2], lr=0.1)", "leaves only", "torch.optim.SGD([x * 2], lr=0.1)"),
    (X + "x.mul_(2)", "y = x * 2 instead", "x.mul_(2)"),
    (X + "(x * x).sum().backward()\nx -= 0.1 * x.grad", "A step", "x -= 0.1 * x.grad"),
    (X + "x[0] = 1.0", "part of a leaf", "x[0]"),
    (X + "y = x.exp()\ny.mul_(2)\ny.sum().backward()", "overwritten after", "y.sum().backward()"),
    (X + "a, b, c = (x * 1).unbind()\na += 1", "shares its memory", "a += 1"),
    ("y = torch.ones(1).expand(3)\ny += 1", "expand()", "y += 1"),
    ("x = torch.ones(3)\nx.sum().backward()", "requires_grad=True", "x.sum().backward()"),
    (X + "torch.tensor([x[0], x.sum()]).sum().backward()", "torch.stack([…])", ""),
    (X + "(g,) = torch.autograd.grad(x.norm(), x)\ng.sum().backward()", "create_graph=True", ""),
    (X + "torch.autograd.grad(x.sum(), torch.ones(1))", "only for what was recorded", ""),
    (X + "z = (x * 1).sum()\ntorch.autograd.grad(x.sum(), z)", "allow_unused", ""),
    ("torch.arange(4, requires_grad=True)", "torch.arange(4.0)", ""),
    ("x = torch.tensor([1, 2])\nx.requires_grad_()", "x.float()", "x.requires_grad_()"),
    (X + "(x * 2).requires_grad = False", "y.detach()", ""),
    (X + "(x * 2).numpy()", "detach().numpy()", "(x * 2).numpy()"),
    ("import numpy as np\n" + X + "np.sin(x)", "torch has one of the same name", "np.sin(x)"),
    (X + "(x * x).backward(torch.ones(2))", "[3], not [2]", ""),
    (X + "x.grad = torch.ones(2)", "the shape of its tensor", "x.grad"),
    ("torch.ones(3).register_hook(print)", "No gradient will come", ""),
    ("torch.ones(2, 3) @ torch.ones(2, 3)", "here they are 2 and 3", ""),
    ("torch.ones(3) + torch.ones(4)", "here 3 meets 4", "torch.ones(3) + torch.ones(4)"),
    ("torch.ones(2, 2) @ torch.tensor(2.0)", "a number is multiplied", ""),
    ("torch.dot(torch.tensor(1.0), torch.tensor(2.0))", "two vectors", ""),
    ("torch.ones(2, 3) @ torch.ones(2)", "do not fit together", ""),
    ("torch.ones(6).view(4, 2)", "the 6 elements", ""),
    ("torch.ones(2, 3).t().view(6)", "reshape copies", ""),
    ("torch.stack([torch.ones(2), torch.ones(3)])", "equal shape", ""),
    ("nn.Conv2d(3, 2, 3)(torch.ones(1, 1, 5, 5))", "promised 3", ""),
    ("nn.BatchNorm1d(3)(torch.ones(1, 3))", "two or more", ""),
    (X + "x.item()", "one element is a number", "x.item()"),
    (X + "float(x)", "one element is a number", "float(x)"),
    (X + "max(x, 0)", "torch.maximum(a, b)", "max(x, 0)"),
    (X + "if x > 0:\n    pass", "torch.where", "x > 0"),
    ("torch.ones(2, 2) @ torch.ones(2, 2).double()", "one type", ""),
    ("torch.eye(2) @ torch.eye(2).double()", "one type", ""),
    ("torch.arange(4).mean()", "no mean", ""),
    ("F.cross_entropy(torch.zeros(1, 3), torch.tensor([1.0]))", "whole numbers", ""),
    ("x = torch.tensor([1, 2])\nx += 0.5", "Long, which cannot hold Float", "x += 0.5"),
    ("torch.where(torch.tensor([1.0]), 1.0, 2.0)", "a comparison", ""),
    ("torch.tensor(1) // torch.tensor(0)", "no infinity", ""),
    ("1 / 0", "a tensor does and gives inf", "1 / 0"),
    ("math.sqrt(-1)", "nan", "math.sqrt(-1)"),
    (X + "x[5]", "3 elements", "x[5]"),
    (X + "x[0, 1]", "this tensor has 1", "x[0, 1]"),
    (X + "x.sum(2)", "counted from 0", "x.sum(2)"),
    ("torch.tensor(1.0)[0]", "is a scalar", ""),
    ("a = [1]\na[3]", "counted from 0", "a[3]"),
    ("nn.Embedding(3, 2)(torch.tensor([5]))", "An Embedding", ""),
    ("F.cross_entropy(torch.zeros(1, 3), torch.tensor([7]))", "7 is not among them", ""),
    ("a, b = torch.ones(3)", "as many names", ""),
    ("def f(a, b):\n    return a\nf(1)\n1", "every argument", "f(1)"),
    ("def f(a):\n    return a\nf(1, 2)\n1", "the def line", "f(1, 2)"),
    (X + "x.sum(dims=0)", "expected one of", "x.sum(dims=0)"),
    (X + "x.grad + 1", "until a backward pass", "x.grad + 1"),
    (X + "x.grad.zero_()", "until a backward pass", "x.grad.zero_"),
    ("def f(x):\n    x * 2\nf(torch.ones(1)) + 1", "without return", "f(torch.ones(1)) + 1"),
    ("x = 3.0\nx.backward()", "plain Python number", "x.backward"),
    ("x = [1.0]\nx.sum()", "a Python list", "x.sum"),
    ("x = 2.0\nx(3)", "multiplication", "x(3)"),
    ("torch.sin(1.5)", "torch.tensor(1.5)", "torch.sin(1.5)"),
    ("torch.sin([1.0])", "of the numbers first", ""),
    ("for i in range(2.5):\n    pass", "whole number", "range(2.5)"),
    ("def f(a):\n    if a > 3:\n        b = 1\n    return b\nf(1)\n1", "did not run", "b"),
    ("def f(n):\n    return f(n - 1)\nf(5)\n1", "calls itself", "f(n - 1)"),
    (NET.format(init="self.fc = nn.Linear(2, 1)") + "Net()\n1", "super().__init__()", "self.fc"),
    (NET.format(init="super().__init__()") + "Net()(torch.ones(1))\n1", "def forward", ""),
    ("torch.func.grad(lambda v: v * 2)(torch.ones(2))\n1", ".sum()", ""),
    ("torch.func.vmap(lambda v: v if v > 0 else -v)(torch.ones(2))\n1", "torch.where", "v > 0"),
    (X + "(x // 2).sum().backward()", "differentiate floor_divide", "(x // 2).sum().backward()"),
    ("torch.linalg.inv(torch.zeros(2, 2))", "no inverse", ""),
    ("torch.linalg.cholesky(-torch.eye(2))", "symmetric", ""),
    ("torch.ones(10**11)", " MB. Use smaller", "torch.ones(10**11)"),
]  # fmt: skip
NP = "import numpy as np\n"
OWN = "class A(nn.Module):\n    def __init__(self):\n"
SQUARE = "class S(torch.autograd.Function):\n    def forward(ctx, x):\n        return x * 2\n"
# the usual mistakes: (program, a piece of the hint, the text at fault, the change or nothing)
MISTAKEN = [
    ("f, ax = plt.subplots()\nax.xlabel('t')\nax.title('a')", "do by ax.set_xlabel", "ax.xlabel",
     "plt.subplots()\nax.set_xlabel('t')\nax.set_title('a')"),
    ("b, m = torch.ones(2, 1), torch.eye(2)\nx, _ = torch.solve(b, m)\nx", "torch.linalg has",
     "torch.solve(b, m)", "x = torch.linalg.solve(m, b)"),
    ("x = torch.ones(2, requires_grad=True)\nF.soft_margin_loss(x, target=x)",
     "counts as a constant", "", "F.soft_margin_loss(x, target=x.detach())"),
    ("v, u = torch.symeig(torch.eye(2), eigenvectors=True)\nv", "torch.linalg has", "",
     'torch.linalg.eigh(torch.eye(2), UPLO="U")'),
    ("torch.symeig(torch.eye(2))[0]", "torch.linalg has", "",
     'torch.linalg.eigvalsh(torch.eye(2), UPLO="U")'),
    ("torch.matrix_rank(torch.eye(2))", "torch.linalg has", "", "linalg.matrix_rank("),
    ("b, m = torch.ones(2, 1), torch.eye(2)\nx, _ = b.solve(m)\nx", "torch.linalg has",
     "b.solve(m)", "x = torch.linalg.solve(m, b)"),
    ("torch.eye(2).symeig()[0]", "torch.linalg has", "",
     'torch.linalg.eigvalsh(torch.eye(2), UPLO="U")'),
    ("x = torch.ones(6)\nx.shape = 2, 3", "x.reshape(2, 3)", "x.shape", "x = x.reshape(2, 3)"),
    ("x = torch.ones(6)\nx.shape[0] = 3", "x.reshape(2, 3)", "", ""),
    ("x = torch.ones(5, 3)\nw = torch.ones(1, 3)\ny = x @ w", "x: [5, 3] (L1), w: [1, 3] (L2)",
     "x @ w", "y = x @ w.T"),
    ("x = torch.ones(5, 3)\nw = torch.ones(3, 2)\ny = torch.mm(x, w.T)", "w: [3, 2] (L2)", "",
     "torch.mm(x, w)"),
    ("x = torch.ones(5, 3)\nx @ torch.ones(5)\nx @ x\n1", "x: [5, 3] (L1)", "", ""),
    ("x = torch.ones(5, 3)\ny = torch.ones(5, 3)\nx @ y", "y: [5, 3] (L2)", "", ""),  # two fit
    ("x = torch.ones(5, 3)\ny = torch.ones(2, 5)\nx @ y", "y: [2, 5] (L2)", "", ""),  # or y @ x
    ("x = torch.ones(2, 3)\ny = torch.ones(2)\ntorch.ones(3, 2) * x", "x: [2, 3] (L1)", "", ""),
    ("a = torch.ones(2, 3)\nb = torch.ones(2)\ntorch.stack([a, b])", "a: [2, 3] (L1), b: [2]",
     "", ""),
    (NP + "a = np.ones((2, 3))\na @ a", "a: [2, 3] (L2)", "", ""),
    (NP + "a, b = np.ones((2, 3)), np.ones(2)\na + b", "a: [2, 3], b: [2]", "", ""),
    (OWN + "        super().__init__()\n        self.w = nn.Parameter(torch.ones(1, 3))\n"
     "    def forward(self, x):\n        return x @ self.w\nA()(torch.ones(5, 3))\n1",
     "x: [5, 3], self.w: [1, 3]", "x @ self.w", "x @ self.w.T"),
    ("net = nn.Linear(4, 2)\nnet(torch.ones(5, 3))", "net: Linear(4, 2) (L1)", "", ""),
    ("x = torch.ones(2, 3)\nx.shape()", "without brackets", "x.shape()", "x.shape\n"),
    ("x = torch.ones(2, 3)\nx.shape(0) + 1", "without brackets", "", "x.shape[0] + 1"),
    ("x = torch.ones(2)\nx.requires_grad(True)", "without brackets", "", "x.requires_grad_(True)"),
    ("x = torch.ones(2, 3)\nfor i in x.shape[0]:\n    pass", "range(n)", "x.shape[0]",
     "in range(x.shape[0]):"),
    ("net = nn.Linear(1, 1)\ntorch.optim.SGD(net, lr=0.1)", "net.parameters()", "",
     "SGD(net.parameters(), lr=0.1)"),
    ("n = nn.Sequential([nn.Linear(1, 1), nn.ReLU()])", "one by one", "", "(*[nn.Linear"),
    ("x = torch.ones(2)\nx.zero_grad()\n1", "x.grad = None", "x.zero_grad", "x.grad = None"),
    (X + "y = x.sum()\ntorch.autograd.grad(y)", "differentiate by", "", "grad(y, x)"),
    ("x = torch.arange(4)\nx.requires_grad_()", "with a point", "",
     "torch.arange(4, dtype=torch.float32)"),
    ("x = [1.0, 2.0]\nx ** 2", "no tensor", "", "x = torch.tensor([1.0, 2.0])"),
    ("x = torch.tensor[1., 2.]", "round brackets", "", "x = torch.tensor([1., 2.])"),
    ("x = torch.zeros[2, 3]", "round brackets", "", "x = torch.zeros(2, 3)"),
    ("x = torch.linspace(-5, 5)", "how many points", "", "torch.linspace(-5, 5, 100)"),
    ("def f(x):\n    return x**2\nx = torch.tensor(2.0)\ntorch.autograd.grad(f, x)\n1",
     "of a function it is", "", "torch.func.grad(f)(x)"),
    (X + "y = x**2\ntorch.autograd.functional.jacobian(y, x)", "the function itself", "",
     "jacobian(lambda x: x**2, x)"),
    ("def f(x, y):\n    return x**2 + y\nf(1, -2).backward()\n1", "plain Python number", "",
     "f(torch.tensor(1.0, requires_grad=True), torch.tensor(-2.0, requires_grad=True))"),
    ("x = torch.arange(2)\ny = torch.tensor(x).backward()", "requires_grad=True", "", ""),
    ("n = nn.Sequential(nn.Linear(1, 1), nn.ReLU)", "by its brackets", "", "nn.ReLU())"),
    ("x = torch.ones(2)\nmax(0, x)\n1", "clamp", "", "torch.clamp(x, min=0)"),
    ("y = torch.zeros(4, 1).long()\nnn.CrossEntropyLoss()(torch.ones(4, 3), y)", "one class", "",
     "y.squeeze(1)"),
    ("x = torch.ones(2)\ntorch.maximum(x, 0)", "functions take tensors", "",
     "torch.maximum(x, torch.tensor(0))"),
    (NP + "def f(x):\n    return (x * 2).astype(np.float32)", "clone()", "",
     "(x * 2).to(torch.float32)"),
    ("diff(x**2, x)", "subtracts neighbours", "", "x**2"),
    (NP + "def g(x):\n    return np.exp(x)\ndef f(x):\n    return np.mean(g(x))", "one of the same",
     "np.exp(x)", "torch.exp(x)\ndef f(x):\n    return torch.mean(g(x))"),
    (NP + "def f(x):\n    e = np.exp(x - np.max(x, axis=0))\n    return e / np.sum(e)",
     "torch's amax", "np.max(x, axis=0)",
     "    e = torch.exp(x - torch.amax(x, axis=0))\n    return e / torch.sum(e)"),
    (NP + "def f(x):\n    return np.maximum(0, x)", "clamp", "", "torch.clamp(x, min=0)"),
    (NP + "def f(x):\n    return np.minimum(np.linalg.norm(x), -1) * np.sqrt(2)", "one of the same",
     "", "torch.clamp(torch.linalg.norm(x), max=-1) * np.sqrt(2)"),
    (NP + "def f(a, b):\n    return np.dot(a, b)", "matmul", "", "torch.matmul(a, b)"),
    ("x = torch.tensor(2)\ny = x * x\ny.backward()\nx.grad", "requires_grad=True", "y.backward()",
     "tensor(2, dtype=torch.float32, requires_grad=True)"),
    (X + "y = x.sum().item()\ny.backward()", "x.sum().item() gives numbers", "", "y = x.sum()\n"),
    (X + "y = x.detach().sum()\ny.backward()", "x.detach() gives numbers", "", "y = x.sum()"),
    (X + "y = torch.tensor([x[0], 1])\ny.sum().backward()", "torch.stack([…])", "",
     "torch.stack([x[0], torch.tensor(float(1))])"),
    (X + "with torch.no_grad():\n    y = x.sum()\ny.backward()", "torch.no_grad() gives", "",
     "torch.enable_grad()"),
    (X + "x.sum().backward()\nx.grad.sum().backward()", "keeps the two apart", "", ""),
    (X + "for k in range(2):\n    (x * x).sum().backward()\n    x = x - 0.1 * x.grad",
     "of the leaf",
     "0.1 * x.grad", "x = (x - 0.1 * x.grad).detach().requires_grad_()"),
    (X + "for k in range(2):\n    (x * x).sum().backward()\n    with torch.no_grad():\n"
     "        x = x - x.grad\n    x.grad.zero_()", "of the leaf", "", "        x -= x.grad"),
    (X + "for k in range(2):\n    x.grad.zero_()\n    x.sum().backward()", "until a backward", "",
     "    if x.grad is not None: x.grad.zero_()"),
    (X + "l = (x * x).sum()\nfor k in range(2):\n    l.backward()\n    with torch.no_grad():\n"
     "        x -= x.grad", "Each round", "", "range(2):\n    l = (x * x).sum()\n    l.backward"),
    ("c, h = nn.RNNCell(1, 1), torch.ones(1, 1)\no = torch.optim.SGD(c.parameters(), lr=0.1)\n"
     "for k in range(2):\n    h = c(torch.ones(1, 1), h)\n    h.sum().backward()\n    o.step()",
     "Each round", "", "c(torch.ones(1, 1), h.detach())"),
    (X + "y = x.exp()\ny += 1\ny.sum().backward()", "overwritten after", "", "y = y + 1"),
    (X + "y = x.exp()\ny.mul_(2)\ny.sum().backward()", "overwritten", "", "y = y.mul(2)"),
    (X + "y = x * x\nz = y * y\ny[0] = 0\nz.sum().backward()", "overwritten", "",
     "y.clone(); y[0]"),
    (X + "x += 1\nx.sum()", "y = x * 2 instead", "x += 1", "x = x + 1"),
    ("from numpy import sin, exp as e\ndef f(x):\n    return sin(x)*e(x)\n"
     "f(torch.ones(2, requires_grad=True))",
     "torch has one of the same name", "sin(x)", "return torch.sin(x)*torch.exp(x)"),
    ("x = torch.tensor(1.5)\ny = round(x, 1)", "torch.round rounds", "round(x, 1)",
     "torch.round(x, decimals=1)"),
    ("x = torch.tensor(1.5)\ny = x >= 0 & x < 2", "each comparison in brackets", "0 & x",
     "x >= 0 and x < 2"),
    ("def f(x):\n    x += 1\n    return x\nf(torch.ones(2, requires_grad=True))",
     "y = x * 2 instead", "x += 1", "x = x + 1"),
    (X + "y = x * x\ntorch.autograd.grad(y, x)", "ones_like", "",
     "grad_outputs=torch.ones_like(y)"),
    (X + "y = x * x\nplt.plot(x, y)", "Take the values", "", "plt.plot(x.detach(), y.detach())"),
    (X + "a = torch.tensor([1, 2, 3])\ntorch.dot(a, x)", "one type", "", "3], dtype=torch.float32"),
    ("F.cross_entropy(torch.ones(1, 2), torch.ones(1))", "whole numbers", "",
     "torch.ones(1).long()"),
    ("t = torch.tensor([1, 0])\nnn.BCEWithLogitsLoss()(torch.ones(2), t)", "with a point", "",
     "t.float()"),
    (X + "v = x.max(dim=0)\nv.sum()", "This is a tuple", "v.sum", "x.max(dim=0).values"),
    ("x = torch.ones(2),\nx * x", "This is a tuple", "", "x = torch.ones(2)\n"),
    (X + "a = [1, 2, 3]\nx * a", "A list is no tensor", "x * a", "a = torch.tensor([1, 2, 3])"),
    (X + "a = [x.sum()]\na.backward()", "added up first", "a.backward", "sum(a).backward()"),
    (X + "x.sum().backward()\nx.grad()", "without brackets", "x.grad()", "x.grad\n"),
    (X + "torch.autograd.functional.jacobian(x * x, x)", "jacobian(f, x)", "", ""),
    (X + "torch.func.grad(torch.sin)(2)\nx.sum()", "torch.func works", "", "(torch.tensor(2.0))"),
    ("torch.sin(2)", "torch.tensor(1.5)", "torch.sin(2)", "torch.sin(torch.tensor(2))"),
    (X + "y = nn.ReLU(x)\ny.sum()", "makes a layer", "", "nn.ReLU()(x)"),
    ("a = torch.ones(())\ntorch.cat([a, a])", "of numbers torch.stack", "", "torch.stack([a, a])"),
    (X + "torch.cat(x, x)", "in a list", "torch.cat(x, x)", "torch.cat([x, x])"),
    ("F.cross_entropy(torch.ones(2, 3), torch.tensor([[0], [1]]))", "one class", "", ""),
    ("F.cross_entropy(torch.tensor([0, 1]), torch.ones(2, 3))", "the prediction first", "", ""),
    ("nn.BCELoss()(torch.tensor([2.0]), torch.ones(1))", "takes probabilities", "", ""),
    (X + "x[torch.tensor(1.0)]", "An index is", "", ""),
    (X + "with torch.no_grad:\n    x", "What stands behind with", "", "torch.no_grad():"),
    (X + "torch.optim.SGD(x, lr=0.1)", "takes a list", "", "SGD([x], lr"),
    (X + "torch.optim.SGD([x], learning_rate=0.1)", "def line", "", "[x], lr=0.1"),
    (X + "(x * x).backward(2.0)", "takes its weights", "", "full_like((x * x), 2.0)"),
    ("torch.autograd.grad(2.0, 3.0)", "Gradients are of tensors", "", ""),
    (X + "x.grad = 0\nx.sum()", "set back by None", "x.grad", "x.grad = None"),
    (SQUARE + "S()(torch.ones(1))", "below @staticmethod", "", "S.apply(torch.ones(1))"),
    (SQUARE.replace("    def", "    @staticmethod\n    def") + "    @staticmethod\n"
     "    def backward(ctx, g):\n        return g, g\nS.apply(" + X[4:-1] + ").sum().backward()",
     "one gradient for each argument", "", ""),
    (SQUARE.replace("    def", "    @staticmethod\n    def") + "    @staticmethod\n"
     "    def backward(ctx, g):\n        (x,) = ctx.saved_tensors\n        return g\n"
     "S.apply(" + X[4:-1] + ").sum().backward()", "saved nothing", "", ""),
    (SQUARE.replace("    def", "    @staticmethod\n    def").replace("return", "ctx.saved_tensor\n"
     "        return") + "S.apply(torch.ones(1))", "how it is spelled", "", "ctx.saved_tensors"),
    (SQUARE.replace("    def", "    @staticmethod\n    def") + "    @staticmethod\n"
     "    def backward(ctx, g):\n        return 2 * g\nx = " + X[4:-1] + "\nS(x[0]).backward()",
     "by its class", "", "S.apply(x[0])"),
    ("nn.Linear(2, 1).load_state_dict({})", "the layer's own", "", ""),
    ("y = ...\ny.sum()", "was left out", "y.sum", ""),
    ("class A:\n    def f(self):\n        return 1\na = A\na.f()", "not made yet", "a.f()",
     "a = A()"),
    ("class A:\n    def f():\n        return 1\nA().f()", "the object itself", "", "def f(self):"),
    (OWN + "        super(B, self).__init__()\nA()", "needs no class", "B", "super().__init__()"),
    (OWN + "        self.fc = nn.Linear(2, 1)\nA()", "super().__init__()", "",
     "super().__init__()\n"),
    (OWN + "        super().__init__()\n        self.fc = 1\n    def f(self):\n        return fc\n"
     "A().f()\n1", "It belongs to the object", "fc", "return self.fc"),
    (OWN + "        super().__init__()\n        a = 1\n    def f(self):\n        return self.a\n"
     "A().f()", "Nothing has set self.a", "self.a", "        self.a = 1"),
    (OWN + "        super().__init__()\n    def foward(self, x):\n        return x\n"
     "A()(torch.ones(1))", "def forward", "", "def forward(self, x)"),
    ("y = x * 2\nx = torch.ones(1)\ny", "only below this line", "x",
     "x = torch.ones(1)\ny = x * 2"),
    ("y = 0\ndef f():\n    y = y + 1\n    return y\nf()\n1", "one of its own", "y", ""),
    ("p = {'w': torch.ones(1)}\np.w", "by key", "p.w", 'p["w"]'),
    ("def f(x):\n    return x\nf.backward()\n1", "the function itself", "f.backward", ""),
    ("def f(x):\n    y = x * 2\nz = f(torch.ones(1))\nz.sum()", "without return", "",
     "    return y"),
    ("torch.Tensor(2.0, requires_grad=True)", "takes lists and sizes", "", "torch.tensor(2.0"),
    ("torch.softmax(torch.ones(2))", "Say along which", "", ""),
    ("torch.log(torch.ones(2), 2)", "the natural one", "", "torch.log2(torch.ones(2))"),
    ("torch.log(torch.ones(2), 3)", "the natural one", "",
     "(torch.log(torch.ones(2))/torch.log(torch.tensor(3.0)))"),
    (X + "y = x.sum()\ny.grad(x)", "torch.autograd.grad(y, x)[0]", "", "autograd.grad(y, x)[0]"),
    (NP + "a = np.array([1.0], requires_grad=True)", "know of no gradients", "",
     "a = torch.tensor([1.0], requires_grad=True)"),
    ("m = torch.ones(2, 3)\nm.transpose()", "change places", "", "m.t()"),
    ("m = torch.ones(2, 3, 4)\nm.transpose()", "change places", "", ""),
    ("m = torch.eye(2)\nv = torch.ones(2)\nm.dot(v)", "for two vectors", "", "torch.matmul(m, v)"),
    ("v = torch.ones(2)\nv(0)", "square brackets", "v(0)", "v[0]"),
    ("v = torch.ones(2)\nv.append(3)\nv", "torch.cat adds", "",
     "v = torch.cat([v, torch.tensor([3.0])])"),
    ("v = torch.ones(6)\nv.view(3)", "may be -1", "", "v.view(3, -1)"),
    ("v = torch.ones(6)\nv.view(4)", "may be -1", "", ""),
    ("v = torch.arange(3)\ntorch.mean(v) + 1", "no mean of their type", "",
     "torch.mean(v.float())"),
    ("v = torch.ones(2, 2)\nv.sum(dims=0)", "named dim", "", "v.sum(dim=0)"),
    ("torch.cuda.FloatTensor([1.0])", "on the CPU", "", "torch.FloatTensor([1.0])"),
    (X + "torch.where(x > 0 and x < 2, x, 0 * x)", "(a) & (b)", "x > 0 and x < 2",
     "torch.where((x > 0) & (x < 2), x, 0 * x)"),
    (X + "m = (not x > 0).sum()", "(a) & (b)", "", "m = (~(x > 0)).sum()"),
    (X + "x[0 < x < 2]", "(a) & (b)", "0 < x < 2", "(0 < x) & (x < 2)"),
    ("import math\n" + X + "math.exp(x)", "for all elements", "math.exp(x)", "torch.exp(x)"),
    ("n = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(9, 1))\nn(torch.ones(3))",
     "here 8 meet Linear(9, 1)", "", "nn.ReLU(), nn.Linear(8, 1))"),
    ("n = nn.Sequential(nn.Linear(3, 8), nn.Linear(8, 1))\nn(torch.ones(2))", "here 2 meet", "",
     ""),
    (NP + "n = nn.Linear(2, 1)\nn(torch.tensor(np.ones(2)))", "weights are float32", "",
     "n(torch.tensor(np.ones(2)).float())"),
    ("torch.tensor(['1', '2.5'])", "without quotes", "", "torch.tensor([1, 2.5])"),
    ("torch.FloatTensor([1], [2])", "list of lists", "", "torch.FloatTensor([[1], [2]])"),
    (X + "y = x.sum()\ntorch.autograd.grad(x[0], y)\n1", "allow_unused", "", "allow_unused=True"),
    ("x = torch.ones(1, requires_grad=True)\ny = x * 2\ntorch.autograd.grad(x, y)\n1",
     "comes first", "", "autograd.grad(y, x)"),
    ("a = torch.tensor([1], requires_grad=True)\nb = torch.tensor([2], requires_grad=True)",
     "no slopes", "", "([1], requires_grad=True, dtype=torch.float32)\nb = torch.tensor([2], requ"),
    ("def f(x):\n    return w * x\nf(2)", "gives w a value", "w", ""),
    (X + "plt.plot(x.numpy(), (2 * x).numpy())", "detach().numpy()", "",
     "(x.detach().numpy(), (2 * x).detach().numpy())"),
    ("torch.ones(2).type(torch.cuda.FloatTensor)", "on the CPU", "", ".type(torch.FloatTensor)"),
    ("class V:\n    def __int__(self, d):\n        self.d = d\nV(2)", "V is given goes", "V(2)",
     "def __init__(self, d)"),
]  # fmt: skip
MENDED = [
    (
        "x = 2\ny = x * 3\ny.backward()",
        "x = torch.tensor(2.0, requires_grad=True)\ny = x * 3\ny.backward()",
    ),
    ("x = torch.ones(3)\nx.sum().backward()\n", "torch.ones(3, requires_grad=True)"),
    (
        "a = torch.tensor([1, 2])\nb = torch.ones(2)\n(a * b).sum().backward()\nprint(a.grad)\n",
        "([1, 2], dtype=torch.float32, requires_grad=True)\nb = torch.ones(2)\n",
    ),
    (X + "y = torch.tensor([x[0], 2 * x[1]])\ny.sum().backward()\n", "torch.stack([x[0], 2"),
    (X + "y = torch.exp(x)\ny += 1\ny.sum().backward()\n", "\ny = y + 1\n"),
    (
        X + "y = x.sigmoid()\nfor k in range(2):\n    y *= k - 1.0\ny.sum().backward()\n",
        "    y = y * (k - 1.0)\n",
    ),
    (X + "y = x.exp()\ny.mul_(2)\ny.sum().backward()\n", "\ny = y.mul(2)\n"),
    (X + "y = x * x\ny.backward()\n", "backward(torch.ones_like(y))"),
    (X + "y = (x * x).sum()\ny.backward()\ny.backward()\n", "retain_graph=True"),
    (X + "y = (x * x).sum()\nfor i in range(3):\n    y.backward()\n", "retain_graph=True"),
    (X + "(x * x).sum().backward()\nx -= 0.1 * x.grad\n", "with torch.no_grad():\n    x -="),
    (X + "y = (x * x).sum()\nz = y.item * 2\n", "y.item() * 2"),
    (X + "y = x.sum()\ny.backward\nprint(x.grad.sum())\n", "y.backward()\n"),
    ("def f(x):\n    x.mul_(x.grad)\n" + X + "x.sum().backward()\nf(x)\n1\n", "    with torch.no"),
    ("def f(x):\n    return 2 - x(x + 1)/3\nf(torch.ones(1))\n1\n", "2 - x*(x + 1)/3"),
    (X + "(x * 2).numpy()\n", "(x * 2).detach().numpy()"),
    ("d = torch.device('cuda:0')\nx = torch.ones(2, device=d)\nx\n", "torch.device('cpu')"),
    ("net = nn.Linear(1, 1).to('cuda')\nnet.weight\n", ".to('cpu')"),
    ("x = torch.ones(2).cuda()\nx\n", "x = torch.ones(2)\n"),
    ("x = torch.ones(2).cuda(0)\ny = 2 * (x + x).cuda(1)\ny\n", "ones(2)\ny = 2 * (x + x)\n"),
    ("d = torch.cuda.FloatTensor\nx = torch.ones(2).type(d)\nx\n", "d = torch.FloatTensor\n"),
    (
        X + "s = x.sum()\na = (s + 1).data[0]\nb = x.data[0]\nc = (s + 1).data[0]\na + b + c\n",
        "a = (s + 1).item()\nb = x.data[0]\nc = (s + 1).item()\n",
    ),
    ("x = torch.ones(2).pin_memory()\nx\n", "x = torch.ones(2)\n"),
    ("x = torch.arange(\n    4,\n    requires_grad=True,\n)\n", "dtype=torch.float32)"),
    ("x = torch.ones(2, 3).t().view(6)\n", "torch.ones(2, 3).t().reshape(6)"),
    (
        X + "z = torch.ones(1, requires_grad=True)\ntorch.autograd.grad(x.sum(), z)\n",
        "grad(x.sum(), z, allow_unused=True)",
    ),
    (
        X + "(g,) = torch.autograd.grad((x * x).sum(), x)\ng.sum().backward()\n",
        "grad((x * x).sum(), x, create_graph=True)",
    ),
]


RUNS: dict[str, Any] = {}
"""What was traced once, by its program."""


def traced(sandbox, script):
    if script not in RUNS:
        RUNS[script] = sandbox.trace(script + "\n")
    return RUNS[script]


@pytest.mark.parametrize(("script", "help", "place", "changed"), MISTAKEN)
def test_a_usual_mistake_is_told_and_mended(sandbox, script, help, place, changed):
    run = traced(sandbox, script)
    assert help in str(run.failure.hint)
    assert place in SourceMap(script, "").text(run.failure.span)
    assert not changed or changed in run.failure.replacement + "\n"
    assert changed or run.failure.replacement is None, "no change where several may be meant"
    assert not changed or sandbox.trace(run.failure.replacement).failure is None


@pytest.mark.parametrize(("script", "help", "place"), MET)
def test_an_error_comes_with_what_helps_at_its_place(sandbox, script, help, place):
    run = traced(sandbox, script)
    assert run.failure is not None
    assert help in str(run.failure.hint)
    assert place in SourceMap(script, "").text(run.failure.span)
    assert not set("{}") & set(str(run.failure.hint)), "every place is filled"


@pytest.mark.parametrize(("script", "changed"), MENDED)
def test_the_mended_program_runs(sandbox, script, changed):
    failed = sandbox.trace(script)
    assert changed in failed.failure.replacement
    mended = sandbox.trace(failed.failure.replacement)
    assert mended.failure is None, mended.failure


def test_the_words_are_torchs_own(sandbox):
    with pytest.raises(RuntimeError) as raised:
        torch.ones(2, 3) @ torch.ones(2, 3)
    assert sandbox.trace("torch.ones(2, 3) @ torch.ones(2, 3)\n").failure.message == str(
        raised.value
    )


def test_every_hint_is_met_by_a_program_and_is_translated(sandbox):
    met = {
        run.failure.hint.template
        for script, *_ in [*MET, *MISTAKEN]
        if (run := traced(sandbox, script)).failure.hint
    }
    hints = {hint.remedy for hint in HINTS if hint not in REFUSED}  # own words have a test
    assert hints - met == {"The run asked for more memory than there is. Use smaller tensors."}
    assert met <= hints
    assert not (hints | {TOO_LONG}) - set(catalogue("zh"))


def test_without_a_limit_of_its_own_a_run_has_what_the_machine_has():
    hint, _ = hint_for("MemoryError", "", SourceMap("x", ""), None, ())
    assert "more memory than there is" in str(hint)


def test_a_message_that_a_program_makes_up_stays_a_record():
    source = SourceMap("raise IndexError('…')", "")
    words = f"index 1 is out of bounds for dimension 0 with size {'9' * 20_000}"
    hint, mended = hint_for("IndexError", words, source, None, ())
    assert hint.details["size"] == "9" * 80
    assert mended is None


def test_torch_s_build_with_cuda_has_other_words_for_no_gpu():
    words = "Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU"
    hint, _ = hint_for("RuntimeError", words, SourceMap("x.cuda()", ""), None, ())
    assert "leave .cuda() out" in str(hint)


def test_a_mend_that_would_not_be_a_program_is_not_given(sandbox):
    run = sandbox.trace("x = torch.arange(\n    4, requires_grad=True  # four\n)\n")
    assert "x.float()" in str(run.failure.hint)
    assert run.failure.replacement is None


def test_a_mend_that_would_be_too_long_is_not_given():
    text = "#" * (MAX_SOURCE - 10) + "\nx.numpy()"
    source = SourceMap(text, "")
    words = "Can't call numpy() on Tensor that requires grad"
    hint, mended = hint_for("RuntimeError", words, source, Span(2, 0, 2, 9), ())
    assert hint is not None
    assert mended is None
