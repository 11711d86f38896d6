"""Which text a call stands at and which name its result has, against what is written there."""

import pytest
import torch

from viz.records import Input, Program
from viz.tracing.recording.trace import record, trace
from viz.tracing.runnable import TYPED, Runnable
from viz.tracing.source_map import SourceMap

UNPACKED = ("x.expand(2)", "d, c[0]")


def called(body):
    """(text, name) of each call that f(x, y) makes, in order; `body` are its lines."""
    text = "def f(x, y):\n" + "".join(f"    {row}\n" for row in body.split("\n"))
    names = {"torch": torch}
    exec(compile(text, TYPED, "exec"), names)  # noqa: S102 — the test's own text
    program = Program(text, "function", (Input("x", "1.0"), Input("y", "2.0")), "f")
    run = record(Runnable(program, names["f"], (torch.tensor(1.0), torch.tensor(2.0))))
    assert run.failure is None, run.failure
    source = SourceMap(text, "")
    return [(source.text(call.span), call.name) for call in run.calls]


@pytest.mark.parametrize(
    ("body", "calls"),
    [
        ("return x*y + x", [("x*y", None), ("x*y + x", None)]),
        ("和 = x*y; z = 和 + 1\nreturn z", [("x*y", "和"), ("和 + 1", "z")]),
        ("z = '和' and x*y\nreturn z", [("x*y", None)]),
        ("z = (x +\n     y)\nreturn z", [("x +\n         y", "z")]),
        ("z = x*1\nz += y\nreturn z", [("x*1", "z"), ("z += y", "z")]),
        ("return (z := x*2)", [("x*2", "z")]),
        ("a, b = x*2, x*3\nreturn a", [("x*2", "a"), ("x*3", "b")]),
        ("z: float = x*y\nreturn z", [("x*y", "z")]),
        ("c = {}\nc['k'] = x*y\nreturn c['k']", [("x*y", "c['k']")]),
        ("a = b = x*y\nreturn a", [("x*y", "a")]),
        ("g = lambda a: a*2\nreturn g(x)", [("a*2", None)]),
        ("z = [v*2 for v in (x, y)]\nreturn z", [("v*2", None)] * 2),
        ("q, = x.reshape(1)\nreturn q", [("x.reshape(1)", "q"), ("q,", "q")]),
        ("c = [x]\nc[0], d = x*2, x*3\nreturn d", [("x*2", "c[0]"), ("x*3", "d")]),
        ("c = [x]\nd, c[0] = x.expand(2)\nreturn d", [(_, "d, c[0]") for _ in UNPACKED]),
        # a comparison inside Python's own functions is not what they give back
        ("m = max(x, y)\nreturn m*1", [("max(x, y)", None), ("m*1", None)]),
        ("m = sorted([x, y])[0]\nreturn m*1", [("sorted([x, y])", None), ("m*1", None)]),
        ("s = sum([x, y])\nreturn s", [("sum([x, y])", "s")] * 2),
    ],
)  # fmt: skip
def test_calls_stand_where_they_are_written(body, calls):
    assert called(body) == calls


def test_a_text_that_begins_left_of_its_function_moves_no_place():
    def f(x):
        words = """
at the margin
"""
        y = x * len(words) if x > 0 else x
        return y * x

    run = trace(f, 1.0)
    lines = run.program.source.split("\n")
    assert [(call.span.text(lines), call.name) for call in run.calls[1:]] == [
        ("x * len(words)", None),
        ("y * x", None),
    ]
    [decision] = run.decisions
    assert (decision.span.text(lines), decision.statement) == ("x > 0", "ternary")


def test_a_failure_within_a_function_that_was_just_entered_stands_at_its_call():
    text = "def f(n):\n    return f(n - 1)\n"
    names = {}
    exec(compile(text, TYPED, "exec"), names)  # noqa: S102 — the test's own text
    source = SourceMap(text, TYPED)
    with pytest.raises(RecursionError) as raised:
        names["f"](1)
    assert source.text(source.failure_span(raised.tb)) == "f(n - 1)"


class Counted:
    """A code that counts how often its places are decoded, all of them each time."""

    co_filename, co_firstlineno = "<t>", 1

    def __init__(self, code):
        self.code, self.decoded = code, 0

    def co_positions(self):
        self.decoded += 1
        return self.code.co_positions()


def test_the_places_of_a_long_program_are_decoded_once():
    source = "\n".join(f"x{number} = {number} + y" for number in range(200))
    code = Counted(compile(source, "<t>", "exec"))
    places = SourceMap(source, "<t>")
    spans = {places.site_at(code, at).span.line for at in range(4, len(code.code.co_code) - 4, 2)}
    assert len(spans) == 200
    assert code.decoded == 1
