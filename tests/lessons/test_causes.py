"""Every failure that a hint helps with has a reason, and its lesson is one of the course."""

from __future__ import annotations

import re

import pytest

from viz.lessons import KEYS
from viz.lessons.causes import CAUSES, cause_of
from viz.tracing.hints.mended import Hint
from viz.tracing.hints.messages import HINTS
from viz.tracing.hints.refused import REFUSED


@pytest.mark.parametrize(
    "hint", [each for each in HINTS if each not in REFUSED], ids=lambda hint: hint.pattern[:40]
)
def test_every_hint_has_a_reason(hint: Hint) -> None:
    # own refusals have no lesson; a hint's pattern is written in the words of the failure
    written = re.sub(r"\\(.)", r"\1", hint.pattern)
    assert cause_of(written) is not None


def test_a_reason_leads_to_a_lesson_of_the_course() -> None:
    assert {cause.lesson for cause in CAUSES} <= {*KEYS, ""}


@pytest.mark.parametrize(
    ("words", "lesson"),
    [
        ("RuntimeError: Trying to backward through the graph a second time", "twice"),
        ("RuntimeError: grad can be implicitly created only for scalar outputs", "vector"),
        (
            "RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn",
            "asking",
        ),
        (
            "RuntimeError: a leaf Variable that requires grad is being used in an in-place "
            "operation.",
            "inplace",
        ),
        ("RuntimeError: mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)", "tensor"),
        ("ZeroDivisionError: division by zero", ""),
    ],
)
def test_torch_s_words_find_their_reason(words: str, lesson: str) -> None:
    cause = cause_of(words)
    assert cause is not None
    assert cause.lesson == lesson
