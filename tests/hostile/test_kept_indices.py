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


TURNED = """\
import torch
s = torch.sparse_coo_tensor(torch.tensor([[0, 1], [4, 3]]), torch.ones(2), (2, 5)).coalesce()
d = s.detach()
places = torch.tensor([[0], [4]])
t = torch.sparse_coo_tensor(places, torch.ones(1), (2, 5))
{change}
print(d.to_dense().sum().item(), t.to_dense().sum().item())
"""
KEPT_APART = (
    "places.numpy()[...] = 10**9",
    "s.indices().numpy()[...] = 10**9",
    "d.indices().data[...] = 10**9",
)
REFUSED = {
    "s.t_()": "not turned in place",
    "s.transpose_(0, 1)": "not turned in place",
    "s.swapaxes_(0, 1)": "not turned in place",
    "torch.sparse_coo_tensor([[0], [5]], [1.0], (2, 5))": "size is inconsistent with indices",
    "torch.sparse_coo_tensor([[0], [-1]], [1.0], (2, 5))": "found negative index",
    "torch.sparse.FloatTensor(places + 9, torch.ones(1), (2, 5))": "size is inconsistent",
}


@pytest.mark.parametrize("change", KEPT_APART)
def test_a_sparse_tensor_keeps_its_indices_apart(allowlist_alone, change):
    assert allowlist_alone.trace(TURNED.format(change=change)).printed == "2.0 1.0\n"


@pytest.mark.parametrize("change", REFUSED)
def test_a_sparse_tensor_has_no_other_indices(allowlist_alone, change):
    failure = allowlist_alone.trace(TURNED.format(change=change)).failure
    assert failure is not None
    assert REFUSED[change] in failure.message


ALIGNED = """\
import torch
import torch.nn.functional as F
p = torch.zeros(4, 1, 3).log_softmax(2).requires_grad_()
targets = torch.tensor([{targets}])
loss = F.ctc_loss(p, targets, {lengths})
targets.numpy()[...] = 10**9
loss.backward()
print(bool(p.grad.abs().sum() < 9))
"""


def test_a_loss_over_alignments_keeps_classes_that_there_are(allowlist_alone):
    told = allowlist_alone.trace(ALIGNED.format(targets="[1, 2]", lengths="(4,), (2,)"))
    assert told.printed == "True\n"
    for targets, lengths, why in (
        ("[1, 3]", "(4,), (2,)", "use 0 to 2"),
        ("[-1, 2]", "(4,), (2,)", "use 0 to 2"),
        ("[1, 2]", "(4,), (-2,)", "not negative"),
        ("[1, 2]", "torch.tensor([-4]), torch.tensor([2])", "not negative"),
    ):
        failure = allowlist_alone.trace(ALIGNED.format(targets=targets, lengths=lengths)).failure
        assert failure is not None
        assert why in failure.message


PACKED = """\
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
packed = pack_padded_sequence(torch.ones(4, 2, 1), torch.tensor([4, 2]))
packed.batch_sizes.numpy()[...] = {sizes}
pad_packed_sequence(packed)
"""


@pytest.mark.parametrize("sizes", ["[2, -5, -5, -5]", "[2, 1, 2, 1]"])
def test_a_packed_sequence_is_padded_by_sizes_that_fall(allowlist_alone, sizes):
    failure = allowlist_alone.trace(PACKED.format(sizes=sizes)).cells[-1].failure
    assert "never rise" in failure.message


def test_a_sparse_gradient_has_the_indices_that_were_looked_up(allowlist_alone):
    source = (
        "e = torch.nn.Embedding(5, 3, sparse=True)\ni = torch.tensor([1, 2])\n"
        "y = e(i)\ni.numpy()[:] = 10**7\ny.sum().backward()\n"
        "print(e.weight.grad.coalesce().indices().tolist())"
    )
    assert allowlist_alone.trace(source).printed == "[[1, 2]]\n"


SAVED = """\
import torch
import torch.nn.functional as F
x = torch.ones(1, 1, 4, 4, requires_grad=True)
grid = torch.zeros(1, 2, 2, 2)
{around}
    y = F.grid_sample(x, grid, align_corners=False)
{change}
y.sum().backward()
print(x.grad.sum().item())
"""
HOOKS = "with torch.autograd.graph.saved_tensors_hooks(lambda t: t, {unpack}):"
LARGER = "torch.zeros(1, 2000, 2000, 2)"


@pytest.mark.parametrize(
    ("around", "change", "told"),
    [
        ("if True:", f"grid.data = {LARGER}", "a graph has kept this tensor"),
        (
            HOOKS.format(unpack=f"lambda t: {LARGER} if t.shape[-1] == 2 else t"),
            "",
            "shape (1, 2, 2, 2) and torch.float32, as it was packed",
        ),
        (
            HOOKS.format(unpack="lambda t: t.double()"),
            "",
            "and torch.float64: use",
        ),
    ],
)
def test_what_a_graph_has_saved_keeps_its_shape(allowlist_alone, around, change, told):
    failure = allowlist_alone.trace(SAVED.format(around=around, change=change)).cells[-1].failure
    assert told in failure.message


def test_what_is_unpacked_lies_in_memory_as_it_was_packed(allowlist_alone):
    source = (
        "import torch\nx = torch.arange(6.0).reshape(2, 3).requires_grad_()\nheld = []\n"
        "def unpack(t):\n    held.append(torch.ones(1, 1).expand(t.shape))\n    return held[-1]\n"
        "with torch.autograd.graph.saved_tensors_hooks(lambda t: t.half(), unpack):\n"
        "    y = x.exp()\ny.sum().backward(retain_graph=True)\n"
        "print(x.grad.tolist(), y.grad_fn._saved_result.stride(), held[0].stride())"
    )
    rows = "[1.0, 1.0, 1.0]"
    assert allowlist_alone.trace(source).printed == f"[{rows}, {rows}] (3, 1) (0, 0)\n"


def test_a_layer_shows_no_memory_that_nobody_has_written(allowlist_alone):
    source = (
        "class Own(torch.nn.Embedding):\n    def reset_parameters(self): pass\n"
        "print(Own(30, 30).weight.view(torch.int64).unique().tolist())"
    )
    assert allowlist_alone.trace(source).printed == "[0]\n"


UNDER_WAY = """\
import torch
x = torch.ones(20, 3, requires_grad=True)
y = torch.cdist(x, x, p=1.0)
seed = torch.ones_like(y)
def hook(gradient):
    {change}
y.register_hook(hook)
y.backward(seed)
"""


@pytest.mark.parametrize(
    "change", ["gradient.resize_(1, 1)", "gradient.data = y.new_ones(1, 1)", "seed.resize_([1, 1])"]
)
def test_what_a_pass_takes_along_keeps_its_shape(allowlist_alone, change):
    trace = allowlist_alone.trace(UNDER_WAY.format(change=change))
    assert "a graph has kept this tensor" in trace.cells[-1].failure.message


def test_attention_has_as_many_keys_as_values(allowlist_alone):
    source = "a = torch.nn.functional.scaled_dot_product_attention\nq = torch.ones(1, 1, 4, 8)\n"
    assert allowlist_alone.trace(f"{source}a(q, q, q)").failure is None
    failure = allowlist_alone.trace(f"{source}a(q, q[:, :, :1], q)").failure
    assert "as many keys as values" in failure.message
