"""When the soft timer raises: in typed frames first, never in the middle of putting up a mode."""

import sys
from types import FrameType

import pytest

from viz.records import Span
from viz.sandbox.child.timers import PATIENCE, PERIOD, PREFERENCE, RESPITE, SoftTimer, place_of
from viz.sandbox.wire.orders import Allowance

TYPED = "<typed>"


class Ended(Exception):
    """Stands in for the end of the process."""

    def __init__(self, line: Span | None) -> None:
        super().__init__(line)
        self.line = line


def give_up(line: Span | None) -> None:
    raise Ended(line)


@pytest.fixture
def timer() -> SoftTimer:
    return SoftTimer(Allowance(1.0, 1.0, 12.0, 0), TYPED, TimeoutError, give_up)


def frame_in(typed: str) -> FrameType:
    """The innermost frame while a text of that file name runs."""
    found: list[FrameType] = []
    names = {
        "top": lambda: found.append(sys._getframe(1)),
        "machinery": lambda: found.append(sys._getframe(0)),
        "delicate": Delicate(found),
    }
    exec(compile(f"x = 1\n{typed}", TYPED, "exec"), names)  # noqa: S102 - the text stands below
    return found[0]


class Delicate:
    def __init__(self, found: list[FrameType]) -> None:
        self.found = found

    def __enter__(self) -> None:
        (lambda: self.found.append(sys._getframe(0)))()

    def __exit__(self, *_: object) -> None:
        """Nothing was put up."""


def firings(seconds: float) -> int:
    return round(seconds / PERIOD)


def fired(timer: SoftTimer, frame: FrameType) -> list[bool | Span | None]:
    """What the timer does at each firing, until it gives up with a line."""
    answers: list[bool | Span | None] = []
    for _ in range(10 * firings(PREFERENCE + PATIENCE)):
        try:
            answers.append(timer.due(frame))
        except Ended as ended:
            return [*answers, ended.line]
    raise AssertionError("it never gave up")


def test_a_typed_frame_on_top_is_interrupted_at_once(timer):
    assert timer.due(frame_in("top()"))


def test_nothing_is_raised_while_no_typed_code_runs(timer):
    assert not any(timer.due(sys._getframe()) for _ in range(1_000))
    assert not timer.due(None)


def test_machinery_is_interrupted_only_when_no_typed_frame_came_by(timer):
    frame = frame_in("machinery()")
    answers = [timer.due(frame) for _ in range(firings(PREFERENCE) + 1)]
    assert answers == [False] * firings(PREFERENCE) + [True]


def test_a_delicate_moment_is_never_interrupted_and_gives_up_with_its_line(timer):
    frame = frame_in("with delicate: pass")
    answers = fired(timer, frame)
    assert answers.pop() == Span(2, 0, 2, 0)
    assert not any(answers)


def test_what_swallows_every_interruption_is_given_up(timer):
    frame = frame_in("top()")
    answers = fired(timer, frame)
    assert answers.pop() == Span(2, 0, 2, 0)
    assert 2 <= sum(answers) <= PATIENCE / RESPITE + 1


def test_patience_begins_anew_after_the_typed_code_was_left(timer):
    frame = frame_in("top()")
    for _ in range(5):
        for _ in range(firings(PATIENCE) - 1):
            timer.due(frame)
        timer.due(None)


@pytest.mark.parametrize("event", ["call", "line", "exception", "return"])
def test_its_line_is_told_wherever_it_is_raised_while_lines_are_traced(timer, event):
    timer.idle = True

    def traced(frame: FrameType, now: str, _: object) -> object:
        if frame.f_code.co_filename == TYPED and now == event:
            sys.settrace(None)
            for _ in range(firings(PREFERENCE) + 1):
                timer._fire(0, sys._getframe())
        return traced

    code = compile("try:\n    1 / 0\nexcept ZeroDivisionError: x = 1", TYPED, "exec")

    def run() -> None:
        before = sys.gettrace()
        sys.settrace(traced)
        try:
            exec(code, {})  # noqa: S102 - the text stands above
        finally:
            sys.settrace(before)

    with pytest.raises(TimeoutError) as raised:
        run()
    assert place_of(raised.value, TYPED) is not None
