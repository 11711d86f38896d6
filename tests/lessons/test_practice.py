"""Practice: every level's programs run, are small, and the same key gives the same one."""

from __future__ import annotations

import pytest

from viz.drawing import Display, fold, player
from viz.drawing.play.coaching import coached
from viz.lessons import Lesson
from viz.lessons.examining import question_of
from viz.lessons.practice import LEVELS, exercise
from viz.page.session.language import COMPLETE, _, speak
from viz.records import Trace
from viz.sandbox import Sandbox

LARGEST = 1e5
"""What can be done by head ends before."""


def of(key: str) -> Lesson:
    found = exercise(key, str)
    assert found is not None
    return found


@pytest.mark.parametrize("level", range(1, len(LEVELS) + 1))
@pytest.mark.parametrize("seed", [0, 7, 99_999])
def test_an_exercise_runs_and_can_be_done_by_head(sandbox: Sandbox, level: int, seed: int) -> None:
    lesson = of(f"practice-{level}-{seed}")
    trace: Trace = sandbox.ask(question_of(lesson), session="practice")
    assert trace.failure is None
    assert set(trace.gradients) == (set(lesson.inputs) or {"x"})
    for gradient in trace.gradients.values():
        assert gradient is not None
        assert gradient.values is not None
        assert all(value == round(value) and abs(value) < LARGEST for value in gradient.values)
    is_helped_with(trace)


def is_helped_with(trace: Trace) -> None:
    """Each question has its three hints, and wrong answers that are wrong, each of another kind."""
    display = Display()
    view = fold(trace, display=display)
    found = coached(trace, view, display)
    steps = player(trace, view, display).steps
    assert found.keys() == {place for place, step in enumerate(steps) if step.answer}
    for place, help in found.items():
        answer = steps[place].answer
        assert len(help.hints) == 3
        assert help.mistakes
        assert all(max(map(abs, difference(each.values, answer))) for each in help.mistakes)
        assert len({each.values for each in help.mistakes}) == len(help.mistakes)


def difference(one: tuple[float, ...], other: tuple[float, ...] | None) -> list[float]:
    """By how much two answers differ; 1 where one has more numbers."""
    if other is None or len(one) != len(other):
        return [1.0]
    return [a - b for a, b in zip(one, other, strict=True)]


def test_a_key_names_one_exercise() -> None:
    assert of("practice-3-7") == of("practice-3-7")
    drawn = {of(f"practice-3-{seed}").source for seed in range(20)}
    assert len(drawn) > 5


@pytest.mark.parametrize(
    "key", ["practice-0-1", "practice-9-1", "practice-1-", "practice-1-1234567", "chain", ""]
)
def test_other_keys_are_none(key: str) -> None:
    assert exercise(key, str) is None


def test_an_exercise_speaks_every_language() -> None:
    titles = set()
    for code in COMPLETE:
        speak(code)
        try:
            found = exercise("practice-2-5", _)
        finally:
            speak("en")
        assert found is not None
        titles.add(found.title)
    assert len(titles) == len(COMPLETE)
