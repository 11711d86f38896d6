"""A lesson's questions with what is right, from the runs that they are about.

Each run is asked of the sandbox as the page asks, and kept. A question whose run or answer is not
to be had says so and shows its explanation at once.
"""

from __future__ import annotations

from viz.errors import ExplorerError
from viz.lessons import Lesson, Task, TextRun, words
from viz.lessons.answers import Unanswerable, evaluated
from viz.lessons.examining import pointed, question_of, sketched, truth_of
from viz.page.asking.answers import ask
from viz.page.components.lesson import (
    AskedTask,
    Ends,
    JudgedMistake,
    LessonRun,
    ListedEnd,
    OfferedChoice,
    Runs,
)
from viz.page.session.language import told
from viz.page.session.state import Session
from viz.records import Message, Trace

MOST_LISTED = 40
"""Cards or arrows that one may choose from in a list."""


def asked_task(now: Session, shown: Lesson, number: int) -> AskedTask:
    """The question of this number (from 0), ready to be asked."""
    task = shown.tasks[number]
    try:
        traces = _runs(now, shown, task)
        return _answered(number, shown, task, traces)
    except Unanswerable as error:
        return _plain(number, task, told(Message(error.template, {"name": error.name})))
    except ExplorerError as error:
        return _plain(number, task, told(error.problem.message))


def _runs(now: Session, shown: Lesson, task: Task) -> tuple[Trace, ...]:
    found = []
    for variation in sketched(task):
        reply = ask(now, question_of(shown, variation))
        if reply.record is None:
            raise Unanswerable(str(reply.problem.message) if reply.problem else "")
        found.append(reply.record)
    return tuple(found)


def _answered(number: int, shown: Lesson, task: Task, traces: tuple[Trace, ...]) -> AskedTask:
    trace, pointing = traces[0], task.kind in ("card", "arrow")
    numeric = task.kind in ("number", "sketch")
    return _record(
        number,
        task,
        truth=truth_of(task, traces) if numeric else (),
        ends=pointed(task.answer, trace) if pointing else (),
        mistakes=tuple(
            JudgedMistake(
                () if pointing else _values(task, mistake.value, traces),
                pointed(mistake.value, trace) if pointing else (),
                runs(mistake.say),
            )
            for mistake in task.wrong
        ),
        choices=tuple(
            OfferedChoice(
                runs(f"{choice.text} {_written(choice.value, trace)}".strip()),
                choice.right,
                runs(choice.say),
            )
            for choice in task.choice
        ),
        listed=_listed(task.kind, trace) if pointing else (),
        elsewhere=question_of(shown, task) != question_of(shown),
    )


def _values(task: Task, expression: str, traces: tuple[Trace, ...]) -> tuple[float, ...]:
    if task.kind == "sketch":
        return tuple(number for trace in traces for number in evaluated(expression, trace))
    return evaluated(expression, traces[0])


def _written(expression: str | None, trace: Trace) -> str:
    """The number of a choice, as people read it."""
    if expression is None:
        return ""
    return ", ".join(f"{number:.6g}".replace("-", "−") for number in evaluated(expression, trace))


def _listed(kind: str, trace: Trace) -> tuple[ListedEnd, ...]:
    """The named cards of a run, or the arrows between two of them."""
    names = {node.id: node.name for node in trace.nodes if node.name}
    ends: list[tuple[str, Ends]] = [(name, (id, None)) for id, name in names.items()]
    if kind == "arrow":
        ends = [
            (f"{names[edge.source]} → {names[edge.target]}", (edge.source, edge.target))
            for edge in trace.edges
            if edge.source in names and edge.target in names
        ]
    return tuple(ListedEnd(label, end) for label, end in dict(ends).items())[:MOST_LISTED]


def _plain(number: int, task: Task, problem: str) -> AskedTask:
    """A question that cannot be judged."""
    return _record(number, task, problem=problem)


def _record(
    number: int,
    task: Task,
    *,
    truth: tuple[float, ...] = (),
    ends: tuple[Ends, ...] = (),
    mistakes: tuple[JudgedMistake, ...] = (),
    choices: tuple[OfferedChoice, ...] = (),
    listed: tuple[ListedEnd, ...] = (),
    elsewhere: bool = False,
    problem: str = "",
) -> AskedTask:
    return AskedTask(
        number=number,
        kind=task.kind,
        ask=runs(task.ask),
        then=runs(task.then),
        truth=truth,
        ends=ends,
        mistakes=mistakes,
        choices=choices,
        hints=tuple(map(runs, task.hints)),
        listed=listed,
        at=task.at or (),
        hold=task.hold,
        play=task.play,
        veil=task.veil,
        elsewhere=elsewhere,
        problem=problem,
    )


def runs(text: str | tuple[TextRun, ...]) -> Runs:
    """A text of a lesson as the browser takes it."""
    found = words(text) if isinstance(text, str) else text
    return tuple(LessonRun(run.text, run.code, run.target) for run in found)
