"""Values inside one call: what was only laid out anew is read without making the call once more."""

import pytest
import torch
from torch import nn

import viz
from viz.tracing.recording.forward import intake
from viz.tracing.recording.nodes.inner_values import LAID_OUT

W = torch.arange(6.0).reshape(2, 3).requires_grad_()


@pytest.mark.parametrize(
    "laid_out",
    [
        lambda w: w.t(),
        lambda w: w.transpose(0, 1),
        lambda w: w.transpose(-1, 0),
        lambda w: w.repeat(2, 1),
        lambda w: w.repeat(2, 1, 3),
    ],
)
def test_laying_out_once_more_gives_the_same(laid_out):
    once = laid_out(W)
    again = LAID_OUT[type(once.grad_fn).__name__](once.grad_fn, W)
    assert torch.equal(once, again)
    assert once.stride() == again.stride()


@pytest.mark.parametrize(
    ("function", "given", "op", "expected"),
    [
        (nn.LSTM(3, 2, batch_first=True), W[None], "TransposeBackward0", W[None].transpose(0, 1)),
        (lambda w: nn.functional.linear(torch.ones(1, 2, 3), w), W, "TBackward0", W.t()),
        (
            lambda x, w: nn.functional.instance_norm(x, weight=w).sum(),
            (torch.ones(2, 3, 4), W[1]),
            "RepeatBackward0",
            W[1].repeat(2),
        ),
    ],
)
def test_no_call_is_made_once_more_for_it(function, given, op, expected, monkeypatch):
    made_again = []
    monkeypatch.setattr(intake, "seen_again", lambda again, _: made_again.append(again))
    run = viz.trace(function, *(given if isinstance(given, tuple) else (given,)))
    value = next(node.value for node in run.nodes if node.op == op)
    assert not made_again
    assert (value.shape, value.requires_grad) == (tuple(expected.shape), True)
    assert list(value.values) == expected.flatten().tolist()


def test_values_inside_a_packed_recurrent_layer_are_those_that_its_products_have() -> None:
    packed = torch.nn.utils.rnn.pack_sequence([torch.ones(2, 2), torch.ones(1, 2)])
    layer = torch.nn.GRU(2, 2)
    batch = torch.nn.utils.rnn.PackedSequence
    run = viz.trace(lambda data: layer(batch(data, packed.batch_sizes))[0].data.sum(), packed.data)
    assert all(node.value for node in run.nodes)
    product = next(node for node in run.nodes if node.op == "MulBackward0")
    factors = [edge for edge in run.edges if edge.target == product.id]
    first, second = [run.node(each.source).port(each.output_index).value for each in factors]
    expected = torch.tensor(first.values) * torch.tensor(second.values)
    assert torch.allclose(torch.tensor(product.value.values), expected)


def test_values_inside_a_transform_are_those_that_its_nodes_kept() -> None:
    run = viz.trace(lambda x: torch.vmap(lambda t: t.sin() * t)(x).sum(), torch.tensor([1.0, 2.0]))
    (sine,) = [node.value for node in run.nodes if node.op == "SinBackward0"]
    assert sine.values == tuple(torch.tensor([1.0, 2.0]).sin().tolist())
