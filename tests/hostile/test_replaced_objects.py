"""Objects that numpy is reckoning with stay alive, whatever the program writes over them.

Where they do not, a list that the program lays into the memory of a number of its own is taken for
that number, and leads to everything: these programs got out with the allowlist alone.
"""

import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")

PROGRAM = """\
import numpy as np
import operator
held = []
def later():
    try:
        yield 1
    finally:
        held.append([0, list, 0, 1]); held.append([0, list, 0, 1]); held.append([0, list, 0, 1])
class Box: pass
class A:
    def write(self):
        {write}
    def again(self):
        g = later()
        next(g)
        self.write()
        return False
    def __ge__(self, other): return self.again()
    def __add__(self, other):
        self.again()
        return NotImplemented
b = np.array([0, 0, 0], dtype=object)
b[0] = int('123456789')
box, many = Box(), [b, {{'b': b}}]
box.b = b
a = np.array([A(), 5, 5], dtype=object)
found = {call}
print(type(found).__name__ in ('int', 'A'), found)
"""
WRITES = (
    "b[0] = 0",
    "b[:] = 0",
    "b[0], c = 0, 1",
    "for b[0] in (0, 1): pass",
    "b[:1] = [0]",
    "b.flat[0] = 0",
    "b.fill(0)",
    "b.put([0], [0])",
    "many[0][0] = 0",
    "many[0] *= 0",
    "many[1]['b'] *= 0",
    "box.b *= 0",
    "box.b[0] -= 1",
    "np.copyto(b, 0)",
    "np.place(b, [True, True, True], [0])",
    "np.putmask(b, [True, True, True], 0)",
    "np.put(b, [0], [0])",
    "np.multiply(b, 0, out=b)",
    "np.multiply(b, 0, b)",
    "np.multiply(*[b, 0, b])",
    "np.add.at(b, [0], 1)",
    "b.cumsum(0, None, b)",
    "b.sort()",
    "b.ravel()[0] = 0",
    "b.reshape(3, 1)[0, 0] = 0",
    "b[0:2].fill(0)",
)
CALLS = ("np.maximum(a, b)[0]", "np.maximum.outer(a, b)[0, 0]")


@pytest.mark.parametrize("write", WRITES)
def test_what_is_written_over_is_the_number_still(allowlist_alone, write):
    for call in CALLS:
        trace = allowlist_alone.trace(PROGRAM.format(write=write, call=call))
        failed = [cell.failure.message for cell in trace.cells if cell.failure]
        assert not failed, failed
        assert trace.printed == "True 123456789\n"


ASKED = "getattr(torch.zeros(3), 'nu' + 'mpy')()"
UNNAMED = """\
zero = getattr(torch.zeros(3), 'nu' + 'mpy')()
junk = []
class Made:
    def __init__(self, of): self.of = of
    def __radd__(self, other): return self.of()
class A:
    def __add__(self, other):
        b[0] = 0
        junk.extend([0.5] * 3 for _ in range(300))
        return NotImplemented
class B:
    def __init__(self): self.number = 7
    def __radd__(self, other): return self.number
b = zero + Made(B)
print((zero + Made(A) + b)[0])
"""


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        (
            PROGRAM.format(write="b[0] = 0", call=CALLS[0]).replace("numpy", "\uff4eumpy"),
            "True 123456789\n",
        ),
        *(
            ("import sys\n" + UNNAMED.replace(ASKED, zeros), "7\n")
            for zeros in (
                ASKED,
                "torch.zeros(3).__getattribute__('nu' + 'mpy')()",
                "np.zeros(3)",
                "plt.bar([1, 2], [3, 4])[0].get_x().repeat(3)",
                "sys.modules['nu' + 'mpy'].abs([0, 0, 0])",
            )
        ),
    ],
    ids=[
        "in other letters",
        "by a name made at run time",
        "by Python's own method",
        "without an import",
        "of a bar",
        "of the modules that there are",
    ],
)
def test_arrays_are_met_however_they_are_called(allowlist_alone, source, printed):
    assert allowlist_alone.trace(source).printed == printed


WITHOUT_CLASSES = {
    "a generator's end": """\
def later(i):
    try:
        yield 1
    finally:
        b[i] = 0
        b[0] = [1, 2, 3]
def fill():
    for i in range(10):
        b[i] = later(i)
        next(b[i])
b = np.array([0] * 10, dtype=object)
fill()
b[:] = 0
fill()
b[:] = [1] * 10
print(type(b[9]) is int, b[0] - 1)
""",
    "what compares": """\
import functools
def compare(one, other):
    b[0] = 0
    held.append([0.5] * 3)
    return -1
held = []
kind = functools.cmp_to_key(compare)
a = np.array([kind(1), 5, 5], dtype=object)
b = np.array([0, 0, 0], dtype=object)
b[0] = kind(int('123456789'))
print(type(np.maximum(a, b)[0]) == type(a[0]), b[0])
""",
}


@pytest.mark.parametrize("way", WITHOUT_CLASSES)
def test_what_runs_while_numpy_reckons_needs_no_class(allowlist_alone, way):
    assert allowlist_alone.trace(WITHOUT_CLASSES[way]).printed == "True 0\n"


ONCE = """\
import numpy as np
class Box:
    total = 0
made = []
def box():
    made.append(Box())
    return made[-1]
box().total += 5
made[0].total += 1
print(len(made), made[0].total, Box.total)
"""


def test_what_is_changed_is_asked_for_once(allowlist_alone):
    assert allowlist_alone.trace(ONCE).printed == "1 6 0\n"


STEPS = """\
import torch
from torch import nn
p = nn.Parameter(torch.ones(2_000))
o = {made}
(p * 2).sum().backward()
o.step()
{change}
o.step()
"""


@pytest.mark.parametrize(
    ("made", "change"),
    [
        (
            "torch.optim.SGD([p], lr=.1, momentum=.9)",
            "o.param_groups[0]['fused'], o.param_groups[0]['foreach'] = True, False\n"
            "o.state[p]['momentum_buffer'] = torch.zeros(1)",
        ),
        (
            "torch.optim.Adam([p])",
            "o.param_groups[0]['fused'], o.param_groups[0]['foreach'] = True, False\n"
            "o.state[p]['exp_avg'] = torch.zeros(1)",
        ),
        (
            "torch.optim.Adagrad([p])",
            "o.param_groups[0]['fused'], o.param_groups[0]['foreach'] = True, False\n"
            "o.state[p]['sum'] = torch.zeros(1)",
        ),
        ("torch.optim.SGD([{'params': [p], 'fused': True, 'foreach': False}])", ""),
    ],
)
def test_no_step_is_fused(allowlist_alone, made, change):
    source = STEPS.format(made=made, change=change)
    (cell,) = allowlist_alone.trace(source).cells
    assert "fused=True is not possible here" in cell.failure.message


UNPACKED = """\
import torch
import torch.nn.functional as F
from torch.utils.checkpoint import checkpoint
def unpack(t):
    return torch.full_like(t, 10**9) if t.dtype == torch.int64 else t
x = torch.arange(64.0).reshape({shape}).requires_grad_()
with torch.autograd.graph.saved_tensors_hooks(lambda t: t, unpack):
    y = {pool}
y.sum().backward()
print(int(x.grad.sum()) == y.numel())
"""


@pytest.mark.parametrize(
    ("shape", "pool"),
    [
        ("1, 1, 64", "F.max_pool1d(x, 2)"),
        ("1, 1, 8, 8", "F.max_pool2d(x, 2)"),
        ("1, 1, 4, 4, 4", "F.max_pool3d(x, 2)"),
        ("1, 1, 64", "F.adaptive_max_pool1d(x, 2)"),
        ("1, 1, 8, 8", "F.adaptive_max_pool2d(x, 2)"),
        ("1, 1, 4, 4, 4", "torch.nn.AdaptiveMaxPool3d(2)(x)"),
        ("1, 1, 8, 8", "torch.nn.MaxPool2d(2, return_indices=True)(x)[0]"),
    ],
)
def test_no_hook_gives_a_pooling_other_indices(allowlist_alone, shape, pool):
    trace = allowlist_alone.trace(UNPACKED.format(shape=shape, pool=pool))
    assert trace.printed == "True\n", [cell.failure for cell in trace.cells]
