# ruff: noqa: E501 - a bomb is easier to read on one line
"""Typed texts that try to use up time, memory, the parser, the record or the page.

`BOMBS` maps a name to a source; `TEXT_BOMBS` to an input's text of `x * 2`. Each must be answered
in time with words that say what was too much.
"""

from typing import Final


def _deep(open_: str, inner: str, close: str, depth: int) -> str:
    return open_ * depth + inner + close * depth


def _nested(line: str, depth: int, last: str = "pass") -> str:
    lines = ["    " * level + line.replace("#", str(level)) for level in range(depth)]
    return "\n".join([*lines, "    " * depth + last])


def _function(body: str) -> str:
    return "def f(x):\n" + "\n".join("    " + line for line in body.split("\n"))


def _tries(depth: int, close: str) -> str:
    text = "pass"
    for _ in range(depth):
        inner = "\n".join("    " + line for line in text.split("\n"))
        text = f"try:\n{inner}\n{close}:\n{inner}"
    return text


PARSER: Final[dict[str, str]] = {
    "a long line": "x + " * 50_000 + "x",
    "many lines": "y = 1\n" * 30_000,
    "a long comment": "#" * 10**6 + "\nx",
    "a long name": "x" * 10**5,
    "a long string": "'" + "x" * 10**5 + "'",
    "a long number": "9" * 10**5,
    "a long number within the size": "9" * 19_000,
    "a long float": "0." + "1" * 19_000,
    "deep parentheses": _deep("(", "x", ")", 500),
    "very deep parentheses": _deep("(", "x", ")", 9_000),
    "deep brackets": _deep("[", "x", "]", 5_000),
    "deep braces": _deep("{", "x", "}", 5_000),
    "deep dicts": _deep("{1:", "x", "}", 3_000),
    "open parentheses": "(" * 15_000,
    "open brackets": "[" * 15_000,
    "deep calls": _deep("sin(", "x", ")", 3_000),
    "deep subscripts": "x" + "[0]" * 5_000,
    "deep attributes": "x" + ".T" * 8_000,
    "a chain of calls": "x" + ".sin()" * 2_500,
    "a chain of calls of calls": "x" + "()" * 5_000,
    "deep minus": "-" * 15_000 + "x",
    "deep not": "not " * 4_000 + "x",
    "deep tilde": "~" * 15_000 + "x",
    "deep lambdas": "lambda: " * 2_000 + "x",
    "deep conditionals": "x if x else " * 1_500 + "x",
    "deep powers": "x**" * 6_000 + "x",
    "a long sum": "x+" * 9_000 + "x",
    "a long comparison": "x<" * 9_000 + "x",
    "a long or": "x or " * 3_000 + "x",
    "deep comprehensions": _deep("[", "x", " for y in [1]]", 800),
    "many fors in a comprehension": "[x" + " for y in [1]" * 1_000 + "]",
    "deep walrus": "(y:=" * 3_000 + "x" + ")" * 3_000,
    "deep f-strings": "f'{f\"{x}\"}'" * 1_500,
    "deep format specs": "f'{x:{x}{x}{x}}'" * 1_000,
    "deep ifs": _nested("if x:", 99),
    "deep whiles": _nested("while x:", 60),
    "deep fors": _nested("for y in x:", 60),
    "deep withs": _nested("with torch.no_grad():", 60),
    "deep functions": _nested("def f#(x):", 90),
    "deep tries with finally": _tries(12, "finally"),
    "deep tries with except": _tries(10, "except ValueError"),
    "many tries": "try:\n    x = 1\nfinally:\n    x = 2\n" * 500,
    "many functions": "".join(f"def f{i}(x): return x\n" for i in range(900)),
    "many classes, each of the one before": "class A0: pass\n"
    + "".join(f"class A{i + 1}(A{i}): pass\n" for i in range(850)),
    "many classes of one name": "class A: pass\n" * 1_400,
    "many methods": "class A:\n" + "".join(f" def h{i}(self): pass\n" for i in range(900)),
    "many parameters": "def f(" + ", ".join(f"a{i}" for i in range(2_000)) + "): return a0",
    "many inputs": "+".join(f"a{i}" for i in range(2_000)),
    "many arguments": "max(" + ", ".join("x" for _ in range(5_000)) + ")",
    "many keywords": "sin(" + ", ".join(f"a{i}=x" for i in range(2_000)) + ")",
    "many targets": "".join(f"a{i} = " for i in range(2_000)) + "1",
    "many stars": "f(" + "*x, " * 3_000 + ")",
    "many cells": "# %%\nx = 1\n" * 1_500,
    "many semicolons": "x=1;" * 4_900,
    "many decorators": "@torch.no_grad()\n" * 1_000 + "def f(x): return x",
    "many imports": "import torch\n" * 1_500,
    "many elifs": "x = 1\nif x: pass\n" + "elif x: pass\n" * 1_400,
    "only spaces": " " * 19_000,
    "only newlines": "\n" * 19_000,
    "only backslashes": "\\\n" * 9_000,
    "only tabs": "if x:\n" + "".join("\t" * i + "if x:\n" for i in range(1, 180)),
    "mixed tabs": "if x:\n\tx\n        x\n \tx",
    "a zero byte": "x\0y",
    "zero bytes": "\0" * 10_000,
    "a surrogate": "x = '\ud800'",
    "a lone surrogate as a name": "\ud800",
    "a byte order mark": "\ufeff\ufeffx",
    "right to left": "x = '\u202e' \u202e",
    "combining marks": "x" + "\u0301" * 5_000,
    "an encoding line": "# -*- coding: utf-7 -*-\nx",
    "a form feed": "\f" * 10_000 + "x",
    "an unclosed string": "'" * 3 + "x" * 15_000,
    "an unclosed f-string": "f'{" * 3_000,
    "a continued end": "x = 1 \\",
    "a huge exponent": "1e" + "9" * 5_000,
    "huge complex": "9" * 4_000 + "j",
    "a huge octal": "0o" + "7" * 15_000,
    "a huge hex": "0x" + "f" * 15_000,
    "underscored digits": "1" + "_1" * 9_000,
}

TIME: Final[dict[str, str]] = {
    "an endless loop": _function("while True: pass\nreturn x"),
    "an endless loop over torch": _function("while True: x = x.sin()\nreturn x"),
    "an endless for": _function("for y in iter(int, 1): pass\nreturn x"),
    "an endless loop that catches": _function(
        "while True:\n    try:\n        while True: y = 1\n    except: pass\nreturn x"
    ),
    "an endless loop that catches Exception": _function(
        "while True:\n    try:\n        while True: y = 1\n    except Exception: continue\nreturn x"
    ),
    "an endless loop with finally": _function(
        "while True:\n    try:\n        while True: y = 1\n    finally: continue\nreturn x"
    ),
    "an endless finally": _function("try:\n    while True: y = 1\nfinally:\n    while True: y = 1"),
    "a return in finally": _function(
        "while True:\n    g = lambda: [0 for _ in range(10**9)]\n    try: g()\n    finally: continue"
    ),
    "recursion": "def f(x): return f(x)",
    "recursion that catches": _function("try: return f(x)\nexcept RecursionError: return f(x)"),
    "recursion that branches": _function("try:\n    f(x); f(x)\nfinally:\n    f(x)"),
    "mutual recursion": "def g(x): return f(x)\ndef f(x): return g(x)",
    "lambda recursion": "f = lambda x: f(x)",
    "exponential recursion": _function(
        "n = 60\ng = lambda k: k if k < 2 else g(k-1) + g(k-2)\nreturn g(n)*x"
    ),
    "the Ackermann function": _function(
        "a = lambda m, n: n+1 if m == 0 else a(m-1, 1) if n == 0 else a(m-1, a(m, n-1))\nreturn a(4, 4)*x"
    ),
    "a sum in C": _function("sum(range(10**12))\nreturn x"),
    "a max in C": _function("max(range(10**12))\nreturn x"),
    "a list in C": _function("list(range(10**10))\nreturn x"),
    "a set in C": _function("set(range(10**10))\nreturn x"),
    "any in C": _function("any(map(bool, iter(int, 1)))\nreturn x"),
    "zip in C": _function("list(zip(range(10**10), range(10**10)))\nreturn x"),
    "a search in C": _function(
        "-1 in range(10**10).__len__() if 0 else 0.5 in range(10**10)\nreturn x"
    ),
    "a fraction in a range": _function("0.5 in range(10**10)\nreturn x"),
    "a power of integers": _function("9**9**9\nreturn x"),
    "a tower of powers": "9**9**9**9*x",
    "pow with three": _function("pow(3, 10**10**4, 10**10**4+1)\nreturn x"),
    "a shift": _function("1 << 10**11\nreturn x"),
    "a product of integers": _function(
        "y = 1\nfor i in range(1, 10**6): y = y * i * 10**300\nreturn x"
    ),
    "an integer's text": _function("str(10**10**6)\nreturn x"),
    "an integer's hex": _function("for i in range(99): hex(1 << 10**9)\nreturn x"),
    "a text to an integer": _function("int('9' * 10**7)\nreturn x"),
    "math.prod": _function("math.prod(range(1, 10**7))\nreturn x"),
    "math.lcm": _function("math.lcm(*range(1, 10**6))\nreturn x"),
    "math.gcd": _function("math.gcd(3**10**6, 7**10**6)\nreturn x"),
    "a sort": _function("sorted(range(10**9), key=lambda k: -k)\nreturn x"),
    "a text replacement": _function("('a' * 10**7).replace('a', 'b' * 1000)\nreturn x"),
    "a large product": _function(
        "y = torch.randn(6000, 6000)\nfor i in range(100): y = y @ y\nreturn x"
    ),
    "an inverse": _function("torch.linalg.inv(torch.randn(9000, 9000))\nreturn x"),
    "singular values": _function("torch.linalg.svd(torch.randn(4000, 4000))\nreturn x"),
    "eigenvalues": _function("torch.linalg.eig(torch.randn(3000, 3000))\nreturn x"),
    "a matrix exponential": _function("torch.matrix_exp(torch.randn(4000, 4000))\nreturn x"),
    "distances": _function(
        "y = torch.randn(9000, 64)\nfor i in range(99): torch.cdist(y, y[:3000]).sum()\nreturn x"
    ),
    "a convolution": _function(
        "F.conv2d(torch.randn(1, 64, 500, 500), torch.randn(64, 64, 9, 9))\nreturn x"
    ),
    "a sort in torch": _function("torch.randn(10**8).sort()\nreturn x"),
    "many small operations": _function("for i in range(10**9): x = x + 1\nreturn x"),
    "backward in a loop": "x = torch.ones(1, requires_grad=True)\nwhile True: (x*x).sum().backward()",
    "backward that never ends": (
        "x = torch.ones(1, requires_grad=True)\ndef h(g):\n    while True: y = 1\n"
        "x.register_hook(h)\n(x*x).sum().backward()"
    ),
    "a hook that calls backward": (
        "x = torch.ones(1, requires_grad=True)\n"
        "def h(g):\n    y = torch.ones(1, requires_grad=True)\n    y.register_hook(h)\n"
        "    (y*y).sum().backward()\nx.register_hook(h)\n(x*x).sum().backward()"
    ),
    "a graph with 2^60 paths": _function("for i in range(60): x = x + x\nreturn x"),
    "a graph with 2^900 paths": _function("for i in range(900): x = x * x.sin()\nreturn x"),
    "a curve of slow points": _function("for i in range(10**7): x = x + i\nreturn x"),
    "nested vmaps": _function(
        "g = lambda v: v.sin()\nfor i in range(300): g = torch.func.vmap(g)\n"
        "return g(torch.ones([1]*60)).sum() * x"
    ),
    "nested Jacobians": _function(
        "g = lambda v: v.sin()\nfor i in range(12): g = torch.func.jacrev(g)\n"
        "return g(torch.ones(9)).sum() * x"
    ),
    "a Hessian": _function(
        "torch.autograd.functional.hessian(lambda v: (v**3).sum(), torch.ones(5000))\nreturn x"
    ),
    "a slow comparison of texts": _function(
        "y = 'a' * 10**8\nwhile y == 'a' * 10**8: pass\nreturn x"
    ),
    "a decision loop on a tensor": _function("while x.norm() >= 0: x = x * 1\nreturn x"),
    "training for ever": (
        "m = nn.Sequential(nn.Linear(100, 100), nn.ReLU(), nn.Linear(100, 1))\n"
        "o = torch.optim.SGD(m.parameters(), lr=0.1)\n"
        "while True:\n    o.zero_grad()\n    m(torch.randn(64, 100)).sum().backward()\n    o.step()"
    ),
    "an endless print": _function("while True: print(x)\nreturn x"),
    "an endless cell": "# %%\nx = 1\n# %%\nwhile True: x = x + 1\n# %%\nx",
    "a default that never ends": "def f(x=sum(range(10**12))): return x",
    "a text of one's own that never ends": (
        "class V:\n    def __str__(self):\n        while True: pass\nraise ValueError(V())"
    ),
    "a shown text of one's own that never ends": (
        "class V:\n    def __repr__(self):\n        while True: pass\nV()"
    ),
    "numbers of one's own without end": (
        "class V:\n    def __getitem__(self, i): return i\nlist(V())"
    ),
    "a sequence of one's own without end in torch": (
        "class V:\n    def __len__(self): return 3\n"
        "    def __getitem__(self, i): return 1.0\ntorch.tensor(V())"
    ),
    "a checkpoint in a checkpoint": (
        "h = lambda t: torch.utils.checkpoint.checkpoint(h, t, use_reentrant=False)\n"
        "h(torch.ones(1, requires_grad=True))"
    ),
    "a checkpoint that never ends when it computes again": (
        "n = 0\ndef h(t):\n    global n\n    n += 1\n    while n > 1: pass\n    return t.sin()\n"
        "x = torch.ones(1, requires_grad=True)\n"
        "torch.utils.checkpoint.checkpoint(h, x, use_reentrant=False).backward()"
    ),
    "anomalies of many operations": (
        "torch.autograd.set_detect_anomaly(True)\nx = torch.ones(1, requires_grad=True)\n"
        "for i in range(10**5): x = x.sin()\nx.backward()"
    ),
    "a search that never ends": (
        "w = torch.ones(2, requires_grad=True)\n"
        "o = torch.optim.LBFGS([w], max_iter=10**9, tolerance_grad=-1, tolerance_change=-1)\n"
        "def c():\n    o.zero_grad()\n    l = (w**4).sum()\n    l.backward()\n    return l\n"
        "o.step(c)"
    ),
    "permutations": "from itertools import permutations\nsum(1 for _ in permutations(range(20)))",
    "a polynomial of a high degree by hand": _function("return sum(x**k for k in range(10**9))"),
    "many small matrices multiplied": "torch.chain_matmul(*[torch.ones(2, 2)] * 3000) * x",
    "a sample of a huge range": ("import random\nrandom.sample(range(10**12), 10**9)"),
}

MEMORY: Final[dict[str, str]] = {
    "ones": "torch.ones(10**11) * x",
    "zeros": "torch.zeros(10**11) * x",
    "eye": "torch.eye(300000).sum() * x",
    "arange": "torch.arange(10**12).sum() * x",
    "linspace": "torch.linspace(0, 1, 10**11).sum() * x",
    "randn": "torch.randn(10**6, 10**6).sum() * x",
    "full": "torch.full((10**10,), 1.0).sum() * x",
    "an outer product": "torch.outer(torch.ones(10**6), torch.ones(10**6)).sum() * x",
    "kron": "torch.kron(torch.ones(10**4, 10), torch.ones(10**4, 10)).sum() * x",
    "repeat": "torch.ones(10**5).repeat(10**6).sum() * x",
    "expand and clone": "torch.ones(1).expand(10**11).clone().sum() * x",
    "expand and add": "(torch.ones(1, 1).expand(10**6, 10**6) + 1).sum() * x",
    "pad": "F.pad(torch.ones(1), (10**11, 1)).sum() * x",
    "one_hot": "F.one_hot(torch.tensor([10**10])).sum() * x",
    "bincount": "torch.bincount(torch.tensor([10**11])).sum() * x",
    "combinations": "torch.combinations(torch.arange(10**6), 2).sum() * x",
    "cartesian_prod": "torch.cartesian_prod(torch.ones(10**6), torch.ones(10**6)).sum() * x",
    "meshgrid": "torch.meshgrid(torch.ones(10**6), torch.ones(10**6), indexing='ij')[0].clone().sum()*x",
    "tril_indices": "torch.tril_indices(10**6, 10**6).sum() * x",
    "vander": "torch.vander(torch.ones(10**6), 10**6).sum() * x",
    "interpolate": "F.interpolate(torch.ones(1, 1, 2, 2), size=(10**6, 10**6)).sum() * x",
    "unfold": "F.unfold(torch.ones(1, 1, 9999, 9999), 99).sum() * x",
    "a view of many sides": "torch.ones(1).view([1] * 100000).sum() * x",
    "a tensor of many sides": "torch.ones([1] * 5000).sum() * x",
    "einsum": "torch.einsum('a,b,c,d->abcd', torch.ones(999), torch.ones(999), torch.ones(999), x)",
    "a layer": _function("return nn.Linear(10**6, 10**6)(x)"),
    "an embedding": _function("return nn.Embedding(10**9, 10**3)(torch.tensor(1)).sum() * x"),
    "a recurrent layer": _function(
        "return nn.LSTM(10**5, 10**5)(torch.ones(1, 10**5))[0].sum() * x"
    ),
    "many layers": _function(
        "return nn.Sequential(*[nn.Linear(100, 100) for i in range(10**6)])(x)"
    ),
    "a list": _function("y = [0] * 10**11\nreturn x"),
    "a list of lists": _function("y = []\nfor i in range(10**9): y = [y, y]\nreturn x"),
    "a list that doubles": _function("y = [0]\nwhile True: y = y + y\nreturn x"),
    "a list that holds itself": _function("y = []\nwhile True: y.append(list(y))\nreturn x"),
    "a text": _function("y = 'x' * 10**12\nreturn x"),
    "a text that doubles": _function("y = 'x'\nwhile True: y = y + y\nreturn x"),
    "a text centred": _function("'x'.center(10**12)\nreturn x"),
    "zeros in front": _function("'x'.zfill(10**12)\nreturn x"),
    "tabs and joins": _function("('x' * 10**6).join(['y'] * 10**7)\nreturn x"),
    "a padded format": _function("f'{1:{10**12}}'\nreturn x"),
    "an old padded format": _function("'%*d' % (10**10, 1)\nreturn x"),
    "precision": _function("f'{1.0:.{10**9}f}'\nreturn x"),
    "a dict": _function("y = dict.fromkeys(range(10**10))\nreturn x"),
    "a tuple": _function("y = tuple(range(10**10))\nreturn x"),
    "tensors in a list": _function("y = [torch.ones(10**7) for i in range(10**6)]\nreturn x"),
    "tensors that double": _function(
        "while True: x = torch.cat([x.reshape(-1), x.reshape(-1)])\nreturn x"
    ),
    "saved tensors": _function(
        "x = x * torch.ones(10**7)\nwhile True: x = x.sin()\nreturn x.sum()"
    ),
    "a deep list": _function("y = []\nfor i in range(10**6): y = [y]\nreturn y"),
    "tensor of a deep list": _function(
        "y = 1.0\nfor i in range(10**4): y = [y]\nreturn torch.tensor(y)*x"
    ),
    "a long chain of objects of one's own": (
        "class V:\n    def __init__(self, v): self._prev = v\nv = None\nwhile True: v = V(v)"
    ),
    "a long text of one's own": (
        "class V:\n    def __repr__(self): return 'x' * 10**10\nprint(V())"
    ),
    "saved tensors that grow when unpacked": (
        "x = torch.ones(4, requires_grad=True)\nwith torch.autograd.graph.saved_tensors_hooks("
        "lambda t: t, lambda t: torch.ones(10**10)):\n    y = x.exp().sum()\ny.backward()"
    ),
    "combinations in Python": (
        "from itertools import combinations\nlist(combinations(range(10**6), 10**6 - 1))"
    ),
    "a queue that doubles": (
        "from collections import deque\nd = deque([0] * 10**6)\nwhile True: d.extend(list(d))"
    ),
    "closures": _function(
        "g = lambda v: v\nfor i in range(10**6): g = (lambda h: lambda v: h(v))(g)\nreturn g(x)"
    ),
}

RECORD: Final[dict[str, str]] = {
    "a deep tuple of results": _function("y = x\nfor i in range(10**5): y = (y,)\nreturn y"),
    "a text search": _function("('a' * 10**6).find('a' * 10**5 + 'b')\nreturn x"),
    "a matrix power": _function(
        "torch.linalg.matrix_power(torch.randn(500, 500), 2**31 - 1)\nreturn x"
    ),
    "nested derivatives": _function(
        "g = torch.sin\nfor i in range(40): g = torch.func.grad(g)\nreturn g(x)"
    ),
    "a hundred thousand operations": _function("for i in range(10**5): x = x + 1\nreturn x"),
    "many leaves": _function(
        "return sum(torch.ones(1, requires_grad=True) for i in range(30000)) + x"
    ),
    "many results": _function("return [x * i for i in range(30000)]"),
    "many chunks": "torch.ones(30000).mul(x).chunk(30000)[5]",
    "one node with many results": "sum(torch.ones(20000).mul(x).unbind())",
    "printing much": _function("print('x' * 10**8)\nreturn x"),
    "printing often": _function("for i in range(10**6): print(i)\nreturn x"),
    "printing large tensors": _function(
        "for i in range(10**4): print(torch.ones(100, 100))\nreturn x"
    ),
    "a long error": _function("raise ValueError('x' * 10**7)"),
    "an error of long arguments": _function("raise ValueError(['x' * 1000] * 10**4)"),
    "an error with a hostile text": _function(
        "raise ValueError('<img src=x onerror=alert(1)>' * 100)"
    ),
    "an error of a tensor": _function("raise ValueError(torch.ones(5000, 5000))"),
    "a chain of errors": _function(
        "e = ValueError('x')\nfor i in range(10**5):\n    try: raise e\n"
        "    except ValueError as d: e = RuntimeError(d)\nraise e"
    ),
    "an error from an error": _function("try: 1/0\nfinally: raise ValueError('y' * 10**6)"),
    "a long assertion": _function("assert False, 'x' * 10**7"),
    "a key error of a tensor": _function("return {}[torch.ones(1000)]"),
    "a long shown value": "# %%\n'x' * 10**7",
    "a large shown list": "# %%\nlist(range(10**7))",
    "a large shown tensor": "# %%\ntorch.arange(10**7)",
    "plots of many points": "plt.plot(range(10**6), range(10**6))\nplt.show()",
    "many plots": "for i in range(10**5):\n    plt.plot([1], [2])\nplt.show()",
    "many figures": "for i in range(10**4):\n    plt.plot([1], [2])\n    plt.show()",
    "a long title": "plt.title('x' * 10**7)\nplt.plot([1], [2])\nplt.show()",
    "a hostile title": "plt.title('<script>alert(1)</script>')\nplt.plot([1], [2])\nplt.show()",
    "points that are no numbers": "plt.plot([float('nan')] * 100, [float('inf')] * 100)\nplt.show()",
    "many decisions": _function("for i in range(10**5):\n    if x > i: x = x - 0\nreturn x"),
    "many passes": "x = torch.ones(1, requires_grad=True)\nfor i in range(5000): (x*x).sum().backward()",
    "many hooks": (
        "x = torch.ones(1, requires_grad=True)\nfor i in range(10**5): x.register_hook(lambda g: g)\n"
        "(x*x).sum().backward()"
    ),
    "many names": _function("".join(f"y{i} = x + {i}\n" for i in range(900)) + "return x"),
    "a shape of many sides": _function("return torch.ones([1]*64).mul(x).sum()"),
    "a shape of huge sides": "torch.ones(1).expand(2**40, 2**20).shape and x*1",
    "an empty tensor of huge sides": "torch.zeros(0, 2**40, 2**20).sum() * x",
    "not a tensor": _function("return 'x' * 10**6"),
    "a function as the result": _function("return lambda: x"),
    "a layer as the result": _function("return nn.Linear(2, 2)"),
    "nothing as the result": _function("x * 2"),
    "complex results": _function("return torch.complex(x, x) * 1e38 * 1e38"),
    "integers as results": _function("return (x * 10).long() * 2**62"),
    "crash by a bad index": _function(
        "return F.embedding(torch.tensor([10**9]), torch.ones(2, 2)).sum()*x"
    ),
    "crash by a bad window": "torch.stft(x.reshape(1), 10**9)",
    "crash by bad sizes": "F.max_pool2d(torch.ones(1, 1, 4, 4), 10**9).sum() * x",
    "a result that is expanded only": (
        "y = torch.ones(1, requires_grad=True).expand(10**9)\nprint(y.grad_fn)\ny"
    ),
    "a result that is expanded only, of a function": "(x * 2).expand(10**9)",
    "an error whose text cannot be made": "raise ValueError(10**5000)",
    "an error whose list cannot be shown": "raise KeyError([10**5000])",
    "an error of half a character": "raise ValueError(chr(0xd800))",
    "a result that cannot be shown": "# %%\n[10**5000]",
    "printing what cannot be shown": "print([10**5000])",
    "layers named by half a character": (
        "m = nn.ModuleDict({chr(0xd800): nn.Linear(1, 1)})\nm[chr(0xd800)](torch.ones(1)).backward()"
    ),
    "layers with a long name": (
        "m = nn.ModuleDict({'x' * 10**6: nn.Linear(1, 1)})\nm['x' * 10**6](torch.ones(1)).backward()"
    ),
    "deep layers": (
        "m = nn.ReLU()\nfor i in range(5000): m = nn.Sequential(m)\nm(torch.ones(1, requires_grad=True))"
    ),
    "a layer in itself": (
        "class C(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.layer = self\n    def forward(self, x): return x\nprint(C())"
    ),
    "a deep map": _function(
        "y = iter([1])\nfor i in range(10**5): y = map(abs, y)\nlist(y)\nreturn x"
    ),
    "a deep partial": (
        "from functools import partial\np = print\nfor i in range(10**5): p = partial(partial, p)\np"
    ),
    "deep lists compared": _function(
        "y = []\nz = []\nfor i in range(10**5): y, z = [y], [z]\nreturn x * (y == z)"
    ),
    "a list that holds itself as the result": _function("y = [x]\ny.append(y)\nreturn y"),
    "an endless iterator as the result": ("from itertools import count\ndef f(x): return count()"),
    "a generator left open in no_grad": (
        "def g():\n    with torch.no_grad():\n        yield 1\nn = g()\nnext(n)\n"
        "x = torch.ones(1, requires_grad=True)\n(x*x).sum().backward()"
    ),
    "a tensor that escaped from vmap": (
        "L = []\ntorch.vmap(lambda v: L.append(v) or v)(torch.ones(3))\nprint(L[0])\nL[0].sum()"
    ),
    "a tensor that escaped from a Hessian": (
        "L = []\ntorch.func.hessian(lambda v: L.append(v*v) or (v*2).sum())(torch.ones(2))\nL[0]"
    ),
    "a tensor without values": "x = torch.ones(2).to('meta')\nprint(x)\ny = x * 2\ny",
    "a leaf that shrinks before backward": (
        "x = torch.ones(1000, requires_grad=True)\ny = (x*x).sum()\nx.data = torch.ones(2)\n"
        "y.backward()"
    ),
    "a saved index that grows": (
        "i = torch.zeros(4).long()\nx = torch.ones(4, requires_grad=True)\ny = x.gather(0, i).sum()\n"
        "i.data.fill_(10**12)\ny.backward()"
    ),
    "crash by a saved index": (
        "x = torch.ones(1, 1, 4, 4, requires_grad=True)\n"
        "wrong = lambda t: torch.full((1, 1, 2, 2), 10**9) if t.dtype == torch.int64 else t\n"
        "with torch.autograd.graph.saved_tensors_hooks(lambda t: t, wrong):\n"
        "    y = F.max_pool2d(x, 2).sum()\ny.backward()"
    ),
    "crash by a division": ("torch.div(torch.tensor([-2**63]), -1, rounding_mode='trunc')"),
    "crash by a backward run in a backward run": (
        "class S(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x): return x * 1\n"
        "    @staticmethod\n    def backward(ctx, g):\n        y = torch.ones(1, requires_grad=True)\n"
        "        with torch.enable_grad(): S.apply(y).backward()\n        return g\n"
        "S.apply(torch.ones(1, requires_grad=True)).backward()"
    ),
    "crash by a saved index of an adaptive pool": (
        "x = torch.ones(1, 1, 4, 4, requires_grad=True)\n"
        "wrong = lambda t: torch.full((1, 1, 2, 2), 9999999) if t.dtype == torch.int64 else t\n"
        "with torch.autograd.graph.saved_tensors_hooks(lambda t: t, wrong):\n"
        "    y = F.adaptive_max_pool2d(x, 2).sum()\ny.backward()"
    ),
    "a traceback of an anomaly": (
        "torch.autograd.set_detect_anomaly(True)\nx = torch.tensor([0.0], requires_grad=True)\n"
        "(x.sqrt() * 0).sum().backward()"
    ),
    "texts of one's own in every place": (
        "class V:\n    def __repr__(self): return '<img src=x onerror=alert(1)>' * 1000\n"
        "    def __str__(self): raise KeyError(self)\nprint([V()])\nV()"
    ),
    "addresses of many objects": ("print([lambda: 0, (i for i in [1]), iter([])])"),
    "crash by negative sizes": "torch.ones(-1, -10**9) * x",
}

BOMBS: Final = {
    f"{kind}: {name}": source
    for kind, sources in (
        ("parser", PARSER),
        ("time", TIME),
        ("memory", MEMORY),
        ("record", RECORD),
    )
    for name, source in sources.items()
}

TEXT_BOMBS: Final = {
    "a large tensor": "torch.ones(10**11)",
    "a large random tensor": "torch.randn(10**6, 10**6)",
    "a tower of powers": "9**9**9**9",
    "a long list": "[" + "1," * 400 + "1]",
    "a deep list": "[" * 300 + "1" + "]" * 300,
    "a very long text": "1" * 10**6,
    "a list in C": "list(range(10**10))",
    "a repeated list": "[1.0] * 10**11",
    "a nested comprehension": "[[i for i in range(10**6)] for j in range(10**6)]",
    "not a tensor": "print",
    "a name": "y",
    "nothing": "",
    "a zero byte": "1\0",
    "a surrogate": "\ud800",
    "two statements": "1; 2",
    "a whole number beyond all": "9" * 900,
    "a float beyond all": "1e999",
    "a sum in C": "sum(range(10**12))",
}
