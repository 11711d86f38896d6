"""Beyond the chapter: a kink, two inputs, a small network."""

from __future__ import annotations

from math import inf
from typing import Final

from viz.errors import N_
from viz.lessons.lesson import Lesson, Trial

BEYOND: Final = (
    Lesson(
        "kink",
        N_("A kink: what is the slope of |x| at 0?"),
        "abs(x)",
        (
            N_(
                "From the left the slope is −1, from the right it is 1, and at 0 there is no "
                "slope. torch must still give a number: here it gives 0. Such numbers are "
                "conventions, not mathematics, and every operation has its own."
            ),
        ),
        {"x": "0.0"},
        (
            Trial(
                N_("If both are equal, maximum gives each half the gradient"),
                {"x": "0.0", "y": "0.0"},
                source="torch.maximum(x, y)",
                gradients={"x": (0.5,), "y": (0.5,)},
            ),
            Trial(
                N_("sqrt at 0 is infinitely steep"),
                {"x": "0.0"},
                source="sqrt(x)",
                gradients={"x": (inf,)},
            ),
        ),
        gradients={"x": (0,)},
    ),
    Lesson(
        "hill",
        N_("Two inputs: Himmelblau's hills"),
        "def f(x, y):\n    return (x**2 + y - 11)**2 + (x + y**2 - 7)**2\n",
        (
            N_(
                "The two partial derivatives, one for each input, form the gradient: an "
                "arrow that points uphill. In the opposite direction the function falls "
                "fastest. Click a point of the map: gradient descent finds one of the four "
                "valleys."
            ),
        ),
        {"x": "1.0", "y": "1.0"},
        (
            Trial(
                N_("The bottom of a valley: (3, 2)"),
                {"x": "3.0", "y": "2.0"},
                gradients={"x": (0,), "y": (0,)},
            ),
        ),
        tab="surface",
        gradients={"x": (-46,), "y": (-38,)},
    ),
    Lesson(
        "layer",
        N_("A small network and its loss"),
        "def f(x):\n"
        "    net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))\n"
        "    return F.mse_loss(net(x), torch.zeros(2, 1))\n",
        (
            N_(
                "Weights and biases are leaves like x: training only asks for their "
                "gradients and takes a small step against them. Click the card `linear` to "
                "see what it is made of; “New random numbers” gives other weights."
            ),
        ),
        {"x": "torch.randn(2, 3)"},
        question=N_("Why does the gradient of 0.weight have the shape 4×3?"),
        answer=N_("Because the weight has this shape: a gradient holds one slope for each number."),
        tab="steps",
    ),
)
