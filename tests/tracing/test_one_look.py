"""Looks from several threads: one after the other, and none waits for ever."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any

import pytest
import torch

from viz import curve, graph_of, hessian, jacobian, surface, trace
from viz.errors import InputRejected
from viz.records import Trace


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


def inner(y: torch.Tensor) -> torch.Tensor:
    for _ in range(3):
        y = y * 2
    return y.sum()


LEFT, THREE = torch.tensor(-1.0), torch.tensor(3)
LOOKS: dict[str, Callable[[Any], Any]] = {
    "trace": lambda y: trace(inner, y),
    "derivative": lambda y: trace(lambda z: (z * z).sum(), y, order=2),
    "failure": lambda y: trace(lambda z: z @ torch.ones(7), y, partial=True).failure,
    "curve": lambda _: curve(lambda t: t * t if t > 0 else -t, LEFT, 1, points=9),  # type: ignore[arg-type]
    "surface": lambda _: surface(lambda t, u: t * u, (LEFT, 1), (LEFT, 1), points=THREE),  # type: ignore[arg-type]
    "jacobian": lambda y: jacobian(lambda z: z * z, y),
    "hessian": lambda y: hessian(lambda z: (z * z).sum(), y),
    "graph_of": lambda y: graph_of(y, names={"y": y}),
}


def told(run: Trace) -> Any:
    lines = [each.count for each in run.lines]
    return run.nodes, run.edges, run.passes, run.decisions, run.gradients, run.counts, lines


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_a_look_within_a_look_is_no_part_of_its_run(look: Callable[[Any], Any]) -> None:
    found: list[Any] = []

    def outer(x: torch.Tensor, look: Callable[[Any], Any]) -> torch.Tensor:
        y = x * 2
        found.append(look(y))
        return y.sin().sum()

    start = torch.ones(2)
    with_it, without = trace(outer, start, look=look), trace(outer, start, look=len)
    assert told(with_it) == told(without)
    alone = look(start.requires_grad_() * 2)
    assert found[0] == alone or told(found[0]) == told(alone) or len(found[0].nodes) == 3


def test_a_look_within_a_curve_is_at_each_point() -> None:
    def f(x: torch.Tensor) -> torch.Tensor:
        return x * jacobian(lambda t: t**3, x).blocks[0].values[0][0]  # type: ignore[index]

    line = curve(f, -1, 1, points=3)
    assert line.derivatives[0] == tuple(3 * x**3 for x in line.x)


def test_a_look_within_a_hook_writes_no_step_down() -> None:
    found: list[Trace] = []

    def f(x: torch.Tensor) -> torch.Tensor:
        again = torch.enable_grad()(trace)
        y = x * 2
        y.register_hook(lambda _: found.append(again(lambda: (x * x).sum())))
        return y.sum()

    run = trace(f, torch.ones(2))
    assert [run.node(step.node).op for step in run.passes[0].steps] == [
        "SumBackward0",
        "MulBackward0",
        "AccumulateGrad",
    ]
    assert found[0].value.values == (2.0,)


class Held:
    """Something in a caller's variable."""


FAILING: dict[str, Callable[[], Any]] = {
    "trace": lambda: trace(lambda x: x @ torch.ones(9), torch.ones(2), partial=True),
    "curve": lambda: curve(lambda x: x @ torch.ones(9), 0, 1, points=5, partial=True),
    "curve at points": lambda: curve(lambda x: x * x.item(), 0, 1, points=5),
    "surface": lambda: surface(lambda x, y: x[y], (0, 1), (0, 1), points=3, partial=True),
    "jacobian": lambda: jacobian(torch.sin, torch.ones(2), gradient=torch.ones(3), partial=True),
}


@pytest.mark.parametrize("look", FAILING.values(), ids=FAILING)
def test_what_failed_does_not_hold_the_callers_variables(look: Callable[[], Any]) -> None:
    def caller() -> weakref.ref[Held]:
        held = Held()
        look()
        return weakref.ref(held)

    gc.collect()
    gc.disable()
    try:
        assert caller()() is None
    finally:
        gc.enable()


def test_a_function_that_has_ended_does_not_hold_its_variables() -> None:
    alive: list[bool] = []

    def f(x: torch.Tensor) -> torch.Tensor:
        held, y = Held(), x * 2
        there = weakref.ref(held)
        y.register_hook(lambda _: alive.append(there() is not None))
        return y.sum()

    trace(f, torch.ones(2))
    assert alive == [False]


def test_a_look_within_a_transform_is_outside_of_it() -> None:
    def slope(x: torch.Tensor) -> torch.Tensor:
        return x * trace(lambda t: t * t, 3.0).gradients["t"].values[0]  # type: ignore[union-attr,index]

    assert torch.vmap(slope)(torch.ones(2)).tolist() == [6.0, 6.0]
    assert torch.func.grad(slope)(torch.tensor(1.0)) == 6.0
    for look in (lambda x: trace(lambda t: t * t, x), lambda x: trace(lambda: x * x), graph_of):
        with pytest.raises(InputRejected, match="no numbers of its own"):
            torch.vmap(look)(torch.ones(2))
