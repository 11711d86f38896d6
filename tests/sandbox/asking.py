"""How tests ask a sandbox to run sources that no checker has seen, and what they look at."""

import time
from pathlib import Path

from viz.records import Program, Trace, TraceQuestion
from viz.sandbox.server.client import Sandbox
from viz.sandbox.server.turns import Turn


class Raw:
    """Runs a source in a child and returns its trace."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def __call__(self, source: str, turn: Turn | None = None) -> Trace:
        question = TraceQuestion(Program(source, "script"), {})
        answer = self.sandbox._run(question, turn or Turn(object(), "test"))
        assert isinstance(answer, Trace)
        return answer

    @property
    def pid(self) -> int:
        """The process that was started; its first child is its spare."""
        return self.sandbox._backend.parents._process.pid


def descriptors(pid: int | str = "self") -> int:
    """How many descriptors a process has open."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def children(pid: int) -> list[int]:
    """The processes that a process with one thread has forked."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in text.split()]


def alive(pid: int) -> bool:
    """Whether a process runs; one that waits to be reaped does not."""
    return _stat(pid)[0] != "Z"


def niceness(pid: int) -> int:
    """How far a process steps back; children that have a program do."""
    return int(_stat(pid)[16])


def at_rest(pid: int) -> tuple[int, int]:
    """The descriptors and children of a parent once it has tidied up, which it does after it has
    reported: no child has a program or has ended, and all stays as it is for a while.
    """
    until, since, held = time.monotonic() + 15, time.monotonic(), (0, 0)
    while time.monotonic() < min(since + 0.2, until):
        forked = children(pid)
        busy = any(not alive(each) or niceness(each) > niceness(pid) for each in forked)
        now = (descriptors(pid), len(forked))
        if busy or now != held:
            since, held = time.monotonic(), now
        time.sleep(0.01)
    return held


def copied(pid: int) -> int:
    """Pages of memory that a process has of its own since it was forked."""
    return int(_stat(pid)[7])


def _stat(pid: int) -> list[str]:
    """What the kernel tells after the process's name; as of a dead one if there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ["Z"] + ["0"] * 16
