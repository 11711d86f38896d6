"""Practice: random small graphs to be asked card by card; the same key gives the same one.

`exercise("practice-2-77", translate)` is the lesson of level 2 and seed 77, or `None` for a key
that is none. Numbers are small and whole, so that all can be done by head.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import Final

from viz.errors import N_
from viz.lessons.lesson import Lesson, LessonHead
from viz.lessons.reading import words

KEY: Final = re.compile(r"practice-([1-9])-([0-9]{1,6})")
DrawnProgram = tuple[str, dict[str, str]]
"""A program and the texts of its inputs."""


def exercise(key: str, translate: Callable[[str], str]) -> Lesson | None:
    """The lesson of a key; `translate` puts its words into a language."""
    found = KEY.fullmatch(key)
    if found is None or not is_exercise(key):
        return None
    level, seed = int(found[1]), int(found[2])
    name, drawn = LEVELS[level - 1]
    source, inputs = drawn(Random(1000 * seed + level))
    title = translate(N_("Practice, level {level}: {name} (number {number})"))
    for place, text in (("level", str(level)), ("name", translate(name)), ("number", str(seed))):
        title = title.replace("{" + place + "}", text)
    head = LessonHead(
        title=title,
        learns=translate(N_("You can find every gradient of a small graph by head.")),
        minutes=2,
        inputs=inputs,
        tab="curve" if inputs else "steps",
    )
    return Lesson(key, head, source, tuple(words(translate(text)) for text in TEXTS))


def is_exercise(key: str) -> bool:
    """Whether an exercise has this key."""
    found = KEY.fullmatch(key)
    return found is not None and int(found[1]) <= len(LEVELS)


TEXTS: Final = (
    N_(
        "The graph asks for each gradient before it shows it. Multiply what arrives at a card by "
        "the local derivative; where paths meet, add. Hints give the rule, then the numbers, then "
        "the step; a question with a hint does not count as right at the first try."
    ),
    N_("Go on with Next. Your score stays in this browser; the address gives others the same one."),
)


def _number(random: Random) -> str:
    return f"{random.choice([-3, -2, -1, 2, 3, 4])}.0"


def _inputs(random: Random, *names: str) -> dict[str, str]:
    return {name: _number(random) for name in names}


def _product(random: Random) -> DrawnProgram:
    first, second = random.sample(["*", "+", "-"], 2)
    return f"def f(x, y):\n    a = x {first} y\n    return a {second} {random.randint(2, 4)}\n", (
        _inputs(random, "x", "y")
    )


def _chain(random: Random) -> DrawnProgram:
    first, last = random.choice("+-*"), random.choice(["b * b", "b**2", "b * z", "z - b"])
    names = ("x", "y", "z") if "z" in last else ("x", "y")
    head = f"def f({', '.join(names)}):\n    a = x {first} y\n"
    source = f"{head}    b = {random.randint(2, 3)} * a\n    return {last}\n"
    return source, _inputs(random, *names)


def _fork(random: Random) -> DrawnProgram:
    left, right = random.sample(["x * y", "x + y", "x - y", "x**2", "3 * x"], 2)
    joined = random.choice("+*-")
    return (
        f"def f(x, y):\n    a = {left}\n    b = {right}\n    return a {joined} b\n",
        _inputs(random, "x", "y"),
    )


def _shared(random: Random) -> DrawnProgram:
    first, last = random.choice("+*-"), random.choice("*+-")
    again = random.choice(["a * y", "a + y", "a**2", "2 * a"])
    source = f"def f(x, y):\n    a = x {first} y\n    b = {again}\n    return a {last} b\n"
    return source, _inputs(random, "x", "y")


def _matrix(random: Random) -> DrawnProgram:
    def row(count: int) -> list[float]:
        return [float(random.randint(-2, 3)) for _ in range(count)]

    inputs = {"W": f"torch.tensor({[row(2), row(2)]})", "x": f"torch.tensor({row(2)})"}
    return "def f(W, x):\n    y = W @ x\n    return y.sum()\n", inputs


def _neuron(random: Random) -> DrawnProgram:
    bent = random.choice(["torch.relu(z)", "2 * z"])
    source = f"def f(w, b, x):\n    z = w * x + b\n    y = {bent}\n    return (y - 1) ** 2\n"
    return source, _inputs(random, "w", "b", "x")


def _loop(random: Random) -> DrawnProgram:
    rounds, sign = random.randint(2, 3), random.choice("*+")
    source = f"def f(x, y):\n    a = x\n    for _ in range({rounds}):\n        a = a {sign} y\n"
    return f"{source}    return a * x\n", _inputs(random, "x", "y")


def _again(random: Random) -> DrawnProgram:
    first, second = random.sample(["3 * x", "x**2", "x * x + x", "5 - 2 * x"], 2)
    cleared = random.choice(["", "", "x.grad.zero_()\n"])
    return (
        f"x = torch.tensor({_number(random)}, requires_grad=True)\n"
        f"y = {first}\ny.backward()\n{cleared}z = {second}\nz.backward()\nx.grad\n",
        {},
    )


LEVELS: Final[tuple[tuple[str, Callable[[Random], DrawnProgram]], ...]] = (
    (N_("one operation after the other"), _product),
    (N_("a chain"), _chain),
    (N_("forks"), _fork),
    (N_("a value that is used twice"), _shared),
    (N_("a matrix and a vector"), _matrix),
    (N_("a neuron"), _neuron),
    (N_("a loop"), _loop),
    (N_("a second backward pass"), _again),
)
"""The levels of practice: their names, and what draws a program."""
