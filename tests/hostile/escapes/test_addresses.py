"""No text that typed code can make holds an address or part of one: two processes say the same."""

import re
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from viz.sandbox.server.client import Sandbox

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")

OBJECTS = (Path(__file__).parent / "addresses.txt").read_text().splitlines()
PRELUDE = """
from functools import partial
from collections import OrderedDict, defaultdict, deque
from itertools import chain, count, cycle, islice, repeat
from torch.optim.lr_scheduler import LambdaLR, StepLR
class A:
    def __call__(self, v): return v
    def forward(self): return self
def f(v): return v
def g(): yield 1
held = []
class Own(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        held.append(ctx)
        return x * 1
    @staticmethod
    def backward(ctx, grad): return grad
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.act = f
        self.hidden = A()
    def forward(self, x): return x
x = torch.ones(1, requires_grad=True)
y = Own.apply(x) * 2
ctx = held[0]
super_net = Net()
"""
WAYS = {
    "in parts": "s = str(v)\nprint([s[n:n + 7] for n in range(0, len(s), 7)])",
    "backwards": "print(repr(v)[::-1])",
    "spelled": "print(' '.join(f'{v}' + '%s' % (v,) + '{}'.format(v)))",
    "in a list": "print(' '.join(str([v, (v,), {1: v}])))",
    "replaced": "print(str(v).replace('0x', '').replace('at', ''))",
    "as an error's words": "print('-'.join(str(KeyError(v)) + str(ValueError(v, [v]))))",
    "as numbers": "print([len(str(v)), max(map(ord, str(v))), str(v).count('7')])",
}
ADDRESS = re.compile(r"(?:[0-9a-f](?:', '|[ -])?){9,}")
"""Nine digits of a number to the base of sixteen, spelled or in parts; no word is so long."""


def _source(name: str, objects: Sequence[str]) -> str:
    code = WAYS[name].replace("\n", "\n        ")
    lines = [f"    {text}," for text in objects]
    return "\n".join(
        [
            PRELUDE,
            "objects = [",
            *lines,
            "]",
            "for v in objects:",
            "    if True:",
            f"        {code}",
        ]
    )


@pytest.fixture(scope="module")
def two_processes(everything_on: Sandbox, allowlist_alone: Sandbox) -> tuple[Sandbox, Sandbox]:
    """Two warm parents: their memory is laid out in two ways."""
    return everything_on, allowlist_alone


def test_there_are_many_kinds_of_objects():
    assert len(OBJECTS) == len(set(OBJECTS)) >= 95


@pytest.mark.parametrize("half", [0, 1])  # of a long output the middle is left out
@pytest.mark.parametrize("way", WAYS)
def test_two_processes_say_the_same(two_processes, way, half):
    objects = OBJECTS[half::2]
    told = [each.trace(_source(way, objects)) for each in two_processes]
    first, second = (each.printed for each in told)
    assert [cell.failure for each in told for cell in each.cells] == [None] * len(told)
    assert first == second
    assert len(first.splitlines()) >= len(objects)
    assert ADDRESS.findall(first) == []


SHOWN = {
    "the last value": "A()",
    "a last value in a list": "[f, A(), g()]",
    "an error": "raise ValueError(A(), f)",
    "an error of Python's": "{}[A()]",
    "an assertion": "assert False, [A()]",
    "an error of torch's": "torch.stack([A()])",
    "another error of torch's": "torch.tensor(A())",
    "an error of an operator": "A() + f",
    "a state that is refused": "torch.optim.SGD([x], lr=0.1).load_state_dict(A())",
    "a layer's text": "print(' '.join(str(super_net)))",
    "a plot's words": "plt.plot([1], label=str(A())[:20])\nplt.title(str(f))",
    "an input of a hook": "x.register_hook(lambda g: print(str(ctx)[3:]))\ny.sum().backward()",
    "a warning": "import torch\nprint(str(Own())[::-1])",
    "an order": "print([v.hidden for v in {A2(n) for n in range(30)}])",
}


@pytest.mark.parametrize("name", SHOWN)
def test_what_else_is_shown_says_no_address(two_processes, name):
    own = "class A2:\n    def __init__(self, n): self.hidden = n\n"
    told = []
    for each in two_processes:
        record = each.trace(f"{PRELUDE}{own}{SHOWN[name]}")
        told.append(
            [(c.printed, c.shown, c.failure and c.failure.message, c.plots) for c in record.cells]
        )
    assert told[0] == told[1]
    assert not re.search("0x[0-9a-f]{4}", str(told))


def test_runs_side_by_side_say_the_same(two_processes):
    source = f"{PRELUDE}print(''.join(str([A(), f, g(), ctx, y.grad_fn]))[5:70])"
    with ThreadPoolExecutor(4) as pool:
        told = set(pool.map(lambda n: two_processes[n % 2].trace(source).printed, range(20)))
    assert len(told) == 1


@pytest.mark.parametrize("way", [way for way in WAYS if way != "as numbers"])
def test_an_address_would_be_found(way, capsys):
    class Telling:
        def __repr__(self) -> str:
            return "<function f at 0x7fa12efdc850>"

    exec(WAYS[way], {"v": Telling()})  # noqa: S102
    assert ADDRESS.search(capsys.readouterr().out)
