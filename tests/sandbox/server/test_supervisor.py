"""What a child may do, how its end is told, and that nothing is left of it."""

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.sandbox.asking import Raw, alive, at_rest, children, descriptors, niceness
from viz.errors import AnswerRejected, RunStopped, SandboxUnavailable, problem
from viz.records import Span
from viz.sandbox.child.warm_parent import LONG_NICE
from viz.sandbox.server.client import Sandbox
from viz.sandbox.server.limits import Limits
from viz.sandbox.server.supervisor import Forking
from viz.sandbox.server.turns import Turn
from viz.sandbox.wire.orders import STARVED, WALL

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forking is Linux only")


def test_a_child_answers(raw):
    assert raw("result = torch.ones(3).sum()").printed == "tensor(3.)"


def test_the_typed_code_gets_time_is_up(raw):
    source = "try:\n  y = 1\n  while 1: x = 1\nexcept BaseException as e: result = str(type(e))"
    assert "TimeIsUp" in raw(source).printed


@pytest.mark.parametrize(
    ("source", "words", "line"),
    [
        ("x = 1\nsum(range(10**12))", "still going", 2),
        ("import torch\nx = torch.ones(1).expand(5000, 5000)\nx @ x @ x @ x", "still going", 3),
        (
            "while 1:\n try:\n  y = 1\n  while 1: x = 1\n except BaseException: pass",
            "going",
            4,
        ),
        ("def f():\n    try:\n        f()\n    finally:\n        f()\nf()", "going", None),
        ("b = bytearray(10**11)", "memory", None),
        ("import ctypes\n\nctypes.string_at(8)", "crashed", 3),
        ("import socket\nsocket.socket()", "no program may do", None),
        ("import os\nos._exit(3)", "", None),
        ("import os\nos.kill(os.getpid(), 9)", "no program may do", None),
    ],
)
def test_the_end_of_a_run_is_told_in_words(raw, source, words, line):
    began = time.monotonic()
    with pytest.raises(RunStopped) as stopped:
        raw(source)
    assert words in str(stopped.value)
    if line is not None:
        assert stopped.value.problem.span is not None
        assert stopped.value.problem.span.line == line
    assert time.monotonic() - began < 1.0 * WALL * STARVED + 1, "its hard limit, on a busy machine"
    assert raw("result = 1").printed == "1", "the next one is served"


def test_a_child_that_goes_on_noting_is_ended(raw):
    source = "import os\nlines = b'\\x011/2\\n' * 9_000\nwhile 1: os.write(4, lines)"
    began = time.process_time()
    with pytest.raises(AnswerRejected):
        raw(source)
    assert time.process_time() - began < 0.3, "reading notes is the page's work"


def test_a_large_run_may_hold_more_than_the_others(limits):
    slow = {"soft": 3.0, "notice": 3.4, "hard": 3.5}  # filling so much takes a busy machine long
    large = replace(limits, large=900 << 20, larges=1, **slow)
    turn = Turn("one", "TraceQuestion")
    turn.large = True
    with Sandbox.over(Forking(large, answering="tests.sandbox.raw:answering")) as sandbox:
        held = f"result = len(bytearray({700 << 20}))"
        assert Raw(sandbox)(held, turn).printed == str(700 << 20)
        with pytest.raises(RunStopped, match="it may have: 900 MB"):
            Raw(sandbox)(f"result = bytearray({1000 << 20})", turn)
        with pytest.raises(RunStopped, match=f"it may have: {limits.memory >> 20} MB"):
            Raw(sandbox)(held)


def test_a_line_is_shown_without_its_indentation(raw):
    with pytest.raises(RunStopped) as stopped:
        raw("if True:\n    sum(range(10**12))  \n")
    assert stopped.value.problem.span == Span(2, 4, 2, 22)


@pytest.mark.parametrize(
    "answer",
    [
        "b''",
        "b'='",
        "b'nonsense'",
        "b'=' + bytes(1000)",
        "b'=' + b'\\x91' * 10**6",
        "b'?' + b'\\x91'",
    ],
)
def test_forged_answers_are_rejected(raw, answer):
    with pytest.raises(AnswerRejected):
        raw(f"answer = {answer}")


def test_an_answer_about_another_program_is_rejected(raw):
    forged = (
        "import msgspec\nfrom viz.records import *\nfrom viz.sandbox.wire.answers import encoded\n"
        "answer = encoded(Trace(Program('other', 'script')))"
    )
    with pytest.raises(AnswerRejected, match="another program"):
        raw(forged)


def test_an_answer_beyond_the_cap_is_cut_off(raw, limits):
    with pytest.raises(AnswerRejected, match="more than"):
        raw(f"answer = b'=' + bytes({limits.answer})")


def test_a_dropped_run_is_killed_at_once(patient):
    turn = Turn("s", "trace")
    cancelled = RunStopped(problem("nobody wants it", ""))
    patient("result = 1")
    threading.Timer(0.2, turn.drop, [cancelled]).start()
    began = time.monotonic()
    with pytest.raises(RunStopped) as stopped:
        patient("while True: pass", turn)
    assert stopped.value is cancelled
    assert time.monotonic() - began < 20, "long before the soft limit"
    assert patient("result = 1").printed == "1"


@pytest.mark.parametrize("repeats", [False, True])
def test_a_long_run_is_told_so_and_goes_behind(patient, repeats):
    """Its place is another's then (see the queue's tests), and it steps further back.

    Only where those before it ran into the clock as well does it get what others leave over.
    """
    turn = Turn("s", "trace")
    turn.repeats = repeats
    patient("result = 1")

    def loop() -> None:
        with pytest.raises(RunStopped):
            patient("while 1: x = 1", turn)

    def behind() -> bool:
        return turn.long and LONG_NICE in map(niceness, children(patient.pid))

    def idle() -> bool:
        return os.SCHED_IDLE in map(os.sched_getscheduler, children(patient.pid))

    run = threading.Thread(target=loop)
    run.start()
    until = time.monotonic() + 20
    while not behind() or (repeats and not idle()):
        assert time.monotonic() < until
        time.sleep(0.02)
    assert idle() is repeats
    turn.drop(RunStopped(problem("nobody wants it", "")))
    run.join(20)


class Full:
    """A queue in which somebody always waits."""

    def pressed(self, _turn: Turn) -> bool:
        return True

    def lower(self, turn: Turn) -> None:
        turn.long = True


def test_whose_runs_ran_into_the_clock_has_less_time_while_others_wait(patient):
    turn = Turn("s", "trace", queue=Full())
    turn.repeats = True
    began = time.monotonic()
    assert patient("while 1: x = 1", turn).failure.type == "TimeIsUp"
    assert time.monotonic() - began < 20, "long before the soft limit"
    assert turn.late


@pytest.mark.parametrize(
    ("kind", "late", "seconds"),
    [("script", False, 1.5), ("script", True, 0.5), ("function", False, 0.5), ("", True, 0.5)],
)
def test_the_share_of_a_run_while_others_wait(kind, late, seconds):
    assert Limits().shared(kind, late) == seconds
    assert Limits(soft=0.2).shared(kind, late) == 0.2, "never more than without anybody"


def test_a_dropped_run_is_gone_before_the_next_may_begin(patient):
    """One with much memory takes a while to give it back."""
    patient("result = 1")
    turn = Turn("s", "trace")
    threading.Timer(1.0, turn.drop, [RunStopped(problem("nobody wants it", ""))]).start()
    with pytest.raises(RunStopped):
        patient("big = b'x' * (300 << 20)\nwhile True: pass", turn)
    assert not _with_a_program(patient.pid)


def test_who_held_a_place_for_all_its_time_is_late_whatever_the_processor_did(raw):
    """As on a busy machine, where an endless run gets little of it."""
    idle, quick = Turn("s", "trace"), Turn("s", "trace")
    assert raw("import threading\nheld = threading.Lock()\nheld.acquire(timeout=9)", quick)
    told = raw("import threading\nheld = threading.Lock()\nheld.acquire()\nheld.acquire()", idle)
    assert told.failure.type == "TimeIsUp"
    assert idle.late
    assert not quick.late


def test_nothing_is_left_of_a_run(raw):
    parent = raw.pid
    raw("result = 1")
    before = descriptors(), at_rest(parent)
    for source in ("result = 1", "1/0", "answer = b''", "import socket; socket.socket()"):
        for _ in range(3):
            try:
                raw(source)
            except (RunStopped, AnswerRejected):
                continue
    left = at_rest(parent)
    assert (descriptors(), left) == before


@pytest.fixture
def own(limits: Limits) -> Iterator[Raw]:
    """A sandbox that a test may break."""
    with Sandbox.over(Forking(limits, answering="tests.sandbox.raw:answering")) as sandbox:
        yield Raw(sandbox)


def test_a_dead_parent_is_replaced_within_a_second(own):
    own("result = 1")
    first = own.pid
    second = children(first)[0]
    taken = []
    for pid in (first, second):
        os.kill(pid, signal.SIGKILL)
        began = time.monotonic()
        assert own("result = 2").printed == "2"
        taken.append(time.monotonic() - began)
    assert min(taken) < 1.0, "once at least, on a machine that does other things too"


def test_a_hung_parent_is_replaced(own):
    own("result = 1")
    os.kill(own.pid, signal.SIGSTOP)
    assert own("result = 2").printed == "2"


def _ended_while_they_run(*parents: int) -> threading.Thread:
    """Ends each of these processes in turn, as soon as it has told which child has a program."""
    until = time.monotonic() + 20
    while _with_a_program(parents[0]) and time.monotonic() < until:
        time.sleep(0.01)  # the run before is not quite gone yet

    def end() -> None:
        for parent in parents:
            while not _told(parent) and time.monotonic() < until:
                time.sleep(0.01)
            os.kill(parent, signal.SIGKILL)

    thread = threading.Thread(target=end)
    thread.start()
    return thread


def _told(parent: int) -> bool:
    """Whether a child has a program, and the one that waits for the next was forked after it."""
    busy = _with_a_program(parent)
    return bool(busy) and max(children(parent)) > max(busy)


def _with_a_program(parent: int) -> list[int]:
    return [pid for pid in children(parent) if alive(pid) and niceness(pid) > niceness(parent)]


def test_a_job_in_flight_is_asked_once_more_when_the_parent_dies(own):
    own("result = 1")
    ending = _ended_while_they_run(own.pid)
    source = "n = 0\nwhile n < 3_000_000: n += 1\nresult = n"
    assert own(source).printed == "3000000"
    ending.join()
    assert own("result = 3").printed == "3"


def test_a_job_whose_parents_die_again_is_told_so(own):
    own("result = 1")
    ending = _ended_while_they_run(own.pid, children(own.pid)[0])
    with pytest.raises(RunStopped, match="process that runs programs ended"):
        own("while True: pass")
    ending.join()
    assert own("result = 3").printed == "3"


def test_without_a_spare_a_new_parent_is_started(own):
    own("result = 1")
    for pid in (*children(own.pid), own.pid):
        with contextlib.suppress(ProcessLookupError):  # the run before is gone meanwhile
            os.kill(pid, signal.SIGKILL)
    assert own("result = 2").printed == "2"


def test_closing_ends_every_process(own):
    own("result = 1")
    processes = [own.pid, *children(own.pid)]
    own.sandbox.close()
    until = time.monotonic() + 2
    while any(alive(pid) for pid in processes) and time.monotonic() < until:
        time.sleep(0.01)
    assert not any(alive(pid) for pid in processes)
    with pytest.raises(SandboxUnavailable):
        own("result = 1")


def test_closing_answers_jobs_in_flight(own):
    own("result = 1")
    timer = threading.Timer(0.3, own.sandbox.close)
    timer.start()
    with pytest.raises(RunStopped):
        own("while True: pass")
    timer.join()
