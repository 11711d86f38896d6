"""Asks the sandbox the page's questions; an answer is a record or a `Problem`, never an exception.

One `Sandbox` serves the whole server process. Answers to questions that a session asked lately are
kept (`kept`): switching a tab or a colour runs nothing again. A question whose visitor has left, or
has typed on, is dropped and its run killed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Any, Final

import msgspec
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from viz.errors import N_, ExplorerError, RunStopped, SandboxBusy, problem
from viz.page.asking.counted import counted
from viz.page.asking.kept import KeptAnswers
from viz.page.asking.rounds import telling
from viz.page.asking.shipped import shipped
from viz.page.asking.shown import ShownRecords
from viz.page.asking.waiting import Waiting, give_way
from viz.page.serving import hosting
from viz.page.session.state import Session
from viz.page.session.view import View
from viz.program import check_gradient, read, read_input
from viz.records import Asks, Input, Problem, Program, Trace, TraceQuestion
from viz.sandbox import Sandbox


@st.cache_resource(show_spinner=False, on_release=lambda sandbox: sandbox.close())
def sandbox() -> Sandbox:
    """The one sandbox of this server process."""
    return Sandbox(public=hosting.public())


@st.cache_resource(scope="session", show_spinner=False, on_release=lambda leave: leave())
def _leaving(name: str, _now: Session) -> Callable[[], int]:
    """What Streamlit calls when the browser of the session of this name has gone."""

    def leave() -> int:
        kept().forget(name)
        ended = sandbox().cancel(name)
        shown().left(_now)
        return ended

    return leave


@st.cache_resource(show_spinner=False)
def kept() -> KeptAnswers:
    """The answers that all sessions of this server process keep."""
    return KeptAnswers()


@st.cache_resource(show_spinner=False)
def shown() -> ShownRecords:
    """What all sessions of this server process show."""
    return ShownRecords()


@dataclass(frozen=True)
class Reply:
    """What came of a question: a record, or why there is none. `busy`: the page asks again."""

    record: Any = None
    problem: Problem | None = None
    busy: bool = False


STOPPED: Final = problem(
    N_("You stopped the run."),
    N_("Press Ctrl+Enter in the editor, or change the text or an input, to run it again."),
)
"""What is said of a question that its visitor has stopped."""
EXHAUSTED: Final = frozenset({"TimeIsUp", "MemoryError"})
"""Failures of a run that took all the time, or all the memory, that there is."""
SPENT: Final = problem(
    N_("The run did not end within its limits, so nothing further was computed of this program."),
    N_("Change the code or an input so that it ends: then this is computed too."),
)
"""What is said, while others compute, of a question whose program has just taken all there is."""


AWAKE: Final = Event()
"""Set once torch has run something for somebody: no question waits for it to wake up any more."""


@dataclass(frozen=True)
class Traced:
    """What came of the typed text: the program if it was accepted, the trace if it ran."""

    program: Program | None
    trace: Trace | None
    problem: Problem | None
    busy: bool = False


def ask(now: Session, question: Asks[Any], place: DeltaGenerator | None = None) -> Reply:
    """The answer to a question, from this session's memory if it was asked lately.

    In the place the rounds of a long run are told meanwhile.
    """
    key = msgspec.msgpack.encode(question)
    known = kept().get(now.name, key)
    if known is not None:
        return Reply(known)
    if now.ended > now.asked:
        now.stopped, now.ended = key, 0
    if key == now.stopped:
        return Reply(problem=STOPPED)
    known = shipped(question, key)
    if known is not None:
        return Reply(kept().put(now.name, key, known))
    if now.spent is not None and now.spent == getattr(question, "program", None) and _others():
        return Reply(problem=SPENT)
    _leaving(now.name, now)
    waiting = Waiting()
    address = hosting.address()

    def run() -> Any:
        with telling(place) as hear:
            record = sandbox().ask(
                question, session=now.name, wanted=waiting.wanted, address=address, hear=hear
            )
        AWAKE.set()
        return record

    try:
        with counted(question):
            record = kept().answer(now.name, key, run, waiting.wanted)
    except ExplorerError as error:
        if isinstance(error, RunStopped) and waiting.overtaken:
            give_way()
        busy = isinstance(error, SandboxBusy)
        now.wanting |= busy
        return Reply(problem=error.problem, busy=busy)
    return Reply(record)


def _others() -> bool:
    """Whether anybody else's question runs or waits."""
    load = sandbox().load()
    return load.running + load.waiting > 0


def text_of(view: View, input: Input) -> str:
    """The text of an input: as typed for this name before, else its start value."""
    return view.texts.get(input.name, input.start)


def checked_texts(view: View, program: Program) -> dict[str, str]:
    """The texts of all inputs of the program; raises `InputRejected`."""
    return {
        input.name: read_input(input.name, text_of(view, input), program)
        for input in program.inputs
    }


def question_of(view: View, program: Program) -> TraceQuestion:
    """What is asked for a view's picture; raises `InputRejected`, and of a gradient its problem."""
    texts = checked_texts(view, program)
    gradient = check_gradient(view.gradient) if view.gradient else None
    return TraceQuestion(program, texts, view.seed, view.graph_order, gradient)


def traced(now: Session, place: DeltaGenerator | None = None) -> Traced:
    """Checks what is typed and asks for its trace, as `ask`."""
    view = now.view
    program = None
    try:
        program = read(view.source)
        question = question_of(view, program)
    except ExplorerError as error:
        return Traced(program, None, error.problem)
    now.spent = None
    answer = ask(now, question, place)
    failure = answer.record.failure if answer.record is not None else None
    if failure is not None and failure.type in EXHAUSTED:
        now.spent = program
    return Traced(program, answer.record, answer.problem, answer.busy)
