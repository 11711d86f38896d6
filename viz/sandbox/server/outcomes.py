"""How a child ended, as its supervisor saw it, and what that means to the one who asked."""

from __future__ import annotations

import logging
import re
import signal
from dataclasses import dataclass
from typing import Final, Literal

from viz.errors import (
    N_,
    ExplorerError,
    InputRejected,
    ProgramRejected,
    RunStopped,
    SandboxUnavailable,
    problem,
)
from viz.records import Answer, Span
from viz.sandbox.server.limits import MB, Limits
from viz.sandbox.server.turns import busy
from viz.sandbox.wire.answers import (
    Broken,
    Claim,
    Job,
    Reached,
    Refused,
    Stopped,
    decoded,
    too_large,
)
from viz.sandbox.wire.exit_codes import NOT_CONFINED, OUT_OF_MEMORY

log = logging.getLogger("viz.sandbox")

DIED_OF: Final = {
    name: -int(getattr(signal, name, 1_000)) for name in ("SIGXCPU", "SIGSYS", "SIGKILL")
}
"""Status of a child that a signal ended; Windows has none of these."""

Ended = Literal["itself", "time", "size", "unwanted", "lost", "refused"]

_FRAME: Final = re.compile(r'File "<program>", line (\d{1,6})')
_MEMORY_REMEDY: Final = N_(
    "Use smaller tensors or fewer steps. While few others compute it may be more; a page of your "
    "own gives a run as many MB as AUTOGRAD_EXPLORER_RUN_MEMORY says."
)
_TIME_REMEDY: Final = N_("Check that every loop ends, and use fewer steps or smaller tensors.")


@dataclass(frozen=True)
class Outcome:
    """What is left of a child: its answer, the fault handler's notes, how it ended.

    `status` is its exit code, negative for a signal, `None` if nobody could tell; `seconds` are
    what it was allowed, `memory` the bytes, `late`: it ran into the clock, or was left after a good
    while.
    """

    ended: Ended
    answer: bytes = b""
    notes: str = ""
    status: int | None = None
    seconds: float = 0.0
    late: bool = False
    memory: int = 0


Fate = Literal["answered", "time", "size", "unwanted", "lost", "refused", "died"]
"""What became of a child, as it is counted."""


def fate(outcome: Outcome) -> Fate:
    """`time` also where it ran into the clock and still said what it had done."""
    if outcome.ended != "itself":
        return outcome.ended
    if outcome.status != 0:
        return "died"
    return "time" if outcome.late else "answered"


def meant(outcome: Outcome, job: Job, limits: Limits) -> Answer | Reached:
    """The record that answers the job; raises the `ExplorerError` that the outcome means."""
    source = job.program.source if hasattr(job, "program") else ""
    if outcome.ended == "size":
        raise too_large(limits.answer)
    if outcome.ended == "itself" and outcome.status == 0:
        return _record(decoded(outcome.answer, job, limits.answer), source, outcome.seconds)
    raise _stopped(outcome, span_of_line(source, _line(outcome.notes)))


def _record(answer: Claim, source: str, seconds: float) -> Answer | Reached:
    if isinstance(answer, Refused):
        wrong_input = answer.problem.input is not None
        raise (InputRejected if wrong_input else ProgramRejected)(answer.problem)
    if isinstance(answer, Stopped):
        raise _time(span_of_line(source, answer.span.line if answer.span else None), seconds)
    if isinstance(answer, Broken):
        log.error("the child reports a defect: %r", answer.report)
        raise RunStopped(
            problem(
                N_("The explorer itself failed on this program."),
                N_("This is a defect: please report the program."),
            )
        )
    return answer


def _stopped(outcome: Outcome, span: Span | None) -> ExplorerError:
    status = outcome.status
    if outcome.ended == "time" or status == DIED_OF["SIGXCPU"]:
        return _time(span, outcome.seconds)
    if outcome.ended == "refused":
        return busy()
    if outcome.ended == "lost":
        return RunStopped(
            problem(N_("The process that runs programs ended."), N_("Run it again: it is back."))
        )
    if "Fatal Python error" in outcome.notes:
        return _crash(span)
    if status == DIED_OF["SIGSYS"]:
        return RunStopped(
            problem(
                N_("The run asked the system for something that no program may do here."),
                N_("Files, network, processes and threads are out of reach."),
                span=span,
            )
        )
    if status in (OUT_OF_MEMORY, DIED_OF["SIGKILL"]):
        return RunStopped(
            problem(
                N_("The run took more memory than it may have: {limit} MB."),
                _MEMORY_REMEDY,
                span=span,
                limit=str(outcome.memory // MB),
            )
        )
    if status == NOT_CONFINED:
        log.error("a child could not be confined: %r", outcome.notes)
        return unconfined()
    log.error("a child ended with status %s: %r", status, outcome.notes[-300:])
    return _crash(span)


def unconfined() -> SandboxUnavailable:
    """The refusal to run typed text without the confinement that is due."""
    return SandboxUnavailable(
        problem(
            N_("Typed programs cannot be isolated on this machine, so they do not run here."),
            N_("The host must allow seccomp filters."),
        )
    )


def _time(span: Span | None, seconds: float) -> RunStopped:
    return RunStopped(
        problem(
            N_("The run was still going after {seconds} seconds."),
            _TIME_REMEDY,
            span=span,
            seconds=f"{seconds:.2g}",
        )
    )


def _crash(span: Span | None) -> RunStopped:
    return RunStopped(
        problem(
            N_("The run's process crashed inside a library, torch or numpy."),
            N_("Look at the arguments of the call: a library does not check all of them."),
            span=span,
        )
    )


def _line(notes: str) -> int | None:
    """The innermost typed line in the fault handler's notes, which are hostile text."""
    found = _FRAME.search(notes)
    return int(found[1]) if found else None


def span_of_line(source: str, line: int | None) -> Span | None:
    """The text of a line without its indentation; `None` if there is no such line."""
    lines = source.split("\n")
    if line is None or not 1 <= line <= len(lines):
        return None
    text = lines[line - 1].rstrip()
    return Span(line, len(text) - len(text.lstrip()), line, len(text))
