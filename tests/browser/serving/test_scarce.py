"""What the system runs out of, or loses: the page says so, keeps what is typed, and recovers."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import served
from tests.browser.explorer import Explorer
from tests.browser.serving.test_leaving import Server, _under

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at Linux's processes")

SLOW = "def f(x):\n    n = 0\n    while n < 2_000_000: n += 1\n    return x * x"
"""A run of a fraction of a second."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with served("streamlit_app.py") as (address, process):
        yield Server(address, process)


@pytest.fixture
def explorer(page: Page, server: Server) -> Explorer:
    return Explorer(page, server.link).open(f="x*x", in_x="3")


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def processes(server: Server, name: str) -> list[int]:
    """The page's processes that run a module or file of this name."""
    return [pid for pid in _under(server.pid) if name in command(pid)]


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def soon(found: Callable[[], object]) -> object:
    until = time.monotonic() + 30
    while not found() and time.monotonic() < until:
        time.sleep(0.02)
    return found()


@contextmanager
def without_descriptors(pid: int) -> Iterator[None]:
    """Meanwhile a process can open nothing more: a run needs a dozen of descriptors."""
    held = max(int(entry.name) for entry in Path(f"/proc/{pid}/fd").iterdir())
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (held + 2, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)


def test_no_descriptor_is_left(explorer: Explorer, server: Server) -> None:
    expect(explorer.curves.first).to_be_visible()  # the browser has all that it needs
    with without_descriptors(server.pid):
        explorer.type("x*x*x")
        explorer.page.wait_for_timeout(2_000)
        expect(explorer.source).to_have_value("x*x*x")
    expect(explorer.node("×")).to_have_count(2)  # it asks again by itself
    expect(explorer.source).to_have_value("x*x*x")
    expect(explorer.error).to_have_count(0)


def test_a_layout_process_that_stands_still(explorer: Explorer, server: Server) -> None:
    explorer.type("x*x + 7")  # a picture that nobody has drawn yet
    expect(explorer.node("+")).to_have_count(1)
    workers = processes(server, "layout_worker")
    assert workers
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    typed = "x*x*x + 7"
    explorer.type(typed)
    expect(explorer.source).to_have_value(typed)
    expect(explorer.node("×")).to_have_count(2, timeout=60_000)


def test_a_layout_process_that_is_killed_in_the_middle_of_its_work(
    explorer: Explorer, server: Server
) -> None:
    explorer.type("x*x + 8")
    expect(explorer.node("+")).to_have_count(1)
    workers = processes(server, "layout_worker")
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)  # it has the request, and does not answer before it dies
    explorer.type("x*x*x + 8")
    explorer.page.wait_for_timeout(700)
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    expect(explorer.node("×")).to_have_count(2)
    expect(explorer.error).to_have_count(0)
    expect(explorer.source).to_have_value("x*x*x + 8")


def test_the_warm_parent_dies_during_a_run(explorer: Explorer, server: Server) -> None:
    explorer.type(SLOW)
    assert soon(server.running)
    on_duty = parent_of(server.running()[0])
    assert on_duty in processes(server, "viz.sandbox.child.warm_parent")
    os.kill(on_duty, signal.SIGKILL)
    expect(explorer.source).to_have_value(SLOW)
    expect(explorer.node("×")).to_have_count(1)
    expect(explorer.error).to_have_count(0)


def test_a_full_disk(page: Page, tmp_path: Path) -> None:
    """The page writes nothing: on a file system without room it opens and answers as ever."""
    full = tmp_path / "full"
    full.mkdir()
    mounted = ["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", str(full)]
    if os.geteuid() != 0 or subprocess.run(mounted, capture_output=True).returncode:
        pytest.skip("only root may mount a file system of 4 kB")
    try:
        (full / "stuffing").write_bytes(b"x" * 4096)
        with pytest.raises(OSError, match="No space left"):
            (full / "more").write_bytes(b"x" * 4096)
        with pytest.MonkeyPatch.context() as patch:
            for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME"):
                patch.setenv(name, str(full))
            with served("streamlit_app.py") as (address, process):
                explorer = Explorer(page, Server(address, process).link)
                explorer.open(f="x*x", in_x="3")
                explorer.type("x*x*x")
                expect(explorer.node("×")).to_have_count(2)
                expect(explorer.source).to_have_value("x*x*x")
    finally:
        subprocess.run(["umount", str(full)], check=True)
