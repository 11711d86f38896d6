"""An answer's expression gives the run's own numbers; what it cannot read it says."""

from __future__ import annotations

import pytest

from viz.lessons import LessonHead
from viz.lessons.answers import Unanswerable, evaluated, holds
from viz.lessons.examining import pointed, question_of
from viz.lessons.lesson import Lesson
from viz.records import Trace
from viz.sandbox import Sandbox

SOURCE = """\
x = torch.arange(4.0, requires_grad=True)
y = 2 * torch.dot(x, x)
y.backward()
for _ in range(3):
    b = x.detach() + 1
z = x.sum()
z.backward()
"""


@pytest.fixture(scope="module")
def trace(sandbox: Sandbox) -> Trace:
    lesson = Lesson("twice", LessonHead(title="t", learns="l", minutes=1), SOURCE, ())
    return sandbox.ask(question_of(lesson), session="answers")


@pytest.mark.parametrize(
    ("expression", "numbers"),
    [
        ("gradient of x", (1, 5, 9, 13)),
        ("grad of x after 1", (0, 4, 8, 12)),
        ("grad of x before 2", (0, 4, 8, 12)),
        ("gradient of x in 2", (1, 1, 1, 1)),
        ("value of x", (0, 1, 2, 3)),
        ("value of y", (28,)),
        ("gradient of y", (1,)),
        ("value of b:1", (1, 2, 3, 4)),
        ("shape of x", (4,)),
        ("rounds of 5", (3,)),
        ("contribution of x in z", (1, 1, 1, 1)),
        ("2 * (grad of x after 1) - 1", (-1, 7, 15, 23)),
        ("-(value of y) / 4", (-7,)),
        ("sum(value of x) + abs(-3)", (9,)),
        ("1 + 2 * 3 - 4 / 2", (5,)),
    ],
)
def test_an_expression_gives_the_run_s_numbers(
    trace: Trace, expression: str, numbers: tuple[float, ...]
) -> None:
    assert evaluated(expression, trace) == numbers


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("gradient of q", "no node named “q”"),
        ("grad of x", "which backward call"),
        ("grad of x after 9", "“9” does not count"),
        ("grad of x before 1", "no number for “x”"),
        ("value", "not complete"),
        ("velocity of x", "not a quantity"),
        ("1 +", "not complete"),
        ("(1", "not complete"),
        ("1 2", "should end"),
        ("1 / 0", "divides by zero"),
        ("value of x + grad of x after 1 + shape of z", "do not fit"),
        ("__import__('os')", "cannot have"),
        ("(" * 500, "too many brackets"),
        ("-" * 500 + "1", "too many brackets"),
        ("rounds of 99", "No line"),
        ("contribution of y in x", "no arrow"),
        ("value of b:0", "no node named"),
    ],
)
def test_what_cannot_be_answered_is_said(trace: Trace, expression: str, said: str) -> None:
    with pytest.raises(Unanswerable, match=said):
        evaluated(expression, trace)


def test_a_proof_is_an_equation(trace: Trace) -> None:
    assert holds("grad of x after 1 = 4 * value of x", trace)
    assert not holds("grad of x after 1 = value of x", trace)
    with pytest.raises(Unanswerable, match="left = right"):
        holds("value of x", trace)


def test_cards_and_arrows_are_found_by_name(trace: Trace) -> None:
    [(leaf, nothing)] = pointed("x", trace)
    assert (trace.node(leaf).kind, nothing) == ("leaf", None)
    assert [source for source, _target in pointed("x -> z", trace)] == [leaf]
    with pytest.raises(Unanswerable, match="no arrow"):
        pointed("y -> x", trace)
