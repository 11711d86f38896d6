"""What helps somebody who is asked for a gradient: hints that go further, words for mistakes.

The numbers that somebody answers wrongly are written here by hand, from the rules of calculus.
"""

from __future__ import annotations

import msgspec
import pytest

from tests.drawing.making import Made, product, scalar
from viz.drawing import Display, fold, player
from viz.drawing.play.coaching import Coaching, coached
from viz.records import LeafGradient, Trace

ADD, SUB, MUL = (f"torch.Tensor.{name}" for name in ("add", "sub", "mul"))


def twice() -> Trace:
    """x · x + (x − y) at 3, 5: x is used three times, y is subtracted."""
    made = Made()
    x, y = made.leaf("x", 3.0), made.leaf("y", 5.0)
    q = made.op("MulBackward0", (x, 3.0), (x, 3.0), value=9.0, name="q", function=MUL)
    d = made.op("SubBackward0", (x, 1.0), (y, -1.0), value=-2.0, name="d", function=SUB)
    return made.trace(made.op("AddBackward0", q, d, value=7.0, function=ADD))


def helped(trace: Trace, name: str) -> Coaching:
    display = Display()
    found = coached(trace, fold(trace, display=display), display)
    return next(help for help in found.values() if str(help.hints[-1]).split()[3] == f"{name}:")


@pytest.mark.parametrize(
    ("trace", "name", "hints"),
    [
        (
            product(),
            "z",
            (
                "A product sends each factor what arrives, times the other factor.",
                "Put in the numbers: 1 × 3.",
                "The gradient of z: 1 × 3 = 3.",
            ),
        ),
        (
            product(),
            "y",
            (
                "“+” passes what arrives on unchanged.",
                "Put in the numbers: (−4) × 1.",
                "The gradient of y: (−4) × 1 = −4.",
            ),
        ),
        (
            twice(),
            "x",
            (
                "x is used 3 times. For each use: what arrives there times the local derivative. "
                "Then add.",
                "Put in the numbers: 1 × 1 + 1 × 3 + 1 × 3.",
                "The gradient of x: 1 × 1 + 1 × 3 + 1 × 3 = 1 + 3 + 3 = 7.",
            ),
        ),
    ],
)
def test_hints_give_the_rule_then_the_numbers_then_the_step(
    trace: Trace, name: str, hints: tuple[str, ...]
) -> None:
    assert tuple(map(str, helped(trace, name).hints)) == hints


def test_a_gradient_that_is_added_is_asked_for_as_grad() -> None:
    made = Made()
    x = made.leaf("x", 3.0)
    trace = made.trace(made.op("MulBackward0", (x, 3.0), (x, 3.0), value=9.0, function=MUL))
    (run,) = trace.passes
    held = msgspec.structs.replace(
        run,
        leaves_before=(LeafGradient(x, "x", scalar(4.0)),),
        leaves_after=(LeafGradient(x, "x", scalar(10.0)),),
    )
    trace = msgspec.structs.replace(trace, passes=(held,))
    display = Display()
    view = fold(trace, display=display)
    (place, help) = list(coached(trace, view, display).items())[-1]
    assert player(trace, view, display).steps[place].answer == (10.0,)
    assert [str(hint) for hint in help.hints][1:] == [
        "x.grad holds 4, and this pass brings 6.",
        "x.grad is then 4 + 6 = 10.",
    ]
    said = {each.values: str(each.say) for each in help.mistakes}
    assert "does not replace" in said[6.0,]
    assert "held before" in said[4.0,]


@pytest.mark.parametrize(
    ("trace", "name", "given", "said"),
    [
        (product(), "z", -4.0, "You took z itself"),
        (product(), "z", 1.0, "The inner derivative is forgotten"),
        (product(), "z", -3.0, "look at the sign"),
        (product(), "z", -12.0, "That is the result itself"),
        (product(), "z", 4.0, "You added"),
        (product(), "y", 1.0, "That is the local derivative alone"),
        (product(), "y", 5.0, "That is the value of y"),
        (twice(), "y", 1.0, "what is subtracted gets the gradient with the other sign"),
        (twice(), "x", 3.0, "That is what one use of x brings, the one in"),
        (twice(), "x", 1.0, "That is what one use of x brings, the one in d"),
        (twice(), "x", 9.0, "where paths meet, they are added"),
        (twice(), "x", -5.0, "You subtracted"),
    ],
)
def test_a_known_mistake_has_its_own_explanation(
    trace: Trace, name: str, given: float, said: str
) -> None:
    first = next(each for each in helped(trace, name).mistakes if each.values == (given,))
    assert said in str(first.say)
