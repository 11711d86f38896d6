"""Looking does not touch: everything of the caller's is afterwards as it was before."""

from __future__ import annotations

import copy
import random
import weakref
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import pytest
import torch
from torch import nn
from torch._higher_order_ops import map as hop_map
from torch._higher_order_ops import scan, utils, while_loop
from torch.ao.quantization import FakeQuantize
from torch.nn.functional import multi_head_attention_forward, relu

from viz import curve, hessian, jacobian, surface, trace
from viz.errors import FunctionFailed
from viz.records import Trace
from viz.tracing.reach import reached
from viz.tracing.runnable import Transcript
from viz.tracing.typed.namespace import namespace


class Kept(nn.Module):
    """A model with everything that a look could change: statistics, counters, noise, buffers."""

    all_calls = 0
    history: ClassVar[list[torch.Tensor]] = []

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(1, 3)
        self.norm = nn.BatchNorm1d(3)
        self.drop = nn.Dropout(0.5)
        self.last = nn.Linear(3, 1)
        self.register_buffer("total", torch.zeros(1))
        self.register_buffer("seen_so_far", torch.empty(0), persistent=False)
        self.calls = 0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.calls += 1
        Kept.all_calls += 1
        Kept.history.append(x)
        Kept.latest = x
        self.seen = x
        self.total += 1
        self.seen_so_far.resize_(2).fill_(1)
        self.last.weight.register_hook(lambda gradient: gradient * 2)
        self.last.bias.register_post_accumulate_grad_hook(lambda _: None)
        self.last.weight.note = "seen"
        return self.last(self.drop(self.norm(self.first(x.reshape(-1, 1).to(self.total.dtype)))))


def state(model: nn.Module) -> list[Any]:
    """Every state of a model and of the process that a function could reach, as plain data."""
    plain = [
        (name, sorted(k for k in vars(each) if k != "_forward_hooks"), each.training)
        for name, each in model.named_modules()
    ]
    tensors = [
        (name, each.dtype, each.tolist(), each.requires_grad, each._version, each.data_ptr())
        for name, each in [*model.named_parameters(), *model.named_buffers()]
    ]
    gradients = [
        (id(p.grad), None if p.grad is None else p.grad.tolist()) for p in model.parameters()
    ]
    hung = [
        (vars(p), [dict(each or {}) for each in (p._backward_hooks, p._post_accumulate_grad_hooks)])
        for p in model.parameters()
    ]
    hooks = [list(m._forward_hooks) + list(m._backward_hooks) for m in model.modules()]
    process = [
        torch.random.get_rng_state().tolist(),
        random.getstate(),
        np.random.get_state()[1].tolist(),
        torch.get_default_dtype(),
        torch.is_grad_enabled(),
    ]
    kind = [(k, each) for k, each in vars(type(model)).items() if k in ("latest", "all_calls")]
    return [plain, tensors, gradients, hung, hooks, process, kind, len(Kept.history)]


def quietly(look: Callable[..., Any]) -> Callable[..., Any]:
    def looked(*arguments: Any) -> None:
        with suppress(FunctionFailed):
            look(*arguments)

    return looked


LOOKS = {
    "trace": lambda f: trace(f, torch.ones(4)),
    "trace, order 2": lambda f: trace(f, torch.ones(4), order=2),
    "curve": lambda f: curve(f, -1, 1, points=9),
    "surface": lambda f: surface(lambda x, y: f(x) * y, (-1, 1), (-1, 1), points=4),
    "jacobian": lambda f: jacobian(f, torch.ones(4)),
    "hessian": lambda f: hessian(f, torch.ones(4)),
}


def of(model: nn.Module) -> dict[str, Callable[..., Any]]:
    def raising(x: torch.Tensor) -> torch.Tensor:
        model(x)
        random.random()
        np.random.rand()
        torch.rand(1)
        raise ValueError("on purpose")

    def switching(x: torch.Tensor) -> torch.Tensor:
        model.eval()
        model.first.register_forward_hook(lambda *_: None)
        model.first.weight.requires_grad_(False)
        torch.set_default_dtype(torch.float64)
        try:
            return model(x).sum()
        finally:
            torch.set_grad_enabled(False)

    def stepping(x: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.sub_(0.1)
                parameter.data.mul_(2)
        return model(x).sum()

    return {
        "plain": lambda x: model(x).sum(),
        "raising": raising,
        "switching": switching,
        "stepping": stepping,
    }


@pytest.mark.parametrize("how", ["plain", "raising", "switching", "stepping"])
@pytest.mark.parametrize("look", LOOKS)
def test_every_state_is_as_before(look: str, how: str) -> None:
    model = Kept()
    (model(torch.randn(5)).sum() * 3).backward()
    before = state(model)
    quietly(LOOKS[look])(of(model)[how])
    assert state(model) == before


def test_looking_twice_gives_the_same_gradients_and_leaves_none() -> None:
    model = nn.Linear(1, 1)
    runs = [trace(model, torch.ones(1, 1)) for _ in range(2)]
    assert runs[0] == runs[1]
    assert runs[1].gradients["weight"].values == (1.0,)
    assert model.weight.grad is None


def test_the_optimizer_steps_as_if_nobody_had_looked() -> None:
    torch.manual_seed(1)
    model = nn.Linear(2, 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)

    def step(x: torch.Tensor) -> torch.Tensor:
        optimizer.zero_grad()
        loss = model(x).square().sum()
        loss.backward()
        optimizer.step()
        return model(x).sum()

    step(torch.ones(2))
    twin, other = copy.deepcopy(model), copy.deepcopy(optimizer.state_dict())
    trace(step, torch.ones(2))
    assert all(
        torch.equal(a, b) for a, b in zip(model.parameters(), twin.parameters(), strict=True)
    )
    assert str(optimizer.state_dict()) == str(other)


def test_an_optimizer_s_groups_hooks_and_lists_are_as_before() -> None:
    model = nn.Linear(2, 1)
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=2)

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        out: torch.Tensor = model(torch.ones(2)).square().sum()
        out.backward()
        return out

    def step(x: torch.Tensor) -> torch.Tensor:
        optimizer.step(loss)  # it appends to lists in its state
        optimizer.register_step_pre_hook(lambda *_: None)
        optimizer.param_groups[0]["params"].append(nn.Parameter(torch.ones(1)))
        torch.optim.Optimizer.add_param_group(optimizer, {"params": [nn.Parameter(x.detach())]})
        return model(x).sum()

    optimizer.step(loss)
    before = copy.deepcopy(vars(optimizer))
    trace(step, torch.ones(2))
    assert str(vars(optimizer)) == str(before)


class Cached(nn.Module):
    """Writes what it computes into a cache, or into a view of it, as decoders keep keys."""

    def __init__(self, kept: str) -> None:
        super().__init__()
        self.layer, self.memory = nn.Linear(2, 2), torch.zeros(3, 2)
        self.written = self.memory if kept == "whole" else self.memory[:2]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.written[:2] = self.layer(x)
        return self.memory.sum()


@pytest.mark.parametrize("kept", ["whole", "view"])
@pytest.mark.filterwarnings("error")
def test_a_cache_that_is_written_into_is_a_leaf_again(kept: str) -> None:
    model = Cached(kept)
    expected = 2 * model.layer(torch.ones(2)).sum().item()
    for look in LOOKS.values():
        look(lambda x: model(torch.ones(2) * x.sum()))
        for each in (model.memory, model.written):
            assert each.is_leaf
            assert not each.requires_grad
            assert each._version == 0
            assert each.sum() == 0
    assert trace(model, torch.ones(2)).value.values == pytest.approx((expected,))
    along = curve(lambda t: model(torch.ones(2) * t), 0, 1, points=3)
    assert along.derivatives[0][-1] == pytest.approx(expected)


def test_a_graph_that_somebody_holds_stays_usable() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x.exp()
    y.retain_grad()
    run = trace(lambda: (y * y).sum())
    (gradient,) = run.gradients.values()
    assert gradient.values == pytest.approx((2 * x.detach().exp() ** 2).tolist())
    assert [each.name for each in run.nodes if each.op == "ExpBackward0"] == ["y"]
    assert x.grad is None
    assert y.grad is None
    jacobian(lambda a: (y * a).sum(), 2.0)
    curve(lambda a: (y * a).sum(), 0, 1, points=9)
    y.sum().backward()
    assert torch.equal(x.grad, x.detach().exp())


def test_a_tensor_under_no_name_keeps_its_gradient() -> None:
    class Holder:
        __slots__ = ("weight",)

    holder = Holder()
    holder.weight = torch.ones(1, requires_grad=True)
    holder.weight.grad = before = torch.tensor([7.0])
    trace(lambda x: holder.weight * x, 2.0)
    assert holder.weight.grad is before
    assert before.item() == 7.0


def test_models_in_float32_have_curves() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(1, 4), nn.Tanh(), nn.Linear(4, 1))
    wave = curve(lambda x: model(x.reshape(1, 1)).sum(), -1, 1, points=9)
    assert wave.failure is None
    for x, f in zip(wave.x, wave.derivatives[0], strict=True):
        assert f == pytest.approx(model(torch.tensor([[x]])).item(), rel=1e-5, abs=1e-6)
    assert model[0].weight.dtype is torch.float32
    half = nn.Linear(1, 1).bfloat16()
    wave = curve(lambda x: half(x.bfloat16().reshape(1, 1)).float(), -1, 1, points=3)
    assert wave.derivatives[1][0] == half.weight.item()
    rounding = FakeQuantize()  # which torch has in float32 alone
    wave = curve(lambda x: rounding(x) * 2, -1, 1, points=3)
    assert wave.derivatives == ((-2, 0, 2), (2, 2, 2))
    assert [(each.dtype, each.tolist()) for each in (rounding.scale, *rounding.parameters())] == [
        (torch.float32, [1.0])
    ]


class Keeping(nn.Module):
    """A model that keeps what it computed in containers of its own, as caches and losses are."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(2, 2)
        self.cache: dict[str, torch.Tensor] = {}
        self.losses: list[torch.Tensor] = []
        self.others = (deque(maxlen=3), OrderedDict(), defaultdict(list), set())
        self.object = SimpleNamespace(steps=[[]], count=0, seen=np.zeros(2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.layer(x) + self.cache.get("y", 0)
        self.cache["y"] = y
        self.losses.append(y.square().mean())
        last, ordered, default, members = self.others
        last.append(y)
        ordered["y"] = y
        default["y"].append(y)
        members.add(y)
        self.object.steps[0].append(y)
        self.object.count += 1
        self.object.seen += 1.0
        return sum(self.losses)

    def kept(self) -> list[Any]:
        told = [*self.others, self.object.steps[0], [*self.object.seen.nonzero()[0]]]
        return [self.cache, self.losses, *told, self.object.count]


@pytest.mark.parametrize("look", ["trace", "jacobian"])
def test_what_a_model_keeps_in_containers_of_its_own_goes(look: str) -> None:
    model = Keeping()
    LOOKS[look](lambda x: model(x[:2]))
    assert not any(model.kept())
    model(torch.ones(2)).backward()
    before = [list(each) for each in model.kept()[:-1]]
    quietly(LOOKS[look])(lambda x: model(x[:2]))
    assert [list(each) for each in model.kept()[:-1]] == before
    assert model.object.count == model.object.seen[0] == 1


def test_what_an_object_keeps_goes_and_what_a_function_collects_stays() -> None:
    class Trainer:
        def __init__(self) -> None:
            self.losses: list[torch.Tensor] = []

        def step(self, x: torch.Tensor) -> torch.Tensor:
            self.losses.append(x * x)
            return sum(self.losses)

    trainer, collected = Trainer(), []
    trace(trainer.step, 2.0)
    assert trainer.losses == []
    trace(lambda x: collected.append(x) or x * x, 2.0)
    assert len(collected) == 1


class Holding:
    """Where a model may be that a function's text does not name."""

    __slots__ = ("own",)
    net = nn.BatchNorm1d(2)


def test_a_module_that_is_first_met_when_it_is_called_is_as_before() -> None:
    holding = Holding()
    holding.own = nn.BatchNorm1d(2)
    kept = cache(lambda: nn.BatchNorm1d(2))
    held = nn.BatchNorm1d(2)
    weak, row = weakref.ref(held), deque([nn.BatchNorm1d(2)])
    elsewhere = {"net": nn.BatchNorm1d(2)}
    exec("def forward(x): return net(x)", elsewhere)  # noqa: S102 — another file's global
    library = ModuleType("library")
    vars(library).update(elsewhere)
    lent, other = cache(lambda: nn.BatchNorm1d(2)), nn.BatchNorm1d(2)
    own = lent().weight
    ways = {
        "with other parameters": (
            lambda x: torch.func.functional_call(lent(), dict(other.named_parameters()), (x,)),
            lent(),
        ),
        "class": (lambda x: Holding.net(x), Holding.net),
        "slot": (lambda x: holding.own(x), holding.own),
        "cached": (lambda x: kept()(x), kept()),
        "weak": (lambda x: weak()(x), held),
        "deque": (lambda x: row[0](x), row[0]),
        "another file": (lambda x: library.forward(x), elsewhere["net"]),
    }
    for way, net in ways.values():
        trace(way, torch.randn(4, 2))
        assert net.num_batches_tracked.item() == 0
    assert lent().weight is own
    curve(lambda x: kept()(torch.stack([x, x * x]).repeat(2, 1)).sum(), -1, 1, points=3)
    assert (kept().weight.dtype, kept().num_batches_tracked.item()) == (torch.float32, 0)


def test_random_generators_stand_where_they_stood() -> None:
    torchs, numpys = torch.Generator(), np.random.default_rng(1)
    old, pythons = np.random.RandomState(1), random.Random(1)

    def noisy(x: torch.Tensor) -> torch.Tensor:
        drawn = numpys.random() + old.rand() + pythons.random()
        return (x * torch.rand(3, generator=torchs) * drawn).sum()

    def states() -> list[str]:
        bits = numpys.bit_generator.state
        return list(map(str, [torchs.get_state().sum(), bits, old.get_state(), pythons.getstate()]))

    before = states()
    trace(noisy, torch.ones(3))
    curve(noisy, 0, 1, points=5)
    assert states() == before


def test_the_global_generators_go_on_as_if_nobody_had_drawn() -> None:
    """Also the normal number that Python and numpy keep for the next time."""

    def noisy(x: torch.Tensor) -> torch.Tensor:
        return (x * random.gauss(0, 1) * np.random.randn() * torch.rand(3)).sum()

    def drawn() -> list[float]:
        return [random.gauss(0, 1), random.random(), np.random.randn(), float(torch.rand(()))]

    def numbers(looking: bool) -> list[list[float]]:
        random.seed(3), np.random.seed(3), torch.manual_seed(3)
        found = []
        for _ in range(3):  # with a number kept, and without one
            if looking:
                trace(noisy, torch.ones(3))
            found.append(drawn())
        return found

    assert numbers(looking=True) == numbers(looking=False)


def test_schedulers_and_settings_are_as_before() -> None:
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    rates = torch.optim.lr_scheduler
    first, second = rates.StepLR(optimizer, 1), rates.CosineAnnealingLR(optimizer, 3)
    schedulers = [rates.SequentialLR(optimizer, [first, second], [2])]
    schedulers.append(rates.ReduceLROnPlateau(optimizer))

    def step(x: torch.Tensor) -> torch.Tensor:
        loss = model(x).sum()
        loss.backward()
        optimizer.step()
        schedulers[0].step()
        schedulers[1].step(loss.detach())
        torch.autograd.set_detect_anomaly(True, check_nan=False)
        torch.use_deterministic_algorithms(True)
        return model(x).sum()

    before = [str(each.state_dict()) for each in (*schedulers, optimizer)]
    trace(step, torch.ones(2))
    assert [str(each.state_dict()) for each in (*schedulers, optimizer)] == before
    assert not torch.is_anomaly_enabled()
    assert torch.is_anomaly_check_nan_enabled()
    assert not torch.are_deterministic_algorithms_enabled()


class Counting(nn.Module):
    """Gives more each time: what it counts, sums up and keeps comes on top."""

    def __init__(self) -> None:
        super().__init__()
        self.count, self.kept = 0, torch.zeros(())
        self.register_buffer("total", torch.zeros(()))
        self.register_buffer("large", torch.zeros(9_000))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.count += 1
        self.kept = self.kept + x.detach()
        self.total += x.detach()
        self.large += 1
        return x * x * self.count + self.kept + self.total + self.large[-1]


def test_each_sample_starts_from_the_same_state() -> None:
    model = Counting()
    model(torch.tensor(1.0))
    wave = curve(lambda x: model(x), 0, 2, points=9)
    assert wave.derivatives[0] == pytest.approx([2 * x * x + 2 * x + 4 for x in wave.x])
    hill = surface(lambda x, y: model(x) if x > 1 else model(x) * y, (0, 2), (1, 3), points=3)
    assert hill.value[0] == pytest.approx([2 * x * x + 2 * x + 4 for x in hill.x])
    (block,) = jacobian(lambda x: model(x), 3.0).blocks
    assert block.values[0][0] == block.product.values[0] == 12
    assert (model.count, model.total.item(), model.large.sum().item()) == (1, 1, 9_000)


def test_modules_hold_nothing_that_is_renewed_at_each_sample() -> None:
    """Typed code names torch by a stand-in: what is behind it is not gone through."""
    names = namespace(Transcript())
    exec("kept = torch.ones(2)\ndef f(x):\n    return torch.sin(x) * sin(x) * nn.ReLU()(x)", names)  # noqa: S102
    assert reached(names["f"]) == []
    exec("def g(x):\n    return f(x) * kept", names)  # noqa: S102
    assert [name for _, name in reached(names["g"])] == ["kept"]

    def own(x: torch.Tensor) -> torch.Tensor:
        return multi_head_attention_forward(x) * relu(x)  # type: ignore[call-arg]

    assert reached(own) == []


def test_compiling_leaves_nothing_on_parameters() -> None:
    model = nn.Linear(1, 1)
    compiled = torch.compile(model, backend="eager")
    curve(lambda x: compiled(x.reshape(1, 1)).sum(), 0, 1, points=3)
    assert [vars(each) for each in model.parameters()] == [{}, {}]


def test_operators_on_functions_run_as_what_they_stand_for() -> None:
    """Plain torch compiles them, and autograd sees one node; shown are the calls that are made."""
    parts = nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2)])
    rows, ones, torchs = torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.ones(2), vars(utils).copy()

    def chosen(x: torch.Tensor) -> torch.Tensor:
        held = torch.cond(x.sum() < 0, lambda d: parts[0](d["x"]), lambda d: d["x"], ({"x": x},))
        return torch.cond(held.sum() > 0, parts[1], lambda x: x.cos(), (held,))

    def looped(x: torch.Tensor) -> torch.Tensor:
        carried = (torch.tensor(0), {"x": x})
        step = while_loop(lambda i, _: i < 2, lambda i, d: (i + 1, {"x": d["x"] * 2}), carried)
        return while_loop(lambda i, _: i < 0, lambda i, d: (i, d), step)[1]["x"]

    def scanned(x: torch.Tensor) -> torch.Tensor:
        last, each = scan(lambda total, row: (total + row, total * row), ones, x)
        return last + each.sum() + hop_map(lambda row, k: row.sin() * k, x, ones).sum()

    def by_row(x: torch.Tensor) -> torch.Tensor:
        branches = (lambda r: {"r": r * 2}, lambda r: {"r": r.cos()})
        return torch.vmap(lambda r: torch.cond(r.sum() > 5, *branches, (r,)))(x)["r"]

    written: list[tuple[Callable[..., Any], Callable[..., Any]]] = [
        (chosen, lambda x: parts[1](x)),
        (looped, lambda x: x * 2 * 2),
        (by_row, lambda x: torch.stack([x[0].cos(), x[1] * 2])),
        (scanned, lambda x: ones + x[0] + x[1] + (x[0] + (1 + x[0]) * x[1]).sum() + x.sin().sum()),
    ]
    for given, wanted in written:
        run, plain = trace(given, rows), trace(wanted, rows)
        assert run.value.values == pytest.approx(plain.value.values)
        assert run.gradients["x"].values == pytest.approx(plain.gradients["x"].values)
        assert Trace.from_json(run.to_json()) == run
        assert jacobian(given, rows).blocks == jacobian(wanted, rows).blocks
    assert [each.outcome for each in trace(chosen, rows).decisions] == [False, True]
    assert [each.outcome for each in trace(looped, rows).decisions] == [True, True, False, False]
    wave = curve(lambda t: by_row(rows * t).sum() if t > 0 else t, -1, 1, points=3)
    assert wave.derivatives[0] == pytest.approx([-1, 0, by_row(rows).sum().item()])
    assert vars(utils)["_hop_compile_and_call"] is torchs["_hop_compile_and_call"]


def test_attention_is_asked_in_torchs_own_words_again() -> None:
    asked = torch.overrides.has_torch_function
    quietly(LOOKS["trace"])(of(Kept())["raising"])
    assert torch.overrides.has_torch_function is asked


def test_a_lazy_layer_waits_for_its_first_input_as_before() -> None:
    model = nn.Sequential(nn.LazyLinear(3), nn.LazyBatchNorm1d())
    runs = [trace(model, torch.ones(4, 2)) for _ in range(2)]
    assert runs[0] == runs[1]
    curve(lambda x: model(x * torch.arange(8.0).reshape(4, 2)).square().sum(), 1, 2, points=3)
    assert [type(each) for each in model] == [nn.LazyLinear, nn.LazyBatchNorm1d]
    assert all(map(torch.nn.parameter.is_lazy, model.parameters()))
    assert {each._version for each in (*model.parameters(), *model.buffers())} == {0}
    model(torch.ones(5, 7)).sum().backward()
    assert model[0].weight.shape == (3, 7)


class Slotted(torch.nn.Linear):
    __slots__ = ("count", "later")

    def __init__(self) -> None:
        super().__init__(2, 1)
        self.count = [0]

    def forward(self, x):
        self.count.append(1)
        self.later = x
        return super().forward(x) * len(self.count)


def test_what_a_module_keeps_in_slots_is_as_before():
    layer = Slotted()
    first = trace(layer, torch.ones(2))
    assert (layer.count, hasattr(layer, "later")) == ([0], False)
    assert trace(layer, torch.ones(2)) == first


def test_an_optimizer_that_steps_in_a_hook_of_a_parameter_is_as_before():
    layer = torch.nn.Linear(2, 1)
    optimizer = torch.optim.Adam(layer.parameters())
    layer.bias.register_post_accumulate_grad_hook(lambda _: optimizer.step())
    before = [each.clone() for each in layer.parameters()]
    trace(layer, torch.ones(2))
    assert not optimizer.state
    assert all(map(torch.equal, before, layer.parameters()))
