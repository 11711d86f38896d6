"""Where many samples at once take more memory than there is: fewer are tried, what came is kept,
and a loop without end is told as one, not as a lack of memory.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest

from viz.errors import RunStopped
from viz.sandbox import Sandbox

MANY_ROUNDS = (
    "def f(x, y):\n    for i in range(4000):\n        x = sin(x) * 1.01 + y * 0\n    return x"
)
ENDLESS = "def f({}):\n    while True:\n        x = x + 1\n    return x"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(public=False) as sandbox:
        yield sandbox


def test_a_surface_of_many_rounds_keeps_what_came(sandbox):
    found = sandbox.surface(MANY_ROUNDS, (-1, 1), (-1, 1))
    samples = [value for row in found.value for value in row]
    assert found.failure is None or found.failure.type == "TimeIsUp"
    assert any(math.isfinite(value) for value in samples)


@pytest.mark.parametrize("question", ["trace", "curve", "surface", "jacobian"])
def test_a_loop_without_end_is_told_with_its_line(sandbox, question):
    ranges = {"curve": ((-1, 1),), "surface": ((-1, 1), (-1, 1))}.get(question, ())
    source = ENDLESS.format("x, y" if question == "surface" else "x")
    arguments = ranges[0] if question == "curve" else ranges
    found = getattr(sandbox, question)(source, *arguments)
    assert found.failure.type == "TimeIsUp"
    assert found.failure.span.line in (2, 3)
    assert found.failure.span.end_line == 3


@pytest.mark.parametrize("question", ["curve", "jacobian"])
def test_a_long_chain_that_fills_the_memory_is_told(sandbox, question):
    """Freed within each other its nodes would take a stack that cannot grow any more."""
    source = (
        "def f(a):\n"
        "    x = a * torch.ones(2000)\n"
        "    for i in range(100000):\n"
        "        x = x * 1.01 + 1\n"
        "    return x.sum()"
    )
    try:
        found = getattr(sandbox, question)(source, *((-1, 1) if question == "curve" else ()))
    except RunStopped as stopped:
        if "still going" in str(stopped):  # no word came in time: it has not died
            return
        raise
    span = found.failure.span
    assert span is None or span.line in (3, 4)  # the backward run has no line
    if found.failure.type != "TimeIsUp":
        assert "allocate memory" in found.failure.message or "bad_alloc" in found.failure.message


def test_a_program_that_itself_wants_too_much_is_told_so(sandbox):
    source = (
        "def f(x):\n"
        "    kept = []\n"
        "    while True:\n"
        "        kept.append(torch.ones(1000000) * x)\n"
        "    return x"
    )
    found = sandbox.curve(source, -1, 1)
    assert found.failure.type == "RuntimeError"
    assert "allocate memory" in found.failure.message
    assert found.failure.span.line == 4
