"""A shape that does not fit: the start that is offered runs."""

from __future__ import annotations

import pytest

PROGRAMS = {
    "a matrix before it": ("def f(x):\n    W = torch.ones(3, 4)\n    return W @ x", "3.0"),
    "a matrix behind it": (
        "def f(x):\n    W = torch.ones(3, 4)\n    return (x @ W).sum()",
        "[1., 2.]",
    ),
    "a layer": (
        "net = nn.Sequential(nn.Linear(5, 2), nn.ReLU())\n\ndef f(x):\n    return net(x).sum()",
        "1.0",
    ),
    "something beside it": ("x + torch.ones(7)[:3] * torch.ones(3)", "torch.ones(2)"),
    "an image": ("def f(x):\n    return nn.Conv2d(3, 2, 3)(x).sum()", "1.0"),
    "a place that is not there": ("x[2] * x[0]", "[1., 2.]"),
    "a place far from there": ("x[5] * x[0]", "[1., 2.]"),
    "a vector of another matrix's": ("torch.mv(torch.ones(2, 5), x)", "torch.ones(3, 3)"),
    "sides to be unpacked": (
        "def f(x):\n    a, b = x.shape\n    return x.sum() / a",
        "torch.ones(3)",
    ),
}


@pytest.mark.parametrize(("source", "start"), PROGRAMS.values(), ids=PROGRAMS)
def test_the_start_that_is_offered_runs(sandbox, source, start) -> None:
    failure = sandbox.trace(source, inputs={"x": start}).failure
    assert failure is not None
    assert list(failure.starts) == ["x"]
    assert sandbox.trace(source, inputs=failure.starts).failure is None


SEVERAL = [
    ("A @ b", {"A": "torch.ones(2, 3)", "b": "torch.ones(2)"}, ("b", (3,))),
    ("A @ b", {"A": "torch.ones(2, 3)", "b": "1.0"}, ("b", (3,))),
    ("x @ A", {"A": "torch.ones(2, 3)", "x": "torch.ones(3)"}, ("x", (2,))),
    ("A @ B", {"A": "torch.ones(2, 3)", "B": "torch.ones(2, 3)"}, ("B", (3, 2))),
    (
        "A @ x + b",
        {"A": "torch.ones(2, 3)", "x": "torch.ones(3)", "b": "torch.ones(3)"},
        ("b", (2,)),
    ),
    ("x * y", {"x": "torch.ones(2)", "y": "torch.ones(3)"}, ("y", (2,))),
]


@pytest.mark.parametrize(("source", "inputs", "offered"), SEVERAL, ids=range(len(SEVERAL)))
def test_of_several_inputs_the_one_that_does_not_fit_the_others_is_offered_anew(
    sandbox, source, inputs, offered
) -> None:
    """A matrix stays and its vector gives way; of two alike the later one does."""
    name, shape = offered
    failure = sandbox.trace(source, inputs=inputs).failure
    assert failure.starts == {name: f"torch.randn({', '.join(map(str, shape))})"}
    assert sandbox.trace(source, inputs=inputs | failure.starts).failure is None


WHOLE = {
    "x*x": ("torch.tensor([1,2])", "torch.tensor([1,2]).float()"),
    "(x * w).sum()": ("-torch.arange(4)", "(-torch.arange(4)).float()"),
    "x.mean()": ("torch.arange(4)", "torch.arange(4).float()"),
    "x.argmax()": ("torch.arange(4)", None),
    "w.detach().gather(0, x)": ("torch.tensor([1])", None),
}


@pytest.mark.parametrize("source", WHOLE)
def test_whole_numbers_are_offered_as_floating_ones(sandbox, source) -> None:
    start, offered = WHOLE[source]
    inputs = {"x": start} | ({"w": "torch.ones(4, dtype=int)"} if "w" in source else {})
    if "detach" in source:
        inputs["w"] = "[1., 2.]"
    failure = sandbox.trace(source, inputs=inputs).failure
    assert failure.starts == ({"x": offered} if offered else {})
    own = failure.type == "NoGradient"
    assert ("can require grad" in failure.message) is (own and "detach" not in source)
    if offered:
        assert sandbox.trace(source, inputs=inputs | failure.starts).failure is None


def test_what_no_shape_helps_gets_none(sandbox) -> None:
    source = "def f(x):\n    print(1)\n    raise ValueError('the shape is mine')"
    trace = sandbox.trace(source, inputs={"x": "1.0"})
    assert trace.failure is not None
    assert not trace.failure.starts
    assert trace.printed == "1\n"  # what was tried has printed nothing
