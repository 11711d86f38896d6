"""Keyword arguments that are kept out stay out, also where the program has a parameter so named."""

from __future__ import annotations

import pytest

from viz.errors import ProgramRejected
from viz.program import check

MARK = "---\n"
OWN = """\
from dataclasses import dataclass
@dataclass
class A:
    name: str
    v: float
def f(x):
    a = A(name='x', v=2.0)
    return x*a.v
---
class A:
    def told(self, name, f):
        return f(2.0)
def f(x):
    return x*A().told(name='a', f=sin)
---
class A:
    def __init__(self, name):
        self.title = name
class B(A):
    def __init__(self, name):
        super().__init__(name=name)
def f(x):
    B(name='u')
    return x
---
def g(x, f):
    return f(x)
def f(x):
    return g(x, f=sin)
"""
LIBRARIES = """\
def g(x, fused=True):
    return x
w = torch.nn.Parameter(torch.ones(2))
o = torch.optim.SGD([w], lr=0.1, fused=True)
---
def g(worker_init_fn):
    return worker_init_fn
d = torch.utils.data.DataLoader([1,2], worker_init_fn=g)
---
def g(x, assign=1):
    return x
m = torch.nn.Linear(1,1)
m.load_state_dict({}, assign=True)
---
def g(x, fused):
    return x
w = torch.optim.SGD
w([torch.ones(1)], fused=1)
"""


@pytest.mark.parametrize("source", OWN.split(MARK))
def test_a_function_of_ones_own_takes_its_own_names(source: str) -> None:
    assert check(source).source == source


@pytest.mark.parametrize("source", LIBRARIES.split(MARK))
def test_a_library_s_function_does_not_take_them(source: str) -> None:
    with pytest.raises(ProgramRejected, match="is not allowed"):
        check(source)
