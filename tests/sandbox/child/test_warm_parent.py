"""The warm parent under stress: it never dies of a job, and no child outlives who asked for it."""

import errno
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.sandbox.asking import Raw, alive, at_rest, children, copied, descriptors
from viz.errors import RunStopped, SandboxBusy, SandboxUnavailable, problem
from viz.records import Input, Program, TraceQuestion
from viz.sandbox.child import child
from viz.sandbox.confinement.layers import ANSWER
from viz.sandbox.server.client import Sandbox
from viz.sandbox.server.limits import Limits
from viz.sandbox.server.supervisor import Forking
from viz.sandbox.server.turns import Turn
from viz.sandbox.wire.answers import encoded_job
from viz.sandbox.wire.orders import Allowance, allowing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forking is Linux only")

FOREVER = "while True: pass"
REHEARSED = 2_000
"""Pages of its own that a child has at least once it has traced a program."""


@pytest.fixture
def own(limits: Limits) -> Iterator[Raw]:
    """A sandbox that a test may break, warm, with a spare and a child that waits."""
    with Sandbox.over(Forking(limits, answering="tests.sandbox.raw:answering")) as sandbox:
        asking = Raw(sandbox)
        asking("result = 1")
        at_rest(asking.pid)
        yield asking


@pytest.fixture(scope="module")
def mended(limits: Limits) -> Iterator[Raw]:
    """A sandbox for tests after which it must be as it was before them."""
    with Sandbox.over(Forking(limits, answering="tests.sandbox.raw:answering")) as sandbox:
        yield Raw(sandbox)


@pytest.fixture
def whole(mended: Raw) -> Raw:
    """The same, warm, with a spare and a child that waits."""
    mended("result = 1")
    at_rest(mended.pid)
    return mended


def soon(is_so: Callable[[], bool]) -> bool:
    until = time.monotonic() + 15
    while not is_so() and time.monotonic() < until:
        time.sleep(0.01)
    return is_so()


def running(own: Raw) -> list[int]:
    """The children that compute: those that stepped back."""
    return [pid for pid in children(own.pid) if alive(pid) and niceness(pid) > niceness(own.pid)]


def niceness(pid: int) -> int:
    """How far a process stepped back; that of one that has just ended is the least."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[16])
    except FileNotFoundError:
        return -20


def on_duty(own: Raw) -> socket.socket:
    return own.sandbox._backend.parents._on_duty


def test_a_child_at_work_steps_back_behind_its_parent(whole):
    turn = Turn("s", "trace")
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(whole, FOREVER, turn)
        assert soon(lambda: len(running(whole)) == 1)
        turn.drop(RunStopped(problem("enough", "")))
        assert isinstance(asked.exception(15), RunStopped)
    assert soon(lambda: not running(whole))


def test_a_run_dropped_before_it_is_known_which_child_it_is_ends_that_child(whole):
    """A slow parent is not taken for a dead one, and the child does not run on unwatched."""
    before = on_duty(whole)
    turn, cancelled = Turn("s", "trace"), RunStopped(problem("nobody wants it", ""))
    os.kill(whole.pid, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(whole, FOREVER, turn)
        time.sleep(0.1)
        turn.drop(cancelled)
        time.sleep(1.5)
        os.kill(whole.pid, signal.SIGCONT)
        assert asked.exception(15) is cancelled
    assert on_duty(whole) is before
    assert soon(lambda: not running(whole))
    assert whole("result = 2").printed == "2"


def test_a_child_whose_asker_has_gone_is_ended(patient):
    """As when the thread that watches it fails: nobody would end it at its hard limit."""
    patient("result = 1")
    backend = patient.sandbox._backend
    job = os.memfd_create("job")
    asked = encoded_job(TraceQuestion(Program(FOREVER, "script"), {}))
    os.write(job, allowing(asked, Allowance(50.0, 50.0, 50.0, 512 << 20)))
    os.lseek(job, 0, os.SEEK_SET)
    pipes = os.pipe()
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with here:
        backend.parents.hand(job, pipes[1], pipes[1], there.detach())
        words, pidfds, _, _ = socket.recv_fds(here, 100, 1)
        child = int(words)
        assert soon(lambda: niceness(child) > niceness(patient.pid))  # it has its job
        time.sleep(0.3)  # a child that could not read it would have ended by now
        os.kill(child, signal.SIGSTOP)  # as in a lock for ever: no timer of its own ends it
        assert alive(child)
    for descriptor in (job, *pipes, *pidfds):
        os.close(descriptor)
    assert soon(lambda: not alive(child))
    assert patient("result = 2").printed == "2"


@pytest.mark.parametrize(
    ("words", "count"),
    [("job", 0), ("job", 2), ("spare", 0), ("kill 1 9", 1), ("kill 999999 9", 0)],
)
def test_a_message_without_its_descriptors_does_not_end_the_parent(whole, words, count):
    """The kernel leaves descriptors out when the receiver may have no more."""
    before, held = on_duty(whole), descriptors(whole.pid)
    given = [os.open(os.devnull, os.O_RDONLY) for _ in range(count)]
    socket.send_fds(before, [words.encode()], given)
    for descriptor in given:
        os.close(descriptor)
    assert whole("result = 2").printed == "2"
    assert on_duty(whole) is before
    assert soon(lambda: descriptors(whole.pid) == held)


def test_a_parent_without_descriptors_is_replaced_and_the_job_answered(own):
    first = own.pid
    few = descriptors(first)
    resource.prlimit(first, resource.RLIMIT_NOFILE, (few, few))
    assert own("result = 2").printed == "2"
    assert alive(first)


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (errno.EMFILE, SandboxBusy),
        (errno.ENOMEM, SandboxBusy),
        (errno.EACCES, SandboxUnavailable),
    ],
)
@pytest.mark.parametrize("function", ["memfd_create", "pipe", "eventfd"])
def test_a_page_without_descriptors_says_so_and_keeps_none(
    whole, monkeypatch, function, number, error
):
    before = descriptors()

    def refuse(*_: object) -> None:
        raise OSError(number, "no more")

    with monkeypatch.context() as patched:
        patched.setattr(os, function, refuse)
        with pytest.raises(error):
            whole("result = 1")
    assert descriptors() == before
    assert whole("result = 2").printed == "2"


def test_the_parent_on_duty_lives_through_busy_children(whole):
    """More endless loops than places and processors: forking still has its turn."""
    before, turns = on_duty(whole), [Turn(str(number), "trace") for number in range(12)]
    with ThreadPoolExecutor(len(turns)) as pool:
        asked = [pool.submit(whole, FOREVER, turn) for turn in turns]
        assert whole("result = 2").printed == "2"
        ends = [each.exception(20) for each in asked]
    assert all(end is None or isinstance(end, RunStopped) for end in ends), "each was answered"
    assert on_duty(whole) is before
    assert soon(lambda: not running(whole))


def test_parents_that_die_again_and_again_lose_no_job(own):
    """Each is killed soon after it took over, while jobs go on: every one of them is answered."""
    over = threading.Event()

    def ask() -> list[str]:
        outcomes = []
        while not over.is_set():
            try:
                outcomes.append(own("result = 3").printed)
            except RunStopped as stopped:  # it was in flight, and is told so
                outcomes.append(str(stopped))
        return outcomes

    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(ask) for _ in range(2)]
        current = own.pid
        for _ in range(5):
            assert soon(lambda parent=current: bool(children(parent)))
            spare = children(current)[0]
            os.kill(current, signal.SIGKILL)
            current = spare
            time.sleep(0.3)
        over.set()
        outcomes = [outcome for each in asked for outcome in each.result(30)]
    assert outcomes.count("3") > len(outcomes) / 2
    assert all(told == "3" or "process that runs programs ended" in told for told in outcomes)
    assert own("result = 4").printed == "4"


def test_the_memory_of_a_child_that_waits_is_copied_before_its_job_comes(limits):
    question = TraceQuestion(Program("x * 2", "expression", (Input("x", "1.0"),)), {})
    with Sandbox.over(Forking(limits)) as sandbox:
        parent = Raw(sandbox)
        sandbox._run(question, Turn(object(), "test"))
        assert soon(lambda: max(map(copied, children(parent.pid))) > REHEARSED)
        waits = max(children(parent.pid), key=copied)
        sandbox._run(question, Turn(object(), "test"))
        assert soon(lambda: waits not in children(parent.pid)), "another one took the job"


@pytest.mark.parametrize(("waits", "said"), [(False, b""), (True, b"rehearsed")])
def test_a_child_rehearses_only_where_no_job_has_come(waits, said):
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    told, tell = os.pipe()
    if not waits:
        here.send(b"a job")
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        os.dup2(tell, ANSWER)  # what lies behind the notes is closed
        child.wait(there, parent, lambda *_: None, lambda: os.write(ANSWER, b"rehearsed"))
    os.close(tell)
    with here, there, os.fdopen(told, "rb") as reading:
        if waits:
            assert reading.read(len(said)) == said
        here.send(b"nothing more")
        os.waitpid(pid, 0)
        assert reading.read() == b""
