"""A function that says `return` nowhere is told so, with its line and a mend that works."""

from __future__ import annotations

import pytest

WITHOUT_RETURN = {
    "def f(x):\n    y = x * 2": "def f(x):\n    y = x * 2\n    return y",
    "a = 2\ndef f(x):\n    x = x * a\n    x": (
        "a = 2\ndef f(x):\n    x = x * a\n    x\n    return x"
    ),
    "def f(x): y = x": None,
}


@pytest.mark.parametrize("source", WITHOUT_RETURN)
def test_a_function_without_return(sandbox, source):
    failure = sandbox.trace(source).failure
    assert failure is not None
    assert failure.message == "f has no return: it gives None"
    assert failure.span is not None
    assert source.split("\n")[failure.span.line - 1].startswith("def f")
    assert failure.replacement == WITHOUT_RETURN[source]
    if failure.replacement:
        assert sandbox.trace(failure.replacement).failure is None


@pytest.mark.parametrize("source", ["3", "print(torch.ones(2))", ">>> x = torch.ones(2)\n>>> x"])
def test_what_is_no_function_does_not_fail(sandbox, source):
    trace = sandbox.trace(source)
    assert trace.failure is None
    assert trace.cells


@pytest.mark.parametrize(
    "source", ["math.sin(x) * 2", "import math\ndef f(x):\n    return math.exp(x)"]
)
def test_where_math_has_taken_a_number_torch_is_offered(sandbox, source):
    failure = sandbox.trace(source).failure
    assert failure is not None
    assert failure.span is not None
    assert source.split("\n")[failure.span.line - 1][failure.span.column :].startswith("math.")
    assert failure.replacement == source.replace("math.", "torch.")
    assert sandbox.trace(failure.replacement).failure is None
