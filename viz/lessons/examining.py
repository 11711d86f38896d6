"""A lesson tried out: its program, its trials and every answer, in the sandbox.

`faults(lesson, sandbox)` says what is not as the lesson promises; nothing for a good one.
`question_of` is what the sandbox is asked for a lesson's own run or one of its changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isclose
from typing import Final

from viz.errors import N_, ExplorerError
from viz.lessons.answers import Unanswerable, evaluated, holds, named
from viz.lessons.lesson import Lesson, Task, Trial, Variation, lines_of
from viz.lessons.reading import words
from viz.program import check, check_gradient, check_input
from viz.records import Trace, TraceQuestion
from viz.sandbox import Sandbox

UNCHANGED: Final = Variation()


def question_of(lesson: Lesson, change: Variation = UNCHANGED) -> TraceQuestion:
    """What to ask the sandbox; raises `ProgramRejected` for a program that may not run."""
    program = check(lesson.source_of(change))
    texts = {**lesson.inputs, **change.set}
    checked = {
        input.name: check_input(input.name, texts.get(input.name, input.start), program)
        for input in program.inputs
    }
    weights = check_gradient(change.gradient) if change.gradient else None
    order = change.graph_order or lesson.head.graph_order
    return TraceQuestion(program, checked, lesson.head.seed, order, weights)


def sketched(task: Task) -> tuple[Variation, ...]:
    """The runs that answer a question: one, or one for each place of a sketch."""
    if task.at is None or task.along is None:
        return (task,)
    return tuple(
        Variation(
            set={**task.set, task.along: repr(place)},
            source=task.source,
            replace=task.replace,
        )
        for place in task.at
    )


def truth_of(task: Task, traces: tuple[Trace, ...]) -> tuple[float, ...]:
    """The numbers that are right, from the runs of `sketched`."""
    return tuple(number for trace in traces for number in evaluated(task.answer, trace))


def faults(lesson: Lesson, sandbox: Sandbox) -> Iterator[str]:
    """What a lesson promises and its runs do not keep, each with its place."""

    def ran(change: Variation) -> Trace:
        return sandbox.ask(question_of(lesson, change), session="lessons")

    try:
        own = ran(UNCHANGED)
        yield from _promised("the program", own, lesson.head.fails, lesson.head.gradients)
        for part in lesson.parts:
            for run in part if isinstance(part, tuple) else ():
                yield from _driven(run.target, own)
        for number, trial in enumerate(lesson.trials, start=1):
            yield from _tried(number, trial, ran(trial))
        for number, task in enumerate(lesson.tasks, start=1):
            traces = tuple(map(ran, sketched(task)))
            for fault in _asked(task, traces):
                yield f"question {number}: {fault}"
    except ExplorerError as error:
        yield str(error)


def _tried(number: int, trial: Trial, trace: Trace) -> Iterator[str]:
    yield from _promised(f"trial {number}", trace, trial.fails, trial.gradients)


def _promised(
    what: str, trace: Trace, fails: str, gradients: Mapping[str, tuple[float, ...]]
) -> Iterator[str]:
    message = trace.failure.message if trace.failure else ""
    if bool(message) != bool(fails) or fails not in message:
        yield f"{what} should end with “{fails}”, and ended with “{message}”"
    for name, numbers in gradients.items():
        found = trace.gradients.get(name)
        values = found.values if found else None
        if values is None or len(values) != len(numbers) or not all(map(_close, values, numbers)):
            yield f"{what}: the gradient of {name} is {values}, not {numbers}"


def _close(one: float, other: float) -> bool:
    return isclose(one, other, rel_tol=1e-4, abs_tol=1e-5)


def _asked(task: Task, traces: tuple[Trace, ...]) -> Iterator[str]:
    trace = traces[0]
    try:
        if task.proof and not holds(task.proof, trace):
            yield f"{task.proof} does not hold"
        if task.kind in ("number", "sketch"):
            yield from _told_apart(task, truth_of(task, traces), trace)
        if task.kind in ("card", "arrow"):
            for text in (task.answer, *(one.value for one in task.wrong)):
                pointed(text, trace)
        for choice in task.choice:
            if choice.value is not None:
                evaluated(choice.value, trace)
    except Unanswerable as error:
        yield str(error)
    texts = (task.ask, task.then, *task.hints)
    for target in [run.target for text in texts for run in words(text)]:
        yield from _driven(target, trace)
    for target in (task.hold, task.play):
        yield from _driven(target, trace)


def _told_apart(task: Task, truth: tuple[float, ...], trace: Trace) -> Iterator[str]:
    """A wrong answer must be wrong."""
    for mistake in task.wrong:
        wrong = evaluated(mistake.value, trace)
        if len(wrong) == len(truth) and all(map(_close, wrong, truth)):
            yield f"“{mistake.value}” is called wrong and is the right answer {truth}"


def pointed(text: str, trace: Trace) -> tuple[tuple[str, str | None], ...]:
    """A card or an arrow as the ids that may be meant: (node, None) or (source, target)."""
    source, arrow, target = (part.strip() for part in text.partition("->"))
    if not arrow:
        return tuple((node.id, None) for node in named(trace, source))
    ends = {node.id for node in named(trace, target)}
    starts = {node.id for node in named(trace, source)}
    found = tuple(
        (edge.source, edge.target)
        for edge in trace.edges
        if edge.source in starts and edge.target in ends
    )
    if not found:
        raise Unanswerable(N_("There is no arrow between “{name}”."), text)
    return found


def _driven(target: str, trace: Trace) -> Iterator[str]:
    """What a word that drives the figure names must be there."""
    kind, _colon, rest = target.partition(":")
    name, _colon, place = rest.partition(":")
    if kind in ("forward", "back", "card") and name:
        met = [node.id for node in trace.nodes if name in (node.name, node.op)]
        if not met:
            yield f"“{target}”: the run has no node named {name}"
        if kind == "back" and place:
            turns = sum(step.node in met for pass_ in trace.passes for step in pass_.steps)
            if turns < int(place):
                yield f"“{target}”: gradients came back there only {turns} times"
    elif kind == "line":
        rows = dict(enumerate(trace.program.source.splitlines(), start=1))
        lines = lines_of(target)
        if not lines or not all(rows.get(line, "").strip() for line in lines):
            yield f"“{target}”: the program has no such line, or it is empty"
    elif kind == "set":
        names = {input.name for input in trace.program.inputs}
        for name in settings(target):
            if name not in names:
                yield f"“{target}”: {name} is not an input"


def settings(target: str) -> dict[str, str]:
    """The inputs that a word sets: `set:x=2; y=1`."""
    pairs = (part.partition("=") for part in target.removeprefix("set:").split(";"))
    return {name.strip(): text.strip() for name, _equals, text in pairs}
