"""Whatever was done before the time of a run was over is told: of every kind of program that goes
on for longer, and for every question.

A few seconds here; `KEPT=full` asks all four questions of every program, on a busy machine too.
"""

import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from viz.errors import RunStopped
from viz.records import Failure, Trace
from viz.sandbox.server.client import Sandbox
from viz.sandbox.server.limits import Limits

FULL = os.environ.get("KEPT") == "full"
LIMITS = Limits(soft=0.1, scripts=0.0, notice=0.9, hard=1.0, places=2)
"""Far shorter than any of the runs; what is left until the end is for the record, as elsewhere."""

BODIES = {
    "a long chain": "for i in range(20000):\n    x = (x * 1.0001).sin()",
    "an endless loop": "while True:\n    x = x + 1",
    "a loop that decides": "while x < 1e30:\n    x = x + 0.001",
    "a loop within a loop": "for i in range(10**6):\n    for j in range(10):\n        x = x * 1.0",
    "many small tensors": "for i in range(10**6):\n    y = torch.ones(3) * x\nx = y.sum()",
    "large tensors": "for i in range(10**5):\n    x = (x * torch.ones(40000)).mean()",
    "matrices": (
        "m = torch.eye(60) * x\nfor i in range(10**5):\n    m = m @ torch.eye(60)\nx = m.sum()"
    ),
    "recursion": (
        "def g(n, y):\n    return y if n < 1 else g(n - 1, y * 1.01) + g(n - 1, y)\nx = g(40, x)"
    ),
    "a generator": "for y in (x * n for n in range(10**7)):\n    x = y.sin()",
    "a comprehension": "x = torch.stack([x * n for n in range(10**6)]).sum()",
    "modules": (
        "m = nn.Sequential(*[nn.Linear(64, 64) for _ in range(4000)])\n"
        "x = m(x * torch.ones(64)).sum()"
    ),
    "a module each round": "for i in range(10**5):\n    x = nn.Linear(1, 1)(x.reshape(1, 1)).sum()",
    "an optimizer": (
        "w = torch.ones(3, requires_grad=True)\no = torch.optim.Adam([w])\n"
        "for i in range(10**5):\n    o.zero_grad()\n    (w * x.detach()).sum().backward()\n"
        "    o.step()\n"
        "x = x * w.sum()"
    ),
    "a backward each round": (
        "w = torch.ones(3, requires_grad=True)\n"
        "for i in range(10**5):\n    (w * w).sum().backward()\nx = x * w.sum()"
    ),
    "grad of grad": (
        "for i in range(10**5):\n    y = x.sin() * x\n"
        "    x, = torch.autograd.grad(y.sum(), x, create_graph=True)"
    ),
    "writing in place": "y = torch.zeros(9)\nfor i in range(10**6):\n    y[i % 9] = x\nx = y.sum()",
    "plain python": "n = 0\nfor i in range(10**9):\n    n += i\nx = x * n",
    "printing": "for i in range(10**6):\n    print(i)\n    x = x * 1.0",
    "an exception each round": (
        "for i in range(10**7):\n    try:\n        x = x * torch.ones(i % 3) + torch.ones(5)\n"
        "    except RuntimeError:\n        x = x * 1.0"
    ),
    "one that swallows": (
        "while True:\n    try:\n        x = x + 1\n    except:\n        x = x * 1.0"
    ),
    "one that swallows twice": (
        "while True:\n    try:\n        try:\n            x = x + 1\n        finally:\n"
        "            x = x * 1.0\n    except:\n        pass"
    ),
    "no_grad": "with torch.no_grad():\n    for i in range(10**6):\n        x = x * 1.0",
    "random numbers": "for i in range(10**6):\n    x = x + torch.randn(3).sum()",
    "items": "for i in range(10**6):\n    x = x + x.item() * 0.0",
    "a hook": (
        "y = x * 1.0\nif y.requires_grad:\n    y.register_hook(lambda g: g * 1.0)\n"
        "for i in range(10**6):\n    y = y * 1.0\nx = y"
    ),
    "convolutions": (
        "k = torch.ones(1, 1, 3, 3) * x\nfor i in range(10**5):\n"
        "    k = F.conv2d(torch.ones(1, 1, 16, 16), k[..., :3, :3])\nx = k.sum()"
    ),
}
"""What a function does with its input before it returns it."""


def function(body: str) -> str:
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    return f"def f(x):\n{lines}\n    return x"


def script(body: str) -> str:
    return f"x = torch.tensor(1.0, requires_grad=True)\ny = x.exp()\nprint(y)\n{body}"


FUNCTIONS = {name: function(body) for name, body in BODIES.items()}
SCRIPTS = {name: script(body) for name, body in BODIES.items()}
QUESTIONS: dict[str, Callable[[Sandbox, str], object]] = {
    "trace": lambda box, source: box.trace(source, {"x": "1.0"}),
    "curve": lambda box, source: box.curve(source, -1, 1, order=2),
    "jacobian": lambda box, source: box.jacobian(source, {"x": "1.0"}),
    "surface": lambda box, source: box.surface(
        source.replace("def f(x):", "def f(x, u):\n    x = x + u", 1), (-1, 1), (-1, 1), points=5
    ),
}
if FULL:
    ASKED = list(itertools.product(FUNCTIONS, QUESTIONS))
else:
    ASKED = list(zip(FUNCTIONS, itertools.cycle(QUESTIONS)))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(limits=LIMITS) as sandbox:
        sandbox.trace("x * 1")
        yield sandbox


@pytest.fixture
def busy() -> Iterator[None]:
    """Twice as much to do as there are processors."""
    with ExitStack() as stack:
        for _ in range(2 * (os.cpu_count() or 1)):
            burner = stack.enter_context(
                subprocess.Popen([sys.executable, "-c", "while True: pass"])
            )
            stack.callback(burner.kill)
        yield


def expect_kept(record: object) -> None:
    failure = getattr(record, "failure", None)
    assert isinstance(failure, Failure)
    assert failure.type in ("TimeIsUp", "Endless"), failure
    if isinstance(record, Trace):
        assert failure.span is not None
        assert record.nodes or "range(10**9)" in record.program.source


@pytest.mark.parametrize(("name", "question"), ASKED)
def test_a_function_s_record_has_what_was_done(sandbox, name, question):
    expect_kept(QUESTIONS[question](sandbox, FUNCTIONS[name]))


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_s_record_has_what_was_done(sandbox, name):
    trace = sandbox.trace(SCRIPTS[name])
    expect_kept(trace)
    assert trace.printed.startswith("tensor(2.7183")
    assert trace.cells[-1].failure is not None
    assert "y" in {node.name for node in trace.nodes}


@pytest.mark.parametrize("name", list(FUNCTIONS) if FULL else ["a long chain", "an optimizer"])
@pytest.mark.usefixtures("busy")
def test_a_busy_machine_loses_nothing(sandbox, name):
    expect_kept(sandbox.trace(SCRIPTS[name]))
    for question in QUESTIONS if FULL else ["trace", "curve"]:
        expect_kept(QUESTIONS[question](sandbox, FUNCTIONS[name]))


def test_only_one_call_that_never_ends_leaves_nothing_but_its_line(sandbox):
    with pytest.raises(RunStopped, match="still going") as stopped:
        sandbox.trace("def f(x):\n    y = x * 2\n    n = sum(range(10**12))\n    return y * n")
    assert stopped.value.problem.span.line == 3
