"""PyTorch's own database of operators: its differentiable ones, with samples in float64."""

import itertools
import warnings

import torch

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the database's own imports warn
    from torch.testing._internal import common_utils
    from torch.testing._internal.common_methods_invocations import op_db
    from torch.testing._internal.opinfo import core

for module in (core, common_utils):
    module.extract_test_fn = lambda: None
"""The database looks for a `unittest` test on the stack at each sample, and reads the source of all
of pytest for it, which takes longer than the sample. There is none."""

SAMPLES = 2
DIFFERENTIABLE = [op for op in op_db if op.supports_autograd and torch.float64 in op.dtypes]


def seed():
    """Begins torch's random numbers anew. `torch.manual_seed` would write down the whole stack, for
    each kind of device that is not there, and all of pytest stands on it."""
    torch.default_generator.manual_seed(0)


def samples():
    """(name, function without arguments, its differentiable leaves) for each sample."""
    for op in DIFFERENTIABLE:
        for sample in itertools.islice(op.sample_inputs("cpu", torch.float64, True), SAMPLES):

            def run(op=op, sample=sample):
                return op(sample.input, *sample.args, **sample.kwargs)

            leaves = [
                tensor
                for tensor in flat((sample.input, sample.args, sample.kwargs))
                if tensor.requires_grad and tensor.is_leaf
            ]
            if leaves:
                yield op.name, run, leaves


def flat(value):
    """The tensors in nested tuples, lists and dicts."""
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, tuple | list):
        return [tensor for each in value for tensor in flat(each)]
    return []
