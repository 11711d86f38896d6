"""The chapter's exercises: the cost of a second derivative, backward twice, loops, sin."""

from __future__ import annotations

from math import cos, exp
from typing import Final

from viz.errors import N_
from viz.lessons.chapter import LOOP
from viz.lessons.lesson import Lesson, Trial

TWICE: Final = """x = torch.arange(4.0, requires_grad=True)
y = 2 * torch.dot(x, x)
y.backward()
x.grad
# %%
y.backward()
x.grad
"""
OF_VECTOR: Final = f"""{LOOP}
a = torch.tensor([0.5, -1.0, 2.0, 1.0], requires_grad=True)
d = f(a)
d.backward()
a.grad
"""
GROWING: Final = """def f(a):
    b = torch.exp(a)
    while b.norm() < 100:
        b = b * 3
    if b.sum() > 0:
        c = b
    else:
        c = 100 * b
    return c
"""
PLOT: Final = """import torch
import matplotlib.pyplot as plt

x = torch.arange(-10, 10, 0.1, requires_grad=True)
y = torch.sin(x)
y.backward(torch.ones_like(y))
plt.plot(x.detach().numpy(), y.detach().numpy(), 'b-', label='f(x)')
plt.plot(x.detach().numpy(), x.grad.numpy(), 'r--', label='df(x)')
plt.xlabel('x')
plt.legend()
plt.show()
"""

EXERCISES: Final = (
    Lesson(
        "second",
        N_("Exercise 1: the price of a second derivative"),
        "sin(x)*x**2",
        (
            N_(
                "A backward pass is a computation like any other. If it is recorded too "
                "(`create_graph=True`), it gives the graph of f′, and a second backward pass "
                "goes through all of it. Count the nodes."
            ),
        ),
        {"x": "1.5"},
        (
            Trial(N_("The graph of f")),
            Trial(N_("The graph of f′"), graph_order=2),
            Trial(N_("The graph of f″"), graph_order=3),
        ),
        N_("Why does a second derivative cost more than a first one?"),
        N_(
            "Each operation of f leaves several operations in the graph of f′, because its local "
            "derivative has to be computed and multiplied. The second pass must go back through "
            "all of these, and everything they need must be kept in memory until then."
        ),
        graph_order=2,
        tab="steps",
    ),
    Lesson(
        "twice",
        N_("Exercise 2: backward twice"),
        TWICE,
        (
            N_(
                "The first pass frees what it had saved as soon as it is used: that keeps "
                "memory small. So the second pass over the same graph fails. Below is "
                "torch's own error message."
            ),
        ),
        trials=(
            Trial(
                N_("Keep the graph: retain_graph=True"),
                source=TWICE.replace("y.backward()", "y.backward(retain_graph=True)", 1),
                gradients={"x": (0, 8, 16, 24)},
            ),
        ),
        question=N_("With the graph kept, why are the gradients twice as large?"),
        answer=N_(
            "The second pass adds the same gradients once more to what `x.grad` holds: 4x + 4x."
        ),
        tab="steps",
        gradients={"x": (0, 4, 8, 12)},
    ),
    Lesson(
        "vectorloop",
        N_("Exercise 3: control flow with a vector"),
        OF_VECTOR,
        (
            N_(
                "With a vector for `a` the result is a vector as well, and torch does not know "
                "which of its numbers to differentiate, or with which weights."
            ),
        ),
        trials=(
            Trial(
                N_("Give weights: all ones"),
                source=OF_VECTOR.replace("backward()", "backward(torch.ones_like(d))"),
                gradients={"a": (512, 512, 512, 512)},
            ),
        ),
        question=N_("Why do all four numbers get the same gradient?"),
        answer=N_(
            "The loop asks for the norm of the whole vector and the branch for its sum: all "
            "numbers go the same way and are multiplied by the same k."
        ),
        tab="steps",
    ),
    Lesson(
        "growing",
        N_("Exercise 4: a loop of your own"),
        GROWING,
        (
            N_(
                "exp is its own derivative, and the loop only multiplies by 3. So the gradient "
                "equals the result, for every a: compare the two numbers, then move a."
            ),
        ),
        {"a": "0.9349"},
        (Trial(N_("a = 5 needs no round"), {"a": "5.0"}, gradients={"a": (exp(5),)}),),
        N_("Change the loop so that the gradient is twice the result."),
        N_("Start with `b = torch.exp(2 * a)`: the inner derivative brings the factor 2."),
        gradients={"a": (81 * exp(0.9349),)},
    ),
    Lesson(
        "sine",
        N_("Exercise 5: the derivative of sin, without writing cos"),
        "sin(x)",
        (
            N_(
                "Nobody wrote cos here. The curve of f′ comes from one backward pass at each "
                "point; cos is the local derivative that torch knows for sin. The third curve, f″, "
                "is −sin."
            ),
        ),
        {"x": "1.0"},
        (
            Trial(
                N_("The same as a script that plots both"),
                source=PLOT,
            ),
        ),
        order=2,
        gradients={"x": (cos(1),)},
    ),
)
