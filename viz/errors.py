"""Every error that a user of the explorer can meet.

```
ExplorerError
├── ProgramRejected       the text may not run: what is wrong, where, and how to mend it
│   └── InputRejected     the same of an input's text or of an option (order, range, gradient)
├── LessonRejected        a lesson's file cannot be read: what is wrong, in which line
├── SandboxError
│   ├── SandboxBusy       every place is taken: ask again in a moment
│   ├── SandboxUnavailable  typed text may not run on this machine (no confinement, no process)
│   ├── RunStopped        the run was ended from outside: time, memory, or the process died
│   └── AnswerRejected    what came back was not an answer
├── FunctionFailed        a function of one's own raised; `record` holds what there is of an answer
└── DrawingFailed         the picture could not be made: too large, or it took too long
    └── DrawingBusy       nothing is free to make it: ask again in a moment
```

Each carries a `Problem` (`error.problem`): message, remedy and, where there is one, the span in
the source; `str(error)` says all of it, and what a corrected version leaves out. What typed code
itself raises is no error here: it is the `failure` of its record.
"""

from __future__ import annotations

import errno
from typing import Final

from viz.records import Curve, Jacobian, Message, Problem, Span, Surface, Trace


class ExplorerError(Exception):
    """The root of the tree; `problem` says what, where and how to mend it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        place = self.problem.span
        where = f"line {place.line}, column {place.column + 1}: " if place else ""
        if self.problem.input is not None:
            where = (
                f"input {self.problem.input}, {where}" if where else f"input {self.problem.input}: "
            )
        message = str(self.problem.message)
        if self.problem.remedy.template and message[-1:] not in ".!?:":
            message += "."  # what Python and torch say ends in no full stop
        further = self.problem.further or ""
        return f"{where}{message} {self.problem.remedy} {further}".strip()


class ProgramRejected(ExplorerError):
    """The text may not run."""


class InputRejected(ProgramRejected):
    """An input's text or an option does not fit the question."""


class LessonRejected(ExplorerError):
    """A lesson's file cannot be read; the span is that of a line of the file."""


class SandboxError(ExplorerError):
    """The question could not be answered by the sandbox."""


class SandboxBusy(SandboxError):
    """Every place in the sandbox is taken, and so is the queue."""


class SandboxUnavailable(SandboxError):
    """Typed text may not run here: confinement is missing, or no process could be started."""


class RunStopped(SandboxError):
    """The run was ended from outside: time, memory, or its process died."""


class AnswerRejected(SandboxError):
    """The child's answer was not one: too large, malformed, or of another type."""


def N_(template: str) -> str:
    """Marks a template for extraction: it is translated where it is shown, not where it arises."""
    return template


_TOLD: Final = N_("What was recorded is in `error.trace`; partial=True returns it instead.")
_HINTED: Final = N_(
    "{hint} What was recorded is in `error.trace`; partial=True returns it instead."
)
_COMPUTED: Final = N_("What was computed is in `error.record`; partial=True returns it instead.")
_COMPUTED_HINTED: Final = N_(
    "{hint} What was computed is in `error.record`; partial=True returns it instead."
)


class FunctionFailed(ExplorerError):
    """A function of one's own raised; `record` is what was computed up to there, and of a run
    `trace` the same."""

    def __init__(self, record: Trace | Curve | Surface | Jacobian) -> None:
        failure = record.failure
        if failure is None:
            raise ValueError("this run did not fail")
        traced = isinstance(record, Trace)
        told, hinted = (_TOLD, _HINTED) if traced else (_COMPUTED, _COMPUTED_HINTED)
        super().__init__(
            problem(
                "{kind}: {words}",
                told if failure.hint is None else hinted,
                span=failure.span,
                hint="" if failure.hint is None else str(failure.hint),
                kind=failure.type,
                words=failure.message,
            )
        )
        self.record = record

    @property
    def trace(self) -> Trace:
        """The record of a run; raises `AttributeError` where no run was recorded."""
        if isinstance(self.record, Trace):
            return self.record
        raise AttributeError(f"a {type(self.record).__name__} was asked for: see `record`")


class DrawingFailed(ExplorerError):
    """The picture could not be made."""


class DrawingBusy(DrawingFailed):
    """Every process that draws is taken, or the system has none left."""


_SCARCE: Final = frozenset(
    {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN, errno.ENOBUFS}
    | {getattr(errno, "ETOOMANYREFS", errno.EMFILE)}
)


def scarce(error: OSError) -> bool:
    """Whether an error passes: this process, or the system, has no descriptor, memory or process
    left at this moment."""
    return error.errno in _SCARCE


def problem(
    message: str, remedy: str, *, span: Span | None = None, input: str | None = None, **details: str
) -> Problem:
    """A problem from two English templates that share their details."""
    return Problem(Message(message, details), Message(remedy, details), span, input)
