"""Indices that a pass backward trusts are out of the program's reach."""

import sys

import pytest

from viz.errors import RunStopped

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")

POOLS = [
    call.format(n=n)
    for n in (1, 2, 3)
    for call in (
        "F.max_pool{n}d(x, 2, return_indices=True)",
        "nn.MaxPool{n}d(2, return_indices=True)(x)",
        "F.adaptive_max_pool{n}d(x, 2, return_indices=True)",
        "nn.AdaptiveMaxPool{n}d(2, return_indices=True)(x)",
    )
] + ["torch.adaptive_max_pool1d(x, 2)"]
WAYS = ("places.numpy()[...]", "places.data[...]")
SOURCE = """\
import torch
from torch import nn
import torch.nn.functional as F
x = torch.arange(8.0).reshape(1, 1, 8){sides}.requires_grad_()
y, places = {pool}
first = places.clone()
{way} = 10**13
y.sum().backward()
print(int(x.grad.sum()) == y.numel(), bool((first >= 0).all()))
"""


def _source(pool: str, way: str) -> str:
    sides = {"1": "", "2": ".expand(1, 1, 8, 8).clone()", "3": ".expand(1, 1, 8, 8, 8).clone()"}
    number = next(digit for digit in pool if digit in sides)
    return SOURCE.format(sides=sides[number], pool=pool, way=way)


@pytest.mark.parametrize("way", WAYS)
def test_a_pass_backward_writes_where_the_pooling_found_its_values(allowlist_alone, way):
    told = [allowlist_alone.trace(_source(pool, way)).printed for pool in POOLS]
    assert told == ["True True\n"] * len(POOLS)


def test_where_nothing_holds_them_the_process_ends(nothing_on):
    with pytest.raises(RunStopped):
        nothing_on(_source(POOLS[4], WAYS[0]))


SHRUNK = """\
import torch
import torch.nn.functional as F
x = torch.arange(512.0).reshape(1, 1, 8, 8, 8).requires_grad_()
u = x * 1
y = F.max_pool3d(u, 2)
{change}
y.sum().backward()
"""
CHANGES = (
    "u.data = torch.ones(1, 1, 2, 2, 2)",
    "setattr(u, 'data', torch.ones(1, 1, 2, 2, 2))",
    "with torch.no_grad(): torch.add(torch.ones(1, 1, 2, 2, 2), 1, out=u)",
)


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_graph_has_kept_keeps_its_shape(allowlist_alone, change):
    trace = allowlist_alone.trace(SHRUNK.format(change=change))
    assert "a graph has kept this tensor" in trace.cells[-1].failure.message


def test_what_no_graph_keeps_may_have_another(allowlist_alone):
    source = "w = torch.nn.Linear(2, 3).weight\nw.data = torch.ones(1, 2)\nprint(w.shape)"
    assert allowlist_alone.trace(source).printed == "torch.Size([1, 2])\n"


@pytest.mark.parametrize("sign", ["", "-"])
def test_an_embedding_that_counts_keeps_its_own(allowlist_alone, sign):
    source = (
        "e = torch.nn.Embedding(3, 4, scale_grad_by_freq=True)\ni = torch.tensor([0, 0, 1])\n"
        f"y = e(i)\ni.numpy()[:] = {sign}10**12\ny.sum().backward()\n"
        "print(e.weight.grad[:, 0].tolist())"
    )
    assert allowlist_alone.trace(source).printed == "[1.0, 1.0, 0.0]\n"
