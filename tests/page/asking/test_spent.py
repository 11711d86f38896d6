"""A run that took all there is: while others compute, its program is asked nothing further."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from viz.page.asking import answers
from viz.page.asking.kept import KeptAnswers
from viz.page.session.state import Session
from viz.page.session.view import View
from viz.program import read
from viz.records import Curve, CurveQuestion, Failure, Program, Trace, TraceQuestion
from viz.sandbox.server.client import Load

SOURCE = "def f(x):\n    while x > 1:\n        x = x + 1\n    return x"


class Told:
    """A sandbox that fails every trace in the way it is told, and counts what it is asked."""

    def __init__(self) -> None:
        self.type: str | None = None
        self.running = 1
        self.asked: list[type[Any]] = []

    def load(self) -> Load:
        return Load(4, self.running, 0, {})

    def ask(self, question: Any, **_: Any) -> Trace | Curve:
        self.asked.append(type(question))
        if isinstance(question, CurveQuestion):
            return Curve((0.0, 1.0), ((0.0, 1.0), (1.0, 1.0)))
        return Trace(question.program, failure=Failure(self.type, "") if self.type else None)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    sandbox, kept = Told(), KeptAnswers()
    monkeypatch.setattr(answers, "sandbox", lambda: sandbox)
    monkeypatch.setattr(answers, "kept", lambda: kept)
    monkeypatch.setattr(answers, "_leaving", lambda *_session: None)
    return sandbox


def curve_of(program: Program) -> CurveQuestion:
    return CurveQuestion(program, {"x": "0.0"}, -1.0, 1.0)


def test_a_question_that_was_stopped_before_it_was_asked(told: Told) -> None:
    now = Session(View(SOURCE, texts={"x": "2.0"}), asked=4, ended=5)
    assert answers.traced(now).problem is answers.STOPPED
    assert answers.traced(now).problem is answers.STOPPED  # another tab is opened
    assert told.asked == []
    now.asks(6)
    assert answers.traced(now).trace is not None


@pytest.mark.parametrize("type_", ["TimeIsUp", "MemoryError"])
def test_no_curve_is_asked_of_a_program_that_took_all(told: Told, type_: str) -> None:
    now, program = Session(View(SOURCE, texts={"x": "2.0"})), read(SOURCE)
    told.type = type_
    assert answers.traced(now).trace is not None
    reply = answers.ask(now, curve_of(program))
    assert reply.problem is answers.SPENT
    assert told.asked == [TraceQuestion]
    assert answers.ask(now, curve_of(read("x * 2"))).problem is None, "another program"


def test_alone_one_has_the_curve_of_where_it_ends(told: Told) -> None:
    now = Session(View(SOURCE, texts={"x": "2.0"}))
    told.type, told.running = "TimeIsUp", 0
    answers.traced(now)
    assert answers.ask(now, curve_of(read(SOURCE))).record is not None


def ended(now: Session, told: Told) -> None:
    told.type, now.view = None, View(SOURCE, texts={"x": "0.5"})


def known(now: Session, told: Told) -> None:
    answers.kept().put(
        now.name, msgspec.msgpack.encode(curve_of(read(SOURCE))), told.ask(curve_of(read("x")))
    )


@pytest.mark.parametrize("change", [ended, known])
def test_it_is_asked_once_the_run_ends_and_shown_if_it_is_known(
    told: Told, change: Callable[[Session, Told], None]
) -> None:
    now = Session(View(SOURCE, texts={"x": "2.0"}))
    told.type = "TimeIsUp"
    answers.traced(now)
    change(now, told)
    answers.traced(now)
    assert answers.ask(now, curve_of(read(SOURCE))).record is not None


def test_an_ordinary_error_at_one_place_leaves_the_curve(told: Told) -> None:
    now = Session(View(SOURCE, texts={"x": "2.0"}))
    told.type = "ValueError"
    answers.traced(now)
    assert answers.ask(now, curve_of(read(SOURCE))).record is not None
