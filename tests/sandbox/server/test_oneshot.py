"""The way of macOS and Windows, forced on this system: one fresh process for each job."""

import json
import os
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.asking import Raw, children
from viz.errors import AnswerRejected, RunStopped, SandboxUnavailable
from viz.sandbox.server.client import PUBLIC, Sandbox
from viz.sandbox.server.launching import command
from viz.sandbox.server.limits import Limits
from viz.sandbox.server.oneshot import OneShot
from viz.sandbox.wire.orders import LAYER_NAMES


@pytest.fixture(scope="module")
def limits() -> Limits:
    return Limits(soft=0.5, scripts=0.0, notice=0.8, hard=1.0, answer=1 << 20).fitted()


@pytest.fixture(scope="module")
def worker(limits: Limits) -> Iterator[Raw]:
    with Sandbox.over(OneShot(limits, "tests.sandbox.raw:answering")) as sandbox:
        yield Raw(sandbox)


def test_a_worker_answers_and_is_gone(worker):
    first = worker("import os\nresult = os.getpid()").printed
    second = worker("import os\nresult = os.getpid()").printed
    assert first != second
    assert int(first) not in children(os.getpid())


@pytest.mark.parametrize(
    ("source", "error", "words", "line"),
    [
        ("\nsum(range(10**12))", RunStopped, "still going", 2),
        ("answer = b'=' + bytes(2 << 20)", AnswerRejected, "more than", None),
        ("b = bytearray(10**11)", RunStopped, "memory", None),
    ],
)
def test_the_end_of_a_run_is_told_in_words(worker, source, error, words, line):
    with pytest.raises(error, match=words) as stopped:
        worker(source)
    if line is not None:
        assert stopped.value.problem.span.line == line


def test_the_soft_timer_raises(worker):
    assert worker("x = 0\nwhile True:\n    x += 1").failure.type == "TimeIsUp"


def test_the_level_is_weak_and_public_mode_refuses(limits, monkeypatch):
    monkeypatch.setenv(PUBLIC, "1")
    with Sandbox.over(OneShot(limits, "tests.sandbox.raw:answering")) as sandbox:
        assert sandbox.level == "weak"
        assert set(LAYER_NAMES) <= set(sandbox.missing)
        with pytest.raises(SandboxUnavailable, match="cannot be isolated"):
            sandbox.trace("x * x")


def test_it_answers_real_questions(limits):
    with Sandbox.over(OneShot(limits)) as sandbox:
        trace = sandbox.trace("2*torch.dot(x, x)", {"x": "torch.arange(4.0)"})
        assert trace.gradients["x"].values == (0, 4, 8, 12)


def test_a_child_does_not_find_what_lies_beside_the_script(tmp_path, monkeypatch) -> None:
    (tmp_path / "cuda.py").touch()
    installed = tmp_path / "installed"
    (installed / "some-1.0.dist-info").mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [str(tmp_path), str(installed), *sys.path])
    found = json.loads(command("a.module")[3])
    assert str(tmp_path) not in found
    assert str(installed) in found
    assert sysconfig.get_paths()["stdlib"] in found
    assert any(Path(folder, "torch").is_dir() for folder in found)


def test_a_child_starts_none(monkeypatch) -> None:
    monkeypatch.setattr(sys, "orig_argv", command("a.module"))
    with pytest.raises(SandboxUnavailable):
        command("a.module")
