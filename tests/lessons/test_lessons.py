"""Every lesson runs as it stands and shows what it is about; so does each thing to try.

The expected gradients come from calculus (written beside each lesson), the runs from the sandbox,
as on the page; the code to take along runs as plain PyTorch.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import pytest

from viz.lessons import BY_KEY, LESSONS, Lesson, Trial
from viz.page.code import standalone
from viz.page.session.view import FIRST, FIRST_INPUTS, TABS, View
from viz.program import check, check_gradient, check_input
from viz.records import Trace, TraceQuestion
from viz.sandbox import Sandbox

IDS = [lesson.key for lesson in LESSONS]
TRIALS = [
    pytest.param(lesson, trial, id=f"{lesson.key}-{place}")
    for lesson in LESSONS
    for place, trial in enumerate(lesson.trials)
]
FAILING = {"twice": "backward through the graph a second time", "vectorloop": "scalar outputs"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as box:
        yield box


def ran(
    sandbox: Sandbox, source: str, texts: Mapping[str, str], order: int, gradient: str | None
) -> Trace:
    program = check(source)
    checked = {
        input.name: check_input(input.name, texts.get(input.name, input.start), program)
        for input in program.inputs
    }
    weights = check_gradient(gradient) if gradient else None
    answer = sandbox.ask(TraceQuestion(program, checked, 0, order, weights), session="lessons")
    assert isinstance(answer, Trace)
    return answer


def expect(trace: Trace, gradients: Mapping[str, tuple[float, ...]]) -> None:
    for name, numbers in gradients.items():
        gradient = trace.gradients[name]
        assert gradient is not None
        assert gradient.values == pytest.approx(numbers, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("lesson", LESSONS, ids=IDS)
def test_a_lesson_shows_what_it_is_about(sandbox: Sandbox, lesson: Lesson) -> None:
    assert {input.name for input in check(lesson.source).inputs} == set(lesson.inputs)
    trace = ran(sandbox, lesson.source, lesson.inputs, lesson.graph_order, None)
    message = trace.failure.message if trace.failure else ""
    assert FAILING.get(lesson.key, "") in message
    assert bool(message) == (lesson.key in FAILING)
    expect(trace, lesson.gradients)


@pytest.mark.parametrize(("lesson", "trial"), TRIALS)
def test_a_thing_to_try_does_what_it_says(sandbox: Sandbox, lesson: Lesson, trial: Trial) -> None:
    texts = {**lesson.inputs, **trial.inputs}
    trace = ran(sandbox, trial.source or lesson.source, texts, trial.graph_order, trial.gradient)
    assert trace.failure is None
    expect(trace, trial.gradients)


def test_higher_derivatives_have_larger_graphs(sandbox: Sandbox) -> None:
    second = BY_KEY["second"]
    trace = ran(sandbox, second.source, second.inputs, 3, None)
    assert list(trace.counts) == sorted(set(trace.counts))


@pytest.mark.parametrize("lesson", LESSONS, ids=IDS)
def test_a_lesson_is_complete(lesson: Lesson) -> None:
    assert lesson.text
    assert bool(lesson.question) == bool(lesson.answer)
    assert lesson.tab in TABS
    assert lesson.trials or lesson.question
    for text in (*lesson.text, lesson.question, lesson.answer):
        assert text.count("`") % 2 == 0
        assert not re.search(r"[<>]", text), "a text is not markup"


def test_keys_are_those_of_links() -> None:
    assert len(BY_KEY) == len(LESSONS)
    assert all(re.fullmatch("[a-z]+", key) for key in BY_KEY)


def test_the_first_screen_is_the_first_lesson() -> None:
    assert LESSONS[0].source == FIRST
    assert dict(LESSONS[0].inputs) == dict(FIRST_INPUTS)


def test_the_code_to_take_along_gives_the_course_s_numbers() -> None:
    code = "\n".join(
        standalone(check(BY_KEY[key].source), View(source=BY_KEY[key].source, texts=texts))
        for key, texts in (
            ("dot", MappingProxyType(dict(BY_KEY["dot"].inputs))),
            ("chain", MappingProxyType(dict(BY_KEY["chain"].inputs))),
            ("square", MappingProxyType({"x": "0.0"})),
        )
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert "tensor([ 0.,  4.,  8., 12.])" in run.stdout
    assert run.stdout.split().count("tensor(-4.)") == 2
    assert "tensor(-12., grad_fn=<MulBackward0>)" in run.stdout
