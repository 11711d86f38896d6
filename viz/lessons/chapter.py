"""The chapter on automatic differentiation: the chain rule, vectors, detach, control flow."""

from __future__ import annotations

from math import cos, sin
from typing import Final

from viz.errors import N_
from viz.lessons.lesson import Lesson, Trial

LOOP: Final = """def f(a):
    b = a * 2
    while b.norm() < 1000:
        b = b * 2
    if b.sum() > 0:
        c = b
    else:
        c = 100 * b
    return c
"""
DETACHED: Final = """def f(x):
    y = x * x
    u = y.detach()
    z = u * x
    return z.sum()
"""
TWO_PASSES: Final = """x = torch.arange(4.0, requires_grad=True)
y = 2 * torch.dot(x, x)
y.backward()
x.grad
# %%
x.grad.zero_()
y = x.sum()
y.backward()
x.grad
"""
THROUGH_Y: Final = """x = torch.arange(4.0, requires_grad=True)
y = x * x
u = y.detach()
z = u * x
z.sum().backward()
x.grad == u
# %%
x.grad.zero_()
y.sum().backward()
x.grad == 2 * x
"""

CHAPTER: Final = (
    Lesson(
        "chain",
        N_("The chain rule: (x + y) · z"),
        "def f(x, y, z):\n    a = x + y\n    return a * z\n",
        (
            N_(
                "While your code runs, autograd writes down every operation: that is the graph. "
                "Blue values go forward; then the gradients come back, from the result to the "
                "inputs."
            ),
            N_(
                "On its way back a gradient is multiplied by one local derivative at each "
                "step. `a * z` sends each factor the incoming gradient times the other "
                "factor; `+` passes the gradient on unchanged."
            ),
        ),
        {"x": "-2.0", "y": "5.0", "z": "-4.0"},
        (
            Trial(
                N_("Set z to 0: what is left for x and y?"),
                {"z": "0.0"},
                gradients={"x": (0,), "y": (0,), "z": (3,)},
            ),
            Trial(
                N_("Let x and y cancel out: y = 2"),
                {"x": "-2.0", "y": "2.0", "z": "-4.0"},
                gradients={"x": (-4,), "y": (-4,), "z": (0,)},
            ),
        ),
        N_("Which gradients change when only x moves?"),
        N_("Only that of z: it is the value of a = x + y. Those of x and y are both z."),
        gradients={"x": (-4,), "y": (-4,), "z": (3,)},
    ),
    Lesson(
        "fork",
        N_("Gradients add up where paths meet"),
        "def f(a, b):\n    c = a * b\n    d = sin(a)\n    return c + d\n",
        (
            N_(
                "`a` is used twice, so two gradients come back to it, one along each arrow. They "
                "are added. Step slowly: until the last one has arrived, the card of `a` shows a "
                "sum that is still open."
            ),
        ),
        {"a": "1.0", "b": "2.0"},
        (
            Trial(
                N_("Set b to 0: which path still brings something?"),
                {"b": "0.0"},
                gradients={"a": (cos(1),), "b": (1,)},
            ),
        ),
        N_("At which a do the two contributions to a cancel out, for b = 0.5?"),
        N_("Where cos(a) = −0.5: at a = 2π/3, about 2.094."),
        gradients={"a": (2 + cos(1),), "b": (1,)},
    ),
    Lesson(
        "square",
        N_("One input, used twice: sin(x) · x²"),
        "sin(x)*x**2",
        (
            N_(
                "x reaches the result in two ways, through the sine and through the square. The "
                "product rule, sin(x)·2x + cos(x)·x², is the sum over these two ways; nobody had "
                "to write it down."
            ),
            N_("Drag the point on the curve: the tangent and every number of the graph follow."),
        ),
        {"x": "1.5"},
        (Trial(N_("Go to x = 0, where the curve is flat"), {"x": "0.0"}, gradients={"x": (0,)}),),
        gradients={"x": (sin(1.5) * 3 + cos(1.5) * 2.25,)},
    ),
    Lesson(
        "dot",
        N_("A vector: 2 xᵀx"),
        "2*torch.dot(x, x)",
        (
            N_(
                "x holds four numbers, the result is a scalar. The gradient has the shape of "
                "x: one slope for each of its numbers, together 4x."
            ),
            N_(
                "In a program of your own you would ask for it (`requires_grad=True`), call "
                "`y.backward()` once and find it in `x.grad`. The tab Code shows just that."
            ),
        ),
        {"x": "torch.arange(4.0)"},
        (
            Trial(
                N_("Use [1, 1, 1, 1] instead"),
                {"x": "torch.ones(4)"},
                gradients={"x": (4, 4, 4, 4)},
            ),
        ),
        gradients={"x": (0, 4, 8, 12)},
    ),
    Lesson(
        "clear",
        N_("x.grad adds up until it is cleared"),
        TWO_PASSES,
        (
            N_(
                "A backward pass adds to what `x.grad` holds already. That is useful where one "
                "batch is computed in parts, and a trap everywhere else: so training loops clear "
                "the gradients before each step."
            ),
            N_(
                "The second cell clears them first and therefore gets the gradient of the "
                "sum alone: 1 for each number."
            ),
        ),
        trials=(
            Trial(
                N_("Leave out zero_() and see what is added"),
                source=TWO_PASSES.replace("x.grad.zero_()\n", ""),
                gradients={"x": (1, 5, 9, 13)},
            ),
        ),
        tab="steps",
        gradients={"x": (1, 1, 1, 1)},
    ),
    Lesson(
        "vector",
        N_("A result of several numbers: backward for non-scalars"),
        "def f(x):\n    return x * x\n",
        (
            N_(
                "Four numbers in, four numbers out: the whole derivative is a matrix of 4 × 4, the "
                "Jacobian J below. A backward pass never builds it. It takes one weight for each "
                "result, a vector v, and gives back vᵀJ: the gradient of the weighted sum."
            ),
            N_("With all weights 1 this is the gradient of `(x * x).sum()`, which is 2x."),
        ),
        {"x": "torch.arange(4.0)"},
        (
            Trial(
                N_("Use only the last result (weights 0, 0, 0, 1)"),
                gradient="[0.0, 0.0, 0.0, 1.0]",
                gradients={"x": (0, 0, 0, 6)},
            ),
        ),
        N_("Why does torch refuse `y.backward()` here, without any weights?"),
        N_(
            "Without weights it can start only from a scalar, with weight 1. For several "
            "numbers it needs the weights: `y.backward(torch.ones_like(y))`."
        ),
        tab="jacobian",
        gradients={"x": (0, 2, 4, 6)},
    ),
    Lesson(
        "detach",
        N_("Detaching computation: detach"),
        DETACHED,
        (
            N_(
                "`u` has the numbers of `y` but not its history: autograd keeps no connection "
                "along the dashed arrow. On the way back u is a constant, so the gradient of x is "
                "u itself, x², and not 3x²."
            ),
        ),
        {"x": "torch.arange(4.0)"},
        (
            Trial(
                N_("Without detach"),
                source=DETACHED.replace(".detach()", ""),
                gradients={"x": (0, 3, 12, 27)},
            ),
            Trial(
                N_("y itself kept its history: go back from y"),
                source=THROUGH_Y,
                gradients={"x": (0, 2, 4, 6)},
            ),
        ),
        gradients={"x": (0, 1, 4, 9)},
    ),
    Lesson(
        "loop",
        N_("Control flow: while and if"),
        LOOP,
        (
            N_(
                "How often the loop runs and which branch is taken depend on `a`. Autograd "
                "records what really ran; the counts beside the lines say how often."
            ),
            N_(
                "All that ran are multiplications. So f(a) = k·a with some k that depends on a, "
                "and the gradient is k, which is f(a)/a."
            ),
        ),
        {"a": "2.0"},
        (
            Trial(N_("a = −1 takes the other branch"), {"a": "-1.0"}, gradients={"a": (102400,)}),
            Trial(N_("a = 999 never enters the loop"), {"a": "999.0"}, gradients={"a": (2,)}),
            Trial(
                N_("a = 0.001 repeats the loop many times"),
                {"a": "0.001"},
                gradients={"a": (1048576,)},
            ),
        ),
        N_("The curve below jumps. What does the gradient know of the jumps?"),
        N_(
            "Nothing: it is the slope of the piece on which a lies. The record does not show "
            "that the loop would run once more for another a."
        ),
        gradients={"a": (512,)},
    ),
)
