"""The lessons' answers that ship with the page are what the sandbox answers, and all there are."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest

from tests.page.opening import opened
from viz.lessons import KEYS
from viz.page.asking import answers, shipped
from viz.records.questions import ANSWERS, Question


def alike(one: Any, other: Any) -> bool:
    """Equal, numbers up to what two processors may differ in."""
    if isinstance(one, float) and isinstance(other, float):
        neither = math.isnan(one) and math.isnan(other)
        return neither or math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-9)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(one == other)


def test_numbers_may_differ_in_their_last_digits_alone() -> None:
    assert alike({"a": [1.0, math.nan, math.inf]}, {"a": [1.0 + 1e-12, math.nan, math.inf]})
    assert not alike([1.0], [1.00001])
    assert not alike([math.nan], [1.0])
    assert not alike([1.0], [1.0, 2.0])
    assert not alike({"a": "x"}, {"a": "y"})


def test_each_is_what_the_sandbox_answers() -> None:
    known = shipped.unpacked()
    assert len(known) >= len(KEYS)
    for encoded, answer in known.items():
        question = msgspec.msgpack.decode(encoded, type=Question)
        record = answers.sandbox().ask(question)
        fresh = msgspec.msgpack.decode(msgspec.msgpack.encode(record))
        assert alike(msgspec.msgpack.decode(answer), fresh), (
            f"{question}: make the file anew by python -m viz.page.asking.ship"
        )
        assert isinstance(shipped.shipped(question, encoded), ANSWERS[type(question)])


@pytest.mark.parametrize("lesson", [None, *KEYS])
def test_a_lesson_opens_without_a_run(lesson: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(answers.sandbox(), "ask", lambda *given, **_: asked.append(given))
    opened(**{} if lesson is None else {"lesson": lesson})
    assert not asked, "make the file anew by python -m viz.page.asking.ship"


def test_another_torch_answers_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shipped.unpacked()
    monkeypatch.setattr(shipped, "version", lambda: "2.14.0")
    assert shipped.unpacked() == {}


def test_a_changed_question_goes_to_the_sandbox() -> None:
    encoded = next(iter(shipped.unpacked()))
    question = msgspec.msgpack.decode(encoded, type=Question)
    other = msgspec.structs.replace(question, seed=question.seed + 1)
    assert shipped.shipped(other, msgspec.msgpack.encode(other)) is None
