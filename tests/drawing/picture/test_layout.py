"""The layout's processes: time, memory, faults, threads, and that nothing stays behind."""

from __future__ import annotations

import errno
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from viz.drawing import Layouts
from viz.drawing.picture.layout import LARGEST
from viz.drawing.workers import WorkerProcess
from viz.errors import DrawingBusy, DrawingFailed

SMALL = "digraph { a -> b }"


def dense(count: int) -> str:
    """A graph that takes Graphviz minutes."""
    arrows = "".join(f"{a}->{b};" for a in range(count) for b in range(a + 1, count))
    return f"digraph {{ {arrows} }}"


@pytest.fixture
def layouts():
    with Layouts(workers=2) as made:
        yield made


@pytest.mark.parametrize(
    ("format", "start"),
    [
        ("svg", b"<?xml"),
        ("png", b"\x89PNG"),
        ("pdf", b"%PDF"),
        ("json0", b"{"),
        ("dot", b"digraph"),
    ],
)
def test_formats(layouts, format, start):
    assert layouts.layout(SMALL, format).startswith(start)


def test_time_limit_ends_the_process_and_the_next_layout_works(layouts):
    layouts.layout(SMALL)
    (worker,) = layouts._idle
    started = time.monotonic()
    with pytest.raises(DrawingFailed, match="too large") as failed:
        layouts.layout(dense(150), seconds=0.5)
    assert time.monotonic() - started < 5
    assert str(failed.value.problem.remedy)
    assert worker.process.poll() is not None
    assert layouts.layout(SMALL)


@pytest.mark.parametrize(
    "source", ["", "not a graph", "digraph { a [label=<<b>] }", "digraph {", "\x00"]
)
def test_unreadable_source_is_a_clear_failure(layouts, source):
    with pytest.raises(DrawingFailed):
        layouts.layout(source)
    assert layouts.layout(SMALL)


def test_source_above_the_limit_is_not_even_sent(layouts):
    with pytest.raises(DrawingFailed, match="too large"):
        layouts.layout("x" * (LARGEST + 1))
    assert layouts._idle == []


def test_one_warm_process_serves_many(layouts):
    for _ in range(20):
        layouts.layout(SMALL)
    assert len(layouts._idle) == 1
    assert layouts._idle[0].turns == 20


def test_threads_share_the_processes(layouts):
    found: list[bytes] = []

    def draw(number: int) -> None:
        found.append(layouts.layout(f"digraph {{ n{number} }}", "dot"))

    threads = [threading.Thread(target=draw, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(
        name
        for text in found
        for name in text.decode().split()
        if name.startswith("n") and name[1:].isdigit()
    ) == sorted(f"n{number}" for number in range(16))
    assert 1 <= len(layouts._idle) <= 2


def test_a_process_that_died_is_replaced(layouts):
    layouts.layout(SMALL)
    layouts._idle[0].process.kill()
    layouts._idle[0].process.wait()
    assert layouts.layout(SMALL)


def test_one_that_is_killed_in_the_middle_of_its_work_costs_nobody_the_picture(layouts):
    layouts.layout(SMALL)
    worker = layouts._idle[0].process
    os.kill(worker.pid, signal.SIGSTOP)  # it has the request and does not answer
    killer = threading.Timer(0.3, worker.kill)
    killer.start()
    assert layouts.layout(SMALL)
    assert worker.wait() == -signal.SIGKILL


def test_workers_that_are_killed_again_and_again_end_the_try(layouts, monkeypatch):
    began = []

    def killed(worker, *_):
        began.append(worker)
        worker.process.kill()
        raise EOFError

    monkeypatch.setattr(WorkerProcess, "answer", killed)
    with pytest.raises(DrawingFailed):
        layouts.layout(SMALL)
    assert len(began) == 2


def test_without_a_process_or_descriptor_left_it_is_busy(layouts, monkeypatch):
    def none_left(*_, **__):
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as patch:
        patch.setattr("subprocess.Popen", none_left)
        with pytest.raises(DrawingBusy):
            layouts.layout(SMALL)
    assert layouts.layout(SMALL)


def test_close_ends_the_processes():
    layouts = Layouts()
    layouts.layout(SMALL)
    pid = layouts._idle[0].process.pid
    layouts.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert layouts.layout(SMALL)
    layouts.close()


def test_a_process_is_replaced_after_many_turns(layouts):
    layouts._turns = 3
    layouts.layout(SMALL)
    first = layouts._idle[0].process.pid
    for _ in range(3):
        layouts.layout(SMALL)
    assert layouts._idle[0].process.pid != first


def test_without_fonts_nothing_is_drawn_without_its_words(tmp_path, monkeypatch):
    bare = tmp_path / "fonts.conf"
    bare.write_text(f"<fontconfig><cachedir>{tmp_path}</cachedir></fontconfig>")
    monkeypatch.setenv("FONTCONFIG_FILE", str(bare))
    with Layouts() as layouts:
        for format in ("png", "pdf"):
            with pytest.raises(DrawingFailed, match="no fonts"):
                layouts.layout(SMALL, format)
        assert layouts.layout(SMALL, "json0")


def test_a_machine_that_lacks_a_library_of_graphviz_is_told_which(tmp_path, monkeypatch):
    (tmp_path / "pygraphviz.py").write_text("raise ImportError('libgobject-2.0.so.0')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with Layouts() as layouts, pytest.raises(DrawingFailed, match=r"Install libglib2\.0-0"):
        layouts.layout(SMALL)


def test_the_process_sees_none_of_the_environment(layouts, monkeypatch):
    monkeypatch.setenv("SECRET_OF_THE_PAGE", "x")
    layouts.layout(SMALL)
    environment = Path(f"/proc/{layouts._idle[0].process.pid}/environ").read_bytes()
    assert b"SECRET_OF_THE_PAGE" not in environment
