"""What must have been touched in a process before it forks children that may open no file.

The first backward run, the first printed tensor, the first `vmap` import modules, read files under
/sys and /proc, or start threads. Here each happens once, with one thread, so that a child finds
everything in memory.
"""

from __future__ import annotations

import warnings
from typing import Final

import numpy
import numpy.testing
import torch
import torch.autograd.functional
import torch.func
import torch.utils.checkpoint

BLOCK: Final = 350
MOST_PIECES: Final = 140
"""Rows and columns above which a product is cut, with room to spare, and how much is summed."""


def warm() -> None:
    """Touches what typed programs use first; sets one thread, and no code made at run time.

    oneDNN compiles machine code while it runs, which a child without executable memory cannot.
    """
    torch.set_num_threads(1)
    torch.backends.mkldnn.enabled = False  # type: ignore[assignment]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what torch deprecates is not this process's business
        _touch()
        _touch_numpy()
        _multiply_whole_numbers()


def _multiply_whole_numbers() -> None:
    """Products of whole numbers of every shape that torch makes machine code of its own for: it
    cuts larger ones into such pieces, the last of them shorter.
    """
    for between in (1, 2 * BLOCK):
        for count in range(1, MOST_PIECES):
            for rows, columns in ((count, 7), (5, count)):
                one = torch.ones(rows, between, dtype=torch.int64)
                one @ torch.ones(between, columns, dtype=torch.int64)


def _touch() -> None:
    x = torch.randn(4, 4, requires_grad=True)
    (x @ x).sin().sum().backward()  # type: ignore[no-untyped-call]
    repr(x), repr(x.sum()), f"{x.sum():.3f}", x.resize(16)  # type: ignore[no-untyped-call]
    torch.broadcast_shapes((2, 1), (1, 3))  # type: ignore[no-untyped-call]
    torch.func.vmap(torch.func.grad(lambda v: v.sin()))(torch.ones(3))
    torch.func.jacrev(torch.func.jacfwd(lambda v: (v * v).sum()))(torch.ones(2))
    torch.autograd.functional.hessian(  # type: ignore[no-untyped-call]
        lambda v: (v**3).sum(), torch.ones(2)
    )
    torch.utils.checkpoint.checkpoint(torch.sin, x, use_reentrant=False).sum().backward()
    torch.linalg.inv(torch.eye(3)), torch.linalg.svd(torch.eye(3)), torch.fft.fft(torch.ones(4))
    with torch.autograd.detect_anomaly():
        (x * x).sum().backward()  # type: ignore[no-untyped-call]
    torch.utils.checkpoint.checkpoint(torch.sin, x, use_reentrant=True).sum().backward()
    torch.optim.lr_scheduler.StepLR(torch.optim.LBFGS([x]), 1)
    layers = torch.nn.Sequential(
        torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2), torch.nn.ReLU(), torch.nn.Flatten()
    )
    torch.nn.functional.cross_entropy(
        layers(torch.randn(2, 1, 5, 5)), torch.tensor([1, 0])
    ).backward()  # type: ignore[no-untyped-call]
    torch.default_generator.manual_seed(0)


def _touch_numpy() -> None:
    a = numpy.linspace(0.0, 1.0, 12).reshape(3, 4)
    numpy.random.default_rng(0).normal(size=3), numpy.random.RandomState(0).choice(5, 2)
    repr(a), str(a), repr(a > 0.5), repr(a + 1j), f"{a[0, 0]:.3f}", repr(numpy.array(["a", None]))
    numpy.linalg.solve(a[:, :3], a[:, 3]), numpy.linalg.svd(a), numpy.linalg.eig(a[:, :3])
    numpy.linalg.lstsq(a, a[:, 0]), numpy.fft.fft(a), numpy.einsum("ij,kj->ik", a, a), a @ a.T
    numpy.polyfit(a[0], a[1], 1), numpy.meshgrid(a[0], a[1]), numpy.histogram(a), numpy.unique(a)
    numpy.testing.assert_allclose(a, a)
    torch.from_numpy(a), torch.ones(2).numpy(), torch.tensor(a)
