"""Loops of training: what the record of many rounds holds, against plain torch."""

import contextlib
import io

import pytest
import torch

from viz.errors import RunStopped
from viz.program import check
from viz.records import Rounds, TraceQuestion
from viz.sandbox import Limits, Sandbox
from viz.tracing.recording.source.line_counts import LineCounter
from viz.tracing.source_map import SourceMap

POLYNOMIAL = """\
import torch
import math
x = torch.linspace(-math.pi, math.pi, 200)
y = torch.sin(x)
a = torch.randn((), requires_grad=True)
b = torch.randn((), requires_grad=True)
for t in range(2000):
    loss = (a + b * x - y).pow(2).mean()
    if t % 500 == 499:
        print(t, loss.item())
    loss.backward()
    with torch.no_grad():
        a -= 0.01 * a.grad
        b -= 0.01 * b.grad
        a.grad = None
        b.grad = None
print(a, b)
"""
NETWORK = """\
import torch
x, y = torch.randn(16, 20), torch.randn(16, 3)
model = torch.nn.Sequential(torch.nn.Linear(20, 8), torch.nn.ReLU(), torch.nn.Linear(8, 3))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for t in range(500):
    loss = torch.nn.functional.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(loss)
print(model[0].bias.grad)
"""
BATCHES = """\
import torch
X = torch.randn(64, 2)
y = X @ torch.tensor([2.0, -3.4]) + 4.2
def batches(size):
    for i in range(0, len(X), size):
        yield X[i:i + size], y[i:i + size]
w = torch.zeros(2, requires_grad=True)
for epoch in range(30):
    for n, (xb, yb) in enumerate(batches(8)):
        loss = ((xb @ w - yb) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for p in [w]:
                p -= 0.03 * p.grad
                p.grad.zero_()
print(w)
"""
LISTED = BATCHES.replace("enumerate(batches(8))", "enumerate(list(batches(8)))")
WHILE = """\
import torch
x = torch.tensor(5.0, requires_grad=True)
while x.abs() > 1e-3:
    (x * x).backward()
    with torch.no_grad():
        x -= 0.01 * x.grad
    x.grad = None
y = x * 3
y.backward()
print(x, x.grad)
"""
BROKEN = """\
import torch
x = torch.tensor(5.0, requires_grad=True)
for i in range(10000):
    loss = x ** 2
    loss.backward()
    with torch.no_grad():
        x -= 0.01 * x.grad
        x.grad.zero_()
    if loss < 1e-4:
        break
z = x * 2
z.backward()
print(i, x, x.grad)
"""
REBOUND = """\
import torch
w = torch.tensor(1.0, requires_grad=True)
for i in range(300):
    loss = (w - 3) ** 2
    (g,) = torch.autograd.grad(loss, w)
    w = (w - 0.1 * g).detach().requires_grad_()
print(w)
"""
FUNCTION = """\
import torch
def train(steps):
    x = torch.tensor(5.0, requires_grad=True)
    optimizer = torch.optim.SGD([x], lr=0.1)
    for step in range(steps):
        optimizer.zero_grad()
        loss = (x - 1) ** 2
        loss.backward()
        optimizer.step()
    return x
print(train(300))
"""
TWICE = REBOUND + REBOUND.replace("import torch\n", "").replace("- 3", "+ 3")

PROGRAMS = {
    # the program, and (line of the loop, its rounds, the rounds that the graph holds)
    "a polynomial": (POLYNOMIAL, [(7, 2000, ((1, 50), (1998, 2000)))]),
    "a network": (NETWORK, [(5, 500, ((1, 50), (498, 500)))]),
    "batches from a generator": (BATCHES, [(9, 240, ((1, 50), (238, 240)))]),
    "batches in a list": (LISTED, [(9, 240, ((1, 50), (238, 240)))]),
    "while": (WHILE, [(3, 422, ((1, 50),))]),
    "left in the middle": (BROKEN, [(3, 309, ((1, 50),))]),
    "bound anew": (REBOUND, [(3, 300, ((1, 50), (298, 300)))]),
    "in a function": (FUNCTION, [(5, 300, ((1, 50), (298, 300)))]),
    "one after the other": (
        TWICE,
        [(3, 300, ((1, 50), (298, 300))), (9, 300, ((1, 39), (298, 300)))],
    ),
    "few rounds": (REBOUND.replace("300", "60"), [(3, 60, ((1, 60),))]),
}


@pytest.fixture(scope="module")
def runs(sandbox):
    return {name: sandbox.trace(source) for name, (source, _) in PROGRAMS.items()}


def plain(source: str) -> str:
    """What a notebook prints."""
    torch.manual_seed(0)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(source, "<test>", "exec"), {})  # noqa: S102 - the programs above
    return printed.getvalue()


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_first_and_last_rounds_are_held_and_every_round_has_run(runs, name):
    source, held = PROGRAMS[name]
    run = runs[name]
    assert run.failure is None
    assert run.printed == plain(source)
    assert [(loop.line, loop.total, loop.held) for loop in run.rounds] == held
    assert len(run.passes) <= 100


def test_a_long_loop_tells_its_rounds_meanwhile(sandbox):
    source = "x = torch.ones(1)\nfor i in range(10**8):\n    x = x * 1\n"
    heard = []
    question = TraceQuestion(check(source), {})
    with pytest.raises(RunStopped):  # nobody wants it any more
        sandbox.ask(question, wanted=lambda: len(heard) < 3, hear=lambda *told: heard.append(told))
    assert [of for _, of in heard] == [10**8] * len(heard)
    assert [0] < [done for done, _ in heard] == sorted({done for done, _ in heard})


@pytest.mark.parametrize("name", PROGRAMS)
def test_lines_count_in_the_rounds_between_as_well(runs, name):
    """Against Python's own tracing of the plain program."""
    source, _ = PROGRAMS[name]
    counted = LineCounter(SourceMap(source, "<test>"))
    torch.manual_seed(0)
    code = compile(source, "<test>", "exec")
    with contextlib.redirect_stdout(io.StringIO()), counted:
        exec(code, {})  # noqa: S102 - the programs above
    lines = {each.number: each.count for each in runs[name].lines}
    assert lines == {each.number: each.count for each in counted.record()}


def test_rounds_between_count(runs):
    """What stands in the last round says which one it is, as the gutter does."""
    run = runs["a network"]
    line = next(n for n, text in enumerate(NETWORK.split("\n"), 1) if "mse_loss" in text)
    assert next(each.count for each in run.lines if each.number == line) == 500
    losses = [call for call in run.calls if call.function.endswith("mse_loss")]
    assert [call.iteration for call in losses] == [*range(1, 51), 498, 499, 500]


def test_the_held_rounds_have_their_own_numbers(runs):
    """The graph's losses of the rounds that it holds are those that a notebook has there."""
    run = runs["a polynomial"]
    exact: list[float] = []
    noting = POLYNOMIAL.replace("    loss.backward()", "    note(loss.item())\n    loss.backward()")
    torch.manual_seed(0)
    names = {"note": exact.append, "print": lambda *_: None}
    exec(compile(noting, "<test>", "exec"), names)  # noqa: S102 - a program above
    losses = [run.node(each.roots[0]).value.values[0] for each in run.passes]
    assert losses == exact[:50] + exact[-3:]


def test_the_numbers_of_a_loop_are_read_over_all_its_rounds(runs):
    loop: Rounds = runs["a polynomial"].rounds[0]
    assert not loop.whole
    assert {series.name for series in loop.series} == {"a", "b", "loss"}
    assert loop.at[-1] == 2000
    assert len(loop.at) < 257
    assert {len(series.values) for series in loop.series} == {len(loop.at)}
    last = {series.name: series.values[-1] for series in loop.series}
    assert f"tensor({last['b']:.4f}" in runs["a polynomial"].printed


def test_what_follows_a_loop_is_recorded(runs):
    for name in ("while", "left in the middle"):
        assert runs[name].passes[-1].call is not None
        assert [node.op for node in runs[name].nodes if node.id in runs[name].passes[-1].roots] == [
            "MulBackward0"
        ]


def test_a_loop_that_takes_too_long_says_where_it_was():
    source = REBOUND.replace("300", "1_000_000_000")
    with Sandbox(limits=Limits(soft=0.5, notice=1.1, hard=1.2, scripts=0.5)) as hasty:
        run = hasty.trace(source)
    assert run.failure is not None
    assert run.failure.hint is not None
    assert "{round} of" in run.failure.hint.template
    assert run.failure.hint.details["all"] == "1,000,000,000"
    assert run.rounds[0].held == ((1, 50),)
    assert run.rounds[0].total > 50
