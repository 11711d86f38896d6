"""The sandbox as the page uses it: checked text in, records or typed errors out."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from viz.errors import InputRejected, ProgramRejected, RunStopped, SandboxUnavailable
from viz.program import check
from viz.records import Input, Jacobian, Program, Surface, TraceQuestion
from viz.sandbox.server import client
from viz.sandbox.server.client import PUBLIC, Sandbox
from viz.sandbox.server.limits import OWN, Limits
from viz.sandbox.server.outcomes import Outcome
from viz.sandbox.wire.orders import STARVED, WALL

ROOT = Path(__file__).resolve().parents[3]
LOOP = "def f(x):\n    while True: x = x * 1"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(limits=Limits(places=2)) as sandbox:
        yield sandbox


def test_the_main_job(sandbox):
    trace = sandbox.trace("2*torch.dot(x, x)", {"x": "torch.arange(4.0)"})
    assert trace.value.values == (28.0,)
    assert trace.gradients["x"].values == (0.0, 4.0, 8.0, 12.0)
    again = sandbox.trace("2*torch.dot(x, x)", {"x": "torch.arange(4.0)"})
    assert msgspec.msgpack.encode(again) == msgspec.msgpack.encode(trace)


def test_every_kind_of_question(sandbox):
    curve = sandbox.curve("x*y", -1, 1, points=50, inputs={"y": "3"})
    assert max(abs(value - 3) for value in curve.derivatives[1]) < 1e-9
    surface = sandbox.surface("x*y", (0, 1), (0, 1), points=3)
    assert isinstance(surface, Surface)
    jacobian = sandbox.jacobian("x**2", {"x": "[1, 2]"})
    assert isinstance(jacobian, Jacobian)
    assert jacobian.blocks[0].values == ((2.0, 0.0), (0.0, 4.0))


def test_random_inputs_follow_the_seed(sandbox):
    values = [sandbox.trace("x*1", {"x": "torch.randn(3)"}, seed=seed).value for seed in (1, 1, 2)]
    assert values[0] == values[1] != values[2]


LATE = 1.5 * WALL * STARVED + 1.0
"""Seconds within which an endless loop is answered, on a busy machine too."""


def test_an_endless_loop_names_its_line_in_time(sandbox):
    began = time.monotonic()
    trace = sandbox.trace(LOOP)
    assert time.monotonic() - began < LATE
    assert trace.failure.type == "TimeIsUp"
    assert trace.failure.span.line == 2


@pytest.mark.parametrize(
    ("source", "texts", "error"),
    [
        ("import socket", {}, ProgramRejected),
        ("x * 2", {"x": "open('f')"}, InputRejected),
        ("x * 2", {"x": "1/0"}, InputRejected),
        ("x * 2", {"z": "1"}, InputRejected),
        ("def f(x=1/0): return x * 2", {}, ProgramRejected),
    ],
)
def test_text_that_may_not_run_is_refused(sandbox, source, texts, error):
    with pytest.raises(error):
        sandbox.trace(source, texts)


def test_a_question_that_nobody_checked_is_refused(sandbox):
    forged = [
        Program("import os", "script"),
        msgspec.structs.replace(check("x * 2"), inputs=(Input("y", "open('f')"),)),
        msgspec.structs.replace(check("x * 2"), kind="script"),
    ]
    for program in forged:
        with pytest.raises(ProgramRejected):
            sandbox.ask(TraceQuestion(program, {}))


def test_many_sessions_at_a_time(sandbox):
    def ask(number: int) -> float:
        return sandbox.trace("x * 2", {"x": str(number)}, session=f"s{number}").value.values[0]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(24))) == [2.0 * number for number in range(24)]


def test_a_cancelled_run_is_answered_at_once():
    with Sandbox(
        limits=Limits(soft=50.0, notice=55.0, hard=60.0, processor=90, places=2)
    ) as sandbox:
        sandbox.trace("x*1")
        timer = threading.Timer(0.3, sandbox.cancel, ["leaver"])
        timer.start()
        began = time.monotonic()
        with pytest.raises(RunStopped, match="cancelled"):
            sandbox.trace(LOOP, session="leaver")
        timer.join()
        assert time.monotonic() - began < 20, "long before the soft limit"
        assert sandbox.trace("x * 2", {"x": "4"}, session="leaver").value.values == (8.0,)


class WithoutLayers:
    """A system that lacks the filter; no process is ever started."""

    limits = Limits(places=1)

    def start(self) -> None:
        """Nothing to start."""

    def missing(self) -> tuple[str, ...]:
        return ("seccomp",)

    def run(self, *_: object) -> Outcome:
        return Outcome("lost")

    def close(self) -> None:
        """Nothing to close."""


@pytest.mark.parametrize(
    ("public", "error"), [("1", SandboxUnavailable), ("", RunStopped), ("0", RunStopped)]
)
def test_public_mode_refuses_to_run_without_the_filter(monkeypatch, public, error):
    monkeypatch.setenv(PUBLIC, public)
    with Sandbox.over(WithoutLayers()) as sandbox:
        assert sandbox.level == "weak"
        assert sandbox.missing == ("seccomp",)
        with pytest.raises(error):
            sandbox.trace("x * 2")


@pytest.mark.parametrize(("told", "seconds"), [("1", 5.0), ("", OWN), ("0", OWN)])
def test_who_types_alone_has_time_for_a_script(monkeypatch, told, seconds):
    monkeypatch.setenv(PUBLIC, told)
    given = []
    monkeypatch.setattr(client, "backend", lambda limits: given.append(limits) or WithoutLayers())
    with Sandbox():
        assert [limits.scripts for limits in given] == [seconds]


@pytest.mark.skipif(sys.platform != "linux", reason="the filter is Linux's")
def test_public_mode_runs_where_the_filter_holds(monkeypatch):
    monkeypatch.setenv(PUBLIC, "1")
    with Sandbox() as sandbox:
        if sandbox.level == "weak":
            pytest.skip("this machine has no seccomp")
        assert sandbox.trace("x * 2", {"x": "4"}).value.values == (8.0,)


def test_the_page_s_process_never_imports_torch():
    code = (
        "import sys\nfrom viz.sandbox import Sandbox\n"
        "with Sandbox() as sandbox:\n    sandbox.trace('x * 2')\n"
        "    sandbox.curve('x', 0, 1, points=5)\n"
        "assert 'torch' not in sys.modules and 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


DOUBTED = {
    "x * 2 if x is 1 else x * 3": 3.0,
    "1if x>0else x": None,
    "def f(x):\n    y = '\\d'\n    return x * len(y)": 2.0,
    "def f(x):\n    assert (x, 'y')\n    return x * 5": 5.0,
    "def f(x):\n    return [1, 2]['a'] if 0 else x * 7": 7.0,
}


def test_what_python_doubts_runs_and_no_log_grows_by_it():
    """Its SyntaxWarnings are nobody's business: neither the page's log nor a failure."""
    script = (
        "import sys, viz\n"
        "with viz.Sandbox() as sandbox:\n"
        "    for source in eval(sys.argv[1]):\n"
        "        value = sandbox.trace(source, {'x': '1'}).value\n"
        "        print(value and value.values[0])\n"
    )
    command = [sys.executable, "-W", "default", "-c", script, repr(list(DOUBTED))]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.split() == [str(value) for value in DOUBTED.values()]
    assert told.stderr == ""


@pytest.mark.parametrize(
    "options",
    [
        *({"points": points} for points in (0, -1, 10**9, 2**70)),
        *({"order": order} for order in (-1, 99)),
        *({"seed": seed} for seed in (-1, 2**31, 2**70)),
        *({"along": "x" * 161}, {"of": "x" * 161}, {"gradient": "1" * 1_001}),
    ],
)
def test_options_beyond_their_limits_are_no_defect_of_the_explorer(sandbox, options):
    with pytest.raises(InputRejected) as caught:
        sandbox.curve("sin(x)", -1, 1, **options)
    assert "defect" not in str(caught.value)


def test_a_number_beyond_all_is_told_by_its_size(sandbox):
    with pytest.raises(InputRejected, match="smaller number"):
        sandbox.trace("x * 2", {"x": "10**400"})
