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
    sides = {"1": "", "2": ".expand(1, 8, 8).clone()[None]", "3": ".expand(8, 8, 8).clone()[None]"}
    number = next(digit for digit in pool if digit in sides)
    sides["3"] = ".expand(8, 8, 8).clone()[None, None]"
    return SOURCE.format(sides=sides[number], pool=pool, way=way)


@pytest.mark.parametrize("way", WAYS)
def test_a_pass_backward_writes_where_the_pooling_found_its_values(allowlist_alone, way):
    told = [allowlist_alone.trace(_source(pool, way)).printed for pool in POOLS]
    assert told == ["True True\n"] * len(POOLS)


def test_where_nothing_holds_them_the_process_ends(nothing_on):
    with pytest.raises(RunStopped):
        nothing_on(_source(POOLS[4], WAYS[0]))
