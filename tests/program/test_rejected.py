"""What may not run, and what is said of it: the place, the reason, the remedy, the mended text."""

from __future__ import annotations

import pytest

from viz.errors import InputRejected, ProgramRejected
from viz.program import check, check_gradient, check_input, read_input
from viz.records import Problem

# source, line, column (from 1, as people count), a part of the message, a part of the remedy
REJECTED: list[tuple[str, int, int, str, str]] = [
    # syntax
    ("sin(x", 1, 4, "was never closed", "Close it"),
    ("sin(x))", 1, 7, "unmatched ')'", "Take the bracket away"),
    ("x +", 1, 3, "missing after +", "Finish the expression"),
    ("def f(x):\n    return x *", 2, 14, "missing after *", "Finish the expression"),
    ("def f(x):\nreturn x", 2, 1, "expected an indented block", "four spaces"),
    ("def f(x)\n    return x", 1, 9, "expected ':'", "colon"),
    ("x = 'abc", 1, 5, "unterminated string", "quote"),
    ("x\n  sin(x)", 2, 2, "unexpected indent", "spaces at the beginning"),
    ("def f(x):\n\tif x:\n        return 1", 3, 1, "inconsistent use of tabs", "same spaces"),
    ("1 = x", 1, 1, "cannot assign", "=="),
    ("x == = 1", 1, 6, "invalid syntax", "Python's rules"),
    ("x +* 2", 1, 3, "side by side: + and *", "Take one of them away"),
    ("n choose k", 1, 1, "choosing k of n", "math.comb(n, k)"),
    ("⌊x + 1", 1, 1, "⌊", "floor(…)"),
    ("∛x^2", 1, 1, "∛", "brackets"),
    ("import numpy as np\nnp.lib.format.read_magic", 2, 8, "format", "Nothing can be read"),
    ("损失 = (1,\n2", 1, 6, "was never closed", "Close it"),
    ("'损失' + torch.sinn(x)", 1, 14, "torch.sinn", "sin"),
    # only a compiler would find these
    ("x = 1\nreturn x", 2, 1, "return is outside", "def"),
    ("break", 1, 1, "outside a loop", "for or while"),
    ("for i in [1]:\n    def g():\n        continue", 3, 9, "outside a loop", "for or while"),
    ("for i in [1]:\n    pass\nelse:\n    break", 4, 5, "outside a loop", "for or while"),
    ("def f(x, x): return x", 1, 10, "same name", "of its own"),
    ("f = lambda x, *, x=1: x", 1, 18, "same name", "of its own"),
    ("dict(a=1, a=2)", 1, 11, "twice", "Keep one"),
    ("*x", 1, 1, "star", "[*values]"),
    ("a = *b", 1, 5, "star", "[*values]"),
    ("*a, *b = [1]", 1, 5, "two stars", "Keep one"),
    ("[x := 1 for x in [1]]", 1, 2, ":=", "does not use"),
    ("[y for y in (z := [1])]", 1, 14, ":=", "line of its own"),
    (
        "try:\n  1\nexcept:\n  1\nexcept ValueError:\n  1",
        3,
        1,
        "except without an exception",
        "last",
    ),
    ("def f(x):\n  nonlocal y", 2, 3, "No function around this one sets y", "global y"),
    ("y = 1\ndef f(x):\n  nonlocal y", 3, 3, "No function around this one", "global y"),
    ("def g():\n  global y\n  def f(x):\n    nonlocal y", 4, 5, "No function around", "global y"),
    ("class A(nn.Module):\n  def f(self):\n    nonlocal f", 3, 5, "No function around", ""),
    ("def f():\n  x = 1\n  global x", 3, 3, "too late", "first line"),
    ("def f():\n  if 1:\n    global x", 3, 5, "too late", "first line"),
    ("def f(x):\n  global x", 2, 3, "the function's own", "another name"),
    ("def f():\n  global x\n  x: int = 1", 2, 3, "the function's own", "another name"),
    ("def g():\n  x = 1\n  def f():\n    global x\n    nonlocal x", 4, 5, "own", "another"),
    ("def f():\n  global __builtins__", 2, 3, "__builtins__", "without underscores"),
    ("await x", 1, 1, "await", "def, for and with"),
    ("async def f(x): return x", 1, 1, "async", "def, for and with"),
    # constructs
    ("class A(dict): pass", 1, 1, "A class may only be", "class A(nn.Module):"),
    ("yield 1", 1, 1, "yield is outside", "Indent it"),
    ("lambda: (yield 1)", 1, 10, "yield is outside", "Indent it"),
    ("def f(): return [(yield x) for x in [1]]", 1, 19, "yield is outside", "comprehension"),
    ("def f(x=(yield 1)): return x", 1, 10, "yield is outside", "Indent it"),
    ("class A(nn.Module):\n    (yield 1)", 2, 6, "yield is outside", "Indent it"),
    ("def f() -> (yield 1): return 1", 1, 13, "yield is outside", "Indent it"),
    ("@(yield 1)\ndef f(): return 1", 1, 3, "yield is outside", "Indent it"),
    ("match 1:\n  case int(): pass", 2, 8, "A case may be", "if, elif"),
    ("match 1:\n  case pi: pass\n  case 2: pass", 2, 8, "takes everything", "Put it last"),
    ("match 1:\n  case torch.pi: pass", 2, 8, "A case may be", "if, elif"),
    ("match 1:\n  case 1 | a: pass", 2, 8, "A case may be", "if, elif"),
    ("b'1'", 1, 1, "Bytes", "b before"),
    ("import torch.os", 1, 1, "torch.os", "leave it out"),
    ("from torch import os\nos.getcwd()", 1, 1, "torch.os", "Nothing can be read"),
    (
        "from torch.utils import hooks as h\nh.x",
        1,
        1,
        "torch.utils.hooks",
        "checkpoint, data",
    ),
    ("from .a import b", 1, 1, "may not be imported", "leave it out"),
    ("if 1:\n    from torch import *", 2, 5, "import *", "without a prefix"),
    ("import numpy.ctypeslib as c\nc.x", 1, 1, "numpy.ctypeslib may not be imp", "numpy.linalg"),
    ("import numpy as np\nnp.load('a')", 2, 4, "numpy.load is not allowed", "Nothing can be read"),
    ("import numpy as np\nnp.matrix('1 2')", 2, 4, "numpy.matrix is not", "Use np.array"),
    ("import numpy as np\nnp.ones(2).tobytes()", 2, 12, ".tobytes is not allowed", "tolist()"),
    ("@eval\ndef f(x): return x", 1, 2, "eval", "not run as code"),
    ("@staticmethod\ndef f(x): return x", 1, 2, "staticmethod", "on a method"),
    # names
    ("open('x')", 1, 1, "open is not allowed", "Nothing can be read"),
    ("exec('1')", 1, 1, "exec is not allowed", "not run as code"),
    ("def f(x):\n    return sinn(x)", 2, 12, "sinn is not known", "Did you mean sin?"),
    ("def f(x):\n    return qwz + x", 2, 12, "qwz is not known", "def f(x, qwz)"),
    ("g(x)", 1, 1, "g is not known", "g*(…)"),
    ("sin * x", 1, 1, "sin is a function", "sin(…)"),
    ("def f(x): return -exp", 1, 19, "exp is a function", "exp(…)"),
    ("y = torch", 1, 5, "torch is a module", "torch.sin"),
    ("y = [torch.nn]", 1, 6, "torch.nn is a module", "torch.nn.…"),
    ("__import__('os')", 1, 1, "__import__", "without underscores"),
    ("def f(x, __y=1): return x", 1, 10, "__y", "without underscores"),
    ("x" * 161, 1, 1, "too long", "160"),
    # attributes
    ("torch.sin(x).sum().xpu()", 1, 20, ".xpu", "CPU"),
    ("torch.hub.load('x')", 1, 7, "torch.hub", "Nothing can be read"),
    ("x = 1; import socket; socket.socket()", 1, 8, "socket may not be imported", "be read or"),
    ("import torch, inspect; inspect.getsource(f)", 1, 32, "inspect.getsource is not", "reviewed"),
    ("from sympy import *\nsymbols('x')", 1, 1, "sympy may not be imported", "no symbols"),
    ("import os\nos.popen('ls')", 2, 4, "os.popen", "not among the reviewed"),
    ("torch.empty_strided((3,), (1,))", 1, 7, "torch.empty_strided", "torch.zeros"),
    ("nn.relu(x)", 1, 1, "torch.nn.relu", "torch.relu"),
    ("torch.cross_entropy(x, x)", 1, 1, "torch.cross_entropy", "F.cross_entropy"),
    ("x.backwards()", 1, 3, ".backwards", "backward"),
    ("'{0.x}'.format(x)", 1, 9, ".format", "f-string"),
    ("'{0[x]}'.format(x)", 1, 10, ".format", "f-string"),
    ("'{:{0.x}}'.format(x)", 1, 12, ".format", "f-string"),
    ("'{:{:{:{}}}}'.format(x)", 1, 15, ".format", "f-string"),
    ("map('{}'.format, [1])", 1, 10, ".format", "f-string"),
    ("dict = sin\ndict(1, out=2)", 2, 9, "out=", "Assign"),
    ("x = 1\nx.__name__ = 1", 2, 3, ".__name__", "two underscores"),
    ("__name__ = 1", 1, 1, "__name__", "without underscores"),
    ("from functools import singledispatch as s\ns(1)", 1, 1, "uses s.", "lru_cache, partial"),
    ("import pandas as pd\nx = pd.Series()", 1, 1, "uses pd.Series", "Give the numbers"),
    ("import random\nrandom.SystemRandom(1)", 2, 8, "SystemRandom", "not among the reviewed"),
    ("import matplotlib.table as t\nt.x", 1, 1, "matplotlib.table", "plt is ready"),
    ("import torch as tt\ntt.hub", 2, 4, "torch.hub", "Nothing can be read"),
    ("torch.sin = 1", 1, 7, "assigned", "requires_grad"),
    ("for torch.sin in [1]: pass", 1, 11, "assigned", "requires_grad"),
    ("with torch.no_grad() as torch.sin: pass", 1, 31, "assigned", "requires_grad"),
    ("x = 1\nx.dtype = 3", 2, 3, "assigned", "astype"),
    ("x = 1\nx.size = 3", 2, 3, "assigned", "requires_grad"),
    # names of libraries that mean something else in torch
    ("np.gradient(x)", 1, 1, "torch has no gradient", "torch.gradient(x)[0]"),
    ("np.std(x)", 1, 1, "torch has no std", "correction=0"),
    ("np.max(x, 0)", 1, 1, "torch has no max", "torch.amax"),
    ("np.random.randn(2) * x", 1, 1, "torch has no random.randn", "torch.randn"),
    ("np.transpose(x)", 1, 1, "torch has no transpose", "x.T"),
    ("np.split(x, 3)", 1, 1, "torch has no split", "torch.tensor_split"),
    ("jnp.linalg.svd(x)", 1, 1, "torch has no linalg.svd", "others of torch's"),
    ("tf.reduce_sum(x)", 1, 1, "torch has no reduce_sum", "torch.sum(x)"),
    ("import jax\nprint(jax.random.PRNGKey(0))", 1, 1, "jax may not be", "torch.func.grad(f)(x)"),
    ("import mxnet as mx\nmx.nd.ones(2)", 1, 1, "mxnet may not be", "x.requires_grad_()"),
    (
        "import torch.nn as nn\nnn.EmbeddingBag(3, 2)",
        2,
        4,
        "EmbeddingBag is not",
        "Use nn.Embedding",
    ),
    ("torch.ones(2).dimentions", 1, 15, ".dimentions is not", "x.ndim is"),
    ("torch.ones(2).length", 1, 15, ".length is not", "x.numel()"),
    ("m = Conv2D(64, (3, 3))", 1, 5, "Conv2D is not known", "layers.Dense(8)"),
    ("m = Dense(3)", 1, 5, "Dense is not known", "layers.Dense(8)"),
    ("from torch_sparse import spmm\nspmm(1)", 1, 1, "torch_sparse may not", "torch.sparse.mm"),
    ("import paddle\npaddle.ones(2)", 1, 1, "paddle may not be", "stop_gradient"),
    ("import mindspore\nmindspore.grad(f)", 1, 1, "mindspore may not", "torch.func.grad"),
    ("from tensorflow.keras import layers\nlayers.Dense(1)", 1, 1, "keras may not", "nn.Linear"),
    ("import theano.tensor as T\nT.dscalar('x')", 1, 1, "theano.tensor may", "torch.autograd.grad"),
    ("np.power(x, 2)", 1, 1, "torch has no power", "torch.pow"),
    # arguments
    ("torch.max(x, 0, out=(a, b))", 1, 17, "out=", "Assign the result"),
    ("torch.ones(2, device='cuda')", 1, 15, "device=", "CPU"),
    ("print(x, file=x)", 1, 10, "file=", "below the editor"),
    ("torch.sum(x, dimm=0)", 1, 14, "dimm=", "Did you mean dim=?"),
    ("def f(x, out): return g(x, out=x)\ng = sin", 1, 28, "out=", "Assign"),
    ("def g():\n    def sin(x, out): return x\nsin(1, out=2)", 3, 8, "out=", "Assign"),
    ("if 0:\n    def sin(x, out): return x\nsin(1, out=2)", 3, 8, "out=", "Assign"),
    ("def h(x, out): return x\ndel h\nh(1, out=2)", 3, 6, "out=", "Assign"),
    ("def h(x, out): return x\nfor h in [sin]: h(1, out=2)", 2, 22, "out=", "Assign"),
    # parameters
    ("def f(*, x): return x", 1, 10, "only be given by its name", "Remove the *"),
    (f"def f({', '.join(f'x{i}' for i in range(33))}): return x0", 1, 157, "too many", "32"),
    (" + ".join(f"x{i}" for i in range(33)), 0, 0, "too many names: 33", "32"),
    (f"def f(x=[{'1.0, ' * 300}]): return x", 1, 9, "default value of x is too long", "1000"),
    # size
    (
        "def f(x):\n try:\n" + "  if x: return 1\n" * 300 + " finally:\n" + "  x(1)\n" * 100,
        344,
        3,
        "Too many ways lead out of a try",
        "return once",
    ),
    ("", 0, 0, "nothing here", "sin(x)*x**2"),
    (" \n\t", 0, 0, "nothing here", "sin(x)*x**2"),
    ("# later", 0, 0, "only comments", "sin(x)*x**2"),
    ("x" + " " * 20_000, 0, 0, "too long: 20001", "20000"),
    ("x\x00", 1, 2, "U+0000", "Delete it"),
    ("x\n  \ud800", 2, 3, "U+D800", "Delete it"),
    ("(" * 60 + "x" + ")" * 60, 1, 51, "too deep", "200"),
    ("-" * 250 + "x", 1, 200, "too deep", "200"),
    ("[" + ("-" * 90 + "1,") * 200 + "]", 0, 0, "too large", "10000"),
    ("# %%\n1\n" * 101, 0, 0, "too many cells", "100"),
]


@pytest.mark.parametrize("row", REJECTED, ids=[repr(row[0])[:60] for row in REJECTED])
def test_a_rejection_names_place_reason_and_remedy(row: tuple[str, int, int, str, str]) -> None:
    source, line, column, message, remedy = row
    with pytest.raises(ProgramRejected) as caught:
        check(source)
    problem = caught.value.problem
    assert message in str(problem.message)
    assert remedy in str(problem.remedy)
    assert "{" not in str(problem.message).replace("{x}", "")
    place = (problem.span.line, problem.span.column + 1) if problem.span else (0, 0)
    assert place == (line, column)


MENDED = {
    "class A(nn.module):\n    pass": "class A(nn.Module):\n    pass",
    "class A(torch.autograd.function):\n    pass": "class A(torch.autograd.Function):\n    pass",
    "f = nn.linear(2, 1)": "f = nn.Linear(2, 1)",
    "import pytorch as torch\nx = torch.ones(2)": "import torch as torch\nx = torch.ones(2)",
    "x = torch.ones(())\nx.backward(retain_grad=True)": (
        "x = torch.ones(())\nx.backward(retain_graph=True)"
    ),
    "def f(x): return x\nplot(f)": "def f(x): return x\n",
    "x = 1\nassert x = 1": "x = 1\nassert x == 1",
    "x = torch.ones(2)\nprint(x.gradient)": "x = torch.ones(2)\nprint(x.grad)",
    "x = torch.ones(())\ndy/dx = torch.autograd.grad(x, x)": (
        "x = torch.ones(())\ndy_dx = torch.autograd.grad(x, x)"
    ),
    "x = 2\ny = eval('x ** 2') * 3\ny": "x = 2\ny = (x ** 2) * 3\ny",
    "x = torch.ones(())\ntorch.grad(x, x)": "x = torch.ones(())\ntorch.autograd.grad(x, x)",
    "torch.grad(torch.sum)(torch.ones(2))": "torch.func.grad(torch.sum)(torch.ones(2))",
    "class A(nn.Module):\n    def __init__(self):\n        super().__init__": (
        "class A(nn.Module):\n    def __init__(self):\n        super().__init__()"
    ),
    "x^2": "x**2",
    "2*x^2 + 1": "2*x**2 + 1",
    "(x + 1) ^ y": "(x + 1) ** y",
    "f(x) = x^2": "def f(x): return x**2",
    "def f(x, y) = x*y": "def f(x, y): return x*y",
    "x -> x**2": "def f(x): return x**2",
    "g: t ↦ 2*t": "def g(t): return 2*t",
    "2x + 1": "2*x + 1",
    "3(x + 1)": "3*(x + 1)",
    "(x + 1)(x - 1)": "(x + 1)*(x - 1)",
    "x y": "x*y",
    "sin x": "sin(x)",
    "|x| + 1": "abs(x) + 1",
    "x，y": "x,y",
    "2 × x": "2 * x",
    "x²": "x**2",
    "√(x)": "sqrt(x)",
    "x\u00a0+ 1": "x + 1",
    "π*x": "pi*x",
    "ln(x)": "log(x)",
    "np.sin(x)": "torch.sin(x)",
    "torch.utils.data.TensorDataset(data_tensor=torch.ones(2))": (
        "torch.utils.data.TensorDataset(torch.ones(2))"
    ),
    "x = float(input('x? '))": 'x = float("1.0")',
    "n = int(input())": 'n = int("3")',
    "a, b = input().split()": 'a, b = "1 2".split()',
    "np.power(x, 3)": "torch.pow(x, 3)",
    "np.radians(x)": "torch.deg2rad(x)",
    "np.multiply(x, 2)": "torch.multiply(x, 2)",
    "np.max(x)": "torch.max(x)",
    "np.linalg.norm(x)": "torch.linalg.norm(x)",
    "jnp.tanh(x)": "torch.tanh(x)",
    "math.abs(x)": "abs(x)",
    "g = grad(torch.sin)(torch.ones(()))": "g = torch.func.grad(torch.sin)(torch.ones(()))",
    "import numpy as np\nnp.sinn(np.ones(2))": "import numpy as np\nnp.sin(np.ones(2))",
    "sinn(x)": "sin(x)",
    "log_2(x)": "log2(x)",
    "torch.Sin(x)": "torch.sin(x)",
    "x = torch.ones(2, requires_gard=True)": "x = torch.ones(2, requires_grad=True)",
    "import numppy as np\nnp.ones(2)": "import numpy as np\nnp.ones(2)",
    "nn.relu(x)": "torch.relu(x)",
    "torch.sinn(x)": "torch.sin(x)",
    "m = Relu()\nm(torch.ones(2))": "m = nn.ReLU()\nm(torch.ones(2))",
    "m = MaxPool2D(2)\nm.stride": "m = nn.MaxPool2d(2)\nm.stride",
    "m = Conv2D(3, 8, kernel_size=(3, 3))\nm.weight": (
        "m = nn.Conv2d(3, 8, kernel_size=(3, 3))\nm.weight"
    ),
    "torch.dor(torch.ones(2), torch.ones(2))": "torch.dot(torch.ones(2), torch.ones(2))",
    "torch.eye(2).to_sparse()._values()": "torch.eye(2).to_sparse().coalesce().values()",
    "class Net(nn.Module):\n    def __init__(self):\n        super.__init__(Net, self)\nNet()": (
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\nNet()"
    ),
    "y = torch.ones(2)\ny.creator": "y = torch.ones(2)\ny.grad_fn",
    "m = torch.jit.trace(nn.ReLU(), (torch.ones(2),))\nm": "m = nn.ReLU()\nm",
    "m = torch.jit.freeze(lambda x: x)\nm": "m = (lambda x: x)\nm",
    "y = x**2": "x**2",
    "sni(x)": "sin(x)",
    "siin(x)": "sin(x)",
    "torch.taanh(x)": "torch.tanh(x)",
    "Tanh(x)": "tanh(x)",
    "torch.Gelu(x)": "F.gelu(x)",
    "2 + atn(x)": "2 + tan(x)",
    "Sin(x)": "sin(x)",
    "def f(x):\n    y = x*2\n    return yy": "def f(x):\n    y = x*2\n    return y",
    "def f(z): return zz*2": "def f(z): return z*2",
    "def f(x): return X*2": "def f(x): return x*2",
    "x(x+1)": "x*(x+1)",
    "2 + x (x - 1)*3": "2 + x* (x - 1)*3",
    "sin(x(x+1))": "sin(x*(x+1))",
    "sin(x": "sin(x)",
    "2*sin(cos(x)": "2*sin(cos(x))",
    "torch.tensor([1.0, 2.0]": "torch.tensor([1.0, 2.0])",
    "def f(x)\n    return x": "def f(x):\n    return x",
    "if True \n    x = 1": "if True :\n    x = 1",
    "lambda x: x**2": "f = lambda x: x**2",
    "const y = 3": "y = 3",
    "print(torch.random(3))": "print(torch.rand(3))",
    "torch.man(torch.ones(2))": "torch.mean(torch.ones(2))",
    "torch.gel(torch.ones(2))": "F.gelu(torch.ones(2))",
    "torch.sinx(x)": "torch.sin(x)",
    "print(torch.Sigmoid(torch.ones(2)))": "print(torch.sigmoid(torch.ones(2)))",
    "x = torch.ones(2)\nprint(x.gard)": "x = torch.ones(2)\nprint(x.grad)",
    "x = torch.ones(2)\nprint(x.smu())": "x = torch.ones(2)\nprint(x.sum())",
    "x = torch.ones(2)\nprint(f.relu(x))": "x = torch.ones(2)\nprint(F.relu(x))",
    "c = nn.CrossEntropy()\nc": "c = nn.CrossEntropyLoss()\nc",
    "y = nn.mse()(torch.ones(2), torch.ones(2))": "y = nn.MSELoss()(torch.ones(2), torch.ones(2))",
    "x = torch.ones(())\ntorch.autograd.gradient(x, x)": (
        "x = torch.ones(())\ntorch.autograd.grad(x, x)"
    ),
    "import numpy as np\nnp.lib.stride_tricks.broadcast_to(np.ones(1), (2,))": (
        "import numpy as np\nnp.broadcast_to(np.ones(1), (2,))"
    ),
    "import cupy as cp\ncp.ones(2)": "import numpy as cp\ncp.ones(2)",
    "x = 2\nreturn x": "x = 2\nx",
    "Sin[x]": "sin(x)",
    "x = 2\nprint(c(1, -2))": "x = 2\nprint(torch.tensor([1.0, -2.0]))",
    'x = 2\nprint(f"{x} and {x:.2f")': 'x = 2\nprint(f"{x} and {x:.2f}")',
    "for k in range(0 to 3):\n    print(k)": "for k in range(0, 3):\n    print(k)",
    "x = torch.tensor([1.0; 2.0])": "x = torch.tensor([1.0, 2.0])",
    "x = [1, 2; 3, 4]": "x = [[1, 2], [3, 4]]",
    "x = [1 2; 3 4]": "x = [[1, 2], [3, 4]]",
    "print('it's', 2)": 'print("it\'s", 2)',
    "x = torch.tensor([1.0, 2.0\nx": "x = torch.tensor([1.0, 2.0])\nx",
}


@pytest.mark.parametrize("source", MENDED)
def test_the_replacement_mends_the_text(source: str) -> None:
    with pytest.raises(ProgramRejected) as caught:
        check(source)
    span, replacement = caught.value.problem.span, caught.value.problem.replacement
    assert span is not None
    assert replacement is not None
    assert span.line == span.end_line
    lines = source.split("\n")
    line = lines[span.line - 1]
    lines[span.line - 1] = line[: span.column] + replacement + line[span.end_column :]
    assert "\n".join(lines) == MENDED[source]
    check(MENDED[source])


WHOLE = {
    "x = 2\nprint x, 'a'\nprint \"b\" % x,  # on\nfor k in xrange(2):\n    print(k)": (
        'x = 2\nprint(x, \'a\')\nprint("b" % x, end=" ")  # on\nfor k in range(2):\n    print(k)'
    ),
    ">>> x = Variable(torch.ones(2))": (
        ">>> from torch.autograd import Variable\n>>> x = Variable(torch.ones(2))"
    ),
    "In [3]:\nopt = optim.SGD([], 0.1)": (
        "In [3]:\nfrom torch import optim\nopt = optim.SGD([], 0.1)"
    ),
    "class S(Function):\n    pass": (
        "from torch.autograd import Function\nclass S(Function):\n    pass"
    ),
    "import troch\nx = troch.ones(2)": "import torch\nx = torch.ones(2)",
    "from torch.utils.data import DataLoder\nb = DataLoder([1, 2])": (
        "from torch.utils.data import DataLoader\nb = DataLoader([1, 2])"
    ),
    "g = torch.func.grdd(torch.sin)(torch.ones(()) + 2x)\nx = 1": (
        "g = torch.func.grad(torch.sin)(torch.ones(()) + 2*x)\nx = 1"
    ),
    "h = hessian(torch.sum, torch.ones(2))": (
        "from torch.autograd.functional import hessian\nh = hessian(torch.sum, torch.ones(2))"
    ),
}
"""Texts whose mend is more than another text in one place."""


@pytest.mark.parametrize("source", WHOLE)
def test_the_whole_text_is_mended(source: str) -> None:
    assert refused(source).mended == WHOLE[source]
    check(WHOLE[source])


def test_a_name_of_one_s_own_is_no_other_mistyped() -> None:
    """What is offered must mean the same: these are names that the program was to set."""
    for text in (
        "import argparse\na = argparse.Namespace()\nprint(a.output_dir)",
        "class C: pass\nprint(C().n_layers, C().tgt)",
        "y = 1\nprint(model.state_dict())",
        "y = 1\nx = torch.empty_like(logits)",
    ):
        found = refused(text)
        assert found.replacement is None
        assert "Did you mean" not in str(found.remedy)


def test_lost_indentation_is_mended_where_all_belongs_to_the_function() -> None:
    lost = "def f(x):\ny = x*2\n\nreturn y"
    assert refused(lost).replacement == "    y = x*2\n\n    return y"
    for text in (
        "def f(x):\ny = x*2",
        "def f(x):\nreturn x\ny = 1\nreturn 2",
        "def f(x):\nreturn x\ndef g(x):\n    return 1",
    ):
        assert refused(text).replacement is None


def test_what_may_be_read_in_two_ways_has_no_mend() -> None:
    texts = ["sin(x + 1", "max(x, 1", "1/x(x+1)", "x**x(x+1)", "x(x+1).sum()", "x**", "x(*x)"]
    assert [text for text in texts if refused(text).replacement or refused(text).mended] == []
    assert "missing after **" in str(refused("x**").message)
    assert "x is an input" in str(refused("1/x(x+1)").message)


def refused(text: str) -> Problem:
    with pytest.raises(ProgramRejected) as caught:
        check(text)
    return caught.value.problem


PROGRAM = check("def f(x, n: int = 2): return x[n]")

INPUTS = ["1.5", " -2 ", "[1, 2, 3]", "[[1., 2.], [3., 4.]]", "torch.arange(4.0)", "pi/2", "1e-3"]
INPUTS += ["torch.randn(2, 3)", "torch.tensor([1.0, 2.0], dtype=torch.float64)", "sqrt(2)", "-inf"]
INPUTS += ["torch.linspace(-1, 1, 5).reshape(5, 1)", "[x / 2 for x in range(4)]", "2**0.5"]


@pytest.mark.parametrize("text", INPUTS)
def test_input_texts_are_taken_without_their_blanks(text: str) -> None:
    assert check_input("x", text, PROGRAM) == text.strip()
    assert check_gradient(text) == text.strip()


TYPED_INPUTS = {
    "－4": "-4",
    "１．５": "1.5",
    "−２": "-2",
    "［１，２］": "[1,2]",
    "2π": "2*pi",
    "√2": "sqrt(2)",
    "½": "(1/2)",
    "x = -3": "-3",
    "1 2 3": "[1, 2, 3]",
    "x = 1; -2": "[1, -2]",
    "[1 2; 3 4]": "[[1, 2], [3, 4]]",
    "2 000": "2000",
    "1 000.5": "1000.5",
    "1,000": "1000",
    "1,200": "1,200",
    "1,2,3": "1,2,3",
    "(1,5)": "(1,5)",
    "50%": "50/100",
    "1 - 2": "1 - 2",
    "torch．ones（２）": "torch.ones(2)",
    " -2 ": "-2",
}


@pytest.mark.parametrize("text", TYPED_INPUTS)
def test_an_input_is_read_as_other_keyboards_and_paper_have_it(text: str) -> None:
    assert read_input("x", text, PROGRAM) == TYPED_INPUTS[text]


def test_what_an_input_s_reading_refuses_is_told_of_the_text_as_typed() -> None:
    for text in ("４ +", "１／２ y", "ｙ"):
        with pytest.raises(InputRejected) as caught:
            read_input("x", text, PROGRAM)
        with pytest.raises(InputRejected) as strict:
            check_input("x", text, PROGRAM)
        assert caught.value.problem == strict.value.problem


UNREAD_INPUTS = {
    "3x": "The name x is not known.",
    "1 200": "1 200 may be one number or several.",
    "y = 3": "This is a statement, not a value.",
}


@pytest.mark.parametrize("text", UNREAD_INPUTS)
def test_no_input_is_told_to_write_what_would_be_refused_as_well(text: str) -> None:
    with pytest.raises(InputRejected) as caught:
        read_input("x", text, PROGRAM)
    assert caught.value.problem.message.filled() == UNREAD_INPUTS[text]


@pytest.mark.parametrize(("text", "one"), [("1,200", "1200"), ("-1,5", "-1.5"), ("1,000", "")])
def test_of_one_number_a_comma_is_read_in_one_way_or_not_at_all(text: str, one: str) -> None:
    """An input that starts as a vector takes two numbers as such."""
    single = check("x**2")
    if not one:
        assert read_input("x", text, single) == text.replace(",", "")
        return
    with pytest.raises(InputRejected) as caught:
        read_input("x", text, single)
    said = caught.value.problem
    assert said.message.filled() == f"{text} may be one number or several."
    assert said.remedy.filled() == f"Write {one}, or [{text.replace(',', ', ')}]."


BAD_INPUTS = [
    ("", "not a value", None),
    ("y", "y is not known", 0),
    ("abc", "abc is not known", 0),
    ("g(2)", "g is not known", 0),
    ("  1 +", "missing after +", 4),
    ("1; 2", "a statement", None),
    ("x = 1", "a statement", None),
    ("import os", "a statement", None),
    ("lambda: 1", "not a value", 0),
    ("f'{1}'", "not a value", 0),
    ("open('a')", "open is not allowed", 0),
    ("torch.hub('a')", "torch.hub", 6),
    ("1\n+ 2", "not a value", None),
    ("1" * 1_001, "not a value", None),
    ("2.0^2", "not a power", 3),
]


@pytest.mark.parametrize(("text", "message", "column"), BAD_INPUTS)
def test_a_bad_input_text_names_the_input_and_the_place(
    text: str, message: str, column: int | None
) -> None:
    for name, call in (("x", lambda: check_input("x", text, PROGRAM)), ("gradient", None)):
        with pytest.raises(InputRejected) as caught:
            call() if call else check_gradient(text)
        problem = caught.value.problem
        assert message in str(problem.message)
        assert problem.input == name
        assert "def f(" not in str(problem.remedy), "a value has no names of its own"
        assert (problem.span.column if problem.span else None) == column


@pytest.mark.parametrize("text", ["1.5", "torch.ones(1)", "[1]", "10**10", "True", "1_0"])
def test_an_integer_input_takes_whole_numbers_only(text: str) -> None:
    with pytest.raises(InputRejected, match="whole number"):
        check_input("n", text, PROGRAM)


@pytest.mark.parametrize("text", ["3", "-2", "+7"])
def test_an_integer_input_takes_whole_numbers(text: str) -> None:
    assert check_input("n", text, PROGRAM) == text


def test_an_input_that_the_program_does_not_have_is_named() -> None:
    with pytest.raises(InputRejected, match=r"no input named y.*x, n"):
        check_input("y", "1", PROGRAM)
