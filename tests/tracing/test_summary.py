"""Many tensors read in one go are told exactly as one by one."""

import pytest
import torch

from viz.tracing.summary import FEW, quiet, summaries, summary

KINDS = {
    "numbers": [torch.tensor(float(k)) for k in range(6)],
    "vectors": [torch.arange(3.0) * k for k in range(6)],
    "matrices": [torch.arange(6.0).reshape(2, 3) + k for k in range(6)],
    "float64": [torch.rand(2, dtype=torch.float64) for _ in range(6)],
    "half": [torch.rand(2, dtype=torch.bfloat16) for _ in range(6)],
    "integers": [torch.tensor([2**53 + 1, -k]) for k in range(6)],
    "truths": [torch.tensor([True, False]) for _ in range(6)],
    "not numbers": [torch.tensor([float("nan"), float("inf"), -0.0]) for _ in range(6)],
    "empty": [torch.empty(0, 2) for _ in range(6)],
    "large": [torch.rand(9, 9) + k for k in range(6)],
    "complex": [torch.tensor([1 + 2j]) * k for k in range(6)],
    "views": list(torch.arange(12.0).reshape(6, 2).T[0:1].expand(6, 6)),
    "negated views": [torch.tensor([1 + 2j, 3j]).conj().imag for _ in range(6)],
    "zeros that are not filled in": [torch._efficientzerotensor((2,)) for _ in range(6)],
    "zeros between others": [torch.ones(2), torch._efficientzerotensor((2,))] * 3,
    "sparse": [torch.eye(2).to_sparse() for _ in range(6)],
    "leaves": [torch.ones(2, requires_grad=k % 2 == 0) for k in range(6)],
    "few": [torch.ones(2)] * (FEW - 1),
    "none": [],
    "mixed": [torch.ones(2), torch.ones(3), torch.ones(2, dtype=torch.int64)] * 5,
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_is_told_as_one_by_one(kind):
    tensors = KINDS[kind]
    with quiet():
        # as text: a NaN is equal to none
        assert repr(summaries(tensors)) == repr([summary(tensor) for tensor in tensors])


def test_what_is_told_is_what_is_there():
    with quiet():
        told = summaries([torch.arange(4.0).reshape(2, 2) * k for k in range(5)])
    assert [each.values for each in told] == [(0.0, k, 2.0 * k, 3.0 * k) for k in range(5)]
    assert {each.shape for each in told} == {(2, 2)}
