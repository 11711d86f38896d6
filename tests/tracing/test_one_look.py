"""Looks from several threads: one after the other, and none waits for ever."""

from __future__ import annotations

import threading
import time
from typing import Any

import torch

from viz import trace


def in_threads(*functions: Any) -> list[Any]:
    results: list[Any] = []
    threads = [threading.Thread(target=lambda f=f: results.append(f())) for f in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return results


def test_one_look_follows_the_other() -> None:
    seen: list[str] = []
    weight = torch.ones((), requires_grad=True)

    def slowly(x: torch.Tensor) -> torch.Tensor:
        seen.append("in")
        time.sleep(0.06)  # longer than the other one's patience
        seen.append("out")
        return x * weight * torch.rand(())

    before = torch.get_rng_state()
    first, second = in_threads(*[lambda: trace(slowly, 2.0)] * 2)
    assert seen == ["in", "out"] * 2
    assert first == second
    assert weight.grad is None
    assert torch.equal(torch.get_rng_state(), before)


def test_a_look_within_another_ones_threads_is_not_waited_for() -> None:
    def f(x: torch.Tensor) -> torch.Tensor:
        (inner,) = in_threads(lambda: trace(lambda y: y * 3, 5.0))
        return x * inner.value.values[0]

    assert trace(f, 2.0).gradients["x"].values == (15.0,)  # type: ignore[union-attr]
