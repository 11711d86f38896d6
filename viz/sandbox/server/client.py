"""The sandbox as everyone else sees it: typed text in, a record out."""

from __future__ import annotations

import os
import sys
import threading
import weakref
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType
from typing import Any, Final, Literal, Protocol, Self, TypeVar, cast

import msgspec

from viz.errors import N_, AnswerRejected, InputRejected, ProgramRejected, RunStopped, problem
from viz.program import check, check_gradient, check_input
from viz.records import (
    Answer,
    Asks,
    Curve,
    CurveQuestion,
    Jacobian,
    JacobianQuestion,
    Program,
    Question,
    Surface,
    SurfaceQuestion,
    Trace,
    TraceQuestion,
)
from viz.sandbox.server.limits import Limits, usual_limits
from viz.sandbox.server.outcomes import Fate, Outcome, fate, meant, unconfined
from viz.sandbox.server.selftest import ConfinementLevel, level_of, tests
from viz.sandbox.server.turns import Hear, Turn, Turns, Wanted
from viz.sandbox.wire.answers import Job, Reached, SelfTest, decoded_job, encoded_job

A = TypeVar("A")
PUBLIC: Final = "AUTOGRAD_EXPLORER_PUBLIC"
"""The environment's variable that forbids typed text where no seccomp filter holds."""
LINUX: Final[bool] = sys.platform == "linux"
PATIENCE: Final = 10.0
"""Seconds that a question waits for its turn before it is told `SandboxBusy`."""


class Backend(Protocol):
    """Something that runs jobs in processes of their own."""

    limits: Limits

    def start(self) -> None:
        """Begins to warm up."""

    def missing(self) -> tuple[str, ...]:
        """The layers of confinement that this system does not have."""

    def run(self, job: Job, turn: Turn) -> Outcome:
        """How the job ended."""

    def close(self) -> None:
        """Ends every process."""


def backend(limits: Limits) -> Backend:
    """What this system can do: forked and confined children, else one-shot workers."""
    if LINUX:
        from viz.sandbox.server.supervisor import Forking

        return Forking(limits)
    from viz.sandbox.server.oneshot import OneShot

    return OneShot(limits)


def told_public() -> bool:
    """Whether the environment says that strangers may type."""
    return os.environ.get(PUBLIC, "") not in ("", "0")


@dataclass(frozen=True)
class Load:
    """What a sandbox has to do now, and what became of its children since it began."""

    places: int
    running: int
    waiting: int
    fates: dict[Fate, int]


class Sandbox:
    """Answers questions about typed text; one for a whole server, used from any thread.

    Nothing typed is compiled or run in this process. Begins to warm up at once (a few seconds) and
    waits for that at the first question. A context manager; `close()` ends its processes.

    Raises `ProgramRejected` and `InputRejected` for text that may not run, `SandboxBusy` when all
    places and the queue are taken, `RunStopped` when a run had to be ended, `AnswerRejected` when
    what came back was no answer, `SandboxUnavailable` when nothing can run on this machine.
    """

    def __init__(self, *, limits: Limits | None = None, public: bool | None = None) -> None:
        """`public`: refuse typed text where no seccomp filter holds; `None`: as `PUBLIC` says.

        Without `limits` a script has `OWN` seconds where it is not public.
        """
        if public is None:
            public = told_public()
        self._begin(backend((limits or usual_limits(public)).fitted()), public)

    @classmethod
    def over(cls, backend: Backend, *, public: bool | None = None) -> Self:
        """A sandbox whose jobs another backend runs."""
        sandbox = cls.__new__(cls)
        sandbox._begin(backend, told_public() if public is None else public)
        return sandbox

    def _begin(self, backend: Backend, public: bool) -> None:
        self._backend = backend
        limits = backend.limits
        self._turns = Turns(
            limits.places,
            limits.waiting,
            long=limits.long,
            large=limits.larges,
            alone=not public,
        )
        self._level: ConfinementLevel | None = None
        self._missing: tuple[str, ...] = ()
        self._testing = threading.Lock()
        self._counting = threading.Lock()
        self._fates: Counter[Fate] = Counter()
        self.public = public
        """Whether typed text is refused where no seccomp filter holds."""
        self._closing = weakref.finalize(self, backend.close)
        backend.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        type_: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends every process of this sandbox; runs in flight are answered with `RunStopped`."""
        self._closing()

    @property
    def level(self) -> ConfinementLevel:
        """How well typed text is confined: "full", "partial" or "weak" (no seccomp filter)."""
        return self._tested()

    @property
    def missing(self) -> tuple[str, ...]:
        """What is missing for "full": layers, and probes of the self-test that got through."""
        self._tested()
        return self._missing

    def trace(
        self,
        source: str,
        inputs: dict[str, str] | None = None,
        *,
        order: int = 1,
        gradient: str | None = None,
        seed: int = 0,
        session: str = "",
    ) -> Trace:
        """What one run of the source records. Input texts default to the program's own. `order`,
        `gradient` (a text) and `seed` (below 2³¹) are as in `viz.trace`; what the program raises is
        the record's `failure`. Of a `session` one question runs at a time, as `ask` says.
        """
        return self.ask(
            TraceQuestion(_checked(source), inputs or {}, seed, order, gradient), session
        )

    def curve(
        self,
        source: str,
        start: float,
        stop: float,
        *,
        points: int = 1000,
        order: int = 1,
        along: str | None = None,
        of: str = "value",
        inputs: dict[str, str] | None = None,
        gradient: str | None = None,
        seed: int = 0,
        session: str = "",
    ) -> Curve:
        """f and its derivatives from `start` to `stop` of one number, the first input's, or of the
        one that `along` names (`x[1, 2]`); `of` is what is looked at of a larger result: "value",
        "sum", "gradient" (weighed by `gradient`), or an element (`[0, 1]`).
        """
        question = CurveQuestion(
            _checked(source), inputs or {}, start, stop, seed, points, order, along, of, gradient
        )
        return self.ask(question, session)

    def surface(
        self,
        source: str,
        x_range: tuple[float, float],
        y_range: tuple[float, float],
        *,
        points: int = 60,
        along: tuple[str, str] | None = None,
        of: str = "value",
        inputs: dict[str, str] | None = None,
        seed: int = 0,
        session: str = "",
    ) -> Surface:
        """f and its gradient over two numbers, the first two inputs', or those that `along` names;
        `of` as in `curve`.
        """
        question = SurfaceQuestion(
            _checked(source), inputs or {}, x_range, y_range, seed, points, along, of
        )
        return self.ask(question, session)

    def jacobian(
        self,
        source: str,
        inputs: dict[str, str] | None = None,
        *,
        order: Literal[1, 2] = 1,
        gradient: str | None = None,
        seed: int = 0,
        session: str = "",
    ) -> Jacobian:
        """All first derivatives, or (`order=2`) all second ones of a scalar; `gradient` is the text
        of v, in the result's shape, for vᵀJ.
        """
        question = JacobianQuestion(_checked(source), inputs or {}, seed, order, gradient)
        return self.ask(question, session)

    def ask(
        self,
        question: Asks[A],
        session: str = "",
        *,
        wanted: Wanted | None = None,
        address: str = "",
        hear: Hear | None = None,
    ) -> A:
        """The record that answers; waits at most `PATIENCE` seconds for its turn.

        At most one question of a session runs at a time; a later one replaces an earlier one of
        the same kind that has not started. Places are shared out by `address`, then by session.
        Once `wanted`, asked now and then from another thread, is false, the question is dropped
        and its run killed. A longer run of a script tells `hear` of the rounds done, and of all
        (0: not known), a few times a second. Every text is checked here, whoever made the question.
        """
        check_question(question, self._backend.limits)
        self._allowed()
        kind = type(question).__name__
        with self._turns.turn(session, kind, PATIENCE, wanted, address) as turn:
            turn.hear = hear
            return cast(A, self._run(cast(Question, question), turn))

    def load(self) -> Load:
        """How full it is; from any thread, without waiting for anything."""
        running, waiting = self._turns.taken()
        with self._counting:
            fates: dict[Fate, int] = dict(self._fates)
        return Load(self._turns.places + self._turns.long_places, running, waiting, fates)

    def cancel(self, session: str) -> int:
        """Nobody wants this session's answers any more; how many questions were dropped."""
        return self._turns.cancel(session)

    def _run(self, job: Job, turn: Turn) -> Answer | Reached:
        outcome = self._backend.run(job, turn)
        with self._counting:
            self._fates[fate(outcome)] += 1
        if turn.unwanted is not None:
            raise turn.unwanted
        return meant(outcome, job, self._backend.limits)

    def _allowed(self) -> None:
        if self._tested() == "weak" and self.public:
            raise unconfined()

    def _tested(self) -> ConfinementLevel:
        with self._testing:
            if self._level is None:
                absent = self._backend.missing()
                # where the filter is absent nothing is left to try: it is what stops most probes
                tried = () if level_of(absent, ()) == "weak" else tests()
                holes = tuple(name for name, test in tried if self._gets_through(test))
                self._missing = absent + holes
                self._level = level_of(absent, holes)
            return self._level

    def _gets_through(self, test: SelfTest) -> bool:
        try:
            return cast(Reached, self._run(test, Turn(object(), "self-test"))).reached
        except (RunStopped, AnswerRejected):
            return False  # it was killed in the attempt


@lru_cache(maxsize=256)
def _checked(source: str) -> Program:
    return check(source)


def check_question(question: Asks[Any], limits: Limits) -> None:
    """Checks every text of a question again; raises `ProgramRejected` or `InputRejected`."""
    program = question.program
    again = msgspec.structs.replace(_checked(program.source), notes=program.notes)
    if again != program:
        raise ProgramRejected(
            problem(N_("This program was not checked."), N_("Check its source again."))
        )
    names = {given.name for given in program.inputs}
    for name, text in question.inputs.items():
        if name not in names:
            remedy = N_("Its inputs: {names}.") if names else N_("It has no inputs.")
            raise _rejected(N_("The program has no input {name}."), remedy, name, names)
        check_input(name, text, program)
    if (gradient := getattr(question, "gradient", None)) is not None:
        check_gradient(gradient)
    try:
        job = encoded_job(cast(Question, question))
        decoded_job(job)
    except (msgspec.ValidationError, OverflowError) as error:
        raise _rejected(
            N_("The request is not within its limits ({why})."),
            N_("Ask for fewer points, a lower order, a shorter name or a smaller seed."),
            "",
            names,
            why=str(error)[:200],
        ) from error
    if len(job) > limits.job:
        raise _rejected(N_("The request is too long."), N_("Shorten the source."), "", names)


def _rejected(
    message: str, remedy: str, name: str, names: set[str], **details: str
) -> InputRejected:
    listed: dict[str, Any] = {"name": name[:80], "names": ", ".join(sorted(names))[:900]}
    listed |= details
    return InputRejected(problem(message, remedy, **listed))
